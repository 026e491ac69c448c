"""Convolution as neural networks use it: cross-correlation, its transpose, their derivatives.

All are derivatives of one number T, linear in the image x, the weight w and the output's adjoint g:

    T(x, w, g) = Σ g[j]·w[k]·x[j·S - P + D·k]     over batch, channels, places j and offsets k

    conv            ∂T/∂g    the output for x and w
    conv_by_input   ∂T/∂x    for g and w: the gradient by the image, the transposed convolution
    conv_by_weight  ∂T/∂w    for x and g: the gradient by the weight

so each rule's derivatives are the other two. Shapes and parameters are PyTorch's: x (N, C, …),
w (O, C/groups, …), g (N, O, …), with one or two axes in place of the dots.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.operands import Array, PerAxis
from autograd_lite.record import Malrule
from autograd_lite.rules.convolution_rows import (
    image_of,
    image_rows,
    patches_of,
    turned,
    weight_columns,
    weight_of,
    weight_rows,
    window_rows,
)
from autograd_lite.rules.namespaces import Namespace
from autograd_lite.rules.rule import linear, operation
from autograd_lite.rules.shape import shape_of
from autograd_lite.rules.windows import (
    Windows,
    folded,
    windows_from,
    windows_over,
)


@operation(
    [
        lambda xp, g, y, x, w, **on: xp.conv_by_input(g, w, **on),
        lambda xp, g, y, x, w, **on: xp.conv_by_weight(x, g, **on),
    ],
    [
        lambda xp, t, y, x, w, **on: xp.conv(t, w, **on),
        lambda xp, t, y, x, w, **on: xp.conv(x, t, **on),
    ],
)
def conv(xp: Namespace, x: Array, w: Array, *, windows: Windows, groups: int) -> Any:
    """Windows of the image times the weight: y[j] = Σₖ w[k]·x[j·S - P + D·k], x and w given.

    >>> conv([[[1.0, 2.0, 4.0]]], [[[1.0, 1.0]]], windows_over((3,), 2), 1)
    array([[[3., 6.]]])
    """
    y = window_rows(x, windows, groups) @ weight_columns(w, groups)
    return image_of(y, len(x), windows)


@operation(
    [
        lambda xp, h, y, g, w, **on: xp.conv(h, w, **on),
        lambda xp, h, y, g, w, **on: xp.conv_by_weight(h, g, **on),
    ],
    [
        lambda xp, t, y, g, w, **on: xp.conv_by_input(t, w, **on),
        lambda xp, t, y, g, w, **on: xp.conv_by_input(g, t, **on),
    ],
)
def conv_by_input(xp: Namespace, g: Array, w: Array, *, windows: Windows, groups: int) -> Any:
    """Each place of g sends w back to its window: x̄[j·S - P + D·k] = Σ g[j]·w[k], g and w given.

    >>> conv_by_input([[[1.0, 10.0]]], [[[1.0, 2.0]]], windows_over((3,), 2), 1)
    array([[[ 1., 12., 20.]]])
    """
    rows = image_rows(g, groups) @ weight_rows(w, groups)
    return folded(patches_of(rows, len(g), windows, w.shape[1]), windows)


@operation(
    [
        lambda xp, v, y, x, g, **on: xp.conv_by_input(g, v, **on),
        lambda xp, v, y, x, g, **on: xp.conv(x, v, **on),
    ],
    [
        lambda xp, t, y, x, g, **on: xp.conv_by_weight(t, g, **on),
        lambda xp, t, y, x, g, **on: xp.conv_by_weight(x, t, **on),
    ],
)
def conv_by_weight(xp: Namespace, x: Array, g: Array, *, windows: Windows, groups: int) -> Any:
    """Windows of the image times the adjoint: w̄[k] = Σⱼ g[j]·x[j·S - P + D·k], x and g given.

    >>> conv_by_weight([[[1.0, 2.0, 4.0]]], [[[1.0, 10.0]]], windows_over((3,), 2), 1)
    array([[[21., 42.]]])
    """
    columns = turned(window_rows(x, windows, groups)) @ image_rows(g, groups)
    return weight_of(columns, windows, x.shape[1] // groups)


def _conv_by_x(xp: Namespace, g: Array, y: Array, x: Array, w: Array, **options: Any) -> Any:
    return xp.conv_by_input(g, w, **_placed(x, w, **options))


def _conv_by_w(xp: Namespace, g: Array, y: Array, x: Array, w: Array, **options: Any) -> Any:
    return xp.conv_by_weight(x, g, **_placed(x, w, **options))


def _transposed_by_x(xp: Namespace, g: Array, y: Array, x: Array, w: Array, **options: Any) -> Any:
    return xp.conv(g, w, **_spanned(x, w, **options))


def _transposed_by_w(xp: Namespace, g: Array, y: Array, x: Array, w: Array, **options: Any) -> Any:
    return xp.conv_by_weight(g, x, **_spanned(x, w, **options))


def _flipped(xp: Namespace, w: Array) -> Any:
    return xp.flip(w, axis=tuple(range(2, w.ndim)))


def _by_unflipped(xp: Namespace, g: Array, y: Array, x: Array, w: Array, **options: Any) -> Any:
    return _conv_by_x(xp, g, y, x, _flipped(xp, w), **options)


_MALRULES: Final = (
    Malrule("G1", 1, vjp=lambda xp, *args, **on: _flipped(xp, _conv_by_w(xp, *args, **on))),
    Malrule("G2", 0, vjp=_by_unflipped),
)


@linear(_conv_by_x, _conv_by_w, malrules=_MALRULES)
def conv1d(  # noqa: PLR0913 - PyTorch's parameters
    xp: Namespace,
    x: Array,
    w: Array,
    *,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Any:
    """The 1-d cross-correlation: y[j] = Σₖ w[k]·x[j·S - P + D·k].

    x (N, C, H), w (O, C/groups, K), y (N, O, ⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1), summed over C;
    entries outside x are 0. With groups, output channel o sees only the input channels of its own
    group.

    >>> conv1d([[[1.0, 2.0, 4.0, 8.0]]], [[[1.0, 1.0]]], stride=2)
    array([[[ 3., 12.]]])

    Raises ValueError when channels, groups and weight do not fit, or the output would be empty.
    Source: lecture notes on deep learning, equations (21) and, with a stride, (45)-(47).
    """
    _check_axes(x, w, 1)
    on = _placed(x, w, stride=stride, padding=padding, dilation=dilation, groups=groups)
    return xp.conv(x, w, **on)


@linear(_conv_by_x, _conv_by_w, malrules=_MALRULES)
def conv2d(  # noqa: PLR0913 - PyTorch's parameters
    xp: Namespace,
    x: Array,
    w: Array,
    *,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Any:
    """The 2-d cross-correlation: y[i, j] = Σₖ Σₗ w[k, l]·x[i·S - P + D·k, j·S - P + D·l].

    x (N, C, H, W), w (O, C/groups, K, L), y (N, O, ⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1, …), summed over
    C; entries outside x are 0. Each parameter is one number or one for each axis. With groups,
    output channel o sees only the input channels of its own group.

    >>> conv2d([[[[1.0, 2.0], [3.0, 4.0]]]], [[[[1.0, 10.0]]]])
    array([[[[21.],
             [43.]]]])

    Raises ValueError when channels, groups and weight do not fit, or the output would be empty.
    Source: lecture notes on deep learning, equation (30).
    """
    _check_axes(x, w, 2)
    on = _placed(x, w, stride=stride, padding=padding, dilation=dilation, groups=groups)
    return xp.conv(x, w, **on)


@linear(_transposed_by_x, _transposed_by_w)
def conv_transpose1d(  # noqa: PLR0913 - PyTorch's parameters
    xp: Namespace,
    x: Array,
    w: Array,
    *,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Any:
    """The transpose of `conv1d` as a linear map: y[j·S - P + D·k] = Σ w[k]·x[j].

    x (N, C, H), w (C, O/groups, K), y (N, O, (H - 1)S - 2P + D(K - 1) + output_padding + 1), summed
    over C and over all j and k that meet in one place.

    >>> conv_transpose1d([[[1.0, 2.0]]], [[[1.0, 10.0]]], stride=2)
    array([[[ 1., 10.,  2., 20.]]])

    Raises ValueError when channels, groups and weight do not fit, or the output would be empty.
    Source: lecture notes on deep learning, equation (27), the gradient by the layer before.
    """
    _check_axes(x, w, 1)
    spacing = {"stride": stride, "padding": padding, "dilation": dilation}
    on = _spanned(x, w, groups=groups, output_padding=output_padding, **spacing)
    return xp.conv_by_input(x, w, **on)


@linear(_transposed_by_x, _transposed_by_w)
def conv_transpose2d(  # noqa: PLR0913 - PyTorch's parameters
    xp: Namespace,
    x: Array,
    w: Array,
    *,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Any:
    """The transpose of `conv2d` as a map: y[i·S - P + D·k, j·S - P + D·l] = Σ w[k, l]·x[i, j].

    x (N, C, H, W), w (C, O/groups, K, L), y (N, O, (H - 1)S - 2P + D(K - 1) + output_padding + 1,
    …), summed over C and over all windows that meet in one place.

    >>> conv_transpose2d([[[[1.0, 2.0]]]], [[[[1.0, 10.0]]]], stride=2)
    array([[[[ 1., 10.,  2., 20.]]]])

    Raises ValueError when channels, groups and weight do not fit, or the output would be empty.
    Source: lecture notes on deep learning, equation (34), the gradient by the layer before.
    """
    _check_axes(x, w, 2)
    spacing = {"stride": stride, "padding": padding, "dilation": dilation}
    on = _spanned(x, w, groups=groups, output_padding=output_padding, **spacing)
    return xp.conv_by_input(x, w, **on)


def _placed(x: Array, w: Array, *, groups: int = 1, **spacing: PerAxis) -> dict[str, Any]:
    """The windows of a convolution of x with w, as the three rules take them."""
    _check_groups(x, x.shape[1] == w.shape[1] * groups, w, groups)
    return {"windows": windows_over(x.shape[2:], w.shape[2:], **spacing), "groups": groups}


def _spanned(x: Array, w: Array, *, groups: int = 1, **spacing: PerAxis) -> dict[str, Any]:
    """The windows of a transposed convolution, one for each entry of x."""
    _check_groups(x, x.shape[1] == w.shape[0], w, groups)
    return {"windows": windows_from(x.shape[2:], w.shape[2:], **spacing), "groups": groups}


def _check_axes(x: Array, w: Array, n: int) -> None:
    axes = "(N, C, H, W)" if n == 2 else "(N, C, H)"
    if not len(shape_of(x)) == len(shape_of(w)) == n + 2:
        raise ValueError(f"x must have axes {axes} and the weight {n + 2} axes")


def _check_groups(x: Array, fits: bool, w: Array, groups: int) -> None:
    if not isinstance(groups, (int, np.integer)) or groups < 1:
        raise ValueError(f"groups is a whole number ≥ 1, not {groups!r}")
    if not fits or w.shape[0] % groups:
        raise ValueError(
            f"{x.shape[1]} channels do not fit a weight of shape {w.shape} with groups={groups}"
        )
