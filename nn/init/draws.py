"""Initial weights as new arrays: each function draws one from the generator it is handed.

fan_in and fan_out are how many inputs an output has and how many outputs an input reaches: for a
weight (out, in, *kernel) they are in·|kernel| and out·|kernel|.
"""

from __future__ import annotations

import math
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from nn.checks import at_least, choice, number

Array: TypeAlias = np.ndarray[Any, Any]
Shape: TypeAlias = tuple[int, ...]
Generator: TypeAlias = np.random.Generator | int | None

GAINS: Final = {
    "linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2.0), "selu": 3 / 4,
    **{f"conv{kind}{n}d": 1.0 for kind in ("", "_transpose") for n in (1, 2, 3)},
}  # fmt: skip


MOST_ENTRIES: Final = 2**32
"""Of one weight: 32 GiB of float64."""


def as_generator(generator: Generator) -> np.random.Generator:
    """A numpy.random.Generator from a generator (itself), a seed, or None (a fresh one).

    >>> as_generator(0).integers(10), as_generator(0).integers(10)
    (np.int64(8), np.int64(8))

    Raises OperandError when it is none of these.
    """
    if isinstance(generator, np.random.Generator):
        return generator
    is_seed = isinstance(generator, (int, np.integer)) and not isinstance(generator, bool)
    if generator is None or (is_seed and generator >= 0):
        return np.random.default_rng(generator)
    raise OperandError(
        f"a generator is numpy.random.default_rng(seed) or an integer seed of at least 0, "
        f"not {generator!r:.60}"
    )


def _sizes(shape: Any) -> Shape:
    """The shape; a weight in its place is refused, since no initialiser here writes to what it is given."""
    if isinstance(shape, Node) or np.ndim(shape) > 1:
        raise OperandError(
            f"an initialiser takes a shape and gives a new array: write w.data = nn.init.…(w.shape), "
            f"where w is the weight of shape {np.shape(plain(shape))}"
        )
    several = isinstance(shape, (tuple, list))
    found = tuple(at_least("shape", n, 0) for n in (shape if several else (shape,)))
    if math.prod(found) > MOST_ENTRIES:
        raise OperandError(
            f"an array of shape {found} has {math.prod(found)} entries, more than fit in memory: "
            f"take smaller sizes"
        )
    return found


def zeros(shape: Shape) -> Array:
    """An array of zeros, such as biases at first.

    >>> zeros((3,))
    array([0., 0., 0.])
    """
    return np.zeros(_sizes(shape))


def ones(shape: Shape) -> Array:
    """An array of ones, such as the factors of a normalization at first.

    >>> ones((3,))
    array([1., 1., 1.])
    """
    return np.ones(_sizes(shape))


def uniform(
    shape: Shape, low: float = 0.0, high: float = 1.0, generator: Generator = None
) -> Array:
    """Uniform on [low, high).

    >>> uniform((2,), -1.0, 1.0, generator=0)
    array([ 0.27392337, -0.46042657])
    """
    low, high = number("low", low), number("high", high)
    if low > high:
        raise OperandError(f"low is at most high, and {low!r} is above {high!r}")
    return as_generator(generator).uniform(low, high, _sizes(shape))


def normal(shape: Shape, mean: float = 0.0, std: float = 1.0, generator: Generator = None) -> Array:
    """Gaussian with this mean and standard deviation.

    >>> W = normal((100, 100), mean=5.0, std=2.0, generator=0)
    >>> W.mean().round(2), W.std().round(2)
    (np.float64(5.01), np.float64(2.0))
    """
    mean, std = number("mean", mean), number("std", std, "[0, ∞)")
    return as_generator(generator).normal(mean, std, _sizes(shape))


def xavier_uniform(shape: Shape, gain: float = 1.0, generator: Generator = None) -> Array:
    """Uniform on ±gain·√(6/(fan_in + fan_out)), which keeps the variance both ways.

    Forward it would be kept by Var(w) = 1/fan_in, backward by 1/fan_out: this has their harmonic
    mean, 2/(fan_in + fan_out). `gain` is the factor of what follows, see the function `gain`.

    >>> W = xavier_uniform((400, 200), generator=0)
    >>> W.var().round(4), round(2.0 / (200 + 400), 4)
    (np.float64(0.0033), 0.0033)

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", 2010.
    """
    bound = number("gain", gain, "[0, ∞)") * math.sqrt(6.0 / sum(fans(shape)))
    return uniform(shape, -bound, bound, generator)


