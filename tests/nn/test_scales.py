"""Normalizations and angles do not depend on the size of their numbers, nor on whether the squares fit."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, grad
from autograd_lite.errors import OperandError

X = np.random.default_rng(1).normal(size=(2, 4))


def over_examples(layer):
    layer.track_running_stats = False
    return lambda x: layer(x.T).T


LAYERS = {
    "RMSNorm": lambda eps: nn.RMSNorm(4, eps=eps, elementwise_affine=False),
    "LayerNorm": lambda eps: nn.LayerNorm(4, eps=eps, elementwise_affine=False),
    "GroupNorm": lambda eps: nn.GroupNorm(1, 4, eps=eps, affine=False),
    "BatchNorm1d": lambda eps: over_examples(nn.BatchNorm1d(2, eps=eps, affine=False)),
}
BOTH = [("f8", 3e160), ("f8", 1e300), ("f4", 1e25)]
SMALL = [("f8", 3e-200), ("f8", 1e-300), ("f4", 1e-25)]


def weighted(layer):
    return lambda x: (layer(x) * np.arange(8.0).reshape(2, 4).astype(x.dtype)).sum()


@pytest.mark.parametrize(("dtype", "scale"), BOTH + SMALL)
@pytest.mark.parametrize("name", LAYERS)
def test_a_normalization_without_eps_has_no_scale(name, dtype, scale):
    layer, tolerance = LAYERS[name](0.0), 1e-5 if dtype == "f4" else 1e-12
    x = X.astype(dtype)
    large = (x * np.array(scale, dtype)).astype(dtype)
    wanted, slope = layer(Tensor(x)).numpy(), grad(weighted(layer))(x)
    np.testing.assert_allclose(layer(Tensor(large)).numpy(), wanted, rtol=tolerance)
    found = grad(weighted(layer))(large).astype("f8") * scale
    np.testing.assert_allclose(found, slope, rtol=1e-3 if dtype == "f4" else 1e-9, atol=1e-6)


@pytest.mark.parametrize(("dtype", "scale"), BOTH)
@pytest.mark.parametrize("name", LAYERS)
def test_beside_large_numbers_eps_vanishes(name, dtype, scale):
    large = (X * scale).astype(dtype)
    with_eps, without = (LAYERS[name](eps)(Tensor(large)).numpy() for eps in (1e-5, 0.0))
    np.testing.assert_array_equal(with_eps, without)


def test_small_numbers_vanish_beside_eps():
    np.testing.assert_allclose(
        LAYERS["RMSNorm"](1e-6)(Tensor(X * 1e-200)).numpy(), X * 1e-197, rtol=1e-12
    )


@pytest.mark.parametrize("scale", [3e160, 1e300])
@pytest.mark.parametrize("t", [1, -1])
def test_an_angle_has_no_scale(t, scale):
    a, b, target = np.array([[1.0, 2.0, 0.5]]), np.array([[0.5, 1.0, 2.0]]), [t]
    cosine = float((a @ b.T).item() / np.linalg.norm(a) / np.linalg.norm(b))

    def loss(a):
        return nn.cosine_embedding_loss(a, b, target)

    assert loss(Tensor(scale * a)).item() == pytest.approx(
        1 - cosine if t == 1 else cosine, rel=1e-9
    )
    np.testing.assert_allclose(grad(loss)(scale * a) * scale, grad(loss)(a), rtol=1e-9)
    both = nn.cosine_embedding_loss(Tensor(scale * a), scale * b, target)
    assert both.item() == pytest.approx(loss(Tensor(a)).item(), rel=1e-9)


@pytest.mark.parametrize("bounds", [(1.0, -1.0), (0.5, 0.5)])
def test_hardtanh_refuses_bounds_in_the_wrong_order(bounds):
    with pytest.raises(OperandError, match="min_val.*below max_val"):
        nn.Hardtanh(*bounds)


def test_running_statistics_are_those_of_the_numbers_themselves():
    layer = nn.BatchNorm1d(4, eps=0.0, momentum=1.0)
    layer(Tensor(X * 1e-160))
    np.testing.assert_allclose(layer.running_mean, X.mean(0) * 1e-160, rtol=1e-12)
    layer(Tensor(X * 1e100))
    np.testing.assert_allclose(layer.running_var, X.var(0, ddof=1) * 1e200, rtol=1e-12)
