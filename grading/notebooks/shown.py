"""What `check` shows: feedback as printed text, and a picture where a notebook can show one."""

from __future__ import annotations

import base64
import sys
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from autograd_lite.names import pretty
from grading.assignments.asked_of import AskedOf
from grading.assignments.readable import equation
from grading.figures import Figure, figure
from grading.notebooks.answers import variable_of
from grading.reports.words import STATUSES, number
from grading.results import EARNS, TIERS, Item


def as_text(asked: AskedOf) -> str:
    """A question and its numbers, and under which names it is answered."""
    variable = variable_of(asked.name)
    fields = (f"{variable}[{x.name!r}]: {x.label}" for x in asked.fields)
    return "\n".join(
        [asked.title, "", asked.text, *map(equation, asked.says), *given_lines(asked), *fields]
    )


def given_lines(asked: AskedOf) -> list[str]:
    """A line for each number or array that the student works with."""
    return [f"{pretty(x.name)} = {_numbers(x.value)}" for x in asked.givens]


def _numbers(value: Any) -> str:
    numbers = np.asarray(value)
    return str(numbers.tolist()) if numbers.ndim else f"{float(numbers):.12g}"


def told(question: str, items: Sequence[Item], *, practice: bool) -> str:
    """What is printed: points, what is said of each part, and how far the result can be trusted.

    >>> print(told("q1", [Item("q1", "h_0", "wrong", 0, 2, "A path is missing.")], practice=True))
    q1: 0 of 2 points (practice: other numbers than the graded ones)
    ✗ h_0: A path is missing.
    Tier D, trusted: the check ran inside the student's own process, which can forge its result.
    """
    earned = sum(item.points or 0.0 for item in items)
    possible = sum(item.out_of for item in items)
    note = " (practice: other numbers than the graded ones)" if practice else ""
    points = f"{number(earned)} of {number(possible)} points" if items else "not shown here"
    head = f"{question}: {points}{note}"
    return "\n".join([head, *map(_line, items), f"Tier D, {TIERS['D']}."])


def _line(item: Item) -> str:
    sign, word, _ = STATUSES[item.status]
    return f"{sign} {item.part or item.question}: {item.feedback or word}"


def show_picture(asked: AskedOf, items: Sequence[Item]) -> None:
    """Show the graph of an answer that is not right, where this is a notebook.

    The path of the first mistake is highlighted, if feedback goes that far.
    """
    ipython: Any = sys.modules.get("IPython")
    wrong = [item for item in items if item.status not in EARNS]
    if asked.question.is_code or not wrong or ipython is None or ipython.get_ipython() is None:
        return
    path = next((item.path for item in wrong if item.path), ())
    shown = figure(asked, path)
    if shown.svg:
        display: Any = ipython.display
        display.display(display.HTML(as_html(shown)))


def as_html(shown: Figure) -> str:
    """A figure as an image with words for those who do not see it.

    >>> as_html(Figure("<svg/>", "x → y"))
    '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="x → y">'
    """
    data = base64.b64encode(shown.svg.encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(shown.says, quote=True)}">'
