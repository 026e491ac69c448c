"""Formulas: are the right ones taken in every form, and the wrong ones not explained away?"""

from __future__ import annotations

from autograd_lite import FlowGraph, equations
from benchmarks.diagnosis.by_hand.formulas import FORMULAS, Formula
from benchmarks.diagnosis.score import Score
from grading import diagnose


def graph(question: Formula) -> FlowGraph:
    """The question's graph."""
    return FlowGraph(equations(question.equations)[question.of])


def accepted() -> Score:
    """Each right formula of each question."""
    score = Score()
    for question in FORMULAS:
        for text in question.right:
            d = diagnose(graph(question), question.wrt, text)
            score.add(
                "accepted" if d.is_right else "refused",
                "" if d.is_right else f"{text}: {d.status} {d}",
            )
    return score


def unrelated() -> Score:
    """Formulas that no mistake gives."""
    score = Score()
    for question in FORMULAS:
        for text in question.wrong:
            d = diagnose(graph(question), question.wrt, text)
            score.add(d.status, f"{text}: {' '.join(d.ids)}" if d.status != "unknown" else "")
    return score
