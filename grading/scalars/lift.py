"""A graph of Values at many points at once: each node's number becomes a row of numbers, one a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import OperandError, brief, did_you_mean
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays, plain
from autograd_lite.variables import label

Row: TypeAlias = NDArray[np.float64]
"""One number for each point."""
Rows: TypeAlias = dict[Node, Row]
Revaluation: TypeAlias = Callable[[Node, Sequence[Row]], "Row | None"]
"""(node, its operands) -> its value in place of what its rule says, or None: a slip in the forward pass"""
Reslope: TypeAlias = Callable[[Node, int, Sequence[Row]], "Row | None"]
"""(node, i, its operands) -> what is taken for ∂node/∂operand i, or None"""

ELSEWHERE: Final = 3
"""Points beside those asked, where every input and constant is a little different: what agrees there as well
is one mistake under two names, what does not agrees by chance."""
_NEAR: Final = 0.04


class Points:
    """The K points asked about, and ELSEWHERE more; what is given and what is constant at all of them.

    asked  K
    k      the number of all points, the K first
    start  the numbers of the leaves
    """

    def __init__(self, leaves: Sequence[Node], values: Mapping[str, Any] | None = None) -> None:
        given = {_named(name, leaves): np.atleast_1d(x) for name, x in (values or {}).items()}
        lengths = {len(x) for x in given.values()} | {1}
        if len(lengths) > 2:
            raise OperandError(
                f"values are given at {sorted(lengths - {1})} points: as many of each"
            )
        self.asked = max(lengths)
        self.k = self.asked + ELSEWHERE
        self._random = np.random.default_rng(0)
        self._constants: dict[tuple[Node, int], Row] = {}
        self.start = {leaf: self._row(given.get(leaf, plain(leaf))) for leaf in leaves}

    def _row(self, x: Any) -> Row:
        found = np.empty(self.k)
        found[: self.asked] = x
        apart = self._random.uniform(-_NEAR, _NEAR, (2, ELSEWHERE))
        found[self.asked :] = found[0] * (1.0 + apart[0]) + _NEAR * apart[1]
        return found

    def constant(self, node: Node, i: int) -> Row:
        """The number that is operand i; an exponent is the same elsewhere, where other ones lack a power."""
        if (node, i) not in self._constants:
            x = float(node.operands[i])
            same = node.rule.name == "power" or not np.isfinite(x)
            self._constants[node, i] = np.full(self.k, x) if same else self._row(x)
        return self._constants[node, i]

    def operands(self, node: Node, values: Rows, times: int = 1) -> list[Row]:
        """The operands of a node; `times`: of values at all points, that many times over."""
        return [
            values[x] if isinstance(x, Node) else np.tile(self.constant(node, i), times)
            for i, x in enumerate(node.operands)
        ]

    def evaluate(
        self, operations: Sequence[Node], start: Rows, instead: Revaluation | None = None, times: int = 1
    ) -> Rows:  # fmt: skip
        """The value of every node; poles are inf or nan, as NumPy has it."""
        found, k = dict(start), self.k * times
        with np.errstate(all="ignore"):
            for node in operations:
                xs = self.operands(node, found, times)
                y = None if instead is None else instead(node, xs)
                found[node] = row(node.rule.value(arrays, *xs) if y is None else y, k)
        return found


def _named(name: str, leaves: Sequence[Node]) -> Node:
    named = {x.name: x for x in leaves if x.name is not None}
    found = named.get(name) or {label(x): x for x in named.values()}.get(name)
    if found is None:
        hint = did_you_mean(str(name), list(named))
        raise OperandError(f"values are given for {brief(name)}, which no input is called; {hint}")
    return found


def row(x: Any, k: int) -> Row:
    """A number as k equal ones, or the k numbers themselves."""
    if type(x) is np.ndarray and x.shape == (k,) and x.dtype == np.float64:
        return x
    return np.full(k, x, np.float64)


def slope(node: Node, i: int, y: Row, xs: Sequence[Row]) -> Row | None:
    """∂node/∂operand i where the operands are xs and the node is y; None where there is none."""
    partials = node.rule.partials or ()
    if (d := partials[i]) is None:
        return None
    with np.errstate(all="ignore"):
        return row(d(arrays, y, *xs), len(y))


def slope_at(node: Node, i: int, x: Row, xs: Sequence[Row]) -> Row | None:
    """∂node/∂operand i with x in the place of operand i: the derivative taken at another point."""
    moved = [*xs[:i], x, *xs[i + 1 :]]
    with np.errstate(all="ignore"):
        return slope(node, i, row(node.rule.value(arrays, *moved), len(x)), moved)
