"""Pictures side by side: filters, feature maps, reconstructions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograd_lite.errors import PictureError
from viz.plots.axes import Array, axes, data, diverging

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GREYS: Final = "gray"


def images(
    pictures: Any, ax: Axes | None = None, *, columns: int | None = None, signed: bool = False
) -> Axes:
    """Pictures side by side: (n, height, width), or (n, 1, height, width).

    signed  blue above zero, white at zero, orange below; else from black to white

    >>> images(np.zeros((6, 4, 4)), columns=3).images[0].get_array().shape
    (9, 14)

    Raises PictureError for arrays of another shape.
    """
    grid = _grid(_stack(pictures), columns)
    most = float(np.nanmax(np.abs(grid))) or 1.0
    ax = axes(ax)
    ax.set_axis_off()
    scale: dict[str, Any] = (
        {"cmap": diverging(), "vmin": -most, "vmax": most} if signed else {"cmap": _GREYS}
    )
    ax.imshow(grid, interpolation="nearest", **scale)
    return ax


def filters(weights: Any, ax: Axes | None = None, *, columns: int | None = None) -> Axes:
    """The kernels of a convolution: (out, in, height, width), a picture for each pair of channels.

    Kernels of 1-d convolutions, (out, in, length), are rows.

    >>> filters(np.ones((2, 1, 3, 3)), columns=2).images[0].get_array().shape
    (3, 7)

    Raises PictureError for weights of another shape.
    """
    kernels = data(weights)
    if kernels.ndim not in (3, 4):
        raise PictureError(
            f"kernels are of shape (out, in, height, width) or (out, in, length), not {kernels.shape}"
        )
    height = kernels.shape[2] if kernels.ndim == 4 else 1
    return images(kernels.reshape(-1, height, kernels.shape[-1]), ax, columns=columns, signed=True)


def feature_maps(activations: Any, ax: Axes | None = None, *, example: int = 0) -> Axes:
    """What each channel of a layer says about one example: (n, channels, height, width).

    >>> feature_maps(np.ones((5, 1, 4, 4)), example=2).images[0].get_array().shape
    (4, 4)

    Raises PictureError for activations of another shape, or an example that is not among them.
    """
    maps = data(activations)
    if maps.ndim != 4 or not -len(maps) <= example < len(maps):
        raise PictureError(
            f"feature maps are of shape (n, channels, height, width) with n > {example}, not {maps.shape}"
        )
    return images(maps[example], ax)


def reconstructions(x: Any, reconstructed: Any, ax: Axes | None = None) -> Axes:
    """Each picture above what an autoencoder made of it.

    >>> x = np.zeros((3, 4, 4))
    >>> reconstructions(x, x).images[0].get_array().shape
    (9, 14)
    """
    above, below = _stack(x), _stack(reconstructed)
    if above.shape != below.shape:
        raise PictureError(
            f"originals {above.shape} and reconstructions {below.shape} differ in shape"
        )
    return images(np.concatenate([above, below]), ax, columns=len(above))


def _stack(pictures: Any) -> Array:
    found = data(pictures)
    found = found[:, 0] if found.ndim == 4 and found.shape[1] == 1 else found
    if found.ndim != 3 or not found.size:
        raise PictureError(
            f"pictures are of shape (n, height, width) or (n, 1, height, width), not {found.shape}"
        )
    return found


def _grid(found: Array, columns: int | None) -> Array:
    """All pictures in one, a gap of one pixel between them."""
    count, height, width = found.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    grid = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    for k, picture in enumerate(found):
        top, left = (k // columns) * (height + 1), (k % columns) * (width + 1)
        grid[top : top + height, left : left + width] = picture
    return grid
