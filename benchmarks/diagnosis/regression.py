"""RNN with T = 4: answers that are any combination of the ten contributions."""

from __future__ import annotations

from typing import Any

import numpy as np

import nn
from autograd_lite import FlowGraph
from autograd_lite import functions as f
from benchmarks.diagnosis.by_hand.recurrent import H, I, N, T, Unrolled
from benchmarks.diagnosis.question import Array, drawn, fill
from benchmarks.diagnosis.score import NAMED, Score, rounded
from grading import diagnose

COEFFICIENTS = np.array([0.0, 1.0, 2.0, -1.0, 1 / T])


def network(rng: np.random.Generator) -> tuple[FlowGraph, Any, dict[tuple[int, int], Array]]:
    """An RNN with a loss at each step, its W_hh, and each contribution to dL/dW_hh."""
    rnn = fill(rng, nn.RNN(I, H, generator=0))
    x, Y, h0 = drawn(rng, T, N, I), drawn(rng, T, N, H), 0.5 * drawn(rng, 1, N, H)
    y, _ = rnn(x, h0)
    net = Unrolled(x, h0[0], rnn.W_xh.numpy().T, rnn.W_hh.numpy().T, rnn.b_h.numpy())
    parts = net.parts(np.array(net.h[1:]) - Y)
    loss = (0.5 * f.sum((y - Y) ** 2)).named("L")
    return FlowGraph(loss), rnn.W_hh, {at: part["W"].T for at, part in parts.items()}


def patterns(count: int = 200, seed: int = 5) -> Score:
    """Random patterns of the coefficients: are they read as coefficients?"""
    rng, score = np.random.default_rng(seed), Score()
    flow, wrt, parts = network(np.random.default_rng(2))
    for _ in range(count):
        c = rng.choice(COEFFICIENTS, len(parts))
        if (c == 1).all():
            continue
        answer = sum(k * part for k, part in zip(c, parts.values(), strict=True))
        d = diagnose(flow, wrt, rounded(answer, 4))
        is_read = any(name.startswith("K10") for name in (*d.ids, *d.synonyms))
        what = NAMED if d.status == "diagnosed" and is_read else d.status
        score.add(what, "" if what == NAMED else f"{c}: {d}")
    return score


def noise(count: int = 40) -> Score:
    """Arrays of the right size that are no combination."""
    rng, score = np.random.default_rng(6), Score()
    flow, wrt, parts = network(np.random.default_rng(2))
    for _ in range(count):
        d = diagnose(flow, wrt, rounded(rng.normal(size=next(iter(parts.values())).shape), 4))
        score.add(d.status, " ".join(d.ids) if d.status != "unknown" else "")
    return score
