"""ATen's products and its linear algebra."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite import linalg
from autograd_lite.interop.pytorch.operators.operator import Operators, refuse
from autograd_lite.operands import Array, Numbers
from autograd_lite.rules.shape import shape_of

_NO_PIVOTS: Final = np.zeros(0, np.int32)
"""What torch answers besides a determinant, for its own backward."""


def affine(x: Array, W: Array, b: Array | None = None) -> Any:
    """x·Wᵀ + b, as one operation of a layer where there is a bias."""
    if b is not None and shape_of(b) and len(shape_of(W)) == 2:
        return f.affine(x, W, b)
    y = f.matmul(x, f.transpose(W))
    return y if b is None else f.add(y, b)


def _added(c: Numbers, y: Numbers, beta: float, alpha: float) -> Any:
    """β·c + α·y; a c that does not count may be nan."""
    y = y if alpha == 1 else f.multiply(alpha, y)
    return y if beta == 0 else f.add(c if beta == 1 else f.multiply(beta, c), y)


def _product_added(c: Numbers, x: Array, y: Array, *, beta: float = 1, alpha: float = 1) -> Any:
    return _added(c, f.matmul(x, y), beta, alpha)


def _outer_added(c: Numbers, x: Array, y: Array, *, beta: float = 1, alpha: float = 1) -> Any:
    return _added(c, f.outer(x, y), beta, alpha)


def _trilinear(  # noqa: PLR0913, PLR0917 - torch's parameters
    x: Array, W: Array, y: Array, expand_x: list[int], expand_w: list[int], expand_y: list[int],
    sum_over: list[int], unroll_dim: int = 1,
) -> Any:  # fmt: skip
    """The product of three arrays, each with axes added to it, summed over some axes: nn.Bilinear."""
    whole = [
        f.expand_dims(t, axis=tuple(e)) if e else t
        for t, e in ((x, expand_x), (W, expand_w), (y, expand_y))
    ]
    return f.sum(f.multiply(f.multiply(whole[0], whole[1]), whole[2]), axis=tuple(sum_over))


def _vector_norm(
    x: Array, power: float = 2, dim: list[int] | None = None, keepdim: bool = False
) -> Any:
    n = len(shape_of(x))
    dims = [d % n for d in dim] if dim else list(range(n))
    rest = [k for k in range(n) if k not in dims]
    rows = f.reshape(f.transpose(x, axes=(*rest, *dims)), (*(shape_of(x)[k] for k in rest), -1))
    y = linalg.norm(rows, ord=power, axis=-1)
    return f.expand_dims(y, axis=tuple(sorted(dims))) if keepdim and dims else y


def _solved(a: Array, b: Array, *, left: bool = True) -> Any:
    if not left:
        raise refuse("left", left, "write the transposed equations")
    vector = len(shape_of(b)) == len(shape_of(a)) - 1
    y = linalg.solve(a, f.expand_dims(b, axis=-1) if vector else b)
    return f.squeeze(y, axis=-1) if vector else y


PRODUCTS: Final[Operators] = {
    "linear": affine,
    "matmul": f.matmul,
    "mm": f.matmul,
    "bmm": f.matmul,
    "mv": f.matmul,
    "dot": f.matmul,
    "vdot": f.matmul,
    "addmm": _product_added,
    "addmv": _product_added,
    "baddbmm": _product_added,
    "addr": _outer_added,
    "_trilinear": _trilinear,
    "linalg_vector_norm": _vector_norm,
    "inverse": linalg.inv,
    "linalg_inv": linalg.inv,
    "linalg_solve": _solved,
    "linalg_cholesky": lambda a, *, upper=False: linalg.cholesky(a, upper=upper),
    "_linalg_det": lambda a: (linalg.det(a), a, _NO_PIVOTS),
    "_linalg_slogdet": lambda a: (*linalg.slogdet(a), a, _NO_PIVOTS),
}
