"""An assignment as text: as its students see it, and what its author should know of each question."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Final

import numpy as np

from autograd_lite.names import pretty
from grading.assignments.asked_of import AskedOf
from grading.assignments.assignment import Assignment
from grading.assignments.identify import known_of
from grading.assignments.paper import Paper
from grading.assignments.questions import Field

_WIDTH: Final = 96
_MOST_ENTRIES: Final = 12


def sheet(paper: Paper) -> str:
    """A student's paper as plain text.

    >>> from grading.assignments import load
    >>> print(sheet(load("three_step").paper("ada")).splitlines()[0])
    A variable that reaches the output in two ways · ada
    """
    lines = [f"{paper.title} · {paper.student}", ""]
    if paper.text:
        lines += [*_wrapped(paper.text), ""]
    for i, q in enumerate(paper.questions, 1):
        lines += [*_question(i, q, shows_graph=q in paper.showing), ""]
    return "\n".join(lines)


def _question(number: int, q: AskedOf, *, shows_graph: bool) -> Iterator[str]:
    yield f"{number}  {q.title} ({points(q.question.points)})"
    yield from _wrapped(q.text, "   ")
    yield from _graph(q) if shows_graph else ()
    for x in q.fields:
        yield f"   {x.label} = ______  ({_hint(x)})"


def points(worth: float) -> str:
    """So many points, in words.

    >>> points(1.0), points(2.5)
    ('1 point', '2.5 points')
    """
    return f"{worth:g} point{'' if worth == 1 else 's'}"


def _graph(q: AskedOf) -> Iterator[str]:
    """Equations and numbers."""
    for line in q.says:
        yield f"       {line}"
    for given in q.givens:
        if np.ndim(given.value) == 0:
            yield f"       {pretty(given.name)} = {given.value:.12g}"
        else:
            yield f"       {pretty(given.name)}: array of shape {np.shape(given.value)}"


def _hint(x: Field) -> str:
    if x.kind == "formula":
        return "a formula"
    if x.kind in ("function", "module"):
        return f"Python: {x.name}"
    shape = f"shape {x.shape}, " if x.shape else ""
    return f"{shape}{x.digits} digits"


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    for i, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        yield from [""] if i else []
        yield from textwrap.wrap(paragraph, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def report(assignment: Assignment) -> str:
    """What can be told apart in each question, for the author.

    For each part: classes of mistakes that give different answers at the digits asked for, the share of
    mistakes named alone and among two or three, those that look right, and the chance that a number which
    has nothing to do with the question is diagnosed.
    """
    count = len(assignment.questions)
    number = f"{count} question{'' if count == 1 else 's'}"
    lines = [f"{assignment.title}: {number}, {points(assignment.points)}"]
    lines += [f"Note: {warning}" for warning in assignment.warnings]
    for asked in assignment.paper("check", purpose="practice").questions:
        lines.append(f"{asked.name} ({asked.question.ask})")
        lines += [f"  {line}" for part in asked.question.parts for line in known_of(asked, part)]
    return "\n".join(lines) + "\n"