def xavier_normal(shape: Shape, gain: float = 1.0, generator: Generator = None) -> Array:
    """Gaussian with σ = gain·√(2/(fan_in + fan_out)); see `xavier_uniform`.

    >>> xavier_normal((400, 400), generator=0).std().round(3)
    np.float64(0.05)
    """
    return normal(
        shape, 0.0, number("gain", gain, "[0, ∞)") * math.sqrt(2.0 / sum(fans(shape))), generator
    )


def kaiming_uniform(
    shape: Shape, gain: float = math.sqrt(2.0), generator: Generator = None
) -> Array:
    """Uniform on ±gain·√(3/fan_in), which keeps the variance forward; gain √2 is the rectifier's.

    >>> rng, h = np.random.default_rng(0), np.ones(400)
    >>> for _ in range(20):  # layers
    ...     h = np.maximum(kaiming_uniform((400, 400), generator=rng) @ h, 0.0)
    >>> bool(0.5 < np.square(h).mean() < 2.0)
    True

    Source: He et al., "Delving deep into rectifiers", 2015.
    """
    bound = number("gain", gain, "[0, ∞)") * math.sqrt(3.0 / fans(shape)[0])
    return uniform(shape, -bound, bound, generator)


def kaiming_normal(
    shape: Shape, gain: float = math.sqrt(2.0), generator: Generator = None
) -> Array:
    """Gaussian with σ = gain/√fan_in; see `kaiming_uniform`.

    >>> kaiming_normal((400, 800), generator=0).std().round(3)
    np.float64(0.05)
    """
    return normal(shape, 0.0, number("gain", gain, "[0, ∞)") / math.sqrt(fans(shape)[0]), generator)


def orthogonal(shape: Shape, gain: float = 1.0, generator: Generator = None) -> Array:
    """A random matrix with orthonormal rows or columns (whichever are fewer), times gain.

    All its singular values are `gain`, so products of such matrices neither vanish nor explode.
    Axes after the first count as columns.

    >>> W = orthogonal((3, 3), generator=0)
    >>> bool(np.allclose(W @ W.T, np.eye(3)))
    True

    Source: Saxe et al., 2014; the lecture's remedy for vanishing and exploding gradients.
    """
    shape = _sizes(shape)
    fans(shape)  # refuses vectors
    gain = number("gain", gain, "[0, ∞)")
    rows, columns = shape[0], math.prod(shape[1:])
    q, r = np.linalg.qr(normal((max(rows, columns), min(rows, columns)), generator=generator))
    # QR alone is not uniform over the orthogonal matrices: its signs are LAPACK's choice
    q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return np.ascontiguousarray(gain * (q if rows >= columns else q.T)).reshape(shape)


def lecun_uniform(shape: Shape, fan_in: int, generator: Generator = None) -> Array:
    """Uniform on ±1/√fan_in: what PyTorch's layers start from, weights and biases alike.

    >>> lecun_uniform((1000,), fan_in=16, generator=0).max().round(2)
    np.float64(0.25)

    Source: LeCun et al., "Efficient backprop", 1998.
    """
    bound = 1.0 / math.sqrt(fan_in) if at_least("fan_in", fan_in, 0) else 0.0
    return uniform(shape, -bound, bound, generator)


def gain(nonlinearity: str) -> float:
    """The factor of a layer's initial weights that makes up for its nonlinearity, as in PyTorch.

    >>> gain("tanh")
    1.6666666666666667

    Raises OperandError when the nonlinearity is not known.
    """
    return GAINS[choice("nonlinearity", nonlinearity, GAINS)]


def fans(shape: Shape) -> tuple[int, int]:
    """fan_in and fan_out of a weight (out, in, *kernel).

    >>> fans((16, 3, 5, 5))
    (75, 400)

    Raises ShapeError for fewer than two axes.
    """
    shape = _sizes(shape)
    if len(shape) < 2:
        raise ShapeError(
            f"a weight of shape {shape} has no fan_in and fan_out: it needs axes (out, in, ...)"
        )
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel
