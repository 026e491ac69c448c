"""The functions a user calls, for float, ndarray, Value and Tensor alike: rules under public names.

`np.exp(t)` and `np.sum(t, axis=0)` come here too. What is not here is written otherwise:
`x[index]`, `x.at[index].set(v)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_lite.arguments import explained
from autograd_lite.composed import (
    assembling,
    entries,
    norms,
    ordering,
    products,
    rearranging,
    reducing,
    spreading,
)
from autograd_lite.composed.assembling import *  # noqa: F403 - what it lists, as all the following
from autograd_lite.composed.entries import *  # noqa: F403
from autograd_lite.composed.norms import *  # noqa: F403
from autograd_lite.composed.ordering import *  # noqa: F403
from autograd_lite.composed.products import *  # noqa: F403
from autograd_lite.composed.rearranging import *  # noqa: F403
from autograd_lite.composed.rearranging import trace  # noqa: F401 - np.trace(t) looks here
from autograd_lite.composed.reducing import *  # noqa: F403
from autograd_lite.composed.spreading import *  # noqa: F403
from autograd_lite.operands import Numbers
from autograd_lite.rules import (
    activations,
    elementwise,
    hyperbolic,
    logarithms,
    normal,
    powers,
    rounding,
    selection,
    trigonometric,
)
from autograd_lite.rules.affine import affine, excitation
from autograd_lite.rules.convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from autograd_lite.rules.einsum import einsum as einsum_of
from autograd_lite.rules.elementwise import add, divide, multiply, multiply_add, power, subtract
from autograd_lite.rules.indexing import take_along_axis
from autograd_lite.rules.joining import pad, repeat, tile
from autograd_lite.rules.linalg import diag, matmul, outer, tril, triu
from autograd_lite.rules.logarithms import logaddexp, logaddexp2
from autograd_lite.rules.polar import arctan2, hypot
from autograd_lite.rules.pooling import avg_pool1d, avg_pool2d, max_pool1d, max_pool2d
from autograd_lite.rules.reductions import argmax
from autograd_lite.rules.rounding import floor_divide, fmod, remainder
from autograd_lite.rules.rule import Rule
from autograd_lite.rules.selection import maximum, minimum, where
from autograd_lite.rules.shape import (
    astype,
    broadcast_to,
    expand_dims,
    flip,
    roll,
    squeeze,
    swapaxes,
    transpose,
)
from autograd_lite.rules.softmax import log_softmax, logsumexp, softmax
from autograd_lite.rules.upsampling import upsample_linear, upsample_nearest


def of_one(rule: Rule) -> Callable[[Numbers], Any]:
    """A rule of one operand as a plain function, which Python calls in half the time.

    >>> sine = of_one(trigonometric.sin)
    >>> sine(0.0)
    0.0
    """
    quick = rule.quick

    def function(x: Numbers) -> Any:
        method = quick.get(type(x))
        return rule(x) if method is None else method(x)

    function.__name__ = function.__qualname__ = rule.name
    function.__doc__ = rule.value.__doc__
    return function


absolute = of_one(elementwise.absolute)
erf = of_one(normal.erf)
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
log2 = of_one(logarithms.log2)
log10 = of_one(logarithms.log10)
exp2 = of_one(logarithms.exp2)
positive = of_one(powers.positive)
reciprocal = of_one(powers.reciprocal)
cbrt = of_one(powers.cbrt)
arcsinh = of_one(hyperbolic.arcsinh)
arccosh = of_one(hyperbolic.arccosh)
arctanh = of_one(hyperbolic.arctanh)
floor = of_one(rounding.floor)
ceil = of_one(rounding.ceil)
trunc = of_one(rounding.trunc)
rint = of_one(rounding.rint)

einsum = explained(einsum_of)

# NumPy's other names for the same
abs, pow, mod, true_divide = absolute, power, remainder, divide
acos, asin, atan, acosh, asinh, atanh = arccos, arcsin, arctan, arccosh, arcsinh, arctanh
atan2, deg2rad, rad2deg = arctan2, entries.radians, entries.degrees
around, fix = entries.round, trunc
amax, amin, concat = reducing.max, reducing.min, assembling.concatenate

# the package keeps the name trace for recorded programs
__all__ = [
    "absolute", "add", "affine", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2",
    "arctanh", "argmax", "astype", "avg_pool1d", "avg_pool2d", "broadcast_to", "cbrt", "ceil",
    "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d", "cos", "cosh", "diag", "divide",
    "einsum", "erf", "excitation", "exp", "exp2", "expand_dims", "expm1", "flip", "floor",
    "floor_divide", "fmod", "gelu", "hypot", "log", "log1p", "log2", "log10", "log_softmax",
    "logaddexp", "logaddexp2", "logsumexp", "matmul", "max_pool1d", "max_pool2d", "maximum",
    "minimum", "multiply", "multiply_add", "negative", "outer", "pad", "positive", "power",
    "reciprocal", "relu", "remainder", "repeat", "rint", "roll", "sigmoid", "sign", "silu", "sin",
    "sinh", "softmax", "softplus", "sqrt", "square", "squeeze", "subtract", "swapaxes",
    "take_along_axis", "tan", "tanh", "tile", "transpose", "tril", "triu", "trunc",
    "upsample_linear", "upsample_nearest", "where",
]  # fmt: skip
__all__ += [
    "abs", "acos", "acosh", "amax", "amin", "around", "asin", "asinh", "atan", "atan2", "atanh", "concat",
    "deg2rad", "fix", "mod", "pow", "rad2deg", "true_divide",
]  # fmt: skip
__all__ += assembling.__all__ + entries.__all__ + norms.__all__ + ordering.__all__
__all__ += products.__all__ + rearranging.__all__ + reducing.__all__ + spreading.__all__
