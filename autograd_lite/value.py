"""Value: a float on the graph.

Every node keeps what it was computed from, so partial derivatives are computed when they are asked for:
an operation costs little more than its arithmetic.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.arguments import as_flag
from autograd_lite.arithmetics import FLOATS
from autograd_lite.errors import OperandError
from autograd_lite.habits import add_hints
from autograd_lite.modes import ACTIVE, apply_modes
from autograd_lite.names import pretty
from autograd_lite.node import Node, next_number
from autograd_lite.node_methods import NodeMethods
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.numpy_calls import methods_for_objects, on_ufunc
from autograd_lite.real_numbers import as_float, as_number, cannot_mix, comparison, value_at
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.leaves import constant, variable
from autograd_lite.rules.namespaces import floats, on_floats, plain
from autograd_lite.rules.program_only import detached_in_program
from autograd_lite.spellings import OF_VALUES, shown
from autograd_lite.trees import is_object_array
from autograd_lite.watches import note, refuse_writing
from autograd_lite.ways_out import refuse_derivatives
from autograd_lite.written import INTO_LEAF, detached

_new: Final = object.__new__
_REFUSED_KINDS: Final = (
    Node, np.ndarray, np.generic, list, tuple, dict, set, str, bytes, numbers.Number,
)  # fmt: skip


def _node(rule: Record, data: float, operands: tuple[Any, ...]) -> Value:
    node = _new(Value)
    node._data = data
    node.rule = rule
    node.operands = operands
    node.number = next_number()
    node._name = node.scope = node._grad = None
    if ACTIVE:
        apply_modes(node, constant)
    return node


def _unary(rule: Record) -> Callable[[Value], Value]:
    fast = getattr(floats, rule.name)

    def method(self: Value) -> Value:
        # _node by hand: a call costs a fifth of the operation
        node = _new(Value)
        try:
            node._data = fast(self._data)
        except (ArithmeticError, ValueError):
            node._data = on_floats(rule, (self._data,))
        node.rule = rule
        node.left, node.right, node.rest = self, None, ()
        node.number = next_number()
        node._name = node.scope = node._grad = None
        if ACTIVE:
            apply_modes(node, constant)
        return node

    return _documented(method, rule)


def _binary(rule: Record) -> Callable[[Value, Any], Value]:
    fast = getattr(floats, rule.name)

    def method(self: Value, other: object) -> Value:
        if type(other) is Value:
            b = other._data
        elif type(other) is float or type(other) is int:
            b = other
        elif (b := as_number(other)) is not None:
            other = b
        else:
            return _mixed(rule, other, (self, other))  # type: ignore[no-any-return]
        node = _new(Value)
        try:
            node._data = fast(self._data, b)
        except (ArithmeticError, ValueError):
            node._data = value_at(rule, (self._data, b))
        node.rule = rule
        node.left, node.right, node.rest = self, other, ()
        node.number = next_number()
        node._name = node.scope = node._grad = None
        if ACTIVE:
            apply_modes(node, constant)
        return node

    return _documented(method, rule)


def _documented(method: Callable[..., Value], rule: Record) -> Callable[..., Value]:
    method.__name__ = rule.name
    method.__doc__ = f"`{rule.name}` of this Value; see the function `{rule.name}`."
    return method


def _reflected(rule: Record) -> Callable[[Value, Any], Value]:
    def method(self: Value, other: object) -> Value:
        number = as_number(other)
        if number is None:
            return _mixed(rule, other, (other, self))  # type: ignore[no-any-return]
        return _node(rule, value_at(rule, (number, self._data)), (number, self))

    return method


def _operators(name: str) -> tuple[Callable[[Value, Any], Value], Callable[[Value, Any], Value]]:
    return _binary(RULES[name]), _reflected(RULES[name])


def _methods(names: str) -> Iterator[Callable[[Value], Value]]:
    return (_unary(RULES[name]) for name in names.split())


class Value(NodeMethods):
    """A float on the graph: a variable, a constant, or the result of an operation.

    >>> x = Value(1.0, name="x")
    >>> y = (x * x + 3.0).named("y")
    >>> y.backward()
    >>> y, x
    (Value(4.0, name='y', grad=1.0), Value(1.0, name='x', grad=2.0))

    data           a finite or infinite real number; integers become floats
    name           makes it a variable that pictures, cuts and messages show
    requires_grad  False for a number that is no variable: derivatives hold it constant

    Raises OperandError when `data` is no real number.
    """

    __slots__ = ()

    def __init__(self, data: float, name: str | None = None, *, requires_grad: bool = True) -> None:
        self._data = as_float(data)
        self.rule = variable if as_flag(requires_grad) else constant
        self.operands = ()
        self.number = next_number()
        self.scope = self._grad = None
        self.named(name)

    @classmethod
    def record(cls, rule: Record, operands: tuple[Any, ...], static: dict[str, Any]) -> Value:
        """Apply an elementwise rule to Values and numbers, and note it on the graph."""
        if not rule.is_elementwise:
            of_values = OF_VALUES.get(rule.name)
            raise OperandError(
                f"{rule.name} works on arrays, and a Value is one number: write "
                f"{rule.name}(Tensor([1.0, 2.0], requires_grad=True))"
                + (f"; with Values, {shown(of_values)}" if of_values else "")
            )
        rule = rule.fixed(**static) if static else rule
        if len(operands) != rule.arity:
            raise OperandError(f"{rule.name} takes {rule.arity} operands, not {len(operands)}")
        xs = tuple(x if type(x) is Value else as_number(x) for x in operands)
        for x, given in zip(xs, operands, strict=True):
            if x is None:  # not by `in`, which would compare numbers
                raise OperandError(cannot_mix(rule, given))
        return _node(rule, value_at(rule, tuple(map(plain, xs))), xs)

    @property
    def data(self) -> float:
        """The number. Setting it is for leaves; what was computed from the old one is then stale."""
        if ACTIVE:
            note(self, "data")
        return self._data  # type: ignore[no-any-return]

    @data.setter
    def data(self, data: float) -> None:
        if self.operands:
            raise OperandError(
                f"{self.describe()} is computed; set a leaf's data and call Tape(y).evaluate(), "
                f"or make a new Value"
            )
        if ACTIVE:
            refuse_writing(self)
        self._data, self.rest = as_float(detached(data, INTO_LEAF)), ()
        self.number = next_number()

    def overwrite(self, result: Value) -> None:
        self.data = result._data

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂parent for each of `.parents`, the other parents held constant.

        >>> (Value(3.0) * Value(2.0)).partials
        (2.0, 3.0)
        """
        refuse_derivatives(self)
        return tuple(
            FLOATS.partial(self, i) or 0.0
            for i, x in enumerate(self.operands)
            if isinstance(x, Node)
        )

    def detach(self) -> Value:
        """The same number as a constant, cut off from the graph.

        >>> Value(2.0).detach().requires_grad
        False
        """
        if ACTIVE and (node := detached_in_program(self)) is not None:
            return node  # type: ignore[no-any-return]
        return Value(self._data, requires_grad=False)

    def item(self) -> float:
        """The number as a Python float."""
        if ACTIVE:
            note(self, "item")
        return self._data  # type: ignore[no-any-return]

    def conjugate(self) -> Value:
        """The Value itself, which is real; NumPy asks for it in `np.var` and `np.vdot`."""
        return self

    def __bool__(self) -> bool:
        if ACTIVE:
            note(self, "bool")
        return bool(self._data)

    value = Node.value.getter(lambda self: self.data)

    # no __array__: NumPy then keeps Values as objects, and its functions go through their methods

    def __repr__(self) -> str:
        name = "" if self.name is None else f", name={pretty(self.name)!r}"
        grad = "" if self.grad is None else f", grad={_short(self.grad)}"
        return f"Value({_short(self._data)}{name}{grad})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    __add__, __radd__ = _operators("add")
    __sub__, __rsub__ = _operators("subtract")
    __mul__, __rmul__ = _operators("multiply")
    __truediv__, __rtruediv__ = _operators("divide")
    __pow__, __rpow__ = _operators("power")
    __mod__, __rmod__ = _operators("remainder")
    __floordiv__, __rfloordiv__ = _operators("floor_divide")

    def __divmod__(self, other: object) -> tuple[Value, Value]:
        return self // other, self % other

    def __rdivmod__(self, other: object) -> tuple[Value, Value]:
        return other // self, other % self

    __neg__, __pos__, __abs__ = _methods("negative positive absolute")
    # math.floor(x), and what NumPy calls for np.floor of an object array
    __floor__, __ceil__, __trunc__ = _methods("floor ceil trunc")
    exp, log, sqrt, sin, cos, tanh, relu = _methods("exp log sqrt sin cos tanh relu")

    # comparison compares numbers and gives plain bools; graph algorithms use identity
    __eq__, __ne__ = comparison("equal", operator.eq), comparison("not_equal", operator.ne)
    __lt__, __le__ = comparison("less", operator.lt), comparison("less_equal", operator.le)
    __gt__, __ge__ = comparison("greater", operator.gt), comparison("greater_equal", operator.ge)

    __hash__ = Node.__hash__


def _mixed(rule: Record, other: object, operands: tuple[Any, ...]) -> Any:
    """A Value with something that is no number: entry by entry with an object array, else refused."""
    if is_object_array(other) and hasattr(np, rule.name):
        return on_ufunc(getattr(np, rule.name), "__call__", operands, {})
    refuse_masked(other)
    if other is None or isinstance(other, _REFUSED_KINDS):
        raise OperandError(cannot_mix(rule, other))
    return NotImplemented  # a class that may know how to


def _short(number: float) -> str:
    """Three decimals where they say enough, else four significant digits."""
    if number == 0.0 or 1e-3 <= abs(number) < 1e6:
        text = f"{number:.3f}".rstrip("0")
        return text + "0" if text.endswith(".") else text
    return f"{number:.4g}"


for _rule in RULES.values():
    if _rule.is_elementwise and _rule.arity in (1, 2):
        _rule.quick[Value] = (_unary if _rule.arity == 1 else _binary)(_rule)
for _name, _method in methods_for_objects():
    if not hasattr(Value, _name):
        setattr(Value, _name, _method)

add_hints(Value)
