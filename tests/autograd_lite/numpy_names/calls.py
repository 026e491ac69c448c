"""Calls of NumPy's functions, each tried on arrays and on Tensors: one text, two meanings.

A call is a function of one array, written with `np` alone. Applied to an array it is the reference;
applied to a Tensor it must give the same numbers, on the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

POINT, ROW, TABLE, CUBE = (), (4,), (3, 4), (2, 3, 4)
ANY = (POINT, ROW, TABLE, CUBE, (0,), (2, 0, 3))
AXES = (ROW, TABLE, CUBE)
TABLES = (TABLE, CUBE)
SQUARE = ((3, 3), (2, 2, 2), (1, 1))


class Call(NamedTuple):
    """One use of a NumPy function.

    name    what it tries, unique
    f       the function of an array
    shapes  those of the arrays it is tried on
    low     the least of the numbers, and `high` the largest
    """

    name: str
    f: Callable[[Any], Any]
    shapes: tuple[tuple[int, ...], ...] = ANY
    low: float = -2.0
    high: float = 2.0

    def operand(self, shape: tuple[int, ...], dtype: str = "float64") -> np.ndarray:
        """Reproducible numbers."""
        return np.random.default_rng([5, *shape]).uniform(self.low, self.high, shape).astype(dtype)


def symmetric(x: Any) -> Any:
    """A symmetric matrix with eigenvalues that are apart."""
    return x + np.matrix_transpose(x) + np.diag(4.0 * np.arange(x.shape[-1]))


def definite(x: Any) -> Any:
    """A symmetric positive definite matrix."""
    return x @ np.matrix_transpose(x) + np.eye(x.shape[-1])


def of_upper_triangle(x: Any) -> Any:
    """Eigenvalues and vectors of what the upper triangle says; LAPACK's signs depend on the triangle."""
    w, v = np.linalg.eigh(x + np.diag([0.0, 4.0, 8.0]), UPLO="U")
    return w, abs(v)


def regular(x: Any) -> Any:
    """A matrix far from singular."""
    return x + 5.0 * np.eye(x.shape[-1])


