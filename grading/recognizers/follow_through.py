"""Recogniser 2: a table of derivatives, each line judged by what stands above it.

A line that is wrong is recomputed from the student's own values at the variables that it leads to:

    ȳ_s(v) ?= Σ_c ȳ_s(c)·∂c/∂v

Where they agree, the step was right and the mistake is further up. Where not, the mistake is in this step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AnswerError
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.value import Value
from autograd_lite.variables import Key, label
from grading.answers import Reading, Typed, read
from grading.answers.text import told
from grading.asking import prepare
from grading.catalogue.forms import SWAPPED
from grading.closeness import close, half_width
from grading.diagnosis import Diagnosis
from grading.recognizers.local import local_flow
from grading.recognizers.recognizing import recognized, rightness
from grading.recognizers.table import Lines, Sheet, Table, line_of
from grading.wording import more_remarks, sentence, short

_TELLS_NOTHING: Final = (
    "This is not right, and after such an answer above nothing can be seen of this step."
)


def judge_table(
    flow: FlowGraph,
    answers: Mapping[str, Any],
    *,
    asked_for: Key | Iterable[Key] | None = None,
    of: Key | None = None,
    digits: int | None = None,
    hand: bool = False,
) -> Diagnosis:
    """The diagnosis of a whole table: each line in `.nodes`, the first wrong one in `.variable`."""
    return judge_lines(
        Table(flow, of=of, asked_for=asked_for), 0, answers, digits=digits, hand=hand
    )


@np.errstate(over="ignore", invalid="ignore")
def judge_lines(
    table: Table,
    k: int,
    answers: Mapping[str, Any],
    *,
    digits: int | None = None,
    hand: bool = False,
) -> Diagnosis:
    """What is said of a table of answers, for the k-th of its sets of numbers.

    Raises AnswerError for a line that is about no variable, and for two that are about one.
    """
    answered: dict[Node, Any] = {}
    for name, x in answers.items():
        if (v := line_of(name, table.flow.variables)) in answered:
            raise AnswerError(f"two lines of the table are about {label(v)}: keep one")
        answered[v] = x
    sheet = Sheet(table, k, hand, digits)
    found: dict[Node, Diagnosis] = {}
    for v in sorted(table.flow.variables, key=lambda v: -v.number):
        sheet.step(v)
        if v in table.lines or v in answered:
            found[v] = _line(sheet, v, answered.get(v))
    found = _swapped(sheet, found)
    return _summed(table, {v: found[v] for v in sorted(found, key=lambda v: -v.number)})


def _line(sheet: Sheet, v: Node, answer: Any) -> Diagnosis:
    """One line: right, right given the lines above, or wrong, and then why."""
    flow = sheet.table.flow
    if answer is None or (issubclass(type(answer), str) and not str.strip(answer)):
        return Diagnosis("missing", variable=label(v), flow=flow)
    try:
        typed = answer if type(answer) is Typed else read(answer)
    except AnswerError as error:
        sheet.wrong_above[v] = True
        return Diagnosis(
            "format", says=(sentence(error),), variable=label(v), answer=told(answer), flow=flow
        )
    d = _judged(sheet, v, typed)
    return replace(d, answer=typed.text, remarks=(*d.remarks, *more_remarks(typed)), flow=flow)


def _judged(sheet: Sheet, v: Node, typed: Typed) -> Diagnosis:
    expected, above = sheet.own[v], sheet.wrong_above[v]
    slack = sheet.slack(v, sheet.rough)
    right = sheet.table.right(v, sheet.k)
    for reading in typed.readings if typed.kind != "formula" else ():
        how = rightness(right, reading, sheet.hand, sheet.digits)
        follows = rightness(expected, reading, sheet.hand, sheet.digits, slack)
        if how != "right" and follows != "wrong" and above and not sheet.tells(v):
            sheet.enter(v, reading)
            return Diagnosis("wrong", says=(_TELLS_NOTHING,), variable=label(v))
        if how == "right" or (follows == "right" and not above):
            sheet.enter(v, reading)
            sheet.wrong_above[v] = False
            return Diagnosis("right")
        if follows == "right":
            sheet.enter(v, reading)
            return Diagnosis("right_given_your_earlier_answer")
        if "short" in (how, follows):
            sheet.enter(v, reading)
            return Diagnosis("format", says=(short(sheet.digits),), variable=label(v))
    return _wrong(sheet, v, typed)


def _wrong(sheet: Sheet, v: Node, typed: Typed) -> Diagnosis:
    """The mistake in this one step, given the student's own values; else one in the whole derivative."""
    reading = typed.readings[0]
    found = None
    if (
        isinstance(v, Value)
        and v is not sheet.table.of
        and sheet.table.links[v]
        and typed.kind == "number"
    ):
        found = _locally(sheet, v, typed)
    if (found is None or found.status != "diagnosed") and (
        not sheet.wrong_above[v] or found is None
    ):
        whole = recognized(sheet.table.asked(v), sheet.k, typed, reading, sheet.hand, sheet.digits)
        found = whole if found is None or whole.status == "diagnosed" else found
    tells = sheet.tells(v)
    turned = found.is_right and np.shape(reading.value) != np.shape(sheet.own[v])
    if typed.kind != "formula" and not turned:
        sheet.enter(v, reading)
    if found.is_right and not sheet.wrong_above[v]:  # a little off, as numerical derivatives are
        return found
    if found.is_right and tells:
        return replace(found, status="right_given_your_earlier_answer")
    if found.is_right:
        return Diagnosis("wrong", says=(_TELLS_NOTHING,), variable=label(v))
    sheet.wrong_above[v] = True
    return replace(
        found, status="format" if found.status == "format" else "wrong", variable=label(v)
    )


