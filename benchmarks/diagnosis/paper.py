"""Hand work: each intermediate number rounded to 5 digits, the answer given with 4."""

from __future__ import annotations

import numpy as np

from autograd_lite import FlowGraph, equations
from benchmarks.diagnosis.by_hand.carried import ON_PAPER, OnPaper
from benchmarks.diagnosis.score import Score, judged, typed
from grading import design, diagnose


def _to_5(x: float) -> float:
    return float(f"{x:.5g}")


def carried(draws: int = 3) -> tuple[Score, Score]:
    """Wrong answers and right ones: at designed inputs and, `draws` times, at inputs drawn at random."""
    wrong, right, random = Score(), Score(), np.random.default_rng(3)
    for question in ON_PAPER:
        for values in [_designed(question), *(_drawn(question, random) for _ in range(draws))]:
            flow = _graph(question, values)
            for rows, x in question.work(_to_5, **values):
                d = diagnose(flow, question.wrt, typed(x, 4), of=question.of, hand=True)
                if rows == "right":
                    right.add(
                        "accepted" if d.is_right else "refused",
                        "" if d.is_right else f"{values} {x}",
                    )
                else:
                    judged(wrong, d, f"d{question.of}/d{question.wrt} {values}", rows, x)
    return wrong, right


def _graph(question: OnPaper, values: dict[str, float]) -> FlowGraph:
    return FlowGraph(equations(question.equations, **values)[question.of])


def _designed(question: OnPaper) -> dict[str, float]:
    found = design(
        lambda **v: _graph(question, v), wrt=question.wrt, of=question.of, inputs=question.inputs
    )
    return dict(found.values)


def _drawn(question: OnPaper, random: np.random.Generator) -> dict[str, float]:
    return {
        name: round(float(random.uniform(*limits)), 2) for name, limits in question.inputs.items()
    }
