"""`grading.diagnose`: what a student who gave this answer did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AnswerError, OperandError, brief
from autograd_lite.flow import FlowGraph
from autograd_lite.variables import Key, label
from grading.answers import Typed, read
from grading.answers.text import told
from grading.asking import Asked, prepare
from grading.diagnosis import Diagnosis
from grading.recognizers import recognized
from grading.recognizers.follow_through import judge_table
from grading.recognizers.formula import at_points
from grading.recognizers.recognizing import order_of
from grading.wording import more_remarks, sentence, short

MOST_DIGITS: Final = 17
"""more tell no two floats apart"""

Answer = Any
"""Typed text, a number, a fraction, a formula, a list or an array."""


def diagnose(  # noqa: PLR0913 - keywords, each a question of its own
    flow: FlowGraph,
    wrt: Key | Iterable[Key] | None = None,
    answer: Answer = None,
    *,
    of: Key | None = None,
    hold: Iterable[Key] | None = None,
    digits: int | None = None,
    hand: bool = False,
    table: Mapping[str, Answer] | None = None,
) -> Diagnosis:
    r"""What went wrong in an answer to a question on a graph, or in a table of answers.

    Parameters
    ----------
    flow
        The graph that the question is about.
    wrt
        The variable by which is differentiated; None asks for the value of `of`. With a table the variables
        that were asked for; None is all but the output.
    answer
        Text as typed, a number, a list, an array: "0.4919", "0,4919", "3/7", "49.19 %", "cos(x)/2".
    of
        What is differentiated; the graph's output by default.
    hold
        None asks for the total derivative; a list for the partial one with these held constant.
    digits
        How many significant digits were asked for. None takes the answer's own.
    hand
        Whether it was worked out by hand, so that ± 1.5 in the last place is right.
    table
        {variable: the total derivative by it} in place of one answer. The first wrong line is diagnosed; a
        line that is right given an earlier wrong one says so.

    Returns
    -------
    Diagnosis
        `str` of it is what the student reads; `.status`, `.ids`, `.nodes`, `.hint(level)`, `.picture()`.

    Raises
    ------
    AnswerError
        For a table with a line that is no variable of the graph, or with two lines for one. An answer that
        cannot be read has the status "format".
    OperandError
        For what is no flow graph, no number of digits, no table, or both a table and an answer.
    GraphError
        Where the graph does not have what is asked for.

    Examples
    --------
    >>> from autograd_lite import FlowGraph, Value, sin
    >>> x = Value(1.2, name="x")
    >>> h = sin(x).named("h")
    >>> flow = FlowGraph((h * h).named("y"))
    >>> print(diagnose(flow, "x", "0.6755"))
    Right.
    >>> lines = diagnose(flow, table={"h": 1.864, "x": -0.6755})
    >>> {name: line.status for name, line in lines.nodes.items()}
    {'h': 'right', 'x': 'wrong'}
    """
    if not isinstance(flow, FlowGraph):
        raise OperandError(f"a FlowGraph is diagnosed, not {brief(flow)}; write FlowGraph(y)")
    _check_digits(digits)
    if table is not None:
        _check_table(table, answer, hold)
        return judge_table(flow, table, asked_for=wrt, of=of, digits=digits, hand=hand)
    try:
        typed = answer if type(answer) is Typed else _read(answer, flow)
    except AnswerError as error:
        return Diagnosis("format", says=(sentence(error),), answer=told(answer), flow=flow)
    values = (at_points(flow) or None) if typed.kind == "formula" else None
    asked = prepare(flow, wrt, of=of, hold=hold, values=values)  # type: ignore[arg-type]
    return judge(asked, 0, typed, hand=hand, digits=digits)


def _check_digits(digits: object) -> None:
    whole = isinstance(digits, (int, np.integer)) and not isinstance(digits, bool)
    if digits is not None and not (whole and 1 <= int(digits) <= MOST_DIGITS):  # type: ignore[call-overload]
        raise OperandError(
            f"digits is a whole number from 1 to {MOST_DIGITS}, or None; not {brief(digits)}"
        )


def _check_table(table: object, answer: object, hold: object) -> None:
    if not isinstance(table, Mapping):
        raise OperandError(f"a table is a dict, {{variable: answer}}; not {brief(table)}")
    if answer is not None or hold is not None:
        raise OperandError(
            "a table holds the answers, all of them totals: leave out answer and hold"
        )


def _read(answer: Answer, flow: FlowGraph) -> Typed:
    """The answer as a number or array, or else as a formula in the graph's variables."""
    try:
        return read(answer)
    except AnswerError as error:
        names = [str(v.name) for v in flow.variables if v.name is not None]
        if not issubclass(type(answer), str) or not (names and any(c.isalpha() for c in answer)):
            raise
        try:
            return read(answer, variables=names)
        except AnswerError as formula_error:
            raise formula_error if _mentions(answer, flow) else error from None


def _mentions(text: str, flow: FlowGraph) -> bool:
    return any(label(v) in text or str(v.name) in text for v in flow.variables)


def judge(
    asked: Asked, k: int, typed: Typed, *, hand: bool = False, digits: int | None = None
) -> Diagnosis:
    """What is said of an answer to a prepared question, for the k-th of its sets of numbers.

    Where the answer can be read in several ways, the one that is right counts, or else one that is diagnosed.

    >>> from autograd_lite import FlowGraph, Value
    >>> x = Value(1.5, name="x")
    >>> asked = prepare(FlowGraph((x * x).named("y")), "x", values={"x": [1.5, 2.5]})
    >>> [judge(asked, k, read("5.000")).status for k in (0, 1)]
    ['unknown', 'right']
    """
    found = [recognized(asked, k, typed, reading, hand, digits) for reading in typed.readings]
    best = min(found, key=lambda d: _order(d, digits))
    return replace(best, remarks=(*best.remarks, *more_remarks(typed)), answer=typed.text)


def _order(d: Diagnosis, digits: int | None) -> int:
    """Of several readings the right one counts, then the one that is right but for its digits."""
    if d.status == "format" and d.says != (short(digits),):
        return 4  # of another kind or shape
    return order_of(d)
