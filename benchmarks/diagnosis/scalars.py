"""Numbers typed for questions on graphs of Values: at designed inputs, with so many digits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from autograd_lite import FlowGraph, equations
from benchmarks.diagnosis import by_hand  # noqa: F401 - it fills QUESTIONS
from benchmarks.diagnosis.question import QUESTIONS, Question
from grading import design, diagnose
from grading.diagnosis import Diagnosis


@dataclass
class Score:
    """How often what happened, with the cases that went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    cases: list[str] = field(default_factory=list)

    def add(self, what: str, case: str = "") -> None:
        """One more of this; a case is kept to be printed."""
        self.counts[what] += 1
        if case:
            self.cases.append(f"{what}: {case}")

    def share(self, *what: str) -> float:
        """The share of these among all."""
        return sum(self.counts[w] for w in what) / max(1, self.counts.total())


def designed(question: Question, digits: int) -> tuple[FlowGraph, dict[str, float]]:
    """The question's graph at inputs that `design` chose, and these."""

    def build(**values: float) -> FlowGraph:
        return FlowGraph(equations(question.equations, **values)[question.of])

    found = design(build, wrt=question.wrt, of=question.of, inputs=question.inputs, digits=digits)
    return build(**found.values), dict(found.values)


def asked(flow: FlowGraph, question: Question, answer: str) -> Diagnosis:
    """What is said of an answer to the question."""
    return diagnose(flow, question.wrt, answer, of=question.of, hold=question.hold)


def typed(value: float, digits: int) -> str:
    """A number as somebody types it who was asked for so many digits."""
    return f"{value:#.{digits}g}"


def planted(digits: int) -> Score:
    """Each wrong answer of each question: is it named rightly?"""
    score = Score()
    for question in QUESTIONS:
        flow, values = designed(question, digits)
        for row, value in question.answers(**values):
            if row != "right":
                d = asked(flow, question, typed(value, digits))
                score.add(verdict(d, row), _case(question, row, value, d))
    score.cases = [case for case in score.cases if not case.startswith("named:")]
    return score


def verdict(d: Diagnosis, row: str) -> str:
    """named, where the row is in one of the classes said: what gives the same number is one class."""
    if d.is_right:
        return "looks right"
    if d.status != "diagnosed":
        return "unknown"
    named = {identifier.partition(":")[0] for identifier in d.synonyms}
    return "named" if any(one.startswith(row) for one in named) else "wrong class"


def _case(question: Question, row: str, value: float, d: Diagnosis) -> str:
    return f"{question.name}, {row} ({value:.6g}): {d.status} {' '.join(d.ids[:4])}"


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
