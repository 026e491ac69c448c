r"""Derivatives of arrays as sides of equations: (∂h/∂x)ᵀ δ, then Wᵀ δ or δ xᵀ, then the numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograd_lite.node import Node
from viz.chainrule.adjoints import Adjoints, Shown, agree
from viz.chainrule.lines import Row
from viz.chainrule.steps import Step, Term
from viz.formulas import matrices
from viz.formulas.notation import Formula, Precedence

if TYPE_CHECKING:
    from viz.chainrule.writer import Writer

_FEW: Final = 4  # numbers of a vector that are written
_LONGEST: Final = 90  # characters of a formula that is put into another


def rule(writer: Writer, term: Term) -> str:
    """One product of the chain rule: by a vector (∂h/∂x)ᵀ dy/dh, else dy/dh ∂h/∂x."""
    if not _is_gradient(term) or len(term) != 2:
        return ("" if writer.is_latex else "·").join(map(writer.ratio, term))
    total, partial = (Formula(writer.ratio(f), Precedence.PRODUCT) for f in term)
    turned = matrices.transposed(writer.to.bracketed(partial), writer.to)
    between = r" \, " if writer.is_latex else "·"
    return f"{turned.source}{between}{total.source}"


def _is_gradient(term: Term) -> bool:
    """Whether it is a number's derivative by a vector, through a vector."""
    t, x = (term[-1].of.value, term[-1].wrt.value)
    is_column = all(np.size(v) > 1 and matrices.is_column(v) for v in (t, x))
    return is_column and np.size(term[0].of.value) == 1 and not any(f.still for f in term[:1])


def product(writer: Writer, term: Term) -> str:
    """The same with what its partial derivative does to an array written out."""
    found = shown(writer, term)
    return found.source(writer.to).source if found else rule(writer, term)


def shown(writer: Writer, term: Term, delta: Shown | None = None) -> Shown | None:
    """One contribution as a formula that has the engine's number; None where there is none."""
    partial = term[-1]
    if np.size(writer.flow.output.value) != 1 or term[0].of is not writer.flow.output:
        return None
    if term[0].held and len(term) > 1:
        return None
    given = delta or _total(writer, term)
    found = _adjoints(writer).contribution(partial.of, partial.wrt, given) if given else None
    return found if found and _is_engines(found, term, given) else None


def _adjoints(writer: Writer) -> Adjoints:
    return Adjoints(writer.flow, writer.to, writer.written)


def _total(writer: Writer, term: Term) -> Shown | None:
    """What comes back to the variable behind the partial derivative."""
    if len(term) == 1:
        return Shown(None, 1.0)
    if len(term) != 2 or term[0].number is None:
        return None
    if np.size(term[0].number) == 1 and writer.names.start is None:
        one = float(np.ravel(term[0].number)[0])
        if one in {1.0, -1.0}:
            return Shown(None, one, scale=_WHOLE[one])
    called = writer.ratio(term[0])
    is_fraction = "/" in called or r"\frac" in called
    precedence = Precedence.POWER if is_fraction else Precedence.ATOM
    return Shown(Formula(called, precedence), term[0].number)


_WHOLE: Final = {1.0: Fraction(1), -1.0: Fraction(-1)}


def _is_engines(found: Shown, term: Term, given: Shown | None) -> bool:
    """Against δᵀ·∂t/∂x with both factors from the engine."""
    partial = term[-1].number
    if partial is None or given is None:
        return False
    total = np.ones(np.shape(term[-1].of.value)) if len(term) == 1 else np.asarray(term[0].number)
    t = np.shape(term[-1].of.value)
    wanted = np.tensordot(np.reshape(total, t), np.asarray(partial), axes=len(t))
    return agree(found.value, wanted)


def formulas(writer: Writer, step: Step) -> Row:
    """All contributions as formulas; () if none of them has one."""
    if not any(shown(writer, term) for term in step.terms):
        return ()
    return writer.summed(step, lambda term: product(writer, term))


def put_in(writer: Writer, step: Step) -> Row:
    """Of a function entry by entry, with what comes back to it put in: f'(ξ) ⊙ Wᵀ δ."""
    if len(step.terms) != 1 or len(step.terms[0]) != 2:
        return ()
    (term,) = step.terms
    before = writer.names.known.get(term[-1].of)
    if before is None or len(before.terms) != 1 or not is_entrywise(writer, term[-1].of):
        return ()
    inner = shown(writer, before.terms[0])
    if inner is None or len(before.terms[0]) != 2 or inner.formula is None:
        return ()
    found = shown(writer, term, inner)
    is_short = found is not None and len(found.source(writer.to).source) <= _LONGEST
    return writer.row([found.source(writer.to).source]) if found and is_short else ()


def is_entrywise(writer: Writer, t: Node) -> bool:
    """Whether a variable is computed entry by entry from one other."""
    sources = writer.flow.sources.get(t, ())
    same = len(sources) == 1 and np.shape(sources[0].value) == np.shape(t.value)
    return same and all(n.rule.is_elementwise for n in _folded(writer, t))


def _folded(writer: Writer, t: Node) -> list[Node]:
    return _adjoints(writer).system.folded(t)


def jacobian(writer: Writer, t: Node, x: Node, number: Any) -> str | None:
    """∂t/∂x of vectors as diagonals and matrices, if that has the engine's number."""
    if not all(matrices.is_column(v.value) and np.size(v.value) > 1 for v in (t, x)):
        return None
    found = _adjoints(writer).jacobian(t, x)
    return found[0].source if found and agree(found[1], number) else None


def result(writer: Writer, step: Step) -> Row:
    """The number, or the numbers of a short vector; of other arrays the shape and the norm."""
    number = step.left.number
    if number is not None and np.size(number) <= _FEW and matrices.is_column(number):
        inside = (r",\, " if writer.is_latex else ", ").join(
            map(writer.number, np.ravel(np.asarray(number)))
        )
        return (f"= [{inside}]",)
    return length(writer, step)


def length(writer: Writer, step: Step) -> Row:
    """Of an array: its shape and its norm."""
    shown_shape = shape(step.left.shape, writer.is_latex)
    norm = writer.number(step.left.number)
    if writer.is_latex:
        return (rf"\to {shown_shape},\;\; \Vert\,\cdot\,\Vert = {norm}",)
    return (f"→ {shown_shape}, norm {norm}",)


def shapes(writer: Writer, step: Step) -> Row:
    """The shapes that are multiplied, where no formula says it."""
    is_latex = writer.is_latex
    row = writer.summed(
        step, lambda term: writer.times.join(shape(f.shape, is_latex) for f in term)
    )
    colon = r"\;\colon\;" if is_latex else "  shapes"
    return (f"{colon} {row[0][2:]}", *row[1:])


def shape(sizes: tuple[int, ...], is_latex: bool) -> str:
    """An array's shape: [2×3]."""
    times = r"{\times}" if is_latex else "×"
    return f"[{times.join(map(str, sizes)) or '1'}]"
