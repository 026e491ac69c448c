"""Softmax and its relatives, shifted by the largest entry so that no exponential overflows."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.operands import Array, Axis
from autograd_lite.record import Malrule
from autograd_lite.rules.namespaces import Namespace, arrays, plain
from autograd_lite.rules.reductions import reduction
from autograd_lite.rules.rule import operation
from autograd_lite.rules.tails import keeps_digits, nowhere


def _peak(xp: Namespace, x: Array, axis: Axis) -> Any:
    """The largest entry; 0 where there is none or it is infinite, as inf - inf would be nan."""
    if np.size(x) == 0:
        return 0.0
    peak = xp.maximum.reduce(x, axis=axis, keepdims=True)
    return xp.where(xp.isfinite(peak), peak, 0.0)


def _total(xp: Namespace, x: Array, axis: Axis) -> Any:
    return xp.sum(x, axis=axis, keepdims=True)


def _shifted(xp: Namespace, x: Array, axis: Axis) -> tuple[Any, Any]:
    """X less its largest entry, and the logarithm of the sum of the exponentials of that.

    log Σ e^d = log k + log(1 + rest/k), with k entries d = 0: what is added to 1 keeps all its digits.
    """
    d = x - _peak(xp, x, axis)
    rest = _total(xp, xp.where(d == 0, 0.0, xp.exp(d)), axis)
    count = _total(xp, d == 0, axis).astype(rest.dtype)
    k = xp.maximum(count, 1.0)  # the count is 0 where the peak is infinite
    return d, xp.log(k) + xp.log1p((rest + (count - k)) / k)


def _shares(xp: Namespace, y: Array, x: Array, axis: Axis) -> Any:
    # softmax itself rather than e^(x - y), which loses the digits that y spends on its size
    nothing = plain(y) == -np.inf
    if nowhere(nothing):
        return xp.softmax(x, axis=axis)
    return xp.where(nothing, 0.0, xp.softmax(xp.where(nothing, 0.0, x), axis=axis))


def _log_of_total(xp: Namespace, x: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    peak = _peak(xp, x, axis)
    y = peak + xp.log(_total(xp, xp.exp(x - peak), axis))
    return y if keepdims else xp.squeeze(y, axis)


@reduction(
    _shares,
    formula=_log_of_total,
    latex=r"\log \sum e^{{{0}}}",
    kinks="entries of -inf take no part; where all are, y is -inf and every derivative 0",
)
@np.errstate(divide="ignore", under="ignore")  # the logarithm of a sum without parts is -inf
def logsumexp(xp: Namespace, x: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The logarithm of the sum of exponentials along axes: y = log Σ eˣ, ∂y/∂x = e^(x - y).

    >>> logsumexp([[1000.0, -1000.0], [-1000.0, 8.0]], axis=1)
    array([1000.,    8.])
    """
    y = _peak(xp, x, axis) + _shifted(xp, x, axis)[1]
    return y if keepdims else xp.squeeze(y, axis)[()]


def _through_softmax(xp: Namespace, t: Array, y: Array, x: Array, *, axis: Axis = -1) -> Any:
    # ∂y/∂x = diag(y) - y·yᵀ is symmetric: vjp and jvp are one
    t = _from_the_largest(xp, t, y, axis)
    return y * (t - _total(xp, t * y, axis))


def _from_the_largest(xp: Namespace, t: Array, y: Array, axis: Axis) -> Any:
    """T less its value at the largest share, which changes no derivative: shares have the sum 1.

    The share that has been rounded towards 1 then takes no part in a sum of which little remains.
    """
    shares = plain(y)
    if keeps_digits(1.0 - shares):
        return t
    largest = (shares == np.max(shares, axis=axis, keepdims=True)).astype(shares.dtype)
    return t - _total(xp, t * (largest / _total(arrays, largest, axis)), axis)


