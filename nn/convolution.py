"""Convolution layers: one small weight, the kernel, slides over the image and meets every window.

Arguments, shapes and numbers are those of torch.nn; an example may come without the batch axis.

H, K, S, P, D  lengths of image and kernel, stride, padding, dilation
N, C, O        examples, input channels, output channels

The transposes of these layers are in `transposed_convolution`.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.windows import windows_over
from nn import init
from nn.checks import at_least, choice, flag
from nn.module import Module
from nn.parameters import Parameter

Lengths: TypeAlias = "int | tuple[int, ...] | list[int]"
"""One number for all axes of the image, or one for each."""

PADDING_MODES: Final = {
    "zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap",
}  # fmt: skip


def output_size(H: Any, K: Lengths, S: Lengths = 1, P: Lengths = 0, D: Lengths = 1) -> Any:
    """How many windows fit: ⌊(H + 2P - K)/S⌋ + 1, with K spread over D(K - 1) + 1 entries.

    H  length of the image, or one for each axis; then so are the results
    K, S, P, D  kernel, stride, padding, dilation: one number, or one for each axis

    >>> output_size(28, 3, 2, 1), output_size((28, 20), K=5)
    (14, (24, 16))

    Raises ShapeError when no window fits, with the formula and the numbers in it.

    Source: lecture "RNNs and AEs", convolution arithmetic; lecture notes on deep learning,
    equation (45).
    """
    axes = len(H) if isinstance(H, (tuple, list)) else 1
    lengths = per_axis("H", H, axes, 0)
    least = {"K": (K, 1), "S": (S, 1), "P": (P, 0), "D": (D, 1)}
    around = (per_axis(name, value, axes, n) for name, (value, n) in least.items())
    try:
        count = windows_over(lengths, *around).count
    except ValueError as error:
        raise ShapeError(str(error)) from None
    return count if isinstance(H, (tuple, list)) else count[0]


def per_axis(name: str, value: Any, axes: int, least: int) -> tuple[int, ...]:
    """A parameter as one whole number for each axis of the image.

    Raises OperandError when it is none of at least `least`, or has another number of them.
    """
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    if len(values) != axes:
        raise OperandError(f"{name} is one whole number, or {axes} of them, not {brief(value)}")
    return tuple(at_least(name, v, least) for v in values)


class Convolution(Module):
    """What the layers and their transposes share: channels, windows, weight and bias."""

    result_name: ClassVar[str | None] = "xi"

    axes: ClassVar[int]

    def _build(
        self, weight: tuple[int, ...], bias: bool, positions: Any, generator: init.Generator
    ) -> None:
        """Make the parameters, uniform on ±1/√fan_in as in torch."""
        rng, shape = init.as_generator(generator), (*weight, *self.kernel_size)
        fan_in = math.prod(shape[1:])
        self.positions = (
            None if positions is None else per_axis("positions", positions, self.axes, 1)
        )
        places = self.positions or (1,) * self.axes if positions is not None else ()
        self.weight = Parameter(init.lecun_uniform(shape, fan_in, rng))
        has_bias = flag("bias", bias) or positions is not None
        self.bias = (
            Parameter(init.lecun_uniform((self.out_channels, *places), fan_in, rng))
            if has_bias
            else None
        )

    def _set_options(self, channels: tuple[Any, Any], windows: dict[str, Any], groups: Any) -> None:
        """Check and keep what torch's layers keep under these names."""
        self.in_channels = at_least("in_channels", channels[0], 1)
        self.out_channels = at_least("out_channels", channels[1], 1)
        self.groups = at_least("groups", groups, 1)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise OperandError(
                f"in_channels={self.in_channels} and out_channels={self.out_channels} must both "
                f"be divisible by groups={self.groups}"
            )
        for name, value in windows.items():
            least = 0 if "padding" in name else 1
            setattr(self, name, per_axis(name, value, self.axes, least))

    def _with_bias(self, y: Any) -> Any:
        if self.bias is None:
            return y
        if self.positions is None:
            return y + f.reshape(self.bias, (-1,) + (1,) * self.axes)
        if np.shape(plain(y))[2:] != self.positions:
            raise ShapeError(
                f"{self.label} has one bias for each of {self.positions} positions, but its "
                f"output has {np.shape(plain(y))[2:]}: bias for other images needs positions=None"
            )
        return y + self.bias

    def _checked(self, x: Any) -> tuple[Any, bool]:
        """The examples x with a batch axis, and whether they came with one."""
        shape = np.shape(plain(x))
        letters = "HW" if self.axes == 2 else "H"
        alone = len(shape) == self.axes + 1
        if len(shape) not in (self.axes + 1, self.axes + 2) or shape[-1 - self.axes] != (
            self.in_channels
        ):
            wanted = ", ".join([str(self.in_channels), *letters])
            raise ShapeError(
                f"{self.label} expected x of shape (N, {wanted}) or ({wanted}), got {shape}"
            )
        return (f.reshape(x, (1, *shape)) if alone else x), not alone

    def extra_repr(self) -> str:
        windows = f"kernel_size={self.kernel_size}, stride={self.stride}"
        return f"{self.in_channels} → {self.out_channels}, {windows}"


