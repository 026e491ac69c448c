"""Steps as sides of equations, in one notation: with symbols, with formulas, with numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.chainrule import array_lines
from viz.chainrule.ambiguous import holding
from viz.chainrule.families import offset
from viz.chainrule.lines import Row
from viz.chainrule.steps import Factor, Step, Term, is_scalar, origin
from viz.formulas import labels, numbers, symbols
from viz.formulas.algebra import size
from viz.formulas.mathtext import summands
from viz.formulas.naming import names_of
from viz.formulas.notation import Formula, Notation, Precedence
from viz.formulas.places import Place, place
from viz.formulas.text import RAISED
from viz.look import limits

_SIGMA: Final = 3
_AS_TEXT: Final = {r"\mathrm{nan}": "nan", r"\infty": "∞", r"-\infty": "-∞"}


@dataclass(frozen=True)
class Names:
    """How variables and derivatives are called.

    start, index  if given, variables are called as seen from `start` being number `index` of its
                  family: h_{t+1} rather than h_3
    delta         if given, the family whose total derivatives are called δ
    known         by variable, the step that found its derivative
    ambiguous     pairs (y, x) of whose ∂y/∂x there are several: what is held is written then
    """

    start: Node | None = None
    index: str = "t"
    delta: str | None = None
    ambiguous: frozenset[tuple[Node, Node]] = frozenset()
    known: Mapping[Node, Step] = field(default_factory=dict)


class Writer:
    """Writes the steps of one flow graph in one notation."""

    def __init__(
        self, flow: FlowGraph, notation: Notation, digits: int, names: Names | None = None
    ) -> None:
        self.flow, self.to, self.digits = flow, notation, digits
        self.names, self.called = names or Names(), names_of(flow)
        self.is_latex = notation.is_latex
        self.times = r" \cdot " if self.is_latex else "·"

    def calling(self, **changes: Any) -> Writer:
        """The same writer with other names."""
        return Writer(self.flow, self.to, self.digits, replace(self.names, **changes))

    def place(self, node: Node) -> Place | None:
        """The family and number of a variable called like h_3."""
        return place(self.called, node)

    def name(self, node: Node) -> str:
        """A variable's name; v with its number where it has none that can be typeset."""
        start = self.names.start
        by = None if start is None else offset(self.called, node, start)
        if by is not None:
            return self._indexed(self._family(node), by)
        return self.called.latex(node) if self.is_latex else self.called.text(node)

    def name_list(self, nodes: Iterable[Node]) -> str:
        """Names with commas between."""
        return (r",\, " if self.is_latex else ", ").join(map(self.name, nodes))

    def ratio(self, factor: Factor) -> str:
        """dy/dx or ∂y/∂x, or δ for it."""
        at = self.place(factor.wrt)
        if at and at.family == self.names.delta and not factor.held:
            start = self.names.start
            by = None if start is None else offset(self.called, factor.wrt, start)
            delta = r"\delta" if self.is_latex else "δ"
            if by is not None:
                return self._indexed(delta, by)
            return rf"\delta_{{{at.number}}}" if self.is_latex else f"δ_{at.number}"
        says_held = factor.held and (factor.of, factor.wrt) in self.names.ambiguous
        still = holding(self.flow, factor) if says_held else ()
        if says_held and not still:  # everything follows
            factor = replace(factor, held=False)
        d = (r"\partial " if factor.held else "d") if self.is_latex else "∂" if factor.held else "d"
        y, x = (labels.differential(self.name(v), d) for v in (factor.of, factor.wrt))
        shown = rf"\frac{{{y}}}{{{x}}}" if self.is_latex else f"{y}/{x}"
        return self._holding(shown, still) if still else shown

    def _holding(self, shown: str, still: Iterable[Node]) -> str:
        """(∂y/∂x) with what is held behind it, as (∂y/∂x)_v or (∂y/∂x)_{v,w}."""
        names = list(map(self.name, still))
        if self.is_latex:
            return rf"\left({shown}\right)_{{{','.join(names)}}}"
        return f"({shown})_{names[0]}" if len(names) == 1 else f"({shown})_{{{','.join(names)}}}"

    def number(self, x: Any) -> str:
        """A number, or the norm of an array."""
        if x is None:
            return "?"
        array = np.asarray(x)
        value = float(array.item() if array.size == 1 else np.linalg.norm(array.ravel()))
        shown = numbers.number(value, self.digits)
        if self.is_latex:
            return shown
        mantissa, _, power = shown.partition(r"\times 10^{")
        tail = f"·10{power[:-1].translate(RAISED)}" if power else ""
        return _AS_TEXT.get(mantissa, mantissa) + tail

    def value(self, nodes: Iterable[Node]) -> Row:
        """The values of one variable, or of several of a family; of arrays, the shape."""
        shown = list(map(numbers.shown_value, nodes))
        if np.size(shown[0]) != 1:
            gap = r"\quad " if self.is_latex else "  "
            return (gap + array_lines.shape(np.shape(shown[0]), self.is_latex),)
        return (f"= {self._series(list(map(self.number, shown)))}",)

    def where(self, nodes: Iterable[Node]) -> Row:
        """For which indices a line holds."""
        numbers = [at.number for at in map(self.place, nodes) if at]
        dots, gap = (r"\ldots", r"\quad ") if self.is_latex else ("…", "  ")
        shown = self._series(list(map(str, numbers)))
        if 3 < len(numbers) == abs(numbers[0] - numbers[-1]) + 1:  # none is left out
            shown = f"{numbers[0]}, {dots}, {numbers[-1]}"
        return (f"{gap}({self.names.index} = {shown})",)

    def _series(self, shown: list[str]) -> str:
        """Several numbers, the middle of many left out."""
        few = limits.shortened(shown, str, r"\ldots" if self.is_latex else "…")
        return (r",\, " if self.is_latex else ", ").join(few)

    def dots(self) -> str:
        """A line for those left out."""
        return r"\;\;\vdots" if self.is_latex else "⋮"

    # --- sides of an equation ------------------------------------------------------------------

    def equation(self, node: Node) -> Row:
        """The right side of a variable's own equation; () for an input or a constant."""
        if node not in self.flow.sources:
            return ()
        found = symbols.equation(self.flow, node, self.to, self.written) or ""
        return self.row([found.partition(" = ")[2]]) if " = " in found else ()

    def chain_rule(self, step: Step) -> Row:
        """The sum of products itself."""
        return self.summed(step, lambda term: array_lines.rule(self, term))

    def sigma(self, step: Step) -> tuple[Row, Row]:
        """A sum over one family, Σ_t (dy/dh_t)(∂h_t/∂x), and its formula; () where there is none."""
        numbers = self._consecutive(step)
        if len(numbers) < _SIGMA:
            return (), ()
        rule = self._one(step, array_lines.rule)
        write = Writer._product if is_scalar(step) else array_lines.product
        return self._summed(rule, numbers), self._summed(self._one(step, write), numbers)

    def _consecutive(self, step: Step) -> list[int]:
        """The numbers of the terms' variables if they are some of one family, none left out."""
        places = [self.place(term[-1].of) for term in step.terms]
        numbers = sorted(at.number for at in places if at)
        one = len(numbers) == len(places) and len({at.family for at in places if at}) == 1
        return numbers if one and all(b - a == 1 for a, b in pairwise(numbers)) else []

    def _one(self, step: Step, write: Callable[[Writer, Term], str]) -> str:
        """What all terms are, said for any index; "" if they differ in more than the index."""
        terms = [term for part in limits.first_and_last(step.terms) for term in part]
        found = {write(self.calling(start=term[-1].of), term) for term in terms}
        return found.pop() if len(found) == 1 else ""

    def _summed(self, product: str, numbers: list[int]) -> Row:
        if not product:
            return ()
        if self.is_latex:
            low, high = f"{self.names.index}={numbers[0]}", numbers[-1]
            return (rf"= \sum_{{{low}}}^{{{high}}} {product}",)
        return (f"= Σ {product}  ({self.names.index} = {numbers[0]} … {numbers[-1]})",)

    def formulas(self, step: Step) -> Row:
        """Formulas put in for the derivatives; () when there are none, or only numbers."""
        formulas = [factor.formula for term in step.terms for factor in term]
        telling = any(f is not None and f.free_symbols for f in formulas)
        return self.summed(step, self._product) if telling else ()

    def closed(self, step: Step) -> Row:
        """The derivative's own formula, where it is shorter than the sum of products."""
        formula = step.left.formula
        effort = sum(size(f.formula) for term in step.terms for f in term if f.formula is not None)
        if formula is None or size(formula) >= effort or not formula.free_symbols:
            return ()
        made = dict.fromkeys(f.of for term in step.terms for f in reversed(term))
        shown = symbols.as_source(self.flow, formula, self.to, self.written, made)
        return self.row([shown]) if shown else ()

    def numbers(self, step: Step) -> Row:
        """Numbers put in for the derivatives."""
        return self.summed(step, self._digits)

    def result(self, step: Step) -> Row:
        """The number."""
        return (f"= {self.number(step.left.number)}",)

    # --- parts of them -------------------------------------------------------------------------

    def _family(self, node: Node) -> str:
        at = self.place(node)
        if self.is_latex or not at:
            return at.family if at else ""
        return re.sub(r"_?\d+$", "", self.called.text(node))

    def _indexed(self, family: str, by: int) -> str:
        index = f"{self.names.index}{by:+d}" if by else self.names.index
        return f"{family}_{{{index}}}" if by or self.is_latex else f"{family}_{index}"

    def written(self, node: Node, notation: Notation) -> Formula:
        symbol = self.called.latex(node) if self.names.start is None else self.name(node)
        return notation.name(symbol, self.name(node))

    def summed(self, step: Step, write: Callable[[Term], str]) -> Row:
        """The terms, or of many the first and last, with dots between."""
        return self.row(limits.shortened(step.terms, write, r"\cdots" if self.is_latex else "…"))

    def row(self, terms: Iterable[str]) -> Row:
        """Terms as the right side of an equation, in pieces."""
        pieces = [piece for term in terms for piece in _pieces(term)]
        if not pieces:
            return ("= 0",)
        sign, _, rest = pieces[0].partition(" ")
        return (f"= {'-' if sign == '-' else ''}{rest}", *pieces[1:])

    def _product(self, term: Term) -> str:
        factors = [self._formula(factor) for factor in self._told(term)]
        telling = [f for f in factors if f.source != "1"] or factors[:1]
        if len(telling) == 1:
            return telling[0].source
        last = telling[-1]
        return self.times.join(self._bracketed(f, f is last) for f in telling)

    def _told(self, term: Term) -> Term:
        """The factors; totals keep their symbol where a line is said for any index."""
        if self.names.start is None:
            return term
        return tuple(f if f.held or _is_constant(f) else replace(f, formula=None) for f in term)

    def _formula(self, factor: Factor) -> Formula:
        found = factor.formula
        if found is None:
            return Formula(self.ratio(factor), Precedence.POWER)
        near, by = origin(self.flow, factor)
        written = symbols.as_formula(self.flow, found, self.to, self.written, near, by)
        return written or Formula(self.ratio(factor), Precedence.POWER)

    def _bracketed(self, factor: Formula, is_last: bool) -> str:
        loose = factor.precedence < Precedence.PRODUCT or (factor.ends_unbracketed and not is_last)
        loose = loose or (factor.precedence == Precedence.PRODUCT and "/" in factor.source)
        return self.to.bracketed(factor).source if loose else factor.source

    def _digits(self, term: Term) -> str:
        telling = [f for f in term if np.size(f.number) != 1 or f.number != 1.0] or term[:1]
        shown = [self.number(f.number) for f in telling]
        return self.times.join(
            f"({s})" if k and s.startswith("-") else s for k, s in enumerate(shown)
        )


def _is_constant(factor: Factor) -> bool:
    return factor.formula is not None and not factor.formula.free_symbols


def _pieces(term: str) -> list[str]:
    """A term's own summands, each with its sign in front: -a + b as `- a` and `+ b`."""
    first, *rest = summands(term)
    return [f"- {first[1:]}" if first.startswith("-") else f"+ {first}", *rest]
