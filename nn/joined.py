"""Joined: several weights read as one array, as PyTorch and many papers stack the gates' weights."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import Tape, Tensor
from autograd_lite.array_node import result
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.modes import MODES
from autograd_lite.rules.joining import concatenate_
from autograd_lite.rules.namespaces import plain
from autograd_lite.written import INTO_LEAF, detached, gradient_of, write_by

Array: TypeAlias = np.ndarray[Any, Any]


def _augmented(sign: str, operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """`w -= …` under `no_grad()` writes into the parts, as it does into a leaf."""

    def method(self: Any, other: Any) -> Any:
        if MODES.recording:
            raise OperandError(
                f"{self.describe()} is read from weights, and {sign} would not write into them: "
                f"write `with no_grad(): w {sign} …`, or w = w {sign[:-1]} … for a new node"
            )
        self.data = operate(self, other).value
        return self

    return method


class Joined(Tensor):
    """W = [W_i; W_f; W_c; W_o]: its parts one below the other, computed anew at every reading.

    What is read is computed from the parts, so derivatives flow into them. What is written goes into the
    parts: `data`, `grad`, `update_` and `zero_grad` act on them. The arrays that `data` and `grad` give are
    copies and read-only, so that nothing is written to a copy unseen.

    >>> a, b = Tensor([1.0], requires_grad=True), Tensor([2.0], requires_grad=True)
    >>> w = joined("w", [a, b])
    >>> (w * w).sum().backward()
    >>> w.grad, b.grad
    (array([2., 4.]), array([4.]))
    >>> w.data = [5.0, 6.0]
    >>> a.item(), b.item()
    (5.0, 6.0)

    Raises OperandError when a part that would be written to is computed, ShapeError for another shape.
    """

    __slots__ = ()

    @property
    def requires_grad(self) -> bool:
        """Whether one of the parts is a variable."""
        return any(part.requires_grad for part in self.operands)

    @property
    def data(self) -> Array:
        """The parts' numbers, read-only; setting it writes into the parts."""
        return self.numpy()

    @data.setter
    def data(self, data: Any) -> None:
        pieces = self._pieces(Tensor(detached(data, INTO_LEAF)).value)
        for part in self.operands:
            _refuse_computed(part)
        for part, piece in zip(self.operands, pieces, strict=True):
            part.data = piece
        Tape(self).evaluate()

    def update_(self, change: Callable[[Array], object]) -> None:
        """Let `change` write to an array with the parts' numbers, and write it into the parts."""
        array = np.array(self.value)
        write_by(change, array)
        self.data = array

    @property
    def grad(self) -> Array | None:
        """The parts' gradients as one array, read-only; zeros for a part without, None when none has one."""
        if all(part.grad is None for part in self.operands):
            return None
        gradients = [np.zeros_like(x.value) if x.grad is None else x.grad for x in self.operands]
        joint = np.concatenate(gradients)
        joint.flags.writeable = False
        return joint

    @grad.setter
    def grad(self, gradient: Any) -> None:
        if gradient is None:
            pieces: Sequence[Any] = [None] * len(self.operands)
        else:
            pieces = [piece.copy() for piece in self._pieces(gradient_of(self, gradient))]
        for part, piece in zip(self.operands, pieces, strict=True):
            part.grad = piece

    __iadd__, __isub__ = _augmented("+=", operator.add), _augmented("-=", operator.sub)
    __imul__, __itruediv__ = _augmented("*=", operator.mul), _augmented("/=", operator.truediv)
    __ipow__, __imatmul__ = _augmented("**=", operator.pow), _augmented("@=", operator.matmul)

    def _pieces(self, array: Array) -> list[Array]:
        if array.shape != self.shape:
            raise ShapeError(
                f"{self.describe()} has shape {self.shape}, and what is written to it {array.shape}"
            )
        return np.split(array, np.cumsum([len(part) for part in self.operands])[:-1])


def joined(name: str, parts: Sequence[Tensor]) -> Joined:
    """The parts one below the other; on the graph also inside `no_grad()`, so that writing reaches them."""
    data = np.concatenate([plain(part) for part in parts])
    node: Joined = result(Joined, concatenate_, data, None)
    node.rule, node.operands, node.static = concatenate_, tuple(parts), {"axis": 0}
    return node.named(name)


def _refuse_computed(part: Tensor) -> None:
    if not part.is_leaf:
        raise OperandError(f"{part.describe()} is computed; only a leaf's numbers can be set")
