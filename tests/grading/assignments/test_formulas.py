"""Formulas are compared where variables move; the student's own constants may stand in them."""

import pytest

from grading.assignments.written import asked, assignment, between

SECRET = {"secret": "between us"}


def status(graph, text, of="", wrt="x", student="ada"):
    extra = {"of": of} if of else {}
    work = assignment("T", asked("f", "formula", wrt=wrt, **extra), graph=graph, **SECRET)
    paper = work.paper(student)
    return paper.grade({"f": {wrt: text}})[0].status, {
        g.name: g.value for g in paper.questions[0].givens
    }


@pytest.mark.parametrize("design", [{"x": 2.0}, {"x": between(1, 3)}])
def test_a_number_is_no_formula_also_where_the_input_is_fixed(design):
    graph = {"equations": "y = x**3", "design": design}
    assert status(graph, "3x^2")[0] == "right"
    assert status(graph, "3*x*x + 0")[0] == "right"
    assert status(graph, "12")[0] == "wrong"
    assert status(graph, "6x")[0] == "wrong"


def test_a_class_with_one_set_of_numbers_is_no_easier():
    work = assignment(
        "T", asked("f", "formula", wrt="x"), graph={"equations": "y = x**3", "design": {"x": between(1, 3)}},
        numbers="class", **SECRET,
    )  # fmt: skip
    (given,) = work.paper("a").questions[0].givens
    assert work.paper("a").grade({"f": {"x": f"{3 * given.value**2}"}})[0].status == "wrong"


@pytest.mark.parametrize("student", ["ada", "bob", "eve"])
def test_a_students_own_constant_may_stand_in_it_as_a_number(student):
    graph = {
        "equations": "c: constant = 2.0\ny = c*x**2",
        "design": {"x": between(1, 3), "c": between(2, 9, 1)},
    }
    found, given = status(graph, "2*c*x", student=student)
    assert found == "right"
    assert status(graph, f"{2 * given['c']}*x", student=student)[0] == "right"
    assert status(graph, f"{2 * given['c'] + 0.1}*x", student=student)[0] == "wrong"


@pytest.mark.parametrize(
    "text",
    ["", "y = ", "import os", "x.real", "f(x)", "2 x y z q", "9**9**9**9", "((((", "x" * 5000],
)
def test_what_is_no_formula_is_missing_or_asked_for_again(text):
    assert status({"equations": "y = x**3", "design": {"x": 2.0}}, text)[0] in (
        "format",
        "missing",
        "wrong",
    )
