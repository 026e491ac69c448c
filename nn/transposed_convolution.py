"""Transposed convolution layers, a decoder's: each entry of the image spreads the kernel around it.

Arguments, shapes and numbers are those of torch.nn; for the letters see `convolution`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.windows import windows_from
from nn import init
from nn.convolution import Convolution, Lengths, per_axis


class _ConvTranspose(Convolution):
    """ConvTranspose1d and ConvTranspose2d."""

    def __init__(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths = 0,
        output_padding: Lengths = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Lengths = 1,
        padding_mode: str = "zeros",
        *,
        positions: Lengths | None = None,
        generator: init.Generator = None,
    ) -> None:
        if not isinstance(padding_mode, str) or padding_mode != "zeros":
            raise OperandError(
                f"padding_mode of a transposed convolution is 'zeros', not {brief(padding_mode)}"
            )
        around = {
            "kernel_size": kernel_size, "stride": stride, "padding": padding,
            "output_padding": output_padding, "dilation": dilation,
        }  # fmt: skip
        self._set_options((in_channels, out_channels), around, groups)
        shape = (self.in_channels, self.out_channels // self.groups)
        self._build(shape, bias, positions, generator)

    def forward(self, x: Any, output_size: Lengths | None = None) -> Any:
        x, batched = self._checked(x)
        more = self._output_padding(np.shape(plain(x))[2:], output_size)
        spread = f.conv_transpose2d if self.axes == 2 else f.conv_transpose1d
        y = spread(
            x, self.weight, stride=self.stride, padding=self.padding, output_padding=more,
            groups=self.groups, dilation=self.dilation,
        )  # fmt: skip
        y = self._with_bias(y)
        return y if batched else y[0]

    def _output_padding(self, count: tuple[int, ...], wanted: Any) -> tuple[int, ...]:
        """The layer's own, or what makes the output as long as wanted."""
        given: tuple[int, ...] = self.output_padding
        around = (self.kernel_size, self.stride, self.padding, self.dilation)
        if wanted is not None:
            # the longest output that the convolution would take back to this x, less its surplus
            shortest = windows_from(count, *around).size
            wanted = per_axis("output_size", wanted, self.axes, 1)
            given = tuple(w - n for w, n in zip(wanted, shortest, strict=True))
        try:
            windows_from(count, *around, given)
        except ValueError as error:
            raise ShapeError(f"{self.label}: {error}") from None
        return given


class ConvTranspose1d(_ConvTranspose):
    """The transpose of `Conv1d`, which undoes its downsampling: ξ[o, j·S - P + D·k] = Σ w[k]·x[j].

    The sum is over channels and over all j and k that meet in one place, and the bias is added.
    x (N, C, H) or (C, H), weight (C, O/groups, K), ξ (N, O, (H - 1)S - 2P + D(K - 1) +
    output_padding + 1). output_padding chooses among the lengths that `Conv1d` takes to H; a call
    may ask for one, layer(x, output_size=28). positions as in `Conv1d`.

    >>> layer = ConvTranspose1d(1, 1, 2, stride=2, bias=False)
    >>> layer.load_state_dict({"weight": [[[1.0, 10.0]]]})
    >>> layer([[[1.0, 2.0]]])
    Tensor([[[ 1., 10.,  2., 20.]]])

    Raises ShapeError when x has another shape or the output would be empty.

    Source: lecture "RNNs and AEs", transpose-convolution; lecture notes on deep learning, equation
    (27), the same map as a gradient.
    """

    axes = 1


class ConvTranspose2d(_ConvTranspose):
    """The transpose of `Conv2d`, which undoes its downsampling; see `ConvTranspose1d`.

    x (N, C, H, W) or (C, H, W), weight (C, O/groups, K, L), and for each axis of ξ (N, O, …) the
    length (H - 1)S - 2P + D(K - 1) + output_padding + 1.

    >>> layer = ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1)
    >>> layer(np.ones((8, 32, 7, 7))).shape
    (8, 16, 14, 14)

    Raises ShapeError when x has another shape or the output would be empty.

    Source: lecture "RNNs and AEs", transpose-convolution; lecture notes on deep learning, equation
    (34), the same map as a gradient.
    """

    axes = 2
