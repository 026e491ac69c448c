"""micrograd's demo is micrograd's: data, weights, loss, gradient; and its program learns."""

import random

import numpy as np
import pytest

from autograd_lite import Value, relu
from benchmarks import demo
from benchmarks.moons import moons


def test_the_moons_are_scikit_learns():
    datasets = pytest.importorskip("sklearn.datasets")
    points, classes = datasets.make_moons(n_samples=100, noise=0.1, random_state=1337)
    ours, signs = moons()
    np.testing.assert_array_equal(ours, points)
    np.testing.assert_array_equal(signs, 2 * classes - 1)


def test_weights_and_loss_are_micrograds():
    engine, nn = pytest.importorskip("micrograd.engine"), pytest.importorskip("micrograd.nn")
    random.seed(1337)
    model = nn.MLP(2, [16, 16, 1])
    assert [p.data for p in model.parameters()] == demo.first_weights()
    theirs = demo.loss(engine.Value.relu, model.parameters(), points=4)
    theirs.backward()
    weights = [Value(w) for w in demo.first_weights()]
    ours = demo.loss(relu, weights, points=4)
    ours.backward()
    assert ours.value == pytest.approx(theirs.data, rel=1e-12)
    wanted = [p.grad for p in model.parameters()]
    np.testing.assert_allclose([w.grad for w in weights], wanted, 1e-9, 1e-12)


def test_the_recorded_demo_learns():
    assert demo.train(points=6, steps=8) < demo.train(points=6, steps=1)
