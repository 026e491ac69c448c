"""The mistakes that can be made with one derivative, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any, Final, overload

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.variables import Key, label
from grading.asking import prepare
from grading.catalogue.classes import MistakeClass, classes, significant

_WIDEST: Final = 3
"""Identifiers shown in one line of the table."""
_LONGEST: Final = 36
"""Letters of them, so that one long path does not push all sentences away."""
_NUMBER: Final = "text-align: right; font-variant-numeric: tabular-nums"
_TEXT: Final = "text-align: left"


class Mistakes(Sequence[MistakeClass]):
    """Every class of mistakes, in order of the wrong answer; shows itself as a table."""

    def __init__(self, title: str, right: Any, found: Sequence[MistakeClass], digits: int) -> None:
        self.title, self.right, self.digits = title, right, digits
        self._found = tuple(found)

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, i: int) -> MistakeClass: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[MistakeClass]: ...
    def __getitem__(self, i: int | slice) -> MistakeClass | Sequence[MistakeClass]:
        return self._found[i]

    def _rows(self) -> Iterator[tuple[str, str, str, str]]:
        for c in self._found:
            ids = ", ".join(c.ids[:_WIDEST]) + (" …" if len(c.ids) > _WIDEST else "")
            ids = ids if len(ids) <= _LONGEST else f"{ids[: _LONGEST - 2]} …"
            says = c.says[0] if not c.looks_right else f"(looks right) {c.says[0]}"
            yield _number(c.value, self.digits), str(c.prior), ids, says

    def __str__(self) -> str:
        rows = [("answer", "prior", "mistake", "what a student reads"), *self._rows()]
        widths = [max(len(r[i]) for r in rows) for i in range(3)]
        lines = [
            f"{r[0]:>{widths[0]}}  {r[1]:>{widths[1]}}  {r[2]:<{widths[2]}}  {r[3]}" for r in rows
        ]
        return "\n".join([f"{self.title} = {_number(self.right, self.digits)}", *lines])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        styles = (_NUMBER, _NUMBER, _TEXT, _TEXT)
        rows = (zip(row, styles, strict=True) for row in self._rows())
        body = "".join(
            f"<tr>{''.join(f'<td style={style!r}>{escape(cell)}</td>' for cell, style in row)}</tr>"
            for row in rows
        )
        names = zip(("answer", "prior", "mistake", "what a student reads"), styles, strict=True)
        head = f"<tr>{''.join(f'<th style={style!r}>{name}</th>' for name, style in names)}</tr>"
        caption = escape(f"{self.title} = {_number(self.right, self.digits)}")
        return f"<table><caption>{caption}</caption>{head}{body}</table>"


def mistakes(
    flow: FlowGraph,
    wrt: Key | None,
    *,
    of: Key | None = None,
    hold: Iterable[Key] | None = None,
    digits: int = 4,
) -> Mistakes:
    """Every named mistake's answer on this graph, in the classes that answers of so many digits tell apart.

    wrt   the variable to differentiate by; None: the value of `of` is asked
    of    the variable that is differentiated; None is the output
    hold  None: the total derivative; a list: the partial one, with these held

    >>> from autograd_lite import FlowGraph, equations, example
    >>> flow = FlowGraph(equations(example("three_step"))["yhat"])
    >>> table = mistakes(flow, wrt="h_0")
    >>> next(c for c in table if round(c.value, 4) == 0.4919).ids
    ('A4:h_0>h_1>ŷ',)
    """
    asked = prepare(flow, wrt, of=of, hold=hold)
    found = classes(asked.candidates, asked.right, digits=digits)
    y = label(asked.of)
    title = y if asked.wrt is None else f"{_symbol(asked)}{y}/{_symbol(asked)}{label(asked.wrt)}"
    return Mistakes(title, asked.right[0], found, digits)


def _symbol(asked: Any) -> str:
    return "d" if asked.hold is None else "∂"


def _number(value: Any, digits: int) -> str:
    rounded = significant(value, digits)
    if rounded.ndim == 0:
        x = float(rounded)
        return f"{x:#.{digits}g}".rstrip(".") if x else "0"
    return np.array2string(rounded, precision=digits, threshold=6, separator=" ").replace("\n", "")
