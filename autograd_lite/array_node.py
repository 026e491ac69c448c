"""An array on the graph: how it is kept, what is recorded of it, and how a change of it is noticed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np

from autograd_lite.arguments import as_flag
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.modes import ACTIVE, apply_modes
from autograd_lite.node import Node, next_number
from autograd_lite.node_methods import NodeMethods
from autograd_lite.not_arrays import refuse_masked, refuse_nodes_in
from autograd_lite.origins import origins_of
from autograd_lite.record import Record
from autograd_lite.rules.failures import project_error
from autograd_lite.rules.leaves import constant, variable
from autograd_lite.rules.namespaces import arrays, plain
from autograd_lite.watches import note, note_all, refuse_writing
from autograd_lite.ways_out import refuse_as_array
from autograd_lite.written import INTO_LEAF, detached, write_by

_new: Final = object.__new__
NO_STATIC: Final[Mapping[str, Any]] = {}
NDArray: TypeAlias = np.ndarray[Any, Any]
# glibc then keeps freed memory for the next step instead of fetching it anew: half of a small network's time
# (nearly 32 MB, the largest array by which it learns: then up to 64 MB stay)
np.empty((1 << 22) - 1024)

FLOATING: Final = (np.dtype(np.float64), np.dtype(np.float32))


def result(kind: type[ArrayNode], rule: Record, data: object, left: Any, right: Any = None) -> Any:
    """The node of class `kind` that a rule of one or two operands makes."""
    node = _new(kind)
    node._data = data if type(data) is np.ndarray else np.asarray(data)
    node.rule = rule
    node.left, node.right, node.rest = left, right, ()
    node.static = NO_STATIC
    node.number = next_number()
    node._name = node.scope = node._grad = node._watched_hash = None
    if ACTIVE:
        apply_modes(node, constant)
    return node


class ArrayNode(NodeMethods):
    """What a Tensor is without operators and methods.

    static   the parameters of its operation that are no operands
    results  the class of what operations give: Tensor, also where an operand is of a subclass
    """

    __slots__ = ("_watched_hash", "static")

    static: Mapping[str, Any]
    _watched_hash: int | None
    results: ClassVar[type[ArrayNode]]

    refuses_while_recording = True

    def __init__(
        self, data: object, requires_grad: bool = False, name: str | None = None, dtype: Any = None
    ) -> None:
        if isinstance(data, Node) and data.requires_grad:
            raise OperandError(
                f"Tensor({data.describe()}) would cut the graph: write t.detach() for a constant copy"
            )
        self._data = _as_array(data, dtype)
        self.rule = variable if as_flag(requires_grad) else constant
        self.operands = ()
        self.static = NO_STATIC
        self.number = next_number()
        self.scope = self._grad = self._watched_hash = None
        self.named(name)

    @classmethod
    def record(cls, rule: Record, operands: tuple[Any, ...], static: dict[str, Any]) -> Any:
        """Apply a rule to Tensors, arrays and numbers, and note it on the graph."""
        xs: list[Any] = []
        recorded = own = False
        for x in operands:
            if isinstance(x, ArrayNode):
                if x._watched_hash is not None:
                    x.renew_if_written()
                if x.rule is not constant:
                    recorded = True
                xs.append(x._data)
            elif type(x) is float or type(x) is int:
                xs.append(x)
            else:
                own = True
                xs.append(_as_constant(rule, x))
        try:
            data = rule.value(arrays, *xs, **static)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            raise _refusal(rule, operands, static, error) from error
        if own:
            operands = tuple(
                x if isinstance(x, Node) else kept for x, kept in zip(operands, xs, strict=True)
            )
        node = result(cls.results, rule if recorded else constant, data, None)
        if node.rule is rule:
            node.operands, node.static = operands, _kept(static)
        else:
            if recorded and ACTIVE:  # under no_grad
                note_all(operands, "no_grad")
            node._data = _unshared(node._data, xs)
            node.rest = (
                () if recorded else origins_of([x for x in operands if isinstance(x, ArrayNode)])
            )
        return node

    @property
    def data(self) -> NDArray:
        """The array; a leaf's may be changed (what was computed from it is then stale), others not."""
        if ACTIVE:
            note(self, "data")
        if self.operands:
            return _read_only(self._data)
        # whoever holds this array can write to it unseen: from now on its contents are compared
        self.renew_if_written()
        if self._watched_hash is None:
            self._watched_hash = _fingerprint(self._data)
        return self._data  # type: ignore[no-any-return]

    @data.setter
    def data(self, data: object) -> None:
        if self.operands:
            raise OperandError(
                f"{self.describe()} is computed; set a leaf's data and call Tape(y).evaluate(), "
                f"or make a new Tensor"
            )
        if ACTIVE:
            refuse_writing(self)
        array = (
            data
            if isinstance(data, np.ndarray) and data is self._data
            else _as_array(detached(data, INTO_LEAF), self.dtype)
        )
        if array.shape != self.shape:
            raise ShapeError(
                f"{self.describe()} has shape {self.shape}, and the new data {array.shape}"
            )
        self._data, self.rest = array, ()
        self._watched_hash = None if self._watched_hash is None else _fingerprint(array)
        self.number = next_number()

    def update_(self, change: Callable[[NDArray], object]) -> None:
        """Let `change` write to this leaf's array in place; what was computed from it is then stale.

        An optimiser's way: nothing is copied or compared.

        >>> from autograd_lite import Tensor
        >>> w = Tensor([1.0, 2.0], requires_grad=True)
        >>> w.update_(lambda array: np.subtract(array, 0.5, out=array))
        >>> w
        Tensor([0.5, 1.5], requires_grad=True)

        Raises OperandError when this tensor is computed, `change` is no function, or returned its result
        unwritten.
        """
        if self.operands:
            raise OperandError(f"{self.describe()} is computed; only a leaf's array is written to")
        if ACTIVE:
            refuse_writing(self)
        try:
            write_by(change, self._data)
        finally:  # also after an interruption half-way
            self._watched_hash = None if self._watched_hash is None else _fingerprint(self._data)
            self.number = next_number()

    def overwrite(self, result: ArrayNode) -> None:
        if result.shape != self.shape:
            raise ShapeError(
                f"{self.describe()} has shape {self.shape}, and what would be written into it "
                f"{result.shape}: write w = … for a new tensor"
            )
        self.update_(lambda array: np.copyto(array, result._data, casting="same_kind"))

    def renew_if_written(self) -> None:
        if self._watched_hash is None:
            return
        now = _fingerprint(self._data)
        if now != self._watched_hash:
            self.number = next_number()
        # held by this tensor alone (slot and argument make 2), nobody can write to it unseen any more
        self._watched_hash = now if sys.getrefcount(self._data) > 2 else None

    shape = property(lambda self: self._data.shape, doc="The lengths of the axes.")
    dtype = property(lambda self: self._data.dtype, doc="float64 or float32.")
    ndim = property(lambda self: self._data.ndim, doc="The number of axes.")
    size = property(lambda self: self._data.size, doc="The number of entries.")

    def item(self) -> float:
        """The number of a tensor with one entry, as a Python float."""
        if ACTIVE:
            note(self, "item")
        return float(self._data.item())

    def numpy(self) -> NDArray:
        """The array, read-only: `t.detach()` gives a copy to work with."""
        if ACTIVE:
            note(self, "numpy")
        return _read_only(self._data)

    value = Node.value.getter(numpy)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        refuse_as_array(self)
        return np.array(self._data, dtype) if copy or dtype is not None else self.numpy()

    def __bool__(self) -> bool:
        if ACTIVE:
            note(self, "bool")
        return bool(self._data)

    def __format__(self, spec: str) -> str:
        return format(self._data.item(), spec) if spec else repr(self)


