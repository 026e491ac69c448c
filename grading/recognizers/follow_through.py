"""Recogniser 2: a table of derivatives, each line judged by what stands above it.

A line that is wrong is recomputed from the student's own values at the variables that it leads to:

    ȳ_s(v) ?= Σ_c ȳ_s(c)·∂c/∂v

Where they agree, the step was right and the mistake is further up. Where they do not, the mistake is in this step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd_lite.errors import AnswerError, NotAVariableError, brief, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.order import upstream
from autograd_lite.value import Value
from autograd_lite.variables import Key, as_list, label, variable_named
from grading.answers import Reading, Typed, read
from grading.asking import Asked, prepare
from grading.catalogue.forms import SWAPPED
from grading.closeness import FEWEST, close
from grading.diagnosis import Diagnosis
from grading.recognizers.local import local_flow
from grading.recognizers.recognizing import recognized, rightness, width_of
from grading.wording import SHORT, more_remarks, sentence


class Lines(dict[str, Diagnosis]):
    """The diagnosis of each line by the variable's name, as printed or as typed."""

    def __init__(self, lines: Mapping[Node, Diagnosis]) -> None:
        super().__init__({label(v): d for v, d in lines.items()})
        self._variables = tuple(lines)

    def __missing__(self, key: str) -> Diagnosis:
        return self[label(line_of(key, self._variables))]


