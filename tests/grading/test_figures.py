"""A question's graph as a figure: no number in it, and in words what it shows."""

import re

from autograd_lite import FlowGraph, Value, equations
from grading.assignments import load
from grading.assignments.asked_of import AskedOf
from grading.course.publishing import sheet_of
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


def test_a_path_is_drawn_on_the_graph_of_the_part_that_it_is_about():
    parts = asked("forward")  # h_0, then h_1, then ŷ
    assert "h_0 → h_1" in figure(parts, ("h_0", "h_1")).says
    assert "→ ŷ" in figure(parts, ("h_1", "ŷ")).says
    assert figure(parts, ("h_1", "ŷ")).svg != figure(parts, ("h_0",)).svg


def test_a_class_reads_the_same_pictures():
    homework = load("three_step")
    question = homework.question("forward")
    drawn = sheet_of(homework, ()).pictures("forward", ("h_1", "ŷ"))
    assert (
        drawn
        == figure(
            AskedOf(question, homework.pools("graded")[question.graph.name], 0), ("h_1", "ŷ")
        ).svg
    )
    assert drawn != sheet_of(homework, ()).pictures("forward", ())
