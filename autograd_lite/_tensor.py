"""Tensor: an array on the graph, with PyTorch's habits and NumPy's names.

Its operators and methods are rules and functions of this project under another spelling.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd_lite import functions
from autograd_lite.array_node import ArrayNode, result
from autograd_lite.errors import OperandError, brief
from autograd_lite.habits import add_hints
from autograd_lite.indexing import At
from autograd_lite.modes import ACTIVE
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.operands import Numbers
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import arrays, plain
from autograd_lite.rules.program_only import detached_in_program, is_truth, recorded
from autograd_lite.watches import note, read


def unary(rule: Record) -> Callable[[Any], Tensor]:
    """An elementwise rule of one operand as a method, the short way where there is one."""
    fast = getattr(arrays, rule.name)

    def method(self: Tensor) -> Any:
        if self.rule is constant or self._watched_hash is not None:
            return self.record(rule, (self,), {})
        return result(Tensor, rule, fast(self._data), self)

    return method


def binary(rule: Record) -> Callable[[Any, Any], Tensor]:
    """An elementwise rule of two operands as a method, the short way where there is one."""
    fast = getattr(arrays, rule.name)

    def method(self: Tensor, other: object) -> Any:
        if self.rule is constant or self._watched_hash is not None:
            return self.record(rule, (self, other), {})
        try:
            if type(other) is Tensor and other._watched_hash is None:
                return result(Tensor, rule, fast(self._data, other._data), self, other)
            if type(other) is float or type(other) is int:
                return result(Tensor, rule, fast(self._data, other), self, other)
        except (ValueError, TypeError, OverflowError):
            pass  # shapes that do not fit, too large a number: `record` explains
        return self.record(rule, (self, other), {})

    return method


def _comparison(name: str, compare: Callable[[Any, Any], Any]) -> Callable[[Any, object], Any]:
    def method(self: Tensor, other: object) -> Any:
        if ACTIVE and (node := recorded(name, self, other)) is not None:
            return node
        return compare(self._data, _compared(other))

    return method


def _operator(name: str) -> Callable[[Any, Any], Tensor]:
    return binary(RULES[name])


def _reflected(name: str) -> Callable[[Any, Any], Tensor]:
    rule = RULES[name]

    def method(self: Tensor, other: object) -> Any:
        return self.record(rule, (other, self), {})

    return method


def _method(name: str) -> Callable[..., Tensor]:
    function = getattr(functions, name)

    def method(self: Tensor, *args: Any, **options: object) -> Any:
        return function(self, *args, **options)

    method.__name__ = name
    method.__doc__ = f"`{name}` of this tensor; see the function `{name}`."
    return method


def _methods(names: str) -> Iterator[Callable[..., Tensor]]:
    return map(_method, names.split())


class Tensor(ArrayNode):
    """An array on the graph: a variable, a constant, or the result of an operation.

    >>> x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    >>> y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    array([2., 4.])

    data           numbers in any shape, copied. float32 stays; integers, Python's numbers and every other
                   kind of float (float16, longdouble) become float64
    requires_grad  True for a variable: derivatives with respect to it exist
    name           what pictures, cuts and messages call it
    dtype          "float32" or "float64", when it should differ from the data's

    Raises OperandError when `data` holds anything but real numbers.
    """

    __slots__ = ()

    __add__, __radd__ = _operator("add"), _reflected("add")
    __sub__, __rsub__ = _operator("subtract"), _reflected("subtract")
    __mul__, __rmul__ = _operator("multiply"), _reflected("multiply")
    __truediv__, __rtruediv__ = _operator("divide"), _reflected("divide")
    __pow__, __rpow__ = _operator("power"), _reflected("power")
    __matmul__, __rmatmul__ = _operator("matmul"), _reflected("matmul")
    __mod__, __rmod__ = _operator("remainder"), _reflected("remainder")
    __floordiv__, __rfloordiv__ = _operator("floor_divide"), _reflected("floor_divide")
    __neg__, __pos__, __abs__ = _method("negative"), _method("positive"), _method("absolute")
    __round__, __floor__, __ceil__, __trunc__ = _methods("round floor ceil trunc")

    abs, exp, exp2, expm1, log, log2, log10, log1p = _methods(
        "absolute exp exp2 expm1 log log2 log10 log1p"
    )
    sqrt, cbrt, square, reciprocal, sign = _methods("sqrt cbrt square reciprocal sign")
    sin, cos, tan, sinh, cosh, tanh = _methods("sin cos tan sinh cosh tanh")
    arcsin, arccos, arctan, arcsinh, arccosh, arctanh = _methods(
        "arcsin arccos arctan arcsinh arccosh arctanh"
    )
    floor, ceil, trunc, rint, round, clip = _methods("floor ceil trunc rint round clip")
    sigmoid, relu, softmax, log_softmax = _methods("sigmoid relu softmax log_softmax")

    sum, mean, prod, max, min, ptp = _methods("sum mean prod max min ptp")
    var, std, median, logsumexp = _methods("var std median logsumexp")
    cumsum, cumprod, sort, argsort, argmin, argmax = _methods(
        "cumsum cumprod sort argsort argmin argmax"
    )
    dot, trace, diagonal = _methods("dot trace diagonal")
    take, repeat, copy = _methods("take repeat copy")
    ravel, flatten, squeeze, swapaxes, expand_dims = _methods(
        "ravel ravel squeeze swapaxes expand_dims"
    )

    def __divmod__(self, other: Numbers) -> Any:
        return functions.divmod(self, other)

    def __rdivmod__(self, other: Numbers) -> Any:
        return functions.divmod(other, self)

    def all(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Whether no entry is 0, along axes: plain truth values."""
        if ACTIVE:
            note(self, "all")
        return np.all(self._data, axis=axis, keepdims=keepdims)

    def any(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Whether some entry is not 0, along axes: plain truth values."""
        if ACTIVE:
            note(self, "any")
        return np.any(self._data, axis=axis, keepdims=keepdims)

    def nonzero(self) -> Any:
        """The places of the entries that are not 0, one array of plain integers for each axis."""
        if ACTIVE:
            note(self, "nonzero")
        return np.nonzero(self._data)

    @property
    def mT(self) -> Tensor:
        """The matrices transposed: the last two axes exchanged."""
        return functions.matrix_transpose(self)  # type: ignore[no-any-return]

    @property
    def T(self) -> Tensor:
        """The transpose: all axes reversed."""
        return RULES["transpose"](self)  # type: ignore[no-any-return]

    def astype(self, dtype: Any) -> Tensor:
        """The same numbers as float32 or float64; comparisons in a program also as integers or bool."""
        if ACTIVE and is_truth(self) and np.dtype(dtype).kind in "iub":
            return self if np.dtype(dtype).kind == "b" else self * 1
        return functions.astype(self, dtype)  # type: ignore[no-any-return]

    def reshape(self, *shape: Any, order: str = "C") -> Tensor:
        """The same numbers in another shape: `t.reshape(2, -1)` or `t.reshape((2, -1))`."""
        if order == "C":
            return RULES["reshape"](self, shape=_unpacked(shape))  # type: ignore[no-any-return]
        return functions.reshape(self, _unpacked(shape), order)  # type: ignore[no-any-return]

    def transpose(self, *axes: Any) -> Tensor:
        """The axes in another order, reversed when none is given."""
        return RULES["transpose"](self, axes=_unpacked(axes) if axes else None)  # type: ignore[no-any-return]

    def __getitem__(self, index: Any) -> Tensor:
        return self.record(RULES["getitem"], (self,), {"index": _plain_index(index)})  # type: ignore[no-any-return]

    @property
    def at(self) -> At:
        """`t.at[i].set(v)` and `t.at[i].add(v)`: a new tensor with entries replaced or added to."""
        return At(self, _plain_index)

    def __setitem__(self, index: Any, value: object) -> None:
        raise OperandError(
            f"a tensor on the graph is not written to: write t = t.at[{brief(index)}].set({brief(value)})"
            + (
                f" for a new one, or t.data[{brief(index)}] = … to change this leaf"
                if self.is_leaf
                else ""
            )
        )

    def detach(self) -> Tensor:
        """A copy as a constant, cut off from the graph."""
        if ACTIVE and (node := detached_in_program(self)) is not None:
            return node  # type: ignore[no-any-return]
        return Tensor(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        name = "" if self.name is None else f", name={pretty(self.name)!r}"
        grad = "" if self.grad is None else f", grad={_short(self.grad)}"
        flag = ", requires_grad=True" if self.is_leaf and self.requires_grad else ""
        return f"Tensor({_short(self._data)}{name}{flag}{grad})"

    # comparison compares numbers and gives a plain array of bools; graph algorithms use identity
    __eq__, __ne__ = _comparison("equal", operator.eq), _comparison("not_equal", operator.ne)
    __lt__, __le__ = _comparison("less", operator.lt), _comparison("less_equal", operator.le)
    __gt__, __ge__ = _comparison("greater", operator.gt), _comparison("greater_equal", operator.ge)

    __hash__ = Node.__hash__


def _compared(other: object) -> Any:
    """What a Tensor is compared with, as a number or an array."""
    refuse_masked(other)
    return plain(other)


def _unpacked(args: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(args[0]) if len(args) == 1 and isinstance(args[0], (tuple, list)) else args


def _plain_index(index: Any) -> Any:
    return tuple(_place(i) for i in index) if isinstance(index, tuple) else _place(index)


def _place(i: Any) -> Any:
    return read(i, "mask" if is_truth(i) else "index") if isinstance(i, Node) else i


def _short(array: Any) -> str:
    return np.array2string(
        np.asarray(array), precision=4, separator=", ", threshold=50, prefix="Tensor("
    )


for _rule in RULES.values():
    if _rule.is_elementwise and _rule.arity in (1, 2):
        _rule.quick[Tensor] = (unary if _rule.arity == 1 else binary)(_rule)

Tensor.results = Tensor
add_hints(Tensor)
