"""The same model in each library: gradients compared, then value and gradient raced, then training steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from benchmarks.outcome import Limit, Outcome, Race
from benchmarks.race import race
from benchmarks.trainers import Maker, Trainer

T = TypeVar("T")
SWEEP, STEP = "value and gradient", "a training step"
SLACK = {"float64": 1e-9, "float32": 1e-3}


@dataclass(frozen=True)
class Contest:
    """One work in one dtype.

    makers  by name; the first, this project's eager engine, is the one whom all must agree with
    sweep   what is to reach in value and gradient, and step: in a training step
    """

    work: str
    dtype: str
    makers: Mapping[str, Maker]
    sweep: Iterable[Limit] = ()
    step: Iterable[Limit] = field(default_factory=tuple)

    def run(self, rounds: int) -> Outcome:
        """Compare the gradients, race, and say how the limits stand."""
        trainers = dict(installed(self.makers))
        ours = next(iter(trainers))
        for name, trainer in trainers.items():
            agree(name, _gradients(trainers[ours]), _gradients(trainer), SLACK[self.dtype])
        outcome, work = Outcome(), f"{self.work} {self.dtype}"
        times = race({name: trainer.sweep for name, trainer in trainers.items()}, rounds)
        outcome.add(Race(work, SWEEP, times), self.sweep)
        steps = {name: trainer.step for name, trainer in trainers.items() if trainer.step}
        if steps:
            outcome.add(Race(work, STEP, race(steps, rounds)), self.step)
        return outcome


def installed(makers: Mapping[str, Maker]) -> Iterable[tuple[str, Trainer]]:
    """Everybody who is there; a line for each who is not."""
    for name, make in makers.items():
        trainer = made(name, make)
        if trainer is not None:
            yield name, trainer


def made(name: str, make: Callable[[], T]) -> T | None:
    """What is made; None with a line when the library is not there."""
    try:
        return make()
    except ImportError:
        print(f"  {name} is not installed: skipped")
        return None


def _gradients(trainer: Trainer) -> Sequence[Any]:
    trainer.sweep()
    return trainer.gradients()


def agree(name: str, ours: Sequence[Any], theirs: Sequence[Any], slack: float) -> None:
    """Stop when two libraries find different gradients: times of different work say nothing."""
    pairs = zip(map(np.asarray, ours), map(np.asarray, theirs), strict=True)
    for i, (a, b) in enumerate(pairs):
        told = f"{name} disagrees on weight {i}"
        np.testing.assert_allclose(a, b, slack, slack * np.abs(b).max(), err_msg=told)
