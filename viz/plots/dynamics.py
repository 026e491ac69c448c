"""Gradients over time, eigenvalues, poles and zeros, losses over the epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite.errors import PictureError
from autograd_lite.flow import FlowGraph
from autograd_lite.variables import Key
from viz.look import palette
from viz.plots.axes import GRID, Array, axes, beside, data, matrix

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def gradient_norms(
    flow: FlowGraph, states: Sequence[Key], ax: Axes | None = None, label: str | None = None
) -> Axes:
    """‖dL/dh_t‖ over the states h_1, h_2, … on a logarithmic scale: do gradients vanish, or explode?

    >>> from autograd_lite import Value
    >>> h = [Value(1.0, name="h_1")]
    >>> h.append((0.5 * h[0]).named("h_2"))
    >>> ax = gradient_norms(FlowGraph((h[1] * 1.0).named("L")), h)
    >>> [float(y) for y in ax.lines[0].get_ydata()]
    [0.5, 1.0]

    Source: lecture "RNNs and AEs", vanishing and exploding gradients.
    """
    norms = [float(np.linalg.norm(np.ravel(flow.total(state)))) for state in states]
    ax = axes(ax)
    ax.plot(range(1, len(norms) + 1), norms, marker="o", label=label)
    ax.set(xlabel="time step t", ylabel="‖dL/dh$_t$‖", yscale="log" if all(norms) else "linear")
    ax.grid(color=GRID, linewidth=0.6)
    if label:
        ax.legend(frameon=False)
    return ax


def eigenvalues(W: Any, ax: Axes | None = None) -> Axes:
    """The eigenvalues of a square matrix against the unit circle: those outside make states grow.

    >>> ax = eigenvalues(np.diag([0.5, 1.2]))
    >>> ax.get_title()
    'spectral radius 1.2'

    Source: lecture "RNNs and AEs", vanishing and exploding gradients.
    """
    square = matrix(W, "matrices with eigenvalues")
    if square.shape[0] != square.shape[1]:
        raise PictureError(f"eigenvalues are of a square matrix, not of shape {square.shape}")
    found = np.linalg.eigvals(square)
    ax = _complex_plane(ax)
    outside = np.abs(found) > 1
    for part, color in ((~outside, palette.VALUE), (outside, palette.TAG.text)):
        ax.plot(found[part].real, found[part].imag, "o", color=color, markersize=5)
    ax.set_title(f"spectral radius {np.abs(found).max():.3g}")
    return _square(ax, found)


def poles_and_zeros(b: Any, a: Any = (1.0,), ax: Axes | None = None) -> Axes:
    """Zeros ○ and poles × of the filter y_t = Σ b_k x_{t-k} - Σ a_k y_{t-k}, a_0 = 1, in the z-plane.

    A filter is stable when its poles lie inside the unit circle.

    >>> ax = poles_and_zeros([1.0, 0.5], [1.0, -0.9])
    >>> [round(float(line.get_xdata()[0]), 9) for line in ax.lines[3:]]
    [-0.5, 0.9]

    Source: lecture "Partial and Total Derivatives", FIR and IIR filters.
    """
    zeros, poles = np.roots(_padded(b, a)), np.roots(_padded(a, b))
    ax = _complex_plane(ax, 4.8)
    ax.plot(zeros.real, zeros.imag, "o", fillstyle="none", color=palette.VALUE, label="zeros")
    ax.plot(poles.real, poles.imag, "x", color=palette.TAG.text, label="poles")
    beside(ax)
    return _square(ax, np.concatenate([zeros, poles]))


def _padded(these: Any, others: Any) -> Array:
    """Coefficients of z^{-k} as those of a polynomial in z: as many as the longer list has."""
    own, count = np.atleast_1d(data(these)), max(np.size(data(these)), np.size(data(others)))
    return np.pad(own, (0, count - own.size))


def _complex_plane(ax: Axes | None, width: float = 3.8) -> Axes:
    ax = axes(ax, width, 3.8)
    angle = np.linspace(0, 2 * math.pi, 181)
    ax.plot(np.cos(angle), np.sin(angle), color=palette.NOTE, linewidth=0.9)
    ax.axhline(0, color=GRID, linewidth=0.7, zorder=0)
    ax.axvline(0, color=GRID, linewidth=0.7, zorder=0)
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


def _square(ax: Axes, points: Array) -> Axes:
    most = 1.15 * max(1.0, float(np.abs(np.concatenate([points.real, points.imag, [0.0]])).max()))
    ax.set(xlim=(-most, most), ylim=(-most, most), aspect="equal")
    return ax


def history(losses: Any, ax: Axes | None = None, *, log: bool = False) -> Axes:
    """The loss over the epochs: of a training history (with .train and .validation), or of a list.

    >>> ax = history([2.0, 1.0, 0.5])
    >>> ax.get_xlabel(), len(ax.lines)
    ('epoch', 1)
    """
    train = getattr(losses, "train", losses)
    validation = getattr(losses, "validation", ())
    ax = axes(ax)
    for values, name, color in ((train, "training", palette.VALUE),
                                (validation, "validation", palette.ACCENT)):  # fmt: skip
        if len(values):
            ax.plot(range(1, len(values) + 1), values, marker=".", label=name, color=color)
    ax.set(xlabel="epoch", ylabel="loss", yscale="log" if log else "linear")
    ax.grid(color=GRID, linewidth=0.6)
    ax.legend(frameon=False)
    return ax
