"""Is a wrong answer, worked out by hand, among what the catalogue has under its row?"""

from __future__ import annotations

import numpy as np

from autograd_lite import FlowGraph, equations
from grading.scalars import ScalarAsked


def asked(text, wrt, of, *, hold=None, points=None, **values):
    """A question on equations; `points` are numbers of inputs at K points."""
    graph = equations(text, **values)
    return ScalarAsked(FlowGraph(graph[of]), wrt, hold=hold, values=points)


def values_of(question, row):
    """What candidates of a row, or of its letters, give at the first point, by place."""
    return {
        c.identifier: float(c.value[0])
        for c in question.candidates
        if c.mistake.identifier.rstrip("abcdefgh") == row or c.mistake.identifier == row
    }


def assert_planted(question, row, value, rel=1e-9):
    """Some candidate of the row gives this value."""
    found = [
        float(c.value[0])
        for c in question.candidates
        if c.mistake.identifier == row or c.mistake.identifier.rstrip("abcdefgh") == row
    ]
    near = np.isclose(found, value, rtol=rel, atol=1e-12)
    assert near.any(), (row, value, values_of(question, row))
