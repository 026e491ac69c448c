"""Activations: what a layer does with its excitations."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.entrywise import entrywise
from autograd_lite.interop.onnx_reading.operators.truths import truth
from autograd_lite.interop.onnx_reading.operators.versions import Function, Table
from autograd_lite.interop.onnx_reading.values import Given, axis_of, dtype_of
from autograd_lite.rules.namespaces import plain

_ROOT: Final = math.sqrt(2.0 / math.pi)


def _leaky(x: Given, *, alpha: float = 0.01) -> Any:
    return f.leaky_relu(x, alpha)


def _elu(x: Given, *, alpha: float = 1.0) -> Any:
    return f.elu(x, alpha)


def _celu(x: Given, *, alpha: float = 1.0) -> Any:
    return alpha * f.elu(x / alpha)


def _selu(x: Given, *, alpha: float, gamma: float) -> Any:
    return gamma * f.elu(x, alpha)


def _gelu(x: Given, *, approximate: str = "none") -> Any:
    if approximate == "none":
        return f.gelu(x)
    if approximate != "tanh":
        raise OperandError(f"approximate is 'none' or 'tanh', not {approximate!r}")
    return 0.5 * x * (1.0 + f.tanh(_ROOT * (x + 0.044715 * x**3)))


def hard_sigmoid(x: Given, *, alpha: float = 0.2, beta: float = 0.5) -> Any:
    """A line between 0 and 1: max(0, min(1, αx + β))."""
    return f.clip(alpha * x + beta, 0.0, 1.0)


def _hard_swish(x: Given) -> Any:
    return x * f.clip(x / 6.0 + 0.5, 0.0, 1.0)


def _mish(x: Given) -> Any:
    return x * f.tanh(f.softplus(x))


def _shrunk(x: Given, *, bias: float = 0.0, lambd: float = 0.5) -> Any:
    low, high = truth("less", x, np.array(-lambd)), truth("greater", x, np.array(lambd))
    return f.where(low, x + bias, f.where(high, x - bias, 0.0 * x))


def softsign(x: Given) -> Any:
    """The sign made smooth: x/(1 + |x|)."""
    return x / (1.0 + f.absolute(x))


def thresholded(x: Given, *, alpha: float = 1.0) -> Any:
    """What is above α, else 0."""
    return f.where(truth("greater", x, np.array(alpha)), x, np.zeros((), dtype_of(x)))


def _with_slopes(x: Given, slope: Given) -> Any:
    return entrywise(f.leaky_relu, lambda x, a: np.where(x < 0, x * a, x))(x, slope)


def along_axis(function: Function) -> Function:
    """A function along one axis, as it is since version 13."""
    return lambda x, *, axis=-1: function(x, axis=axis_of(axis, x.ndim))


def along_the_rest(function: Function) -> Function:
    """A function along an axis and all behind it as one: what ONNX meant before version 13."""

    def of_rest(x: Given, *, axis: int = 1) -> Any:
        k = axis_of(axis, x.ndim)
        rows = f.reshape(x, (math.prod(x.shape[:k]), math.prod(x.shape[k:])))
        return f.reshape(function(rows, axis=1), x.shape)

    return of_rest


def _hardmax(x: Given, *, axis: int) -> Any:
    """1 at the first largest entry, 0 elsewhere."""
    numbers = plain(x)
    if not numbers.size:
        return numbers
    places = np.expand_dims(np.argmax(numbers, axis=axis), axis)
    y = np.zeros_like(numbers)
    np.put_along_axis(y, places, 1.0, axis)
    return y


_SOFTMAXES: Final[dict[str, Function]] = {
    "Softmax": f.softmax,
    "LogSoftmax": f.log_softmax,
    "Hardmax": _hardmax,
}

OPERATORS: Table = {
    "Relu": entrywise(f.relu, lambda x: np.maximum(x, 0)),
    "Sigmoid": f.sigmoid,
    "Softplus": f.softplus,
    "LeakyRelu": _leaky,
    "PRelu": _with_slopes,
    "Elu": _elu,
    "Celu": _celu,
    "Selu": _selu,
    "Gelu": _gelu,
    "HardSigmoid": hard_sigmoid,
    "HardSwish": _hard_swish,
    "Mish": _mish,
    "Shrink": _shrunk,
    "Softsign": softsign,
    "ThresholdedRelu": thresholded,
    **{
        name: {1: along_the_rest(function), 13: along_axis(function)}
        for name, function in _SOFTMAXES.items()
    },
}
