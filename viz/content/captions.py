"""The sums at a cut as formulas under the picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.node import Node
from viz.content.content import Pieces
from viz.content.sums import CutSum, cut_sums, in_front
from viz.formulas.labels import fraction
from viz.formulas.mathtext import parses
from viz.formulas.naming import names_of
from viz.formulas.numbers import as_latex, equals
from viz.look import limits

Symbol: TypeAlias = Callable[[Node], str]

_MOST_FOLLOWERS: Final = 3
_HELD_DIFFERS: Final = 1e-12
_PARTIAL: Final = r"\partial "


def captions(cut: Cut, wrt: Sequence[Node], symbol: Symbol, digits: int) -> tuple[Pieces, ...]:
    """One line for each variable in front of the cut; one more when they depend on each other."""
    lines = [_caption(found, symbol, digits) for found in cut_sums(cut, wrt)]
    before = in_front(cut, wrt)
    return (*lines, *([_held(cut, before, symbol, digits)] if _differ(cut, before) else []))


def _caption(found: CutSum, symbol: Symbol, digits: int) -> Pieces:
    def number(data: Any) -> str:
        return as_latex(data, digits)

    y, x = symbol(found.cut.flow.output), symbol(found.x)
    range_, each = _range(found.cut, found.members, symbol)
    sign = rf"\,\sum_{{{range_}}}\;"
    if len(found.members) == 1:  # a sum of one term is that term
        sign, each = "", symbol(found.members[0])
    products = found.numbers(number, r"\cdot ", r"\cdots")
    return (
        fraction(y, x),
        f"={sign}{fraction(y, each)}\\,{fraction(each, x, _PARTIAL)}",
        *(f"{'+' if k else '='}{product}" for k, product in enumerate(products)),
        *([] if found.value is None else [equals(found.value, fraction(y, x), digits)]),
        *_following(found.cut, found.x, symbol),
    )


def _following(cut: Cut, x: Node, symbol: Symbol) -> Pieces:
    """Which variables move with x here, though the arrows' partial derivatives hold them."""
    ends = dict.fromkeys(edge.source for edge in cut.edges if edge.source is not x)
    moved = [symbol(v) for v in ends if cut.flow.depends(x, of=v)]
    if not moved:
        return ()
    names = r",\,".join(moved) if len(moved) <= _MOST_FOLLOWERS else r"\mathrm{others}"
    return (rf"\quad({names}\ \mathrm{{following}}\ {symbol(x)})",)


def _range(cut: Cut, members: Sequence[Node], symbol: Symbol) -> tuple[str, str]:
    """What a sum runs over, and what each is called: h_i when all members are some h.

    The index is a letter that no variable has: of h_i and h_j, where i is an index, h_k.
    """
    names, symbols = names_of(cut.flow), [symbol(h) for h in members]
    heads = {re.sub(r"_.*", "", found) for found in symbols}
    each = f"{heads.pop()}_{names.free_letter('ikl')}"
    # of `\_` and of \hat{h_0} what is before the underscore is no symbol
    if not heads and all("_" in found for found in symbols) and parses(each):
        return r"\mathrm{cut}", each
    index = names.free_letter("jkl")
    if len(symbols) > limits.TERMS:
        return rf"{index}\in\mathrm{{cut}}", index
    if len(symbols) == 1:
        return rf"{index}={symbols[0]}", index
    return rf"{index}\in\{{{','.join(symbols)}\}}", index


def _differ(cut: Cut, before: Sequence[Node]) -> bool:
    """Whether holding the others in the list gives other derivatives than letting them follow."""
    if len(before) < 2 or any(np.size(v.value) != 1 for v in [cut.flow.output, *before]):
        return False
    held, total = (_numbers(cut.flow.gradient(before, hold=hold)) for hold in (True, False))
    return bool(np.any(np.abs(held - total) > _HELD_DIFFERS * (1 + np.abs(total))))


def _numbers(gradient: Iterable[Any]) -> Any:
    """Derivatives by single numbers, whatever shapes they come in."""
    return np.array([np.asarray(g).item() for g in gradient])


def _held(cut: Cut, before: Sequence[Node], symbol: Symbol, digits: int) -> Pieces:
    """The gradient in which each variable of the list holds the others."""
    y, (range_, each) = symbol(cut.flow.output), _range(cut, cut.members, symbol)
    names = r",\,".join(symbol(x) for x in before)
    row = r",\;".join(fraction(each, symbol(x), _PARTIAL) for x in before)
    gradient = _numbers(cut.flow.gradient(before, hold=True))
    numbers = r",\;".join(as_latex(g, digits) for g in gradient)
    return (
        rf"\mathrm{{holding\ the\ others:}}\quad{fraction(y, f'[{names}]', _PARTIAL)}",
        rf"=\,\sum_{{{range_}}}\;{fraction(y, each)}\left[{row}\right]",
        f"=[{numbers}]",
    )
