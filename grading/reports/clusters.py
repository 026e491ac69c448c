"""Equal answers that no mistake explains: what many students share is a mistake that has no name yet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from grading.results import Item, Report


@dataclass(frozen=True)
class Cluster:
    """Students whose answers to one item are equal as far as they are given.

    answer    as the first of them gave it
    students  who gave it
    """

    question: str
    part: str
    answer: str
    students: tuple[str, ...]


def clusters(reports: Iterable[Report]) -> list[Cluster]:
    """The unexplained wrong answers, those of many students first; one student alone is no cluster.

    >>> item = Item("q1", "x", "wrong", 0.0, 1.0, answer="0.8127")
    >>> other = Item("q1", "x", "wrong", 0.0, 1.0, answer="0,813")
    >>> [c.students for c in clusters([Report("ada", "w", (item,)), Report("ben", "w", (other,))])]
    [('ada', 'ben')]
    """
    unnamed: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for report in reports:
        for item in report.items:
            if is_unexplained(item):
                place = unnamed.setdefault((item.question, item.part), [])
                place.append((item.answer, report.student))
    found = [
        Cluster(*place, group[0][0], tuple(student for _, student in group))
        for place, answers in unnamed.items()
        for group in _equal(answers)
        if len(group) > 1
    ]
    return sorted(found, key=lambda cluster: -len(cluster.students))


def is_unexplained(item: Item) -> bool:
    """Whether an answer is wrong and no mistake of the catalogue gives it."""
    return item.status == "wrong" and not item.ids and bool(item.answer)


def _equal(answers: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Answers, each with its student, in groups: of equal text, or of numbers that rounding joins."""
    read = [(_number(text), (text, student)) for text, student in answers]
    words = sorted(given for number, given in read if number is None)
    groups = [list(same) for _, same in groupby(words, key=lambda given: given[0])]
    last = (-math.inf, 0.0)
    for number, given in sorted((x, given) for x, given in read if x is not None):
        if number[0] - last[0] <= 1.001 * max(number[1], last[1]):
            groups[-1].append(given)
        else:
            groups.append([given])
        last = number
    return groups


def _number(text: str) -> tuple[float, float] | None:
    """The number and half a unit of its last place; None for what is no plain number."""
    plain = text.strip().replace(",", ".").replace("−", "-")
    try:
        value = float(plain)
    except ValueError:
        return None
    mantissa, _, exponent = plain.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return (value, 0.5 * 10.0 ** (int(exponent or 0) - decimals)) if math.isfinite(value) else None
