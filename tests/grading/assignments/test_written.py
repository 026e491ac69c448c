"""Assignments of a few lines of Python are checked as files are."""

import pickle

import pytest

from autograd_lite.errors import AssignmentError
from grading.assignments.written import asked, assignment, between

SECRET = {"secret": "between us"}


def test_it_is_an_assignment_like_one_of_a_file():
    work = assignment(
        "T", asked("q1", "total", wrt="x", points=2), graph="x = 2.0\ny = x**2", **SECRET
    )
    assert (work.title, work.points, work.warnings) == ("T", 2.0, ())
    (item,) = work.paper("ada").grade({"q1": {"x": 4}})
    assert item.status == "right"


def test_a_model_may_be_asked_about():
    model = {"model": "Linear", "in_features": 2, "out_features": 2, "loss": "upstream"}
    work = assignment("T", asked("q1", "array", wrt="W"), graph=model, **SECRET)
    given = {g.name: g.value for g in work.paper("ada").questions[0].givens}
    (item,) = work.paper("ada").grade({"q1": {"W": given["G"].T @ given["x"]}})
    assert item.status == "right"


@pytest.mark.parametrize(
    ("questions", "said", "message"),
    [
        ([], {}, "assignment, question: expected a list of 1 to 100 tables"),
        ([asked("q1", "total", wrt="q")], {}, "assignment, question 1, wrt: the graph has no variable 'q'"),
        ([asked("q 1", "total", wrt="x")], {}, "assignment, question 1, name: expected a word"),
        ([asked("q1", "total", wrt="x", point=2)], {}, "did you mean 'points'"),
        ([3], {}, "assignment, question 1: a table is expected"),
        ([asked("q1", "total", wrt="x")], {"graph": "y = x +"}, "line 1, graph, equations: `y = x +`"),
        ([asked("q1", "total", wrt="x")], {"graph": 7}, "assignment, graph: expected a table"),
        ([asked("q1", "total", wrt="x")], {"titles": 7}, "did you mean 'title'"),
        ([asked("q1", "total", wrt="x")], {"feedback": lambda: 1}, "feedback: expected one of"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_by_its_key(questions, said, message):
    with pytest.raises(AssignmentError) as caught:
        assignment("T", *questions, **({"graph": "x = 2.0\ny = x**2"} | said))
    assert message in str(caught.value)


def test_it_can_be_sent_to_another_process():
    work = assignment(
        "T",
        asked("q1", "total", wrt="x"),
        graph={"equations": "y = x**2", "design": {"x": between(1, 3)}},
        **SECRET,
    )
    again = pickle.loads(pickle.dumps(work))  # noqa: S301 - our own
    assert again.hash == work.hash
    assert again.paper("ada").questions[0].givens == work.paper("ada").questions[0].givens
