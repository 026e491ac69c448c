"""Derivatives from their definition: central differences, extrapolated to a step of 0.

An independent witness: nothing here knows the chain rule or any rule's derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Vector = np.ndarray[Any, np.dtype[np.float64]]
Matrix = Vector
Function = Callable[[Vector], Vector]

FIRST_STEP: Final = 2.0**-6
HALVINGS: Final = 20
COLUMNS: Final = 4  # of the table of extrapolations; more would only amplify rounding
SETTLED: Final = 1e-11
HIDING: Final = 64.0  # roundings over the longest step; the step that settles may be shorter


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives of f along k directions at a point.

    directions (k, n)
    slope      (m, k): d f(x + ε·direction)/dε at ε = 0
    doubt      (m, k): how far each may be off, known from how well the differences settled
    hidden     (m, k): up to what size a slope may drown in the rounding of f(x)
    """

    directions: Matrix
    slope: Matrix
    doubt: Matrix
    hidden: Matrix

    @property
    def steepest(self) -> float:
        """The largest slope."""
        return _largest(self.slope)


def slopes(f: Function, x: Vector, directions: Matrix) -> Slopes:
    """The derivatives of f at x along each row of `directions`; along unit vectors the Jacobian.

    x (n,), f(x) (m,), directions (k, n).

    >>> slopes(lambda x: x**2, np.array([1.0, 3.0]), np.eye(2)).slope.round(9)
    array([[2., 0.],
           [0., 6.]])
    """
    found = [directional(f, x, direction) for direction in directions]
    nothing = np.zeros((f(x).size, 0))
    columns = [np.stack(c, axis=1) for c in zip(*found, strict=True)] or [nothing, nothing]
    return Slopes(directions, columns[0], columns[1], _hidden(f(x), x, directions))


def directional(f: Function, x: Vector, direction: Vector) -> tuple[Vector, Vector]:
    """The derivative of f along `direction`, and how far it may be off.

    Central differences at the steps h, h/2, h/4, … are extrapolated to h = 0: the errors in h², h⁴,
    … cancel. Each entry keeps the estimate that agrees best with its neighbours, so a kink, a pole
    or the end of the domain does no harm once the step is shorter than the way to it. Where f is
    nan, so is this.

    x (n,), direction (n,), f(x) (m,): both results have shape (m,).

    >>> slope, doubt = directional(np.exp, np.array([1.0]), np.array([1.0]))
    >>> bool(abs(slope[0] - np.e) < 1e-11), bool(doubt[0] < 1e-9)
    (True, True)

    Source: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in
    Engineering Software 4 (1982), page 75.
    """
    here, h = f(x), _first_step(x, direction)
    best, doubt = np.full(here.shape, np.nan), np.full(here.shape, np.inf)
    row: list[Vector] = []
    for _ in range(HALVINGS):
        row, before = _extrapolated(_central(f, x, direction, h), row), row
        for k in range(1, len(row)):
            spread = np.maximum(abs(row[k] - row[k - 1]), abs(row[k] - before[k - 1]))
            closer = spread < doubt  # never where it is nan
            best, doubt = np.where(closer, row[k], best), np.where(closer, spread, doubt)
        if (doubt <= SETTLED * (abs(best) + _largest(here))).all():
            break
        h /= 2
    return best, doubt


def kink(f: Function, x: Vector, direction: Vector, entry: int) -> tuple[float, float] | None:
    """The slopes of one entry of f left and right of x, if they differ however small the step.

    None at a smooth point.

    >>> kink(np.abs, np.array([0.0]), np.array([1.0]), 0)
    (-1.0, 1.0)
    >>> kink(np.sin, np.array([0.0]), np.array([1.0]), 0)
    """
    (left, right), nearer = (_one_sided(f, x, direction, entry, 2.0**-k) for k in (20, 23))
    gap, noise = abs(right - left), 1e-7 * _largest(f(x))
    # at a smooth point the gap is f''·h: it shrinks with h
    lasting = abs(nearer[1] - nearer[0]) > gap / 2
    return (left, right) if lasting and gap > 1e-4 * (abs(left) + abs(right)) + noise else None


def _hidden(y: Vector, x: Vector, directions: Matrix) -> Matrix:
    steps = np.array([_first_step(x, direction) for direction in directions])
    hidden: Matrix = HIDING * np.spacing(abs(y))[:, None] / steps
    return hidden


def _central(f: Function, x: Vector, direction: Vector, h: float) -> Vector:
    return (f(x + h * direction) - f(x - h * direction)) / (2 * h)


def _extrapolated(difference: Vector, before: list[Vector]) -> list[Vector]:
    """The next row of Neville's table: column k is free of the errors up to h^(2k)."""
    row = [difference]
    for k, coarser in enumerate(before[: COLUMNS - 1], start=1):
        row.append(row[-1] + (row[-1] - coarser) / (4.0**k - 1))
    return row


def _one_sided(
    f: Function, x: Vector, direction: Vector, entry: int, h: float
) -> tuple[float, float]:
    before, here, after = (f(x + s * direction)[entry] for s in (-h, 0.0, h))
    return float((here - before) / h), float((after - here) / h)


def _first_step(x: Vector, direction: Vector) -> float:
    size = _largest(x[direction != 0])
    return FIRST_STEP * float(np.sqrt(max(1.0, size))) / (_largest(direction) or 1.0)


def _largest(x: Vector) -> float:
    return float(np.max(np.abs(x[np.isfinite(x)]), initial=0.0))
