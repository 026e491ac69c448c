"""Points for pytest: who earns what, what is told to whom, and files that are whole or not there."""

import json
from types import SimpleNamespace

import pytest

from grading.platforms.pytest_plugin import _arguments
from grading.platforms.writing import FORMS
from tests.grading.platforms import documented
from tests.grading.platforms.documented import complaints
from tests.processes import PATIENCE

pytest_plugins = ["pytester"]
PLUGIN = ("-p", "grading.platforms.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:xdist")


@pytest.fixture
def graded(pytester, monkeypatch):
    """Run tests on a student's file: (what pytest did, the results or None).

    Without the plugins that happen to be installed here, which take as long to load as the rest.
    """
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(tests, *options, student="", form="plain"):
        (pytester.path / "handed_in.py").write_text(student, "utf-8")
        pytester.makepyfile(test_homework=tests)
        path = pytester.path / "results.json"
        done = pytester.runpytest_subprocess(
            *PLUGIN, "--results", "results.json", "--results-form", form,
            *(("--student", "handed_in.py") if student else ()), *options, timeout=PATIENCE,
        )  # fmt: skip
        return done, json.loads(path.read_text()) if path.is_file() else None

    return run


MIXED = '''
import pytest

@pytest.fixture
def broken():
    raise RuntimeError("the grader's own")

@pytest.mark.points(2)
def test_right():
    assert True

@pytest.mark.points(3, visibility="hidden", name="the sum of paths")
def test_wrong():
    assert 1 == 0.4919, "Look at the path through h_1."

@pytest.mark.points(1)
def test_promise():
    """Both paths count.

    More.
    """
    assert 1 == 0.4919

@pytest.mark.points(4)
def test_fixture(broken):
    pass

@pytest.mark.points(1)
def test_raises():
    raise KeyError("0.4919")

@pytest.mark.points(1)
@pytest.mark.parametrize("x", [1, 2])
def test_each(x):
    assert x == 1, "Two is not one."

@pytest.mark.points(9)
@pytest.mark.skip(reason="next week")
def test_later():
    pass

def test_without_points():
    assert False
'''


def test_each_test_earns_its_points_or_none(graded):
    done, results = graded(MIXED)
    items = {item["question"]: item for item in results["items"]}
    assert {name: (item["status"], item["points"]) for name, item in items.items()} == {
        "test_right": ("right", 2),
        "the sum of paths": ("wrong", 0),
        "test_promise": ("wrong", 0),
        "test_fixture": ("grader_error", None),
        "test_raises": ("crash", 0),
        "test_each[1]": ("right", 1),
        "test_each[2]": ("wrong", 0),
    }
    assert (results["score"], results["out_of"]) == (3, 9)
    assert (results["tier"], items["the sum of paths"]["visibility"]) == ("D", "hidden")
    assert items["the sum of paths"]["feedback"] == "Look at the path through h_1."
    assert items["test_promise"]["feedback"] == "Both paths count."
    assert "0.4919" not in "".join(item["feedback"] for item in items.values())
    assert "0.4919" in items["test_promise"]["note"]
    done.stdout.fnmatch_lines(["3 of 9 points: *results.json"])


LIBRARIES = """
import unittest
import numpy as np
import pytest

@pytest.mark.points(1)
def test_numpy():
    'Both paths count.'
    np.testing.assert_allclose([5.0], [6.4919])

@pytest.mark.points(1)
def test_numpy_text():
    np.testing.assert_array_equal(5.0, 6.4919)

class TestCase(unittest.TestCase):
    @pytest.mark.points(1)
    def test_unittest(self):
        self.assertEqual(5.0, 6.4919)

@pytest.mark.points(1)
def test_raised():
    raise AssertionError("Look at b.")

@pytest.mark.points(1)
def test_fails():
    pytest.fail("Look at c.")
"""


def test_what_a_librarys_assertion_says_stays_with_the_instructor(graded):
    """numpy.testing and unittest name the expected number."""
    items = {item["question"]: item for item in graded(LIBRARIES)[1]["items"]}
    assert {name: item["feedback"] for name, item in items.items()} == {
        "test_numpy": "Both paths count.",
        "test_numpy_text": "This test failed.",
        "test_unittest": "This test failed.",
        "test_raised": "Look at b.",
        "test_fails": "Look at c.",
    }
    assert "6.4919" in items["test_numpy"]["note"]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "plain"])
