"""Functions of single entries under NumPy's names: bounds, rounding, angles, nan."""

from __future__ import annotations

import math
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.arguments import explained
from autograd_lite.node import Node
from autograd_lite.operands import Numbers
from autograd_lite.rules import activations, rounding, selection
from autograd_lite.rules.elementwise import absolute, add, divide, multiply, power, subtract
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import asked, moves_in_program
from autograd_lite.rules.selection import where
from autograd_lite.rules.trigonometric import sin

__all__ = [
    "clip", "degrees", "divmod", "elu", "fabs", "float_power", "fmax", "fmin", "leaky_relu", "modf",
    "nan_to_num", "radians", "round", "sinc",
]  # fmt: skip

Bound: TypeAlias = Numbers | None


@explained
def leaky_relu(x: Numbers, slope: Numbers = 0.01) -> Any:
    """The rectifier with a leak: y = x where x > 0, else slope·x. The slope may be a node too.

    ∂y/∂x = 1 where x > 0, else slope, also at 0; ∂y/∂slope = 0 where x > 0, else x.

    >>> leaky_relu(3.0), leaky_relu(-2.0)
    (3.0, -0.02)
    """
    return activations.leaky_relu(x, slope)


@explained
def elu(x: Numbers, alpha: Numbers = 1.0) -> Any:
    """The exponential linear unit: y = x where x > 0, else α·(eˣ - 1). α may be a node too.

    ∂y/∂x = 1 where x > 0, else α·eˣ, also at 0; ∂y/∂α = 0 where x > 0, else eˣ - 1.

    >>> elu(3.0), elu(-1000.0)
    (3.0, -1.0)
    """
    return activations.elu(x, alpha)


@explained
def clip(  # noqa: PLR0913 - NumPy's own arguments
    x: Numbers, low: Bound = None, high: Bound = None, *,
    a_min: Bound = None, a_max: Bound = None, min: Bound = None, max: Bound = None,  # noqa: A002
) -> Any:  # fmt: skip
    """What lies within two bounds: y = min(max(x, low), high). None is no bound; both may be nodes.

    ∂y/∂x = 1 between the bounds; beyond one of them y moves with that bound instead, and at a
    bound x and the bound get ½ each. `a_min`, `min` and `a_max`, `max` are NumPy's names for them.

    >>> clip(5.0, -1.0, 1.0), clip(-5.0, high=1.0), clip(5.0, max=2.0)
    (1.0, -5.0, 2.0)

    Raises ShapeError when a bound is given twice.
    """
    low, high = _bound("low", low, a_min, min), _bound("high", high, a_max, max)
    low, high = (-math.inf if low is None else low), (math.inf if high is None else high)
    return selection.clip(x, low, high)


def _bound(name: str, *given: Bound) -> Any:
    said = [bound for bound in given if bound is not None]
    if len(said) > 1:
        raise ValueError(f"the bound {name} is given twice, under two of its names")
    return said[0] if said else None


@explained
def round(x: Numbers, decimals: int = 0) -> Any:
    """X rounded to a number of decimals, to the even digit where two are equally near; ∂y/∂x = 0.

    >>> round(2.675, 1), round(1250.0, -2)
    (2.7, 1200.0)

    Raises OperandError when `decimals` is no whole number.
    """
    if decimals == 0:
        return rounding.rint(x)
    if not isinstance(decimals, (int, np.integer)):
        raise TypeError(f"decimals is a whole number, not {decimals!r}")
    scale = 10.0 ** abs(decimals)
    there, back = (multiply, divide) if decimals > 0 else (divide, multiply)
    return back(rounding.rint(there(x, scale)), scale)


@explained
def divmod(a: Numbers, b: Numbers) -> tuple[Any, Any]:
    """How often b goes into a, and what is left: (a // b, a % b).

    >>> divmod(7.0, 2.0)
    (3.0, 1.0)
    """
    return rounding.floor_divide(a, b), rounding.remainder(a, b)


@explained
def modf(x: Numbers) -> tuple[Any, Any]:
    """The fraction and the whole number of x, both with its sign: (x - trunc x, trunc x).

    >>> modf(-1.5)
    (-0.5, -1.0)
    """
    whole = rounding.trunc(x)
    return subtract(x, whole), whole