class _Conv(Convolution):
    """Conv1d and Conv2d."""

    def __init__(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths | str = 0,
        dilation: Lengths = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        positions: Lengths | None = None,
        generator: init.Generator = None,
    ) -> None:
        around = {"kernel_size": kernel_size, "stride": stride, "dilation": dilation}
        self._set_options((in_channels, out_channels), around, groups)
        self.padding = padding
        self.padding_mode = choice("padding_mode", padding_mode, PADDING_MODES)
        self._around = self._widths()
        shape = (self.out_channels, self.in_channels // self.groups)
        self._build(shape, bias, positions, generator)

    def _widths(self) -> tuple[tuple[int, int], ...]:
        """How many entries are added before and behind each axis of the image."""
        if isinstance(self.padding, str):
            choice("padding", self.padding, ("same", "valid"))
        if self.padding == "same":
            if any(s != 1 for s in self.stride):
                raise OperandError(f"padding='same' needs stride 1, not {self.stride}")
            both = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
            return tuple((n // 2, n - n // 2) for n in both)
        padding = 0 if self.padding == "valid" else self.padding
        return tuple((n, n) for n in per_axis("padding", padding, self.axes, 0))

    def forward(self, x: Any) -> Any:
        x, batched = self._checked(x)
        x, padding = self._padded(x)
        self._refuse_empty(np.shape(plain(x))[2:], padding)
        convolve = f.conv2d if self.axes == 2 else f.conv1d
        y = convolve(
            x, self.weight, stride=self.stride, padding=padding,
            dilation=self.dilation, groups=self.groups,
        )  # fmt: skip
        y = self._with_bias(y)
        return y if batched else y[0]

    def _padded(self, x: Any) -> tuple[Any, tuple[int, ...]]:
        """The padding that the convolution does not do itself, done, and what it does."""
        zeros = self.padding_mode == "zeros"
        if zeros and all(before == behind for before, behind in self._around):
            return x, tuple(before for before, _ in self._around)
        width = ((0, 0), (0, 0), *self._around)
        mode = PADDING_MODES[self.padding_mode]
        return f.pad(x, pad_width=width, mode=mode), (0,) * self.axes

    def _refuse_empty(self, lengths: tuple[int, ...], padding: tuple[int, ...]) -> None:
        try:
            output_size(lengths, self.kernel_size, self.stride, padding, self.dilation)
        except ShapeError as error:
            raise ShapeError(f"{self.label}: {error}") from None


class Conv1d(_Conv):
    """Convolution of sequences: ξ[o, j] = b[o] + Σ_c Σ_k w[o, c, k]·x[c, j·S - P + D·k].

    x (N, C, H) or (C, H), weight (O, C/groups, K), ξ (N, O, output_size(H, K, S, P, D)). As in
    torch and in the lecture the kernel is not flipped.

    padding       a number, "same" (ξ as long as x; stride 1) or "valid" (0)
    padding_mode  "zeros", "reflect", "replicate" or "circular"
    positions     length of ξ: then each place has its own bias, the lecture's b_{l,j}, and bias is
                  (O, length); None shares one b[o] over all places

    >>> layer = Conv1d(1, 1, 2, stride=2, positions=2, generator=0)
    >>> layer.load_state_dict({"weight": [[[1.0, 10.0]]], "bias": [[0.1, 0.2]]})
    >>> layer([[[1.0, 2.0, 3.0, 4.0]]])
    Tensor([[[21.1, 43.2]]])

    Raises ShapeError when x has another shape or no window fits it.

    Source: lecture notes on deep learning, equations (21) and, with a stride, (45) to (47).
    """

    axes = 1


class Conv2d(_Conv):
    """Convolution of images: ξ[o, i, j] = b[o] + Σ w[o, c, k, l]·x[c, i·S - P + D·k, j·S - P + D·l].

    The sum is over c, k and l. x (N, C, H, W) or (C, H, W), weight (O, C/groups, K, L), ξ (N, O,
    …) with output_size for each axis; each parameter is one number or one for each axis. For
    padding, padding_mode and positions see `Conv1d`.

    >>> Conv2d(1, 16, kernel_size=3, stride=2, padding=1)(np.ones((32, 1, 28, 28))).shape
    (32, 16, 14, 14)

    Raises ShapeError when x has another shape or no window fits it.

    Source: lecture notes on deep learning, equations (28) to (30).
    """

    axes = 2
