"""Room in a bubble, a tag and a label for the numbers that the page writes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from viz.content.content import EdgeText, VariableText
from viz.formulas import numbers
from viz.stepper import arrays

_ROOM: Final = "-0.000"
_ANY_TOTAL: Final = rf"\dfrac{{dh_{{000}}}}{{dh_{{000}}}}={_ROOM}"
_DIGITS: Final = 3
_BEFORE: Final = r"\left\Vert"


def with_room(said: VariableText, is_large: bool) -> VariableText:
    """Numbers as wide as a live one may become; on a large sheet, all alike and so measured once."""
    head, sign, number = (said.value or "").rpartition("=")
    total = said.total and f"{said.total.rpartition('=')[0]}={_ROOM}"
    if is_large:
        number, total = _ROOM, total and _ANY_TOTAL
    return replace(said, value=f"{head}{sign}{max(number, _ROOM, key=len)}", total=total)


def with_room_for_partial(said: EdgeText) -> EdgeText:
    """A label whose number may become as wide as any."""
    wide = said.formula and said.number and len(said.number) < len(_ROOM)
    return replace(said, number=_ROOM) if wide else said


def with_numbers(
    said: VariableText, nodes: Sequence[tuple[str, Any]], totals: Sequence[Any], named: bool
) -> VariableText:
    """A bubble with every number of its small arrays, and of their totals.

    nodes   symbol and value of each variable; several, or one of a module, are told apart by symbol
    """
    if named or all(arrays.is_small(x) for _, x in nodes):
        value, rows = None, tuple(row for symbol, x in nodes for row in _told(symbol, x, named))
    else:
        value, rows = said.value, said.rows
    below: tuple[str, ...] = ()
    total = said.total
    if total and all(x is not None and arrays.is_small(x) for x in totals):
        ratio = total.rpartition("=")[0].replace(_BEFORE, "").replace(r"\right\Vert", "")
        total, below = (
            f"{ratio.strip()} =",
            tuple(r for x in totals for r in arrays.rows(x, _DIGITS)),
        )
    return replace(said, value=value, rows=rows, total=total, total_rows=below)


def _told(symbol: str, x: Any, named: bool) -> tuple[str, ...]:
    """The lines of one variable's value."""
    if arrays.is_small(x):
        rows = arrays.rows(x, _DIGITS)
        return (f"{symbol} =", *rows) if named else rows
    if np.size(x) == 1:
        return (f"{symbol} = {numbers.as_latex(x, _DIGITS)}",)
    return (rf"{numbers.shape(np.shape(x))},\;{numbers.norm(x, symbol, _DIGITS)}",)
