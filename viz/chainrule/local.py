"""What one operation does to a derivative that comes back to it, as a lecture writes it.

The Jacobian of an operation by one operand is a diagonal (f'(x) ⊙ …), a matrix (W), or spreads a number
over an array. Where a weight is asked for, it is an outer product: δ xᵀ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import plain
from viz.formulas import matrices
from viz.formulas.notation import Formula, Notation


@dataclass(frozen=True)
class Diagonal:
    """∂y/∂x = diag(s), s entry by entry; without a formula a number times the identity.

    of  the node that s is, if it is one
    """

    formula: Formula | None
    value: Any
    scale: Fraction = Fraction(1)
    of: Any = None


@dataclass(frozen=True)
class Matrix:
    """∂y/∂x = W, of one column or for each row."""

    formula: Formula
    value: Any
    column: bool


@dataclass(frozen=True)
class Spread:
    """y is a number, and ∂y/∂x the same number everywhere."""

    scale: Fraction = Fraction(1)


@dataclass(frozen=True)
class Outer:
    """y = W x, asked by W: what comes back is δ xᵀ, or xᵀ δ turned where W is used so."""

    formula: Formula
    value: Any
    column: bool
    turned: bool = False


@dataclass(frozen=True)
class Rows:
    """y = … + b for every row: what comes back is summed over them."""


Local = Diagonal | Matrix | Spread | Outer | Rows
Formulas = Sequence[Formula]
"""An operation's operands as they are written, and itself last."""

_SAME: Final = Diagonal(None, 1.0)
_REARRANGING: Final = frozenset(
    "reshape squeeze expand_dims ravel flatten contiguous alias astype".split()
)


def local(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    """The Jacobian of a node by its operand i; None where nobody writes it down so."""
    rule = _LOCAL.get(node.rule.name)
    if rule is None or RULES.get(node.rule.name) is not node.rule:
        return None
    return rule(node, i, written, to)


# --- entry by entry --------------------------------------------------------------------------------


def _number(x: Any) -> Fraction | None:
    """A constant as a number that can stand in front."""
    if isinstance(x, Node) and (x.operands or x.name is not None or x.requires_grad):
        return None
    data = plain(x)
    return Fraction(repr(float(data))) if np.size(data) == 1 and np.isfinite(data).all() else None


def _multiply(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    if i > 1:
        return _SAME  # of multiply_add
    other, number = node.operands[1 - i], _number(node.operands[1 - i])
    if number is not None:
        return Diagonal(None, float(number), number)
    return Diagonal(written[1 - i], plain(other), of=other)


def _divide(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    number = _number(node.operands[1])
    return Diagonal(None, 1 / float(number), 1 / number) if i == 0 and number else None


def _sign(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    minus = node.rule.name == "negative" or (node.rule.name == "subtract" and i == 1)
    return Diagonal(None, -1.0, Fraction(-1)) if minus else _SAME


def _same(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    return _SAME if np.size(node.value) == np.size(plain(node.operands[0])) else None


def _function(
    slope: Callable[[Notation, Formula, Formula], Formula], number: Callable[[Any, Any], Any],
    scale: int = 1,
) -> Callable[..., Local | None]:  # fmt: skip
    """A function of one operand whose slope is written of x and y."""

    def rule(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
        x, y = plain(node.operands[0]), node.value
        shown = slope(to, written[0], written[-1])
        of = node.operands[0] if node.rule.name == "square" else None
        return Diagonal(shown, scale * number(x, y), Fraction(scale), of)

    return rule


_ONE, _ZERO, _TWO = Formula("1"), Formula("0"), Formula("2")


def _square_less(to: Notation, y: Formula) -> Formula:
    return to.subtract(_ONE, to.power(y, _TWO))


def _step(to: Notation, x: Formula) -> Formula:
    return to.relation(x, ">", _ZERO)


def _sigma(to: Notation, x: Formula) -> Formula:
    return to.function(RULES["sigmoid"], [x])


def _logistic(x: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * x))


# --- matrices --------------------------------------------------------------------------------------


def _affine(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    """W x + b, or W x + U h + b."""
    if i == len(node.operands) - 1:
        return _SAME if matrices.is_column(node.value) else Rows()
    x, W = node.operands[i - i % 2], node.operands[i - i % 2 + 1]
    column = matrices.is_column(plain(x))
    if not column and np.ndim(plain(x)) != 2:
        return None
    if i % 2 == 0:
        return Matrix(written[i + 1], plain(W), column)
    return Outer(written[i - 1], plain(x), column)


def _matmul(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    """X W, which is Wᵀ x of one column; a matrix times a vector; of two vectors wᵀ x."""
    x, W = map(plain, node.operands)
    if np.ndim(W) == 1 and np.size(node.value) == 1 and matrices.is_column(x):
        return Diagonal(written[1 - i], np.reshape((x, W)[1 - i], np.shape((x, W)[i])))
    if np.ndim(x) == 2 and np.ndim(W) == 1:
        return Outer(written[1], W, True) if i == 0 else Matrix(written[0], x, True)
    column = matrices.is_column(x)
    if np.ndim(W) != 2 or not (column or np.ndim(x) == 2):
        return None
    if i == 0:
        return Matrix(matrices.transposed(written[1], to), W.T, column)
    return Outer(written[0], x, column, turned=True)


def _whole(node: Node, i: int, written: Formulas, to: Notation) -> Local | None:
    """A sum or mean over all entries."""
    x = plain(node.operands[0])
    if np.size(node.value) != 1:
        return None
    return Spread(Fraction(1, np.size(x)) if node.rule.name == "mean" else Fraction(1))


_LOCAL: Final[dict[str, Callable[..., Local | None]]] = {
    "multiply": _multiply, "multiply_add": _multiply, "divide": _divide,
    "add": _sign, "subtract": _sign, "negative": _sign,
    "affine": _affine, "excitation": _affine, "matmul": _matmul,
    "sum": _whole, "mean": _whole,
    **dict.fromkeys(_REARRANGING, _same),
    "tanh": _function(lambda to, x, y: _square_less(to, y), lambda x, y: 1 - y * y),
    "sigmoid": _function(
        lambda to, x, y: to.entrywise(y, to.subtract(_ONE, y)), lambda x, y: y * (1 - y)
    ),
    "relu": _function(lambda to, x, y: _step(to, x), lambda x, y: 1.0 * (x > 0)),
    "exp": _function(lambda to, x, y: y, lambda x, y: y),
    "expm1": _function(lambda to, x, y: to.exponential(x), lambda x, y: np.exp(x)),
    "square": _function(lambda to, x, y: x, lambda x, y: x, scale=2),
    "log": _function(lambda to, x, y: to.divide(_ONE, x), lambda x, y: 1 / x),
    "softplus": _function(lambda to, x, y: _sigma(to, x), lambda x, y: _logistic(x)),
}  # fmt: skip
"""By the operation's name."""
