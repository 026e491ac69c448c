"""Which of a paper's fields an answer is for: names as students write them, and questions left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograd_lite.errors import did_you_mean
from grading.assignments import Paper
from grading.assignments.asked_of import AskedOf
from grading.course.part import Answers


@dataclass
class Matched:
    """Answers under the paper's own names, and a sentence for each that is for none of them."""

    answers: dict[str, dict[str, object]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def put(self, question: str, name: str, answer: object) -> None:
        """Take an answer, unless there is one already: x and X are the same field."""
        inside = self.answers.setdefault(question, {})
        if inside.setdefault(name, answer) != answer:
            self.remarks.append(f"{question} {name} is answered twice; the first answer counts")


def matched(answers: Answers, paper: Paper) -> Matched:
    """The answers by the paper's questions and fields.

    h_0, h0 and H_0 are the same name; without a question a field must be in one question only, and a question
    with one field may stand for it.
    """
    found = Matched()
    for question, fields in answers.items():
        for name, answer in fields.items():
            places = list(_places(paper, question, name))
            if len(places) == 1:
                found.put(*places[0], answer)
            else:
                found.remarks.append(_remark(paper, question, name, places))
    return found


def _places(paper: Paper, question: str, name: str) -> Iterator[tuple[str, str]]:
    """The fields that are meant."""
    asked = [q for q in paper.questions if not question or _folded(q.name) == _folded(question)]
    for q in asked:
        yield from ((q.name, x) for x in _named(q, name))
    if question:
        return
    for q in paper.questions:
        if _folded(q.name) == _folded(name) and len(q.fields) == 1:
            yield q.name, q.fields[0].name
        before, dot, after = name.partition(".")
        if dot and _folded(before) == _folded(q.name):
            yield from ((q.name, x) for x in _named(q, after))


def _named(q: AskedOf, name: str) -> list[str]:
    """The fields of a question with this name: exactly, or else nearly."""
    names = [x.name for x in q.fields]
    return [name] if name in names else [x for x in names if _folded(x) == _folded(name)]


def _folded(name: str) -> str:
    """A name without what students leave out: case, underscores, braces, backslashes.

    >>> _folded("H_{0}") == _folded("h₀")
    True
    """
    return re.sub(r"[\s_{}\\^$]", "", unicodedata.normalize("NFKC", name).casefold())


def _remark(paper: Paper, question: str, name: str, places: Sequence[tuple[str, str]]) -> str:
    if places:
        where = ", ".join(q for q, _ in places)
        return f"{name[:40]!r} is asked in {where}: write the question too, as in {places[0][0]},{name[:40]}"
    asked: Mapping[str, AskedOf] = {q.name: q for q in paper.questions}
    if question in asked:
        known = [x.name for x in asked[question].fields]
        return f"question {question} asks for no {name[:40]!r}; {did_you_mean(name[:40], known)}"
    if question:
        return f"there is no question {question[:40]!r}; {did_you_mean(question[:40], asked)}"
    every = [x.name for q in paper.questions for x in q.fields]
    return f"nothing here is called {name[:40]!r}; {did_you_mean(name[:40], every)}"
