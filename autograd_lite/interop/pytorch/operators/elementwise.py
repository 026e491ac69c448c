"""ATen's operators that work entry by entry, by name."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.comparing import compared, detached
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.operands import Numbers

_SELU: Final = (1.6732632423543772, 1.0507009873554805)


def _scaled(y: Numbers, by: float) -> Any:
    return y if by == 1 else f.multiply(by, y)


def _divided(x: Numbers, y: Numbers, *, rounding_mode: str | None = None) -> Any:
    if rounding_mode == "floor":
        return f.floor_divide(x, y)
    return f.trunc(f.divide(x, y)) if rounding_mode == "trunc" else f.divide(x, y)


def _power(x: Numbers, n: Numbers) -> Any:
    if isinstance(n, (int, float)) and n in (1, 2):
        return x if n == 1 else f.square(x)
    return f.power(x, n)


def _gelu(x: Numbers, *, approximate: str = "none") -> Any:
    if approximate == "none":
        return f.gelu(x)
    inner = f.multiply(math.sqrt(2 / math.pi), f.add(x, f.multiply(0.044715, f.power(x, 3))))
    return f.multiply(f.multiply(0.5, x), f.add(1.0, f.tanh(inner)))


def _elu(x: Numbers, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Any:
    """scale·x where x > 0, else scale·α·(exp(input_scale·x) - 1)."""
    if input_scale == 1:
        return _scaled(f.elu(x, alpha), scale)
    below = f.expm1(_scaled(f.minimum(x, 0.0), input_scale))
    return _scaled(f.add(f.maximum(x, 0.0), f.multiply(alpha, below)), scale)


def _celu(x: Numbers, alpha: float = 1.0) -> Any:
    return _elu(x, alpha, 1.0, 1.0 / alpha)


def _softplus(x: Numbers, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """log(1 + exp(β·x))/β, and x itself where β·x is above the threshold."""
    near = _scaled(f.softplus(_scaled(x, beta)), 1.0 / beta)
    return f.where(compared("greater", x, threshold / beta), x, near)


def _log_sigmoid(x: Numbers) -> Any:
    return f.negative(f.softplus(f.negative(x))), np.zeros(0)


def _mish(x: Numbers) -> Any:
    return f.multiply(x, f.tanh(f.softplus(x)))


def _clip(x: Numbers, low: Numbers | None = None, high: Numbers | None = None) -> Any:
    """Between the bounds; a bound that does not move passes the derivative on at the bound, as torch does."""
    return f.clip(x, low, high)


def _logit(x: Numbers, eps: float | None = None) -> Any:
    x = x if eps is None else f.clip(x, eps, 1 - eps)
    return f.subtract(f.log(x), f.log1p(f.negative(x)))


def _xlogy(x: Numbers, y: Numbers) -> Any:
    return f.where(compared("equal", x, 0), 0.0, f.multiply(x, f.log(y)))


def _round(x: Numbers, *, decimals: int = 0) -> Any:
    return f.round(x, decimals)


def _prelu(x: Numbers, weight: Numbers) -> Any:
    return f.leaky_relu(x, weight)


def _same(x: Numbers, *_: object, **__: object) -> Any:
    return x


_OF_ONE: Final = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh",
    "atan": "arctan", "atanh": "arctanh", "ceil": "ceil", "cos": "cos", "cosh": "cosh",
    "deg2rad": "radians", "erf": "erf", "exp": "exp", "exp2": "exp2", "expm1": "expm1",
    "floor": "floor", "log": "log", "log10": "log10", "log1p": "log1p", "log2": "log2",
    "neg": "negative", "positive": "positive", "rad2deg": "degrees", "reciprocal": "reciprocal",
    "relu": "relu", "sigmoid": "sigmoid", "sign": "sign", "sgn": "sign", "silu": "silu",
    "sin": "sin", "sinc": "sinc", "sinh": "sinh", "sqrt": "sqrt", "square": "square", "tan": "tan",
    "tanh": "tanh", "trunc": "trunc",
}  # fmt: skip

ELEMENTWISE: Final[Operators] = {
    **{name: getattr(f, ours) for name, ours in _OF_ONE.items()},
    "add": lambda x, y, alpha=1: f.add(x, _scaled(y, alpha)),
    "sub": lambda x, y, alpha=1: f.subtract(x, _scaled(y, alpha)),
    "rsub": lambda x, y, alpha=1: f.subtract(y, _scaled(x, alpha)),
    "mul": f.multiply,
    "div": _divided,
    "floor_divide": f.floor_divide,
    "remainder": f.remainder,
    "fmod": f.fmod,
    "pow": _power,
    "rsqrt": lambda x: f.divide(1.0, f.sqrt(x)),
    "atan2": f.arctan2,
    "hypot": f.hypot,
    "maximum": f.maximum,
    "minimum": f.minimum,
    "fmax": f.fmax,
    "fmin": f.fmin,
    "logaddexp": f.logaddexp,
    "logaddexp2": f.logaddexp2,
    "xlogy": _xlogy,
    "logit": _logit,
    "round": _round,
    "nan_to_num": lambda x, nan=None, posinf=None, neginf=None: f.nan_to_num(
        x, nan=nan or 0.0, posinf=posinf, neginf=neginf
    ),
    "clamp": _clip,
    "clamp_min": _clip,
    "clamp_max": lambda x, high: _clip(x, None, high),
    "hardtanh": lambda x, low=-1.0, high=1.0: _clip(x, low, high),
    "gelu": _gelu,
    "elu": _elu,
    "celu": _celu,
    "selu": lambda x: _elu(x, *_SELU),
    "leaky_relu": lambda x, slope=0.01: f.leaky_relu(x, slope),
    "_prelu_kernel": _prelu,
    "softplus": _softplus,
    "log_sigmoid_forward": _log_sigmoid,
    "mish": _mish,
    "lerp": lambda x, y, w: f.add(x, f.multiply(w, f.subtract(y, x))),
    "addcmul": lambda x, a, b, *, value=1: f.add(x, _scaled(f.multiply(a, b), value)),
    "addcdiv": lambda x, a, b, *, value=1: f.add(x, _scaled(f.divide(a, b), value)),
    "where": f.where,
    "detach": detached,
    "alias": _same,
    "clone": _same,
    "contiguous": _same,
    "lift_fresh_copy": _same,
    "_to_copy": _same,  # what comes out is brought to the dtype that torch says
    "prims.convert_element_type": _same,
}  # fmt: skip
