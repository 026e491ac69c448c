"""Numbers typed for questions on graphs of Values: at designed inputs, with so many digits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from autograd_lite import FlowGraph, equations
from benchmarks.diagnosis.by_hand import models_in_numbers, more_scalars, scalars  # noqa: F401 - they fill QUESTIONS
from benchmarks.diagnosis.question import QUESTIONS, Question
from benchmarks.diagnosis.score import Score, judged, typed
from grading import Diagnosis, design, diagnose


def graph_at(question: Question, values: Mapping[str, float]) -> FlowGraph:
    """The question's graph with these inputs."""
    return FlowGraph(equations(question.equations, **values)[question.of])


def designed(question: Question, digits: int) -> tuple[FlowGraph, dict[str, float]]:
    """The question's graph at inputs that `design` chose, and these."""

    def build(**values: float) -> FlowGraph:
        return graph_at(question, values)

    found = design(build, wrt=question.wrt, of=question.of, inputs=question.inputs, digits=digits)
    return build(**found.values), dict(found.values)


def asked(flow: FlowGraph, question: Question, answer: str) -> Diagnosis:
    """What is said of an answer to the question."""
    return diagnose(flow, question.wrt, answer, of=question.of, hold=question.hold)


def planted(digits: int) -> Score:
    """Each wrong answer of each question: is it named rightly?"""
    score = Score()
    for question in QUESTIONS:
        flow, values = designed(question, digits)
        for row, value in question.answers(**values):
            if row != "right":
                d = asked(flow, question, typed(value, digits))
                judged(score, d, question.name, row, value)
    return score


def rights(digits: int) -> Score:
    """The right answer in odd but legal form."""
    score = Score()
    for question in QUESTIONS:
        flow, values = designed(question, digits)
        right = dict(reversed(list(question.answers(**values))))["right"]
        for text in _forms(right, digits):
            d = asked(flow, question, text)
            score.add(
                "accepted" if d.is_right else "refused",
                "" if d.is_right else f"{question.name}: {text}",
            )
    return score


def _forms(right: float, digits: int) -> Iterator[str]:
    rounded = typed(right, digits)
    yield from (
        rounded,
        rounded.replace(".", ","),
        f" {rounded} ",
        typed(right, digits + 2),
        repr(right),
    )
    yield f"{100 * right:#.{digits}g} %"
    yield f"{right:.{digits - 1}e}"
    yield rounded.replace("-", "\N{MINUS SIGN}")


def unrelated(digits: int, each: int = 15) -> Score:
    """Numbers of the right answer's size that no mistake gives."""
    score, random = Score(), np.random.default_rng(7)
    for question in QUESTIONS:
        flow, values = designed(question, digits)
        right = dict(reversed(list(question.answers(**values))))["right"]
        for _ in range(each):
            value = right * np.exp(random.uniform(-2, 2)) * random.choice([-1, 1])
            d = asked(flow, question, typed(value, digits))
            score.add(d.status)
    return score
