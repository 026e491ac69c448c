"""Nodes: sequences of nodes in which each is found by identity, since `==` between nodes compares numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, SupportsIndex, overload

if TYPE_CHECKING:
    from autograd_lite.node import Node


class _ByIdentity:
    """`in`, `index` and `count` ask which node, not which number."""

    __slots__ = ()

    def __contains__(self: Any, node: object) -> bool:
        return any(v is node for v in self)

    def index(self: Any, node: Any, start: SupportsIndex = 0, stop: Any = None) -> int:
        """The first place of this very node.

        Raises ValueError when it is not among them.
        """
        for k in range(len(self))[start:stop]:
            if self[k] is node:
                return k
        raise ValueError(f"{node!r:.60} is not among these {len(self)} nodes")

    def count(self: Any, node: Any) -> int:
        """How often this very node is among them."""
        return sum(v is node for v in self)


class Nodes(_ByIdentity, tuple["Node", ...]):
    """Nodes in order, as a tuple; `in`, `index`, `count` and `==` ask which node, not which number.

    >>> from autograd_lite import Value
    >>> x, other = Value(1.0), Value(1.0)
    >>> x in Nodes([x]), other in Nodes([x]), other in [x]
    (True, False, True)
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, tuple):
            return NotImplemented
        return len(self) == len(other) and all(a is b for a, b in zip(self, other, strict=True))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = tuple.__hash__  # a node's is its identity's

    @overload
    def __getitem__(self, k: SupportsIndex) -> Node: ...
    @overload
    def __getitem__(self, k: slice) -> Nodes: ...
    def __getitem__(self, k: Any) -> Any:
        found = tuple.__getitem__(self, k)
        return Nodes(found) if isinstance(k, slice) else found


class NodeList(_ByIdentity, list["Node"]):
    """Nodes in order, as a list that is the caller's own; `in`, `index` and `count` ask which node."""

    __slots__ = ()
