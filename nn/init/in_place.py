"""torch's initialisers: each fills the tensor it is given, in place, and returns it.

A tensor is a leaf, such as `layer.weight`, or an array. What was computed from it before is stale.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from nn.checks import at_least, choice, number
from nn.init import draws
from nn.init.draws import Generator


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, generator: Generator = None) -> Any:
    """Uniform on [a, b).

    >>> uniform_(Tensor([0.0, 0.0], requires_grad=True), -1.0, 1.0, generator=0)
    Tensor([ 0.2739, -0.4604], requires_grad=True)
    """
    a, b = number("a", a), number("b", b)
    if a > b:
        raise OperandError(f"a is at most b, and a={a} is above b={b}")
    return _filled(tensor, draws.uniform(_shape(tensor), a, b, generator))


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, generator: Generator = None) -> Any:
    """Gaussian with this mean and standard deviation.

    >>> normal_(np.zeros(2), mean=5.0, std=0.0)
    array([5., 5.])
    """
    return _filled(tensor, draws.normal(_shape(tensor), mean, std, generator))


def trunc_normal_(
    tensor: Any,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator = None,
) -> Any:
    """Gaussian, but only within [a, b]: what falls outside is drawn again.

    >>> w = trunc_normal_(np.zeros(1000), std=1.0, a=-0.5, b=2.0, generator=0)
    >>> bool(w.min() >= -0.5), bool(w.max() <= 2.0)
    (True, True)

    Raises OperandError when hardly anything falls within [a, b].
    """
    mean, a, b = number("mean", mean), number("a", a, "[-∞, ∞)"), number("b", b, "(-∞, ∞]")
    std = number("std", std, "(0, ∞)")
    share = _normal_cdf((b - mean) / std) - _normal_cdf((a - mean) / std)
    if not share > 1e-3:
        raise OperandError(
            f"hardly any draw of mean={mean} and std={std} falls within a={a} and b={b}: take bounds "
            f"around the mean"
        )
    rng = draws.as_generator(generator)
    array = rng.normal(mean, std, _shape(tensor))
    while (outside := (array < a) | (array > b)).any():
        array = np.where(outside, rng.normal(mean, std, array.shape), array)
    return _filled(tensor, array)


def constant_(tensor: Any, val: float) -> Any:
    """Every entry is `val`.

    >>> constant_(np.zeros(2), 0.5)
    array([0.5, 0.5])
    """
    return _filled(tensor, np.full(_shape(tensor), number("val", val, "[-∞, ∞]")))


def ones_(tensor: Any) -> Any:
    """Every entry is 1.

    >>> ones_(np.zeros(2))
    array([1., 1.])
    """
    return constant_(tensor, 1.0)


def zeros_(tensor: Any) -> Any:
    """Every entry is 0.

    >>> zeros_(np.ones(2))
    array([0., 0.])
    """
    return constant_(tensor, 0.0)


def eye_(tensor: Any) -> Any:
    """The identity matrix: 1 where row and column agree, else 0.

    >>> eye_(np.zeros((2, 3)))
    array([[1., 0., 0.],
           [0., 1., 0.]])

    Raises ShapeError when the tensor is no matrix.
    """
    rows, columns = _matrix("eye_", tensor)
    return _filled(tensor, np.eye(rows, columns))


def dirac_(tensor: Any, groups: int = 1) -> Any:
    """A convolution that gives its input back: 1 in the middle of channel c's kernel for c, else 0.

    tensor  the weight (out, in, *kernel) of a convolution with `groups` groups

    >>> dirac_(np.zeros((1, 1, 3)))
    array([[[0., 1., 0.]]])

    Raises ShapeError when the tensor is no such weight, OperandError when groups do not divide out.
    """
    shape = _shape(tensor)
    if not 3 <= len(shape) <= 5:
        raise ShapeError(f"dirac_ fills a weight (out, in, *kernel), not one of shape {shape}")
    if shape[0] % at_least("groups", groups, 1):
        raise OperandError(f"{shape[0]} output channels are not divisible by groups={groups}")
    array, middle = np.zeros(shape), tuple(k // 2 for k in shape[2:])
    per_group = shape[0] // groups
    for channel in range(shape[0]):
        if channel % per_group < shape[1]:
            place = (channel, channel % per_group, *middle)
            array[place] = 1.0
    return _filled(tensor, array)


def xavier_uniform_(tensor: Any, gain: float = 1.0, generator: Generator = None) -> Any:
    """Uniform on ±gain·√(6/(fan_in + fan_out)); see `xavier_uniform`.

    >>> w = xavier_uniform_(np.zeros((2, 4)), generator=0)
    >>> bool(abs(w).max() <= 1.0)
    True

    Raises ShapeError when the tensor has fewer than two axes.

    Source: Glorot and Bengio, 2010.
    """
    return _filled(tensor, draws.xavier_uniform(_shape(tensor), gain, generator))


def xavier_normal_(tensor: Any, gain: float = 1.0, generator: Generator = None) -> Any:
    """Gaussian with σ = gain·√(2/(fan_in + fan_out)); see `xavier_uniform`.

    >>> xavier_normal_(np.zeros((400, 400)), generator=0).std().round(3)
    np.float64(0.05)

    Raises ShapeError when the tensor has fewer than two axes.
    """
    return _filled(tensor, draws.xavier_normal(_shape(tensor), gain, generator))


def kaiming_uniform_(
    tensor: Any,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator = None,
) -> Any:
    """Uniform on ±gain·√(3/fan), with the gain of the nonlinearity; see `kaiming_uniform`.

    a     the slope below 0 of a leaky_relu
    mode  "fan_in" keeps the variance forward, "fan_out" backward

    >>> w = kaiming_uniform_(np.zeros((2, 6)), nonlinearity="relu", generator=0)
    >>> bool(abs(w).max() <= 1.0)
    True

    Raises OperandError for another mode or nonlinearity, ShapeError when there are fewer than two axes.

    Source: He et al., 2015.
    """
    bound = math.sqrt(3.0) * _kaiming(tensor, a, mode, nonlinearity)
    return _filled(tensor, draws.uniform(_shape(tensor), -bound, bound, generator))


def kaiming_normal_(
    tensor: Any,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator = None,
) -> Any:
    """Gaussian with σ = gain/√fan; arguments as in `kaiming_uniform_`.

    >>> kaiming_normal_(np.zeros((400, 800)), generator=0).std().round(3)
    np.float64(0.05)
    """
    std = _kaiming(tensor, a, mode, nonlinearity)
    return _filled(tensor, draws.normal(_shape(tensor), 0.0, std, generator))


def orthogonal_(tensor: Any, gain: float = 1.0, generator: Generator = None) -> Any:
    """A random matrix with orthonormal rows or columns, times gain; see `orthogonal`.

    >>> w = orthogonal_(np.zeros((2, 2)), generator=0)
    >>> bool(np.allclose(w @ w.T, np.eye(2)))
    True

    Raises ShapeError when the tensor has fewer than two axes.
    """
    return _filled(tensor, draws.orthogonal(_shape(tensor), gain, generator))


def sparse_(tensor: Any, sparsity: float, std: float = 0.01, generator: Generator = None) -> Any:
    """Gaussian with standard deviation std, and a part of each column, ⌈sparsity·rows⌉ entries, 0.

    >>> w = sparse_(np.ones((4, 3)), 0.5, generator=0)
    >>> (w == 0).sum(axis=0)
    array([2, 2, 2])

    Raises ShapeError when the tensor is no matrix, OperandError when sparsity is no part.

    Source: Martens, "Deep learning via Hessian-free optimization", 2010.
    """
    rows, columns = _matrix("sparse_", tensor)
    sparsity, std = number("sparsity", sparsity, "[0, 1]"), number("std", std, "[0, ∞)")
    rng = draws.as_generator(generator)
    array = rng.normal(0.0, std, (rows, columns))
    order = rng.permuted(np.tile(np.arange(rows)[:, None], columns), axis=0)
    return _filled(tensor, np.where(order < math.ceil(sparsity * rows), 0.0, array))


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor of a layer's initial weights that makes up for its nonlinearity.

    param  the slope below 0 of a leaky_relu, by default 0.01: its gain is √(2/(1 + slope²))

    >>> calculate_gain("relu") ** 2, calculate_gain("leaky_relu", 1.0)
    (2.0000000000000004, 1.0)

    Raises OperandError when the nonlinearity is not known.
    """
    slope = 0.01 if param is None else number("param", param)
    if choice("nonlinearity", nonlinearity, [*draws.GAINS, "leaky_relu"]) != "leaky_relu":
        return draws.gain(nonlinearity)
    return math.sqrt(2.0 / (1.0 + slope**2))


