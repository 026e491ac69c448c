"""Schedules give torch's rates step by step, alone and together, and refuse what is out of range."""

import copy
import inspect
import json
import math
import re
import warnings

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import AutogradError, OperandError, StateError
from nn.schedules import LRScheduler
from tests.nn.oracle import torch

lr_scheduler = torch.optim.lr_scheduler

SCHEDULES = [
    ("LambdaLR", {"lr_lambda": lambda t: 1.0 / (1.0 + t)}),
    ("MultiplicativeLR", {"lr_lambda": lambda t: 1.0 - 0.1 * (t % 3)}),
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("StepLR", {"step_size": 4}),
    ("StepLR", {"step_size": 2, "gamma": 0.0}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9]}),
    ("MultiStepLR", {"milestones": [9, 0, 4], "gamma": 0.5}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 7}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.9, "total_iters": 8}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 6}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("ExponentialLR", {"gamma": 0.0}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 12, "power": 2.5}),
    ("CosineAnnealingLR", {"T_max": 10}),
    ("CosineAnnealingLR", {"T_max": 4, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 1}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 2, "T_mult": 2, "eta_min": 0.02}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 3}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 25}),
    ("OneCycleLR", {"max_lr": 0.5, "epochs": 5, "steps_per_epoch": 6, "anneal_strategy": "linear"}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 25, "three_phase": True, "pct_start": 0.4}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 30, "div_factor": 5.0, "final_div_factor": 10.0}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 30, "pct_start": 0.0, "base_momentum": 0.6}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 30, "cycle_momentum": False}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.4, "step_size_up": 3}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.4, "step_size_up": 3, "step_size_down": 2}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.4, "step_size_up": 2, "mode": "triangular2"}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.4, "step_size_up": 3, "mode": "exp_range", "gamma": 0.9}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.4, "step_size_up": 3, "scale_fn": lambda k: 1.0 / k}),
    ("CyclicLR", {
        "base_lr": 0.1, "max_lr": 0.4, "step_size_up": 3, "scale_mode": "iterations",
        "scale_fn": lambda t: 0.9**t, "base_momentum": 0.5, "max_momentum": 0.6,
    }),
]  # fmt: skip


def name_of(x):
    if isinstance(x, tuple):
        return f"{x[0]}({name_of(x[1])})"
    if isinstance(x, dict):
        return ",".join(f"{k}={'f' if callable(v) else v}" for k, v in x.items())
    return str(x)


def optimisers(kind="SGD", lr=0.3, groups=1, **options):
    """An optimiser here and torch's with as many groups, whose rates are lr, lr/2, …"""
    a = [{"params": [nn.Parameter([1.0])], "lr": lr / (i + 1)} for i in range(groups)]
    b = [{"params": [torch.ones(1, requires_grad=True)], "lr": lr / (i + 1)} for i in range(groups)]
    return getattr(nn, kind)(a, **options), getattr(torch.optim, kind)(b, **options)


def both(name, a, b, **options):
    return getattr(nn, name)(a, **options), getattr(lr_scheduler, name)(b, **options)


def assert_same_options(a, b):
    for ours, theirs in zip(a.param_groups, b.param_groups, strict=True):
        for option in ("lr", "momentum", "betas"):
            if option in ours:
                assert np.allclose(ours[option], theirs[option], rtol=1e-12, atol=1e-16), option


def follow(a, b, ours, theirs, steps=25):
    for _ in range(steps):
        assert_same_options(a, b)
        assert ours.get_last_lr() == [group["lr"] for group in a.param_groups]
        b.step()
        ours.step()
        theirs.step()
    assert_same_options(a, b)


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("kind", ["SGD", "AdamW"])
@pytest.mark.parametrize(("name", "options"), SCHEDULES, ids=name_of)
def test_schedules_are_torchs_step_by_step(name, options, kind, groups):
    a, b = optimisers(kind, groups=groups)
    follow(a, b, *both(name, a, b, **options))


