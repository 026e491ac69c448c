"""torch's initialisers fill in place with torch's bounds, moments and patterns."""

import inspect
import math

import numpy as np
import pytest
from scipy import stats

import nn
from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from nn import init
from tests.nn.oracle import torch

UNDERSCORED = [name for name in init.__all__ if name.endswith("_")]


def between(bound):
    return stats.uniform(-bound, 2 * bound)


# what is drawn, as scipy names it: for a weight (300, 400), so fan_in 400 and fan_out 300
DRAWN = [
    ("uniform_", {"a": -2.0, "b": 3.0}, stats.uniform(-2.0, 5.0)),
    ("normal_", {"mean": 1.0, "std": 3.0}, stats.norm(1.0, 3.0)),
    ("trunc_normal_", {"mean": 0.5, "std": 2.0, "a": -1.0, "b": 4.0}, stats.truncnorm(-0.75, 1.75, 0.5, 2.0)),
    ("xavier_uniform_", {}, between(math.sqrt(6 / 700))),
    ("xavier_normal_", {"gain": 2.0}, stats.norm(0.0, 2.0 * math.sqrt(2 / 700))),
    ("kaiming_uniform_", {}, between(math.sqrt(6 / 400))),
    ("kaiming_uniform_", {"a": math.sqrt(5)}, between(1 / 20)),
    ("kaiming_uniform_", {"mode": "fan_out", "nonlinearity": "relu"}, between(math.sqrt(6 / 300))),
    ("kaiming_normal_", {"nonlinearity": "tanh"}, stats.norm(0.0, 5 / 3 / 20)),
    ("kaiming_normal_", {"a": 1.0, "mode": "fan_out"}, stats.norm(0.0, 1 / math.sqrt(300))),
]  # fmt: skip


@pytest.mark.parametrize("name", UNDERSCORED)
def test_names_arguments_and_defaults_are_torchs(name):
    ours, theirs = (inspect.signature(getattr(m, name)).parameters for m in (init, torch.nn.init))
    assert list(ours) == list(theirs)
    assert {k: p.default for k, p in ours.items()} == {k: p.default for k, p in theirs.items()}


@pytest.mark.parametrize(
    ("name", "options", "expected"), DRAWN, ids=lambda x: "" if hasattr(x, "cdf") else str(x)
)
def test_the_distribution_is_the_one_of_the_paper_and_of_torch(name, options, expected):
    ours = getattr(init, name)(np.zeros((300, 400)), **options, generator=0).ravel()
    theirs = torch.zeros(300, 400, dtype=torch.float64)
    torch.manual_seed(0)
    getattr(torch.nn.init, name)(theirs, **options)
    for drawn in (ours, theirs.numpy().ravel()):
        assert stats.kstest(drawn, expected.cdf).pvalue > 1e-4


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (5, 2)])
def test_eye_is_torchs(shape):
    assert np.array_equal(init.eye_(np.ones(shape)), torch.nn.init.eye_(torch.ones(shape)).numpy())


@pytest.mark.parametrize(
    ("shape", "groups"), [((4, 4, 3), 1), ((4, 2, 3, 5), 2), ((6, 3, 2), 2), ((2, 5, 3), 1)]
)
def test_dirac_is_torchs_and_a_convolution_with_it_gives_its_input_back(shape, groups):
    assert np.array_equal(
        init.dirac_(np.ones(shape), groups), torch.nn.init.dirac_(torch.ones(shape), groups).numpy()
    )
    layer = nn.Conv1d(3, 3, 5, padding=2, bias=False)
    init.dirac_(layer.weight)
    x = np.random.default_rng(0).normal(size=(2, 3, 7))
    assert np.array_equal(layer(x).numpy(), x)


