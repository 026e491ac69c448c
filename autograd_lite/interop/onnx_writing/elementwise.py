"""NumPy's functions of single entries, as ONNX has them or as it can say them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial, reduce
from typing import Any, Final

import numpy as np

from autograd_lite.interop.onnx_writing.operators import (
    absolute,
    equal,
    exp,
    larger,
    log,
    smaller,
    sqrt,
    truth,
    unary,
    where,
)
from autograd_lite.interop.onnx_writing.wires import BOOL, Wire, as_wire, cast, common_dtype, joined

Translation = Callable[..., Any]


def _of_numbers(name: str) -> Translation:
    """An operator of one array of numbers; of whole numbers NumPy computes in float64."""
    return lambda x: unary(name, x if x.dtype.kind == "f" else cast(x, np.float64))


def _single_or(name: str, written: Translation) -> Translation:
    """The operator in float32; in float64, for which runtimes have no kernel, in terms of others."""
    return lambda x: unary(name, x) if x.dtype == np.float32 else written(x)


def _arithmetic(name: str) -> Translation:
    return lambda a, b: joined(name, a, b)


def _add(a: Any, b: Any) -> Wire:
    return _logical("Or", a, b) if common_dtype(a, b) == BOOL else joined("Add", a, b)


def _multiply(a: Any, b: Any) -> Wire:
    return _logical("And", a, b) if common_dtype(a, b) == BOOL else joined("Mul", a, b)


def _divide(a: Any, b: Any) -> Wire:
    if common_dtype(a, b).kind in "iub":
        a = cast(a, np.float64) if isinstance(a, Wire) else np.float64(a)
    return joined("Div", a, b)


def _compared(name: str) -> Translation:
    """A comparison; ONNX compares no truths by size."""

    def compare(a: Any, b: Any) -> Wire:
        kind = common_dtype(a, b)
        if kind == BOOL and name != "Equal":
            draft = a.draft if isinstance(a, Wire) else b.draft
            a, b = (as_wire(draft, x, np.dtype(np.int64)) for x in (a, b))
        return joined(name, a, b, dtype=BOOL)

    return compare


def _logical(name: str, a: Any, b: Any) -> Wire:
    draft = a.draft if isinstance(a, Wire) else b.draft
    return joined(name, truth(as_wire(draft, a)), truth(as_wire(draft, b)))


def _bitwise(of_truths: str, of_numbers: str) -> Translation:
    """On truths, and on whole numbers bit by bit."""

    def combine(a: Any, b: Any) -> Wire:
        return joined(of_truths if common_dtype(a, b) == BOOL else of_numbers, a, b)

    return combine


def _power(x: Any, n: Any) -> Wire:
    """xⁿ, as products where n is small and whole, which keeps all digits."""
    if isinstance(x, Wire) and isinstance(n, (int, float)) and n in (-1, 0.5, 1, 2, 3):
        if n in (-1, 0.5):
            return 1.0 / x if n == -1 else sqrt(x)
        return reduce(lambda a, b: a * b, [x] * int(n))
    return joined("Pow", x, n)


# --- what ONNX has not ------------------------------------------------------------------------------


def expm1(x: Wire) -> Wire:
    """eˣ - 1 = 2·tanh(x/2)/(1 - tanh(x/2)) near 0, where eˣ has lost the digits."""
    t = unary("Tanh", 0.5 * larger(smaller(x, 1.0), -1.0))
    return where(absolute(x) < 1.0, 2.0 * t / (1.0 - t), exp(x) - 1.0)


def log1p(x: Wire) -> Wire:
    """log(1 + x) = log(u)·x/(u - 1) with u = 1 + x as it is rounded (HP-15C, Kahan)."""
    u = 1.0 + x
    is_rounded_away, is_far = equal(u, 1.0), u > 1e15
    near = where(is_rounded_away | is_far, 1.0, u - 1.0)
    return where(is_rounded_away, x, where(is_far, log(u), log(u) * x / near))


def cosh(x: Wire) -> Wire:
    """(eˣ + e⁻ˣ)/2, halved before it may overflow."""
    half = exp(0.5 * absolute(x))
    return (0.5 * half) * half + 0.5 / half / half


def sinh(x: Wire) -> Wire:
    """Near 0 by expm1, else (eˣ - e⁻ˣ)/2."""
    e = expm1(larger(smaller(x, 1.0), -1.0))
    size, half = absolute(x), exp(0.5 * absolute(x))
    far = unary("Sign", x) * ((0.5 * half) * half - 0.5 / half / half)
    return where(size < 1.0, 0.5 * (e + e / (e + 1.0)), far)


def tan(x: Wire) -> Wire:
    """Sin x/cos x."""
    return unary("Sin", x) / unary("Cos", x)


def hypot(a: Any, b: Any) -> Wire:
    """√(a² + b²) = |a|·√(1 + (b/a)²), the larger one in front: nothing overflows before the end."""
    kind = common_dtype(a, b)
    draft = a.draft if isinstance(a, Wire) else b.draft
    p, q = (absolute(as_wire(draft, x, kind)) for x in (a, b))
    large, small = larger(p, q), smaller(p, q)
    is_plain = (large > 0.0) & (large < math.inf)
    ratio = where(is_plain, small, 0.0) / where(is_plain, large, 1.0)
    return where(is_plain, large * sqrt(1.0 + ratio * ratio), p + q)


def cbrt(x: Wire) -> Wire:
    """∛x by a power, and one step of Newton's for the last digits."""
    size = absolute(x)
    is_plain = (size > 0.0) & (size < math.inf)
    inside = where(is_plain, size, 1.0)
    root = joined("Pow", inside, 1.0 / 3.0)
    root = root - (root - inside / (root * root)) / 3.0
    return where(is_plain, unary("Sign", x) * root, x)


