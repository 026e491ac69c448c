"""What every arithmetic says about an operand of a node."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

Adjoints: TypeAlias = dict[Any, Any]


class Arithmetic(Protocol):
    """How one sweep computes.

    waiting  nodes whose contributions are collected, to be summed at once by `gather` when they are needed
    """

    @property
    def waiting(self) -> dict[Any, Any]: ...

    def gather(self, adjoint: Adjoints, node: Any) -> None:
        """Add to `adjoint` the collected contributions to `node`."""

    def met_masks(self, found: Adjoints, also: Collection[Any] = ()) -> bool:
        """Whether a leaf's number, or one of those `also` named, is nan: only the graph tells the masks."""

    def errstate(self) -> AbstractContextManager[Any]:
        """The context a sweep runs in: poles are answered with inf and nan, not with warnings."""

    def pull(self, node: Any, i: int, g: Any) -> Any:
        """g·∂node/∂operand i, in the operand's shape; None where there is no derivative."""

    def push(self, node: Any, i: int, t: Any) -> Any:
        """∂node/∂operand i·t, in the node's shape; None where there is no derivative."""

    def pull_all(self, node: Any, g: Any, adjoint: Adjoints) -> None:
        """Add to `adjoint` what `node`, with adjoint g, contributes to each operand that is a node."""

    def leaf_gradient(self, node: Any, g: Any) -> Any:
        """A leaf's adjoint as its own, to be changed in place by nobody else."""


def summed_axes(shape: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...]:
    """The axes along which an operand of shape `wanted` was repeated to give `shape`.

    >>> summed_axes((5, 3, 4), (3, 1))
    (0, 2)
    """
    new = len(shape) - len(wanted)
    stretched = (new + i for i, n in enumerate(wanted) if n == 1 and shape[new + i] != 1)
    return (*range(new), *stretched)