@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.34, 1.0])
def test_sparse_leaves_as_many_zeros_in_each_column_as_torch(sparsity):
    ours = init.sparse_(np.ones((10, 200)), sparsity, std=2.0, generator=0)
    theirs = torch.nn.init.sparse_(torch.ones(10, 200), sparsity).numpy()
    assert np.array_equal((ours == 0).sum(0), (theirs == 0).sum(0))
    if sparsity < 1.0:
        assert ours[ours != 0].std() == pytest.approx(2.0, rel=0.1)
        assert len({tuple(column) for column in (ours == 0).T}) > (sparsity > 0)


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 2, 2)])
def test_orthogonal_fills_with_orthonormal_rows_or_columns(shape):
    w = init.orthogonal_(np.zeros(shape), 0.5, generator=0).reshape(shape[0], -1)
    small = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    assert np.allclose(small, 0.25 * np.eye(len(small)), atol=1e-14)


GAINS = [
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
    "conv_transpose3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu",
]  # fmt: skip


@pytest.mark.parametrize("nonlinearity", GAINS)
@pytest.mark.parametrize("param", [None, 0.3, 2])
def test_gains_are_torchs(nonlinearity, param):
    ours = init.calculate_gain(nonlinearity, param)
    assert ours == pytest.approx(torch.nn.init.calculate_gain(nonlinearity, param), rel=1e-15)


@pytest.mark.parametrize("name", sorted(set(UNDERSCORED) - {"dirac_"}))
def test_a_leaf_is_filled_in_place_in_its_own_dtype_and_stays_a_variable(name):
    layer = nn.Linear(3, 4, generator=0).astype("float32")
    weight, before = layer.weight, layer.weight.numpy()
    y = layer(np.ones((1, 3), np.float32))
    options = {"sparse_": {"sparsity": 0.3}, "constant_": {"val": 2.0}}.get(name, {})
    filled = getattr(init, name)(weight, **options)
    assert filled is weight is layer.weight
    assert weight.requires_grad
    assert weight.dtype == np.float32
    assert not np.array_equal(weight.numpy(), before)
    assert not np.array_equal(layer(np.ones((1, 3), np.float32)).numpy(), y.numpy())


def test_a_seed_decides_and_a_generator_moves_on():
    for fill in (getattr(init, name) for name, *_ in DRAWN):
        w = fill(np.zeros((4, 5)), generator=3)
        rng = np.random.default_rng(3)
        assert np.array_equal(w, fill(np.ones((4, 5)), generator=rng))
        assert not np.array_equal(w, fill(np.zeros((4, 5)), generator=rng))


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: init.xavier_uniform_((3, 4)), OperandError, "write the name without the underscore"),
        (lambda: init.zeros_(Tensor([1.0], requires_grad=True) * 2.0), OperandError, "is computed"),
        (lambda: init.kaiming_uniform_(np.zeros((2, 2)), mode="fan"), OperandError, "'fan_in' or 'fan_out'"),
        (lambda: init.kaiming_normal_(np.zeros((2, 2)), nonlinearity="rleu"), OperandError, "'relu'"),
        (lambda: init.xavier_normal_(np.zeros(3)), ShapeError, "no fan_in and fan_out"),
        (lambda: init.eye_(np.zeros(3)), ShapeError, "eye_ fills a matrix"),
        (lambda: init.sparse_(np.zeros((2, 2, 2)), 0.1), ShapeError, "sparse_ fills a matrix"),
        (lambda: init.sparse_(np.zeros((2, 2)), 1.5), OperandError, "sparsity lies in"),
        (lambda: init.dirac_(np.zeros((2, 2))), ShapeError, "dirac_ fills a weight"),
        (lambda: init.dirac_(np.zeros((3, 2, 1)), 2), OperandError, "not divisible by groups=2"),
        (lambda: init.trunc_normal_(np.zeros(2), a=50.0, b=60.0), OperandError, "hardly any draw"),
        (lambda: init.calculate_gain("leaky_relu", True), OperandError, "param is a finite number"),
        (lambda: init.normal_(np.zeros(2), generator=-1), OperandError, "a generator is"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_refused(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
