"""How often what happened, and whether the mistake that was made is among those that are named."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.diagnosis.question import Array
from grading import Diagnosis

NAMED, WRONG_CLASS, UNKNOWN, LOOKS_RIGHT = "named", "wrong class", "unknown", "looks right"


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

    def __add__(self, other: Score) -> Score:
        return Score(self.counts + other.counts, self.cases + other.cases)


def row(identifier: str) -> str:
    """The catalogue's row of an identifier, without letter and place: B10 of "B10a:h_1"."""
    found = re.match(r"[A-K]\d+", identifier)
    return found.group() if found else identifier


def rows(d: Diagnosis) -> set[str]:
    """The rows that are named, and those that give the same number."""
    return {row(identifier) for identifier in (*d.ids, *d.synonyms)}


def verdict(d: Diagnosis, made: str) -> str:
    """named, where one of the rows made is in one of the classes said."""
    if d.is_right:
        return LOOKS_RIGHT
    if d.status != "diagnosed":
        return UNKNOWN
    return NAMED if rows(d) & set(made.split()) else WRONG_CLASS


def judged(score: Score, d: Diagnosis, question: str, made: str, answer: Any) -> None:
    """Adds what was said of a wrong answer."""
    what = verdict(d, made)
    value = np.array2string(np.asarray(answer), threshold=4, edgeitems=1).replace("\n", "")
    case = f"{question}, {made} ({value}): {d.status} {' '.join(d.ids[:4])} {' '.join(d.remarks)}"
    score.add(what, "" if what == NAMED else case)


def typed(value: float, digits: int) -> str:
    """A number as somebody types it who was asked for so many digits."""
    return f"{value:#.{digits}g}"


def rounded(values: Any, digits: int) -> Array:
    """Each entry with so many significant digits."""
    a = np.asarray(values, float)
    flat = [float(f"{v:.{digits}g}") for v in a.ravel()]
    return np.array(flat).reshape(a.shape)
