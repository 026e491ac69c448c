"""A notebook's answers: the values of its variables, taken out in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grading.assignments import Paper
from grading.course.contents import Problem
from grading.results import ItemStatus
from grading.sandbox import Outcome, Result, Tier, run_cells

_STATUSES: Final[Mapping[str, ItemStatus]] = {
    "error": "crash", "memory": "memory", "refused": "refused", "lost": "crash",
    "timeout": "timeout", "crash": "crash", "output": "refused",
}  # fmt: skip


@dataclass(frozen=True)
class Variables:
    """What a notebook's cells left.

    answers   (question, field, value)
    problems  (question, field) -> why a variable that is there has no value
    problem   why the whole notebook gave nothing
    """

    answers: tuple[tuple[str, str, object], ...] = ()
    problems: Mapping[tuple[str, str], Problem] = field(default_factory=dict)
    problem: Problem | None = None
    warnings: tuple[str, ...] = ()


def variables(cells: Sequence[str], paper: Paper, tier: Tier | None) -> Variables:
    """Run the cells apart, and look for each field: moves_h_0, or moves = {"h_0": …}.

    Raises SandboxError where the tier does not work.
    """
    wanted = dict(_wanted(paper))
    outcome = run_cells(cells, list(wanted), tier=tier)
    if outcome.status != "ok":
        return Variables(problem=_problem(outcome.status, f"your notebook: {outcome.error}"))
    said = (f"your notebook: {outcome.error}",) if outcome.error else ()
    return _found(outcome, wanted, said)


def _found(
    outcome: Outcome, wanted: Mapping[str, tuple[str, str]], said: tuple[str, ...]
) -> Variables:
    answers: list[tuple[str, str, object]] = []
    problems = {}
    for name, (question, part) in wanted.items():
        result = outcome.variables.get(name, Result("missing"))
        if result.ok:
            answers += _answers(question, part, result.value)
        elif result.status != "missing":
            why = f"your variable {name}: {result.error}"
            problems[question, part] = _problem(result.status, why)
    return Variables(tuple(answers), problems, None, said)


def _answers(question: str, part: str, value: object) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, dict):
        yield from ((question, str(key), x) for key, x in value.items())
    elif part or value is not None:
        yield ("", question, value) if not part else (question, part, value)


def _wanted(paper: Paper) -> Iterator[tuple[str, tuple[str, str]]]:
    """Names of variables, and what each is the answer to: a whole question has no field.

    h_0 alone is the value of h_0, never a derivative by it.
    """
    asked = [q for q in paper.questions if not q.question.is_code]
    parts = [(q.name, x.name) for q in asked for x in q.fields]
    values = [(q.name, x.name) for q in asked if q.question.ask == "value" for x in q.fields]
    for question, part in values:
        if [name for _, name in values].count(part) == 1:
            yield _identifier(part), (question, part)
    for question in dict.fromkeys(question for question, _ in parts):
        yield _identifier(question), (question, "")
    for question, part in parts:
        yield _identifier(f"{question}_{part}"), (question, part)


def _identifier(name: str) -> str:
    r"""A name as a variable of Python.

    >>> _identifier("\\hat{y}")
    'haty'
    """
    plain = re.sub(r"\W", "", re.sub(r"[-\s]", "_", name))
    return plain if plain.isidentifier() else f"_{plain}"


def _problem(status: str, why: str) -> Problem:
    return Problem(_STATUSES.get(status, "crash"), why)
