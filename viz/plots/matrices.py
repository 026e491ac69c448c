"""Matrices: the weights of a layer, a kernel as a sparse matrix, Jacobians."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd_lite.errors import PictureError
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.choose.neurons import layers
from viz.look import palette
from viz.look.heat import heat
from viz.plots.axes import axes, data, diverging

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def weight_matrix(tensor: Node, ax: Axes | None = None) -> Axes:
    """A layer's weights w_{i,j} as a matrix; of a 1-d convolution it is sparse, its kernel beside it.

    Each ω_k of a kernel has one colour, wherever it stands. Empty places are connections that the layer
    does not have.

    >>> from autograd_lite import Tensor
    >>> W = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True, name="W")
    >>> ax = weight_matrix(Tensor([[1.0, 0.5]], name="x") @ W)
    >>> len(ax.texts)
    6

    Source: lecture notes on deep learning, section IV: w_{l,i,j} = ω_{l,i-j+1}.
    """
    layer = layers(tensor)[-1]
    before = data(layer.before)
    rows = int(np.size(before[0] if before.ndim > 1 else before))
    columns = 1 + max(w.j for w in layer.weights)
    ax = axes(ax, 0.42 * columns + 1.6, 0.36 * rows + 0.6)
    for w in layer.weights:
        color = palette.VALUE if w.shared is None else palette.cut_color(w.shared)
        _cell(ax, w.j, w.i, f"${w.label}$", color)
    kernel = {w.shared: w for w in layer.weights if w.shared is not None}
    for k, (shared, w) in enumerate(sorted(kernel.items())):
        _cell(ax, columns + 1, k, f"${w.label}$", palette.cut_color(shared))
    _frame(ax, 0, columns, rows)
    if kernel:
        _frame(ax, columns + 1, 1, len(kernel))
    ax.set(xlim=(-0.8, columns + 2.2), ylim=(rows + 0.2, -0.8), aspect="equal")
    ax.set_axis_off()
    return ax


def _cell(ax: Axes, column: float, row: float, text: str, color: str) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((column, row), 1, 1, facecolor=color, alpha=0.22, edgecolor="none"))
    ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=8, color=color)


def _frame(ax: Axes, left: float, width: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((left, 0), width, height, fill=False, edgecolor=palette.NOTE))


def jacobian(flow: FlowGraph, target: Key, source: Key, ax: Axes | None = None) -> Axes:
    """∂target/∂source with the other variables held, as a heat map: a row for each number of the target.

    >>> from autograd_lite import Tensor
    >>> x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    >>> y = (x * x).named("y")
    >>> jacobian(FlowGraph(y.sum().named("L"), [x, y]), y, x).images[0].get_array().tolist()
    [[2.0, 0.0], [0.0, 4.0]]
    """
    b, a = flow.variable(target), flow.variable(source)
    partial = np.reshape(flow.partial(b, a), (np.size(b.value), np.size(a.value)))
    if heat(partial, most=512) is None:
        raise PictureError(f"a Jacobian of {partial.shape} numbers is too large for a heat map")
    most = float(np.abs(partial).max()) or 1.0
    ax = axes(ax, 3.6, 3.2)
    shown = ax.imshow(partial, cmap=diverging(), vmin=-most, vmax=most, interpolation="nearest")
    ax.figure.colorbar(shown, ax=ax, shrink=0.8)
    return ax
