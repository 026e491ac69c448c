"""Optimisers and schedules follow torch's trajectories; clipping gives torch's gradients."""

import math

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, no_grad
from autograd_lite.errors import OperandError, ShapeError, StaleError, TrainingError
from tests.nn.oracle import assert_close, torch

OPTIMISERS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.8, "weight_decay": 0.1, "nesterov": True}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.5}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.05, "alpha": 0.9, "eps": 1e-3, "weight_decay": 0.1}),
    ("RMSprop", {"momentum": 0.9}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.5, 0.8), "eps": 1e-2, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.3}),
]


def one_step(w, v, optimizer, exp):
    optimizer.zero_grad()
    loss = (exp(0.3 * w) * v).sum() + (w * w * w * w).sum() + (v * v).sum()
    loss.backward()
    optimizer.step()


@pytest.mark.parametrize(("name", "options"), OPTIMISERS, ids=str)
def test_forty_steps_are_torchs(name, options):
    start = np.random.default_rng(0).normal(size=(2, 3, 4))
    ours = [Tensor(x, requires_grad=True) for x in start]
    theirs = [torch.tensor(x, requires_grad=True) for x in start]
    a = getattr(nn, {"RMSprop": "RMSProp"}.get(name, name))(ours, **options)
    b = getattr(torch.optim, name)(theirs, **options)
    for _ in range(40):
        one_step(*ours, a, np.exp)
        one_step(*theirs, b, torch.exp)
        for w, u in zip(ours, theirs, strict=True):
            assert_close(w, u)


@pytest.mark.parametrize(("name", "options"), OPTIMISERS, ids=str)
def test_float32_stays_float32_and_numbers_without_axes_are_trained(name, options):
    w = Tensor(np.float32(2.0), requires_grad=True)
    optimizer = getattr(nn, {"RMSprop": "RMSProp"}.get(name, name))([w], **options)
    for _ in range(3):
        (w * w).backward()
        optimizer.step()
        optimizer.zero_grad()
    assert w.dtype == np.float32
    assert w.shape == ()
    assert w.item() < 2.0


def test_a_step_leaves_the_gradient_and_skips_what_has_none():
    w, v = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    (w * w).sum().backward()
    for kind in (nn.SGD, nn.RMSProp, nn.Adam, nn.AdamW):
        kind([w, v], weight_decay=0.1).step()
    assert np.array_equal(w.grad, [2.0])
    assert float(v.item()) == 1.0


def test_what_was_computed_before_a_step_is_stale():
    w = Tensor([1.0], requires_grad=True)
    y = (w * w).sum()
    y.backward()
    nn.SGD([w]).step()
    with pytest.raises(StaleError):
        y.backward()


def test_an_array_the_user_holds_sees_the_step_and_is_still_watched():
    w = Tensor([1.0], requires_grad=True)
    held = w.data
    (w * w).sum().backward()
    nn.SGD([w], lr=0.5).step()
    assert held[0] == 0.0
    y = (w * w).sum()
    held[0] = 3.0
    with pytest.raises(StaleError):
        y.backward()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ([], "given none"),
        ([Tensor([1.0])], "no parameter"),
        ([np.ones(2)], "no parameter"),
        (Tensor([1.0], requires_grad=True), r"write \[w\]"),
        ([Tensor([1.0], requires_grad=True) * 2.0], "no parameter"),
    ],
)
def test_an_optimiser_refuses_what_cannot_be_trained(parameters, words):
    with pytest.raises(OperandError, match=words):
        nn.SGD(parameters)


@pytest.mark.parametrize(
    "wrong",
    [
        {"lr": -1.0},
        {"lr": math.nan},
        {"momentum": -0.1},
        {"nesterov": True},
        {"weight_decay": -1.0},
    ],
)
def test_sgd_refuses_impossible_rates(wrong):
    with pytest.raises(OperandError):
        nn.SGD([Tensor([1.0], requires_grad=True)], **wrong)


def test_adam_refuses_betas_of_one():
    with pytest.raises(OperandError, match=r"betas\[1\] lies in \[0, 1\)"):
        nn.Adam([Tensor([1.0], requires_grad=True)], betas=(0.9, 1.0))


