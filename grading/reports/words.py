"""Statuses, points and warnings in words: the same on every page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from grading.reports.html import Content, Html, element
from grading.results import TIERS, Item, ItemStatus, Report


class Word(NamedTuple):
    """How a status is shown: a sign for those who see no colours, a word, and a colour's name."""

    sign: str
    word: str
    tone: str


STATUSES: Final[dict[ItemStatus, Word]] = {
    "right": Word("✓", "right", "good"),
    "right_given_your_earlier_answer": Word("✓", "right, given your earlier answer", "good"),
    "wrong": Word("✗", "not right", "bad"),
    "missing": Word("–", "missing", "none"),
    "format": Word("?", "not readable", "odd"),
    "timeout": Word("✗", "took too long", "bad"),
    "memory": Word("✗", "took too much memory", "bad"),
    "crash": Word("✗", "ended by itself", "bad"),
    "refused": Word("✗", "refused", "bad"),
    "grader_error": Word("!", "could not be graded", "odd"),
}
PLAIN: Final = ("Right.", "Right, given your earlier answer.", "There is no answer here.")
"""What a status says by itself."""
NOT_GRADED: Final = "This could not be graded, through no fault of yours. It costs you no points."


def badge(status: ItemStatus) -> Html:
    """A status as a coloured word with a sign."""
    sign, word, tone = STATUSES[status]
    return element("span", element("b", sign), f" {word}", class_=f"badge {tone}")


def number(x: float) -> str:
    """Points, as short as they are.

    >>> number(2.0), number(2.5), number(1 / 3)
    ('2', '2.5', '0.33')
    """
    return f"{x:.2f}".rstrip("0").rstrip(".")


def points(item: Item) -> str:
    """Earned and possible; a dash where the grader failed."""
    earned = "–" if item.points is None else number(item.points)
    return f"{earned} / {number(item.out_of)}"


def cautions(report: Report) -> list[Content]:
    """How code was run, loud where that was not safe, and every warning."""
    found: list[Content] = []
    if report.tier:
        loud = report.tier in "CD"
        text = f"Tier {report.tier}: {TIERS[report.tier]}."
        found.append(element("p", text, class_="caution loud" if loud else "caution quiet"))
    return [*found, *(element("p", said, class_="caution") for said in report.warnings)]


def share(part: float, whole: float) -> str:
    """So many percent; a dash of nothing.

    >>> share(1, 3), share(0, 0)
    ('33 %', '–')
    """
    return f"{100 * part / whole:.0f} %" if whole else "–"


def listed(words: Iterable[Content]) -> Content:
    """Content with commas between."""
    found: list[Content] = []
    for word in words:
        found += [", ", word] if found else [word]
    return found
