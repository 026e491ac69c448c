"""The chain rule on arrays, carried from a variable back to what it is computed from.

dy/dx = (∂t/∂x)ᵀ δ with δ = dy/dt, operation by operation: Wᵀ δ, δ xᵀ, f'(x) ⊙ δ. What is written is
computed too, from what stands in it, so that it can be held against the engine's number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.chainrule.local import Diagonal, Local, Matrix, Outer, Rows, Spread, local
from viz.formulas import matrices
from viz.formulas.notation import Formula, Notation, TooLongError
from viz.formulas.system import UNWRITABLE, WriteName, system_of


@dataclass(frozen=True)
class Shown:
    """A derivative as it is written, and its number, computed from that.

    formula  None for 1 in every entry
    scale    a number in front of it, which is in the value already
    turned   of an outer product, how its transpose is written
    of       the node that it is, if it is nothing but that
    spread   whether it is one number, the same in every entry
    """

    formula: Formula | None
    value: Any
    scale: Fraction = Fraction(1)
    turned: Formula | None = None
    of: Node | None = None
    spread: bool = False

    def source(self, to: Notation) -> Formula:
        """With the number in front."""
        if self.formula is None:
            return to.number(self.scale)
        if self.scale == 1:
            return self.formula
        if self.scale == -1:
            return to.negative(self.formula)
        return to.multiply(to.number(self.scale), self.formula)


class Adjoints:
    """One flow graph in one notation, its variables called as somebody says."""

    def __init__(self, flow: FlowGraph, to: Notation, write: WriteName) -> None:
        self.system, self.write = system_of(flow), write
        self.to = to.beside(self.system.taken)

    def contribution(self, t: Node, x: Node, delta: Shown) -> Shown | None:
        """(∂t/∂x)ᵀ δ; None where it has no short formula."""
        try:
            return self._swept(t, x, delta)
        except UNWRITABLE:
            return None

    def jacobian(self, t: Node, x: Node) -> tuple[Formula, Any] | None:
        """∂t/∂x of vectors as a product of diagonals and matrices, and its number."""
        try:
            return self._chained(t, x)
        except UNWRITABLE:
            return None

    # --- back through the operations -------------------------------------------------------------

    def _swept(self, t: Node, x: Node, delta: Shown) -> Shown:
        written, on = self._written(t), self._between(t, x)
        known = set(on)
        coming: dict[Node, list[Shown]] = {t: [delta]}
        for node in on:
            g = self._sum(coming.pop(node))
            for i, operand in enumerate(node.operands):
                if isinstance(operand, Node) and (operand is x or operand in known):
                    coming.setdefault(operand, []).append(self._through(node, i, g, written))
        return self._sum(coming[x])

    def _written(self, t: Node) -> Callable[[Any], Formula]:
        """How t, what is folded into it, and what these are computed from are written."""
        found = self.system.written(t, self.to, self.write)
        found[t] = self.write(t, self.to)

        def formula(x: Any) -> Formula:
            if isinstance(x, Node) and x in found:
                return found[x]
            return self.system.operand(x, found, self.to, self.write)

        return formula

    def _between(self, t: Node, x: Node) -> list[Node]:
        """The operations of t that x moves, from t back."""
        moved, found = {x}, []
        for node in self.system.folded(t):
            if any(parent in moved for parent in node.parents):
                moved.add(node)
                found.append(node)
        return found[::-1]

    def _through(self, node: Node, i: int, g: Shown, written: Callable[[Any], Formula]) -> Shown:
        """What an operation passes on of what comes to it."""
        operand = node.operands[i]
        if node.rule.name == "stack" and g.of is node:
            return self._of(operand, written(operand), plain(operand), g)
        if node.rule.name == "transpose" and np.ndim(node.value) == 2:
            return self._turned(g)
        found = local(node, i, self._formulas(node, written), self.to)
        if found is None:
            raise TooLongError(f"{node.rule.name} has no short derivative")
        passed, shape = self._back(found, g), np.shape(plain(operand))
        spread = np.broadcast_to if np.size(passed.value) == 1 else np.reshape
        return replace(passed, value=spread(passed.value, shape))

    def _formulas(self, node: Node, written: Callable[[Any], Formula]) -> list[Formula]:
        return [*(written(x) for x in node.operands), written(node)]

    def _of(self, x: Node, formula: Formula, value: Any, g: Shown) -> Shown:
        """One part of a stack that comes back as it went."""
        return replace(g, formula=formula, value=float(g.scale) * value, of=x)

    def _turned(self, g: Shown) -> Shown:
        formula = g.turned or matrices.transposed(g.source(self.to), self.to)
        scale = g.scale if g.turned else Fraction(1)
        return Shown(formula, np.transpose(g.value), scale, g.formula if g.turned else None)

    def _back(self, found: Local, g: Shown) -> Shown:
        match found:
            case Diagonal():
                return self._scaled(found, g)
            case Spread(scale):
                value = float(scale) * g.value
                return replace(g, value=value, scale=g.scale * scale, spread=True)
            case Matrix():
                return self._by_vector(found, g)
            case Outer():
                return self._by_weight(found, g)
            case Rows():
                turned = matrices.transposed(self._filled(g), self.to)
                shown = matrices.product(turned, matrices.ones(self.to), self.to)
                return Shown(shown, np.sum(np.atleast_2d(g.value), axis=0), g.scale)

    def _scaled(self, found: Diagonal, g: Shown) -> Shown:
        value, scale = _broadcast(found.value, g.value), g.scale * found.scale
        if found.formula is None:
            return replace(g, value=value, scale=scale)
        if g.formula is None:
            return Shown(found.formula, value, scale, of=found.of)
        if g.spread or min(np.size(found.value), np.size(g.value)) == 1:
            return Shown(self.to.multiply(g.formula, found.formula), value, scale)
        return Shown(self.to.entrywise(found.formula, g.formula), value, scale)

    def _filled(self, g: Shown) -> Formula:
        return g.formula or matrices.ones(self.to)

    def _by_vector(self, found: Matrix, g: Shown) -> Shown:
        W, delta = found.formula, self._filled(g)
        if found.column:
            shown = matrices.product(matrices.transposed(W, self.to), delta, self.to)
            return Shown(shown, found.value.T @ np.ravel(g.value), g.scale)
        return Shown(matrices.product(delta, W, self.to), g.value @ found.value, g.scale)

    def _by_weight(self, found: Outer, g: Shown) -> Shown:
        delta, x = self._filled(g), found.formula
        if found.column:
            a, b = (x, delta) if found.turned else (delta, x)
            shown, other = (
                matrices.product(p, matrices.transposed(q, self.to), self.to)
                for p, q in ((a, b), (b, a))
            )
            outer = np.outer(np.ravel(g.value), np.ravel(found.value))
        else:
            a, b = (x, delta) if found.turned else (delta, x)
            shown, other = (
                matrices.product(matrices.transposed(p, self.to), q, self.to)
                for p, q in ((a, b), (b, a))
            )
            outer = g.value.T @ found.value
        return Shown(shown, outer.T if found.turned else outer, g.scale, other)

    def _sum(self, parts: Iterable[Shown]) -> Shown:
        """The sum; what is written alike is counted."""
        found: list[Shown] = []
        for part in parts:
            alike = next((k for k, f in enumerate(found) if f.formula == part.formula), None)
            if alike is None:
                found.append(part)
            else:
                f = found[alike]
                found[alike] = replace(f, value=f.value + part.value, scale=f.scale + part.scale)
        if len(found) == 1:
            return found[0]
        value = sum((f.value for f in found[1:]), found[0].value)
        return Shown(self.to.add(*(f.source(self.to) for f in found)), value)

    # --- Jacobians -------------------------------------------------------------------------------

    def _chained(self, t: Node, x: Node) -> tuple[Formula, Any]:
        written = self._written(t)
        factors: list[Formula] = []
        value, scale = np.eye(np.size(t.value)), Fraction(1)
        on = self._between(t, x)
        known = {x, *on}
        for node in on:
            ways = [i for i, p in enumerate(node.operands) if isinstance(p, Node) and p in known]
            found = (
                local(node, ways[0], self._formulas(node, written), self.to)
                if len(ways) == 1 else None
            )  # fmt: skip
            if isinstance(found, Diagonal):
                factors += [matrices.diagonal(found.formula, self.to)] if found.formula else []
                scale *= found.scale
                value = value * np.broadcast_to(np.ravel(found.value), value.shape[1:])
            elif isinstance(found, Matrix) and found.column:
                factors.append(found.formula)
                value = value @ found.value
            else:
                raise TooLongError("no product of matrices")
        if not factors:
            raise TooLongError("a number times the identity")
        shown = factors[0]
        for factor in factors[1:]:
            shown = matrices.product(shown, factor, self.to)
        return Shown(shown, None, scale).source(self.to), value


def _broadcast(a: Any, b: Any) -> Any:
    """The product entry by entry of two arrays of as many numbers, or of one and an array."""
    if min(np.size(a), np.size(b)) == 1 or np.shape(a) == np.shape(b):
        return np.multiply(a, b)
    if np.size(a) != np.size(b):
        raise TooLongError("one of them is spread over the other")
    return np.multiply(np.ravel(a), np.ravel(b))


AGREEMENT: Final = 1e-9
"""How near what is written comes to the engine's number, relative and absolute."""


def agree(mine: Any, number: Any) -> bool:
    """Whether what is written has the engine's number."""
    if number is None or np.size(mine) != np.size(number):
        return False
    return bool(np.allclose(np.ravel(mine), np.ravel(number), rtol=AGREEMENT, atol=AGREEMENT))
