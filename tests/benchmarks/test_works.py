"""Every benchmark runs, agrees with the installed peers, and says how its targets stand."""

import importlib.util

import pytest

from benchmarks import engines, imports, race, s1, s3, steps, t1, t2, t3, t4, t5, t6

SMALL = {
    "S1": lambda: s1.main(operations=300, rounds=1, large=3000),
    "S3": lambda: s3.main(nodes=200, rounds=1),
    "T1": lambda: t1.main(batch=4, rounds=1),
    "T2": lambda: t2.main((3, 2, 2, 3), rounds=1),
    "T3": lambda: t3.main((3, 2, 2, 3), rounds=1),
    "T4": lambda: t4.main(batch=2, size=8, rounds=1),
    "T5": lambda: t5.main(batch=4, rounds=1),
    "T6": lambda: t6.main(operations=30, rounds=1),
    "import": lambda: imports.main(rounds=1),
}


@pytest.mark.parametrize("work", SMALL)
def test_the_work_runs_and_names_every_peer(work, capsys, monkeypatch):
    monkeypatch.setattr(imports, "MODULES", ("numpy", "autograd_lite"))
    SMALL[work]()
    told = capsys.readouterr().out
    assert "autograd_lite " in told or "nn  " in told
    if work != "import":
        assert all(peer in told for peer in ("torch", "mygrad", "autograd"))
    raced = importlib.util.find_spec("torch") is not None
    if work in {"S1", "import"} or (raced and work not in {"S3", "T6"}):
        assert "reached" in told.lower() or "missed" in told.lower()


def test_an_absent_peer_is_skipped_with_a_line(capsys, monkeypatch):
    def absent():
        raise ImportError

    monkeypatch.setattr(engines, "PEERS", {"torch": absent})
    assert not list(engines.peers(arrays=True))
    assert capsys.readouterr().out == "  torch is not installed: skipped\n"


def test_a_peer_that_computes_something_else_stops_the_race():
    ours = engines.here(arrays=False)
    wrong = engines.Engine(
        "wrong", ours.functions, lambda f, xs: [2 * g for g in ours.gradient(f, xs)]
    )
    with pytest.raises(AssertionError, match="wrong disagrees"):
        engines.agree(ours, wrong, s1.chain(30), s1.INPUTS)


def test_a_step_of_something_else_stops_the_race_of_steps():
    ours = steps.Trainer(lambda: [[1.0, 2.0]], lambda: None)
    wrong = steps.Trainer(lambda: [[1.0, 2.1]], lambda: None)
    with pytest.raises(AssertionError, match="numpy .* disagrees on weight 0"):
        steps.race("T0", lambda: ours, {"numpy": lambda: wrong}, {}, rounds=1)


def test_everybody_is_timed_after_a_run_of_their_own():
    order = []
    race.medians({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2)
    assert "".join(order) == "aabbaabb"


def test_the_random_graph_stays_finite_and_is_the_same_every_time():
    inputs, steps = s3.plan(500)
    assert (inputs, steps) == s3.plan(500)
    assert all(0 <= i < 50 + n and n <= i for n, (_, i, _) in enumerate(steps))
