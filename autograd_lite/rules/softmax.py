"""Softmax and its relatives, shifted by the largest entry so that no exponential overflows."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.reductions import reduction
from autograd_lite.rules.rule import operation


def _peak(xp: Any, x: Any, axis: Any) -> Any:
    """The largest entry; 0 where there is none or it is infinite, as inf - inf would be nan."""
    if np.size(x) == 0:
        return 0.0
    peak = xp.maximum.reduce(x, axis=axis, keepdims=True)
    return xp.where(xp.isfinite(peak), peak, 0.0)


def _total(xp: Any, x: Any, axis: Any) -> Any:
    return xp.sum(x, axis=axis, keepdims=True)


def _shares(xp: Any, y: Any, x: Any, axis: Any) -> Any:
    # softmax itself rather than e^(x - y), which loses the digits that y spends on its size
    nothing = plain(y) == -np.inf
    if not np.any(nothing):
        return xp.softmax(x, axis=axis)
    return xp.where(nothing, 0.0, xp.softmax(xp.where(nothing, 0.0, x), axis=axis))


@reduction(
    _shares,
    latex=r"\log \sum e^{{{0}}}",
    kinks="entries of -inf take no part; where all are, y is -inf and every derivative 0",
)
@np.errstate(divide="ignore")  # the logarithm of a sum without parts is -inf
def logsumexp(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """The logarithm of the sum of exponentials along axes: y = log Σ eˣ, ∂y/∂x = e^(x - y).

    >>> logsumexp([[1000.0, -1000.0], [-1000.0, 8.0]], axis=1)
    array([1000.,    8.])
    """
    peak = _peak(xp, x, axis)
    y = xp.log(_total(xp, xp.exp(x - peak), axis)) + peak
    return y if keepdims else xp.squeeze(y, axis)[()]


def _through_softmax(xp: Any, t: Any, y: Any, x: Any, *, axis: Any = -1) -> Any:
    # ∂y/∂x = diag(y) - y·yᵀ is symmetric: vjp and jvp are one
    return y * (t - _total(xp, t * y, axis))


@operation(
    [_through_softmax],
    [_through_softmax],
    latex=r"\mathrm{{softmax}}({0})",
    kinks="entries of -inf get 0; where all are, nan",
)
def softmax(xp: Any, x: Any, *, axis: Any = -1) -> Any:
    """The shares of exponentials along an axis: y = eˣ/Σ eˣ, ∂yᵢ/∂xⱼ = yᵢ·(δᵢⱼ - yⱼ).

    δᵢⱼ is 1 where i = j, else 0. axis is the last one unless told; None stands for all.

    >>> softmax([0.0, 0.0]), softmax([1000.0, -1000.0])
    (array([0.5, 0.5]), array([1., 0.]))
    """
    y = xp.exp(x - _peak(xp, x, axis))
    return y / _total(xp, y, axis)


@operation(
    [lambda xp, g, y, x, *, axis=-1: g - xp.exp(y) * _total(xp, g, axis)],
    [lambda xp, t, y, x, *, axis=-1: t - _total(xp, xp.exp(y) * t, axis)],
    latex=r"\log\,\mathrm{{softmax}}({0})",
    kinks="entries of -inf stay -inf; where all are, nan",
)
def log_softmax(xp: Any, x: Any, *, axis: Any = -1) -> Any:
    """The logarithm of softmax along an axis: y = x - log Σ eˣ, ∂yᵢ/∂xⱼ = δᵢⱼ - e^yⱼ.

    δᵢⱼ is 1 where i = j, else 0. axis is the last one unless told; None stands for all.

    >>> log_softmax([1000.0, 0.0])
    array([    0., -1000.])
    """
    x = x - _peak(xp, x, axis)
    return x - xp.log(_total(xp, xp.exp(x), axis))
