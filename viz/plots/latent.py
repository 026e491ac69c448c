"""The codes of autoencoders: the latent plane, the manifold, the subspace beside that of PCA."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite.errors import PictureError
from viz.look import palette
from viz.plots.axes import Array, axes, beside, data, matrix
from viz.plots.pictures import images

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def latent_plane(codes: Any, labels: Iterable[Any] | None = None, ax: Axes | None = None) -> Axes:
    """Codes z of two numbers as points, coloured by label.

    >>> ax = latent_plane([[0.0, 1.0], [2.0, 3.0]], ["a", "b"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['a', 'b']
    """
    z = matrix(codes, "codes in a plane", 2)
    ax = axes(ax)
    if labels is None:
        ax.plot(*z.T, ".", color=palette.VALUE)
    else:
        kinds = np.asarray(list(labels))
        if len(kinds) != len(z):
            raise PictureError(f"{len(kinds)} labels for {len(z)} codes")
        for kind in dict.fromkeys(kinds.tolist()):
            ax.plot(*z[kinds == kind].T, ".", label=str(kind))
        beside(ax)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax


def manifold(
    decode: Callable[[Array], Any],
    ax: Axes | None = None,
    *,
    count: int = 12,
    low: tuple[float, float] = (-2.0, -2.0),
    high: tuple[float, float] = (2.0, 2.0),
) -> Axes:
    """What a decoder makes of a grid of codes z = (z_1, z_2), z_1 to the right and z_2 upwards.

    decode     from codes (n, 2) to pictures (n, height, width)
    low, high  the codes at the lower left and at the upper right

    >>> manifold(lambda z: z[:, :, None], count=3).images[0].get_array().shape
    (8, 5)
    """
    across, upwards = (np.linspace(low[k], high[k], count) for k in (0, 1))
    codes = np.array([(a, b) for b in upwards[::-1] for a in across])
    ax = images(decode(codes), ax, columns=count)
    ends = (f"$z_{k + 1}$ from {low[k]:.3g} to {high[k]:.3g}" for k in (0, 1))
    ax.set_title(", ".join(ends), fontsize="small")
    return ax


def subspaces(x: Any, weight: Any, ax: Axes | None = None) -> Axes:
    """Points of a plane, their first principal component, and the line a linear autoencoder found.

    x       points (n, 2); weight  the decoder's (2, 1) or the encoder's (1, 2) matrix
    The title says the angle between the two lines.

    >>> ax = subspaces([[1.0, 1.0], [2.0, 2.0], [-3.0, -3.0]], [[0.0, 1.0]])
    >>> ax.get_title()
    'angle 45.00°'

    Source: lecture "RNNs and AEs", linear autoencoder and PCA.
    """
    points, line = matrix(x, "points of a plane", 2), np.ravel(data(weight))
    if line.shape != (2,) or not np.any(line):
        raise PictureError(f"one direction in the plane has two numbers, not {line.shape}")
    center = points.mean(axis=0)
    first = np.linalg.svd(points - center)[2][0]
    found = line / np.linalg.norm(line)
    angle = math.degrees(math.acos(min(1.0, abs(float(first @ found)))))
    ax = axes(ax)
    ax.plot(*points.T, ".", color=palette.NOTE, markersize=4)
    reach = float(np.abs((points - center) @ first).max())
    for direction, name, dashes, color in ((first, "PCA", "-", palette.VALUE),
                                           (found, "autoencoder", "--", palette.ACCENT)):  # fmt: skip
        ends = center + np.outer([-reach, reach], direction)
        ax.plot(*ends.T, dashes, color=color, label=name, linewidth=2)
    ax.set(aspect="equal")
    ax.set_title(f"angle {angle:.2f}°")
    beside(ax)
    return ax
