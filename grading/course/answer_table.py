"""Answers as a table: question, field, answer, or field, answer; between commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from autograd_lite.errors import SubmissionError
from grading.course.part import LONGEST_ANSWER, MOST_ANSWERS, Part

SEPARATORS: Final = ("\t", ";", ",")
COLUMNS: Final = {
    "question": ("question", "q", "exercise", "task"),
    "field": ("field", "part", "variable", "quantity", "name"),
    "answer": ("answer", "value", "result"),
}
_INTEGER: Final = re.compile(r"\s*[-+−]?\d+\s*")
_FRACTION: Final = re.compile(r"\s*\d+\s*([eE][-+−]?\d+\s*)?%?\s*")


def read_table(name: str, text: str) -> Part:
    r"""The answers in a table, with or without a head line.

    A decimal comma may stand in an answer also where commas separate.

    >>> read_table("a.csv", "field,answer\nh_0,0,492\n").answers
    {'': {'h_0': '0,492'}}
    >>> read_table("a.csv", "q1;h_0;1/3\nq1;h_1;\n").answers
    {'q1': {'h_0': '1/3'}}

    Raises SubmissionError for what is no such table.
    """
    lines = list(_lines(name, text))
    head = _head(lines[0]) if lines else None
    found: dict[str, dict[str, object]] = {}
    for cells in lines[1:] if head else lines:
        question, field, answer = _row(name, cells, head)
        if answer:
            _put(name, found.setdefault(question, {}), field, answer)
    if not lines:
        raise SubmissionError(f"{name} is empty")
    return Part(found)


def _put(name: str, fields: dict[str, object], field: str, answer: str) -> None:
    if fields.get(field, answer) != answer:
        raise SubmissionError(f"{name} gives two different answers for {field[:40]}")
    fields[field] = answer


def _lines(name: str, text: str) -> Iterator[list[str]]:
    """The cells of each line that is not empty."""
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line
    text = text[told.end() :] if told else text
    separator = told[1] if told and told[1] in SEPARATORS else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        for number, cells in enumerate(reader):
            if number > MOST_ANSWERS:
                raise SubmissionError(f"{name} has more than {MOST_ANSWERS} lines")
            if any(cell.strip() for cell in cells):
                yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise SubmissionError(f"{name} is no table: {error}") from None


def _separator(text: str) -> str:
    """The first that is in every line; else the one that is in most."""
    lines = [line for line in text[:LONGEST_ANSWER].splitlines() if line.strip()]
    counts = {mark: sum(mark in line for line in lines) for mark in SEPARATORS}
    whole = (mark for mark in SEPARATORS if counts[mark] == len(lines))
    return next(whole, max(SEPARATORS, key=lambda mark: counts[mark]))


def _head(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column holds what, where the first line says so."""
    words = [cell.casefold() for cell in cells]
    places = {
        column: next((i for i, word in enumerate(words) if word in known), -1)
        for column, known in COLUMNS.items()
    }
    named = {column: place for column, place in places.items() if place >= 0}
    if "field" not in named and "question" in named:
        named["field"] = named.pop("question")  # one field a question
    return named if {"field", "answer"} <= set(named) else None


def _row(name: str, cells: list[str], head: dict[str, int] | None) -> tuple[str, str, str]:
    """Question, field and answer of one line."""
    head = head or _usual(cells)
    last = max(head.values())
    if head["answer"] == last and len(cells) > last + 1:
        cells = [*cells[:last], ",".join(cells[last:])]  # commas that belong to the answer
    cells = [*cells, *[""] * (last + 1 - len(cells))]
    question = cells[head["question"]] if "question" in head else ""
    field, answer = cells[head["field"]], cells[head["answer"]]
    if not field or len(answer) > LONGEST_ANSWER:
        why = (
            "an answer is too long"
            if field
            else f"the line {','.join(cells)[:60]!r} names no field"
        )
        raise SubmissionError(f"{name}: {why}; a line is question,field,answer")
    return question, field, answer


def _usual(cells: Sequence[str]) -> dict[str, int]:
    """The columns of a line in a table without a head."""
    decimal = len(cells) == 3 and _INTEGER.fullmatch(cells[1]) and _FRACTION.fullmatch(cells[2])
    if len(cells) < 3 or decimal:
        return {"field": 0, "answer": 1}
    return {"question": 0, "field": 1, "answer": 2}
