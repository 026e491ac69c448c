"""A question of a bank as a PrairieLearn question: a folder with info.json, question.html and server.py."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from grading.assignments.readable import as_html, prose
from grading.platforms.bank import BankQuestion, Numerical

_SERVER: Final = Path(__file__).with_name("prairielearn_server.py")
_DATA: Final = "# --- the table"
PICTURE: Final = "clientFilesQuestion/graph.svg"
_SPACE: Final = uuid.UUID("6d2ac1c6-2ab1-4e8b-9f2c-1f1f6b5a7d3e")


def question_files(topic: str, question: BankQuestion) -> Mapping[str, bytes]:
    """The files of a question's folder by their names.

    Source: PrairieLearn's documentation, "Questions" and "Elements".
    """
    question = question.telling("visible")  # PrairieLearn waits for no date
    return {
        "info.json": info(topic, question.name, question.title),
        "question.html": _html(question).encode(),
        "server.py": _server(question).encode("ascii"),
        PICTURE: question.picture,
    }


def info(topic: str, name: str, title: str, **more: Any) -> bytes:
    """info.json; the same question has the same uuid each time."""
    found = {
        "uuid": str(uuid.uuid5(_SPACE, json.dumps([topic, name, title]))),
        "title": title,
        "topic": topic,
        "tags": ["derivatives"],
        "type": "v3",
        **more,
    }
    return json.dumps(found, indent=1).encode("ascii")


def _html(question: BankQuestion) -> str:
    """What the student reads; texts of the assignment are data, so braces in them are no template."""
    inputs = (_input(question, i) for i, _ in enumerate(question.fields))
    return "\n".join(
        [
            "<pl-question-panel>",
            verbatim(prose(question.text)),
            *(f"<p>{verbatim(as_html(line))}</p>" for line in question.equations),
            f'<pl-figure file-name="graph.svg" alt="{literal(question.says)}"></pl-figure>',
            "<p>{{params.givens}}</p>",
            "</pl-question-panel>",
            *inputs,
            "",
        ]
    )


def _input(question: BankQuestion, i: int) -> str:
    first = next(number for number in question.numbers if number.field == question.fields[i])
    return (
        f"<p>{literal(first.asks)}</p>\n"
        f'<pl-number-input answers-name="{name_of(i)}" label="{literal(first.field)}" '
        f'comparison="sigfig" digits="{first.digits}" show-correct-answer="false"></pl-number-input>'
    )


def name_of(i: int) -> str:
    """The name of an input: PrairieLearn takes ASCII letters and digits alone."""
    return f"answer{i + 1}"


def literal(text: str) -> str:
    """Text inside a template: markup and braces as what they look like."""
    return verbatim(escape(text, quote=True))


def verbatim(html: str) -> str:
    """Markup whose braces are no template."""
    return html.replace("{", "&#123;").replace("}", "&#125;")


def _server(question: BankQuestion) -> str:
    """The program with its table."""
    sentences = {text: i for i, text in enumerate(dict.fromkeys(_sentences(question)))}
    numbers = [
        [number for number in question.numbers if number.variant == variant]
        for variant in question.variants
    ]
    table: list[Any] = [[_entry(number, sentences) for number in some] for some in numbers]
    return server([_given(first) for first, *_ in numbers], table, [*sentences])


def server(givens: Sequence[str], table: Sequence[Any], sentences: Sequence[str] = ()) -> str:
    """server.py: the same program each time, and data, in ASCII, one row a line.

    givens     for each variant what its numbers are, as students read it
    table      for each variant its inputs: (points, sentence otherwise, rows)
    sentences  what rows say, by their place
    """
    program = _SERVER.read_text("utf-8").partition(_DATA)[0]
    shown = {"SENTENCES": list(sentences), "GIVENS": list(givens), "VARIANTS": list(table)}
    return f"{program}{_DATA}\n\n" + "".join(f"{key} = {source(x)}\n" for key, x in shown.items())


def _entry(number: Numerical, sentences: Mapping[str, int]) -> tuple[Any, ...]:
    """(points, index of what is said otherwise, rows of (value, tolerance, fraction, index))."""
    rows = [
        (float(row.text), float(row.tolerance), row.fraction, sentences[row.feedback])
        for row in number.rows
    ]
    return float(number.points), sentences[number.otherwise], rows


def _sentences(question: BankQuestion) -> Iterator[str]:
    for number in question.numbers:
        yield number.otherwise
        yield from (row.feedback for row in number.rows)


def _given(number: Numerical) -> str:
    return ", ".join(f"{name} = {value}" for name, value in number.givens)


def source(x: object, indent: str = "") -> str:
    r"""Data as Python source in ASCII; what holds lists has a line for each of its entries.

    >>> print(source([(1, "ŷ"), 2]), source(["one", [2]]))
    [
     (1, '\u0177'),
     2,
    ] [
     'one',
     [
      2,
     ],
    ]
    """
    if not isinstance(x, list | tuple) or (
        isinstance(x, tuple) and not any(isinstance(y, list) for y in x)
    ):
        return ascii(x)
    inner = "".join(f"{indent} {source(y, indent + ' ')},\n" for y in x)
    start, end = "()" if isinstance(x, tuple) else "[]"
    return f"{start}\n{inner}{indent}{end}"
