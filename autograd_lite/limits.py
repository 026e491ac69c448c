"""The limit that defines a derivative, by evaluating the graph again: the check that knows no rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from functools import cache, partial
from typing import Any, Final

import numpy as np

from autograd_lite.differences import Vector, directional, kink
from autograd_lite.errors import DerivativeError
from autograd_lite.node import Node
from autograd_lite.roundoff import lost_in_rounding, rounding_of
from autograd_lite.tape import Tape
from autograd_lite.value import Value

_SETTLED: Final = 1e-6
_ROUNDING: Final = 1e-11  # of y's own size: that of differences over the longest steps
_FINE: Final = 1e-4
_COARSER: Final = 2.0**10
_UNSEEN: Final = (
    2e-4  # of y's size: a smaller kink drowns in the rounding of steps that are not coarser
)
_RESOLVED: Final = 2.0**-20  # of x's size
_SHORT: Final = 2.0**-16
_SHORTEST: Final = 2.0**-26
_NEAR: Final = 1e-6
_HERE: Final = np.zeros(1)
_ONWARD: Final = np.ones(1)

Line = Callable[[Vector], Vector]
"""All numbers of y as one number of x moves away from where it is, in steps of some length."""


def limit(y: Node, x: Node, held: Collection[Node]) -> Any:
    """(y(x+ε) − y(x−ε))/2ε as ε → 0, extrapolated; nodes in `held` stay.

    Raises DerivativeError where it does not settle: at a kink, a pole, a jump, the end of the domain.
    """
    tape, kept = Tape(y), {node: node._data for node in held}

    def along(k: int, length: float) -> Line:
        return _by_number(lambda u: _moved(tape, kept, x, k, length * u))

    here = np.asarray(x._data, dtype=float)
    noise = rounding_of(tape, x, kept)
    columns = [
        _Entry(y, x, k, float(here.flat[k]), noise).slope(partial(along, k))
        for k in range(here.size)
    ]
    if isinstance(y, Value):
        return float(columns[0][0])
    shape = np.shape(y._data) + here.shape
    return np.stack(columns, axis=-1).reshape(shape) if columns else np.zeros(shape)


class _Entry:
    """One number of x, by which the limit is taken."""

    def __init__(self, y: Node, x: Node, k: int, at: float, noise: Vector) -> None:
        self.y, self.x, self.k, self.at, self.noise = y, x, k, at, noise

    def slope(self, along: Callable[[float], Line]) -> Vector:
        """The first limit that settles: over steps in proportion to 1, to x's own size, and short ones."""
        if not math.isfinite(self.at):
            raise self._refusal("no number lies on both sides of it")
        usual, *others = _lengths(self.at)
        with np.errstate(all="ignore"):
            for length in (usual, *others):
                if lost_in_rounding(along(length), self.noise).any():
                    continue
                found = _settled(along(length), strict=length != usual)
                moves = length not in others[-1:] or _moves(along(length))
                if found is not None and moves and not any(_kinks(along, length)):
                    return np.asarray(found / length)
            reason = self._reason(along, usual)
        raise self._refusal(reason)

    def _refusal(self, reason: str) -> DerivativeError:
        return DerivativeError(
            f"no limit of {self.y.describe()} by {self.x.describe()} at {self._place()}: {reason}; "
            f"ask for it elsewhere, or for partial() or total(), whose rules say what is taken there"
        )

    def _reason(self, along: Callable[[float], Line], length: float) -> str:
        """Why there is no limit."""
        here, y = along(length)(_HERE), self.y.describe()
        if not np.isfinite(here).all():
            return f"{y} is {here[~np.isfinite(here)][0]} there"
        if np.isnan([along(length)(np.array([u])) for u in (_NEAR, -_NEAR)]).any():
            return f"{y} is not defined on both sides of it"
        if (lost := lost_in_rounding(along(length), self.noise)).any():
            return (
                f"rounding swallows the difference: that of what is computed here moves "
                f"{y} by {self.noise[lost][0]:.2g}, and the step hardly more"
            )
        sides = next(_kinks(along, length), None)
        if sides is None:
            return "the difference quotient does not settle as ε → 0, as at a jump or a pole"
        left, right = sides
        wide = next(_kinks(along, _COARSER * length), sides)
        if abs(right - left) > 2 * abs(wide[1] - wide[0]):
            return "the slopes left and right of it grow as the steps become shorter"
        return (
            f"there or close by is a kink, with slope {left:.4g} left and {right:.4g} right of it"
        )

    def _place(self) -> str:
        place = "" if self.x._data is None or np.ndim(self.x._data) == 0 else f" in entry {self.k}"
        return f"{self.at:.6g}{place}"


def _by_number(f: Callable[[float], Vector]) -> Line:
    """A function of a vector with one number that evaluates nothing twice."""
    known = cache(f)
    return lambda u: known(float(u[0]))


def _moved(tape: Tape, kept: dict[Node, Any], x: Node, k: int, by: float) -> Vector:
    """All numbers of y when the k-th of x moves: in float64, whatever the tensors' own precision."""
    here = np.array(x._data, dtype=float)
    here.flat[k] += by
    moved = float(here) if isinstance(x, Value) else here
    y = tape.replay({**kept, x: moved}).get(tape.root, tape.root._data)
    return np.asarray(y, dtype=float).ravel()


def _lengths(at: float) -> list[float]:
    """Powers of two, with which x + ε is exact: near √|x| or 1, near |x|, and the first made short."""
    own = 2.0 ** math.floor(math.log2(abs(at))) if at else 1.0
    first = max(2.0 ** round(math.log2(max(1.0, abs(at))) / 2), own * _RESOLVED)
    return [first, *([own] if own != first else []), first * _SHORT]


def _settled(line: Line, strict: bool) -> Vector | None:
    """The derivative along the line where its differences settle, or None.

    strict  over short steps: y's rounding weighs more there, and may be all there is
    """
    here = line(_HERE)
    best, doubt = directional(line, _HERE, _ONWARD)
    noise = _ROUNDING * abs(here)
    good = np.isfinite(here) & (doubt <= _SETTLED * abs(best) + noise)
    if strict:
        good &= noise <= _FINE * abs(best)
    return best if good.all() else None


def _moves(line: Line) -> bool:
    """Whether short steps change y at all: where they do not, rounding may have absorbed them."""
    here, *ends = (line(np.array([u])) for u in (0.0, _SHORTEST, -_SHORTEST))
    return bool(((ends[0] != here) | (ends[1] != here)).all())


def _kinks(along: Callable[[float], Line], length: float) -> Iterator[tuple[float, float]]:
    """The slopes left and right, for each number of y whose slopes differ."""
    for entry, size in enumerate(abs(along(length)(_HERE))):
        for steps in (length, _COARSER * length):
            sides = kink(along(steps), _HERE, _ONWARD, entry)
            if sides and (steps == length or abs(sides[1] - sides[0]) < _UNSEEN * size):
                yield sides[0] / steps, sides[1] / steps
