"""Where weights are used: each product of a weight with data, and each addition of a bias."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.region import Edge, Region

PRODUCTS: Final[dict[str, list[tuple[int, int]]]] = {
    "affine": [(1, 0)],
    "excitation": [(1, 0), (3, 2)],
    "matmul": [(1, 0), (0, 1)],
}
"""Operation: which operands are a weight and the data that it is multiplied by"""
BIASES: Final = {"affine": 2, "excitation": 4}
TURNING: Final = {
    "transpose", "swapaxes", "reshape", "getitem", "squeeze", "expand_dims", "astype",
}  # fmt: skip
"""What a weight may go through and still be that weight, turned or in part"""
CONVOLUTIONS: Final = {"conv1d", "conv2d"}


@dataclass(frozen=True, eq=False)
class Use:
    """One product of a weight with data.

    node    the operation; weight, data  which of its operands
    leaf    the parameter that the weight is, turned or in part; None where it is a constant
    """

    node: Node
    weight: int
    data: int
    leaf: Node | None

    @property
    def edge(self) -> Edge:
        """The edge to the weight."""
        return self.node, self.weight

    @property
    def X(self) -> Any:
        """The data, as an array."""
        return plain(self.node.operands[self.data])

    @property
    def W(self) -> Any:
        """The weight, as an array."""
        return plain(self.node.operands[self.weight])


def leaf_of(x: Any) -> Node | None:
    """The parameter that a node is, turned or in part; None for other nodes and for numbers."""
    while isinstance(x, Node):
        if x.is_leaf:
            return x if x.requires_grad else None
        if x.rule.name not in TURNING:
            return None
        x = x.operands[0]
    return None


def uses_in(nodes: Iterable[Node]) -> list[Use]:
    """Every product of a weight with data among these nodes."""
    return [use for node in nodes for use in _uses_at(node)]


def _uses_at(node: Node) -> Iterable[Use]:
    pairs = PRODUCTS.get(node.rule.name, [])
    if node.rule.name == "matmul":
        pairs = [p for p in pairs if _is_weight(node, *p)][:1]
    for weight, data in pairs:
        if _is_weight(node, weight, data):
            yield Use(node, weight, data, leaf_of(node.operands[weight]))


def _is_weight(node: Node, weight: int, data: int) -> bool:
    """Whether one operand is a parameter or a constant that the other, the data, is multiplied by."""
    W, X = node.operands[weight], node.operands[data]
    if np.ndim(plain(W)) > 2 or np.ndim(plain(X)) < 1:
        return False
    return leaf_of(W) is not None or (not _moves(W) and _moves(X))


def _moves(x: Any) -> bool:
    return isinstance(x, Node) and x.requires_grad


def bias_edges(region: Region) -> list[Edge]:
    """The edges over which a bias is added to all rows: in a layer's operation, or by broadcasting."""
    return [(node, i) for node, i in region.edges if _is_bias(region, node, i)]


def _is_bias(region: Region, node: Node, i: int) -> bool:
    if BIASES.get(node.rule.name) == i:
        return True
    x = node.operands[i]
    return (
        node.rule.name in {"add", "subtract"}
        and np.shape(plain(x)) != np.shape(node.value)
        and leaf_of(x) is not None
    )


def batch_sizes(x: Any) -> list[int]:
    """How many examples an array may have: the length of its first axis, or of the one before the last.

    The first axis of states in one array is that of the steps.
    """
    shape = np.shape(plain(x))
    axes = [-2] if isinstance(x, Node) and x.rule.name == "stack" else [0, -2]
    sizes = dict.fromkeys(shape[axis] for axis in axes) if len(shape) > 1 else {}
    return [n for n in sizes if n > 0]
