"""What reports tell of an assignment: titles, texts, and pictures on which a path is highlighted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from grading.results import Item, Visibility

Pictures: TypeAlias = Callable[[str, tuple[str, ...]], str]
"""(question, names of the variables to highlight) -> SVG, or "" where there is no picture"""


def no_picture(question: str, path: tuple[str, ...]) -> str:
    """Of questions without a graph.

    >>> no_picture("q1", ())
    ''
    """
    return ""


@dataclass(frozen=True)
class Heading:
    """A question's title and text.

    labels  of its parts, as a student reads them: "dŷ/dh_0"
    """

    title: str
    text: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, part: str) -> str:
        """Of a part that may be unknown."""
        return self.labels.get(part, part)


@dataclass(frozen=True)
class Sheet:
    """An assignment, as reports show it.

    questions  name -> heading, in the order of the assignment
    pictures   of a question; without totals
    shows      which items students may see by now
    """

    title: str
    questions: Mapping[str, Heading] = field(default_factory=dict)
    pictures: Pictures = no_picture
    shows: frozenset[Visibility] = frozenset({"visible"})

    def heading(self, question: str) -> Heading:
        """Of a question that may be unknown."""
        return self.questions.get(question, Heading(question))

    def seen(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The items that a student may see.

        >>> Sheet("week 3").seen((Item("q1", "x", "right", 1.0, 1.0, visibility="hidden"),))
        ()
        """
        return tuple(item for item in items if item.visibility in self.shows)

    def grouped(self, items: tuple[Item, ...]) -> dict[str, list[Item]]:
        """The items of each question, in the assignment's order."""
        found: dict[str, list[Item]] = {name: [] for name in self.questions}
        for item in items:
            found.setdefault(item.question, []).append(item)
        return {name: some for name, some in found.items() if some}
