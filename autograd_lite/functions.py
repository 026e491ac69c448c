"""The functions a user calls, for float, ndarray, Value and Tensor alike: rules under public names.

`np.exp(t)` and `np.sum(t, axis=0)` come here too. What is not here is written otherwise:
`x[index]`, `x.at[index].set(v)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd_lite.rules import activations, elementwise, selection, trigonometric
from autograd_lite.rules.affine import affine, excitation
from autograd_lite.rules.convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from autograd_lite.rules.einsum import einsum
from autograd_lite.rules.elementwise import (
    add,
    divide,
    multiply,
    multiply_add,
    power,
    subtract,
)
from autograd_lite.rules.indexing import take_along_axis
from autograd_lite.rules.joining import concatenate, pad, repeat, split, stack, tile
from autograd_lite.rules.linalg import (
    diag,
    matmul,
    outer,
    trace,  # noqa: F401 - np.trace(t) looks here
    tril,
    triu,
)
from autograd_lite.rules.pooling import avg_pool1d, avg_pool2d, max_pool1d, max_pool2d
from autograd_lite.rules.reductions import argmax, mean, prod
from autograd_lite.rules.reductions import max_ as max
from autograd_lite.rules.reductions import min_ as min
from autograd_lite.rules.reductions import sum_ as sum
from autograd_lite.rules.rule import Rule
from autograd_lite.rules.selection import maximum, minimum, where
from autograd_lite.rules.shape import (
    astype,
    broadcast_to,
    expand_dims,
    flip,
    reshape,
    roll,
    squeeze,
    swapaxes,
    transpose,
)
from autograd_lite.rules.softmax import log_softmax, logsumexp, softmax
from autograd_lite.rules.statistics import norm, std, var
from autograd_lite.rules.upsampling import upsample_linear, upsample_nearest


def of_one(rule: Rule) -> Callable[[Any], Any]:
    """A rule of one operand as a plain function, which Python calls in half the time.

    >>> sine = of_one(trigonometric.sin)
    >>> sine(0.0)
    0.0
    """
    quick = rule.quick

    def function(x: Any) -> Any:
        method = quick.get(type(x))
        return rule(x) if method is None else method(x)

    function.__name__ = function.__qualname__ = rule.name
    function.__doc__ = rule.value.__doc__
    return function


absolute = of_one(elementwise.absolute)
erf = of_one(elementwise.erf)
exp = of_one(elementwise.exp)
expm1 = of_one(elementwise.expm1)
log = of_one(elementwise.log)
log1p = of_one(elementwise.log1p)
negative = of_one(elementwise.negative)
sqrt = of_one(elementwise.sqrt)
square = of_one(elementwise.square)
arccos = of_one(trigonometric.arccos)
arcsin = of_one(trigonometric.arcsin)
arctan = of_one(trigonometric.arctan)
cos = of_one(trigonometric.cos)
cosh = of_one(trigonometric.cosh)
sin = of_one(trigonometric.sin)
sinh = of_one(trigonometric.sinh)
tan = of_one(trigonometric.tan)
tanh = of_one(trigonometric.tanh)
gelu = of_one(activations.gelu)
relu = of_one(activations.relu)
sigmoid = of_one(activations.sigmoid)
silu = of_one(activations.silu)
softplus = of_one(activations.softplus)
sign = of_one(selection.sign)
abs = absolute


def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    """The rectifier with a leak: y = x where x > 0, else slope·x. The slope may be a node too.

    ∂y/∂x = 1 where x > 0, else slope, also at 0; ∂y/∂slope = 0 where x > 0, else x.

    >>> leaky_relu(3.0), leaky_relu(-2.0)
    (3.0, -0.02)
    """
    return activations.leaky_relu(x, slope)


def elu(x: Any, alpha: Any = 1.0) -> Any:
    """The exponential linear unit: y = x where x > 0, else α·(eˣ - 1). α may be a node too.

    ∂y/∂x = 1 where x > 0, else α·eˣ, also at 0; ∂y/∂α = 0 where x > 0, else eˣ - 1.

    >>> elu(3.0), elu(-1000.0)
    (3.0, -1.0)
    """
    return activations.elu(x, alpha)


def clip(x: Any, low: Any = None, high: Any = None) -> Any:
    """What lies within two bounds: y = min(max(x, low), high). None is no bound; both may be nodes.

    ∂y/∂x = 1 between the bounds; beyond one of them y moves with that bound instead, and at a
    bound x and the bound get ½ each.

    >>> clip(5.0, -1.0, 1.0), clip(-5.0, high=1.0)
    (1.0, -5.0)
    """
    low, high = (-math.inf if low is None else low), (math.inf if high is None else high)
    return selection.clip(x, low, high)


# trace is np.trace(t) and t.trace(): the package keeps the name for recorded programs
__all__ = [
    "abs", "absolute", "add", "affine", "arccos", "arcsin", "arctan", "argmax", "astype",
    "avg_pool1d", "avg_pool2d", "broadcast_to", "clip", "concatenate", "conv1d", "conv2d",
    "conv_transpose1d", "conv_transpose2d", "cos", "cosh", "diag", "divide", "einsum", "elu",
    "erf", "excitation", "exp", "expand_dims", "expm1", "flip", "gelu", "leaky_relu", "log",
    "log1p", "log_softmax", "logsumexp", "matmul", "max", "max_pool1d", "max_pool2d", "maximum",
    "mean", "min", "minimum", "multiply", "multiply_add", "negative", "norm", "outer", "pad",
    "power", "prod", "relu", "repeat", "reshape", "roll", "sigmoid", "sign", "silu", "sin",
    "sinh", "softmax", "softplus", "split", "sqrt", "square", "squeeze", "stack", "std",
    "subtract", "sum", "swapaxes", "take_along_axis", "tan", "tanh", "tile", "transpose",
    "tril", "triu", "upsample_linear", "upsample_nearest", "var", "where",
]  # fmt: skip
