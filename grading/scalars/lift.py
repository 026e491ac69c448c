"""A graph of Values at K points at once: each node's number becomes an array of shape (K,)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import OperandError, brief, did_you_mean
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays, plain
from autograd_lite.variables import label

Row: TypeAlias = NDArray[np.float64]
"""One number for each of K points: shape (K,)."""
Rows: TypeAlias = dict[Node, Row]
Revaluation: TypeAlias = Callable[[Node, Sequence[Row]], "Row | None"]
"""(node, its operands) -> its value in place of what its rule says, or None: a slip in the forward pass"""

Reslope: TypeAlias = Callable[[Node, int, Sequence[Row]], "Row | None"]
"""(node, i, its operands) -> what is taken for ∂node/∂operand i, or None"""


def row(x: Any, k: int) -> Row:
    """A number as K equal ones, or the K numbers themselves."""
    return np.broadcast_to(np.asarray(x, np.float64), (k,))


def leaf_rows(leaves: Sequence[Node], values: Mapping[str, Any] | None) -> Rows:
    """The leaves' numbers at K points: those given by name, and the recorded one everywhere for the others.

    Raises OperandError for a name that no leaf has, and where the lengths of what is given differ.
    """
    given = {_named(name, leaves): np.atleast_1d(x) for name, x in (values or {}).items()}
    lengths = {len(x) for x in given.values()}
    if len(lengths - {1}) > 1:
        raise OperandError(f"values are given at {sorted(lengths)} points: give as many of each")
    k = max(lengths, default=1)
    return {leaf: row(given.get(leaf, plain(leaf)), k) for leaf in leaves}


def _named(name: str, leaves: Sequence[Node]) -> Node:
    named = {x.name: x for x in leaves if x.name is not None}
    by_label = {label(x): x for x in named.values()}
    found = named.get(name) or by_label.get(name)
    if found is None:
        hint = did_you_mean(str(name), list(named))
        raise OperandError(f"values are given for {brief(name)}, which no input is called; {hint}")
    return found


def evaluate(operations: Sequence[Node], leaves: Rows, instead: Revaluation | None = None) -> Rows:
    """The value of every node at the K points; poles are inf or nan, as NumPy has it."""
    k = len(next(iter(leaves.values())))
    found = dict(leaves)
    with np.errstate(all="ignore"):
        for node in operations:
            xs = operand_rows(node, found, k)
            y = None if instead is None else instead(node, xs)
            found[node] = row(node.rule.value(arrays, *xs) if y is None else y, k)
    return found


def operand_rows(node: Node, values: Rows, k: int) -> list[Row]:
    """The operands of a node at the K points."""
    return [values[x] if isinstance(x, Node) else row(x, k) for x in node.operands]


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
        y = row(node.rule.value(arrays, *moved), len(x))
    return slope(node, i, y, moved)
