"""The Markdown page: every race a row, every goal a row, the date, the machine."""

import datetime
import platform

import pytest

from benchmarks import growth, machine, table, targets
from benchmarks.growth.slopes import Point
from benchmarks.outcome import Goal, Outcome, Race
from benchmarks.race import Times

SWEEP = "value and gradient"
OUTCOME = Outcome(
    [
        Race("T1 float64", SWEEP, Times({"program": [3e-3], "floor": [2e-3], "torch": [4e-3]})),
        Race("T2 float64", SWEEP, Times({"program": [5e-3], "floor": [5e-3]})),
        Race("T1 float64", "a training step", Times({"eager": [2e-3], "torch": [1e-3]})),
    ],
    [Goal("T1 float64", "program to floor", 1.05, 1.5, minima=1.4)],
)


def test_a_race_is_a_row_of_ratios_to_its_first():
    rows = table.races(OUTCOME.races[:2]).splitlines()
    assert rows[0] == "| work | time |  | program | floor | torch |"
    assert rows[2] == "| T1 float64 | 2 ms | floor | 1.50 / 1.50 | 1 | 2.00 / 2.00 |"
    assert rows[3] == "| T2 float64 | 5 ms | floor | 1.00 / 1.00 | 1 |  |"


def test_a_goal_is_a_row_with_its_verdict():
    row = table.goals(OUTCOME.goals).splitlines()[-1]
    assert row == "| T1 float64 | program to floor | ≤ 1.05 × | 1.50 / 1.40 × | MISSED |"


def test_the_page_says_when_and_where_and_has_each_kind_of_race_under_its_own_heading():
    page = table.page(OUTCOME, datetime.date(2030, 1, 2))
    assert "2030-01-02" in page
    assert f"Python {platform.python_version()}" in page
    assert "numpy " in page
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## Value and gradient", "## A training step", "## To reach"]


def test_the_machine_is_described_by_its_processor_and_cores():
    assert machine.processor() in machine.described()
    assert " cores" in machine.described()


def test_works_ahead_of_torch_are_counted_by_precision():
    double, single = targets.ahead_of_torch(OUTCOME.races)
    assert double.what == "program ahead of torch, float64: T1 of T1"
    assert double.verdict == single.verdict == "not measured"  # before all six have run


@pytest.mark.parametrize(("slower", "verdict"), [(0, "reached"), (1, "MISSED")])
def test_all_six_works_are_to_be_ahead_in_float64(slower, verdict):
    ahead, behind = {"program": [1.0], "torch": [2.0]}, {"program": [2.0], "torch": [1.0]}
    races = [
        Race(f"T{k} float64", SWEEP, Times(behind if k <= slower else ahead)) for k in range(1, 7)
    ]
    goal, _ = targets.ahead_of_torch(races)
    assert (goal.found, goal.verdict) == (6 - slower, verdict)


def test_where_no_work_on_arrays_was_run_there_is_nothing_to_say_of_torch():
    assert targets.ahead_of_torch([]) == []
    assert targets.ahead_of_torch([Race("S1", SWEEP, Times({"program": [1.0]}))]) == []


def test_long_times_are_told_in_seconds():
    points = [Point(n, 1e-3 * n, 1e-3 * n) for n in (100, 1_000, 3_730)]
    assert growth.slopes({"nodes": {"eager": points}})[1][3] == "3.73 s"


def test_growth_is_a_table_of_what_the_largest_size_costs_and_of_slopes():
    points = [Point(n, 1e-6 * n, 1e-3 * n) for n in (100, 1_000, 10_000)]
    rows = growth.slopes({"nodes": {"eager": points}})
    assert rows[1:] == [["scalar nodes (S1)", "eager", "10,000", "10 ms", "1.00", "10 MB", "1.00"]]
    page = table.page(Outcome(tables={"Growth": rows}), datetime.date(2030, 1, 2))
    assert "## Growth" in page
    assert "| scalar nodes (S1) | eager | 10,000 | 10 ms | 1.00 | 10 MB | 1.00 |" in page
