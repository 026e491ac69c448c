"""How each of PyTorch's operations is written here: torch's signature, and this project's call.

An operation that has several results returns a tuple or a list of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

import autograd_lite as al
from autograd_lite import linalg


def _of_one(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x: function(x)


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(x: Any, dim: Any = None, keepdim: bool = False, **options: Any) -> Any:
        options.pop("dtype", None)
        return function(x, axis=_axes(dim), keepdims=keepdim, **options)

    return call


def _axes(dim: Any) -> Any:
    return (tuple(dim) or None) if isinstance(dim, (list, tuple)) else dim


def _with_indices(function: Callable[..., Any], of_two: Callable[..., Any]) -> Callable[..., Any]:
    """max, min along dim, the numbers without the places, which have no derivative; or of two tensors."""

    def call(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if isinstance(dim, al.Tensor):
            return of_two(x, dim)
        return function(x, axis=dim, keepdims=keepdim)

    return call


def _spread(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(x: Any, *args: Any, **options: Any) -> Any:
        if args and isinstance(args[0], bool):
            options["correction"] = int(args[0])
            args = args[1:]
        if "unbiased" in options:
            options["correction"] = int(options.pop("unbiased"))
        dim = args[0] if args else options.pop("dim", None)
        ddof = options.pop("correction", None)
        ddof = 1 if ddof is None else ddof
        return function(x, axis=_axes(dim), keepdims=options.pop("keepdim", False), ddof=ddof)

    return call


def _added(x: Any, y: Any, *, alpha: Any = 1) -> Any:
    return x + alpha * y


def _divided(x: Any, y: Any, *, rounding_mode: str | None = None) -> Any:
    rounding = {None: lambda q: q, "trunc": al.trunc, "floor": al.floor}[rounding_mode]
    return rounding(x / y)


def _clamped(x: Any, low: Any = None, high: Any = None, **bounds: Any) -> Any:
    return al.clip(x, bounds.get("min", low), bounds.get("max", high))


def _flattened(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    if x.ndim == 0:
        return x.reshape(1)
    end = end_dim % x.ndim
    start = start_dim % x.ndim
    return x.reshape((*x.shape[:start], -1, *x.shape[end + 1 :]))


def _taken_along(x: Any, index: Any, dim: int | None = None) -> Any:
    return al.take_along_axis(x, index, axis=dim)


def _rolled(x: Any, shifts: Any, dims: Any = None) -> Any:
    return al.roll(x, shifts, axis=dims)


def _differences(x: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
    joined = [part for part in (prepend, x, append) if part is not None]
    x = al.concatenate(joined, axis=dim) if n and len(joined) > 1 else x
    return al.diff(x, min(n, x.shape[dim]), axis=dim)  # torch stops where nothing is left


def _contracted(x: Any, y: Any, dims: Any = 2) -> Any:
    return al.tensordot(x, y, axes=dims)


def _vector_norm(
    x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, dtype: Any = None
) -> Any:
    if dim is None:
        y = al.norm(al.ravel(x), ord=ord)
        return y.reshape((1,) * x.ndim) if keepdim else y
    if not isinstance(dim, (tuple, list)) or len(dim) == 1:
        return linalg.norm(
            x, ord=ord, axis=_axes(dim)[0] if not isinstance(dim, int) else dim, keepdims=keepdim
        )
    rest = [i for i in range(x.ndim) if i not in {d % x.ndim for d in dim}]
    rows = al.transpose(x, (*rest, *dim)).reshape((*(x.shape[i] for i in rest), -1))
    y = linalg.norm(rows, ord=ord, axis=-1)
    return al.expand_dims(y, tuple(d % x.ndim for d in dim)) if keepdim else y


def _solved(a: Any, b: Any, *, left: bool = True) -> Any:
    """NumPy takes b for one vector only where it has one axis; torch also where it has a's leading axes."""
    if b.ndim > 1 and b.shape == a.shape[:-1]:
        return linalg.solve(a, b[..., None])[..., 0]
    return linalg.solve(a, b)


def _matrix_norm(
    x: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, dtype: Any = None
) -> Any:
    return linalg.norm(x, ord=ord, axis=tuple(dim), keepdims=keepdim)


def _lin_norm(
    x: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, dtype: Any = None
) -> Any:
    return linalg.norm(x, ord=ord, axis=_axes(dim), keepdims=keepdim)


