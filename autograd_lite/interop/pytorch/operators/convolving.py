"""ATen's one operator for convolutions of one, two and three axes, transposed or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.operands import Array
from autograd_lite.rules.convolution import conv, conv_by_input
from autograd_lite.rules.shape import shape_of
from autograd_lite.rules.windows import windows_from, windows_over

Lengths = Sequence[int]
_STRAIGHT: Final = {1: f.conv1d, 2: f.conv2d}
_TRANSPOSED: Final = {1: f.conv_transpose1d, 2: f.conv_transpose2d}


def _convolved(  # noqa: PLR0913, PLR0917 - torch's parameters
    x: Array, w: Array, b: Array | None, stride: Lengths, padding: Lengths, dilation: Lengths,
    transposed: bool, output_padding: Lengths, groups: int,
) -> Any:  # fmt: skip
    n = len(shape_of(w)) - 2
    single = len(shape_of(x)) == n + 1
    x = f.expand_dims(x, axis=0) if single else x
    spacing = {
        name: _per_axis(given, n)
        for name, given in (("stride", stride), ("padding", padding), ("dilation", dilation))
    }
    if transposed:
        y = _spread(x, w, _per_axis(output_padding, n), groups, spacing)
    else:
        y = _placed(x, w, groups, spacing)
    y = y if b is None else f.add(y, f.reshape(b, (-1,) + (1,) * n))
    return f.squeeze(y, axis=0) if single else y


def _per_axis(given: Lengths, n: int) -> tuple[int, ...]:
    return tuple(given) * n if len(given) == 1 else tuple(given)


def _placed(x: Array, w: Array, groups: int, spacing: dict[str, tuple[int, ...]]) -> Any:
    n = len(shape_of(w)) - 2
    if n in _STRAIGHT:
        return _STRAIGHT[n](x, w, groups=groups, **spacing)
    return conv(
        x, w, windows=windows_over(shape_of(x)[2:], shape_of(w)[2:], **spacing), groups=groups
    )


def _spread(
    x: Array, w: Array, more: Lengths, groups: int, spacing: dict[str, tuple[int, ...]]
) -> Any:
    n = len(shape_of(w)) - 2
    if n in _TRANSPOSED:
        return _TRANSPOSED[n](x, w, output_padding=more, groups=groups, **spacing)
    windows = windows_from(shape_of(x)[2:], shape_of(w)[2:], output_padding=more, **spacing)
    return conv_by_input(x, w, windows=windows, groups=groups)


CONVOLVING: Final[Operators] = {"convolution": _convolved}
