"""A question bank as Moodle XML."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final
from xml.etree import ElementTree as ET

from autograd_lite.errors import AssignmentError
from grading.assignments.readable import as_html, prose
from grading.platforms.bank import BankQuestion, Numerical

GRADES: Final = (
    1, 0.9, 0.8333333, 0.8, 0.75, 0.7, 0.6666667, 0.6, 0.5, 0.4, 0.3333333, 0.3, 0.25, 0.2, 0.1666667,
    0.1428571, 0.125, 0.1111111, 0.1, 0.05, 0,
)  # fmt: skip
"""The fractions that Moodle's import takes; others stop it."""

_PICTURE: Final = "graph.svg"
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def moodle_xml(title: str, questions: Sequence[BankQuestion]) -> bytes:
    """The bank as a file for Moodle's import: a category for each number asked, a question for each variant.

    A quiz draws one question of a category for each student. One question a number rather than one Cloze
    question a table: its answers can have feedback with markup, and a student's attempt shows which number.

    Source: Moodle XML format; question type "numerical".
    """
    quiz = ET.Element("quiz")
    # whether feedback waits for the due date is a quiz's own setting
    for question in (x.telling("visible", "after_due_date", "after_published") for x in questions):
        for field in question.fields:
            _add_category(quiz, [title, f"{question.title} – {field}"])
            numbers = (number for number in question.numbers if number.field == field)
            for number in numbers:
                _add_question(quiz, question, number)
    ET.indent(quiz, " ")
    return bytes(ET.tostring(quiz, encoding="utf-8", xml_declaration=True))


def nearest_grade(fraction: float) -> float:
    """The fraction that Moodle knows for this one.

    Raises AssignmentError where it knows none within half a percent.

    >>> nearest_grade(0.5), nearest_grade(1 / 3)
    (0.5, 0.3333333)
    """
    best = min(GRADES, key=lambda grade: abs(grade - fraction))
    if not abs(best - fraction) <= 0.005:
        known = ", ".join(f"{grade:.5g}" for grade in GRADES)
        raise AssignmentError(
            f"Moodle knows no part of {fraction:g} of the points; it knows {known}"
        )
    return best


def _add_category(quiz: ET.Element, path: Iterable[str]) -> None:
    """A category; a slash in a name is doubled, since single ones divide the path."""
    names = (_clean(name).replace("/", "//") for name in path)
    category = _add(ET.SubElement(quiz, "question", type="category"), "category")
    _add(category, "text", "/".join(["$course$", "top", *names]))


def _add_question(quiz: ET.Element, question: BankQuestion, number: Numerical) -> None:
    found = ET.SubElement(quiz, "question", type="numerical")
    name = f"{question.name} {number.field} {number.variant}"
    _add(_add(found, "name"), "text", name)
    asked = _add(found, "questiontext", format="html")
    _add(asked, "text", _html(question, number))
    picture = base64.b64encode(question.picture).decode("ascii")
    _add(asked, "file", picture, name=_PICTURE, path="/", encoding="base64")
    for tag, text in (
        ("defaultgrade", f"{number.points:g}"),
        ("penalty", "0.3333333"),
        ("hidden", "0"),
    ):
        _add(found, tag, text)
    for row in number.rows:
        _add_answer(found, row.text, row.fraction, row.feedback, f"{row.tolerance:f}")
    _add_answer(found, "*", 0.0, number.otherwise, "0")
    _add(found, "unitgradingtype", "0")
    _add(found, "showunits", "3")  # no units


def _add_answer(
    question: ET.Element, text: str, fraction: float, feedback: str, tolerance: str
) -> None:
    """An answer; Moodle takes the first that matches, in the order of the file."""
    grade = f"{100 * nearest_grade(fraction):.7g}"
    answer = _add(question, "answer", fraction=grade, format="moodle_auto_format")
    _add(answer, "text", text)
    _add(_add(answer, "feedback", format="html"), "text", f"<p>{escape(feedback)}</p>")
    _add(answer, "tolerance", tolerance)


def _html(question: BankQuestion, number: Numerical) -> str:
    """What the student reads: text, picture, numbers, and what is asked."""
    given = ", ".join(f"{name} = {value}" for name, value in number.givens)
    says = escape(question.says, quote=True)
    lines = filter(None, [*question.equations, given, number.asks])
    return "\n".join(
        [
            prose(question.text),
            f'<p><img src="@@PLUGINFILE@@/{_PICTURE}" alt="{says}"></p>',
            *(f"<p>{as_html(line)}</p>" for line in lines),
        ]
    )


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, tag, attributes)
    found.text = None if text is None else _clean(text)
    return found


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("�", text)
