"""Every mistake that the catalogue itself generates, typed again with 4 digits: is it named in its class?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd_lite import FlowGraph, equations
from benchmarks.diagnosis.by_hand.carried import ON_PAPER
from benchmarks.diagnosis.by_hand.models_in_numbers import second_order_filter_by_a  # noqa: F401
from benchmarks.diagnosis.question import QUESTIONS, array_questions
from benchmarks.diagnosis.score import Score, rounded, typed
from grading import Diagnosis, design, diagnose, mistakes

FILTER = "second order filter by a"


def lectures() -> Score:
    """The lectures' examples at designed inputs."""
    score = Score()
    for flow, wrt, of in _examples():
        for c in mistakes(flow, wrt, of=of):
            if not c.looks_right and np.isfinite(c.value):
                d = diagnose(flow, wrt, typed(float(c.value), 4), of=of)
                _add(score, d, c.ids, f"d{of}/d{wrt}")
    return score


def _examples() -> Iterator[tuple[FlowGraph, str, str]]:
    asked = [(q.equations, q.of, q.wrt, q.inputs) for q in ON_PAPER]
    asked += [(q.equations, q.of, q.wrt, dict(q.inputs)) for q in QUESTIONS if q.name == FILTER]
    for text, of, wrt, inputs in asked:

        def build(text: str = text, of: str = of, **v: float) -> FlowGraph:
            return FlowGraph(equations(text, **v)[of])

        found = design(build, wrt=wrt, of=of, inputs=inputs)
        yield build(**found.values), wrt, of


def models(every: int = 17) -> Score:
    """Some of the classes of every question on arrays: every 17th."""
    score = Score()
    for question in array_questions():
        found: list[Any] = [c for c in mistakes(question.flow, question.wrt) if not c.looks_right]
        for c in found[::every]:
            if np.all(np.isfinite(c.value)):
                d = diagnose(question.flow, question.wrt, rounded(c.value, 4))
                _add(score, d, c.ids, question.name)
    return score


def _add(score: Score, d: Diagnosis, ids: tuple[str, ...], where: str) -> None:
    if d.is_right:
        what = "looks right"
    elif d.status == "diagnosed":
        what = "named" if set(ids) & {*d.ids, *d.synonyms} else "wrong class"
    else:
        what = "unknown"
    score.add(
        what,
        "" if what == "named" else f"{where}, {' '.join(ids[:3])}: {d.status} {' '.join(d.ids)}",
    )