def test_every_schedule_of_torch_is_here_and_tried():
    here = {name for name in lr_scheduler.__all__ if hasattr(nn, name)}
    assert here == set(lr_scheduler.__all__) - {"LRScheduler"}
    tried = {name for name, _ in SCHEDULES}
    assert here - tried == {"SequentialLR", "ChainedScheduler", "ReduceLROnPlateau"}


@pytest.mark.parametrize("name", [name for name in lr_scheduler.__all__ if name != "LRScheduler"])
def test_every_argument_of_torch_has_its_name_place_and_default(name):
    ours = inspect.signature(getattr(nn, name)).parameters
    theirs = inspect.signature(getattr(lr_scheduler, name)).parameters
    assert list(ours) == list(theirs)
    for argument in ours:
        assert ours[argument].default == theirs[argument].default, argument


def test_a_list_has_an_entry_for_each_group_as_in_torch():
    for name, options in [
        ("LambdaLR", {"lr_lambda": [lambda t: 0.5**t, lambda t: 0.9**t]}),
        ("MultiplicativeLR", {"lr_lambda": [lambda t: 0.5, lambda t: 0.9]}),
        ("OneCycleLR", {"max_lr": [0.5, 0.7], "total_steps": 25}),
        ("CyclicLR", {"base_lr": [0.1, 0.2], "max_lr": [0.5, 0.7], "step_size_up": 3}),
    ]:
        a, b = optimisers(groups=2)
        follow(a, b, *both(name, a, b, **options))
        (argument, given) = next((k, v) for k, v in options.items() if isinstance(v, list))
        with pytest.raises(OperandError, match="2 parameter groups"):
            getattr(nn, name)(a, **{**options, argument: given * 2})


def test_restarts_go_to_where_an_epoch_says_as_in_torch():
    a, b = optimisers()
    ours, theirs = both("CosineAnnealingWarmRestarts", a, b, T_0=3, T_mult=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for epoch in [0.5, 1.25, 2.9, 3.0, 8.5, None, None, 1.5, None, 26, None]:
            ours.step(epoch)
            theirs.step(epoch)
            assert_same_options(a, b)
    with pytest.raises(OperandError, match="epoch is a finite number of at least 0"):
        ours.step(-1)


# --- together -------------------------------------------------------------------------------------

CHAINABLE = [
    (name, options)
    for name, options in SCHEDULES
    if name in {"MultiplicativeLR", "StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR",
                "PolynomialLR", "CosineAnnealingLR"}
    and 0.0 not in options.values()  # where a rate is 0, torch's formulas divide by it
]  # fmt: skip


@pytest.mark.parametrize("first", CHAINABLE, ids=name_of)
@pytest.mark.parametrize("second", [*CHAINABLE, SCHEDULES[0], SCHEDULES[19]], ids=name_of)
def test_two_schedules_of_one_optimiser_are_torchs(first, second):
    a, b = optimisers()
    pairs = [both(name, a, b, **options) for name, options in (first, second)]
    for _ in range(20):
        assert_same_options(a, b)
        b.step()
        for ours, theirs in pairs:
            theirs.step()
            if b.param_groups[0]["lr"] < 0.0:  # torch would train uphill
                with pytest.raises(OperandError, match="at least 0, not -"):
                    ours.step()
                return
            ours.step()


@pytest.mark.parametrize("first", SCHEDULES, ids=name_of)
@pytest.mark.parametrize(
    "second", [SCHEDULES[2], SCHEDULES[10], SCHEDULES[16], SCHEDULES[20]], ids=name_of
)
@pytest.mark.filterwarnings("ignore:.*lr_scheduler.step.*:UserWarning")
def test_one_schedule_after_another_is_torchs(first, second):
    a, b = optimisers()
    pairs = [both(name, a, b, **options) for name, options in (first, second, second)]
    ours, theirs = ([p[k] for p in pairs] for k in (0, 1))
    follow(
        a, b,
        nn.SequentialLR(a, ours, milestones=[5, 11]),
        lr_scheduler.SequentialLR(b, theirs, milestones=[5, 11]),
        20,
    )  # fmt: skip


def test_chained_schedules_are_torchs():
    a, b = optimisers()
    pairs = [both("LinearLR", a, b, total_iters=4), both("ExponentialLR", a, b, gamma=0.9)]
    ours, theirs = ([p[k] for p in pairs] for k in (0, 1))
    follow(a, b, nn.ChainedScheduler(ours), lr_scheduler.ChainedScheduler(theirs))


def test_a_rate_changed_by_hand_is_gone_on_from_as_in_torch():
    a, b = optimisers()
    ours, theirs = both("ExponentialLR", a, b, gamma=0.5)
    for optimizer in (a, b):
        optimizer.param_groups[0]["lr"] = 4.0
    follow(a, b, ours, theirs, 3)


def test_schedules_of_different_optimisers_are_refused():
    (a, _), (b, _) = optimisers(), optimisers()
    with pytest.raises(OperandError, match="different optimisers"):
        nn.SequentialLR(a, [nn.StepLR(a, 1), nn.StepLR(b, 1)], [2])
    with pytest.raises(OperandError, match="different optimisers"):
        nn.ChainedScheduler([nn.StepLR(a, 1), nn.StepLR(b, 1)])
    with pytest.raises(OperandError, match="step\\(\\) takes nothing"):
        nn.ChainedScheduler([nn.ReduceLROnPlateau(a)])
    with pytest.raises(OperandError, match="is a list of schedules"):
        nn.ChainedScheduler([])
    with pytest.raises(OperandError, match="2 schedulers need 1 milestones, not 2"):
        nn.SequentialLR(a, [nn.StepLR(a, 1), nn.StepLR(a, 1)], [2, 3])
    with pytest.raises(OperandError, match="milestones rise"):
        nn.SequentialLR(a, [nn.StepLR(a, 1) for _ in range(3)], [3, 2])


# --- plateau --------------------------------------------------------------------------------------

LOSSES = [
    5.0,
    4.0,
    4.0,
    4.0,
    3.9999,
    3.9,
    3.9,
    math.nan,
    3.9,
    3.9,
    2.0,
    2.0,
    2.1,
    2.2,
    math.inf,
    2.0,
    2.0,
    1.0,
]


@pytest.mark.parametrize("options", [
    {},
    {"factor": 0.5, "patience": 1},
    {"factor": 0.5, "patience": 0, "cooldown": 2},
    {"factor": 0.2, "patience": 0, "min_lr": 0.01},
    {"factor": 0.5, "patience": 1, "mode": "max"},
    {"factor": 0.5, "patience": 1, "threshold": 0.1, "threshold_mode": "abs"},
    {"factor": 0.5, "patience": 1, "threshold": 0.1, "threshold_mode": "abs", "mode": "max"},
    {"factor": 0.5, "patience": 0, "eps": 0.1},
], ids=name_of)  # fmt: skip
def test_a_plateau_lowers_the_rate_as_in_torch(options):
    a, b = optimisers(groups=2)
    ours, theirs = both("ReduceLROnPlateau", a, b, **options)
    for loss in LOSSES * 2:
        ours.step(loss)
        theirs.step(loss)
        assert_same_options(a, b)
        assert ours.state_dict().items() >= {
            "best": theirs.best, "num_bad_epochs": theirs.num_bad_epochs,
            "cooldown_counter": theirs.cooldown_counter, "last_epoch": theirs.last_epoch,
        }.items()  # fmt: skip


@pytest.mark.parametrize("metrics", [None, "1", [1.0, 2.0], True, np.ones(2)], ids=str)
def test_a_plateau_is_told_a_number(metrics):
    a, _ = optimisers()
    with pytest.raises(OperandError, match="metrics is the number that should get better"):
        nn.ReduceLROnPlateau(a).step(metrics)


# --- state ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options"), [*SCHEDULES, ("ReduceLROnPlateau", {"patience": 1})], ids=name_of
)
def test_a_loaded_state_goes_on_exactly(name, options):
    (a, _), (b, _) = optimisers("AdamW", groups=2), optimisers("AdamW", groups=2)
    tell = [(x,) for x in LOSSES] if name == "ReduceLROnPlateau" else [()] * 18
    first, second = getattr(nn, name)(a, **options), getattr(nn, name)(b, **options)
    for told in tell[:8]:
        first.step(*told)
    b.load_state_dict(a.state_dict())
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    for told in tell[8:]:
        first.step(*told)
        second.step(*told)
        for old, new in zip(a.param_groups, b.param_groups, strict=True):
            assert old["lr"] == new["lr"]
            assert old["betas"] == new["betas"]


def warmed(optimizer):
    return nn.SequentialLR(
        optimizer,
        [nn.LinearLR(optimizer, 0.1, total_iters=3), nn.CosineAnnealingLR(optimizer, 10)],
        [3],
    )


def test_a_sequence_resumes_too():
    (a, _), (b, _) = optimisers(), optimisers()
    first, second = warmed(a), warmed(b)
    for _ in range(5):
        first.step()
    b.load_state_dict(a.state_dict())
    second.load_state_dict(first.state_dict())
    for _ in range(5):
        first.step()
        second.step()
        assert a.lr == b.lr


@pytest.mark.parametrize("change", [
    {"last_epoch": 1.5}, {"last_epoch": None}, {"gamma": math.nan}, {"gamma": "0.1"}, {"gamma": True},
    {"base_lrs": [1.0, 2.0]}, {"base_lrs": 3.0}, {"more": 1}, {"gamma": ...}, None, 3, [],
], ids=str)  # fmt: skip
def test_a_state_that_does_not_fit_is_refused_whole(change):
    a, _ = optimisers()
    schedule = nn.StepLR(a, 2)
    before = copy.deepcopy(schedule.state_dict())
    state = {**before, "step_size": 7, **change} if isinstance(change, dict) else change
    if isinstance(change, dict):
        state = {name: x for name, x in state.items() if x is not ...}
    with pytest.raises(StateError, match="state"):
        schedule.load_state_dict(state)
    assert schedule.state_dict() == before


def test_a_sequence_refuses_a_state_of_which_one_part_does_not_fit():
    (a, _) = optimisers()
    schedule = warmed(a)
    before = copy.deepcopy(schedule.state_dict())
    state = copy.deepcopy(before)
    state["last_epoch"], state["schedulers"][0]["last_epoch"] = 5, 5
    state["schedulers"][1]["T_max"] = "ten"
    with pytest.raises(StateError, match="CosineAnnealingLR: T_max: 'ten', here 10"):
        schedule.load_state_dict(state)
    assert schedule.state_dict() == before


def test_a_schedule_goes_on_from_last_epoch_by_the_first_rate():
    a, _ = optimisers()
    schedule = nn.CosineAnnealingLR(a, 10)
    rates = []
    for _ in range(8):
        rates.append(a.lr)
        schedule.step()
    b, _ = optimisers()
    with pytest.raises(OperandError, match="load the optimiser's state first"):
        nn.CosineAnnealingLR(b, 10, last_epoch=3)
    b.load_state_dict({**a.state_dict(), "state": {}})
    nn.CosineAnnealingLR(b, 10, last_epoch=3)
    assert pytest.approx(rates[4], rel=1e-12) == b.lr


# --- out of range ---------------------------------------------------------------------------------