class Table:
    """A table of total derivatives that was asked for: of one variable, by several others.

    flow       the graph
    of         what is differentiated; the output by default
    asked_for  the variables that have a line; all but `of` by default
    values     {name of an input: numbers of shape (K,)} for K students at once
    """

    def __init__(
        self,
        flow: FlowGraph,
        *,
        of: Key | None = None,
        asked_for: Key | Iterable[Key] | None = None,
        values: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        self.flow, self.values = flow, values
        self.of = flow.output if of is None else flow.variable(of)
        every = [v for v in flow.variables if v is not self.of]
        chosen = every if asked_for is None else [flow.variable(v) for v in as_list(asked_for)]
        self.lines = frozenset(chosen)
        self._asked: dict[Node, Asked] = {}

    def asked(self, v: Node) -> Asked:
        """The question of one line."""
        if v not in self._asked:
            self._asked[v] = prepare(self.flow, v, of=self.of, values=self.values)
        return self._asked[v]

    @cached_property
    def links(self) -> dict[Node, list[tuple[Node, Any]]]:
        """For each variable those computed directly from it, with the partial derivatives."""
        return {
            v: [(c, self._partial(c, v)) for c in self.flow.targets[v]] for v in self.flow.variables
        }

    def _partial(self, c: Node, v: Node) -> Any:
        if not isinstance(c, Value):
            return np.asarray(self.flow.partial(c, v))[None]
        known = {leaf.name for leaf in upstream(c)[0]}
        values = {name: x for name, x in (self.values or {}).items() if name in known}
        return prepare(self.flow, v, of=c, hold=self.flow.sources[c], values=values or None).right

    def right(self, v: Node, k: int) -> NDArray[Any]:
        """The right derivative by v."""
        rows = self.asked(v).right
        return rows[min(k, len(rows) - 1)]  # type: ignore[no-any-return]


def line_of(name: object, variables: Sequence[Node]) -> Node:
    """The variable that a line is about: "h_0", "h0", "dŷ/dh_0" and "yhat" are understood.

    Raises AnswerError for a line that is about none.
    """
    try:
        return variable_named(str(name), variables)
    except NotAVariableError:
        by_letters = {_letters(label(v)): v for v in variables}
        wanted = _letters(pretty(str(name).rpartition("/d")[2]))
        if wanted in by_letters:
            return by_letters[wanted]
    hint = did_you_mean(str(name), [label(v) for v in variables])
    raise AnswerError(f"no variable is called {brief(name)}, of which the table has a line; {hint}")


def _letters(name: str) -> str:
    return "".join(c for c in name if c.isalnum()).casefold()


@dataclass
class _Sheet:
    """A table as it is gone through, from the output back.

    own    what the student has at each variable; where nothing was given what follows from the lines above
    width  how far off these may be
    """

    table: Table
    k: int
    hand: bool
    digits: int | None
    own: dict[Node, Any] = field(default_factory=dict)
    width: dict[Node, Any] = field(default_factory=dict)
    given: dict[Node, Reading] = field(default_factory=dict)
    wrong_above: dict[Node, bool] = field(default_factory=dict)

    def step(self, v: Node) -> None:
        """What follows for v from the lines above it, until its own line is read."""
        table = self.table
        if v is table.of:
            shape = np.shape(v.value)
            ones = np.eye(int(np.prod(shape, dtype=int))).reshape(shape + shape)
            self.own[v], self.width[v], self.wrong_above[v] = ones, 0.0 * ones, False
            return
        parts = [
            (self.own[c], self.width[c], self._at(w), np.ndim(c.value))
            for c, w in table.links[v]
            if c in self.own
        ]
        zero = np.zeros(np.shape(table.of.value) + np.shape(v.value))
        self.own[v] = zero + sum(np.tensordot(g, w, n) for g, _, w, n in parts) if parts else zero
        spread = [
            np.tensordot(np.broadcast_to(s, np.shape(g)), np.abs(w), n) for g, s, w, n in parts
        ]
        self.width[v] = zero + sum(spread) if parts else zero
        self.wrong_above[v] = any(self.wrong_above.get(c, False) for c, _ in table.links[v])

    def _at(self, w: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(w[min(self.k, len(w) - 1)])

    def enter(self, v: Node, reading: Reading) -> None:
        """The student's own value takes the place of what follows from the lines above."""
        self.given[v] = reading
        shape = np.shape(self.own[v])
        if np.size(reading.value) == int(np.prod(shape, dtype=int)):
            self.own[v] = np.asarray(reading.value, float).reshape(shape)
            self.width[v] = np.broadcast_to(
                width_of(reading, self.hand), np.shape(reading.value)
            ).reshape(shape)


def judge_table(
    flow: FlowGraph,
    answers: Mapping[str, Any],
    *,
    asked_for: Key | Iterable[Key] | None = None,
    of: Key | None = None,
    digits: int | None = None,
    hand: bool = False,
) -> Diagnosis:
    """The diagnosis of a whole table: one for each line in `.nodes`, and the first wrong one in `.variable`."""
    return judge_lines(
        Table(flow, of=of, asked_for=asked_for), 0, answers, digits=digits, hand=hand
    )


def judge_lines(
    table: Table,
    k: int,
    answers: Mapping[str, Any],
    *,
    digits: int | None = None,
    hand: bool = False,
) -> Diagnosis:
    """What is said of a table of answers, for the k-th of its sets of numbers.

    Raises AnswerError for a line that is about no variable.
    """
    answered = {line_of(name, table.flow.variables): x for name, x in answers.items()}
    sheet = _Sheet(table, k, hand, digits)
    found: dict[Node, Diagnosis] = {}
    for v in sorted(table.flow.variables, key=lambda v: -v.number):
        sheet.step(v)
        if v in table.lines or v in answered:
            found[v] = _line(sheet, v, answered.get(v))
    found = _swapped(sheet, found)
    return _summed(table, {v: found[v] for v in sorted(found, key=lambda v: -v.number)})


def _line(sheet: _Sheet, v: Node, answer: Any) -> Diagnosis:
    """One line: right, right given the lines above, or wrong, and then why."""
    flow = sheet.table.flow
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return Diagnosis("missing", variable=label(v), flow=flow)
    try:
        typed = answer if isinstance(answer, Typed) else read(answer)
    except AnswerError as error:
        sheet.wrong_above[v] = True
        return Diagnosis(
            "format", says=(sentence(error),), variable=label(v), answer=brief(answer), flow=flow
        )
    d = _judged(sheet, v, typed)
    return replace(d, answer=typed.text, remarks=(*d.remarks, *more_remarks(typed)), flow=flow)


def _judged(sheet: _Sheet, v: Node, typed: Typed) -> Diagnosis:
    expected, slack, above = sheet.own[v], sheet.width[v], sheet.wrong_above[v]
    right = sheet.table.right(v, sheet.k)
    for reading in typed.readings if typed.kind != "formula" else ():
        how = rightness(right, reading, sheet.hand, sheet.digits)
        follows = rightness(expected, reading, sheet.hand, sheet.digits, slack)
        if how == "right" or (follows == "right" and not above):
            sheet.enter(v, reading)
            sheet.wrong_above[v] = False
            return Diagnosis("right")
        if follows == "right":
            sheet.enter(v, reading)
            return Diagnosis("right_given_your_earlier_answer")
        if "short" in (how, follows):
            sheet.enter(v, reading)
            says = SHORT.format(digits=sheet.digits or FEWEST)
            return Diagnosis("format", says=(says,), variable=label(v))
    return _wrong(sheet, v, typed)


def _wrong(sheet: _Sheet, v: Node, typed: Typed) -> Diagnosis:
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
    if typed.kind != "formula":
        sheet.enter(v, reading)
    sheet.wrong_above[v] = True
    return replace(
        found, status="format" if found.status == "format" else "wrong", variable=label(v)
    )


def _locally(sheet: _Sheet, v: Node, typed: Typed) -> Diagnosis:
    table = sheet.table
    own = {c: float(sheet.own[c]) for c, _ in table.links[v] if c in sheet.own}
    own = {c: own.get(c, 0.0) for c, _ in table.links[v]}
    asked = table.asked(v)
    flow = local_flow(table.flow, v, own, lambda node: asked.number_of(node, sheet.k), table.of)
    local = prepare(flow, label(v) if v.name is None else v.name)
    reading = _rounded_above(typed.readings[0], float(sheet.width[v]))
    return recognized(local, 0, typed, reading, sheet.hand, sheet.digits)


def _rounded_above(reading: Reading, slack: float) -> Reading:
    """The reading, as uncertain as the rounded lines above make it."""
    if not slack or reading.digits is None:
        return reading
    return replace(reading, unit=reading.unit + slack)


def _swapped(sheet: _Sheet, found: dict[Node, Diagnosis]) -> dict[Node, Diagnosis]:
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
                )  # fmt: skip
                both = {
                    v: replace(swapped, variable=label(v), answer=found[v].answer) for v in (a, b)
                }
                return {**found, **both}
    return found


def _has(sheet: _Sheet, a: Node, b: Node) -> bool:
    right, reading = sheet.table.right(b, sheet.k), sheet.given[a]
    return np.shape(right) == np.shape(reading.value) and bool(
        close(right, reading.value, width_of(reading, sheet.hand)).all()
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
