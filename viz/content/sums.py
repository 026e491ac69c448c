"""The sum at a cut, as formula and as text: dy/dx = Σ (dy/dhᵢ)(∂hᵢ/∂x)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograd_lite.cut import Cut, Term
from autograd_lite.node import Node
from viz.formulas.labels import differential, ratio
from viz.formulas.mathtext import parses
from viz.formulas.numbers import fits, length, typeset, written

Symbol = Callable[[Node], str]
_MOST_TERMS = 6
_MOST_FOLLOWERS = 3
_HELD_DIFFERS = 1e-12
_PARTIAL = r"\partial "


def captions(
    cut: Cut, wrt: Sequence[Node], symbol: Symbol, digits: int
) -> tuple[tuple[str, ...], ...]:
    """One line for each variable in front of the cut; one more when they depend on each other."""
    before = _before(cut, wrt)
    lines = [_sum(cut, x, symbol, digits) for x in before]
    return (*lines, *([_held(cut, before, symbol, digits)] if _differ(cut, before) else []))


def texts(cut: Cut, wrt: Sequence[Node], name: Symbol) -> list[str]:
    """The same sums in plain text."""
    return [_text(cut, x, name) for x in _before(cut, wrt)]


def _before(cut: Cut, wrt: Sequence[Node]) -> list[Node]:
    near = {id(v) for v in cut.near}
    return [x for x in wrt if id(x) in near]


def _sum(cut: Cut, x: Node, symbol: Symbol, digits: int) -> tuple[str, ...]:
    y = symbol(cut.flow.output)
    terms = _telling(cut.terms(x))
    over, each = _index([term.variable for term in terms], symbol)
    sign = rf"\,\sum_{{{over}}}\;"
    if len(terms) == 1:  # a sum of one term is that term
        sign, each = "", symbol(terms[0].variable)
    factors = rf"{_over(y, each)}\,{_over(each, symbol(x), _PARTIAL)}"
    pieces = [_over(y, symbol(x)), f"={sign}{factors}"]
    if all(np.size(term.partial) == 1 for term in terms) and len(terms) <= _MOST_TERMS:
        products = [_product(term, digits) for term in terms]
        pieces += [f"={products[0]}", *(f"+{p}" for p in products[1:])]
    value = cut.derivative(x)
    number = f"={typeset(value, digits, exact=True)}"
    if not fits(value):
        number = rf",\qquad {length(value, pieces[0], digits)}"
    return (*pieces, number, *_following(cut, x, symbol))


def _over(y: str, x: str, sign: str = "d") -> str:
    return rf"\dfrac{{{differential(y, sign)}}}{{{differential(x, sign)}}}"


def _following(cut: Cut, x: Node, symbol: Symbol) -> tuple[str, ...]:
    """Which variables move with x here, though the arrows' partial derivatives hold them."""
    ends = {id(edge.source): edge.source for edge in cut.edges if edge.source is not x}
    moved = [symbol(v) for v in ends.values() if cut.flow.depends(x, of=v)]
    if not moved:
        return ()
    names = r",\,".join(moved) if len(moved) <= _MOST_FOLLOWERS else r"\mathrm{others}"
    return (rf"\quad({names}\ \mathrm{{following}}\ {symbol(x)})",)


def _telling(terms: Sequence[Term]) -> list[Term]:
    """Terms whose member depends on x; if none does, the first."""
    found = [term for term in terms if np.any(np.asarray(term.partial) != 0)]
    return found or list(terms[:1])


def _product(term: Term, digits: int) -> str:
    total, partial = (
        _bracketed(typeset(f, digits, exact=True)) for f in (term.total, term.partial)
    )
    return rf"{total}\cdot {partial}"


def _bracketed(shown: str) -> str:
    return f"({shown})" if shown.startswith("-") else shown


def _index(variables: Sequence[Node], symbol: Symbol) -> tuple[str, str]:
    """What the sum runs over, and what its variable is called: h_i when all members are some h."""
    members = [symbol(h) for h in variables]
    heads = {re.sub(r"_.*", "", member) for member in members}
    each = f"{heads.pop()}_i"
    # of `\_` and of \hat{h_0} what is before the underscore is no symbol
    if not heads and all("_" in member for member in members) and parses(each):
        return r"\mathrm{cut}", each
    if len(members) > _MOST_TERMS:
        return r"\mathrm{cut}", "h_i"
    if len(members) == 1:
        return rf"j={members[0]}", "j"
    return rf"j\in\{{{','.join(members)}\}}", "j"


def _differ(cut: Cut, before: Sequence[Node]) -> bool:
    """Whether holding the others in the list gives other derivatives than letting them follow."""
    if len(before) < 2 or any(np.size(v.value) != 1 for v in [cut.flow.output, *before]):
        return False
    held, total = (_numbers(cut.flow.gradient(before, hold=hold)) for hold in (True, False))
    return bool(np.any(np.abs(held - total) > _HELD_DIFFERS * (1 + np.abs(total))))


def _numbers(gradient: Iterable[Any]) -> Any:
    """Derivatives by single numbers, whatever shapes they come in."""
    return np.array([np.asarray(g).item() for g in gradient])


def _held(cut: Cut, before: Sequence[Node], symbol: Symbol, digits: int) -> tuple[str, ...]:
    """The gradient in which each variable of the list holds the others."""
    y, (over, each) = symbol(cut.flow.output), _index(cut.members, symbol)
    names = r",\,".join(symbol(x) for x in before)
    row = r",\;".join(_over(each, symbol(x), _PARTIAL) for x in before)
    gradient = _numbers(cut.flow.gradient(before, hold=True))
    numbers = r",\;".join(typeset(g, digits, exact=True) for g in gradient)
    return (
        rf"\mathrm{{holding\ the\ others:}}\quad{_over(y, f'[{names}]', _PARTIAL)}",
        rf"=\,\sum_{{{over}}}\;{_over(y, each)}\left[{row}\right]",
        f"=[{numbers}]",
    )


def _text(cut: Cut, x: Node, name: Symbol) -> str:
    head = f"{ratio(name(cut.flow.output), name(x))} = "
    terms = _telling(cut.terms(x))
    value = written(cut.derivative(x))
    if len(terms) > _MOST_TERMS or any(np.size(term.partial) != 1 for term in terms):
        return f"{head}sum over {len(cut.members)} members of the cut = {value}"
    products = (f"{_signed(t.total)}·{_signed(t.partial)}" for t in terms)
    return f"{head}{' + '.join(products)} = {value}"


def _signed(number: object) -> str:
    return _bracketed(written(number))
