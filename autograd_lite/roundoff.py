"""How far rounding moves a computed number, and whether a difference of two shows more than that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.differences import FIRST_STEP, HALVINGS, Vector
from autograd_lite.node import Node
from autograd_lite.tape import Tape, recompute
from autograd_lite.value import Value

Line = Callable[[Vector], Vector]
Truth = np.ndarray[Any, np.dtype[np.bool_]]
SAMPLES: Final = 4
RESOLVED: Final = 1e-4
"""How much of a change may be rounding."""
FEW: Final = 64.0
"""Up to this many roundings a first change is taken for theirs."""
FARTHER: Final = 60


def rounding_of(tape: Tape, x: Node, kept: dict[Node, Any]) -> Vector:
    """How far the rounding of every operation after x moves the numbers of the tape's root.

    Each result is moved by one rounding up or down, at random, and all that follows is computed again.

    Source: J. Vignes, "A stochastic arithmetic for reliable scientific computation", Mathematics and
    Computers in Simulation 35 (1993), page 233.
    """
    random = np.random.default_rng(0)
    here = np.array(x._data, dtype=float)
    start = {**kept, x: float(here) if isinstance(x, Value) else here}
    with np.errstate(all="ignore"):
        exact = _root(tape, tape.replay(start))
        moved = [abs(_nudged(tape, start, random) - exact) for _ in range(SAMPLES)]
    noise: Vector = np.nan_to_num(np.max(moved, axis=0), nan=0.0, posinf=0.0)
    return noise


def _nudged(tape: Tape, start: dict[Node, Any], random: np.random.Generator) -> Vector:
    values = dict(start)
    for node in tape.operations:
        if node not in values and any(isinstance(x, Node) and x in values for x in node.operands):
            operands = [values.get(x, x._data) if isinstance(x, Node) else x for x in node.operands]
            y = recompute(node, operands)
            values[node] = y * (1.0 + _roundings(y, random))
    return _root(tape, values)


def _roundings(y: Any, random: np.random.Generator) -> Any:
    array = np.asarray(y)
    signs = random.choice([-1.0, 1.0], array.shape)
    steps = signs * (np.finfo(array.dtype).eps if array.dtype.kind == "f" else 0.0)
    return float(steps) if isinstance(y, float) else steps


def _root(tape: Tape, values: dict[Node, Any]) -> Vector:
    return np.asarray(values.get(tape.root, tape.root._data), dtype=float).ravel()


def lost_in_rounding(line: Line, noise: Vector) -> Truth:
    """Which numbers change along the line by no more than rounding makes of them, over the longest steps.

    line   from a vector with one number, 0 for here, to the numbers
    noise  what `rounding_of` found

    What does not change at all is flat, unless its first change, farther away, is one of roundings.
    """
    seen = np.zeros_like(noise)
    for k in range(HALVINGS):
        seen = np.maximum(seen, _change(line, FIRST_STEP * 2.0**-k))
    lost: Truth = noise > RESOLVED * seen
    for entry in np.flatnonzero((seen == 0) & (noise > 0)):
        lost[entry] = _first_change(line, int(entry)) <= FEW * noise[entry]
    return lost & (noise > 0)


def _change(line: Line, step: float) -> Vector:
    """By how much the numbers change over a step, at most; 0 where they are not finite."""
    here = line(np.zeros(1))
    sides = [abs(line(np.array([s])) - here) for s in (step, -step)]
    change: Vector = np.max([np.where(np.isfinite(side), side, 0.0) for side in sides], axis=0)
    return change


def _first_change(line: Line, entry: int) -> float:
    """The smallest change of one number: by ever longer steps, doubled and then bisected; inf if none."""

    def change(k: float) -> float:
        return float(_change(line, FIRST_STEP * 2.0**k)[entry])

    end = next((k for k in range(1, FARTHER) if change(k) > 0), None)
    if end is None:
        return np.inf
    low, high = end - 1.0, float(end)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if change(middle) > 0 else (middle, high)
    return change(high)
