"""The functions a user calls, for float, ndarray, Value and Tensor alike: rules under public names.

`np.exp(t)` and `np.sum(t, axis=0)` come here too. What is not here is written otherwise:
`x[index]`, `x.at[index].set(v)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_lite.composed.assembling import (
    append,
    array_split,
    column_stack,
    concatenate,
    delete,
    dsplit,
    dstack,
    hsplit,
    hstack,
    insert,
    split,
    stack,
    vsplit,
    vstack,
)  # fmt: skip
from autograd_lite.composed.entries import (
    clip,
    degrees,
    divmod,
    elu,
    fabs,
    float_power,
    fmax,
    fmin,
    leaky_relu,
    modf,
    nan_to_num,
    radians,
    round,
)  # fmt: skip
from autograd_lite.composed.norms import norm
from autograd_lite.composed.ordering import (
    argmin,
    argsort,
    cumprod,
    cumsum,
    diff,
    median,
    percentile,
    quantile,
    sort,
    take,
)  # fmt: skip
from autograd_lite.composed.products import (
    convolve,
    correlate,
    cross,
    dot,
    inner,
    kron,
    matrix_transpose,
    matvec,
    tensordot,
    vdot,
    vecdot,
    vecmat,
)  # fmt: skip
from autograd_lite.composed.rearranging import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_arrays,
    copy,
    diagonal,
    fliplr,
    flipud,
    full_like,
    meshgrid,
    moveaxis,
    permute_dims,
    ravel,
    reshape,
    rollaxis,
    rot90,
    trace,  # noqa: F401 - np.trace(t) looks here; the package keeps the name for recorded programs
    unstack,
)  # fmt: skip
from autograd_lite.composed.reducing import average, max, mean, min, prod, ptp, std, sum, var
from autograd_lite.rules import (
    activations,
    elementwise,
    hyperbolic,
    logarithms,
    powers,
    rounding,
    selection,
    trigonometric,
)  # fmt: skip
from autograd_lite.rules.affine import affine, excitation
from autograd_lite.rules.convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from autograd_lite.rules.einsum import einsum
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
)  # fmt: skip
from autograd_lite.rules.softmax import log_softmax, logsumexp, softmax
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
log2 = of_one(logarithms.log2)
log10 = of_one(logarithms.log10)
exp2 = of_one(logarithms.exp2)
positive = of_one(powers.positive)
reciprocal = of_one(powers.reciprocal)
cbrt = of_one(powers.cbrt)
sinc = of_one(powers.sinc)
arcsinh = of_one(hyperbolic.arcsinh)
arccosh = of_one(hyperbolic.arccosh)
arctanh = of_one(hyperbolic.arctanh)
floor = of_one(rounding.floor)
ceil = of_one(rounding.ceil)
trunc = of_one(rounding.trunc)
rint = of_one(rounding.rint)

# NumPy's other names for the same
abs, pow, mod, true_divide = absolute, power, remainder, divide
acos, asin, atan, acosh, asinh, atanh = arccos, arcsin, arctan, arccosh, arcsinh, arctanh
atan2, deg2rad, rad2deg, around, fix = arctan2, radians, degrees, round, trunc
amax, amin, concat = max, min, concatenate

__all__ = [
    "abs",
    "absolute",
    "acos",
    "acosh",
    "add",
    "affine",
    "amax",
    "amin",
    "append",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "argmax",
    "argmin",
    "argsort",
    "around",
    "array_split",
    "asin",
    "asinh",
    "astype",
    "atan",
    "atan2",
    "atanh",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "average",
    "avg_pool1d",
    "avg_pool2d",
    "broadcast_arrays",
    "broadcast_to",
    "cbrt",
    "ceil",
    "clip",
    "column_stack",
    "concat",
    "concatenate",
    "conv1d",
    "conv2d",
    "conv_transpose1d",
    "conv_transpose2d",
    "convolve",
    "copy",
    "correlate",
    "cos",
    "cosh",
    "cross",
    "cumprod",
    "cumsum",
    "deg2rad",
    "degrees",
    "delete",
    "diag",
    "diagonal",
    "diff",
    "divide",
    "divmod",
    "dot",
    "dsplit",
    "dstack",
    "einsum",
    "elu",
    "erf",
    "excitation",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "fabs",
    "fix",
    "flip",
    "fliplr",
    "flipud",
    "float_power",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "full_like",
    "gelu",
    "hsplit",
    "hstack",
    "hypot",
    "inner",
    "insert",
    "kron",
    "leaky_relu",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_softmax",
    "logaddexp",
    "logaddexp2",
    "logsumexp",
    "matmul",
    "matrix_transpose",
    "matvec",
    "max",
    "max_pool1d",
    "max_pool2d",
    "maximum",
    "mean",
    "median",
    "meshgrid",
    "min",
    "minimum",
    "mod",
    "modf",
    "moveaxis",
    "multiply",
    "multiply_add",
    "nan_to_num",
    "negative",
    "norm",
    "outer",
    "pad",
    "percentile",
    "permute_dims",
    "positive",
    "pow",
    "power",
    "prod",
    "ptp",
    "quantile",
    "rad2deg",
    "radians",
    "ravel",
    "reciprocal",
    "relu",
    "remainder",
    "repeat",
    "reshape",
    "rint",
    "roll",
    "rollaxis",
    "rot90",
    "round",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinc",
    "sinh",
    "softmax",
    "softplus",
    "sort",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "subtract",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tan",
    "tanh",
    "tensordot",
    "tile",
    "transpose",
    "tril",
    "triu",
    "true_divide",
    "trunc",
    "unstack",
    "upsample_linear",
    "upsample_nearest",
    "var",
    "vdot",
    "vecdot",
    "vecmat",
    "vsplit",
    "vstack",
    "where",
]  # fmt: skip
