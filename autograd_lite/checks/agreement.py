"""Whether the sweeps of a map agree with differences, and in which entry they agree least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from autograd_lite.checks.vectorized import VectorMap
from autograd_lite.differences import Slopes, Vector, slopes

SMALL: Final = 1e-3  # an entry this much smaller than the steepest slope is checked less sharply


@dataclass(frozen=True, eq=False)
class Disagreement:
    """Where one sweep of `map` and the differences disagree most.

    sweep        "reverse" or "forward"; "recorded": on the graph, against the same on numbers
    excess       the error there in units of what is allowed; inf for nan, and if the sweep raised
    row, column  the output's and the input's position; of a product ȳᵀ·∂y/∂x or ∂y/∂x·ẋ one is None
    analytic     what the sweep says there
    numeric      what the differences say
    raised       what the sweep raised, if it did
    hidden       whether rounding hides from the differences what the sweep says
    """

    map: VectorMap
    sweep: str
    excess: float
    row: int | None = None
    column: int | None = None
    analytic: float = np.nan
    numeric: float = np.nan
    raised: Exception | None = None
    hidden: bool = False

    @property
    def weight(self) -> tuple[bool, float]:
        """By which disagreements are compared: one that rounding may have made comes last."""
        return not self.hidden, self.excess


def disagreement(
    f: VectorMap, random: np.random.Generator, tolerance: float
) -> Disagreement | None:
    """The worst of all entries of ȳᵀ·∂y/∂x and ∂y/∂x·ẋ for random ȳ and ẋ; None if all agree."""
    return _products(f, slopes(f, f.point, np.eye(f.point.size)), random, tolerance)


def check_one_direction(
    f: VectorMap, random: np.random.Generator, tolerance: float
) -> Disagreement | None:
    """As `disagreement`, along one random direction: its price does not grow with the input."""
    direction = random.standard_normal((1, f.point.size))
    return _products(f, slopes(f, f.point, direction), random, tolerance)


def in_jacobian(found: Disagreement, tolerance: float) -> Disagreement | None:
    """The entry of ∂y/∂x in which the sweep that was found wrong is most wrong.

    None where it is right for each unit vector: then it is no linear map.
    """
    f, columns, rows = found.map, np.eye(found.map.point.size), np.eye(found.map.value.size)
    by = slopes(f, f.point, columns)
    if found.sweep == "reverse":
        analytic = np.stack([f.reverse(unit) for unit in rows])
    else:
        analytic = np.stack([f.forward(unit) for unit in columns], axis=1)
    excess = _excess(analytic, by.slope, _allowed(by.slope, by.doubt, by.steepest, tolerance))
    row, column = (int(i) for i in np.unravel_index(np.argmax(excess), excess.shape))
    if excess[row, column] <= 1:
        return None
    both = float(analytic[row, column]), float(by.slope[row, column])
    return Disagreement(f, found.sweep, float(excess[row, column]), row, column, *both)


def _products(
    f: VectorMap, by: Slopes, random: np.random.Generator, tolerance: float
) -> Disagreement | None:
    g, weights = random.standard_normal(f.value.size), random.standard_normal(len(by.directions))
    pulled, pushed = g @ by.slope, by.slope @ weights
    may_pull = _allowed(pulled, abs(g) @ by.doubt, by.steepest, tolerance)
    may_push = _allowed(pushed, by.doubt @ abs(weights), by.steepest, tolerance)
    hides = abs(g) @ by.hidden, by.hidden @ abs(weights)
    found = (
        _worst(f, "reverse", lambda: by.directions @ f.reverse(g), pulled, may_pull, hides[0]),
        _worst(
            f, "forward", lambda: f.forward(weights @ by.directions), pushed, may_push, hides[1]
        ),
        _recorded(f, tolerance),
    )
    return max((d for d in found if d is not None), key=lambda d: d.weight, default=None)


def _worst(
    f: VectorMap,
    sweep: str,
    analytic: Callable[[], Vector],
    numeric: Vector,
    allowed: Vector,
    hides: Vector | float = 0.0,
) -> Disagreement | None:
    try:
        says = analytic()
    except Exception as error:  # noqa: BLE001 - whatever a rule raises, its operation is to be named
        return Disagreement(f, sweep, np.inf, raised=error)
    excess = _excess(says, numeric, allowed)
    if not (excess > 1).any():
        return None
    hidden = abs(says - numeric) <= hides
    worst = int(np.argmax(np.where(hidden, 0.0, excess) if (excess[~hidden] > 1).any() else excess))
    row, column = (None, worst) if sweep == "reverse" else (worst, None)
    both = float(says[worst]), float(numeric[worst])
    return Disagreement(
        f, sweep, float(excess[worst]), row, column, *both, hidden=bool(hidden[worst])
    )


def _recorded(f: VectorMap, tolerance: float) -> Disagreement | None:
    """Whether f, a sweep on the graph, gives what the sweep on numbers gave."""
    if f.expected is None:
        return None
    by = f.expected
    allowed = tolerance * (abs(by) + SMALL * float(np.max(abs(by), initial=0.0)))
    return _worst(f, "recorded", lambda: f.value, by, allowed)


def _allowed(numeric: Vector, doubt: Vector, steepest: float, tolerance: float) -> Vector:
    # differences know their own rounding error; from some size on, though, that is no excuse
    noise = np.minimum(10 * doubt, 100 * tolerance * (abs(numeric) + steepest))
    return tolerance * (abs(numeric) + SMALL * steepest) + noise


def _excess(analytic: Vector, numeric: Vector, allowed: Vector) -> Vector:
    """The errors, in units of what is allowed; inf for nan, also where both are inf."""
    error = abs(analytic - numeric)
    excess: Vector = np.divide(error, allowed, out=np.full(error.shape, np.inf), where=allowed > 0)
    excess[error == 0] = 0.0
    excess[~(np.isfinite(analytic) & np.isfinite(numeric))] = np.inf
    return excess
