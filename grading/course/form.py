"""Answers as JSON, as the form saves them: {"student": …, "answers": {"q1": {"h_0": "0.49"}}}."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from autograd_lite.errors import SubmissionError
from grading.course.part import LONGEST_ANSWER, MOST_ANSWERS, Part

DEEPEST: Final = 8


class Typed(str):
    """A number as it was written, with all its digits: 0.4920 has four.

    >>> json.loads("[0.4920]", parse_float=Typed)
    ['0.4920']
    """

    __slots__ = ()


def parsed(name: str, text: str) -> Any:
    """JSON from a stranger, with numbers as text.

    Raises SubmissionError for what is none, or is nested too deeply.
    """
    try:
        return json.loads(text, parse_float=Typed, parse_int=Typed, parse_constant=Typed)
    except RecursionError:
        raise SubmissionError(f"{name} is nested too deeply") from None
    except ValueError as error:
        raise SubmissionError(f"{name} is no JSON: {error}") from None


def read_form(name: str, text: str) -> Part:
    """The answers in a form's file; {"q1": {"h_0": "0.49"}} and {"h_0": 0.49} alone are read too.

    >>> read_form("a.json", '{"student": "ada", "answers": {"q1": {"h_0": 0.4920}}}').answers
    {'q1': {'h_0': '0.4920'}}

    Raises SubmissionError for what is no such file.
    """
    found = parsed(name, text)
    if not isinstance(found, dict):
        raise SubmissionError(f'{name} holds no answers; write {{"q1": {{"h_0": "0.49"}}}}')
    whole = found.get("answers", None)
    answers = whole if isinstance(whole, dict) else _without_labels(found)
    read = _answers(name, answers)
    return Part(read, student=_label(found, "student"), assignment=_label(found, "assignment"))


def _without_labels(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in ("student", "assignment")}


def _label(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key, "")
    return str(value)[:200] if isinstance(value, str) else ""


def _answers(name: str, answers: Mapping[str, Any]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for question, fields in answers.items():
        pairs = fields.items() if isinstance(fields, dict) else [(question, fields)]
        inside = found.setdefault(question if isinstance(fields, dict) else "", {})
        inside.update({f: _answer(name, value) for f, value in pairs if value not in (None, "")})
    if sum(map(len, found.values())) > MOST_ANSWERS:
        raise SubmissionError(f"{name} has more than {MOST_ANSWERS} answers")
    return found


def _answer(name: str, value: Any) -> object:
    """One answer: text as it was typed, or a list of numbers."""
    if isinstance(value, str):
        if len(value) > LONGEST_ANSWER:
            raise SubmissionError(f"{name}: an answer is too long")
        return str(value)
    if isinstance(value, list):
        return _listed(name, value, DEEPEST)
    return json.dumps(value)[:200]  # true, or an object: what it means is said with the answer


def _listed(name: str, value: Any, deepest: int) -> object:
    if not isinstance(value, list):
        return _number(value)
    if not deepest:
        raise SubmissionError(f"{name}: a list is nested more than {DEEPEST} deep")
    return [_listed(name, entry, deepest - 1) for entry in value]


def _number(value: Any) -> object:
    if isinstance(value, Typed):
        return float(value)
    return value if isinstance(value, str) else json.dumps(value)[:200]
