"""Losses give torch's numbers and gradients for every reduction; what has no meaning is refused."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import IndexingError, OperandError, ShapeError
from tests.nn.oracle import assert_close, assert_same_function, torch

F = torch.nn.functional
REDUCTIONS = ["mean", "sum", "none"]
SEEDS = range(5)


def draws(seed):
    return np.random.default_rng(seed)


def shape_of(seed):
    rng = draws(seed)
    return tuple(int(n) for n in rng.integers(1, 6, rng.integers(1, 4)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("ours", "theirs"), [(nn.mse_loss, F.mse_loss), (nn.l1_loss, F.l1_loss)])
def test_regression_losses_are_torchs(ours, theirs, reduction, seed):
    y, t = draws(seed).normal(size=(2, *shape_of(seed)))
    assert_same_function(
        lambda y, t: ours(y, t, reduction), lambda y, t: theirs(y, t, reduction=reduction), y, t
    )


def test_half_squared_error_is_equation_11():
    y, t = draws(0).normal(size=(2, 7))
    node = Tensor(y, requires_grad=True)
    E = nn.half_squared_error(node, t)
    E.backward()
    assert E.item() == pytest.approx(
        0.5 * sum((a - b) ** 2 for a, b in zip(y, t, strict=True)), rel=1e-14
    )
    assert np.allclose(node.grad, y - t, rtol=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
def test_binary_cross_entropies_are_torchs(reduction, weighted, seed):
    rng, shape = draws(seed), shape_of(seed)
    t = rng.uniform(size=shape)
    w = rng.uniform(size=shape) if weighted else None
    w_ = None if w is None else torch.tensor(w)
    x = rng.normal(0.0, 5.0, shape)
    assert_same_function(
        lambda x, t: nn.bce_with_logits(x, t, w, reduction),
        lambda x, t: F.binary_cross_entropy_with_logits(x, t, w_, reduction=reduction), x, t,
    )  # fmt: skip
    y = rng.uniform(0.01, 0.99, shape)
    assert_same_function(
        lambda y: nn.bce(y, t, w, reduction),
        lambda y: F.binary_cross_entropy(y, torch.tensor(t), w_, reduction=reduction), y,
    )  # fmt: skip


def test_bce_with_logits_is_exact_where_probabilities_round_to_1():
    x = Tensor([800.0, -800.0, 0.0], requires_grad=True)
    loss = nn.bce_with_logits(x, [1, 1, 1], reduction="sum")
    loss.backward()
    assert loss.item() == pytest.approx(800.0 + np.log(2.0), rel=1e-15)
    assert np.allclose(x.grad, [0.0, -1.0, -0.5])


def test_bce_at_the_ends_is_torchs_100():
    assert_close(nn.bce(Tensor([0.0, 1.0]), [1, 0], reduction="none"), [100.0, 100.0])
    assert_close(nn.bce(Tensor([0.0, 1.0]), [0, 1], reduction="none"), [0.0, 0.0])


LOGITS = [
    ((4,), ()),
    ((5, 3), (5,)),
    ((1, 2), (1,)),
    ((2, 3, 4), (2, 4)),
    ((2, 3, 2, 2), (2, 2, 2)),
]


@pytest.mark.parametrize(("shape", "targets"), LOGITS)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_cross_entropy_with_class_indices_is_torchs(shape, targets, reduction, weighted, smoothing):
    rng = draws(3)
    classes = shape[0] if len(shape) == 1 else shape[1]
    w = rng.uniform(0.5, 2.0, classes) if weighted else None
    t = np.asarray(rng.integers(0, classes, targets))
    if t.size > 1:
        t.reshape(-1)[0] = -100  # torch's index for "count this one for nothing"
    w_ = None if w is None else torch.tensor(w)
    assert_same_function(
        lambda x: nn.cross_entropy(x, t, w, reduction=reduction, label_smoothing=smoothing),
        lambda x: F.cross_entropy(
            x, torch.tensor(t), w_, reduction=reduction, label_smoothing=smoothing
        ),
        rng.normal(0.0, 3.0, shape),
    )


@pytest.mark.parametrize(("shape", "_"), LOGITS)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_cross_entropy_with_probabilities_is_torchs(shape, _, reduction, weighted, smoothing):
    rng = draws(4)
    axis = 0 if len(shape) == 1 else 1
    w = rng.uniform(0.5, 2.0, shape[axis]) if weighted else None
    t = rng.uniform(size=shape)
    t /= t.sum(axis, keepdims=True)
    w_ = None if w is None else torch.tensor(w)
    assert_same_function(
        lambda x, t: nn.cross_entropy(x, t, w, reduction=reduction, label_smoothing=smoothing),
        lambda x, t: F.cross_entropy(x, t, w_, reduction=reduction, label_smoothing=smoothing),
        rng.normal(0.0, 3.0, shape), t,
    )  # fmt: skip


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_nll_loss_is_torchs(reduction):
    rng = draws(5)
    t, w = rng.integers(0, 3, 6), rng.uniform(size=3)
    t[2] = 1
    assert_same_function(
        lambda x: nn.nll_loss(x, t, w, ignore_index=1, reduction=reduction),
        lambda x: F.nll_loss(
            x, torch.tensor(t), torch.tensor(w), ignore_index=1, reduction=reduction
        ),
        rng.normal(size=(6, 3)),
    )


@pytest.mark.parametrize("var_shape", [(5, 3), (5, 1), (5,)])
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("full", [False, True])
def test_gaussian_nll_is_torchs(var_shape, reduction, full):
    rng = draws(6)
    mu, t = rng.normal(size=(2, 5, 3))
    var = rng.uniform(0.1, 2.0, var_shape)
    var.reshape(-1)[0] = 0.01  # below eps
    assert_same_function(
        lambda mu, t, var: nn.gaussian_nll_loss(mu, t, var, full, 0.05, reduction),
        lambda mu, t, var: F.gaussian_nll_loss(mu, t, var, full, 0.05, reduction), mu, t, var,
    )  # fmt: skip


def test_hinge_is_the_missing_margin():
    y = Tensor([2.0, 0.5, -0.5, 1.0], requires_grad=True)
    t = np.array([1, -1, 1, 1])
    loss = nn.hinge_loss(y, t, "sum")
    loss.backward()
    assert loss.item() == sum(
        max(0.0, 1.0 - a * b) for a, b in zip([2.0, 0.5, -0.5, 1.0], t, strict=True)
    )
    assert np.array_equal(y.grad, [0.0, 1.0, -1.0, 0.0])  # at the margin itself: relu'(0) = 0


def test_a_class_that_is_masked_out_costs_nothing_where_it_is_not_the_target():
    x = Tensor([[0.0, -np.inf, 1.0], [-np.inf, 0.0, 0.0]], requires_grad=True)
    loss = nn.cross_entropy(x, [0, -100])
    loss.backward()
    assert loss.item() == pytest.approx(np.log(1.0 + np.e), rel=1e-14)
    assert np.isfinite(x.grad).all()


def test_losses_keep_float32():
    x = Tensor(np.ones((2, 3), np.float32), requires_grad=True)
    t = np.zeros((2, 3), np.float32)
    for loss in (
        nn.cross_entropy(x, [0, 1], weight=[1.0, 2.0, 3.0], label_smoothing=0.1),
        nn.mse_loss(x, t),
        nn.bce_with_logits(x, t),
        nn.gaussian_nll_loss(x, t, np.ones((2, 3), np.float32), full=True),
    ):
        assert loss.dtype == np.float32


def test_losses_are_modules_too():
    x, t = draws(0).normal(size=(4, 3)), [0, 2, 1, 0]
    assert float(nn.CrossEntropyLoss(label_smoothing=0.2)(Tensor(x), t)) == float(
        nn.cross_entropy(Tensor(x), t, label_smoothing=0.2)
    )
    y, u = draws(1).uniform(size=(2, 5))
    pairs = [
        (nn.MSELoss, nn.mse_loss), (nn.L1Loss, nn.l1_loss), (nn.BCELoss, nn.binary_cross_entropy),
        (nn.BCEWithLogitsLoss, nn.binary_cross_entropy_with_logits),
    ]  # fmt: skip
    for module, function in pairs:
        assert float(module(reduction="sum")(Tensor(y), u)) == float(
            function(Tensor(y), u, reduction="sum")
        )
    log_p = np.log(np.full((2, 2), 0.5))
    assert float(nn.NLLLoss()(Tensor(log_p), [0, 1])) == pytest.approx(np.log(2.0))


def test_a_misspelt_option_of_a_loss_is_refused():
    with pytest.raises(OperandError, match="no option 'reducton'; did you mean 'reduction'"):
        nn.MSELoss(reducton="sum")


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", [nn.half_squared_error, nn.bce, nn.bce_with_logits, nn.hinge_loss])
def test_a_column_is_not_compared_with_a_row(loss):
    with pytest.raises(ShapeError, match=r"output has shape \(3, 1\), the target \(3,\)"):
        loss(Tensor(np.full((3, 1), 0.5)), np.ones(3))


@pytest.mark.parametrize(
    "loss",
    [nn.half_squared_error, nn.mse_loss, nn.l1_loss, nn.bce, nn.bce_with_logits, nn.hinge_loss],
)
def test_outputs_may_be_lists_or_one_number(loss):
    assert float(loss([0.25, 0.5], [1, 1], reduction="sum")) == pytest.approx(
        float(loss(0.25, 1)) + float(loss(0.5, 1)), rel=1e-14
    )


def test_log_probabilities_may_be_a_list():
    assert float(nn.nll_loss([[-1.0, -2.0], [-3.0, -4.0]], [1, 0])) == 2.5


def test_a_reduction_that_is_none_is_refused():
    with pytest.raises(OperandError, match="'mean', 'sum' or 'none', not 'average'"):
        nn.mse_loss(Tensor([1.0]), [1.0], "average")


def test_bce_takes_probabilities_only():
    with pytest.raises(OperandError, match=r"in \[0, 1\], and 1.5 does not"):
        nn.bce(Tensor([1.5]), [1.0])


@pytest.mark.parametrize(
    ("target", "error", "words"),
    [
        ([0, 3], IndexingError, r"target 3 is no class: class indices lie in \[0, 3\)"),
        ([-1, 0], IndexingError, "target -1 is no class"),
        ([0], ShapeError, r"need class indices of shape \(2,\), not \(1,\)"),
        ([[0, 1]], ShapeError, "need class indices"),
        ([0.5, 1.0], OperandError, r"for probabilities the target needs shape \(2, 3\)"),
    ],
)
def test_targets_that_are_no_classes_are_refused(target, error, words):
    with pytest.raises(error, match=words):
        nn.cross_entropy(Tensor(np.zeros((2, 3))), target)


def test_a_number_has_no_classes():
    with pytest.raises(ShapeError, match="axis of classes"):
        nn.cross_entropy(Tensor(1.0), 0)


def test_hinge_takes_signs_and_a_variance_is_not_negative():
    with pytest.raises(OperandError, match=r"2\*t - 1"):
        nn.hinge_loss(Tensor([1.0]), [0])
    with pytest.raises(OperandError, match="variance is negative"):
        nn.gaussian_nll_loss(Tensor([1.0]), [1.0], [-1.0])
    with pytest.raises(ShapeError, match="variance has shape"):
        nn.gaussian_nll_loss(Tensor([1.0, 2.0]), [1.0, 2.0], np.ones(3))


def test_a_masked_target_is_refused_as_its_mask_would_be_dropped():
    x = Tensor([1.0, 2.0], requires_grad=True)
    hidden = np.ma.array([1.0, 0.0], mask=[True, False])
    for call in (
        lambda: nn.mse_loss(x, hidden),
        lambda: nn.cross_entropy(x, np.ma.masked),
        lambda: nn.Batches(hidden, hidden),
    ):
        with pytest.raises(OperandError, match="masked"):
            call()