def _across(x: Array, axis: Axis) -> Any:
    """The axis beside that of softmax, which a student takes for it; None where there is no other."""
    ndim = np.ndim(plain(x))
    return None if axis is None or ndim < 2 else (axis - 1) % ndim  # type: ignore[operator]


def _shares_across(xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = -1) -> Any:
    other = _across(x, axis)
    p = xp.softmax(x, axis=other)
    return p * (g - _total(xp, g * p, other))


def _total_across(xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = -1) -> Any:
    return y * (g - _total(xp, g * y, _across(x, axis)))


def _log_shares_across(xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = -1) -> Any:
    other = _across(x, axis)
    return g - xp.softmax(x, axis=other) * _total(xp, g, axis)


@operation(
    [_through_softmax],
    [_through_softmax],
    slopes=[lambda xp, g, y, x, *, axis=-1: y * (g - _total(xp, g * y, axis))],
    latex=r"\mathrm{{softmax}}({0})",
    kinks="entries of -inf get 0; where all are, nan",
    malrules=[
        Malrule("D6", 0, vjp=lambda xp, g, y, x, **_: g * y * (1.0 - y)),  # the diagonal alone
        Malrule("D7", 0, vjp=lambda xp, g, y, x, **_: g * y),  # the sum taken for a constant
        Malrule("D8", 0, vjp=lambda xp, g, y, x, **_: g),  # not differentiated at all
        Malrule("D11", 0, vjp=_shares_across),  # shares along the other axis
        Malrule("D17", 0, vjp=_total_across),  # the sum along the other axis
    ],
)
def softmax(xp: Namespace, x: Array, *, axis: Axis = -1) -> Any:
    """The shares of exponentials along an axis: y = eˣ/Σ eˣ, ∂yᵢ/∂xⱼ = yᵢ·(δᵢⱼ - yⱼ).

    δᵢⱼ is 1 where i = j, else 0. axis is the last one unless told; None stands for all.

    >>> softmax([0.0, 0.0]), softmax([1000.0, -1000.0])
    (array([0.5, 0.5]), array([1., 0.]))
    """
    y = xp.exp(x - _peak(xp, x, axis))
    return y / _total(xp, y, axis)


def _less_logsumexp(xp: Namespace, x: Array, *, axis: Axis = -1) -> Any:
    d = x - _peak(xp, x, axis)
    return d - xp.log(_total(xp, xp.exp(d), axis))


def _by_logits(xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = -1) -> Any:
    # g·(1 - e^y) less e^y times the other entries of g: near y = 0 the difference 1 - e^y is all there is
    return -g * xp.expm1(y) - xp.exp(y) * (_total(xp, g, axis) - g)


def _along_logits(xp: Namespace, t: Array, y: Array, x: Array, *, axis: Axis = -1) -> Any:
    p = xp.exp(y)
    t = _from_the_largest(xp, t, p, axis)
    return t - _total(xp, p * t, axis)


@operation(
    [_by_logits],
    [_along_logits],
    formula=_less_logsumexp,
    slopes=[lambda xp, g, y, x, *, axis=-1: g - xp.exp(y) * _total(xp, g, axis)],
    latex=r"\log\,\mathrm{{softmax}}({0})",
    kinks="entries of -inf stay -inf; where all are, nan",
    malrules=[
        Malrule("D6", 0, vjp=lambda xp, g, y, x, **_: g * (1.0 - xp.exp(y))),
        Malrule("D7", 0, vjp=lambda xp, g, y, x, **_: g),
        Malrule("D17", 0, vjp=_log_shares_across),
    ],
)
def log_softmax(xp: Namespace, x: Array, *, axis: Axis = -1) -> Any:
    """The logarithm of softmax along an axis: y = x - log Σ eˣ, ∂yᵢ/∂xⱼ = δᵢⱼ - e^yⱼ.

    δᵢⱼ is 1 where i = j, else 0. axis is the last one unless told; None stands for all.

    >>> log_softmax([1000.0, 0.0])
    array([    0., -1000.])
    """
    d, total = _shifted(xp, x, axis)
    return d - total