def test_results_in_the_form_of_a_platform(graded, form):
    results = graded(MIXED, form=form)[1]
    fields = getattr(documented, form.upper()), getattr(documented, f"{form.upper()}_TEST")
    assert complaints(results, *fields) == []
    share = results["score"] / (13 if form == "gradescope" else 1)
    assert share == pytest.approx(3 / 9)


STUDENT = """
import sys
def slope(x): return 2 * x
def endless(x):
    while True: pass
def leave(x): sys.exit(0)
def raises(x): raise ValueError("no " + str(x))
def lies(x): return float("nan")
"""
CALLS = """
import pytest

@pytest.mark.points(1)
def test_slope(student):
    assert student.call("slope", 3.0) == 6.0

@pytest.mark.points(1)
@pytest.mark.parametrize("name", ["raises", "leave", "absent", "__class__"])
def test_call(student, name):
    assert student.call(name, 3.0) == 6.0

@pytest.mark.points(1)
def test_lies(student):
    assert student.call("lies", 3.0) == 6.0, "Twice x is asked."

@pytest.mark.points(1)
def test_several_calls_in_one_child(student):
    assert student.calls([("slope", (x,), {}) for x in (1.0, 2.0)]) == [2.0, 4.0]
"""


def test_a_students_functions_run_in_the_sandbox(graded):
    results = graded(CALLS, student=STUDENT)[1]
    found = {item["question"]: item for item in results["items"]}
    assert {name: item["points"] for name, item in found.items() if item["points"]} == {
        "test_slope": 1, "test_several_calls_in_one_child": 1
    }  # fmt: skip
    assert found["test_call[raises]"]["status"] == "crash"
    assert "no 3.0" in found["test_call[raises]"]["feedback"]
    assert found["test_call[absent]"]["status"] == "missing"
    assert found["test_lies"]["feedback"] == "Twice x is asked."
    assert results["tier"] in ("A", "B", "C")
    assert results["student"] == "handed_in"


HOSTILE = """
import os, sys, builtins
try:
    import pytest
    pytest.exit("all right", returncode=0)
except ImportError:
    pass
open("results.json", "w").write('{"score": 99}')
"""


def test_a_hostile_file_changes_neither_results_nor_test_run(graded, pytester):
    done, results = graded(CALLS, student=HOSTILE)
    assert results["score"] == 0
    assert results["out_of"] == 7
    assert {item["status"] for item in results["items"]} <= {"crash", "refused", "missing", "wrong"}
    assert done.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(
    ("tests", "says"),
    [
        ("def test_x(:", "test_homework.py"),
        ("import pytest\n@pytest.mark.points()\ndef test_x(): pass", "points(n"),
        ("def test_x(): pass", "no test with points"),
    ],
)
def test_where_the_tests_are_broken_nothing_is_written_that_reads_as_zero(graded, tests, says):
    done, results = graded(tests)
    assert results is None
    assert says in done.stdout.str() + done.stderr.str()


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        (("2",), {}), ((-1,), {}), ((float("nan"),), {}), ((True,), {}), ((1, 2), {}),
        ((1,), {"visibility": "no"}), ((1,), {"wieght": 2}),
    ],
)  # fmt: skip
def test_a_marker_that_says_no_points_is_refused_with_what_it_takes(args, kwargs):
    marker = SimpleNamespace(args=args, kwargs=kwargs)
    with pytest.raises(pytest.UsageError, match=r"test_x: @pytest\.mark\.points\(n, visibility"):
        _arguments(SimpleNamespace(nodeid="test_x"), marker)


def test_results_of_an_earlier_run_do_not_survive_a_broken_one(graded):
    assert graded(MIXED)[1] is not None
    assert graded("def test_x(:")[1] is None


def test_the_fixture_says_what_it_needs(graded):
    done, results = graded(CALLS)
    assert all(item["status"] == "grader_error" for item in results["items"])
    assert "--student" in done.stdout.str()


def test_this_projects_own_tests_do_not_load_the_plugin(request):
    assert not request.config.pluginmanager.has_plugin("grading.platforms.pytest_plugin")
