"""One submission: answers find their fields, and every item says what came of it."""

import json

import pytest

from grading.course.contents import Contents
from grading.course.matching import matched
from grading.course.one import Setting, graded, not_graded
from grading.course.variables import variables
from grading.sandbox import best_tier


def one(homework, **files):
    named = tuple((name.replace("_", "."), text.encode()) for name, text in files.items())
    return graded(Setting(homework, best_tier()), Contents("ada", named))


@pytest.mark.parametrize(
    ("answers", "places"),
    [
        ({"all": {"x": 1}}, {"all": {"x": 1}}),
        ({"ALL": {" X ": 1}}, {"all": {"x": 1}}),
        ({"": {"all": 1, "forward": 2}}, {"all": {"x": 1}, "forward": {"h": 2}}),
        ({"": {"all.x": 1, "one.x": 2}}, {"all": {"x": 1}, "one": {"x": 2}}),
        ({"": {"h": 4}}, {"forward": {"h": 4}}),
    ],
)
def test_names_are_understood_as_students_write_them(answers, places, homework):
    found = matched(answers, homework.paper("ada"))
    assert (found.answers, found.remarks) == (places, [])


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"": {"x": 1}}, "'x' is asked in all, one: write the question too"),
        ({"alll": {"x": 1}}, "no question 'alll'; did you mean 'all'?"),
        ({"all": {"z": 1}}, "question all asks for no 'z'; known: x"),
        ({"": {"zz": 1}}, "nothing here is called 'zz'"),
        ({"<b>" * 99: {"\n" * 99: 1}}, "there is no question"),
    ],
)
def test_an_answer_for_no_field_is_told(answers, says, homework):
    found = matched(answers, homework.paper("ada"))
    assert found.answers == {}
    assert says in found.remarks[0]


def test_what_is_missing_and_what_cannot_be_read_are_told_apart(homework):
    half = one(homework, a_csv="all,x,7.000")
    assert [x.status for x in half.items] == ["right", "missing", "missing"]
    broken = one(homework, a_csv="all,x,7.000", b_json="{")
    assert [x.status for x in broken.items] == ["right", "format", "format"]
    assert "b.json is no JSON" in broken.items[1].feedback


def test_no_code_is_run_where_none_was_handed_in(homework):
    assert one(homework, a_csv="all,x,7").tier is None
    assert one(homework, a_py="while True: pass").tier is None  # nothing here is answered with code


def test_a_form_of_another_assignment_is_told(homework):
    found = one(homework, a_json='{"assignment": "week 9", "answers": {"all": {"x": "7.000"}}}')
    assert found.items[0].status == "right"
    assert "of 'week 9'" in found.warnings[0]


@pytest.mark.parametrize(
    ("cells", "answers"),
    [
        (["all_x = 7.0"], {("all", "x", 7.0)}),
        (["all = {'x': 7.0}"], {("all", "x", 7.0)}),
        (["all = 7.0"], {("", "all", 7.0)}),
        (["h = 4", "x = 2"], {("forward", "h", 4)}),  # h is asked as a value; x is an input
        (["import numpy as np\none_x = np.float64(3)"], {("one", "x", 3.0)}),
        (["h = 1", "h = 4"], {("forward", "h", 4)}),
    ],
)
def test_variables_of_a_notebook_are_answers(cells, answers, homework):
    found = variables(cells, homework.paper("ada"), best_tier())
    assert set(found.answers) == answers


def test_a_variable_that_is_no_value_has_a_status_of_its_own(homework):
    found = variables(["all_x = print", "one_x = 3"], homework.paper("ada"), best_tier())
    assert found.problems["all", "x"].status in ("refused", "crash")
    assert "all_x" in found.problems["all", "x"].says
    assert ("one", "x", 3) in found.answers


def test_a_report_without_a_grade_costs_nothing(homework):
    report = not_graded(Setting(homework), "ada", "why")
    assert (report.score, report.out_of, len(report.items)) == (0, 0, 3)
    assert {(x.points, x.note) for x in report.items} == {(None, "why")}


def test_an_item_that_fails_once_is_graded_again(homework, monkeypatch):
    from grading.assignments.paper import Paper

    tries = []
    real = Paper.grade

    def shaky(self, answers, *, code=None):
        tries.append(1)
        return (
            not_graded(Setting(homework), "ada", "busy").items
            if len(tries) == 1
            else real(self, answers)
        )

    monkeypatch.setattr(Paper, "grade", shaky)
    assert one(homework, a_csv="all,x,7.000").items[0].status == "right"


@pytest.mark.parametrize(
    "broken", ["1/0", "for x in [", "slope(2", "%%bash\nls", "raise SystemExit", "open('no.csv')"]
)
def test_a_cell_that_fails_costs_no_function_of_another_cell(broken, programs):
    function = "def slope(x):\n    return 2*x + 3"
    cells = [{"cell_type": "code", "source": text} for text in (broken, function, broken)]
    (item,) = one(programs, a_ipynb=json.dumps({"cells": cells})).items
    assert item.status == "right"


def test_a_function_may_stand_in_a_file_and_lean_on_a_cell(programs):
    cells = json.dumps({"cells": [{"cell_type": "code", "source": "three = 3"}]})
    found = one(programs, a_py="def slope(x):\n    return 2*x + three", b_ipynb=cells)
    assert [item.status for item in found.items] == ["right"]


def test_one_field_under_two_names_is_told_and_the_first_counts(homework):
    found = matched({"all": {"x": "7", "X": "8"}, "": {"forward": "4"}}, homework.paper("ada"))
    assert found.answers == {"all": {"x": "7"}, "forward": {"h": "4"}}
    assert found.remarks == ["all x is answered twice; the first answer counts"]
    same = matched({"all": {"x": "7", "X": "7"}}, homework.paper("ada"))
    assert same.remarks == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("all = {'z': 7.0}", "question all asks for no 'z'"),
        ("forward = {'h': 4.0, 'g': 1.0}", "question forward asks for no 'g'"),
    ],
)
def test_an_entry_of_a_notebooks_answers_that_is_for_no_field_is_told(source, says, homework):
    cells = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    assert any(says in warning for warning in one(homework, a_ipynb=cells).warnings)
