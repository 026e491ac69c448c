"""How long a diagnosis takes, the first on a graph and later ones: the processor's time."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any, Final

import numpy as np

import nn
from autograd_lite import FlowGraph, equations
from autograd_lite import functions as f
from benchmarks.diagnosis.question import drawn, fill
from grading import diagnose


def _text(line: str) -> str:
    """Fifteen variables, x and y among them."""
    lines = (
        line.format(i=i, a=i - 1, b=max(1, i - 3), f="cos tanh".split()[i % 2])
        for i in range(2, 15)
    )
    return "\n".join(["x = 0.7", "v_1 = sin(x)", *lines, "y = v_14*v_13"])


FEW: Final = _text("v_{i} = {f}(v_{a}) + 0.{i}*v_{b}")
MANY: Final = _text("v_{i} = {f}(v_{a}*x) + 0.{i}*v_{b}")


def numbers(text: str) -> tuple[float, float]:
    """Seconds of the first diagnosis and of a later one, on a graph of numbers."""

    def build() -> tuple[FlowGraph, Any]:
        return FlowGraph(equations(text)["y"]), "x"

    return _times(build, lambda k: f"{0.3217 * (k + 1):.4g}")


def sequence(steps: int = 16) -> tuple[float, float]:
    """Seconds of the first diagnosis and of a later one, on an RNN of 16 steps."""

    def build() -> tuple[FlowGraph, Any]:
        rng = np.random.default_rng(1)
        rnn, x, Y = fill(rng, nn.RNN(2, 5)), drawn(rng, steps, 3, 2), drawn(rng, steps, 3, 5)
        return FlowGraph((0.5 * f.sum((rnn(x)[0] - Y) ** 2)).named("L")), rnn.W_hh

    noise = np.random.default_rng(0)
    return _times(build, lambda k: noise.normal(size=(5, 5)).round(3))


def _times(
    build: Callable[[], tuple[FlowGraph, Any]], answer: Callable[[int], Any]
) -> tuple[float, float]:
    first, later = [], []
    for k in range(5):
        flow, wrt = build()
        first.append(_seconds(flow, wrt, answer(k)))
        later += [_seconds(flow, wrt, answer(k + j)) for j in (1, 2)]
    return median(first), median(later)


def _seconds(flow: FlowGraph, wrt: Any, answer: Any) -> float:
    start = process_time()
    diagnose(flow, wrt, answer)
    return process_time() - start
