"""A question's graph as a figure: no number in it, and in words what it shows."""

import re

from autograd_lite import FlowGraph, Value, equations
from grading.assignments import load
from grading.figures import figure, in_words


def asked(name, assignment="three_step"):
    return next(q for q in load(assignment).paper("ada").questions if q.name == name)


def test_the_arrows_are_those_of_the_equations_each_once():
    graph = equations("h = sin(x)\ny = h*h + x", x=0.5)
    assert in_words(FlowGraph(graph["y"])) == "Flow graph: x → h, x → y, h → y."
    assert in_words(FlowGraph(graph["y"]), ("x", "h")).endswith(" Highlighted: x, h.")


def test_a_picture_shows_neither_values_nor_derivatives():
    shown = figure(asked("moves"), ("h_0", "h_1"))
    assert shown.svg.lstrip().startswith("<?xml")
    text = "".join(re.findall(r"<text[^>]*>(.*?)</text>", shown.svg)) + shown.says
    assert not re.search(r"\d\.\d", text)
    assert "Highlighted: h_0, h_1." in shown.says


def test_a_large_graph_is_told_in_part():
    y = x = Value(1.0, name="x")
    for i in range(60):
        y = (y + x).named(f"y_{i}")
    says = in_words(FlowGraph(y))
    assert says.count("→") == 40
    assert "and 79 more" in says


def test_a_question_without_a_graph_has_no_picture():
    shown = figure(asked("engine", "engine"))
    assert (shown.svg, shown.says) == ("", "")
