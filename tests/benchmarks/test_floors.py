"""Each floor's loss and gradients are the eager engine's, in both precisions."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, tanh
from benchmarks import sequences
from benchmarks.floors.t1 import Perceptron
from benchmarks.floors.t2 import Recurrent
from benchmarks.floors.t3 import LongShortTerm
from benchmarks.floors.t4 import ConvolutionalAutoencoder
from benchmarks.floors.t5 import Variational
from benchmarks.floors.t6 import Chain

RNG = np.random.default_rng(0)


def perceptron(dtype):
    model = nn.MLP((5, 4, 3), generator=0).astype(dtype)
    x, t = RNG.normal(size=(6, 5)).astype(dtype), RNG.integers(0, 3, 6)
    weights = [np.array(p.numpy()) for p in model.parameters()]
    return Perceptron(weights, x, t), weights, lambda: nn.cross_entropy(model(Tensor(x)), t), model


def recurrent(kind, floor):
    def make(dtype):
        work = sequences.Work(kind, (4, 3, 2, 5), dtype)
        module, (x, t) = work.module, work.data
        weights = work.weights
        return (
            floor(weights, x, t),
            weights,
            lambda: nn.mse_loss(module(Tensor(x))[0], Tensor(t)),
            module,
        )

    return make


def convolutional(dtype):
    model = nn.ConvAutoencoder((1, 3, 4), generator=0).astype(dtype)
    x = RNG.uniform(size=(2, 1, 12, 12)).astype(dtype)
    weights = [np.array(p.numpy()) for p in model.parameters()]
    floor = ConvolutionalAutoencoder(weights, x)
    return floor, weights, lambda: nn.mse_loss(model(Tensor(x)), Tensor(x)), model


def variational(dtype):
    model = nn.VAE.dense((6, 5, 2), generator=0).astype(dtype)
    x, eps = (RNG.uniform(size=(4, n)).astype(dtype) for n in (6, 2))
    weights = [np.array(p.numpy()) for p in model.parameters()]
    return (
        Variational(weights, x, eps),
        weights,
        lambda: nn.negative_elbo(model(Tensor(x), eps)),
        model,
    )


WORKS = {
    "T1": perceptron,
    "T2": recurrent("RNN", Recurrent),
    "T3": recurrent("LSTM", LongShortTerm),
    "T4": convolutional,
    "T5": variational,
}


def gradients(model):
    """The eager engine's, in the floors' order: those of all gates together."""
    names = getattr(model, "names", None)
    return (
        [getattr(model, n).grad for n in names] if names else [p.grad for p in model.parameters()]
    )


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize(("dtype", "slack"), [("float64", 1e-12), ("float32", 1e-4)])
def test_loss_and_gradients_are_the_engines(work, dtype, slack):
    floor, _, loss, model = WORKS[work](dtype)
    wanted = loss()
    wanted.backward()
    for _ in range(2):  # the second run finds every buffer in use
        assert floor.run() == pytest.approx(wanted.item(), rel=slack)
        for ours, by_hand in zip(gradients(model), floor.gradients, strict=True):
            assert by_hand.dtype == dtype
            np.testing.assert_allclose(by_hand, ours, slack, slack * np.abs(ours).max())


@pytest.mark.parametrize("work", WORKS)
def test_the_weights_are_read_at_each_run(work):
    floor, weights, *_ = WORKS[work]("float64")
    before = floor.run()
    for w in weights:
        np.multiply(w, 0.5, out=w)
    assert floor.run() != before


def test_the_chains_gradients_are_the_engines():
    inputs = [RNG.uniform(-1, 1, 8) for _ in range(3)]
    y, w, b = leaves = [Tensor(x, requires_grad=True) for x in inputs]
    for _ in range(5):
        y = tanh(y * w + b)
    y.sum().backward()
    floor = Chain(inputs, 15)
    for _ in range(2):
        assert floor.run() == pytest.approx(y.sum().item(), rel=1e-14)
        for leaf, by_hand in zip(leaves, floor.gradients, strict=True):
            np.testing.assert_allclose(by_hand, leaf.grad, 1e-12)