def test_a_gradient_of_another_shape_is_refused():
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    w.grad = np.ones(3)
    with pytest.raises(ShapeError, match=r"w \(node \d+\) has shape \(2,\), its gradient \(3,\)"):
        nn.SGD([w]).step()


# --- schedules ------------------------------------------------------------------------------------

SCHEDULES = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 10}),
    ("CosineAnnealingLR", {"T_max": 4, "eta_min": 0.01}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.9, "total_iters": 8}),
    ("LambdaLR", {"lr_lambda": lambda t: 1.0 / (1.0 + t)}),
]


@pytest.mark.parametrize(
    ("name", "options"), SCHEDULES, ids=lambda x: x if isinstance(x, str) else ",".join(x)
)
def test_schedules_are_torchs(name, options):
    a = nn.SGD([Tensor([1.0], requires_grad=True)], lr=0.3)
    b = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.3)
    ours = getattr(nn, name)(a, **options)
    theirs = getattr(torch.optim.lr_scheduler, name)(b, **options)
    for _ in range(20):
        assert a.lr == pytest.approx(b.param_groups[0]["lr"], rel=1e-12, abs=1e-16)
        b.step()
        ours.step()
        theirs.step()


def test_a_schedule_counts_whole_steps():
    with pytest.raises(OperandError, match="step_size is a whole number"):
        nn.StepLR(nn.SGD([Tensor([1.0], requires_grad=True)]), 0)


# --- clipping -------------------------------------------------------------------------------------


def with_gradients(scale):
    gradients = [scale * g for g in np.random.default_rng(1).normal(size=(3, 2, 4))]
    ours = [Tensor(np.zeros((2, 4)), requires_grad=True) for _ in gradients]
    theirs = [torch.zeros((2, 4), requires_grad=True) for _ in gradients]
    for w, u, g in zip(ours, theirs, gradients, strict=True):
        w.grad, u.grad = g.copy(), torch.tensor(g)
    return ours, theirs


@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, math.inf])
@pytest.mark.parametrize("scale", [0.01, 10.0])
def test_clipping_by_norm_is_torchs(norm_type, scale):
    ours, theirs = with_gradients(scale)
    before = nn.clip_grad_norm_(ours, 1.0, norm_type)
    assert before == pytest.approx(float(torch.nn.utils.clip_grad_norm_(theirs, 1.0, norm_type)))
    for w, u in zip(ours, theirs, strict=True):
        assert_close(w.grad, u.grad)


def test_clipping_by_value_is_torchs():
    ours, theirs = with_gradients(2.0)
    nn.clip_grad_value_(ours, 0.7)
    torch.nn.utils.clip_grad_value_(theirs, 0.7)
    for w, u in zip(ours, theirs, strict=True):
        assert_close(w.grad, u.grad)


def test_clipping_bounds_the_norm_and_does_nothing_without_gradients():
    w = Tensor([1.0], requires_grad=True)
    assert nn.clip_grad_norm_(w, 1.0) == 0.0
    w.grad = np.array([5.0])
    nn.clip_grad_norm_(w, 1.0)
    assert abs(w.grad[0]) <= 1.0


def test_bad_gradients_are_said_by_parameter():
    net = nn.MLP((2, 3, 1), generator=0)
    net(np.ones((1, 2))).sum().backward()
    nn.check_gradients(net)
    dict(net.named_parameters())["layers.1.weight"].grad[0, 1] = np.inf
    dict(net.named_parameters())["layers.0.bias"].grad[:] = np.nan
    with pytest.raises(
        TrainingError, match=r"layers\.0\.bias \(3 of 3.*layers\.1\.weight \(1 of 3"
    ):
        nn.check_gradients(net)


def test_large_but_finite_gradients_are_not_called_bad():
    net = nn.Linear(1, 1)
    net.weight.grad = np.array([[1e200]])
    nn.check_gradients(net)


def test_update_refuses_a_computed_tensor():
    w = Tensor([1.0], requires_grad=True)
    with no_grad():
        constant = w * 2.0
    constant.update_(lambda array: array.fill(0.0))
    assert constant.item() == 0.0
    with pytest.raises(OperandError, match="is computed"):
        (w * 2.0).update_(lambda array: array.fill(0.0))
