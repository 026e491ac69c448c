"""An elementwise record as rows of primitives: its value first, then its partials.

The record runs once, on numbers to come; so no derivative is known but the records'.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.errors import AutogradError, NamespaceError, SourceError
from autograd_lite.programs.scalars.primitives import CALLS, CALLS_2, MADE, NATIVE, Op
from autograd_lite.programs.scalars.scalar import Scalar
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import WRITERS, Namespace, floats

_REFUSALS: Final = (ArithmeticError, AttributeError, AutogradError, LookupError, RuntimeError,
                    TypeError, ValueError)  # fmt: skip
"""What running a rule on numbers to come raises when the rule looks at them."""
_NAMES: Final = {*NATIVE, *MADE, *CALLS, *CALLS_2}


class Row(NamedTuple):
    """One primitive: what it computes of which places.

    A place below the arity is an operand's; then come the rows in order; -1, -2, … are the literals. Of a
    call c is no place: it says which function.
    """

    op: Op
    a: int
    b: int
    c: int

    @property
    def is_call(self) -> bool:
        """Whether c is the number of a function."""
        return self.op in (Op.CALL, Op.CALL_2)

    @property
    def places(self) -> tuple[int, ...]:
        """Of what it is computed."""
        return (self.a, self.b, self.c)[: self.op.arity]

    def renumbered(self, new: Mapping[int, int]) -> Row:
        """The row with other numbers for places."""
        c = self.c if self.is_call else new[self.c]
        return Row(self.op, new[self.a], new[self.b], c)


@dataclass(frozen=True)
class Template:
    """A record as rows, for all nodes that apply it in the same way.

    arity     how many operands there are
    rows      those of the value, and behind them those that only the partials need
    values    how many of the rows the value needs
    result    the place of the value, a row's
    partials  by operand: the place of ∂y/∂operand, None where nothing is passed on
    literals  numbers
    """

    arity: int
    rows: tuple[Row, ...]
    values: int
    result: int
    partials: tuple[int | None, ...]
    literals: tuple[float, ...]


def template(rule: Record, given: Sequence[float | None], moving: Sequence[bool]) -> Template:
    """The rows of a rule.

    given   by operand: its number where that is known, else None
    moving  by operand: whether its partial is wanted

    >>> from autograd_lite.rules import RULES
    >>> rows = template(RULES["exp"], [None], [True])
    >>> [row.op.name for row in rows.rows], rows.result, rows.partials  # ∂y/∂x is y
    (['CALL'], 1, (1,))

    Raises SourceError for a rule that looks at its numbers.
    """
    return _once(rule, tuple(given), tuple(moving), repr(given))  # 0.0 is not -0.0


@lru_cache(maxsize=512)
def _once(
    rule: Record, given: tuple[float | None, ...], moving: tuple[bool, ...], _: str
) -> Template:
    notes = Lowering(len(given))
    xs = [Scalar(notes, i) if x is None else x for i, x in enumerate(given)]
    try:
        y = notes.as_row(notes.apply(rule, *xs))
        values = len(notes.rows)
        partials = [
            notes.partial(rule, i, y, xs) if moves else None for i, moves in enumerate(moving)
        ]
    except _REFUSALS as error:
        reason = re.sub("'?Scalar'?", "a number to come", str(error))
        raise SourceError(
            f"the rule {rule.name} has no form for programs of single numbers: {reason}"
        ) from None
    literals = tuple(notes.literals.values())
    return _pruned(
        Template(len(given), tuple(notes.rows), values, y.place, tuple(partials), literals)
    )


def _pruned(full: Template) -> Template:
    """The template without rows that lead nowhere, as the short form of a derivative that is not taken."""
    wanted = {full.result, *full.partials}
    for place, row in reversed(list(enumerate(full.rows, full.arity))):
        if place in wanted:
            wanted.update(row.places)
    kept = [k for k in range(len(full.rows)) if full.arity + k in wanted]
    new = {place: place for place in range(-len(full.literals), full.arity)}
    new.update({full.arity + k: full.arity + at for at, k in enumerate(kept)})
    return replace(
        full,
        rows=tuple(full.rows[k].renumbered(new) for k in kept),
        values=sum(k < full.values for k in kept),
        result=new[full.result],
        partials=tuple(None if place is None else new[place] for place in full.partials),
    )


class Lowering:
    """The rows of one rule, noted while it runs; equal rows are noted once."""

    def __init__(self, arity: int) -> None:
        self.arity = arity
        self.literals: dict[str, float] = {}
        self._noted: dict[Row, int] = {}

    @property
    def rows(self) -> list[Row]:
        return list(self._noted)

    def note(self, op: Op, *xs: Any, function: int = 0) -> Scalar:
        """The result of a primitive."""
        row = self._row(op, xs, function)
        return Scalar(self, self._noted.setdefault(row, self.arity + len(self._noted)))

    def known(self, op: Op, *xs: Any) -> Scalar | None:
        """The result of a primitive that was noted already, else None."""
        found = self._noted.get(self._row(op, xs, 0))
        return None if found is None else Scalar(self, found)

    def _row(self, op: Op, xs: tuple[Any, ...], function: int) -> Row:
        a, b, c = ([self._place(x) for x in xs] + [0, 0])[:3]
        return Row(op, a, b, function if op in (Op.CALL, Op.CALL_2) else c)

    def as_row(self, y: Any) -> Scalar:
        """A result as that of a row, also where the rule gives an operand or a number back."""
        if isinstance(y, Scalar) and y.place >= self.arity:
            return y
        return self.note(Op.ADD, y, -0.0)  # what changes no number

    def partial(self, rule: Record, i: int, y: Scalar, xs: Sequence[Any]) -> int | None:
        """The place of ∂y/∂operand i; None where there is none, or it is 0."""
        d = (rule.partials or ())[i]
        found = None if d is None else d(self.namespace, y, *xs)
        if found is None or (not isinstance(found, Scalar) and float(found) == 0.0):
            return None
        return self._place(found)

    @property
    def namespace(self) -> Namespace:
        """What a record that is lowered sees as `xp`."""
        return _Functions(self)

    def function(self, name: str) -> Callable[..., Any]:
        """A function by NumPy's name, or a record's.

        Raises NamespaceError where there is no such function of single numbers.
        """
        if name in NATIVE:
            return self._folded(name, partial(self.note, NATIVE[name]))
        if name in MADE:
            return self._folded(name, partial(MADE[name], _Functions(self)))
        for op, calls in ((Op.CALL, CALLS), (Op.CALL_2, CALLS_2)):
            if name in calls:
                call = partial(self.note, op, function=list(calls).index(name))
                return self._folded(name, call)
        if name in RULES:
            return partial(self.apply, RULES[name])
        raise NamespaceError(f"it uses {name}, which is no function of single numbers here")

    def apply(self, rule: Record, *xs: Any) -> Any:
        """The value of a rule: one function, or its branch-free form, or what its value does."""
        if RULES.get(rule.name) is rule and rule.name in _NAMES:
            return self.function(rule.name)(*xs)
        form = rule.source.get("python")
        if callable(form):
            return form(self.namespace, *xs)
        try:
            return rule.value(self.namespace, *xs)
        except _REFUSALS:
            if rule.formula is None:
                raise
            return rule.formula(self.namespace, *xs)

    def _folded(self, name: str, noted: Callable[..., Any]) -> Callable[..., Any]:
        """The function, which computes at once what is asked of plain numbers."""

        def of(*xs: Any) -> Any:
            if any(isinstance(x, Scalar) for x in xs):
                return noted(*xs)
            return (RULES[name] if name in RULES else getattr(floats, name))(*xs)

        return of

    def _place(self, x: Any) -> int:
        if isinstance(x, Scalar):
            if x.notes is not self:
                raise SourceError("it computes with numbers of two programs")
            return x.place
        if isinstance(x, np.ndarray) and x.ndim == 0:
            x = x[()]
        if not isinstance(x, (bool, int, float, np.number, np.bool_)):
            raise SourceError(f"it gives {type(x).__name__} where a number is expected")
        key = repr(float(x))
        self.literals.setdefault(key, float(x))
        return -1 - list(self.literals).index(key)


class _Functions(Namespace):
    """Functions under NumPy's names, and every operation of the engine, of numbers to come."""

    def __init__(self, notes: Lowering) -> None:
        numbers = {"pi": math.pi, "nan": math.nan, "inf": math.inf}
        super().__init__(**numbers, primitive=notes.note, known=notes.known, _notes=notes)

    def __getattr__(self, name: str) -> Any:
        return self._notes.function(name)


def _write(rule: Record, operands: tuple[Any, ...]) -> Any:
    """How a rule that is called on numbers to come is lowered: where the first of them stands."""
    first = next(x for x in operands if isinstance(x, Scalar))
    return first.notes.apply(rule, *operands)


WRITERS[Scalar] = _write
