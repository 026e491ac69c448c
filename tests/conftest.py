"""What every test shares: reproducible examples, tools that may be absent, and a strict CI."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# nodes are compared by identity, in every test; and which tests begin first
pytest_plugins = ["tests.identity", "tests.longest"]

os.environ.setdefault("MPLBACKEND", "Agg")  # no window, on any machine

# The same examples every time: a failure seen once can be seen again.
# HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))


# --- CI has every tool, so nothing may skip there ------------------------------------------------


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure when CI=true; an expected failure stays what it is."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: nothing may skip in CI, but: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    _forbid_skip(report)
    return report


# --- the suites of peers say how much they ran ---------------------------------------------------


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print for each suite of samples that a peer ships how many agree and how many are refused."""
    suites: dict[str, Counter[str]] = {}
    for report in terminalreporter.stats.get("passed", []):
        for kind, value in report.user_properties:
            if kind == "suite":
                suites.setdefault(value[0], Counter()).update(value[1])
    for name, counts in suites.items():
        told = ", ".join(f"{n} {what}" for what, n in sorted(counts.items()))
        terminalreporter.write_line(f"{name}: {told}")


# --- tools outside Python ------------------------------------------------------------------------


def _tool(*names: str) -> str:
    """The path of the first of these programs, or a skip that says which one to install."""
    found = next(filter(None, map(shutil.which, names)), None)
    return found or pytest.skip(f"{' or '.join(names)} is not installed")


@pytest.fixture
def with_dot() -> str:
    """Graphviz' dot is on PATH."""
    return _tool("dot")


@pytest.fixture
def without_dot(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is on PATH, so layout is the built-in one."""
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("no-programs")))


@pytest.fixture(params=["with_dot", "without_dot"])
def either_layout(request: pytest.FixtureRequest) -> str:
    """Run the test twice: laid out by dot, and by the built-in engine."""
    request.getfixturevalue(request.param)
    return request.param


@pytest.fixture
def chromium() -> str:
    """The path of a browser that can take a screenshot without a window."""
    return _tool("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def pdftoppm() -> str:
    """The path of the program that turns PDF pages into images."""
    return _tool("pdftoppm")


@pytest.fixture
def pdflatex() -> str:
    """The path of LaTeX, with TikZ and Beamer."""
    return _tool("pdflatex")


@pytest.fixture
def in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
