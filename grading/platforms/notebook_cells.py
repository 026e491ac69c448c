"""An assignment as the cells of a notebook: what is asked, where it is answered, how it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grading.assignments.asked_of import AskedOf
from grading.assignments.paper import Paper
from grading.assignments.readable import equation
from grading.assignments.show import points
from grading.notebooks.answers import variable_of
from grading.notebooks.shown import given_lines
from grading.platforms.shipping import ASSIGNMENT

CLASS: Final = "class"
"""whose numbers a notebook has that is the same for everybody"""
KERNEL: Final = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
}


@dataclass(frozen=True)
class QuestionCells:
    """A question in a notebook.

    text    what is asked, in Markdown
    answer  Python that the student fills in
    test    Python whose value is the points, a built-in float
    """

    name: str
    points: float
    text: str
    answer: str
    test: str


def opening(paper: Paper) -> str:
    """What stands above the questions, in Markdown."""
    return "\n\n".join(filter(None, [
        f"# {paper.title}",
        paper.text,
        'Answer as text between quotes, `"0.4919"`, so that the digits you give are seen; numbers, lists '
        "and arrays of your own code will do as well.",
        'To practise, `check.show("…")` shows a question with other numbers, and `check("…", {…})` judges '
        "an answer to those. The check runs in your own notebook and is trusted: it is no exam.",
    ]))  # fmt: skip


def setup() -> str:
    """The first cell of code."""
    return f'from grading import check\n\ncheck.use("{ASSIGNMENT}")'


def question_cells(paper: Paper) -> Iterator[QuestionCells]:
    """The cells of each question."""
    for asked in paper.questions:
        test = f"check({asked.name!r}, student={paper.student!r})"
        yield QuestionCells(asked.name, asked.question.points, _text(asked), _answer(asked), test)


def _text(asked: AskedOf) -> str:
    """Markdown: the text, the graph's equations, the numbers, and a line for each field."""
    graph = [*map(equation, asked.says), *given_lines(asked)]
    shown = "\n".join(["```", *graph, "```"]) if graph else ""
    fields = "\n".join(f"- `{x.name}`: {x.label}{_digits(x.digits)}" for x in asked.fields)
    headline = f"## {asked.title} ({points(asked.question.points)})"
    return "\n\n".join(filter(None, [headline, asked.text, shown, fields]))


def _digits(digits: int | None) -> str:
    return f", {digits} significant digits" if digits else ""


def _answer(asked: AskedOf) -> str:
    """A dictionary with a line for each field, or a place for code."""
    if asked.question.is_code:
        names = ", ".join(x.name for x in asked.fields)
        return f"# Write {names} here."
    lines = "".join(f'    {x.name!r}: "",\n' for x in asked.fields)
    return f"{variable_of(asked.name)} = {{\n{lines}}}"