def arctan2(y: Any, x: Any) -> Wire:
    """The angle of (x, y): by the arc tangent of the smaller over the larger, in the quadrant of both."""
    kind = common_dtype(y, x)
    draft = y.draft if isinstance(y, Wire) else x.draft
    y, x = as_wire(draft, y, kind), as_wire(draft, x, kind)
    p, q = absolute(x), absolute(y)
    large, small = larger(p, q), smaller(p, q)
    is_none = equal(large, 0.0)
    inner = unary("Atan", small / where(is_none, 1.0, large))
    steep = where(q > p, math.pi / 2 - inner, inner)
    left = where(_is_negative(x), math.pi - steep, steep)
    return where(_is_negative(y), -left, left)


def _is_negative(x: Wire) -> Wire:
    """Also of -0.0, whose reciprocal is -inf."""
    return (x < 0.0) | (1.0 / where(equal(x, 0.0), x, 1.0) < 0.0)


def logaddexp(a: Any, b: Any) -> Wire:
    """log(eᵃ + eᵇ) = m + log(1 + e^-|a - b|), m the larger."""
    kind = common_dtype(a, b)
    draft = a.draft if isinstance(a, Wire) else b.draft
    a, b = as_wire(draft, a, kind), as_wire(draft, b, kind)
    same = equal(a, b)
    distance = where(same, 0.0, absolute(a - b))
    return larger(a, b) + log1p(exp(-distance))


def logaddexp2(a: Any, b: Any) -> Wire:
    """log₂(2ᵃ + 2ᵇ)."""
    return logaddexp(a * math.log(2.0), b * math.log(2.0)) / math.log(2.0)


def _sign(x: Wire) -> Wire:
    return unary("Sign", x)


def _is_finite(x: Wire) -> Wire:
    return ~(unary("IsNaN", x, BOOL) | unary("IsInf", x, BOOL))


def _trunc(x: Wire) -> Wire:
    return unary("Sign", x) * unary("Floor", absolute(x))


def _fmod(a: Any, b: Any) -> Wire:
    """The remainder with the sign of a."""
    draft = a.draft if isinstance(a, Wire) else b.draft
    return draft.node("Mod", *_both(a, b), **_form(a, b), fmod=1)


