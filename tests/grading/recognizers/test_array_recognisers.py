"""Arrays: a constant factor, and which entries are wrong."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tensor, Value
from grading import diagnose

W = np.random.default_rng(2).normal(size=(4, 5))
FLOW = FlowGraph((Tensor(W, requires_grad=True, name="W") ** 3).sum().named("L"))
RIGHT = 3 * W**2


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2, "twice"),
        (0.5, "half"),
        (5, "5 times"),
        (1 / 20, "1/20"),
        (np.pi / 180, "degrees"),
        (0.371, "constant multiple"),
    ],
)
def test_a_constant_factor_is_looked_up(factor, words):
    d = diagnose(FLOW, "W", (factor * RIGHT).round(6))
    assert d.status == "diagnosed"
    assert "J10" in d.synonyms
    if d.ids == ("J10",):
        assert words in str(d)


def test_a_factor_is_never_read_off_one_number():
    x = Value(0.7, name="x")
    flow = FlowGraph((x * x).named("y"))
    assert "J10" not in diagnose(flow, "x", 1.4 * 0.371).ids


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ((1, 2), "[1, 2]"), (np.s_[2], "index 2 along the rows"),
        (np.s_[:, 4], "the last, along the columns"),
        (np.s_[:, 1:3], "indices 1 to 2 along the columns"), (np.s_[3], "the last, along the rows"),
    ],
)  # fmt: skip
def test_the_wrong_entries_are_pointed_at(where, said):
    answer = RIGHT.copy()
    answer[where] = answer[where] * 1.7 + 0.3
    d = diagnose(FLOW, "W", answer)
    assert d.status == "diagnosed"
    assert said in str(d)


def test_the_border_is_recognised():
    answer = RIGHT + 0.0
    answer[[0, -1]] += 0.5
    answer[:, [0, -1]] += 0.7
    assert "at the border" in str(diagnose(FLOW, "W", answer))


def test_two_entries_that_were_swapped():
    answer = RIGHT.copy()
    answer[0, 1], answer[2, 3] = RIGHT[2, 3], RIGHT[0, 1]
    assert diagnose(FLOW, "W", answer).ids == ("J8:[0, 1]>[2, 3]",)


def test_when_most_is_wrong_nothing_is_pointed_at():
    answer = np.random.default_rng(3).normal(size=RIGHT.shape)
    answer[0, 0] = RIGHT[0, 0]
    assert diagnose(FLOW, "W", answer).status == "unknown"


def test_one_use_of_a_weight_is_named_where_uses_are_no_paths():
    w = Tensor([0.7, -1.3], requires_grad=True, name="w")
    x = np.array([[1.2, 0.4], [-0.5, 2.1], [0.3, 0.9]])
    y = [(w * row).sum() for row in x]
    flow = FlowGraph((y[0] ** 2 + y[1] ** 2 + y[2] ** 2).named("L"))
    g = 2 * x @ w.numpy()
    assert diagnose(flow, "w", (g[:, None] * x).sum(0)).status == "right"
    for one in range(3):
        d = diagnose(flow, "w", g[one] * x[one])
        assert d.status == "diagnosed"
        assert any(i.startswith("A31") for i in d.synonyms)
