"""Convolutions and their transposes, with any number of axes and padding of its own on each side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.budget import Budget
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.operators.windows import (
    Spacing,
    given_pads,
    per_axis,
    placed,
    refuse_both,
    window,
)
from autograd_lite.interop.onnx_reading.values import Given, room_for
from autograd_lite.rules.convolution import conv, conv_by_input
from autograd_lite.rules.windows import windows_from, windows_over


def _convolved(
    x: Given,
    w: Given,
    b: Given | None = None,
    *,
    group: int = 1,
    kernel_shape: Sequence[int] | None = None,
    budget: Budget,
    **spacing: Any,
) -> Any:
    _check(x, w, group, kernel_shape, x.shape[1:2] == (w.shape[1] * group if w.ndim > 1 else 0,))
    at = placed(x.shape[2:], w.shape[2:], Spacing(**spacing))
    room_for((len(x), *at.count, w.shape[0]))
    room_for((len(x), *at.count, *w.shape[2:], x.shape[1]))
    budget.multiply((len(x), *at.count, w.size), x)
    padding = at.before
    if not at.is_symmetric:
        x, padding = around(x, at.before, at.behind, 0.0), (0,) * len(at.size)
    on: dict[str, Any] = {"stride": at.stride, "padding": padding, "dilation": at.dilation}
    return _with_bias(_conv(x, w, group, on), b)


def around(x: Given, before: Sequence[int], behind: Sequence[int], fill: float) -> Any:
    """An image (N, C, …) with entries in front of and behind each axis of the image."""
    pairs = ((0, 0), (0, 0), *zip(before, behind, strict=True))
    room_for([n + sum(pair) for n, pair in zip(x.shape, pairs, strict=True)])
    return f.pad(x, tuple(pairs), constant_values=fill) if any(map(any, pairs)) else x


def _conv(x: Given, w: Given, groups: int, on: dict[str, Any]) -> Any:
    known = {3: f.conv1d, 4: f.conv2d}.get(x.ndim)
    if known is not None:
        return known(x, w, groups=groups, **on)
    return conv(x, w, windows=windows_over(x.shape[2:], w.shape[2:], **on), groups=groups)


def _check(
    x: Given, w: Given, group: int, kernel_shape: Sequence[int] | None, channels_fit: bool
) -> None:
    if x.ndim < 3 or w.ndim != x.ndim:
        raise OperandError(
            f"X {list(x.shape)} has axes (N, C, …), and W {list(w.shape)} as many as X"
        )
    if kernel_shape is not None and tuple(kernel_shape) != w.shape[2:]:
        raise OperandError(f"kernel_shape {list(kernel_shape)} is not that of W {list(w.shape)}")
    if group < 1 or not channels_fit or w.shape[0] % group or 0 in w.shape:
        raise OperandError(f"{x.shape[1]} channels do not fit W {list(w.shape)} with group={group}")


def _with_bias(y: Any, b: Given | None) -> Any:
    if b is None:
        return y
    if b.shape != y.shape[1:2]:
        raise OperandError(f"B {list(b.shape)} has one number for each of {y.shape[1]} channels")
    return y + b.reshape((-1,) + (1,) * (y.ndim - 2))


def _transposed(  # noqa: PLR0913 - ONNX's inputs and attributes
    x: Given,
    w: Given,
    b: Given | None = None,
    *,
    group: int = 1,
    kernel_shape: Sequence[int] | None = None,
    output_padding: Sequence[int] | None = None,
    output_shape: Sequence[int] | None = None,
    budget: Budget,
    **spacing: Any,
) -> Any:
    _check(x, w, group, kernel_shape, x.shape[1:2] == w.shape[:1])
    given, n = Spacing(**spacing), x.ndim - 2
    more = per_axis(output_padding or (0,) * n, n, "output_padding", 0)
    stride, dilation = given.steps(n)
    lengths = zip(x.shape[2:], window(w.shape[2:]), stride, dilation, strict=True)
    spans = [(h - 1) * s + d * (k - 1) + 1 for h, k, s, d in lengths]
    wanted = [h * s for h, s in zip(x.shape[2:], stride, strict=True)]
    if output_shape is not None:
        wanted = list(per_axis(tuple(output_shape)[-n:], n, "output_shape"))
    is_padded = output_shape is None and given.auto_pad in ("NOTSET", "VALID")
    before, behind = _cut_off(spans, more, given, None if is_padded else wanted)
    room_for((len(x), w.shape[1] * group, *spans))
    room_for((len(x), *x.shape[2:], *w.shape[2:], w.shape[1] * group))
    budget.multiply((*x.shape, *w.shape[1:]), x)
    y = _whole_transpose(x, w, group, {"stride": stride, "dilation": dilation})
    return _with_bias(_trimmed(y, before, [m - e for m, e in zip(more, behind, strict=True)]), b)


def _whole_transpose(x: Given, w: Given, groups: int, on: dict[str, Any]) -> Any:
    known = {3: f.conv_transpose1d, 4: f.conv_transpose2d}.get(x.ndim)
    if known is not None:
        return known(x, w, groups=groups, **on)
    return conv_by_input(x, w, windows=windows_from(x.shape[2:], w.shape[2:], **on), groups=groups)


def _trimmed(y: Any, before: Sequence[int], change: Sequence[int]) -> Any:
    """The result without what padding cuts off; what it is made longer by is 0."""
    behind = [max(0, c) for c in change]
    if any(behind):
        y = around(y, (0,) * len(behind), behind, 0.0)
    index = tuple(slice(b, min(0, c) or None) for b, c in zip(before, change, strict=True))
    return y if index == (slice(0, None),) * len(index) else y[(slice(None),) * 2 + index]


def _cut_off(
    spans: Sequence[int], more: Sequence[int], given: Spacing, wanted: Sequence[int] | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many entries are cut off in front and behind: by padding, or up to the lengths that are wanted."""
    if wanted is None:
        before, behind = given_pads(given.auto_pad, given.pads, len(spans))
    else:
        refuse_both(given.pads)
        total = [x + m - k for x, m, k in zip(spans, more, wanted, strict=True)]
        before, behind = _halved(total, given.auto_pad == "SAME_UPPER")
    lengths = [x + m - b - e for x, m, b, e in zip(spans, more, before, behind, strict=True)]
    if min(lengths) < 1 or min(before) < 0:
        raise OperandError(f"the output would have the lengths {lengths}")
    return before, behind


def _halved(total: Sequence[int], upper: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """So many entries shared between front and end; an odd one is the end's where `upper` says so."""
    before = tuple(max(0, t) // 2 if upper else max(0, t) - max(0, t) // 2 for t in total)
    return before, tuple(t - b for t, b in zip(total, before, strict=True))


OPERATORS: Table = {"Conv": _convolved, "ConvTranspose": _transposed}
