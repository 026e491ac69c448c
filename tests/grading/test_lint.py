"""Which mistakes a set of test cases cannot see."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, OperandError, Tensor, Value
from grading import lint
from grading._lint import told_apart


def case(a, b):
    a, b = Value(a, name="a"), Value(b, name="b")
    return FlowGraph((a * a * b).named("y")), "a"


def test_numbers_that_hide_mistakes_are_found():
    """2ab: at a = b = 2 the value a²b is the same; a second case sees it."""
    hidden = lint([case(2.0, 1.0)])
    assert "A24:y" not in lint([case(2.0, 1.0), case(1.3, 0.7)]).invisible
    assert "A24:y" in hidden.invisible
    assert lint([case(1.3, 0.7)]).invisible == ()
    assert str(len(hidden.invisible)) in str(hidden)


def test_what_is_no_mistake_on_a_graph_is_not_counted():
    """With one path the mean over all paths is the derivative, whatever the numbers."""
    found = lint([case(1.3, 0.7)])
    assert not any(i.startswith("A6") for i in found.invisible)
    assert str(found).startswith("All ")


def test_results_of_any_kind_are_told_apart():
    right = [np.ones((2, 2)), np.array([1.0, 2.0])]
    wrongs = [
        {
            "same": np.ones((2, 2)),
            "other shape": np.ones(4),
            "nan": np.full((2, 2), np.nan),
            "empty": np.zeros((0, 2)),
        },
        {"same": np.array([1.0, 2.0]), "only here": np.array([1.0, 2.0])},
    ]
    assert told_apart(right, wrongs).invisible == ("same", "only here")


def test_closeness_is_relative_to_the_largest_entry():
    right = [np.array([1e6, 1.0])]
    assert told_apart(right, [{"w": np.array([1e6, 1.5])}]).invisible == ("w",)
    assert told_apart(right, [{"w": np.array([1e6, 1.5])}], near=1e-9).invisible == ()


@pytest.mark.parametrize("case", [3, "x", (1, "x"), FlowGraph(Value(1.0, name="x") ** 2), ()])
def test_what_is_no_test_case_is_refused_in_words(case):
    with pytest.raises(OperandError, match="a test case is a pair"):
        lint([case])


def test_one_number_of_an_array_graph_is_a_case():
    w = Tensor(1.3, name="w", requires_grad=True)
    found = lint([(FlowGraph((w**3).named("L")), w)])
    assert found.seen > 0
