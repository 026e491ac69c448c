"""S3: a random graph of scalar nodes, each made from one or two of the fifty before it."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.engines import Engine, agree, here, peers
from benchmarks.outcome import Limit, Outcome, Race
from benchmarks.race import race
from benchmarks.recorded import contest

REACH = 50
LIMITS = [Limit("autograd_lite", "torch", 1 / 4), Limit("autograd_lite", "micrograd", 1 / 3)]
RECORDED = [Limit("program", "casadi", 0.7)]

Step = tuple[
    int, int, int
]  # which operation, and the places of its two operands (a unary takes one)
PLAIN: tuple[Callable[..., float], ...] = (
    operator.add,
    operator.mul,
    math.tanh,
    math.exp,
    math.sin,
)


def plan(nodes: int, seed: int = 0) -> tuple[list[float], list[Step]]:
    """Inputs and steps, the same for everybody; a value beyond ±3 is replaced by a sine."""
    draw = random.Random(seed)  # noqa: S311 - a benchmark keeps no secrets
    inputs = [draw.uniform(-1, 1) for _ in range(REACH)]
    values, steps = list(inputs), []
    for place in range(REACH, REACH + nodes):
        which, i, j = (
            draw.randrange(5),
            place - draw.randint(1, REACH),
            place - draw.randint(1, REACH),
        )
        value = PLAIN[which](values[i], values[j]) if which < 2 else PLAIN[which](values[i])
        if abs(value) > 3:
            which, value = 4, math.sin(values[i])
        steps.append((which, i, j))
        values.append(value)
    return inputs, steps


def graph(steps: Sequence[Step]) -> Callable[..., Any]:
    """The work: carry out the steps, return the last node."""

    def f(engine: Engine, *leaves: Any) -> Any:
        m = engine.functions
        operations = (operator.add, operator.mul, m.tanh, m.exp, m.sin)
        nodes = list(leaves)
        for which, i, j in steps:
            operation = operations[which]
            nodes.append(operation(nodes[i], nodes[j]) if which < 2 else operation(nodes[i]))
        return nodes[-1]

    return f


def main(nodes: int = 20_000, rounds: int = 3) -> Outcome:
    """Print the races, build + backward and recorded."""
    print(f"S3: random graph of {nodes:,} scalar nodes (+ × tanh exp sin)")
    inputs, steps = plan(nodes)
    few_inputs, few_steps = plan(60)
    ours = here(arrays=False)
    others = list(peers(arrays=False))
    for other in others:
        agree(ours, other, graph(few_steps), few_inputs)
    f = graph(steps)

    def work(engine: Engine) -> Callable[[], object]:
        return lambda: engine.gradient(lambda *x: f(engine, *x), inputs)

    outcome, times = Outcome(), race({e.name: work(e) for e in (ours, *others)}, rounds)
    outcome.add(Race("S3", "build and backward", times, "µs an operation", 1e6 / nodes), LIMITS)
    outcome.extend(contest("S3", f, inputs, RECORDED, 5 * rounds))
    return outcome
