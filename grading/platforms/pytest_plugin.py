"""Points for pytest: `pytest -p grading.platforms.pytest_plugin --results results.json`.

    @pytest.mark.points(2)
    def test_sees_both_paths(student): ...

It is loaded by name alone, so that a course's tests have it and nobody else's. A test earns its points or
none; what an `assert` says after its comma is the feedback, and its numbers stay with the instructor, and so
does what a library's assertion says, as that of numpy.testing: it names the expected numbers. What fails
before the test itself is the grader's own failure, which costs nobody points.
"""

from __future__ import annotations

import math
import sysconfig
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from grading.platforms.pytest_student import Student, StudentError
from grading.platforms.writing import FORMS, write_results
from grading.results import Item, ItemStatus, Report, Tier, Visibility

MARKER: Final = (
    "points(n, visibility='visible', name=''): what a test earns; visibility is "
    "'visible', 'hidden', 'after_due_date' or 'after_published'"
)
_KEY: Final = "grading.item"  # in user_properties, which travel from pytest-xdist's workers
_LIBRARY: Final = sysconfig.get_path("stdlib")
_FAILED: Final = "This test failed."


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the results go, in which form, and whose code is tested."""
    group = parser.getgroup("grading", "points for homework")
    group.addoption("--results", metavar="FILE", help="Write the results there.")
    group.addoption("--results-form", choices=[*FORMS], default="plain", help="Whose results file.")
    group.addoption("--student", metavar="FILE", help="The student's Python file, for `student`.")
    group.addoption("--student-name", default="", help="Whose results they are.")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the writer where results were asked for."""
    config.addinivalue_line("markers", MARKER)
    path = config.getoption("--results")
    if path and not hasattr(config, "workerinput"):  # workers of pytest-xdist write nothing
        config.pluginmanager.register(_Results(config, Path(path).absolute()), "grading-results")


@pytest.fixture(scope="session")
def student(request: pytest.FixtureRequest) -> Student:
    """The student's module: `student.f(x)` calls f in the sandbox; see `Student`."""
    path = request.config.getoption("--student")
    if not path:
        raise pytest.UsageError("the fixture `student` needs --student FILE, the student's code")
    return Student.of_file(path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a marker that says no points before any test runs."""
    for item in items:
        marker = item.get_closest_marker("points")
        if marker is not None:
            _arguments(item, marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note on a report what the test earns, as plain data."""
    report = yield
    marker = item.get_closest_marker("points")
    if marker is not None and (call.when == "call" or call.excinfo is not None):
        report.user_properties.append((_KEY, _judged(item, marker, call, report)))
    return report


def _judged(
    item: pytest.Item, marker: pytest.Mark, call: pytest.CallInfo[None], report: pytest.TestReport
) -> dict[str, Any]:
    points, visibility, name = _arguments(item, marker)
    status, feedback, note = _verdict(item, call, report)
    earned = {"right": points, "grader_error": None}.get(status, 0.0)
    return {
        "question": name or item.name, "part": "", "status": status, "points": earned, "out_of": points,
        "feedback": feedback, "note": note, "visibility": visibility,
    }  # fmt: skip


def _arguments(item: pytest.Item, marker: pytest.Mark) -> tuple[float, Visibility, str]:
    """What the marker says.

    Raises UsageError for what is no number of points, and for another visibility or argument.
    """
    points = marker.args[0] if len(marker.args) == 1 else math.nan
    visibility = marker.kwargs.get("visibility", "visible")
    good = (
        isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points < math.inf
    )
    if (
        not good
        or visibility not in get_args(Visibility)
        or {*marker.kwargs} - {"visibility", "name"}
    ):
        raise pytest.UsageError(f"{item.nodeid}: @pytest.mark.{MARKER}")
    return float(points), visibility, str(marker.kwargs.get("name", ""))


def _verdict(
    item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> tuple[ItemStatus | str, str, str]:
    """Status, what the student reads, what the instructor reads."""
    if call.excinfo is None:
        return ("right", "", "") if report.passed else ("wrong", _FAILED, str(report.longrepr))
    error, note = call.excinfo.value, str(report.longrepr)
    if report.skipped:
        return "skipped", "", note
    if isinstance(error, StudentError):
        return error.status, str(error), note
    if call.when != "call":
        return "grader_error", "", note
    if isinstance(error, AssertionError | pytest.fail.Exception):
        told = _message(error) if _is_the_authors(item, call.excinfo) else ""
        return "wrong", told or _promise(item), note
    return "crash", f"The test ended in {type(error).__name__}.", note


def _is_the_authors(item: pytest.Item, failed: pytest.ExceptionInfo[BaseException]) -> bool:
    """Whether a failure's words are the course's own, not those of a library that compares."""
    path = Path(failed.traceback[-1].path)
    is_library = "site-packages" in path.parts or path.is_relative_to(_LIBRARY)
    is_own = path.is_relative_to(item.config.rootpath) and not is_library
    return is_own or isinstance(failed.value, pytest.fail.Exception)


def _message(error: BaseException) -> str:
    r"""What the author of a test says; pytest adds the compared numbers below it, which are not shown.

    >>> _message(AssertionError("Look at b.\nassert 1 == 0.4919")), _message(AssertionError("assert 1 == 2"))
    ('Look at b.', '')
    """
    return f"\n{error}".partition("\nassert ")[0].strip()


def _promise(item: pytest.Item) -> str:
    """The first line of a test's docstring, or that it failed."""
    text = getattr(getattr(item, "obj", None), "__doc__", None) or _FAILED
    return str(text).strip().splitlines()[0]


def _noted(report: pytest.TestReport) -> list[dict[str, Any]]:
    properties: list[tuple[str, Any]] = report.user_properties
    return [value for key, value in properties if key == _KEY]


class _Results:
    """Collects what tests earn, and writes it when all have run."""

    def __init__(self, config: pytest.Config, path: Path) -> None:
        self.config, self.path, self.start = config, path, time.monotonic()
        self.items: dict[str, Item] = {}
        self.broken: list[str] = []
        path.unlink(missing_ok=True)  # an older run's results are nobody's

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for data in _noted(report):
            if report.when != "teardown" and data["status"] != "skipped":
                self.items.setdefault(report.nodeid, Item(**data))

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write, but only what is whole: a file of tests that cannot be read would make zeros."""
        finished = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if finished and self.items and not self.broken:
            write_results(self.path, self.report(), self.config.getoption("--results-form"))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where the results are, or why there are none."""
        terminalreporter.write_line("".join(self._said()))

    def _said(self) -> Iterator[str]:
        if self.path.is_file():
            report = self.report()
            yield f"{report.score:g} of {report.out_of:g} points: {self.path}"
        else:
            yield f"no results were written: {', '.join(self.broken) or 'no test with points ran to its end'}"

    def report(self) -> Report:
        """What the tests earned."""
        path = self.config.getoption("--student")
        tier: Tier = Student.of_file(path).tier if path else "D"
        name = self.config.getoption("--student-name") or (Path(path).stem if path else "")
        items, seconds = tuple(self.items.values()), time.monotonic() - self.start
        return Report(name, self.config.rootpath.name, items, tier, seconds=seconds)