def _read_only(array: NDArray) -> NDArray:
    view: NDArray = array.view()
    view.flags.writeable = False
    return view


def _as_array(data: object, dtype: Any = None) -> NDArray:
    """A copy of `data` as a float array; what is not float becomes float64."""
    if isinstance(data, (str, bytes)) or data is None:
        raise OperandError(f"a Tensor holds real numbers, not {brief(data)}")
    refuse_nodes_in(data)
    try:
        array = np.array(plain(data), copy=True)
        if array.dtype.kind not in "fiub":
            raise TypeError(f"its dtype is {array.dtype}")
        wanted = np.dtype(dtype) if dtype is not None else array.dtype
        if dtype is not None and wanted not in FLOATING:
            raise TypeError(
                f"dtype {wanted} has no derivatives here; write dtype='float64' or 'float32'"
            )
        return array.astype(wanted if wanted in FLOATING else np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise OperandError(
            f"a Tensor holds real numbers in a regular array, not this data: {error}"
        ) from None


def _refusal(rule: Record, operands: tuple[Any, ...], static: Any, error: Exception) -> Exception:
    if isinstance(error, OverflowError):
        return OperandError(f"{rule.name}: an operand is too large for a float ({error})")
    return project_error(rule, operands, static, error)


def _as_constant(rule: Record, x: object) -> Any:
    """A private copy of a constant operand, so that nobody can change it behind the graph's back."""
    if isinstance(x, np.float64 | np.float32 | np.integer | np.bool_ | bool):
        return x
    if isinstance(x, Node):
        raise OperandError(
            f"{rule.name}: a {type(x).__name__} does not mix with a Tensor; "
            f"write Tensor(data, requires_grad=True)"
        )
    refuse_nodes_in(x)
    try:
        array = np.array(x)
    except ValueError as error:
        raise OperandError(
            f"{rule.name} takes numbers and regular arrays, not {x!r:.60}: {error}"
        ) from None
    if array.dtype.kind not in "fiub":
        raise OperandError(
            f"{rule.name} takes numbers and arrays, not {type(x).__name__} {x!r:.60}"
        )
    return array if array.dtype.kind != "f" or array.dtype in FLOATING else array.astype(np.float64)


def _unshared(data: NDArray, xs: list[Any]) -> NDArray:
    """A constant's array, copied where it is a view: whoever writes to the operand would change it unseen."""
    arrays_in = (x for x in xs if type(x) is np.ndarray)
    return data.copy() if any(np.may_share_memory(data, x) for x in arrays_in) else data


def _kept(option: Any) -> Any:
    """Static parameters as private copies: an index array may be written to later."""
    if isinstance(option, dict):
        return {key: _kept(value) for key, value in option.items()}
    if isinstance(option, (list, tuple)) and not hasattr(option, "_fields"):
        return type(option)(map(_kept, option))
    if not isinstance(option, np.ndarray):
        return option
    refuse_masked(option)
    return option.copy()


def _fingerprint(array: NDArray) -> int:
    return hash(array.tobytes())
