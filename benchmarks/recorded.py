"""Scalar works whose graph is recorded once and then run: programs, CasADi, and who is there besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks import engines
from benchmarks.engines import Engine
from benchmarks.outcome import Limit, Outcome, Race
from benchmarks.race import Run, once, race
from benchmarks.steps import made

Work = Callable[..., Any]
"""(engine, *inputs) -> the last node"""


@dataclass(frozen=True)
class Recorded:
    """A recorded work.

    run       value and gradient at the inputs
    gradient  () -> the gradient that the last run left
    kept      what must live as long as this
    """

    run: Run
    gradient: Callable[[], Any]
    kept: Any = None


def live_nodes(f: Work, inputs: Sequence[float]) -> int:
    """How many operations the last node depends on; the others cost nobody anything."""
    from autograd_lite.order import reachable

    ours = engines.here(arrays=False)
    _, operations = reachable(f(ours, *map(_leaf, inputs)))
    return len(list(operations))


def _leaf(x: float) -> Any:
    from autograd_lite import Value

    return Value(x)


def program(f: Work, inputs: Sequence[float]) -> Recorded:
    """The program of this project; the inputs are one list."""
    from autograd_lite import trace

    ours = engines.here(arrays=False)
    given = list(inputs)
    recorded = trace(lambda xs: f(ours, *xs), given)
    return Recorded(
        lambda: recorded.value_and_grad(given), lambda: recorded.value_and_grad(given)[1]
    )


def casadi(f: Work, inputs: Sequence[float]) -> Recorded:
    """CasADi's SX graph, called through its buffers, which is its fastest way."""
    import casadi

    functions = {name: getattr(casadi, name) for name in ("tanh", "exp", "sin")}
    functions["relu"] = lambda x: casadi.fmax(x, 0)
    engine = Engine("casadi", SimpleNamespace(**functions), None)
    x = casadi.SX.sym("x", len(inputs))
    y = f(engine, *casadi.vertsplit(x))
    function = casadi.Function("f", [x], [y, casadi.densify(casadi.gradient(y, x))])
    buffer, run = function.buffer()
    given, value, gradient = np.array(inputs, float), np.zeros(1), np.zeros(len(inputs))
    buffer.set_arg(0, memoryview(given))
    buffer.set_res(0, memoryview(value))
    buffer.set_res(1, memoryview(gradient))
    kept = function, buffer, given, value  # casadi does not keep them alive itself
    return Recorded(run, gradient.copy, kept)


def contest(
    name: str,
    f: Work,
    inputs: Sequence[float],
    limits: Sequence[Limit],
    rounds: int,
    others: Mapping[str, Callable[[], Recorded]] | None = None,
) -> Outcome:
    """Record with everybody, compare the gradients with the eager engine's, and race per live node."""
    live = live_nodes(f, inputs)
    print(f"  {name} recorded: {live:,} live nodes")
    wanted = engines.here(arrays=False).gradient(
        lambda *x: f(engines.here(arrays=False), *x), inputs
    )
    makers = {"program": lambda: program(f, inputs), "casadi": lambda: casadi(f, inputs)}
    recordings = dict[str, Recorded]()
    for who, make in {**makers, **(others or {})}.items():
        recording, building = once(lambda who=who, make=make: made(who, make))
        if recording is None:
            continue
        _, first = once(recording.run)
        print(f"    {who:<30}{building:9.2f} s to build, {first:.2f} s the first call")
        _agree(who, wanted, recording.gradient())
        recordings[who] = recording
    outcome = Outcome()
    if recordings:
        times = race({who: recording.run for who, recording in recordings.items()}, rounds)
        outcome.add(Race(name, "recorded", times, "ns a live node", 1e9 / live), limits)
    return outcome


def _agree(name: str, ours: Sequence[Any], theirs: Any) -> None:
    wanted = np.array([0.0 if g is None else g for g in ours])
    slack = 1e-9 * np.abs(wanted).max()
    np.testing.assert_allclose(np.ravel(theirs), wanted, 1e-9, slack, err_msg=f"{name} disagrees")
