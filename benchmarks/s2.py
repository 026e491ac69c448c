"""S2: micrograd's demo, a perceptron of 65,077 scalar nodes: one iteration recorded, and all hundred."""

from __future__ import annotations

import random
import tempfile

from benchmarks import demo, first_call, fresh
from benchmarks.moons import moons
from benchmarks.outcome import Goal, Limit, Outcome
from benchmarks.race import once
from benchmarks.recorded import contest

RECORDED = [Limit("program", "casadi", 0.5)]
TIMED = 2  # iterations of micrograd's that are timed; a hundred of them take minutes


def micrograds(points: int) -> float:
    """Seconds that micrograd's own demo takes for an iteration: build, go back, move the weights."""
    from micrograd.engine import Value
    from micrograd.nn import MLP

    random.seed(1337)
    model = MLP(demo.SIZES[0], list(demo.SIZES[1:]))
    inputs, classes = moons(points)

    def step(rate: float) -> None:
        scores = [model([Value(number) for number in x]) for x in inputs.tolist()]
        losses = [(1 + -t * s).relu() for t, s in zip(classes.tolist(), scores, strict=True)]
        total = sum(losses) * (1.0 / len(losses))
        total = total + demo.ALPHA * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= rate * p.grad

    _, seconds = once(lambda: [step(1.0 - 0.9 * k / 100) for k in range(TIMED)])
    return seconds / TIMED


def main(points: int = 100, rounds: int = 20) -> Outcome:
    """Print the race of one iteration, then the whole demo and first calls in fresh interpreters."""
    print(f"S2: micrograd's demo, 2-16-16-1, {points} points, {demo.STEPS} iterations")
    weights = demo.first_weights()
    f = lambda engine, *weights: demo.loss(engine.functions.relu, weights, points)
    outcome = contest("S2", f, weights, RECORDED, rounds)
    _whole(points, outcome)
    _first_calls(outcome)
    return outcome


def _whole(points: int, outcome: Outcome) -> None:
    try:
        one = micrograds(points)
    except ImportError:
        print("  micrograd is not installed: skipped")
        return
    print(
        f"    micrograd: {one:.3f} s an iteration, mean of {TIMED}, of which {demo.STEPS} are reckoned"
    )
    fast, without = fresh.told(demo.__name__), fresh.told(demo.__name__, "--without-fast")
    for found, name, key, steps, limit in (
        (fast, "whole demo with `fast`, loading Numba included", "first", demo.STEPS, 60),
        (fast, "whole demo with `fast`, loaded before", "again", demo.STEPS, 100),
        (without, "an iteration without `fast`", "iteration", 1, 150),
    ):
        times = None if found is None else steps * one / found[key]
        seconds = "" if found is None else f" ({found[key]:.4g} s)"
        told = f"micrograd's time to ours, {name}{seconds}"
        outcome.reach(Goal("S2", told, limit, times, at_least=True))


def _first_calls(outcome: Outcome) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, limit in (("cold", 4.0), ("from the disk cache", 1.5)):
            found = fresh.told(first_call.__name__, NUMBA_CACHE_DIR=folder)
            seconds = None if found is None else found["seconds"]
            outcome.reach(Goal("S1–S3", f"first call with `fast`, {name}", limit, seconds, "s"))
