"""What a Value and a Tensor share: rule, ordered operands, number, name, module scope, gradient.

A node points to its operands and never to its users, and holds no closure, so a graph has no reference
cycles: it is freed the moment nobody holds it. Nodes are numbered as they are made, so the order of
creation is an order of evaluation.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from autograd_lite.errors import OperandError, brief
from autograd_lite.habits import hinted
from autograd_lite.names import pretty
from autograd_lite.nodes import Nodes
from autograd_lite.trees import is_object_array, tree_leaves
from autograd_lite.ways_out import leave, refuse_as_array, refuse_mask, refuse_masked
from autograd_lite.written import gradient_of

if TYPE_CHECKING:
    from autograd_lite.rules.rule import Rule

next_number: Final[Callable[[], int]] = itertools.count(1).__next__

Self = TypeVar("Self", bound="Node")


class Node:
    """One number (Value) or array (Tensor) on the graph; not made directly.

    _data     the number or array; users read `.value`, and read and set `.data`
    rule      the record of the operation that made it; VARIABLE or CONSTANT for a leaf
    left, right, rest  the operands: first, second (None where there is none) and a tuple of further ones.
              Slots, since each container would be visited again at every garbage collection. Of a constant
              that operations gave, which has no operands, rest holds its `origins`
    number    place in the order of creation; renewed when a leaf's data is set
    name      None, or what a user called it: a *variable* is a node that somebody named
    scope     dotted name of the module that made it, or None
    grad      the total derivative that the last backward pass left here, or None
    """

    __slots__ = (
        "__weakref__", "_data", "_grad", "_name", "left", "number", "rest", "right", "rule", "scope",
    )  # fmt: skip

    _data: Any
    rule: Rule
    left: Any
    right: Any
    rest: tuple[Any, ...]
    number: int
    scope: str | None
    _name: str | None
    _grad: Any

    static: Mapping[str, Any] = {}

    @classmethod
    def record(cls, rule: Rule, operands: tuple[Any, ...], static: dict[str, Any]) -> Any:
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

    # read in C, as the slots are that hold them; the engine writes to these
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
    grad: Any = property(
        attrgetter("_grad"),
        lambda self, gradient: setattr(self, "_grad", gradient_of(self, gradient)),
        doc="The total derivative that the last backward pass left here, in the data's shape, or None.",
    )

    def describe(self) -> str:
        """How messages refer to this node: its name, or its operation, and always its number.

        >>> from autograd_lite import Value
        >>> Value(1.0, name="h_0").describe().split(" (")[0]
        'h_0'
        """
        what = self.rule.name if self.name is None else pretty(self.name)
        return f"{what} (node {self.number})"

    @hinted
    def backward(self, gradient: Any = None) -> None:
        """Leave on every node upstream the total derivative of this one; see `Tape.backward`."""
        from autograd_lite.tape import Tape

        Tape(self).backward(gradient)

    def notice_change(self) -> None:
        """Renew the number when a leaf's array was written to in place; a Value's number cannot be."""

    def zero_grad(self) -> None:
        """Forget the gradient: `.grad` becomes None."""
        self.grad = None

    def item(self) -> float:
        """The number as a Python float: the way out of the graph that says so, and is silent."""
        raise NotImplementedError

    # what Python and NumPy call on their own takes the number out of the graph, unless it is guarded
    def __float__(self) -> float:
        number = _one_number(self)
        leave(self)
        return number

    def __int__(self) -> int:
        number = _one_number(self)
        leave(self)
        return int(number)

    def __round__(self, digits: int | None = None) -> Any:
        number = _one_number(self)
        leave(self)
        return round(number, digits)

    @property
    def _mask(self) -> Any:
        """What numpy.ma asks of every operand, and none of NumPy's arrays has: refuses masked arrays."""
        return refuse_mask()

    @property
    def mask(self) -> Any:
        """What numpy.ma looks for before it takes the numbers of an operand; there is none."""
        refuse_as_array(self)
        raise AttributeError(f"a {type(self).__name__} has no mask")

    # by identity, and as fast as object's own: comparison below compares numbers, not nodes
    __hash__ = object.__hash__

    def __reduce__(self) -> Any:
        from autograd_lite.copying import flatten

        return flatten(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        from autograd_lite.copying import deep_copy

        return deep_copy(self, memo)

    def __copy__(self) -> Any:
        from autograd_lite.copying import shallow_copy

        return shallow_copy(self)

    def detach(self) -> Any:
        raise NotImplementedError


def _refuse_setting(node: Node) -> None:
    leaf = "x.data = …" if node.is_leaf else "the data of the leaves it is computed from"
    raise OperandError(f"the value of {node.describe()} is only read: set {leaf}")


def _as_name(name: Any) -> str | None:
    if name is None or isinstance(name, str):
        return name or None
    raise OperandError(
        f"a name is text, not {type(name).__name__}: write named({brief(str(name))})"
    )


def as_flag(requires_grad: Any) -> bool:
    """`requires_grad` as the caller gave it; whatever is no bool was meant for another argument."""
    if isinstance(requires_grad, (bool, np.bool_)):
        return bool(requires_grad)
    raise OperandError(
        f"requires_grad is True or False, not {brief(requires_grad)}: {_meant(requires_grad)}"
    )


def _meant(flag: Any) -> str:
    """What to write where this stands in the place of `requires_grad`."""
    if isinstance(flag, (type, np.dtype)) or (isinstance(flag, str) and flag.startswith("float")):
        return "write dtype='float32' or dtype='float64'"
    if isinstance(flag, str):
        return f"write name={brief(flag)}"
    if isinstance(flag, (int, float)) and flag in (0, 1):
        return f"write requires_grad={bool(flag)}"
    if isinstance(flag, (int, float, tuple, list)):
        return "zeros of a shape are Tensor(np.zeros((2, 3))), several numbers Tensor([2.0, 3.0])"
    return "write requires_grad=True for a variable"


def _one_number(node: Node) -> float:
    try:
        return node.item()
    except ValueError:
        shape = node._data.shape
        raise OperandError(
            f"{node.describe()} has shape {shape}, so it is not one number"
        ) from None


def refuse_nodes_in(data: Any) -> None:
    """Raise for what NumPy would turn into an array without a word: a list of nodes, a masked array."""
    if not isinstance(data, (list, tuple)) and not is_object_array(data):
        return refuse_masked(data)
    for x in tree_leaves(data):
        if isinstance(x, Node) and x.requires_grad:
            raise OperandError(
                f"a list that holds {x.describe()} is no array on the graph: write stack([…]) for Tensors, "
                f"NumPy's function for Values (np.sum([…])), or x.item() for the numbers alone"
            )
        refuse_masked(x)
    return None