def _locally(sheet: Sheet, v: Node, typed: Typed) -> Diagnosis:
    table = sheet.table
    above = {c: float(sheet.own.get(c, 0.0)) for c, _ in table.links[v]}
    asked = table.asked(v)
    flow = local_flow(table.flow, v, above, lambda node: asked.number_of(node, sheet.k), table.of)
    local = prepare(flow, label(v) if v.name is None else v.name)
    own = typed.readings[0]
    wider = _rounded_above(own, float(sheet.slack(v, sheet.fine)))
    found = recognized(local, 0, typed, wider, sheet.hand, sheet.digits)
    if found.is_right:  # that it is right has been asked before: here only its own digits count
        return recognized(local, 0, typed, own, sheet.hand, sheet.digits)
    return found


def _rounded_above(reading: Reading, slack: float) -> Reading:
    """The reading, as uncertain as the rounded lines above make it."""
    if not slack or reading.digits is None:
        return reading
    return replace(reading, unit=reading.unit + slack)


def _swapped(sheet: Sheet, found: dict[Node, Diagnosis]) -> dict[Node, Diagnosis]:
    """Two wrong lines of which each has the other's right value: these were swapped."""
    wrong = [
        v
        for v, d in found.items()
        if d.status in ("wrong", "right_given_your_earlier_answer") and v in sheet.given
    ]
    for i, a in enumerate(wrong):
        for b in wrong[i + 1 :]:
            if _has(sheet, a, b) and _has(sheet, b, a):
                where = f"{label(a)} and {label(b)}"
                swapped = Diagnosis(
                    "wrong", (f"{SWAPPED.identifier}:{label(a)}>{label(b)}",),
                    (SWAPPED.says.format(where=where),), path=(label(a), label(b)),
                    kinds=(SWAPPED.name,), flow=sheet.table.flow,
                    synonyms=(f"{SWAPPED.identifier}:{label(a)}>{label(b)}", "A23"),
                )  # fmt: skip
                both = {
                    v: replace(swapped, variable=label(v), answer=found[v].answer) for v in (a, b)
                }
                return {**found, **both}
    return found


def _has(sheet: Sheet, a: Node, b: Node) -> bool:
    right, reading = sheet.table.right(b, sheet.k), sheet.given[a]
    return np.shape(right) == np.shape(reading.value) and bool(
        close(right, reading.value, half_width(reading, hand=sheet.hand)).all()
    )


def _summed(table: Table, found: Mapping[Node, Diagnosis]) -> Diagnosis:
    """The table as a whole: right where all of its lines are, with the first wrong line's path."""
    bad = [(v, d) for v, d in found.items() if not d.is_right]
    if not bad:
        return Diagnosis("right", nodes=Lines(found), flow=table.flow)
    v, d = next(((v, d) for v, d in bad if d.status == "wrong"), bad[0])
    later = [label(u) for u, e in found.items() if e.status == "right_given_your_earlier_answer"]
    says = (f"The first line that is not right is {label(v)}. {d}",)
    remarks = (f"Right, given that answer: {', '.join(later)}.",) if later else ()
    return Diagnosis(
        "wrong",
        d.ids,
        says,
        remarks,
        d.path or (label(v),),
        label(v),
        Lines(found),
        d.kinds,
        flow=table.flow,
    )


__all__ = ["Lines", "Table", "judge_lines", "judge_table"]
