"""Times are compared within a round, and say how a limit stands."""

import pytest

from benchmarks import race
from benchmarks.outcome import Goal, Limit, Outcome, Race, ratio_goal
from benchmarks.race import Times

# the second round was taken while the machine was busy: everybody took three times as long
TIMES = Times({"program": [1.0, 3.0, 1.2], "floor": [2.0, 6.0, 2.0]})


def test_everybody_is_timed_after_a_run_of_their_own():
    order = []
    race.race({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2)
    assert "".join(order) == "aabbaabb"


def test_the_clock_counts_between_the_runs_it_is_asked_for():
    clock = iter(range(100))
    times = race.race({"a": lambda: next(clock)}, 2, clock=lambda: next(clock))
    assert times.taken == {"a": [2, 2]}  # a run of its own moves the clock once, the reading twice


def test_a_ratio_is_the_median_of_those_within_a_round():
    assert TIMES.ratio("program", "floor") == 0.5
    assert TIMES.ratio_of_minima("program", "floor") == 0.5
    assert TIMES.median("program") == 1.2


@pytest.mark.parametrize(("at_most", "verdict"), [(0.5, "reached"), (0.4, "MISSED")])
def test_a_limit_is_reached_or_missed(at_most, verdict):
    goal = ratio_goal(Race("T1", "a sweep", TIMES), Limit("program", "floor", at_most))
    assert goal.verdict == verdict
    assert goal.found == 0.5


def test_a_limit_about_somebody_absent_is_not_measured_and_still_a_row(capsys):
    outcome = Outcome()
    outcome.add(Race("T1", "a sweep", TIMES), [Limit("program", "jax", 1.0)])
    told = capsys.readouterr().out
    assert "program to jax, a sweep: -   to reach ≤ 1 ×: not measured" in told
    assert len(outcome.goals) == 1


def test_more_is_better_where_a_goal_says_so():
    assert Goal("S2", "times micrograd", 60, 138, at_least=True).verdict == "reached"
    assert Goal("S2", "times micrograd", 60, 12, at_least=True).verdict == "MISSED"


def test_the_collector_is_paused_inside_and_runs_again_after():
    import gc

    assert race.paused(gc.isenabled)() is False
    assert gc.isenabled()
