"""ATen's operators that move, join, cut and repeat entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.operator import Operators, refuse
from autograd_lite.operands import Array, Numbers
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of

Shape = Sequence[int]


def _expanded(x: Array, shape: Shape, *, implicit: bool = False) -> Any:
    """As broadcasting does; a length of -1 stays as it is."""
    own = (1,) * (len(shape) - len(shape_of(x))) + shape_of(x)
    wanted = tuple(k if n == -1 else n for n, k in zip(shape, own, strict=True))
    return x if wanted == shape_of(x) else f.broadcast_to(x, shape=wanted)


def _reshaped(x: Array, shape: Shape) -> Any:
    return x if tuple(shape) == shape_of(x) else f.reshape(x, tuple(shape))


def _squeezed(x: Array, dim: int | Shape | None = None) -> Any:
    """Without the axes of length 1, or those of them in `dim`."""
    shape = shape_of(x)
    dims = range(len(shape)) if dim is None else ([dim] if isinstance(dim, int) else dim)
    axes = tuple(d % len(shape) for d in dims if shape and shape[d] == 1)
    return f.squeeze(x, axis=axes) if axes else x


def _permuted(x: Array, dims: Shape) -> Any:
    axes = tuple(d % len(dims) for d in dims)
    return x if axes == tuple(range(len(dims))) else f.transpose(x, axes=axes)


def _swapped(x: Array, a: int, b: int) -> Any:
    return f.swapaxes(x, axis1=a, axis2=b) if shape_of(x) else x


def _turned(x: Array) -> Any:
    return f.transpose(x) if len(shape_of(x)) == 2 else x


def joined(parts: Sequence[Array], dim: int = 0) -> Any:
    """One after the other along an axis; torch leaves out what is one-dimensional and empty."""
    kept = [part for part in parts if shape_of(part) != (0,)]
    return f.concatenate(kept or list(parts), axis=dim)


def part_of(x: Array, dim: int, index: int | slice | Array) -> Any:
    """x[…, index, …] at the axis `dim`."""
    at: list[Any] = [slice(None)] * len(shape_of(x))
    at[dim] = index
    return f_getitem(x, tuple(at))


def f_getitem(x: Any, index: Any) -> Any:
    """x[index], of arrays and tensors."""
    return x[index]


def _pieces(x: Array, sizes: int | Shape, dim: int = 0) -> list[Any]:
    length = shape_of(x)[dim]
    if isinstance(sizes, int):
        sizes = [min(sizes, length - k) for k in range(0, length, sizes)] or [0]
    ends = np.cumsum(sizes)
    return [part_of(x, dim, slice(int(e - n), int(e))) for e, n in zip(ends, sizes, strict=True)]


def span(length: int, start: int | None, end: int | None, step: int) -> slice:
    """The slice that torch means: ends beyond the axis are its ends."""
    first, last, _ = slice(start, end).indices(length)
    return slice(first, max(first, last), step)


def _sliced(
    x: Array, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Any:
    length = shape_of(x)[dim]
    chosen = span(length, start, end, step)
    return x if chosen == slice(0, length, 1) else part_of(x, dim, chosen)


def _unbound(x: Array, dim: int = 0) -> list[Any]:
    return [part_of(x, dim, k) for k in range(shape_of(x)[dim])]


def _rolled(x: Array, shifts: Shape, dims: Shape = ()) -> Any:
    return f.roll(x, shift=tuple(shifts), axis=tuple(dims)) if dims else f.roll(x, shift=shifts[0])


def _repeated(x: Array, times: Shape) -> Any:
    return f.tile(x, reps=tuple(times))


def _widths(x: Array, padding: Shape) -> list[tuple[int, int]]:
    """How much each axis is padded on either side: in torch's list the last axis comes first."""
    pairs = [(padding[k], padding[k + 1]) for k in range(0, len(padding), 2)]
    return [(0, 0)] * (len(shape_of(x)) - len(pairs)) + pairs[::-1]


def _padded(x: Array, padding: Shape, value: float = 0.0) -> Any:
    """Padded by a number; where a width is negative, cut."""
    widths = _widths(x, padding)
    kept = tuple(
        slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(shape_of(x), widths, strict=True)
    )
    x = f_getitem(x, kept) if min(padding, default=0) < 0 else x
    wide = tuple((max(a, 0), max(b, 0)) for a, b in widths)
    return f.pad(x, pad_width=wide, constant_values=value) if np.any(wide) else x


def _diagonal(x: Numbers, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    return f.diagonal(x, offset, dim1, dim2)


def _unfolded(x: Array, dim: int, size: int, step: int) -> Any:
    """Every window of `size` entries along an axis, the windows' entries as the last axis."""
    if not shape_of(x):
        return f.reshape(x, (1,)) if size else f.reshape(x, (1,))[:0]
    starts = np.arange(0, shape_of(x)[dim] - size + 1, step)
    read = part_of(x, dim, starts[:, None] + np.arange(size))
    return f.moveaxis(read, dim % len(shape_of(x)) + 1, -1)


def _strided(x: Array, size: Shape, stride: Shape, storage_offset: int | None = None) -> Any:
    """The entries at these places of x written as one row."""
    place = np.full((), storage_offset or 0)
    for n, s in zip(size, stride, strict=True):
        place = place[..., None] + np.arange(n) * s
    return f_getitem(f.reshape(x, (-1,)), place)


def _viewed_as(x: Array, shape: Shape | str) -> Any:
    if isinstance(shape, (str, np.dtype)):
        raise refuse(
            "dtype", str(shape), "the bits of a number are not read as another's; use .to()"
        )
    return _reshaped(x, shape)


SHAPING: Final[Operators] = {
    "view": _viewed_as,
    "_unsafe_view": _reshaped,
    "reshape": _reshaped,
    "expand": _expanded,
    "squeeze": _squeezed,
    "unsqueeze": lambda x, dim: f.expand_dims(x, axis=dim),
    "permute": _permuted,
    "transpose": _swapped,
    "t": _turned,
    "cat": joined,
    "stack": lambda parts, dim=0: f.stack(list(parts), axis=dim),
    "split": _pieces,
    "split_with_sizes": _pieces,
    "unbind": _unbound,
    "select": part_of,
    "slice": _sliced,
    "flip": lambda x, dims: f.flip(x, axis=tuple(dims)) if dims else x,
    "roll": _rolled,
    "repeat": _repeated,
    "constant_pad_nd": _padded,
    "diagonal": _diagonal,
    "tril": lambda x, diagonal=0: f.tril(x, k=diagonal),
    "triu": lambda x, diagonal=0: f.triu(x, k=diagonal),
    "unfold": _unfolded,
    "as_strided": _strided,
    "numel": lambda x: plain(x).size,
}