@explained
def fabs(x: Numbers) -> Any:
    """The absolute value: another name for `absolute`.

    >>> fabs(-2.0)
    2.0
    """
    return absolute(x)


@explained
def float_power(a: Numbers, n: Numbers) -> Any:
    """The power aⁿ: another name for `power`.

    >>> float_power(2.0, 3.0)
    8.0
    """
    return power(a, n)


@explained
def degrees(x: Numbers) -> Any:
    """An angle in degrees: y = 180·x/π, x in radians.

    >>> degrees(math.pi)
    180.0
    """
    return multiply(x, 180.0 / math.pi)


@explained
def radians(x: Numbers) -> Any:
    """An angle in radians: y = π·x/180, x in degrees.

    >>> radians(180.0) == math.pi
    True
    """
    return multiply(x, math.pi / 180.0)


@explained
def fmax(a: Numbers, b: Numbers) -> Any:
    """The larger of two, or the one that is not nan; at a tie ∂y/∂a = ∂y/∂b = ½.

    >>> fmax(1.0, float("nan"))
    1.0
    """
    return selection.maximum(*_without_nan(a, b))


@explained
def fmin(a: Numbers, b: Numbers) -> Any:
    """The smaller of two, or the one that is not nan; at a tie ∂y/∂a = ∂y/∂b = ½.

    >>> fmin(1.0, float("nan"))
    1.0
    """
    return selection.minimum(*_without_nan(a, b))


def _without_nan(a: Numbers, b: Numbers) -> tuple[Any, Any]:
    return where(_is_nan(a), b, a), where(_is_nan(b), a, b)


def _is_nan(x: Numbers) -> Any:
    return asked("not_equal", x, x) if moves_in_program(x) else np.isnan(plain(x))


@explained
def nan_to_num(
    x: Numbers, copy: bool = True, nan: float = 0.0, posinf: float | None = None,
    neginf: float | None = None
) -> Any:  # fmt: skip
    """X with numbers in place of nan and the infinities, None for the largest there are.

    ∂y/∂x = 1 where x is finite, else 0.

    >>> nan_to_num([1.0, float("nan")])
    array([1., 0.])
    """
    numbers = np.asarray(plain(x))
    largest = np.finfo(numbers.dtype if numbers.dtype.kind == "f" else float).max
    y = where(_is_nan(x), nan, x)
    y = where(_is(x, np.inf), largest if posinf is None else posinf, y)
    return where(_is(x, -np.inf), -largest if neginf is None else neginf, y)


def _is(x: Numbers, number: float) -> Any:
    return asked("equal", x if isinstance(x, Node) else np.asarray(x), number)


TERMS: Final = [(-1) ** k * math.pi ** (2 * k) / math.factorial(2 * k + 1) for k in range(12)]
"""sinc x = Σ TERMS[k]·x²ᵏ"""


@explained
def sinc(x: Numbers) -> Any:
    """The cardinal sine: y = sin(πx)/(πx) and 1 at 0, ∂y/∂x = (cos πx - y)/x and 0 at 0.

    >>> sinc(0.0), sinc(0.5) == 2 / math.pi
    (1.0, True)
    """
    # near 0 by its series: there the derivative's quotient is a difference of equals over nothing
    near = asked("less", absolute(x) if moves_in_program(x) else np.abs(plain(x)), 0.5)
    square, series = power(where(near, x, 0.0), 2), 0.0
    for term in reversed(TERMS):
        series = add(multiply(series, square), term)
    far = (
        np.abs(plain(x)) > np.finfo(np.asarray(plain(x)).dtype).max / 4.0 if _is_float(x) else False
    )
    angle = multiply(where(near | far, 1.0, x), math.pi)
    y = where(near, series, divide(sin(angle), angle))
    return _with_far(x, y, far) if np.any(far) else y


def _is_float(x: Numbers) -> bool:
    return bool(np.asarray(plain(x)).dtype.kind == "f")


def _with_far(x: Numbers, y: Numbers, far: Numbers) -> Any:
    """The cardinal sine where πx is no number any more; x is even there: sin πx = sin π(x - a) at x = a."""
    x = where(far, x, 1.0)
    return where(far, divide(divide(sin(multiply(x - plain(x), math.pi)), math.pi), x), y)
