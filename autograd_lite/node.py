"""What a Value and a Tensor share: rule, ordered operands, number, name, module scope, gradient.

A node points to its operands and never to its users, and holds no closure, so a graph has no reference
cycles: it is freed the moment nobody holds it. Nodes are numbered as they are made, so the order of
creation is an order of evaluation.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final, SupportsIndex, TypeVar, overload

from autograd_lite.errors import OperandError, brief
from autograd_lite.habits import hinted
from autograd_lite.names import pretty
from autograd_lite.record import Record

next_number: Final[Callable[[], int]] = itertools.count(1).__next__

Self = TypeVar("Self", bound="Node")


class Node:
    """One number (Value) or array (Tensor) on the graph; not made directly.

    _data     the number or array; users read `.value`, and read and set `.data`
    rule      the record of the operation that made it; VARIABLE or CONSTANT for a leaf
    left, right, rest  the operands: first, second (None where there is none) and a tuple of further ones.
              Slots, since each container would be visited again at every garbage collection. Of a constant
              that operations gave, which has no operands, rest holds its `origins`
    number    place in the order of creation, and a version: a leaf gets a new one when its data is set, so
              what has a lower number than one of its operands is stale
    name      None, or what a user called it: a *variable* is a node that somebody named
    scope     dotted name of the module that made it, or None
    grad      the total derivative that the last backward pass left here, or None
    """

    __slots__ = (
        "__weakref__", "_data", "_grad", "_name", "left", "number", "rest", "right", "rule", "scope",
    )  # fmt: skip

    _data: Any
    rule: Record
    left: Any
    right: Any
    rest: tuple[Any, ...]
    number: int
    scope: str | None
    _name: str | None
    _grad: Any

    static: Mapping[str, Any] = {}

    @classmethod
    def record(cls, rule: Record, operands: tuple[Any, ...], static: dict[str, Any]) -> Any:
        """Apply `rule` to operands of which at least one is of this class, and note it on the graph."""
        raise NotImplementedError

    @property
    def operands(self) -> tuple[Any, ...]:
        """What the rule was applied to, in order and with multiplicity: nodes and plain constants."""
        if self.right is None:
            return () if self.left is None else (self.left,)
        return (self.left, self.right, *self.rest)

    @operands.setter
    def operands(self, operands: tuple[Any, ...]) -> None:
        self.left, self.right = (*operands, None, None)[:2]
        self.rest = operands[2:]

    @property
    def parents(self) -> Nodes:
        """The operands that are nodes, in order and with multiplicity: x·x has two parents."""
        return Nodes([x for x in self.operands if isinstance(x, Node)])

    @property
    def is_leaf(self) -> bool:
        """Whether nothing was computed to get here: an input, a parameter or a constant."""
        return self.left is None

    @property
    def requires_grad(self) -> bool:
        """Whether derivatives with respect to this node exist: false for constants."""
        return self.rule.name != "constant"

    def named(self: Self, name: str | None) -> Self:
        r"""Call this node `name`, which makes it a variable of the flow graph; returns the node itself.

        >>> from autograd_lite import Value
        >>> Value(1.0).named(r"\hat{y}")
        Value(1.0, name='ŷ')
        """
        self._name = _as_name(name)
        return self

    # read in C, as the slot is that holds it; the engine writes to `_name`
    name: Any = property(
        attrgetter("_name"),
        lambda self, name: setattr(self, "_name", _as_name(name)),
        doc="None, or what a user called it; set it, or write `named`.",
    )
    value: Any = property(
        attrgetter("_data"),
        lambda self, value: _refuse_setting(self),
        doc="""What the node holds, to be read: a Value's float, a read-only view of a Tensor's array.

        Nothing is copied, and unlike what `Tensor.data` gives it is not watched for changes.

        >>> from autograd_lite import Tensor, Value
        >>> (Value(2.0) * 3.0).value, (Tensor([1.0, 2.0]) * 3.0).value
        (6.0, array([3., 6.]))

        Raises OperandError when it is set; writing into the view is NumPy's ValueError.
        """,
    )

    grad: Any  # set and read through `NodeMethods`

    def describe(self) -> str:
        """How messages refer to this node: its name, or its operation, and always its number.

        >>> from autograd_lite import Value
        >>> Value(1.0, name="h_0").describe().split(" (")[0]
        'h_0'
        """
        what = self.rule.name if self.name is None else pretty(self.name)
        return f"{what} (node {self.number})"

    @hinted
    def backward(self, gradient: object = None) -> None:
        """Leave on every node upstream the total derivative of this one; see `Tape.backward`."""
        from autograd_lite.tape import Tape  # a tape is of nodes, yet everybody writes y.backward()

        Tape(self).backward(gradient)

    def renew_if_written(self) -> None:
        """Renew the number when a leaf's array was written to in place; a Value's number cannot be."""

    def zero_grad(self) -> None:
        """Forget the gradient: `.grad` becomes None."""
        self.grad = None

    def item(self) -> float:
        """The number as a Python float: the way out of the graph that says so, and is silent."""
        raise NotImplementedError

    # by identity, and as fast as object's own: comparison below compares numbers, not nodes
    __hash__ = object.__hash__

    def detach(self) -> Any:
        raise NotImplementedError


def _refuse_setting(node: Node) -> None:
    leaf = "x.data = …" if node.is_leaf else "the data of the leaves it is computed from"
    raise OperandError(f"the value of {node.describe()} is only read: set {leaf}")


def _as_name(name: object) -> str | None:
    if name is None or isinstance(name, str):
        return name or None
    raise OperandError(
        f"a name is text, not {type(name).__name__}: write named({brief(str(name))})"
    )


# --- sequences of nodes, in which `==` would compare numbers ------------------------------------------


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