def _tiled(x: Any, dims: Any) -> Any:
    return al.tile(x, dims)


def _repeated(x: Any, *times: Any) -> Any:
    times = times[0] if len(times) == 1 and isinstance(times[0], tuple) else times
    return al.tile(x, times)


def _stacked(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda parts, dim=0: function(list(parts), axis=dim)


def _shown(function: Callable[..., Any]) -> Callable[..., Any]:
    """Of several tensors, as hstack takes them: given one by one or in a list."""

    def call(*parts: Any) -> Any:
        return function(list(parts[0]) if isinstance(parts[0], (list, tuple)) else list(parts))

    return call


def _unaligned(x: Any, *shape: Any) -> Any:
    """torch's expand: -1 keeps a length."""
    shape = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    kept = (1,) * (len(shape) - x.ndim) + tuple(x.shape)
    return al.broadcast_to(x, tuple(k if n == -1 else n for n, k in zip(shape, kept, strict=True)))


def _chunks(x: Any, count: int, dim: int = 0) -> Any:
    size = -(-x.shape[dim] // count)
    return al.split(x, list(range(size, x.shape[dim], size)), axis=dim)


def _split(x: Any, sizes: Any, dim: int = 0) -> Any:
    if isinstance(sizes, int):
        return al.split(x, list(range(sizes, x.shape[dim], sizes)), axis=dim)
    return al.split(x, list(np.cumsum(sizes)[:-1]), axis=dim)


def _narrowed(x: Any, dim: int, start: Any, length: int) -> Any:
    index: list[Any] = [slice(None)] * x.ndim
    first = int(start) % max(x.shape[dim], 1) if int(start) < 0 else int(start)
    index[dim] = slice(first, first + length)
    return x[tuple(index)]


def _selected(x: Any, dim: int, index: int) -> Any:
    at: list[Any] = [slice(None)] * x.ndim
    at[dim] = index
    return x[tuple(at)]


def _logit(p: Any, eps: float | None = None) -> Any:
    p = p if eps is None else al.clip(p, eps, 1 - eps)
    return al.log(p) - al.log1p(-p)


def _gelu(x: Any, *, approximate: str = "none") -> Any:
    if approximate == "none":
        return al.gelu(x)
    return 0.5 * x * (1 + al.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def _plain(parts: Any) -> Any:
    return (
        parts.tolist()
        if isinstance(parts, np.ndarray)
        else parts
        if isinstance(parts, int)
        else list(parts)
    )


def _unit(x: Any, dim: Any) -> Any:
    if dim is None:
        return None
    return tuple(
        d for d in (dim if isinstance(dim, tuple) else (dim,)) if x.ndim and x.shape[d] == 1
    )


def _squeezed(x: Any, dim: Any = None) -> Any:
    unit = _unit(x, dim)
    return x if unit == () else al.squeeze(x, axis=unit)


def _index_selected(x: Any, dim: int, index: Any) -> Any:
    """torch takes one number for a tensor of one."""
    return (
        al.take(x, np.atleast_1d(index), axis=dim)
        if x.ndim
        else al.take(x, int(np.ravel(index)[0]))
    )


def _masked_select(x: Any, mask: Any) -> Any:
    shape = np.broadcast_shapes(x.shape, np.shape(mask))
    return al.broadcast_to(x, shape)[np.broadcast_to(mask, shape)]


def _sorted(x: Any, dim: int, descending: bool) -> Any:
    return -al.sort(-x, axis=dim, stable=True) if descending else al.sort(x, axis=dim, stable=True)


OPERATIONS: Final[dict[str, Callable[..., Any]]] = {
    # one operand, entry by entry
    **{
        torch_name: _of_one(getattr(al, name or torch_name))
        for torch_name, name in {
            "abs": "", "acos": "arccos", "asin": "arcsin", "atan": "arctan", "acosh": "arccosh",
            "asinh": "arcsinh", "atanh": "arctanh", "ceil": "", "cos": "", "cosh": "", "deg2rad": "",
            "erf": "", "exp": "", "exp2": "", "expm1": "", "floor": "", "log": "", "log10": "",
            "log1p": "", "log2": "", "nn.functional.relu": "relu", "nn.functional.silu": "silu",
            "neg": "negative", "positive": "", "rad2deg": "", "reciprocal": "",
            "sigmoid": "", "sin": "", "sinc": "", "sinh": "", "sqrt": "", "square": "", "tan": "",
            "tanh": "", "trunc": "", "sign": "", "ravel": "", "fliplr": "", "flipud": "",
        }.items()
    },
    "rsqrt": lambda x: 1.0 / al.sqrt(x),
    "frac": lambda x: x - al.trunc(x),
    "round": lambda x, *, decimals=0: al.round(x, decimals),
    "nan_to_num": lambda x, nan=0.0, posinf=None, neginf=None: al.nan_to_num(
        x, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf
    ),
    "logit": _logit,
    "nn.functional.gelu": _gelu,
    "nn.functional.elu": lambda x, alpha=1.0: al.elu(x, alpha),
    "nn.functional.leaky_relu": lambda x, negative_slope=0.01: al.leaky_relu(x, negative_slope),
    "nn.functional.logsigmoid": lambda x: -al.softplus(-x),
    "nn.functional.softsign": lambda x: x / (1 + al.abs(x)),
    "nn.functional.tanhshrink": lambda x: x - al.tanh(x),
    "nn.functional.mish": lambda x: x * al.tanh(al.softplus(x)),
    # two operands
    "add": _added,
    "sub": lambda x, y, *, alpha=1: x - alpha * y,
    "rsub": lambda x, y, *, alpha=1: y - alpha * x,
    "mul": lambda x, y: x * y,
    "div": _divided,
    "true_divide": lambda x, y: x / y,
    "floor_divide": lambda x, y: al.floor_divide(x, y),
    "remainder": lambda x, y: x % y,
    "fmod": lambda x, y: al.fmod(x, y),
    "pow": lambda x, y: x**y,
    "float_power": lambda x, y: al.float_power(x, y),
    "atan2": lambda x, y: al.arctan2(x, y),
    "hypot": lambda x, y: al.hypot(x, y),
    "logaddexp": lambda x, y: al.logaddexp(x, y),
    "logaddexp2": lambda x, y: al.logaddexp2(x, y),
    "maximum": lambda x, y: al.maximum(x, y),
    "minimum": lambda x, y: al.minimum(x, y),
    "fmax": lambda x, y: al.fmax(x, y),
    "fmin": lambda x, y: al.fmin(x, y),
    "xlogy": lambda x, y: al.where(al.Tensor(0.0) == x, 0.0, x * al.log(y)),
    **{f"__r{name}__": call for name, call in {
        "add": lambda x, y: y + x, "sub": lambda x, y: y - x, "mul": lambda x, y: y * x,
        "div": lambda x, y: y / x, "pow": lambda x, y: y**x, "mod": lambda x, y: y % x,
        "matmul": lambda x, y: y @ x,
    }.items()},
    "lerp": lambda x, y, w: x + w * (y - x),
    "addcmul": lambda x, a, b, *, value=1: x + value * a * b,
    "addcdiv": lambda x, a, b, *, value=1: x + value * (a / b),
    "where": lambda x, c, y: al.where(c, x, y),
    "clamp": _clamped,
    "clamp_min": lambda x, low: al.maximum(x, low),
    "clamp_max": lambda x, high: al.minimum(x, high),
    "masked_fill": lambda x, mask, v: al.where(mask, v, x),
    # reductions
    "sum": _reduced(al.sum),
    "mean": _reduced(al.mean),
    "prod": _reduced(al.prod),
    "amax": _reduced(al.max),
    "amin": _reduced(al.min),
    "max": _with_indices(al.max, al.maximum),
    "min": _with_indices(al.min, al.minimum),
    "var": _spread(al.var),
    "std": _spread(al.std),
    "logsumexp": _reduced(al.logsumexp),
    "cumsum": lambda x, dim, dtype=None: al.cumsum(x, axis=dim) if x.ndim else x * 1.0,
    "cumprod": lambda x, dim, dtype=None: al.cumprod(x, axis=dim) if x.ndim else x * 1.0,
    "softmax": lambda x, dim, dtype=None: al.softmax(x, axis=dim),
    "log_softmax": lambda x, dim, dtype=None: al.log_softmax(x, axis=dim),
    "diff": _differences,
    "trace": lambda x: linalg.trace(x),
    # shapes
    "reshape": lambda x, shape: x.reshape(shape),
    "view": lambda x, shape: x.reshape(shape),
    "flatten": _flattened,
    "squeeze": _squeezed,
    "unsqueeze": lambda x, dim: al.expand_dims(x, dim),
    "transpose": lambda x, a, b: al.swapaxes(x, a, b),
    "permute": lambda x, dims: al.transpose(x, dims),
    "movedim": lambda x, a, b: al.moveaxis(x, a, b),
    "T": lambda x: x.T,
    "t": lambda x: x.T,
    "expand": _unaligned,
    "broadcast_to": lambda x, shape: _unaligned(x, shape),
    "flip": lambda x, dims: al.flip(x, axis=tuple(dims)),
    "roll": _rolled,
    "rot90": lambda x, k=1, dims=(0, 1): al.rot90(x, k, axes=tuple(dims)),
    "tile": _tiled,
    "repeat": _repeated,
    "repeat_interleave": lambda x, repeats, dim=None, output_size=None: al.repeat(x, repeats, axis=dim),
    "stack": _stacked(al.stack),
    "cat": _stacked(al.concatenate),
    "hstack": _shown(al.hstack),
    "vstack": _shown(al.vstack),
    "dstack": _shown(al.dstack),
    "column_stack": _shown(al.column_stack),
    "split": _split,
    "split_with_sizes": _split,
    "chunk": _chunks,
    "tensor_split": lambda x, parts, dim=0: al.array_split(x, _plain(parts), axis=dim),
    "unbind": lambda x, dim=0: [_selected(x, dim, i) for i in range(x.shape[dim])],
    "narrow": _narrowed,
    "select": _selected,
    "diagonal": lambda x, offset=0, dim1=0, dim2=1: al.diagonal(x, offset, dim1, dim2),
    "diag": lambda x, diagonal=0: al.diag(x, diagonal),
    "tril": lambda x, diagonal=0: al.tril(x, diagonal),
    "triu": lambda x, diagonal=0: al.triu(x, diagonal),
    "gather": lambda x, dim, index: al.take_along_axis(x, index, axis=dim),
    "take_along_dim": _taken_along,
    "take": lambda x, index: al.take(x, index),
    "index_select": lambda x, dim, index: _index_selected(x, dim, index),
    "__getitem__": lambda x, index: x[index],
    "masked_select": lambda x, mask: _masked_select(x, mask),
    "sort": lambda x, dim=-1, descending=False, stable=False: _sorted(x, dim, descending),
    "msort": lambda x: al.sort(x, axis=0),
    # products
    "dot": lambda x, y: al.dot(x, y),
    "vdot": lambda x, y: al.vdot(x, y),
    "inner": lambda x, y: al.inner(x, y),
    "outer": lambda x, y: al.outer(x, y),
    "kron": lambda x, y: al.kron(x, y),
    "mm": lambda x, y: x @ y,
    "mv": lambda x, y: x @ y,
    "bmm": lambda x, y: x @ y,
    "matmul": lambda x, y: x @ y,
    "addmm": lambda c, x, y, *, beta=1, alpha=1: beta * c + alpha * (x @ y),
    "addmv": lambda c, x, y, *, beta=1, alpha=1: beta * c + alpha * (x @ y),
    "baddbmm": lambda c, x, y, *, beta=1, alpha=1: beta * c + alpha * (x @ y),
    "einsum": lambda parts, equation: al.einsum(equation, *parts),
    "tensordot": _contracted,
    "linalg.cross": lambda x, y, dim=-1: linalg.cross(x, y, axis=dim),
    "linalg.vecdot": lambda x, y, dim=-1: linalg.vecdot(x, y, axis=dim),
    # linear algebra
    "linalg.inv": lambda x: linalg.inv(x),
    "linalg.det": lambda x: linalg.det(x),
    "linalg.slogdet": lambda x: linalg.slogdet(x),
    "linalg.solve": _solved,
    "linalg.cholesky": lambda x, *, upper=False: linalg.cholesky(x, upper=upper),
    "linalg.svdvals": lambda x: linalg.svdvals(x),
    "linalg.matrix_power": lambda x, n: linalg.matrix_power(x, n),
    "linalg.multi_dot": lambda parts: linalg.multi_dot(parts),
    "linalg.vector_norm": _vector_norm,
    "linalg.matrix_norm": _matrix_norm,
    "linalg.norm": _lin_norm,
}  # fmt: skip
