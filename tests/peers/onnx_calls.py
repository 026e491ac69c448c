"""How ONNX's operators are written here: the operator's inputs and attributes in, an array or Tensor out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

import autograd_lite as al
from autograd_lite import linalg


def _axes(axes: Any) -> Any:
    return None if axes is None or np.size(axes) == 0 else tuple(int(i) for i in np.ravel(axes))


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(
        x: Any,
        given: Any = None,
        *,
        axes: Any = None,
        keepdims: int = 1,
        noop_with_empty_axes: int = 0,
    ) -> Any:
        axes = _axes(given if given is not None else axes)
        if axes is None and noop_with_empty_axes:
            return x
        return function(x, axis=axes, keepdims=bool(keepdims))

    return call


def _root(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return al.norm(x, axis=axis, keepdims=keepdims)


def _gemm(
    a: Any,
    b: Any,
    c: Any = 0.0,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    transA: int = 0,
    transB: int = 0,
) -> Any:
    return alpha * ((a.T if transA else a) @ (b.T if transB else b)) + beta * c


def _clipped(x: Any, low: Any = None, high: Any = None) -> Any:
    return al.clip(x, low, high)


def _sliced(x: Any, starts: Any, ends: Any, axes: Any = None, steps: Any = None) -> Any:
    index: list[Any] = [slice(None)] * x.ndim
    places = range(len(starts)) if axes is None else axes
    for k, axis in enumerate(places):
        end = int(ends[k])
        step = 1 if steps is None else int(steps[k])
        stop = None if step < 0 and end < -x.shape[int(axis)] else end
        index[int(axis)] = slice(int(starts[k]), stop, step)
    return x[tuple(index)]


def _joined(*parts: Any, axis: int) -> Any:
    return al.concatenate(list(parts), axis=axis)


def _split(
    x: Any, sizes: Any = None, *, axis: int = 0, num_outputs: int | None = None, split: Any = None
) -> Any:
    sizes = split if sizes is None else sizes
    if sizes is None:
        chunk = -(
            -x.shape[axis] // (num_outputs or 2)
        )  # before version 18: as many as the node has outputs
        return al.split(x, list(range(chunk, x.shape[axis], chunk)), axis=axis)
    return al.split(x, [int(i) for i in np.cumsum(sizes)[:-1]], axis=axis)


def _reshaped(x: Any, shape: Any, *, allowzero: int = 0) -> Any:
    shape = [x.shape[i] if n == 0 and not allowzero else int(n) for i, n in enumerate(shape)]
    return x.reshape(shape)


def _expanded(x: Any, shape: Any) -> Any:
    return al.broadcast_to(x, np.broadcast_shapes(x.shape, tuple(int(n) for n in shape)))


def _unsqueezed(x: Any, axes: Any) -> Any:
    return al.expand_dims(x, _axes(axes))


def _squeezed(x: Any, axes: Any = None) -> Any:
    return al.squeeze(x, axis=_axes(axes))


def _flattened(x: Any, *, axis: int = 1) -> Any:
    rows = int(np.prod(x.shape[:axis] if axis else (), dtype=int))
    return x.reshape(rows, -1)


def _cumulated(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(x: Any, axis: Any, *, exclusive: int = 0, reverse: int = 0) -> Any:
        axis = int(axis)
        x = al.flip(x, axis=axis) if reverse else x
        y = function(x, axis=axis)
        if exclusive:  # of what comes before: nothing for the first
            neutral = al.take(x, [0], axis=axis) * 0.0 + (function is al.cumprod)
            y = al.concatenate(
                [neutral, al.take(y, range(x.shape[axis] - 1), axis=axis)], axis=axis
            )
        return al.flip(y, axis=axis) if reverse else y

    return call


def _triangle(x: Any, k: Any = 0, *, upper: int = 1) -> Any:
    return (al.triu if upper else al.tril)(x, int(k))


def _folded(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*parts: Any) -> Any:
        y = parts[0]
        for part in parts[1:]:
            y = function(y, part)
        return y

    return call


def _remainder(x: Any, y: Any, *, fmod: int = 0) -> Any:
    return al.fmod(x, y) if fmod else x % y


OPERATORS: Final[dict[str, Callable[..., Any]]] = {
    **{
        name: getattr(al, ours or name.lower())
        for name, ours in {
            "Abs": "", "Acos": "arccos", "Acosh": "arccosh", "Asin": "arcsin", "Asinh": "arcsinh",
            "Atan": "arctan", "Atanh": "arctanh", "Ceil": "", "Cos": "", "Cosh": "", "Erf": "",
            "Exp": "", "Floor": "", "Log": "", "Neg": "negative", "Reciprocal": "", "Relu": "",
            "Round": "", "Sigmoid": "", "Sign": "", "Sin": "", "Sinh": "", "Softplus": "",
            "Sqrt": "", "Tan": "", "Tanh": "",
        }.items()
    },
    "Add": lambda x, y: x + y,
    "Sub": lambda x, y: x - y,
    "Mul": lambda x, y: x * y,
    "Div": lambda x, y: x / y,
    "Pow": lambda x, y: x**y,
    "Mod": _remainder,
    "Max": _folded(al.maximum),
    "Min": _folded(al.minimum),
    "Sum": _folded(al.add),
    "Mean": lambda *parts: _folded(al.add)(*parts) / len(parts),
    "Clip": _clipped,
    "Where": lambda c, x, y: al.where(c, x, y),
    "Elu": lambda x, *, alpha=1.0: al.elu(x, alpha),
    "LeakyRelu": lambda x, *, alpha=0.01: al.leaky_relu(x, alpha),
    "PRelu": lambda x, slope: al.leaky_relu(x, slope),
    "Softsign": lambda x: x / (1 + al.abs(x)),
    "Gelu": lambda x, *, approximate="none": al.gelu(x) if approximate == "none" else 0.5
    * x
    * (1 + al.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    "ReduceSum": _reduced(al.sum),
    "ReduceMean": _reduced(al.mean),
    "ReduceProd": _reduced(al.prod),
    "ReduceMax": _reduced(al.max),
    "ReduceMin": _reduced(al.min),
    "ReduceL1": _reduced(lambda x, **along: al.sum(al.abs(x), **along)),
    "ReduceL2": _reduced(_root),
    "ReduceLogSum": _reduced(lambda x, **along: al.log(al.sum(x, **along))),
    "ReduceLogSumExp": _reduced(al.logsumexp),
    "ReduceSumSquare": _reduced(lambda x, **along: al.sum(al.square(x), **along)),
    "Softmax": lambda x, *, axis=-1: al.softmax(x, axis=axis),
    "LogSoftmax": lambda x, *, axis=-1: al.log_softmax(x, axis=axis),
    "CumSum": _cumulated(al.cumsum),
    "CumProd": _cumulated(al.cumprod),
    "MatMul": lambda x, y: x @ y,
    "Gemm": _gemm,
    "Det": lambda x: linalg.det(x),
    "Einsum": lambda *parts, equation: al.einsum(equation, *parts),
    "Reshape": _reshaped,
    "Transpose": lambda x, *, perm=None: al.transpose(x, perm),
    "Expand": _expanded,
    "Unsqueeze": _unsqueezed,
    "Squeeze": _squeezed,
    "Flatten": _flattened,
    "Concat": _joined,
    "Split": _split,
    "Slice": _sliced,
    "Tile": lambda x, times: al.tile(x, tuple(int(n) for n in times)),
    "Gather": lambda x, index, *, axis=0: al.take(x, index, axis=axis),
    "GatherElements": lambda x, index, *, axis=0: al.take_along_axis(x, index, axis=axis),
    "Trilu": _triangle,
    "Identity": lambda x: x * 1.0,
    "GlobalAveragePool": lambda x: al.mean(x, axis=tuple(range(2, x.ndim)), keepdims=True),
    "GlobalMaxPool": lambda x: al.max(x, axis=tuple(range(2, x.ndim)), keepdims=True),
}  # fmt: skip