def remainder(a: Any, b: Any) -> Wire:
    """The remainder with the sign of b."""
    draft = a.draft if isinstance(a, Wire) else b.draft
    if common_dtype(a, b).kind == "i":
        return draft.node("Mod", *_both(a, b), **_form(a, b))
    rest, (_, b) = _fmod(a, b), _both(a, b)
    is_other = ~equal(rest, 0.0) & ((rest < 0.0) ^ (b < 0.0))
    return where(is_other, rest + b, rest)


def floor_divide(a: Any, b: Any) -> Wire:
    """a/b rounded down: what is left without the remainder."""
    if common_dtype(a, b).kind == "i":
        x, y = _both(a, b)
        draft = x.draft
        return draft.node("Div", x - remainder(a, b), y, **_form(a, b))
    x, y = _both(a, b)
    return unary("Round", (x - remainder(a, b)) / y)


def _both(a: Any, b: Any) -> tuple[Wire, Wire]:
    draft, kind = (a.draft if isinstance(a, Wire) else b.draft), common_dtype(a, b)
    return as_wire(draft, a, kind), as_wire(draft, b, kind)


def _form(a: Any, b: Any) -> dict[str, Any]:
    return {"dtype": common_dtype(a, b), "shape": np.broadcast_shapes(np.shape(a), np.shape(b))}


def _same(x: Wire) -> Wire:
    return x


ELEMENTWISE: Final[dict[Any, Translation]] = {
    np.add: _add, np.multiply: _multiply, np.subtract: _arithmetic("Sub"), np.divide: _divide,
    np.negative: lambda x: -x, np.absolute: absolute, np.sign: _sign, np.positive: _same,
    np.maximum: larger, np.minimum: smaller, np.power: _power, operator.pow: _power,
    np.square: lambda x: x * x,
    np.sqrt: _of_numbers("Sqrt"), np.exp: _of_numbers("Exp"), np.log: _of_numbers("Log"),
    np.sin: _of_numbers("Sin"), np.cos: _of_numbers("Cos"), np.tan: _single_or("Tan", tan),
    np.tanh: _of_numbers("Tanh"),
    np.arcsin: _of_numbers("Asin"), np.arccos: _of_numbers("Acos"), np.arctan: _of_numbers("Atan"),
    np.arcsinh: _of_numbers("Asinh"), np.arccosh: _of_numbers("Acosh"), np.arctanh: _of_numbers("Atanh"),
    np.sinh: _single_or("Sinh", sinh), np.cosh: _single_or("Cosh", cosh), np.expm1: expm1, np.log1p: log1p,
    np.exp2: lambda x: joined("Pow", 2.0, x), np.log2: lambda x: log(x) / math.log(2.0),
    np.log10: lambda x: log(x) / math.log(10.0), np.hypot: hypot, np.cbrt: cbrt, np.arctan2: arctan2,
    np.logaddexp: logaddexp, np.logaddexp2: logaddexp2,
    np.floor: _of_numbers("Floor"), np.ceil: _of_numbers("Ceil"), np.rint: _of_numbers("Round"),
    np.trunc: _trunc, np.fmod: _fmod, np.remainder: remainder, np.floor_divide: floor_divide,
    np.isnan: lambda x: unary("IsNaN", x, BOOL), np.isinf: lambda x: unary("IsInf", x, BOOL),
    np.isfinite: _is_finite,
    np.equal: _compared("Equal"), np.not_equal: lambda a, b: ~_compared("Equal")(a, b),
    np.less: _compared("Less"), np.less_equal: _compared("LessOrEqual"),
    np.greater: _compared("Greater"), np.greater_equal: _compared("GreaterOrEqual"),
    np.logical_and: partial(_logical, "And"), np.logical_or: partial(_logical, "Or"),
    np.logical_not: lambda x: ~truth(x), np.logical_xor: partial(_logical, "Xor"),
    np.bitwise_and: _bitwise("And", "BitwiseAnd"), np.bitwise_or: _bitwise("Or", "BitwiseOr"),
    np.invert: lambda x: ~x,
}  # fmt: skip
"""By NumPy's function: what makes its nodes of its arguments."""
