"""What a model is given: as many inputs as it declares, of their types and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.interop.onnx_reading.names import shown
from autograd_lite.interop.onnx_reading.tensors import dtype_named
from autograd_lite.interop.onnx_reading.values import Given, NDArray, dtype_of
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.rules.namespaces import plain


class Lengths:
    """The lengths that a model gives names to: "batch" is the same number wherever it stands."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, str]] = {}

    def check(self, declared: Any, shape: tuple[int, ...], what: str) -> None:
        """Check a shape against the one that is declared.

        Raises ShapeError when it is another one, or a named length is another than before.
        """
        if not declared.HasField("shape"):
            return
        dims = declared.shape.dim
        fixed = zip(dims, shape, strict=False)
        if len(dims) != len(shape) or any(
            d.HasField("dim_value") and d.dim_value != n for d, n in fixed
        ):
            raise ShapeError(f"{what} has shape {list(shape)}, and is declared with {_text(dims)}")
        for dim, n in zip(dims, shape, strict=True):
            if dim.dim_param:
                known, where = self._known.setdefault(dim.dim_param, (n, what))
                if known != n:
                    raise ShapeError(
                        f"{what} has shape {list(shape)}, declared with {_text(dims)}, and "
                        f"{shown(dim.dim_param)} was {known} in {where}"
                    )


def _text(dims: Any) -> str:
    names = (str(d.dim_value) if d.HasField("dim_value") else d.dim_param[:40] or "?" for d in dims)
    return f"[{', '.join(names)}]"[:200]


def tensor_type(declared: Any, what: str) -> Any:
    """The type that is declared for an input or output, which is one of an array.

    Raises OperandError for sequences, maps and optional values.
    """
    kind = declared.type.WhichOneof("value")
    if kind not in ("tensor_type", None):
        raise OperandError(f"{what} is a {kind.removesuffix('_type')}: arrays alone are read")
    return declared.type.tensor_type


def given_inputs(declared: Sequence[Any], given: Sequence[object], lengths: Lengths) -> list[Given]:
    """The inputs as leaves: Tensors of floating numbers, with the model's names; arrays of whole ones.

    Raises OperandError when there are too few or too many, or one is of another type, ShapeError when one
    is of another shape.
    """
    if len(given) != len(declared):
        names = ", ".join(shown(x.name) for x in declared[:12]) or "none"
        raise OperandError(
            f"the model takes {len(declared)} inputs ({names}), and {len(given)} are given"
        )
    found: list[Given] = []
    for formal, x in zip(declared, given, strict=True):
        what = f"the input {shown(formal.name)}"
        kind = tensor_type(formal, what)
        array = _as_array(x, _dtype_of(kind, what), what)
        lengths.check(kind, array.shape, what)
        found.append(leaf(array, formal.name))
    return found


def _dtype_of(kind: Any, what: str) -> np.dtype[Any]:
    try:
        return np.dtype(dtype_named(kind.elem_type))
    except OperandError as error:
        raise OperandError(f"{what}: {error}") from None


def leaf(array: NDArray, name: str) -> Given:
    """Floating numbers as a variable of this name; whole numbers and truth values as they are."""
    return Tensor(array, requires_grad=True, name=name) if array.dtype.kind == "f" else array


def _as_array(x: object, dtype: np.dtype[Any], what: str) -> NDArray:
    if isinstance(x, Node) and x.requires_grad:
        raise OperandError(
            f"{what}: {x.describe()} is part of a graph, and an imported graph has leaves of its own; "
            f"pass its numbers, x.numpy()"
        )
    refuse_masked(x)
    try:
        array: NDArray = np.array(plain(x))
    except (ValueError, MemoryError) as error:
        raise OperandError(f"{what} is no array, but {brief(x)}: {error}") from None
    fits = bool(array.dtype == dtype) if hasattr(x, "dtype") else _converts(array, dtype)
    if not fits:
        raise OperandError(
            f"{what} is declared as {dtype}, and {array.dtype} is given; write np.asarray(x, '{dtype}')"
        )
    return array.astype(dtype)


def _converts(array: NDArray, dtype: np.dtype[Any]) -> bool:
    """Whether Python's numbers may become numbers of this type: none is lost."""
    if array.dtype.kind not in "fiub":
        return False
    if array.dtype.kind == "b" or dtype.kind == "b":
        return bool(array.dtype == dtype)
    return dtype.kind == "f" or bool(np.array_equal(array.astype(dtype), array))


def declared_dtype_fits(kind: Any, y: Given) -> bool:
    """Whether an output is of the type that is declared for it."""
    return not kind.elem_type or bool(dtype_named(kind.elem_type) == str(dtype_of(y)))
