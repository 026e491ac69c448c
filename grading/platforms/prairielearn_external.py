"""PrairieLearn questions that no table can answer: formulas, arrays and programs go to an external grader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from grading.assignments import Assignment
from grading.assignments.asked_of import AskedOf
from grading.assignments.questions import Field, Question
from grading.assignments.readable import as_html, equation, prose
from grading.figures import Figure, figure
from grading.notebooks.shown import given_lines
from grading.platforms.prairielearn_question import (
    PICTURE,
    info,
    literal,
    name_of,
    server,
    verbatim,
)
from grading.platforms.shipping import ASSIGNMENT, SECRET_FILE, packages, requirements_file

IMAGE: Final = "flowgrade-grader"
FOLDER: Final = "flowgrade"
QUESTION_FILE: Final = "question.txt"
_SECONDS: Final = 120

RUN: Final = """\
#!/usr/bin/env bash
# PrairieLearn runs this for each submission; the result is in $root/results/results.json.
set -euo pipefail
root="${GRADE_ROOT:-/grade}"
export PYTHONPATH="$root/serverFilesCourse/flowgrade/packages"
exec "${GRADE_PYTHON:-python3}" -m grading.platforms.prairielearn_run "$root"
"""
DOCKERFILE: Final = """\
# docker build -t flowgrade-grader . && push it to where your course's images are
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap
COPY requirements.txt /requirements.txt
RUN pip install --no-cache-dir -r /requirements.txt
"""


def course_files() -> Iterator[tuple[str, bytes]]:
    """What all external questions share, in serverFilesCourse: entry point, image, and this project."""
    yield "run.sh", RUN.encode()
    yield "Dockerfile", DOCKERFILE.encode()
    yield "requirements.txt", requirements_file()
    yield from packages()


def external_files(
    assignment: Assignment, text: str, question: Question, *, variants: int = 50, image: str = IMAGE
) -> Mapping[str, bytes]:
    """The files of a question's folder by their names.

    text      of the assignment's own file, which the grader reads and students do not see
    variants  sets of numbers, of those that the assignment's students get

    Source: PrairieLearn's documentation, "External grading".
    """
    asked = [
        asked_at(assignment, question, k) for k in range(_size(assignment, question, variants))
    ]
    shown = figure(asked[0])
    options = {
        "enabled": True,
        "image": image,
        "entrypoint": f"/grade/serverFilesCourse/{FOLDER}/run.sh",
        "serverFilesCourse": [f"{FOLDER}/"],
        "timeout": _SECONDS,
        "enableNetworking": False,
    }
    found = {
        "info.json": info(assignment.title, question.name, question.title, gradingMethod="External",
                          externalGradingOptions=options),
        "question.html": _html(asked[0], shown).encode(),
        "server.py": server(["\n".join(given_lines(x)) for x in asked], [[] for _ in asked]).encode(),
        f"tests/{ASSIGNMENT}": text.encode(),
        f"tests/{QUESTION_FILE}": question.name.encode(),
        f"tests/{SECRET_FILE}": assignment.secret.encode(),
    }  # fmt: skip
    return {**found, PICTURE: shown.svg.encode()} if shown.svg else found


def asked_at(assignment: Assignment, question: Question, k: int) -> AskedOf:
    """A question with the k-th set of its numbers."""
    if question.graph is None:
        return AskedOf(question, None, 0)
    return AskedOf(question, assignment.pools("graded")[question.graph.name], k)


def _size(assignment: Assignment, question: Question, variants: int) -> int:
    """How many sets of numbers there are; a program is asked for once."""
    if question.graph is None or question.is_code:
        return 1
    return min(variants, assignment.pools("graded")[question.graph.name].size)


def _html(asked: AskedOf, shown: Figure) -> str:
    """What the student reads and fills in, and where the grader's results are shown."""
    lines = [verbatim(as_html(equation(line))) for line in asked.says]
    picture = f'<pl-figure file-name="graph.svg" alt="{literal(shown.says)}"></pl-figure>'
    return "\n".join(filter(None, [
        "<pl-question-panel>",
        verbatim(prose(asked.text)),
        picture if shown.svg else "",
        f"<pre>{chr(10).join(lines)}</pre>" if lines else "",
        "<pre>{{params.givens}}</pre>",
        "</pl-question-panel>",
        *map(_input, asked.fields, range(len(asked.fields))),
        "<pl-submission-panel>",
        "<pl-external-grader-results></pl-external-grader-results>",
        "<pl-file-preview></pl-file-preview>",
        "</pl-submission-panel>",
        "",
    ]))  # fmt: skip


def _input(field: Field, i: int) -> str:
    """A line for a number, a formula or an array as text, or a program's file."""
    if field.kind in ("function", "module"):
        return f'<pl-file-upload file-names="{literal(field.name)}.py"></pl-file-upload>'
    label = literal(field.label)
    return (
        f"<p>{label}</p>\n"
        f'<pl-string-input answers-name="{name_of(i)}" label="{label}"></pl-string-input>'
    )
