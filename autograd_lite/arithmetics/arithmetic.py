"""What every arithmetic says about an operand of a node, and the reverse sweep in its terms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

import numpy as np

from autograd_lite.node import Node

Adjoints: TypeAlias = dict[Node, Any]


class Arithmetic(ABC):
    """How one sweep computes."""

    def pull_back(self, operations: Sequence[Node], adjoint: Adjoints, keep: bool = True) -> None:
        """Carry the adjoints from later operations to earlier ones; see `sweeps.reverse`."""
        pull_all, recall = self.pull_all, adjoint.get if keep else adjoint.pop
        with self.errstate():
            for node in reversed(operations):
                if (g := recall(node, None)) is not None:
                    pull_all(node, g, adjoint)

    def errstate(self) -> AbstractContextManager[Any]:
        """The context a sweep runs in: poles are answered with inf and nan, not with warnings."""
        return np.errstate(all="ignore")

    @abstractmethod
    def met_masks(self, found: Adjoints, also: Collection[Node] = ()) -> bool:
        """Whether a leaf's number, or one of those `also` named, is nan: only the graph tells the masks."""

    @abstractmethod
    def pull(self, node: Node, i: int, g: Any, /) -> Any:
        """g·∂node/∂operand i, in the operand's shape; None where there is no derivative."""

    @abstractmethod
    def push(self, node: Node, i: int, t: Any, /) -> Any:
        """∂node/∂operand i·t, in the node's shape; None where there is no derivative."""

    @abstractmethod
    def pull_all(self, node: Node, g: Any, adjoint: Adjoints) -> None:
        """Add to `adjoint` what `node`, with adjoint g, contributes to each operand that is a node."""

    def leaf_gradient(self, node: Node, g: Any) -> Any:
        """A leaf's adjoint as its own, to be changed in place by nobody else."""
        return g


def summed_axes(shape: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...]:
    """The axes along which an operand of shape `wanted` was repeated to give `shape`.

    >>> summed_axes((5, 3, 4), (3, 1))
    (0, 2)
    """
    new = len(shape) - len(wanted)
    stretched = (new + i for i, n in enumerate(wanted) if n == 1 and shape[new + i] != 1)
    return (*range(new), *stretched)
