"""The table of mistakes: each wrong answer once, with its names, likelihood and sentence; text and HTML."""

import pytest

from autograd_lite import FlowGraph, Tensor, Value, equations, example
from grading._mistakes import mistakes


@pytest.fixture
def flow():
    return FlowGraph(equations(example("three_step"))["yhat"])


def test_each_wrong_answer_stands_in_one_line(flow):
    table = mistakes(flow, wrt="h_0")
    assert len({f"{c.value:.4g}" for c in table}) == len(table)
    assert [c.value for c in table] == sorted(c.value for c in table)
    assert table[0].value == table[:1][0].value
    lines = str(table).splitlines()
    assert lines[0] == "dŷ/dh_0 = 1.099"
    (line,) = [x for x in lines if "A4:h_0>h_1>ŷ" in x]
    assert line.split()[0] == "0.4919"
    assert line.endswith(
        "You gave only the path through h_1: the direct effect of h_0 on ŷ is missing."
    )
    assert len(lines) == len(table) + 2


def test_more_digits_tell_more_apart(flow):
    assert len(mistakes(flow, "x", digits=6)) >= len(mistakes(flow, "x", digits=3))


def test_in_a_notebook_it_is_a_table_and_names_cannot_break_it():
    x = Value(0.7, name="<b>x</b>")
    flow = FlowGraph((x * x).named("y"))
    html = mistakes(flow, wrt=x)._repr_html_()
    assert html.startswith("<table><caption>dy/d")
    assert "<b>" not in html


def test_what_is_held_and_what_is_of_another_variable_is_in_the_title(flow):
    assert str(mistakes(flow, "x", of="h_1", hold=["h_0"])).startswith("∂h_1/∂x = ")
    assert str(mistakes(flow, None, of="h_1")).startswith("h_1 = ")


def test_arrays_have_a_table_too():
    w = Tensor([[1.0, 2.0], [0.5, -1.0]], requires_grad=True, name="W")
    x = Tensor([[0.3, 0.8], [1.0, 2.0]], name="X")
    flow = FlowGraph(((x @ w) ** 2).sum().named("L"))
    table = mistakes(flow, "W")
    assert len(table) > 3
    assert all(c.value.shape == (2, 2) for c in table)
    assert "L/dW" in str(table)
