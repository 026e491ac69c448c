"""Answers among a notebook's variables: by the question's name, by the fields'; strays are said."""

import pytest

from grading.assignments.questions import Field, Part, Question
from grading.notebooks.answers import answers_of, variable_of


def question(*fields, name="q-1"):
    parts = tuple(Part(Field(x, x, "number", 1.0), "y") for x in fields)
    return Question(name, "total", "", "", None, parts, "path", "visible")


TWO = question("h_0", "x")
ONE = question("x")


@pytest.mark.parametrize(
    ("asked", "names", "fields"),
    [
        (TWO, {"q_1": {"h_0": 1, "x": 2}}, {"h_0": 1, "x": 2}),
        (TWO, {"h_0": 1, "x": 2, "other": 3}, {"h_0": 1, "x": 2}),
        (TWO, {"q_1": {"h_0": 1}, "x": 2}, {"h_0": 1}),
        (TWO, {"q_1_x": 2, "q_1": {"h_0": 1, "x": 9}}, {"h_0": 1, "x": 2}),
        (TWO, {"q_1": len, "x": 2}, {"x": 2}),
        (TWO, {}, {}),
        (ONE, {"q_1": "0.49"}, {"x": "0.49"}),
        (ONE, {"q_1": [1, 2]}, {"x": [1, 2]}),
    ],
)
def test_variables_are_found_by_their_names(asked, names, fields):
    assert answers_of(asked, None, names).fields == fields


def test_what_is_given_counts_alone():
    assert answers_of(TWO, {"x": 1}, {"h_0": 5, "q_1_h_0": 6}).fields == {"x": 1}


@pytest.mark.parametrize(
    ("answer", "says"),
    [({"h0": 1}, "q-1 has no 'h0'; did you mean 'h_0'?"), (3, 'several answers: {"h_0": …, "x": …}'),
     ({(1, 2): 1}, r"q-1 has no (1, 2)")],
)  # fmt: skip
def test_what_belongs_nowhere_is_said(answer, says):
    found = answers_of(TWO, answer, {})
    assert found.fields == {}
    assert says in found.remarks[0]


@pytest.mark.parametrize("name", ["q1", "q-1", "class", "lambda", "None", "week-3_b"])
def test_every_question_has_a_variable(name):
    space = {}
    exec(f"{variable_of(name)} = 1", space)  # noqa: S102 - a name
    assert space[variable_of(name)] == 1
