"""check() in a notebook: a plain float whatever happens, feedback on standard output."""

import json
import math
import re
import subprocess
import sys

import numpy as np
import pytest

from autograd_lite.errors import AssignmentError
from grading import check
from grading._check import Check, points
from grading.assignments import load
from grading.results import Item
from tests.grading.platforms.running import (
    ASSIGNMENT,
    HALF_PROGRAM,
    PROGRAM,
    RIGHT_PROGRAM,
    right_answers,
)


@pytest.fixture
def homework(in_tmp_path):
    (in_tmp_path / "homework.toml").write_text(ASSIGNMENT, "utf-8")
    return load("homework.toml")


@pytest.fixture
def fresh():
    return Check()


def graded(check, answer, **options):
    return check("moves", answer, student="class", **options)


def test_the_points_are_a_built_in_float(homework, fresh, capsys):
    right = right_answers(homework, "moves")
    for answer, wanted in [
        (right, 4.0), ({"h": right["h"]}, 1.0), ({"x": float(right["x"])}, 3.0),
        ({"x": np.float64(right["x"])}, 3.0), ({}, 0.0), ({"h": "one half"}, 0.0),
    ]:  # fmt: skip
        found = graded(fresh, answer)
        assert type(found) is float
        assert found == wanted
    assert "moves: 4 of 4 points" in capsys.readouterr().out


HOSTILE = [
    "", None, math.nan, math.inf, -math.inf, "nan", "9**9**9", "__import__('os')", 10**400, [], [[]], {},
    object(), lambda: 1, np.array([]), np.array(["a"]), np.nan, 1j, True, b"0.49", "4" * 10_000, "٣.١٤",
    {"a": {"b": 1}},
    type("Evil", (float,), {"__eq__": lambda *_: True, "__repr__": lambda _: 1 / 0})(2.0),
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_answered_the_result_is_a_float_without_marks(homework, fresh, answer, capsys):
    found = graded(fresh, {"h": answer, "x": answer})
    assert type(found) is float
    assert found == 0.0
    assert capsys.readouterr().err == ""


def test_practice_has_other_numbers_than_the_graded_ones_and_says_so(homework, fresh, capsys):
    shown = []
    for student in (None, "ada", "class"):
        fresh.show("moves", student=student)
        shown.append(capsys.readouterr().out)
    assert len(set(shown)) == 3
    fresh("moves", right_answers(homework, "moves"))
    practice = capsys.readouterr().out
    assert "practice: other numbers" in practice
    assert "0 of 4 points" in practice
    assert "Tier D, trusted" in practice


def test_every_result_says_that_it_is_trusted_alone(homework, fresh, capsys):
    graded(fresh, {})
    assert (
        "Tier D, trusted: the check ran inside the student's own process" in capsys.readouterr().out
    )


def test_answers_are_read_from_the_callers_variables(homework, fresh):
    right = right_answers(homework, "moves")

    def by_question():
        moves = right  # noqa: F841 - check looks for it
        return fresh("moves", student="class")

    def by_fields():
        h = right["h"]  # noqa: F841 - check looks for it
        x = "0"  # noqa: F841 - and for it
        return fresh("moves", student="class")

    def by_both_names():
        moves_x = right["x"]  # noqa: F841 - check looks for it
        return fresh("moves", student="class")

    assert (by_question(), by_fields(), by_both_names()) == (4.0, 1.0, 3.0)


def test_a_field_that_is_none_is_named_and_the_others_count(homework, fresh, capsys):
    right = right_answers(homework, "moves")
    assert graded(fresh, {"x": right["x"], "H": right["h"]}) == 3.0
    assert "moves has no 'H'; known: h, x" in capsys.readouterr().out
    assert graded(fresh, right["x"]) == 0.0
    assert 'moves asks for several answers: {"h": …, "x": …}' in capsys.readouterr().out


def test_no_answer_is_in_what_is_printed(homework, fresh, capsys):
    right = right_answers(homework, "moves")
    graded(fresh, {"h": "0.123", "x": f"-{right['x']}"})
    fresh.show("moves", student="class")
    out = capsys.readouterr().out.replace(f"-{right['x']}", "")
    assert right["x"] not in out
    assert right["h"] not in out


def test_the_assignment_is_the_one_named_or_used_or_the_only_one_here(homework, fresh, in_tmp_path):
    assert fresh("moves", {}, assignment="homework.toml") == fresh("moves", {}) == 0.0
    (in_tmp_path / "second.toml").write_text(ASSIGNMENT, "utf-8")
    with pytest.raises(AssignmentError, match=r"several: homework\.toml, second\.toml"):
        fresh("moves", {})
    fresh.use("second.toml")
    assert fresh("moves", {}) == 0.0
    with pytest.raises(AssignmentError, match="did you mean 'moves'"):
        fresh("move", {})
    with pytest.raises(AssignmentError, match="no file"):
        fresh.use("third.toml")


def test_without_any_assignment_it_says_what_to_write(in_tmp_path, fresh):
    with pytest.raises(AssignmentError, match=r'check\.use\("assignment\.toml"\)'):
        fresh("q1", {})


def test_a_criterion_passes_or_says_what_is_wrong(homework, fresh):
    right = right_answers(homework, "moves")
    fresh.use("homework.toml", student="class")
    assert fresh.criterion("moves", "x", {"moves": right}) is None
    with pytest.raises(AssertionError, match="sign"):
        fresh.criterion("moves", "x", {"moves": right | {"x": f"-{right['x']}"}})
    with pytest.raises(AssertionError, match="no answer"):
        fresh.criterion("moves", "h", {})


def test_of_a_hidden_question_the_graded_check_says_nothing(in_tmp_path, fresh, capsys):
    (in_tmp_path / "hidden.toml").write_text(f'visibility = "hidden"{ASSIGNMENT}', "utf-8")
    right = right_answers(load("hidden.toml"), "moves")
    minus = {**right, "x": f"-{right['x']}"}
    assert graded(fresh, minus) == 1.0
    said = capsys.readouterr().out
    assert "moves: not shown here" in said
    assert "sign" not in said
    with pytest.raises(AssertionError) as raised:
        fresh.criterion("moves", "x", {"moves": minus}, student="class")
    assert str(raised.value) == ""
    fresh("moves", {"h": "0.1234", "x": "0.1234"})  # practice is no result
    assert "of 4 points (practice" in capsys.readouterr().out


def test_nothing_is_said_on_standard_error(homework, fresh, monkeypatch, capsys):
    """nbgrader takes a word there, such as a warning, for a mistake of the student's."""

    def warns(*_, **__):
        sys.stderr.write("a warning")
        raise AssignmentError("and then an error")

    monkeypatch.setattr(Check, "_judged", warns)
    with pytest.raises(AssignmentError):
        fresh("moves", {})
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        ([], 0.0),
        ([Item("q", "", "right", 3, 2)], 2.0),
        ([Item("q", "", "wrong", -1, 2)], 0.0),
        ([Item("q", "", "wrong", math.nan, 2)], 0.0),
        ([Item("q", "", "wrong", np.float64(0.5), 2)], 0.5),
        ([Item("q", "", "grader_error", None, 2), Item("q", "", "wrong", 0, 1)], 2.0),
    ],
)
def test_points_lie_between_zero_and_what_is_possible(items, wanted):
    assert points(items) == wanted
    assert type(points(items)) is float


