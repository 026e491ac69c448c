"""Initial weights have the moments their papers state, and come from the generator alone."""

import math

import numpy as np
import pytest

from autograd_lite.errors import OperandError, ShapeError
from nn import init
from tests.nn.oracle import torch

SHAPE = (300, 400)
DRAWS = [
    (init.uniform, {"low": -2.0, "high": 4.0}, 1.0, 6 / 12**0.5),
    (init.normal, {"mean": 1.0, "std": 3.0}, 1.0, 3.0),
    (init.xavier_uniform, {"gain": 2.0}, 0.0, 2.0 * (2 / 700) ** 0.5),
    (init.xavier_normal, {"gain": 2.0}, 0.0, 2.0 * (2 / 700) ** 0.5),
    (init.kaiming_uniform, {}, 0.0, (2 / 400) ** 0.5),
    (init.kaiming_normal, {}, 0.0, (2 / 400) ** 0.5),
    (init.lecun_uniform, {"fan_in": 400}, 0.0, 1 / (3 * 400) ** 0.5),
    (init.orthogonal, {"gain": 2.0}, 0.0, 2.0 / 400**0.5),
]


@pytest.mark.parametrize(
    ("draw", "options", "mean", "std"), DRAWS, ids=lambda x: getattr(x, "__name__", None)
)
def test_mean_and_standard_deviation(draw, options, mean, std):
    array = draw(SHAPE, **options, generator=0)
    assert array.shape == SHAPE
    assert abs(array.mean() - mean) < 5 * std / math.sqrt(array.size)
    assert array.std() == pytest.approx(std, rel=0.01)


@pytest.mark.parametrize(
    ("draw", "options", "mean", "std"), DRAWS, ids=lambda x: getattr(x, "__name__", None)
)
def test_a_seed_decides_everything_and_a_generator_moves_on(draw, options, mean, std):
    np.random.seed(1)  # noqa: NPY002 - global state must not matter
    a = draw((4, 5), **options, generator=3)
    np.random.seed(2)  # noqa: NPY002
    assert np.array_equal(a, draw((4, 5), **options, generator=3))
    rng = np.random.default_rng(3)
    assert np.array_equal(a, draw((4, 5), **options, generator=rng))
    assert not np.array_equal(a, draw((4, 5), **options, generator=rng))
    assert not np.array_equal(draw((4, 5), **options), draw((4, 5), **options))


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 2, 3), (1, 4)])
def test_orthogonal_has_orthonormal_rows_or_columns(shape):
    W = init.orthogonal(shape, 0.5, generator=0).reshape(shape[0], -1)
    small = W @ W.T if W.shape[0] <= W.shape[1] else W.T @ W
    assert np.allclose(small, 0.25 * np.eye(len(small)), atol=1e-14)


def test_orthogonal_is_uniform_over_the_group():
    """Haar: a random orthogonal matrix has a trace of mean 0 and variance 1; bare QR's has not."""
    rng = np.random.default_rng(0)
    traces = [np.trace(init.orthogonal((4, 4), generator=rng)) for _ in range(2000)]
    assert abs(np.mean(traces)) < 0.1
    assert np.var(traces) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("shape", [(3, 4), (5, 2, 3), (16, 3, 5, 5)])
def test_fans_are_torchs(shape):
    assert init.fans(shape) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


@pytest.mark.parametrize("nonlinearity", ["linear", "sigmoid", "tanh", "relu", "selu"])
def test_gains_are_torchs(nonlinearity):
    assert init.gain(nonlinearity) == pytest.approx(torch.nn.init.calculate_gain(nonlinearity))


def test_bad_input():
    with pytest.raises(OperandError, match="nonlinearity is .* not 'rleu'; did you mean 'relu'"):
        init.gain("rleu")
    with pytest.raises(ShapeError, match="no fan_in and fan_out"):
        init.xavier_normal((3,))
    for wrong in (-1, 1.5, "seed", np.random, True):
        with pytest.raises(OperandError, match="a generator is"):
            init.as_generator(wrong)
    assert np.array_equal(init.zeros((2,)), [0.0, 0.0])
    assert np.array_equal(init.ones((2,)), [1.0, 1.0])
