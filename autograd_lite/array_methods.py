"""What one writes with a Tensor: operators, methods under NumPy's names, indexing, comparisons.

Each is a rule or function of this project under another spelling; none is defined here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from autograd_lite import functions
from autograd_lite.modes import ACTIVE, settle
from autograd_lite.node import Node, next_number
from autograd_lite.rules import RULES
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import arrays, plain
from autograd_lite.rules.rule import Rule
from autograd_lite.ways_out import refuse_masked

if TYPE_CHECKING:
    from autograd_lite._tensor import Tensor

_new: Final = object.__new__
NO_STATIC: Final[Mapping[str, Any]] = {}


def result(kind: type[ArrayMethods], rule: Rule, data: Any, left: Any, right: Any = None) -> Any:
    """The node of class `kind` that a rule of one or two operands makes."""
    node = _new(kind)
    node._data = data if type(data) is np.ndarray else np.asarray(data)
    node.rule = rule
    node.left, node.right, node.rest = left, right, ()
    node.static = NO_STATIC
    node.number = next_number()
    node._name = node.scope = node._grad = node._print = None
    if ACTIVE:
        settle(node, constant)
    return node


def unary(rule: Rule) -> Callable[[Any], Tensor]:
    """An elementwise rule of one operand as a method, the short way where there is one."""
    fast = getattr(arrays, rule.name)

    def method(self: ArrayMethods) -> Any:
        if self.rule is constant or self._print is not None:
            return self.record(rule, (self,), {})
        return result(self.results, rule, fast(self._data), self)

    return method


def binary(rule: Rule) -> Callable[[Any, Any], Tensor]:
    """An elementwise rule of two operands as a method, the short way where there is one."""
    fast = getattr(arrays, rule.name)

    def method(self: ArrayMethods, other: Any) -> Any:
        if self.rule is constant or self._print is not None:
            return self.record(rule, (self, other), {})
        kind = self.results
        try:
            if type(other) is kind and other._print is None:
                return result(kind, rule, fast(self._data, other._data), self, other)
            if type(other) is float or type(other) is int:
                return result(kind, rule, fast(self._data, other), self, other)
        except (ValueError, TypeError, OverflowError):
            pass  # shapes that do not fit, too large a number: `record` explains
        return self.record(rule, (self, other), {})

    return method


def _operator(name: str) -> Callable[[Any, Any], Tensor]:
    return binary(RULES[name])


def _reflected(name: str) -> Callable[[Any, Any], Tensor]:
    rule = RULES[name]

    def method(self: ArrayMethods, other: Any) -> Any:
        return self.record(rule, (other, self), {})

    return method


def _method(name: str) -> Callable[..., Tensor]:
    function = getattr(functions, name)

    def method(self: ArrayMethods, *args: Any, **options: Any) -> Any:
        return function(self, *args, **options)

    method.__name__ = name
    method.__doc__ = f"`{name}` of this tensor; see the function `{name}`."
    return method


def _methods(names: str) -> Iterator[Callable[..., Tensor]]:
    return map(_method, names.split())


class ArrayMethods(Node):
    """The operators and methods of a Tensor."""

    __slots__ = ("_print", "static")

    static: Mapping[str, Any]
    _print: int | None
    results: ClassVar[type[ArrayMethods]]
    """The class of what operations give: Tensor, also where an operand is of a subclass."""

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
    take, repeat, copy, astype = _methods("take repeat copy astype")
    ravel, flatten, squeeze, swapaxes, expand_dims = _methods(
        "ravel ravel squeeze swapaxes expand_dims"
    )

    def __divmod__(self, other: Any) -> Any:
        return functions.divmod(self, other)

    def __rdivmod__(self, other: Any) -> Any:
        return functions.divmod(other, self)

    def all(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Whether no entry is 0, along axes: plain truth values."""
        return np.all(self._data, axis=axis, keepdims=keepdims)

    def any(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Whether some entry is not 0, along axes: plain truth values."""
        return np.any(self._data, axis=axis, keepdims=keepdims)

    def nonzero(self) -> Any:
        """The places of the entries that are not 0, one array of plain integers for each axis."""
        return np.nonzero(self._data)

    @property
    def mT(self) -> Tensor:
        """The matrices transposed: the last two axes exchanged."""
        return functions.matrix_transpose(self)  # type: ignore[no-any-return]

    @property
    def T(self) -> Tensor:
        """The transpose: all axes reversed."""
        return RULES["transpose"](self)  # type: ignore[no-any-return]

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

    # comparison compares numbers and gives a plain array of bools; graph algorithms use identity
    def __eq__(self, other: object) -> Any:
        return self._data == _compared(other)

    def __ne__(self, other: object) -> Any:
        return self._data != _compared(other)

    def __lt__(self, other: Any) -> Any:
        return self._data < _compared(other)

    def __le__(self, other: Any) -> Any:
        return self._data <= _compared(other)

    def __gt__(self, other: Any) -> Any:
        return self._data > _compared(other)

    def __ge__(self, other: Any) -> Any:
        return self._data >= _compared(other)

    __hash__ = Node.__hash__


def _compared(other: Any) -> Any:
    """What a Tensor is compared with, as a number or an array."""
    refuse_masked(other)
    return plain(other)


def _unpacked(args: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(args[0]) if len(args) == 1 and isinstance(args[0], (tuple, list)) else args


def _plain_index(index: Any) -> Any:
    return tuple(map(plain, index)) if isinstance(index, tuple) else plain(index)
