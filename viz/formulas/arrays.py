r"""How an operation of the graph is written where arrays need more signs than numbers do.

Products entry by entry are a ⊙ b, affine maps W x + b, parts are x[0] or x_{[0]} as NumPy indexes
them, and operations that only rearrange are not written at all.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import plain
from viz.formulas import matrices
from viz.formulas.notation import Formula, Notation

_REARRANGING: Final = frozenset(
    "reshape squeeze expand_dims broadcast_to astype ravel flatten contiguous".split()
)
_AFFINE: Final = frozenset({"affine", "excitation", "matmul"})
_JOINING: Final = frozenset({"stack", "concatenate"})


def operation(node: Node, operands: list[Formula], notation: Notation) -> Formula:
    """One operation, its operands written already."""
    name = node.rule.name
    if RULES.get(name) is not node.rule:  # a user's own, whatever it is called
        static = node.static if node.rule.is_elementwise else {}
        return notation.apply(node.rule.fixed(**static), operands)
    if name == "getitem":
        return notation.indexed(operands[0], index(node.static.get("index", ())))
    if name in _REARRANGING or (name in _JOINING and len(operands) == 1):
        return operands[0]
    if name in _JOINING:
        return notation.array_of(operands)
    if name == "multiply_add":
        return notation.add(_product(node, operands[:2], notation), operands[2])
    if name == "multiply":
        return _product(node, operands, notation)
    if name in _AFFINE:
        return _affine(node, operands, notation)
    if name == "transpose" and np.ndim(node.value) == 2:
        return matrices.transposed(operands[0], notation)
    return notation.apply(node.rule, operands)


def _affine(node: Node, operands: list[Formula], notation: Notation) -> Formula:
    """W x + b, W x + U h + b, or a product of two matrices."""
    if node.rule.name == "matmul":
        x, W = map(plain, node.operands)
        if not (np.ndim(W) in {1, 2} and matrices.is_column(x)):
            return matrices.product(operands[0], operands[1], notation)
        return matrices.product(matrices.transposed(operands[1], notation), operands[0], notation)
    pairs = zip(node.operands[:-1:2], operands[:-1:2], operands[1::2], strict=True)
    terms = [
        matrices.times_vector(W, x, matrices.is_column(plain(of)), notation) for of, x, W in pairs
    ]
    return notation.add(*terms, operands[-1])


def _product(node: Node, factors: list[Formula], notation: Notation) -> Formula:
    sizes = [np.size(plain(x)) for x in node.operands[:2]]
    return notation.entrywise(*factors) if min(sizes) > 1 else notation.multiply(*factors)


def index(key: Any) -> str:
    """What stands in the brackets; an array of places is only hinted at.

    >>> index((Ellipsis, slice(None, 3))), index(0), index((0, slice(1, 9, 2))), index(np.ones(3))
    (':3', '0', '0, 1:9:2', '…')
    """
    parts = key if isinstance(key, tuple) else (key,)
    shown = parts[1:] if len(parts) > 1 and parts[0] is Ellipsis else parts
    return ", ".join(_place(part) for part in shown)


def _place(part: Any) -> str:
    if isinstance(part, slice):
        ends = ":".join("" if end is None else str(end) for end in (part.start, part.stop))
        return ends if part.step is None else f"{ends}:{part.step}"
    return str(part) if isinstance(part, (int, np.integer)) else "…"
