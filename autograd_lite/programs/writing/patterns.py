"""A line without its variables and step numbers: what two time steps have in common."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.programs.writing.arithmetic import is_number
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term

VALUE: Final = "·"
NUMBER: Final = "#"


class Atom(NamedTuple):
    """What may differ from step to step: a value (a term or number), or a whole number in an index.

    length  of the axis that the number is an index of, where that is known
    """

    kind: str
    value: Any
    length: int | None = None


Change = Callable[[Atom], Any]


class Pattern(NamedTuple):
    """A statement's skeleton, and its atoms: those of its head, and those of each summand."""

    head: Hashable
    parts: tuple[Hashable, ...]
    of_head: list[Atom]
    of_parts: list[list[Atom]]

    @property
    def skeleton(self) -> Hashable:
        return self.head, self.parts


def pattern(statement: Statement, is_line: Callable[[Term], bool]) -> Pattern:
    """What a statement looks like; terms that have lines of their own are atoms."""
    of_head: list[Atom] = [Atom(VALUE, statement.target)] if statement.adds else []
    at = skeleton(statement.at, is_line, of_head, in_index=True)
    head = (statement.adds, at, statement.scope, id(statement) if statement.once else 0)
    of_parts: list[list[Atom]] = [[] for _ in statement.parts]
    parts = tuple(
        skeleton(x, is_line, atoms) for x, atoms in zip(statement.parts, of_parts, strict=True)
    )
    return Pattern(head, parts, of_head, of_parts)


def skeleton(
    x: Any,
    is_line: Callable[[Term], bool],
    atoms: list[Atom],
    in_index: bool = False,
    shape: tuple[int, ...] = (),
) -> Hashable:
    """What x looks like; its atoms are appended in order."""
    if isinstance(x, Term):
        if is_line(x):
            atoms.append(Atom(VALUE, x))
            return VALUE
        index = x.function is operator.getitem
        form = x.args[0].shape if index and isinstance(x.args[0], Term) else ()
        args = tuple(
            skeleton(a, is_line, atoms, index and k == 1, form) for k, a in enumerate(x.args)
        )
        options = tuple((key, skeleton(a, is_line, atoms)) for key, a in x.options.items())
        return (x.function if _is_hashable(x.function) else id(x.function)), args, options
    if isinstance(x, (tuple, list)):
        plain = all(isinstance(part, (int, slice)) for part in x)
        forms: list[tuple[int, ...]] = [(n,) for n in shape] if plain else []
        forms += [()] * len(x)
        parts = zip(x, forms, strict=False)
        return type(x), tuple(skeleton(part, is_line, atoms, in_index, n) for part, n in parts)
    if isinstance(x, slice):
        ends = (x.start, x.stop, x.step)
        return slice, tuple(skeleton(part, is_line, atoms, in_index) for part in ends)
    if in_index and isinstance(x, (int, np.integer)) and not isinstance(x, bool):
        atoms.append(Atom(NUMBER, int(x), shape[0] if shape else None))
        return NUMBER
    if not in_index and is_number(x):
        atoms.append(Atom(VALUE, x))
        return VALUE
    return x if isinstance(x, (str, bool, type(None))) else id(x)


def rebuilt(x: Any, is_line: Callable[[Term], bool], change: Change, in_index: bool = False) -> Any:
    """X with change(atom) in place of each atom, in the order of `skeleton`."""
    if isinstance(x, Term):
        if is_line(x):
            return change(Atom(VALUE, x))
        index = x.function is operator.getitem
        args = tuple(rebuilt(a, is_line, change, index and k == 1) for k, a in enumerate(x.args))
        return x.of(args, {key: rebuilt(a, is_line, change) for key, a in x.options.items()})
    if isinstance(x, (tuple, list)):
        return type(x)(rebuilt(part, is_line, change, in_index) for part in x)
    if isinstance(x, slice):
        ends = (x.start, x.stop, x.step)
        return slice(*(rebuilt(part, is_line, change, in_index) for part in ends))
    if in_index and isinstance(x, (int, np.integer)) and not isinstance(x, bool):
        return change(Atom(NUMBER, int(x)))
    return change(Atom(VALUE, x)) if not in_index and is_number(x) else x


def _is_hashable(x: object) -> bool:
    try:
        hash(x)
    except TypeError:
        return False
    return True
