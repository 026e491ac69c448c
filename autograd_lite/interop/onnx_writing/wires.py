"""A model that is being drafted: its nodes in order, and the arrays that run between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autograd_lite.interop.onnx_writing.names import Names

NDArray = np.ndarray[Any, Any]
INT64 = np.dtype(np.int64)
BOOL = np.dtype(bool)


class Step(NamedTuple):
    """One node: what it is called, its operator, what it reads and writes by name, its attributes."""

    name: str
    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]


@dataclass(eq=False)
class Draft:
    """Nodes in order, and constants by name; what is noted now is called after `topic`.

    titles  by name of a result: the variable that it is

    >>> draft = Draft()
    >>> x = draft.input("x", np.dtype(float), (2,))
    >>> y = draft.node("Exp", x, like=x)
    >>> y.name, draft.steps[0].operator
    ('exp', 'Exp')
    """

    steps: list[Step] = field(default_factory=list)
    constants: dict[str, NDArray] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    topic: str = ""
    titles: dict[str, str] = field(default_factory=dict)

    def input(self, name: str, dtype: Any, shape: tuple[int, ...]) -> Wire:
        """An array that is there before the first node."""
        return Wire(self, self.names.new(name), np.dtype(dtype), shape)

    def constant(self, array: Any, dtype: Any = None) -> Wire:
        """An array of numbers that are known; what is one number all over takes the memory of one."""
        x = np.array(array, dtype, order="C")  # a copy: its owner may write into it
        if x.size > 1 and x.dtype.kind in "fb" and (x == x.flat[0]).all():
            one, shape = self.number(x.flat[0], x.dtype), self.fixed(np.array(x.shape))
            return self.node("Expand", one, shape, dtype=x.dtype, shape=x.shape)
        if x.dtype.kind == "i" and x.size > 1 and np.array_equal(x.ravel(), np.arange(x.size)):
            return self._range(x)
        return self.fixed(x)

    def fixed(self, x: NDArray) -> Wire:
        """Numbers that are written out: a shape, axes, a table."""
        name = self.names.new("constant")
        self.constants[name] = x
        return Wire(self, name, x.dtype, x.shape)

    def _range(self, x: NDArray) -> Wire:
        """0, 1, …: as long as it has to be where its length is that of a batch."""
        ends = (self.number(k, x.dtype) for k in (0, x.size, 1))
        row = self.node("Range", *ends, dtype=x.dtype, shape=(x.size,))
        if x.ndim == 1:
            return row
        shape = self.fixed(np.array(x.shape))
        return self.node("Reshape", row, shape, dtype=x.dtype, shape=x.shape)

    def write(self, name: str, x: Wire) -> None:
        """The array x as an output of the model."""
        self.steps.append(Step(name, "Identity", (x.name,), (name,), {}))

    def number(self, x: Any, dtype: Any) -> Wire:
        """One number without axes."""
        return self.fixed(np.array(x, dtype).reshape(()))

    def node(
        self,
        operator: str,
        *inputs: Wire | None,
        like: Wire | None = None,
        dtype: Any = None,
        shape: tuple[int, ...] | None = None,
        **attributes: Any,
    ) -> Wire:
        """A node with one result, of this dtype and shape or those of `like`; None for an input left out."""
        if like is not None:
            dtype, shape = dtype or like.dtype, like.shape if shape is None else shape
        return self.nodes(operator, inputs, [(dtype, shape or ())], **attributes)[0]

    def nodes(
        self,
        operator: str,
        inputs: tuple[Wire | None, ...],
        results: list[tuple[Any, tuple[int, ...]]],
        **attributes: Any,
    ) -> list[Wire]:
        """A node with several results, of these dtypes and shapes."""
        name = self.names.new("/".join(part for part in (self.topic, operator.lower()) if part))
        outputs = [name] + [self.names.new(f"{name}_{k}") for k in range(1, len(results))]
        read = tuple("" if x is None else x.name for x in inputs)
        self.steps.append(Step(name, operator, read, tuple(outputs), attributes))
        pairs = zip(outputs, results, strict=True)
        return [Wire(self, out, np.dtype(dtype), tuple(shape)) for out, (dtype, shape) in pairs]


@dataclass(frozen=True, eq=False)
class Wire:
    """An array in a draft: its name, dtype and shape. Operators are nodes, as in x * 2.0 + 1.0."""

    draft: Draft
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=int))

    def __add__(self, other: Any) -> Wire:
        return joined("Add", self, other)

    def __radd__(self, other: Any) -> Wire:
        return joined("Add", other, self)

    def __sub__(self, other: Any) -> Wire:
        return joined("Sub", self, other)

    def __rsub__(self, other: Any) -> Wire:
        return joined("Sub", other, self)

    def __mul__(self, other: Any) -> Wire:
        return joined("Mul", self, other)

    def __rmul__(self, other: Any) -> Wire:
        return joined("Mul", other, self)

    def __truediv__(self, other: Any) -> Wire:
        return joined("Div", self, other)

    def __rtruediv__(self, other: Any) -> Wire:
        return joined("Div", other, self)

    def __neg__(self) -> Wire:
        return self.draft.node("Neg", self, like=self)

    def __lt__(self, other: Any) -> Wire:
        return joined("Less", self, other, dtype=BOOL)

    def __gt__(self, other: Any) -> Wire:
        return joined("Greater", self, other, dtype=BOOL)

    def __le__(self, other: Any) -> Wire:
        return joined("LessOrEqual", self, other, dtype=BOOL)

    def __ge__(self, other: Any) -> Wire:
        return joined("GreaterOrEqual", self, other, dtype=BOOL)

    def __and__(self, other: Any) -> Wire:
        return joined("And", self, other)

    def __or__(self, other: Any) -> Wire:
        return joined("Or", self, other)

    def __xor__(self, other: Any) -> Wire:
        return joined("Xor", self, other)

    def __invert__(self) -> Wire:
        return self.draft.node("Not", self, like=self)


def joined(operator: str, a: Any, b: Any, dtype: Any = None) -> Wire:
    """A node of two operands, one of which may be a number or an array, with NumPy's broadcasting."""
    draft: Draft = (a, b)[not isinstance(a, Wire)].draft
    kind = common_dtype(a, b)
    x, y = as_wire(draft, a, kind), as_wire(draft, b, kind)
    shape = np.broadcast_shapes(x.shape, y.shape)
    return draft.node(operator, x, y, dtype=dtype or kind, shape=shape)


def common_dtype(*xs: Any) -> np.dtype[Any]:
    """What NumPy computes in: a Python number gives way to an array."""
    kinds = [x.dtype if hasattr(x, "dtype") else x for x in xs]
    return np.result_type(*kinds)


def as_wire(draft: Draft, x: Any, dtype: Any = None) -> Wire:
    """An array of the draft, in a dtype if one is given; a number or array becomes a constant."""
    if not isinstance(x, Wire):
        return draft.constant(x, dtype)
    return x if dtype is None or x.dtype == dtype else cast(x, dtype)


def cast(x: Wire, dtype: Any) -> Wire:
    """The same numbers as another dtype."""
    from_name = str(np.dtype(dtype))
    return x.draft.node("Cast", x, dtype=dtype, shape=x.shape, to=from_name)
