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

    def __init__(self, leaves: Sequence[Node], values: Mapping[Node, Any] | None = None) -> None:
        given = {leaf: np.atleast_1d(x) for leaf, x in (values or {}).items()}
        lengths = {len(x) for x in given.values()} | {1}
        if len(lengths) > 2:
            raise OperandError(
                f"values are given at {sorted(lengths - {1})} points: as many of each"
            )
        self.asked = max(lengths)
        self.k = self.asked + ELSEWHERE
        self._random = np.random.default_rng(0)
        self._constants: dict[tuple[Node, int], Any] = {}
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
            one_number = node.rule.name == "power" or not np.isfinite(x)
            self._constants[node, i] = x if one_number else self._row(x)
        return self._constants[node, i]  # type: ignore[no-any-return]

    def operands(self, node: Node, values: Rows) -> list[Row]:
        """The operands of a node."""
        return [
            values[x] if isinstance(x, Node) else self.constant(node, i)
            for i, x in enumerate(node.operands)
        ]

    def evaluate(self, operations: Sequence[Node], start: Rows) -> Rows:
        """The value of every node; poles are inf or nan, as NumPy has it.

        start  the numbers of the others; where these are several rows, so is what is computed from them
        """
        found = dict(start)
        with np.errstate(all="ignore"):
            for node in operations:
                found[node] = self.applied(node, self.operands(node, found))
        return found

    def applied(self, node: Node, xs: Sequence[Row]) -> Row:
        """What a node would be of other operands."""
        return row(node.rule.value(arrays, *xs), self.k)


def by_leaf(values: Mapping[str, Any] | None, leaves: Sequence[Node]) -> dict[Node, Any]:
    """Numbers of inputs, given by name."""
    return {_named(name, leaves): x for name, x in (values or {}).items()}


def _named(name: str, leaves: Sequence[Node]) -> Node:
    named = {x.name: x for x in leaves if x.name is not None}
    found = named.get(name) or {label(x): x for x in named.values()}.get(name)
    if found is None:
        hint = did_you_mean(str(name), list(named))
        raise OperandError(f"values are given for {brief(name)}, which no input is called; {hint}")
    return found


def row(x: Any, k: int) -> Row:
    """A number as k equal ones, or the k numbers themselves, or several rows of them."""
    if type(x) is np.ndarray and x.shape[-1:] == (k,) and x.dtype == np.float64:
        return x
    found = np.asarray(x, np.float64)
    return found if found.shape[-1:] == (k,) else np.full(k, found)


def slope(node: Node, i: int, y: Row, xs: Sequence[Row]) -> Row | None:
    """∂node/∂operand i where the operands are xs and the node is y; None where there is none.

    At poles NumPy warns, unless the caller has turned that off.
    """
    partials = node.rule.partials or ()
    d = partials[i]
    return None if d is None else row(d(arrays, y, *xs), y.shape[-1])


def slope_at(node: Node, i: int, x: Row, xs: Sequence[Row]) -> Row | None:
    """∂node/∂operand i with x in the place of operand i: the derivative taken at another point."""
    moved = [*xs[:i], x, *xs[i + 1 :]]
    with np.errstate(all="ignore"):
        return slope(node, i, row(node.rule.value(arrays, *moved), len(x)), moved)
