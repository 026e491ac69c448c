"""Whether a formula is the right one: compared at random points, undefined kept apart from wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd_lite.errors import AssignmentError
from grading.answers.formula import Formula

Points: TypeAlias = dict[str, NDArray[Any]]
"""by name of a variable: its numbers at K points, shape (K,)"""

POINTS: Final = 40
_TRIES: Final = 50
_CLOSE: Final = 1e-8
_STEP: Final = 1e-6
_SMOOTH: Final = 1e-3


@dataclass(frozen=True)
class Equivalence:
    """How a formula compares with the right values at K points.

    status  "right", "wrong", or "undefined": right wherever it has a value, but somewhere it has none
    at      where it is undefined, the first such point: number by name of a variable
    values  the formula at the points, shape (K,); nan or infinite where it is undefined
    """

    status: Literal["right", "wrong", "undefined"]
    at: Mapping[str, float]
    values: NDArray[Any]

    def __str__(self) -> str:
        if self.status != "undefined":
            return f"The formula is {self.status}."
        where = ", ".join(f"{name} = {x:.4g}" for name, x in self.at.items())
        return f"The formula is undefined at {where}."


def equivalent(formula: Formula, right: ArrayLike, points: Mapping[str, ArrayLike]) -> Equivalence:
    """Whether a formula gives the right values at all points.

    right   the right values, shape (K,), all finite
    points  by name of a variable: its numbers at the K points

    Rounded numbers in a formula, such as 0.7071·x, may each be one unit in the last place off.

    >>> from grading.answers import read_formula
    >>> x = np.array([0.5, 1.0, 2.0])
    >>> f = read_formula("sin 2x", ["x"])
    >>> equivalent(f, 2 * np.sin(x) * np.cos(x), {"x": x}).status
    'right'
    >>> print(equivalent(read_formula("ln(x - 1)", ["x"]), np.log(np.abs(x - 1) + (x == 1)), {"x": x}))
    The formula is undefined at x = 0.5.

    Raises AnswerError when the formula mentions a variable that has no numbers.
    """
    reference = np.asarray(right, float)
    values = np.broadcast_to(formula(points), reference.shape).astype(float)
    defined = np.isfinite(values)
    scale = np.maximum(np.abs(reference), np.median(np.abs(reference)))
    most = np.maximum(formula.roundoff(points, scale), _CLOSE * scale)
    close = np.abs(np.where(defined, values, 0.0) - reference) <= most
    if not np.all(close | ~defined) or not np.any(defined):
        return Equivalence(
            "wrong" if np.any(defined) else "undefined", _at(points, ~defined), values
        )
    return Equivalence("right" if np.all(defined) else "undefined", _at(points, ~defined), values)


def draw_points(
    right: Callable[[Points], ArrayLike],
    ranges: Mapping[str, tuple[float, float]],
    seed: int,
    count: int = POINTS,
) -> Points:
    """Random points at which the right answer is defined, and not beside a kink, jump or pole.

    right   from points to the right values, shape (K,); nan or infinite where it is undefined
    ranges  by name of a variable: between which numbers it is drawn

    >>> points = draw_points(lambda p: np.log(p["x"]), {"x": (-1.0, 1.0)}, seed=0)
    >>> points["x"].shape, bool(np.all(points["x"] > 0))
    ((40,), True)

    Raises AssignmentError when the right answer is undefined at almost all of them.
    """
    generator = np.random.default_rng(seed)
    kept: list[Points] = []
    for _ in range(_TRIES):
        drawn = {name: generator.uniform(*bounds, size=count) for name, bounds in ranges.items()}
        good = _smooth(right, drawn, ranges)
        kept.append({name: x[good] for name, x in drawn.items()})
        if sum(len(next(iter(points.values()))) for points in kept) >= count:
            return {
                name: np.concatenate([points[name] for points in kept])[:count] for name in ranges
            }
    given = ", ".join(f"{name} from {low:g} to {high:g}" for name, (low, high) in ranges.items())
    raise AssignmentError(
        f"the right answer is undefined almost everywhere for {given}: choose other ranges"
    )


def _smooth(
    right: Callable[[Points], ArrayLike], points: Points, ranges: Mapping[str, tuple[float, float]]
) -> NDArray[np.bool_]:
    """At which points the right answer is finite, and hardly moves with each variable's last digits."""
    with np.errstate(all="ignore"):
        here = np.asarray(right(points), float)
        good = np.isfinite(here)
        scale = np.abs(here) + (np.median(np.abs(here[good])) if good.any() else 0.0)
        for name, (low, high) in ranges.items():
            for step in (-_STEP, _STEP):
                there = np.asarray(
                    right({**points, name: points[name] + step * (high - low)}), float
                )
                good &= np.abs(there - here) <= _SMOOTH * scale
    return np.asarray(good)


def _at(points: Mapping[str, ArrayLike], where: NDArray[np.bool_]) -> dict[str, float]:
    if not where.any():
        return {}
    first = int(np.argmax(where))
    return {
        name: float(np.broadcast_to(np.asarray(x, float), where.shape)[first])
        for name, x in points.items()
    }