WRONG = [
    math.nan, -1, -math.inf, math.inf, "1", None, True, [0.5, 0.5], 1j, object(),
    Tensor(0.5, requires_grad=True), Tensor([0.5, 0.5]),
]  # fmt: skip
MINIMAL = {
    "LambdaLR": {"lr_lambda": lambda t: 1.0}, "MultiplicativeLR": {"lr_lambda": lambda t: 1.0},
    "StepLR": {"step_size": 3}, "MultiStepLR": {"milestones": [2]}, "ExponentialLR": {"gamma": 0.5},
    "CosineAnnealingLR": {"T_max": 3}, "CosineAnnealingWarmRestarts": {"T_0": 3},
    "OneCycleLR": {"max_lr": 0.5, "total_steps": 9}, "CyclicLR": {"base_lr": 0.1, "max_lr": 0.4},
    "ConstantLR": {}, "LinearLR": {}, "PolynomialLR": {}, "ReduceLROnPlateau": {},
}  # fmt: skip
ARGUMENTS = [
    (name, argument)
    for name in MINIMAL
    for argument in inspect.signature(getattr(lr_scheduler, name)).parameters
    if argument != "optimizer"
]
MAY_BE = {
    "last_epoch": {-1}, "step_size_down": {None}, "scale_fn": {None}, "total_steps": set(),
    "cycle_momentum": {True}, "three_phase": {True}, "epochs": {None}, "steps_per_epoch": {None},
}  # fmt: skip


@pytest.mark.parametrize("x", WRONG, ids=lambda x: re.sub(" at 0x.*", "", repr(x)))
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_an_argument_out_of_its_range_is_refused_by_name(name, argument, x):
    a, _ = optimisers()
    if any(
        x is allowed or (type(x) is int and x == allowed) for allowed in MAY_BE.get(argument, ())
    ):
        return
    options = {**MINIMAL[name], argument: x}
    if argument in {"epochs", "steps_per_epoch"}:
        options = {
            **options,
            "epochs": 3,
            "steps_per_epoch": 3,
            argument: x,
            "total_steps": None,
        }
    if argument == "total_steps" and x is None:
        with pytest.raises(OperandError, match="needs its length"):
            nn.OneCycleLR(a, **options)
        return
    before = dict(a.param_groups[0])
    with pytest.raises(OperandError, match=rf"^{argument}\b"):
        getattr(nn, name)(a, **options)
    assert dict(a.param_groups[0]) == before


@pytest.mark.parametrize("name", MINIMAL)
@pytest.mark.parametrize(
    "optimizer", [None, 3, "SGD", torch.optim.SGD([torch.ones(1)], lr=1.0)], ids=str
)
def test_the_optimiser_must_be_one(name, optimizer):
    with pytest.raises(AutogradError, match="a schedule's first argument is an optimiser"):
        getattr(nn, name)(optimizer, **MINIMAL[name])


@pytest.mark.parametrize("factor", [math.nan, -0.5, math.inf, None, "1"], ids=str)
def test_a_factor_that_is_none_is_refused_and_the_rates_stay(factor):
    a, _ = optimisers()
    schedule = nn.LambdaLR(a, lambda t: 1.0 if t < 2 else factor)
    schedule.step()
    with pytest.raises(
        OperandError, match=r"LambdaLR after 2 steps: lr_lambda\(2\) is a finite number"
    ):
        schedule.step()
    assert (a.lr, schedule.last_epoch) == (0.3, 1)


def test_a_rate_that_grows_without_bound_is_refused():
    a, _ = optimisers()
    schedule = nn.StepLR(a, 1, gamma=1e200)
    schedule.step()
    with pytest.raises(OperandError, match="StepLR after 2 steps"):
        schedule.step()


def test_one_cycle_ends():
    a, _ = optimisers()
    schedule = nn.OneCycleLR(a, 0.5, total_steps=3)
    for _ in range(3):
        schedule.step()
    with pytest.raises(OperandError, match="its cycle has 3 steps"):
        schedule.step()


def test_a_momentum_is_cycled_where_there_is_one():
    w = Tensor([1.0], requires_grad=True)
    with pytest.raises(OperandError, match="Adagrad has neither momentum nor betas"):
        nn.OneCycleLR(nn.Adagrad([w]), 0.5, total_steps=3)
    nn.OneCycleLR(nn.Adagrad([w]), 0.5, total_steps=3, cycle_momentum=False)


def test_a_schedule_without_a_rate_says_so():
    a, _ = optimisers()
    with pytest.raises(NotImplementedError, match="LRScheduler has no rate: write def rate"):
        LRScheduler(a)
