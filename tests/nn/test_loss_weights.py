"""Weights and targets of losses are operands: their derivatives are right, and nothing of them is cut off."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, grad, gradcheck
from tests.nn.oracle import torch

F = torch.nn.functional
REDUCTIONS = ["mean", "sum", "none"]
RNG = np.random.default_rng(3)
LOGITS, PIXELS = RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3, 2, 2))
CLASSES = {
    "all count": (LOGITS, np.array([0, 2, 1, 2])),
    "one ignored": (LOGITS, np.array([0, -100, 1, 2])),
    "pixels": (PIXELS, RNG.integers(0, 3, (2, 2, 2))),
}
WEIGHT = np.array([0.5, 1.0, 2.0])
SHARES = np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("case", CLASSES)
def test_cross_entropy_moves_with_the_weights_of_classes(case, smoothing, reduction):
    logits, target = CLASSES[case]

    def loss(logits, weight):
        return nn.cross_entropy(
            logits, target, weight, label_smoothing=smoothing, reduction=reduction
        )

    assert gradcheck(loss, logits, WEIGHT, order=2)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy_moves_with_probabilities_and_their_weights(smoothing, reduction):
    def loss(logits, target, weight):
        return nn.cross_entropy(
            logits, target, weight, label_smoothing=smoothing, reduction=reduction
        )

    assert gradcheck(loss, LOGITS, SHARES, WEIGHT, order=2)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_the_other_losses_with_weights_move_with_them(reduction):
    for case, (scores, target) in CLASSES.items():
        assert gradcheck(
            lambda s, w, t=target: nn.nll_loss(s, t, w, reduction=reduction), scores, WEIGHT
        ), case
    assert gradcheck(
        lambda y, t, w: nn.bce(y, t, w, reduction), 0.25 + 0.5 * SHARES, SHARES, WEIGHT
    )
    assert gradcheck(
        lambda x, t, w, p: nn.bce_with_logits(x, t, w, reduction, pos_weight=p),
        LOGITS, SHARES, WEIGHT, WEIGHT + 1.0,
    )  # fmt: skip


def test_the_derivative_by_a_weight_is_the_quotients():
    # (Σ wᵢ lᵢ)/(Σ wᵢ) by w: (lᵢ - loss)/Σ w, summed over the entries of a class
    target = CLASSES["all count"][1]
    entries = -np.log(SHARES)[np.arange(4), target]
    w = WEIGHT[target]
    by_entry = (entries - entries @ w / w.sum()) / w.sum()
    found = grad(lambda w: nn.cross_entropy(Tensor(LOGITS), target, w))(WEIGHT)
    np.testing.assert_allclose(found, np.bincount(target, by_entry), rtol=1e-12)


def test_weights_on_the_graph_keep_float32():
    logits = Tensor(LOGITS.astype("f"), requires_grad=True)
    weight = Tensor(WEIGHT, requires_grad=True)
    loss = nn.cross_entropy(logits, [0, 2, 1, 2], weight)
    loss.backward()
    assert (loss.dtype, logits.grad.dtype, weight.grad.dtype) == ("float32", "float32", "float64")


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["alike", "weighted"])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_where_every_target_is_ignored_the_loss_is_torchs(reduction, weight):
    logits = Tensor(LOGITS, requires_grad=True)
    with np.errstate(invalid="ignore"):  # the mean of nothing is 0/0, as in NumPy and torch
        loss = nn.cross_entropy(logits, [-100] * 4, weight, reduction=reduction)
    loss.sum().backward()
    leaf = torch.tensor(LOGITS, requires_grad=True)
    theirs = F.cross_entropy(
        leaf,
        torch.full((4,), -100),
        None if weight is None else torch.tensor(weight),
        reduction=reduction,
    )
    theirs.sum().backward()
    np.testing.assert_array_equal(loss.numpy(), theirs.detach().numpy())
    assert np.isnan(loss.numpy()).any() == (reduction == "mean")
    if reduction != "mean":
        np.testing.assert_array_equal(logits.grad, leaf.grad.numpy())
