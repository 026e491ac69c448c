"""Equal wrong answers that nothing explains, over a class: the instructor may know what they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_lite.errors import AnswerError
from grading.answers import read
from grading.results import EARNS, Report


@dataclass(frozen=True)
class Unexplained:
    """A wrong answer that no known mistake gives."""

    student: str
    question: str
    part: str
    answer: str


@dataclass(frozen=True)
class Cluster:
    """The same unexplained answer of several students.

    answer  as most of them typed it
    """

    question: str
    part: str
    answer: str
    students: tuple[str, ...]

    def __str__(self) -> str:
        place = f"{self.question}, {self.part}" if self.part else self.question
        return f"{place}: {len(self.students)} students gave {self.answer}"


def unexplained(reports: Iterable[Report]) -> list[Unexplained]:
    """The answers of a class that earned nothing and that no mistake was named for."""
    return [
        Unexplained(report.student, item.question, item.part, item.answer)
        for report in reports
        for item in report.items
        if item.answer and not item.ids and item.status == "wrong" and item.status not in EARNS
    ]


def clusters(answers: Iterable[Unexplained], least: int = 2) -> list[Cluster]:
    """Answers to the same question that are equal to the digits they were given with, most students first.

    least  how many students have to agree

    >>> of = [Unexplained(s, "q1", "h_0", a) for s, a in [("ana", "0.8127"), ("ben", "0,8127"), ("eva", "2")]]
    >>> [str(c) for c in clusters(of)]
    ['q1, h_0: 2 students gave 0.8127']
    """
    groups: list[tuple[Unexplained, Any, list[Unexplained]]] = []
    for one in answers:
        value = _value(one.answer)
        for first, known, members in groups:
            if (first.question, first.part) == (one.question, one.part) and _equal(known, value):
                members.append(one)
                break
        else:
            groups.append((one, value, [one]))
    found = [
        Cluster(
            first.question,
            first.part,
            first.answer,
            tuple(dict.fromkeys(m.student for m in members)),
        )
        for first, _, members in groups
    ]
    kept = [c for c in found if len(c.students) >= least]
    return sorted(kept, key=lambda c: -len(c.students))


def _value(answer: str) -> Any:
    """What was typed: value and half a unit, or the text where it is no number."""
    try:
        typed = read(answer)
    except AnswerError:
        return answer.strip()
    return (
        (np.asarray(typed.value, float), typed.unit) if typed.kind != "formula" else typed.read_as
    )


def _equal(a: Any, b: Any) -> bool:
    """Whether two answers are the same number, each to its own digits."""
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and a == b
    (x, wide), (y, narrow) = a, b
    if x.shape != y.shape:
        return False
    return bool(np.all(np.abs(x - y) <= np.maximum(wide, narrow) + 1e-12 * np.abs(x)))
