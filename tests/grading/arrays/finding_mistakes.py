"""How the tests here look for a wrong array among the candidates."""

import numpy as np

from autograd_lite import FlowGraph
from grading.arrays import ArrayAsked


def asked(loss, wrt, **more):
    """The question about dloss/dwrt."""
    return ArrayAsked(FlowGraph(loss), wrt, **more)


def named(question, wrong):
    """The rows of the catalogue whose candidates have this array, to ten digits."""
    wrong = np.asarray(wrong, float)
    scale = np.abs(wrong).max(initial=0.0) + 1e-300
    return {
        c.mistake.identifier
        for c in question.candidates
        if c.value.shape == (1, *wrong.shape)
        and np.abs(c.value[0] - wrong).max(initial=0.0) <= 1e-10 * scale
    }


def assert_named(question, wrong):
    """Each row has its hand-made wrong array among its candidates, and none of these is the right one."""
    for row, array in wrong.items():
        for one in array if isinstance(array, list) else [array]:
            found = named(question, one)
            assert row in found, f"{row} is not among {sorted(found)}"
            right = question.right[0]
            assert np.shape(one) != right.shape or not np.allclose(one, right), f"{row} is right"