ELEMENTWISE = [
    *(Call(name, getattr(np, name)) for name in (
        "positive", "exp2", "arcsinh", "sinc", "fabs", "deg2rad", "rad2deg", "degrees", "radians", "cbrt",
        "floor", "ceil", "trunc", "rint", "round", "around", "fix", "nan_to_num", "copy", "negative", "sign",
        "square", "tanh", "expm1", "abs",
    )),
    *(Call(name, getattr(np, name), low=0.3) for name in ("log2", "log10", "reciprocal", "sqrt", "log1p")),
    Call("arccosh", np.arccosh, low=1.1, high=3.0),
    Call("arctanh", np.arctanh, low=-0.9, high=0.9),
    Call("arcsin", np.asin, low=-0.9, high=0.9),
    Call("remainder", lambda x: x % 0.7),
    Call("remainder of a number", lambda x: 1.0 % x, low=0.55, high=0.95),
    Call("floor_divide", lambda x: x // 0.7),
    Call("floor_divide of a number", lambda x: 1.0 // x, low=0.55, high=0.95),
    Call("mod", lambda x: np.mod(x, -0.6)),
    Call("fmod", lambda x: np.fmod(x, 0.6)),
    Call("divmod", lambda x: np.divmod(x, 0.6)),
    Call("Python's divmod", lambda x: divmod(x, 0.6)),
    Call("modf", np.modf),
    Call("unary plus", lambda x: +x),
    Call("arctan2", lambda x: np.arctan2(x, 0.7)),
    Call("atan2 below", lambda x: np.atan2(0.7, x)),
    Call("hypot", lambda x: np.hypot(x, 2.0)),
    Call("logaddexp", lambda x: np.logaddexp(x, 0.5)),
    Call("logaddexp2", lambda x: np.logaddexp2(0.5, x)),
    Call("fmax", lambda x: np.fmax(x, 0.25)),
    Call("fmin", lambda x: np.fmin(x, np.nan)),
    Call("float_power", lambda x: np.float_power(x, 1.5), low=0.3),
    Call("pow", lambda x: np.pow(x, 3)),
    Call("round to decimals", lambda x: np.round(x, decimals=1)),
    Call("round to tens", lambda x: np.round(100.0 * x, -1)),
    Call("Python's round", lambda x: x.round(1) if isinstance(x, np.ndarray) else round(x, 1)),
    Call("clip by a_min and a_max", lambda x: np.clip(x, a_min=-0.51, a_max=1.02)),
    Call("clip by min and max", lambda x: np.clip(x, min=-0.51, max=1.02)),
    Call("clip by place", lambda x: np.clip(x, -0.51, 1.02)),
    Call("clip above", lambda x: np.clip(x, None, 1.02)),
    Call("the method clip", lambda x: x.clip(-0.51, 1.02)),
    Call("the method clip by name", lambda x: x.clip(min=-0.51, max=1.02)),
    Call("the method round", lambda x: x.round(1)),
    Call("the method copy", lambda x: x.copy()),
]  # fmt: skip

REDUCING = [
    *(Call(f"{n} of all", getattr(np, n)) for n in ("sum", "prod")),
    *(Call(f"{n} of all", getattr(np, n), (POINT, *AXES))
      for n in ("mean", "var", "max", "min", "ptp", "amax")),
    *(Call(f"the method {n}", lambda x, n=n: getattr(x, n)(axis=-1), AXES)
      for n in ("sum", "mean", "prod", "max", "min", "var", "std", "cumsum", "cumprod")),
    Call("sum along axes", lambda x: np.sum(x, axis=(0, -1), keepdims=True), TABLES),
    Call("sum by NumPy's name", lambda x: np.sum(a=x, axis=0), AXES),
    Call("sum into nothing", lambda x: np.sum(x, out=None)),
    Call("sum where", lambda x: np.sum(x, axis=0, where=[True, False, False, True]), TABLES),
    Call("sum from", lambda x: np.sum(x, axis=-1, initial=3.0), AXES),
    Call("sum in float64", lambda x: np.sum(x, dtype=np.float64)),
    Call("prod where", lambda x: np.prod(x, axis=0, where=[True, False, False, True], initial=2.0), TABLES),
    Call("mean where", lambda x: np.mean(x, where=[True, False, False, True]), AXES),
    Call("mean along axes", lambda x: np.mean(x, axis=(-1, 0), keepdims=True), TABLES),
    Call("max where", lambda x: np.max(x, axis=-1, where=[True, False, False, True], initial=-9.0), AXES),
    Call("max from", lambda x: np.max(x, axis=-1, initial=0.1), AXES),
    Call("min from", lambda x: np.min(x, axis=0, initial=0.1, keepdims=True), (*AXES, (0, 2))),
    Call("var, correction", lambda x: np.var(x, axis=-1, correction=1), AXES),
    Call("var where", lambda x: np.var(x, axis=-1, where=[True, True, False, True], ddof=1), AXES),
    Call("var about a mean", lambda x: np.var(x, axis=-1, mean=np.mean(x, axis=-1, keepdims=True)), AXES),
    Call("std where", lambda x: np.std(x, axis=-1, where=[True, True, False, True], keepdims=True), AXES),
    Call("average", np.average, AXES),
    Call("weighted average", lambda x: np.average(x, axis=-1, weights=[1.0, 2.0, 0.5, 0.25]), AXES),
    Call("weights that move", lambda x: np.average(x, weights=x * x + 1.0, keepdims=True), AXES),
    Call("average returned", lambda x: np.average(x, axis=0, weights=x * x, returned=True), AXES),
    Call("median", np.median, (POINT, *AXES, (5,))),
    Call("median along axes", lambda x: np.median(x, axis=(0, -1), keepdims=True), TABLES),
    Call("quantile", lambda x: np.quantile(x, 0.3, axis=-1), AXES),
    Call("quantiles", lambda x: np.quantile(x, [[0.1, 1.0], [0.5, 0.0]], axis=0, keepdims=True), AXES),
    *(Call(f"percentile, {m}", lambda x, m=m: np.percentile(x, 37.0, axis=-1, method=m), AXES)
      for m in ("lower", "higher", "midpoint", "nearest")),
    Call("cumsum", np.cumsum),
    Call("cumsum along an axis", lambda x: np.cumsum(x, axis=0), AXES),
    Call("cumprod", np.cumprod),
    Call("cumprod along an axis", lambda x: np.cumprod(x, -2), TABLES),
    Call("trace", np.trace, (*TABLES, (3, 3))),
    Call("trace of other axes", lambda x: np.trace(x, 1, 2, 0), (CUBE,)),
    Call("the method trace", lambda x: x.trace(offset=-1), TABLES),
]  # fmt: skip

PRODUCTS = [
    Call("dot", lambda x: np.dot(x, np.swapaxes(x, -1, -2)), TABLES),
    Call("dot of rows", lambda x: np.dot(x, x), (POINT, ROW)),
    Call("dot with a row", lambda x: np.dot(x, np.arange(4.0)), AXES),
    Call("dot with a number", lambda x: np.dot(x, 3.0)),
    Call("the method dot", lambda x: x.dot(np.ones((4, 2))), AXES),
    Call("inner", lambda x: np.inner(x, 2.0 * x), (POINT, *AXES)),
    Call("vdot", lambda x: np.vdot(x, x + 1.0)),
    Call("vecdot", lambda x: np.vecdot(x, x[..., ::-1]), AXES),
    Call("vecdot along an axis", lambda x: np.vecdot(x, x, axis=0), AXES),
    Call("tensordot", lambda x: np.tensordot(x, x, 2), ((3, 3), (2, 3, 2, 3))),
    Call("tensordot over axes", lambda x: np.tensordot(x, x, axes=([0, 1], [0, 1])), TABLES),
    Call("tensordot over one", lambda x: np.tensordot(x, np.ones((2, 4)), axes=(-1, 1)), AXES),
    Call("tensordot over none", lambda x: np.tensordot(x, np.ones(2), 0), (POINT, ROW)),
    Call("kron", lambda x: np.kron(x, np.array([[1.0, 2.0]])), (POINT, ROW, TABLE)),
    Call("kron with itself", lambda x: np.kron(x, x), ((2,), (2, 2))),
    Call("cross", lambda x: np.cross(x, x[::-1] * x), ((3,), (2, 3))),
    Call("cross along an axis", lambda x: np.cross(x, x * x, axis=0), ((3, 2),)),
    Call("cross, three axes", lambda x: np.cross(x, x * x, axisa=0, axisb=0, axisc=0), ((3, 2),)),
    *(Call(f"convolve, {m}", lambda x, m=m: np.convolve(x, [1.0, -2.0, 0.5], m), ((4,), (2,), (5,)))
      for m in ("full", "same", "valid")),
    *(Call(f"correlate, {m}", lambda x, m=m: np.correlate(x, [1.0, -2.0, 0.5, 3.0], m), ((5,), (4,), (2,)))
      for m in ("full", "same", "valid")),
    Call("einsum, optimize", lambda x: np.einsum("ij,kj->ik", x, x, optimize=True), (TABLE,)),
    Call("einsum of lists", lambda x: np.einsum(x, [0, 1], x, [2, 1], [0, 2]), (TABLE,)),
    Call("einsum of lists with an ellipsis", lambda x: np.einsum(x, [Ellipsis, 3], [3, Ellipsis]), TABLES),
    Call("einsum of lists, no result said", lambda x: np.einsum(x, [1, 0]), (TABLE,)),
    Call("matrix_transpose", np.matrix_transpose, TABLES),
]  # fmt: skip

SHAPES = [
    Call("ravel", np.ravel),
    Call("ravel in columns", lambda x: np.ravel(x, order="F")),
    Call("reshape in columns", lambda x: np.reshape(x, (2, -1), order="F"), AXES),
    Call("the method ravel", lambda x: x.ravel()),
    Call("the method flatten", lambda x: x.flatten()),
    Call("the method reshape", lambda x: x.reshape(-1, 2, order="F"), AXES),
    Call("diagonal", np.diagonal, TABLES),
    Call("diagonal beside", lambda x: np.diagonal(x, offset=-1, axis1=-1, axis2=0), TABLES),
    Call("diagonal outside", lambda x: np.diagonal(x, 9), TABLES),
    Call("the method diagonal", lambda x: x.diagonal(), TABLES),
    Call("moveaxis", lambda x: np.moveaxis(x, 0, -1), AXES),
    Call("moveaxis of two", lambda x: np.moveaxis(x, (0, 1), (-1, 0)), TABLES),
    Call("rollaxis", lambda x: np.rollaxis(x, -1), AXES),
    Call("rollaxis to", lambda x: np.rollaxis(x, 0, 2), TABLES),
    Call("permute_dims", lambda x: np.permute_dims(x, (1, 0, 2)), (CUBE,)),
    Call("expand_dims", lambda x: np.expand_dims(x, (0, -1))),
    Call("fliplr", np.fliplr, TABLES),
    Call("flipud", np.flipud, AXES),
    *(Call(f"rot90, {k} times", lambda x, k=k: np.rot90(x, k), TABLES) for k in (-1, 0, 1, 2)),
    Call("rot90 of other axes", lambda x: np.rot90(x, axes=(2, 0)), (CUBE,)),
    *(Call(name, getattr(np, name)) for name in ("atleast_1d", "atleast_2d", "atleast_3d")),
    Call("atleast_1d of two", lambda x: np.atleast_1d(x, x)),
    Call("broadcast_arrays", lambda x: np.broadcast_arrays(x, np.ones((2, 1, 1))), (POINT, ROW, TABLE)),
    Call("meshgrid", lambda x: np.meshgrid(x, 2.0 * x), (ROW,)),
    Call("meshgrid, ij", lambda x: np.meshgrid(x, x[:2], x[1:], indexing="ij"), (ROW,)),
    Call("meshgrid, sparse", lambda x: np.meshgrid(x, x[:2], sparse=True), (ROW,)),
    Call("mT", lambda x: x.mT, TABLES),
    Call("unstack", lambda x: np.unstack(x, axis=-1), AXES),
]  # fmt: skip

JOINING = [
    *(Call(name, lambda x, name=name: getattr(np, name)([x, 2.0 * x]), (POINT, *AXES))
      for name in ("vstack", "hstack", "dstack")),
    Call("column_stack", lambda x: np.column_stack([x, x * x]), (ROW, TABLE)),
    Call("concat", lambda x: np.concat([x, x * x], axis=-1), AXES),
    Call("append", lambda x: np.append(x, [3.0, 4.0])),
    Call("append along an axis", lambda x: np.append(x, x * x, axis=-1), AXES),
    Call("array_split", lambda x: np.array_split(x, 3, axis=-1), AXES),
    Call("array_split at", lambda x: np.array_split(x, [1, 3], axis=-1), AXES),
    Call("hsplit", lambda x: np.hsplit(x, 2), ((4,), (3, 4))),
    Call("vsplit", lambda x: np.vsplit(x, [1]), TABLES),
    Call("dsplit", lambda x: np.dsplit(x, 2), (CUBE,)),
    Call("delete", lambda x: np.delete(x, [1, -1])if x.size > 1 else x * 1.0, AXES),
    Call("delete along an axis", lambda x: np.delete(x, slice(0, 2), axis=-1), AXES),
    Call("insert", lambda x: np.insert(x, 1, 7.0), AXES),
    Call("insert along an axis", lambda x: np.insert(x, 1, np.arange(4.0), axis=0), TABLES),
    Call("insert a slice's places", lambda x: np.insert(x, slice(0, 3), 7.0, axis=-1), AXES),
    Call("insert at places", lambda x: np.insert(x, [0, 2, 2], [1.0, 2.0, 3.0], axis=-1), AXES),
    Call("insert layers", lambda x: np.insert(x, 1, np.ones((2, 3)), axis=1), (TABLE,)),
]  # fmt: skip

ORDERING = [
    Call("sort", np.sort, (*AXES, (0,))),
    Call("sort along an axis", lambda x: np.sort(x, axis=0, kind="stable"), AXES),
    Call("sort of all", lambda x: np.sort(x, axis=None), (POINT, *AXES)),
    Call("take", lambda x: np.take(x, [3, 0, 0]), AXES),
    Call("take along an axis", lambda x: np.take(x, [[0, -1]], axis=-1), AXES),
    Call("take a layer", lambda x: np.take(x, 1, axis=0), AXES),
    Call("take, wrap", lambda x: np.take(x, [5, -6], axis=-1, mode="wrap"), AXES),
    Call("take, clip", lambda x: np.take(x, [5, -6], axis=-1, mode="clip"), AXES),
    Call("the method take", lambda x: x.take([1, 1], axis=-1), AXES),
    Call("the method repeat", lambda x: x.repeat(2, axis=-1), AXES),
    Call("diff", np.diff, AXES),
    Call("diff twice", lambda x: np.diff(x, n=2, axis=0), (*TABLES, (2,))),
    Call("diff, more in front", lambda x: np.diff(x, prepend=0.5, append=x[..., :1]), AXES),
    Call("argsort", np.argsort, (*AXES, (0,))),
    Call("argmin", lambda x: np.argmin(x, axis=0), AXES),
    Call("the method argsort", lambda x: x.argsort(axis=0), AXES),
    Call("the method argmin", lambda x: x.argmin(axis=-1, keepdims=True), AXES),
    Call("the methods any and all", lambda x: (x.any(axis=0), x.all(), x.nonzero()[0]), AXES),
]  # fmt: skip

LINALG = [
    Call("inv", lambda x: np.linalg.inv(regular(x)), SQUARE),
    Call("det", np.linalg.det, SQUARE),
    Call("slogdet", lambda x: np.linalg.slogdet(regular(x)), SQUARE),
    Call("solve for a row", lambda x: np.linalg.solve(regular(x), np.arange(x.shape[-1]) + 1.0), SQUARE),
    Call("solve for columns", lambda x: np.linalg.solve(regular(x), x), SQUARE),
    Call("cholesky", lambda x: np.linalg.cholesky(definite(x)), SQUARE),
    Call("cholesky, upper", lambda x: np.linalg.cholesky(definite(x), upper=True), SQUARE),
    Call("eigvalsh", lambda x: np.linalg.eigvalsh(symmetric(x)), SQUARE),
    Call("eigh", lambda x: np.linalg.eigh(symmetric(x)), SQUARE),
    Call("eigh of a lower triangle", lambda x: np.linalg.eigh(x + np.diag([0.0, 4.0, 8.0]), "L"), ((3, 3),)),
    Call("eigh of an upper triangle", of_upper_triangle, ((3, 3),)),
    Call("svd", np.linalg.svd, SQUARE),
    Call("svd, thin", lambda x: np.linalg.svd(x, full_matrices=False), (*SQUARE, (3, 2), (2, 3))),
    Call("svd, values alone", lambda x: np.linalg.svd(x, compute_uv=False), (*SQUARE, (3, 2))),
    Call("svdvals", np.linalg.svdvals, (*SQUARE, (2, 3))),
    Call("pinv", np.linalg.pinv, (*SQUARE, (3, 2), (2, 3))),
    Call("lstsq", lambda x: np.linalg.lstsq(x, [1.0, -2.0, 0.5])[:2], ((3, 2),)),
    *(Call(f"matrix_power {n}", lambda x, n=n: np.linalg.matrix_power(regular(x), n), SQUARE)
      for n in (-2, 0, 1, 3)),
    Call("multi_dot", lambda x: np.linalg.multi_dot([x, np.ones((4, 2)), np.ones(2)]), (ROW, TABLE)),
    Call("multi_dot from a row", lambda x: np.linalg.multi_dot([[1.0, 2.0, 3.0], x, x.T]), (TABLE,)),
    *(Call(f"cond {p}", lambda x, p=p: np.linalg.cond(regular(x), p), SQUARE[:2])
      for p in (None, -2, 1, "fro")),
    Call("norm", np.linalg.norm, (*AXES, POINT)),
    *(Call(f"norm of vectors, {p}", lambda x, p=p: np.linalg.norm(x, p, axis=-1, keepdims=True), AXES)
      for p in (1, 2, 3, 2.5, -1, 0, np.inf, -np.inf)),
    *(Call(f"norm of matrices, {p}", lambda x, p=p: np.linalg.norm(x, p, axis=(0, 1)), TABLES)
      for p in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)),
    Call("norm of a matrix", lambda x: np.linalg.norm(x, 2, keepdims=True), (TABLE,)),
    Call("vector_norm", lambda x: np.linalg.vector_norm(x, ord=3), AXES),
    Call("vector_norm along axes", lambda x: np.linalg.vector_norm(x, axis=(0, -1), keepdims=True), TABLES),
    Call("matrix_norm", lambda x: np.linalg.matrix_norm(x, ord="nuc", keepdims=True), TABLES),
    Call("linalg.trace", np.linalg.trace, TABLES),
    Call("linalg.diagonal", lambda x: np.linalg.diagonal(x, offset=1), TABLES),
    Call("linalg.outer", lambda x: np.linalg.outer(x, x), (ROW,)),
    Call("linalg.cross", lambda x: np.linalg.cross(x, x * x), ((2, 3),)),
    Call("linalg.matmul", lambda x: np.linalg.matmul(x, np.ones((4, 2))), TABLES),
    Call("linalg.tensordot", lambda x: np.linalg.tensordot(x, x, axes=1), ((3, 3),)),
    Call("linalg.vecdot", lambda x: np.linalg.vecdot(x, x), AXES),
]  # fmt: skip

if hasattr(np, "matvec"):  # NumPy 2.2's
    PRODUCTS += [
        Call("matvec", lambda x: np.matvec(x, np.arange(4.0)), TABLES),
        Call("vecmat", lambda x: np.vecmat(np.arange(3.0), x), TABLES),
    ]

WIDENED = {"float_power", "quantiles", "dot with a number"}
"""Where NumPy makes float64 of float32: here float32 stays."""

CALLS = [*ELEMENTWISE, *REDUCING, *PRODUCTS, *SHAPES, *JOINING, *ORDERING, *LINALG]