@pytest.mark.parametrize(
    ("source", "wanted", "says"),
    [
        (RIGHT_PROGRAM, 2.0, "Right."),
        (HALF_PROGRAM, 1.0, "partial derivative where the total was asked"),
        ("def slopes(x): raise ValueError('no')", 0.0, "no"),
        ("def slope(x): return x", 0.0, "slopes"),
        ("", 0.0, "slopes"),
    ],
)
def test_a_program_runs_in_the_sandbox(in_tmp_path, fresh, capsys, source, wanted, says):
    (in_tmp_path / "homework.toml").write_text(ASSIGNMENT + PROGRAM, "utf-8")
    found = fresh("program", source, student="class")
    assert (type(found), found) == (float, wanted)
    assert says in capsys.readouterr().out


NOTEBOOK = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shown = []
shell.display_pub.publish = lambda data, **_: shown.append(data)
shell.run_cell('from grading import check; check.use("homework.toml", student="class")')
shell.run_cell('moves = {"x": "%s"}', store_history=True)
print(json.dumps(type(shell.run_cell('check("moves")').result).__name__), file=sys.stderr)
shell.run_cell("from math import sin\\nimport numpy as np\\nprint('here')", store_history=True)
shell.run_cell("def inner(x): return sin(x)", store_history=True)
shell.run_cell("def slopes(x): return 2 * inner(x) * x, inner(x)**2", store_history=True)
print(json.dumps(shell.run_cell('check("program")').result), file=sys.stderr)
print(json.dumps(shown), file=sys.stderr)
"""


def test_in_jupyter_the_graph_is_shown_with_words_and_without_numbers(homework, in_tmp_path):
    (in_tmp_path / "homework.toml").write_text(ASSIGNMENT + PROGRAM, "utf-8")
    right = right_answers(homework, "moves")
    x = next(g.value for g in homework.paper("class").questions[0].givens if g.name == "x")
    direct = f"{math.sin(x) ** 2:.4g}"  # the partial derivative, where the total was asked
    done = subprocess.run([sys.executable, "-c", NOTEBOOK % direct], cwd=in_tmp_path, timeout=120,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    kind, program, shown = done.stderr.strip().splitlines()[-3:]
    assert json.loads(kind) == "float"
    assert json.loads(program) == 1.0
    (html,) = (data["text/html"] for data in json.loads(shown) if "text/html" in data)
    assert re.search(r'alt="Flow graph: x → h, x → y, h → y\. Highlighted: [^"]+\."', html)
    assert right["x"] not in html


def test_the_public_name_is_one_check_for_a_notebook():
    assert isinstance(check, Check)