# --- shared --------------------------------------------------------------------------------------


def _shape(tensor: Any) -> tuple[int, ...]:
    if isinstance(tensor, Tensor):
        if not tensor.is_leaf:
            raise OperandError(
                f"{tensor.describe()} is computed, so its numbers are not its own: fill the leaf "
                f"it is computed from"
            )
    elif not isinstance(tensor, np.ndarray):
        raise OperandError(
            f"what is filled in place is a Tensor or an array, not {tensor!r:.60}: for a new array "
            f"of a shape write the name without the underscore"
        )
    return tuple(tensor.shape)


def _filled(tensor: Any, array: Any) -> Any:
    """The tensor with these numbers, in its own dtype."""
    if isinstance(tensor, Tensor):
        tensor.data = array.astype(tensor.dtype)
    else:
        tensor[...] = array
    return tensor


def _matrix(name: str, tensor: Any) -> tuple[int, int]:
    shape = _shape(tensor)
    if len(shape) != 2:
        raise ShapeError(f"{name} fills a matrix, not an array of shape {shape}")
    return shape[0], shape[1]


def _kaiming(tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    """gain/√fan: the standard deviation that keeps a signal's variance."""
    mode, a = choice("mode", mode, ("fan_in", "fan_out")), number("a", a)
    fan = draws.fans(_shape(tensor))[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _normal_cdf(z: float) -> float:
    """The standard normal's distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))
