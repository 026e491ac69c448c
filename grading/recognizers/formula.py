"""A formula as an answer: the same as the right one where both agree at random points."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import AnswerError
from autograd_lite.flow import FlowGraph
from autograd_lite.rules.namespaces import plain
from autograd_lite.value import Value
from autograd_lite.variables import label
from grading.answers import Formula
from grading.asking import Asked
from grading.recognizers.view import View

POINTS: Final = 40
_SPREAD: Final = 0.5
_NEAR: Final = 1e-8


def at_points(flow: FlowGraph, seed: int = 0) -> dict[str, NDArray[Any]]:
    """For each input numbers around the recorded one, on its side of zero, where formulas are compared."""
    random = np.random.default_rng(seed)
    found: dict[str, NDArray[Any]] = {}
    if not isinstance(flow.output, Value):
        return found  # arrays are asked about at their recorded numbers alone
    for v in flow.inputs:
        if v.is_leaf and v.name is not None and np.ndim(x := plain(v)) == 0:
            size = abs(float(x)) or 1.0
            found[v.name] = float(x) + size * random.uniform(-_SPREAD, _SPREAD, POINTS)
    return found


def formula_view(asked: Asked, formula: Formula) -> View:
    """A formula beside the right answer, at every point where both are defined.

    Raises AnswerError where the graph is one of arrays, and for a formula that is right where it has a value,
    but somewhere has none.
    """
    points = points_of(asked)
    if not points:
        raise AnswerError("numbers are asked for here, not a formula")
    right = np.asarray(asked.right, float)
    answer = np.broadcast_to(formula(points), right.shape).astype(float)
    defined = np.isfinite(right)
    both = defined & np.isfinite(answer)
    size = np.maximum(np.abs(right), np.median(np.abs(right[defined])) if defined.any() else 1.0)
    width = np.maximum(_NEAR * size, formula.roundoff(points, size))
    if not (both == defined).all() and (np.abs(answer - right) <= width)[both].all():
        raise AnswerError(_undefined(asked, int(np.flatnonzero(defined & ~both)[0])))
    kept = np.flatnonzero(both)
    return View(asked, None, right[kept], answer[kept], width[kept], (), formula.digits, kept=kept)


def points_of(asked: Asked) -> dict[str, NDArray[Any]]:
    """The numbers of every variable at the K points, by its names."""
    named = [(v, row) for v, row in asked.rows.items() if v.name is not None]
    return {name: row for v, row in named for name in (str(v.name), label(v))}


def _undefined(asked: Asked, k: int) -> str:
    at = ", ".join(f"{label(v)} = {asked.number_of(v, k):.2g}" for v in asked.flow.inputs)
    return f"your formula is undefined where the derivative is not: at {at}"
