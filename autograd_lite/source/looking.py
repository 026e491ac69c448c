"""What looks at its numbers, mostly derivatives, as one call each: a program asks them while it runs.

A record may take a short form where that is exact, choose between two ways, or refuse. Noted in primitive
calls it could not look; noted as one call of its own it does what the engine does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from autograd_lite.operands import Axis
from autograd_lite.record import Record
from autograd_lite.rules.activations import sigmoid
from autograd_lite.rules.elementwise import masked_product, power
from autograd_lite.rules.linear_solvers import logabsdet
from autograd_lite.rules.namespaces import arrays
from autograd_lite.rules.scales import is_ordinary
from autograd_lite.rules.softmax import log_softmax, logsumexp, softmax
from autograd_lite.rules.statistics import norm, std, var
from autograd_lite.rules.tails import ENOUGH
from autograd_lite.rules.trigonometric import tanh

NDArray = np.ndarray[Any, Any]
Key = tuple[Record, str, int]
"""A record, what of it ("value", "partial", "vjp" or "jvp"), and by which operand."""


def formula_of(rule: Record, kind: str, i: int = 0) -> Any:
    """What a record says: (xp, …) -> its value or a derivative; None where there is none.

    >>> formula_of(tanh, "value")(arrays, 0.0)
    np.float64(0.0)
    """
    if kind == "value":
        return rule.value
    if kind == "partial":
        return rule.partials[i]  # type: ignore[index]
    return rule.vjp(i) if kind == "vjp" else rule.jvp(i)


@dataclass(frozen=True)
class AsItRuns:
    """A record's value or derivative as a function of arrays, which looks at them as the engine does.

    >>> as_it_runs(tanh, "partial", 0)(np.zeros(2), np.zeros(2))
    array([1., 1.])
    """

    rule: Record
    kind: str
    i: int

    @property
    def __name__(self) -> str:
        return f"{self.rule.name}_{self.kind}" + f"_{self.i}" * (self.kind != "value")

    def __call__(self, *args: Any, **static: Any) -> Any:
        return formula_of(self.rule, self.kind, self.i)(arrays, *args, **static)


# one object for each, by which a recording knows an equal call again
as_it_runs: Final = lru_cache(maxsize=1024)(AsItRuns)


@dataclass(frozen=True)
class Again:
    """A measure from what its plain formula gave; where squares were lost, as the engine has it.

    >>> print(f"{Again(norm)(np.array(np.inf), np.array([3e200, 4e200])):.1e}")
    5.0e+200
    """

    rule: Record

    @property
    def __name__(self) -> str:
        return f"{self.rule.name}_again"

    def __call__(self, y: Any, x: Any, **static: Any) -> Any:
        if is_ordinary(y, 1 if self.rule is not var else 2):
            return np.positive(y)
        return self.rule.value(arrays, x, **static)


AGAIN: Final = {rule: Again(rule) for rule in (var, std, norm)}
"""What is noted behind the plain formula of a rule whose squares may leave the range of numbers."""


def _few(rest: NDArray) -> Any:
    """Where a difference has lost its digits, as an index; None where it has nowhere."""
    if not rest.size or rest.item(rest.argmin()) >= ENOUGH:  # argmin costs a third of min
        return None
    return (_row(rest, rest) < ENOUGH).nonzero()


def _row(x: NDArray, d: NDArray) -> NDArray:
    """X as one row where d lies so: one index a place is found and read several times as fast as two."""
    return x.reshape(-1) if d.flags.c_contiguous else x


def _refine(d: NDArray, few: Any, x: NDArray, factor: float) -> None:
    """Write factor/cosh² x into d at few places."""
    e = np.exp(_row(x, d)[few])
    np.add(e, 1.0 / e, out=e)  # 2·cosh x, inf where one of the exponentials is
    np.divide(2.0, e, out=e)
    _row(d, d)[few] = factor * e * e


def slope_of_tanh(y: Any, x: Any, out: Any = None) -> Any:
    """1 - y² of y = tanh x, into `out`; 1/cosh² x at the few entries where that has lost its digits.

    >>> print("{:.4g} {:.4g}".format(*slope_of_tanh(np.tanh([0.0, 20.0]), np.array([0.0, 20.0]))))
    1 1.699e-17
    """
    rest = np.asarray(np.multiply(y, y, out=out))
    np.subtract(1.0, rest, out=rest)
    if (few := _few(rest)) is not None:
        _refine(rest, few, np.asarray(x), 1.0)
    return rest


def slope_of_sigmoid(y: Any, x: Any, out: Any = None) -> Any:
    """y·(1 - y) of y = 1/(1 + e⁻ˣ), into `out`; 1/(4·cosh² x/2) at the few entries where it has lost digits.

    >>> print("{:.4g} {:.4g}".format(*slope_of_sigmoid(np.array([0.5, 1.0]), np.array([0.0, 40.0]))))
    0.25 4.248e-18
    """
    rest = np.asarray(np.subtract(1.0, y, out=out))
    few = _few(rest)
    np.multiply(y, rest, out=rest)
    if few is not None:
        _refine(rest, few, 0.5 * np.asarray(x), 0.25)
    return rest


def product_or_zero(g: Any, d: Any, out: Any = None) -> Any:
    """g·d into `out`, with 0 for 0·inf and 0·nan.

    >>> with np.errstate(invalid="ignore"):
    ...     product_or_zero(np.array([0.0, 2.0]), np.array([np.inf, 3.0]))
    array([0., 6.])
    """
    c = np.asarray(np.multiply(g, d, out=out))
    if c.size and np.isnan(c.item(c.argmin())):  # which is the first nan, if there is one
        c[np.equal(g, 0.0) | np.equal(d, 0.0)] = 0.0
    return c


def through_softmax(t: Any, y: Any, x: Any, *, axis: Axis = -1, out: Any = None) -> Any:
    """y·(t - Σ t·y) of y = softmax x, into `out`; t is an adjoint or a tangent.

    >>> through_softmax(np.array([1.0, 0.0]), np.array([0.5, 0.5]), np.zeros(2))
    array([ 0.25, -0.25])
    """
    if y.size and not 1.0 - y.item(y.argmax()) >= ENOUGH:
        c = softmax.vjp(0)(arrays, t, y, x, axis=axis)
        return c if out is None else np.positive(c, out=out)
    c = np.multiply(t, y, out=out)
    np.subtract(t, np.add.reduce(c, axis=axis, keepdims=True), out=c)
    return np.multiply(y, c, out=c)


WITH_OUT: Final = frozenset({slope_of_tanh, slope_of_sigmoid, through_softmax, product_or_zero})
"""Functions here that compute into an array `out`, which must be none of those that they read."""
_LOOKING: Final[dict[Key, Callable[..., Any]]] = {
    (masked_product, "value", 0): product_or_zero,
    (tanh, "partial", 0): slope_of_tanh,
    (sigmoid, "partial", 0): slope_of_sigmoid,
    (softmax, "vjp", 0): through_softmax,
    (softmax, "jvp", 0): through_softmax,
    **{
        key: as_it_runs(*key)
        for key in [
            (power, "partial", 0), (log_softmax, "jvp", 0), (logsumexp, "vjp", 0), (logsumexp, "jvp", 0),
            (logabsdet, "vjp", 0), (logabsdet, "jvp", 0), (norm, "value", 0), (std, "value", 0),
        ]
    },
}  # fmt: skip
"""What could be noted, but in a form that takes longer, or without the refusal in words."""


def looking(rule: Record, kind: str, i: int, args: tuple[Any, ...]) -> Callable[..., Any] | None:
    """The one call for what has a short form where its numbers allow; else None."""
    found = _LOOKING.get((rule, kind, i))
    if rule is power and found and isinstance(args[2], (int, float)) and not -1 < args[2] < 1:
        return None  # decided by the exponent alone
    return found
