"""Rules of linear algebra: matrix products and the like, linear in each operand."""

from __future__ import annotations

from typing import Any

from autograd_lite.rules.rule import linear
from autograd_lite.rules.shape import shape_of


def _matmul_by_a(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    if len(shape_of(b)) == 1:  # y = a·b: outer product with the vector
        g, b = xp.expand_dims(g, -1), xp.expand_dims(b, 0)
        return xp.matmul(g, b) if len(shape_of(a)) > 1 else xp.reshape(xp.multiply(g, b), shape_of(a))
    if len(shape_of(a)) == 1:
        return xp.matmul(b, xp.expand_dims(g, -1))[..., 0]
    return xp.matmul(g, xp.swapaxes(b, -1, -2))


def _matmul_by_b(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    if len(shape_of(a)) == 1:
        g, a = xp.expand_dims(g, -2), xp.expand_dims(a, -1)
        return xp.matmul(a, g) if len(shape_of(b)) > 1 else xp.multiply(g, a)
    if len(shape_of(b)) == 1:
        return xp.matmul(xp.swapaxes(a, -1, -2), xp.expand_dims(g, -1))[..., 0]
    return xp.matmul(xp.swapaxes(a, -1, -2), g)


@linear(_matmul_by_a, _matmul_by_b, latex="{0} {1}")
def matmul(xp: Any, a: Any, b: Any) -> Any:
    """The matrix product: y = a @ b, Ā = ȳ·bᵀ, B̄ = aᵀ·ȳ.

    a (…, n, k), b (…, k, m), y (…, n, m); leading axes broadcast, and a 1-d operand is a row or a column
    whose axis the result drops.

    >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])
    array([[11.]])
    """
    return xp.matmul(a, b)
