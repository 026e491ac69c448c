"""The affine maps of a layer and of a recurrent layer, each as one operation.

Weights have an output in each row, as torch's do, and their gradients lie in memory as they do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite.operands import Array
from autograd_lite.record import Malrule, Use
from autograd_lite.rules.linalg import below, product, rows
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import operation
from autograd_lite.rules.shape import shape_of


def _by_weight(xp: Namespace, g: Array, y: Array, x: Array, W: Array, b: Array) -> Any:
    # as (out, in), the order in which the weights lie in memory
    return product(xp, rows(xp, g).T, rows(xp, x))


def _by_bias(xp: Namespace, g: Array, y: Array, x: Array, W: Array, b: Array) -> Any:
    # a product with ones sums columns several times faster than a reduction
    g = rows(xp, g)
    return xp.matmul(np.ones(g.shape[0], g.dtype), g)


def _mean(g: Array) -> Any:
    """What makes a sum over the examples their mean."""
    return g / max(math.prod(g.shape[:-1]), 1)


def _last(g: Array) -> Any:
    """The adjoint of the last example alone."""
    only = np.zeros((*g.shape[:-1], 1), plain(g).dtype)
    only.reshape(-1)[-1:] = 1.0
    return g * only


def _with_weight(weight: int, by: int) -> list[Malrule]:
    """The mistakes with a weight by which operand `by` is multiplied."""

    def gradient(xp: Namespace, g: Array, xs: Sequence[Array]) -> Any:
        return product(xp, rows(xp, g).T, rows(xp, xs[by]))

    return [
        Malrule("C1", weight, vjp=lambda xp, g, y, *xs: gradient(xp, g, xs).T),
        Malrule("C2", by, vjp=lambda xp, g, y, *xs: product(xp, g, xs[weight].T)),  # not transposed
        Malrule("C4", weight, vjp=lambda xp, g, y, *xs: gradient(xp, _mean(g), xs)),
        Malrule("C5", weight, vjp=lambda xp, g, y, *xs: gradient(xp, _last(g), xs)),
    ]


def _with_bias(bias: int) -> list[Malrule]:
    return [
        Malrule("C4", bias, vjp=lambda xp, g, y, *xs: _by_bias(xp, _mean(g), y, *xs[:3])),
        Malrule("C5", bias, vjp=lambda xp, g, y, *xs: _by_bias(xp, _last(g), y, *xs[:3])),
    ]


def _gradients(uses: list[Use]) -> tuple[Any, Any]:
    """What several uses of one weight and bias contribute to both, as products of all their rows."""
    g = below(use.g for use in uses)
    return g.T.dot(below(use.operands[0] for use in uses)), np.dot(np.ones(len(g), g.dtype), g)


def _sum(y: Array, *others: Any) -> Any:
    """The sum, in y's own memory where that is possible: nobody else has it yet."""
    for x in others:
        if type(y) is np.ndarray and y.dtype == x.dtype:
            y += x
        else:
            y = y + x
    return y


@operation(
    [
        lambda xp, g, y, x, W, b: product(xp, g, W),
        _by_weight,
        _by_bias,
    ],
    [
        lambda xp, t, y, x, W, b: product(xp, t, W.T),
        lambda xp, t, y, x, W, b: product(xp, x, t.T),
        lambda xp, t, y, x, W, b: t,
    ],
    gathered=(1, 2),
    gather=_gradients,
    linear_in=[0, 1, 2],
    latex=r"{0} {1}^{{\top}} + {2}",
    malrules=[*_with_weight(1, 0), *_with_bias(2)],
)
def affine(xp: Namespace, x: Array, W: Array, b: Array) -> Any:
    """The excitation of a layer: y = x·Wᵀ + b, x̄ = ȳ·W, W̄ = ȳᵀ·x, b̄ = Σ ȳ over the rows.

    x (…, n) with examples as rows, W (m, n), b (m,), y (…, m). The lecture's W is the transpose.

    >>> affine([[1.0, 2.0]], [[1.0, 10.0]], [0.5])
    array([[21.5]])

    Raises ValueError when W is no matrix, b no vector, or their lengths differ.

    Source: lecture notes on deep learning, equation (8).
    """
    shape, weights = shape_of(x), shape_of(W)
    if len(weights) != 2 or shape[-1:] != weights[1:] or shape_of(b) != weights[:1]:
        raise ValueError("x (…, n), W (m, n) and b (m,) are needed")
    return _sum(product(xp, x, W.T), b)


def _recurrent_gradients(uses: list[Use]) -> tuple[Any, Any, Any]:
    """What several time steps contribute to both weights and the bias."""
    g = below(use.g for use in uses)
    x, h = (below(use.operands[i] for use in uses) for i in (0, 2))
    return g.T.dot(x), g.T.dot(h), np.dot(np.ones(len(g), g.dtype), g)


@operation(
    [
        lambda xp, g, y, x, W, h, U, b: product(xp, g, W),
        lambda xp, g, y, x, W, h, U, b: _by_weight(xp, g, y, x, W, b),
        lambda xp, g, y, x, W, h, U, b: product(xp, g, U),
        lambda xp, g, y, x, W, h, U, b: _by_weight(xp, g, y, h, U, b),
        lambda xp, g, y, x, W, h, U, b: _by_bias(xp, g, y, x, W, b),
    ],
    [
        lambda xp, t, y, x, W, h, U, b: product(xp, t, W.T),
        lambda xp, t, y, x, W, h, U, b: product(xp, x, t.T),
        lambda xp, t, y, x, W, h, U, b: product(xp, t, U.T),
        lambda xp, t, y, x, W, h, U, b: product(xp, h, t.T),
        lambda xp, t, y, x, W, h, U, b: t,
    ],
    gathered=(1, 3, 4),
    gather=_recurrent_gradients,
    latex=r"{0} {1}^{{\top}} + {2} {3}^{{\top}} + {4}",
    malrules=[*_with_weight(1, 0), *_with_weight(3, 2), *_with_bias(4)],
)
def excitation(xp: Namespace, x: Array, W: Array, h: Array, U: Array, b: Array) -> Any:
    """The excitation of a recurrent layer: y = x·Wᵀ + h·Uᵀ + b, by the input and by the state before.

    x (…, n) with examples as rows, W (m, n), h (…, k), U (m, k), b (m,), y (…, m). x̄ = ȳ·W, W̄ = ȳᵀ·x,
    h̄ = ȳ·U, Ū = ȳᵀ·h, b̄ = Σ ȳ over the rows; the weights' gradients from all time steps are one product.

    >>> excitation([[1.0, 2.0]], [[1.0, 10.0]], [[3.0]], [[100.0]], [0.5])
    array([[321.5]])

    Raises ValueError when W or U is no matrix, b no vector, or lengths differ.

    Source: lecture "Derivations: RNNs and AEs", vanilla RNN: a_t = W_xh·x_t + W_hh·h_{t-1} + b_h.
    """
    by_x, by_h = product(xp, x, W.T), product(xp, h, U.T)
    # what NumPy would broadcast; it refuses inner lengths that differ
    if not (W.ndim == U.ndim == 2 and by_x.shape == by_h.shape and b.shape == by_x.shape[-1:]):
        raise ValueError("x (…, n), W (m, n), h (…, k), U (m, k) and b (m,) are needed")
    return _sum(by_x, b, by_h)  # b goes with x: a program adds it at all time steps at once
