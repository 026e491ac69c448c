"""Arrays made larger or smaller at their borders."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    axes_of,
    dtype_of,
    moves,
    room_for,
    whole,
)
from autograd_lite.rules.namespaces import plain

_MODES: Final = {"constant": "constant", "edge": "edge", "reflect": "reflect", "wrap": "wrap"}


def padded(
    x: Given,
    pads: Given,
    value: Given | None = None,
    axes: Given | None = None,
    *,
    mode: str = "constant",
) -> Any:
    """Entries added in front of and behind axes; a negative number of them is cut off."""
    if mode not in _MODES:
        raise OperandError(f"mode {mode!r} is none of {', '.join(_MODES)}")
    before, behind = _widths(whole(pads, "pads"), axes_of(axes, x.ndim), x.ndim)
    room_for([n + b + e for n, b, e in zip(x.shape, before, behind, strict=True)])
    if min(*before, *behind, 0) < 0:
        x = _cut(x, before, behind)
    pairs = tuple((max(0, b), max(0, e)) for b, e in zip(before, behind, strict=True))
    return _widened(x, pairs, value, mode)


def _widths(
    widths: tuple[int, ...], along: tuple[int, ...], ndim: int
) -> tuple[list[int], list[int]]:
    """How many entries are added in front of each axis, and behind it."""
    if len(widths) != 2 * len(along):
        raise OperandError(f"{len(widths)} pads do not fit {len(along)} axes")
    before, behind = [0] * ndim, [0] * ndim
    for k, axis in enumerate(along):
        before[axis], behind[axis] = widths[k], widths[k + len(along)]
    return before, behind


def _cut(x: Given, before: list[int], behind: list[int]) -> Any:
    """Without the entries that a negative number of them cuts off."""
    ends = zip(x.shape, before, behind, strict=True)
    return x[tuple(slice(max(0, -b), n + e if e < 0 else None) for n, b, e in ends)]


def _widened(x: Given, pairs: Any, value: Given | None, mode: str) -> Any:
    if mode != "constant":
        return (f if moves(x) else np).pad(x, pairs, mode=mode)
    if not moves(x, value):
        fill = 0 if value is None else plain(value).reshape(())
        return np.pad(x, pairs, constant_values=fill)
    fixed = 0.0 if value is None or moves(value) else plain(value).item()
    y = f.pad(x, pairs, constant_values=fixed)
    if value is None or not moves(value):
        return y
    added = np.pad(np.zeros(x.shape, bool), pairs, constant_values=True)
    return f.where(added, value.reshape(()), y)


def _padded_by_attribute(x: Given, *, pads: Any, mode: str = "constant", value: float = 0.0) -> Any:
    return padded(x, np.array(pads, int), np.array(value, dtype_of(x)), mode=mode)


OPERATORS: Table = {"Pad": {2: _padded_by_attribute, 11: padded}}
