"""The affine map of a layer as one operation: weights stay in their own order in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.rules.linalg import product, rows
from autograd_lite.rules.rule import Use, operation
from autograd_lite.rules.shape import shape_of


def _by_weight(xp: Any, g: Any, y: Any, x: Any, W: Any, b: Any) -> Any:
    # as (out, in), the order in which the weights lie in memory
    return product(xp, rows(xp, g).T, rows(xp, x))


def _by_bias(xp: Any, g: Any, y: Any, x: Any, W: Any, b: Any) -> Any:
    if shape_of(b) == shape_of(g):
        return g
    # a product with ones sums columns several times faster than a reduction
    g = rows(xp, g)
    return xp.matmul(np.ones(g.shape[0], g.dtype), g)


def _together(uses: list[Use]) -> tuple[Any, Any]:
    """The adjoints and the inputs of several uses, below one another."""
    g = np.concatenate([rows(np, use.g) for use in uses])
    return g, np.concatenate([rows(np, use.operands[0]) for use in uses])


def _weight_gradient(uses: list[Use]) -> Any:
    g, x = _together(uses)
    return g.T.dot(x)


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
    gathers=(None, _weight_gradient, None),
    latex=r"{0} {1}^{{\top}} + {2}",
)
def affine(xp: Any, x: Any, W: Any, b: Any) -> Any:
    """The excitation of a layer: y = x·Wᵀ + b, x̄ = ȳ·W, W̄ = ȳᵀ·x, b̄ = Σ ȳ over the rows.

    x (…, n) with examples as rows, W (m, n), b (m,), y (…, m). The lecture's W is the transpose. A b of
    y's own shape is added as it is, b̄ = ȳ: what else excites a recurrent layer.

    >>> affine([[1.0, 2.0]], [[1.0, 10.0]], [0.5])
    array([[21.5]])

    Raises ValueError when W is no matrix, b neither a vector nor of y's shape, or their lengths differ.

    Source: lecture notes on deep learning, equation (8).
    """
    shape, weights = shape_of(x), shape_of(W)
    addends = (weights[:1], (*shape[:-1], *weights[:1]))
    if len(weights) != 2 or shape[-1:] != weights[1:] or shape_of(b) not in addends:
        raise ValueError("x (…, n), W (m, n) and b (m,) or (…, m) are needed")
    y = product(xp, x, W.T)
    if type(y) is np.ndarray and y.dtype == b.dtype:
        y += b
        return y
    return y + b
