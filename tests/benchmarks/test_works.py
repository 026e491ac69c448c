"""Every benchmark runs, agrees with the installed peers, and says how each thing to reach stands."""

import pytest

from benchmarks import (
    engines,
    imports,
    s1,
    s2,
    s3,
    steps,
    t1,
    t2,
    t3,
    t4,
    t5,
    t6,
)
from benchmarks.trainers import Trainer

TRAINED = {
    "T1": lambda: t1.main(batch=4, rounds=1),
    "T2": lambda: t2.main((3, 2, 2, 3), rounds=1),
    "T3": lambda: t3.main((3, 2, 2, 3), rounds=1),
    "T4": lambda: t4.main(batch=2, size=8, rounds=1),
    "T5": lambda: t5.main(batch=4, rounds=1),
    "T6": lambda: t6.main(operations=30, rounds=1),
}
SCALAR = {
    "S1": lambda: s1.main(operations=300, rounds=1, large=3000),
    "S2": lambda: s2.main(points=2, rounds=1),
    "S3": lambda: s3.main(nodes=200, rounds=1),
}
ARRAY_PEERS, SCALAR_PEERS = ("torch", "jax"), ("torch", "micrograd", "mygrad", "autograd", "casadi")


@pytest.fixture(autouse=True)
def no_other_interpreters(monkeypatch):
    """Fresh interpreters take seconds: here they answer nothing."""
    monkeypatch.setattr("benchmarks.fresh.told", lambda *_, **__: None)
    monkeypatch.setattr(t3, "megabytes", lambda *_: None)


@pytest.mark.parametrize("work", TRAINED)
def test_engine_program_and_floor_agree_and_are_raced_in_both_precisions(work, capsys):
    outcome = TRAINED[work]()
    sweeps = [race for race in outcome.races if race.what == steps.SWEEP]
    assert {race.work for race in sweeps} == {f"{work} float64", f"{work} float32"}
    assert all({"eager", "program", "floor"} <= race.times.taken.keys() for race in sweeps)
    told = capsys.readouterr().out
    assert f"program to floor, {steps.SWEEP}" in told
    assert all(peer in told for peer in ARRAY_PEERS)


@pytest.mark.parametrize("work", SCALAR)
def test_a_scalar_work_is_recorded_and_names_every_peer(work, capsys):
    outcome = SCALAR[work]()
    recorded = [race for race in outcome.races if race.what == "recorded"]
    assert all("program" in race.times.taken for race in recorded)
    assert recorded
    told = capsys.readouterr().out
    assert "program to casadi, recorded" in told
    peers = ("micrograd", "casadi") if work == "S2" else SCALAR_PEERS
    assert all(peer in told for peer in peers)


def test_the_time_an_import_takes_is_told(capsys, monkeypatch):
    monkeypatch.setattr(imports, "MODULES", ("numpy", "autograd_lite"))
    (goal,) = imports.main(rounds=1).goals
    assert goal.verdict in capsys.readouterr().out


def test_an_absent_peer_is_skipped_with_a_line(capsys, monkeypatch):
    def absent():
        raise ImportError

    monkeypatch.setattr(engines, "PEERS", {"torch": absent})
    assert not list(engines.peers(arrays=True))
    assert dict(steps.installed({"jax": absent})) == {}
    told = capsys.readouterr().out
    assert told == "  torch is not installed: skipped\n  jax is not installed: skipped\n"


def test_a_peer_that_computes_something_else_stops_the_race():
    ours = engines.here(arrays=False)
    wrong = engines.Engine(
        "wrong", ours.functions, lambda f, xs: [2 * g for g in ours.gradient(f, xs)]
    )
    with pytest.raises(AssertionError, match="wrong disagrees"):
        engines.agree(ours, wrong, s1.chain(30), s1.INPUTS)


def test_other_gradients_stop_the_race_of_trainers():
    ours = Trainer(lambda: None, lambda: [[1.0, 2.0]])
    wrong = Trainer(lambda: None, lambda: [[1.0, 2.1]])
    contest = steps.Contest("T0", "float64", {"eager": lambda: ours, "numpy": lambda: wrong})
    with pytest.raises(AssertionError, match="numpy disagrees on weight 0"):
        contest.run(rounds=1)


def test_the_random_graph_stays_finite_and_is_the_same_every_time():
    inputs, drawn = s3.plan(500)
    assert (inputs, drawn) == s3.plan(500)
    assert all(0 <= i < 50 + n and n <= i for n, (_, i, _) in enumerate(drawn))
