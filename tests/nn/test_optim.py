"""Optimisers follow torch's trajectories, resume exactly, and refuse what is out of range."""

import copy
import inspect
import itertools
import math
import pickle
import re

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, no_grad
from autograd_lite.errors import OperandError, ShapeError, StaleError, StateError
from tests.nn.oracle import assert_close, torch

KINDS = ("SGD", "RMSprop", "Adagrad", "Adam", "AdamW")


def combinations(**choices):
    """Every combination of these values."""
    return [dict(zip(choices, x, strict=True)) for x in itertools.product(*choices.values())]


OPTIMISERS = [
    *(("SGD", options) for options in [
        *combinations(
            lr=[0.02], momentum=[0.0, 0.9], dampening=[0.0, 0.3], weight_decay=[0.0, 0.1],
            maximize=[False, True],
        ),
        *combinations(lr=[0.02], momentum=[0.8], nesterov=[True], weight_decay=[0.0, 0.1]),
    ]),
    *(("RMSprop", options) for options in [
        {},
        *combinations(
            lr=[0.01], alpha=[0.9, 0.5], eps=[1e-3], weight_decay=[0.0, 0.1],
            momentum=[0.0, 0.9], centered=[False, True], maximize=[False, True],
        ),
    ]),
    *(("Adagrad", options) for options in [
        {},
        *combinations(
            lr=[0.1], lr_decay=[0.0, 0.2], weight_decay=[0.0, 0.1],
            initial_accumulator_value=[0.0, 0.5], eps=[1e-10, 1e-2], maximize=[False, True],
        ),
    ]),
    *((name, options) for name in ("Adam", "AdamW") for options in [
        {},
        *combinations(
            lr=[0.05], betas=[(0.9, 0.999), (0.5, 0.8), (0.0, 0.0)], eps=[1e-2],
            weight_decay=[0.0, 0.3], amsgrad=[False, True], maximize=[False, True],
        ),
    ]),
]  # fmt: skip


def one_step(w, v, optimizer, exp):
    optimizer.zero_grad()
    loss = (exp(-(w * w)) * v).sum() + 0.1 * (w * w).sum() + 0.2 * (v * v).sum()
    loss.backward()
    optimizer.step()


def pair(name, options, seed=0):
    """An optimiser here and torch's, on parameters of the same numbers."""
    start = np.random.default_rng(seed).normal(size=(2, 3, 4))
    ours = [Tensor(x, requires_grad=True) for x in start]
    theirs = [torch.tensor(x, requires_grad=True) for x in start]
    return (
        ours,
        theirs,
        getattr(nn, name)(ours, **options),
        getattr(torch.optim, name)(theirs, **options),
    )


@pytest.mark.parametrize(("name", "options"), OPTIMISERS, ids=str)
def test_thirty_steps_are_torchs(name, options):
    ours, theirs, a, b = pair(name, options)
    for _ in range(30):
        one_step(*ours, a, np.exp)
        one_step(*theirs, b, torch.exp)
        for w, u in zip(ours, theirs, strict=True):
            assert_close(w, u)


@pytest.mark.parametrize("name", KINDS)
def test_every_argument_of_torch_has_its_name_place_and_default(name):
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    ours = inspect.signature(getattr(nn, name)).parameters
    switches = {"foreach", "fused", "capturable", "differentiable", "decoupled_weight_decay"}
    for argument, theirs_is in theirs.items():
        if argument in switches:
            continue
        assert ours[argument].default == theirs_is.default, argument
    positional = [p.name for p in ours.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional == list(theirs)[: len(positional)]


@pytest.mark.parametrize("name", KINDS)
def test_torchs_switches_are_taken_when_off_and_refused_when_on(name):
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    for argument in {"foreach", "fused", "capturable", "differentiable"} & theirs.keys():
        getattr(nn, name)(
            [Tensor([1.0], requires_grad=True)], **{argument: theirs[argument].default}
        )
        with pytest.raises(OperandError, match=f"{argument}=True .*leave it out"):
            getattr(nn, name)([Tensor([1.0], requires_grad=True)], **{argument: True})
    with pytest.raises(OperandError, match="did you mean 'momentum'|known: "):
        getattr(nn, name)([Tensor([1.0], requires_grad=True)], momentun=0.9)


def test_the_spelling_of_the_paper_is_the_same_optimiser():
    assert nn.RMSProp is nn.RMSprop


@pytest.mark.parametrize(("name", "options"), OPTIMISERS, ids=str)
def test_float32_stays_float32_and_numbers_without_axes_are_trained(name, options):
    w = Tensor(np.float32(2.0), requires_grad=True)
    optimizer = getattr(nn, name)([w], **options)
    for _ in range(3):
        (w * w).backward()
        optimizer.step()
        optimizer.zero_grad()
    assert w.dtype == np.float32
    kept = [x for x in optimizer.state.get(w, {}).values() if not isinstance(x, int)]
    assert all(x.dtype == np.float32 for x in kept)
    assert w.shape == ()
    assert (w.item() < 2.0) is not options.get("maximize", False)


def test_a_centred_size_of_a_constant_gradient_is_no_root_of_a_negative_number():
    w = Tensor([0.0], requires_grad=True)
    optimizer = nn.RMSprop([w], centered=True, alpha=0.5, lr=1e-6)
    for _ in range(200):
        w.grad = np.array([0.1])
        optimizer.step()
    assert np.isfinite(w.item())


# --- groups ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_groups_have_their_own_options_as_in_torch(name):
    w, v = np.random.default_rng(3).normal(size=(2, 4))
    ours = [Tensor(x, requires_grad=True) for x in (w, v)]
    theirs = [torch.tensor(x, requires_grad=True) for x in (w, v)]
    a, b = (
        getattr(module, name)(
            [{"params": [x[0]], "lr": 0.03, "weight_decay": 0.2}, {"params": iter(x[1:])}], lr=0.01
        )
        for module, x in ((nn, ours), (torch.optim, theirs))
    )
    for step in range(20):
        for optimizer in (a, b):
            optimizer.param_groups[1]["lr"] = 0.01 + 0.001 * step
        one_step(*ours, a, np.exp)
        one_step(*theirs, b, torch.exp)
    for x, y in zip(ours, theirs, strict=True):
        assert_close(x, y)


def test_an_option_of_all_groups_is_an_attribute():
    w, v = (Tensor([1.0], requires_grad=True) for _ in range(2))
    optimizer = nn.SGD([{"params": [w], "lr": 0.5}, {"params": [v]}], lr=0.1)
    with pytest.raises(OperandError, match=r"have lr 0\.5 and 0\.1: read optimizer\.param_groups"):
        _ = optimizer.lr
    optimizer.lr = 0.2
    assert [group["lr"] for group in optimizer.param_groups] == [0.2, 0.2]
    assert all(x is y for x, y in zip(optimizer.parameters, [w, v], strict=True))


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([{"params": "w"}], "no parameter"),
        ([{"lr": 0.1}], "a parameter group is a dict"),
        ({"params": []}, "come in a list"),
        ([{"params": [Tensor([1.0], requires_grad=True)], "lrr": 0.1}], "did you mean 'lr'"),
        ([{"params": [Tensor([1.0], requires_grad=True)], "lr": -0.1}], "at least 0, not -0.1"),
        ([{"params": []}], "given none"),
        (3, "takes a list of parameters"),
        (None, "takes a list of parameters"),
    ],
)
def test_groups_that_are_none_are_refused(groups, words):
    with pytest.raises(OperandError, match=words):
        nn.SGD(groups)


def test_a_parameter_is_in_one_group():
    w = Tensor([1.0], requires_grad=True, name="w")
    with pytest.raises(OperandError, match="w .*is in two parameter groups"):
        nn.SGD([{"params": [w]}, {"params": [w]}])
    optimizer = nn.SGD([w, w])
    with pytest.raises(OperandError, match="is in two parameter groups"):
        optimizer.add_param_group({"params": [w]})
    assert len(optimizer.param_groups) == 1


# --- state ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "options"), OPTIMISERS, ids=str)
def test_a_loaded_state_goes_on_exactly(name, options):
    ours, _, a, _ = pair(name, options)
    for _ in range(5):
        one_step(*ours, a, np.exp)
    copies = [Tensor(w.numpy(), requires_grad=True) for w in ours]
    b = getattr(nn, name)(copies, lr=7.0)
    b.load_state_dict(pickle.loads(pickle.dumps(a.state_dict())))  # noqa: S301 - made here
    for _ in range(5):
        one_step(*ours, a, np.exp)
        one_step(*copies, b, np.exp)
    for w, u in zip(ours, copies, strict=True):
        assert np.array_equal(w.numpy(), u.numpy())


@pytest.mark.parametrize(("name", "options"), OPTIMISERS, ids=str)
def test_states_have_torchs_names_and_numbers_and_torchs_are_taken_up(name, options):
    ours, theirs, a, b = pair(name, options)
    for _ in range(4):
        one_step(*ours, a, np.exp)
        one_step(*theirs, b, torch.exp)
    mine, torchs = a.state_dict(), b.state_dict()
    for i, memory in mine["state"].items():
        for entry, x in memory.items():
            assert np.allclose(x, torchs["state"][i][entry].numpy(), rtol=1e-12, atol=1e-300), entry
    assert mine["param_groups"][0].items() <= torchs["param_groups"][0].items()
    a.load_state_dict(torchs)
    for _ in range(10):
        one_step(*ours, a, np.exp)
        one_step(*theirs, b, torch.exp)
    for w, u in zip(ours, theirs, strict=True):
        assert_close(w, u)


def test_a_state_is_a_copy():
    ours, _, a, _ = pair("Adam", {})
    one_step(*ours, a, np.exp)
    state = a.state_dict()
    kept = copy.deepcopy(state)
    one_step(*ours, a, np.exp)
    assert np.array_equal(state["state"][0]["exp_avg"], kept["state"][0]["exp_avg"])
    a.load_state_dict(state)
    state["state"][0]["exp_avg"][:] = math.nan
    assert np.isfinite(a.state[ours[0]]["exp_avg"]).all()


def spoilt(state, *path_and_value):
    """The state with the entry at a path replaced; ... deletes it."""
    *path, last, value = path_and_value
    state = at = copy.deepcopy(state)
    for key in path:
        at = at[key]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return state


SPOILT = [
    ("param_groups", 0, "lr", -1.0, "lr is a finite number"),
    ("param_groups", 0, "lr", math.nan, "lr is a finite number"),
    ("param_groups", 0, "betas", (0.9, 1.0), r"betas\[1\] lies in \[0, 1\)"),
    ("param_groups", 0, "lr", ..., "missing: lr"),
    ("param_groups", 0, "momentum", 0.9, "Adam has no option 'momentum'"),
    ("param_groups", 0, "params", [0], r"hold \[1\] parameters, expected \[2\]"),
    ("param_groups", [], r"hold \[\] parameters"),
    ("param_groups", None, "hold None parameters"),
    ("state", ..., "a dict with"),
    ("state", None, "holds the memories"),
    ("state", 7, {}, "holds the memories"),
    ("state", 1, "exp_avg", np.ones(3), r"state\[1\]: exp_avg has shape \(3,\)"),
    ("state", 1, "exp_avg", ["a"] * 12, "exp_avg has shape"),
    ("state", 1, "exp_avg", ..., "missing: exp_avg"),
    ("state", 1, "step", ..., "missing: step"),
    ("state", 1, "step", 1.5, "step is a whole number"),
    ("state", 1, "momentum_buffer", np.ones((3, 4)), "unexpected: momentum_buffer"),
    ("state", 1, 3.0, "a dict of arrays"),
]


@pytest.mark.parametrize("spoil", SPOILT, ids=str)
def test_a_state_that_does_not_fit_is_refused_whole(spoil):
    *change, words = spoil
    ours, _, a, _ = pair("Adam", {"lr": 0.5})
    one_step(*ours, a, np.exp)
    state = spoilt(spoilt(a.state_dict(), "state", 0, "exp_avg", np.full((3, 4), 9.0)), *change)
    before = pickle.dumps(a.state_dict())
    with pytest.raises(StateError, match=words):
        a.load_state_dict(state)
    assert pickle.dumps(a.state_dict()) == before


@pytest.mark.parametrize("state", [None, 3, [], {}, "state"], ids=str)
def test_a_state_that_is_none_is_refused(state):
    with pytest.raises(StateError, match="a state of SGD is a dict"):
        nn.SGD([Tensor([1.0], requires_grad=True)]).load_state_dict(state)


def test_model_and_optimiser_pickled_together_stay_together():
    model = nn.Linear(2, 1, generator=0)
    optimizer = nn.Adam(model.parameters())
    model(np.ones((1, 2))).sum().backward()
    optimizer.step()
    again, other = pickle.loads(pickle.dumps((model, optimizer)))  # noqa: S301 - made here
    assert all(x is y for x, y in zip(other.parameters, again.parameters(), strict=True))
    again(np.ones((1, 2))).sum().backward()
    other.zero_grad()
    assert all(p.grad is None for p in again.parameters())
    assert other.state.keys() == set(again.parameters())


# --- steps ----------------------------------------------------------------------------------------


def test_a_step_leaves_the_gradient_and_skips_what_has_none():
    w, v = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    (w * w).sum().backward()
    for kind in KINDS:
        getattr(nn, kind)([w, v], weight_decay=0.1).step()
    assert np.array_equal(w.grad, [2.0])
    assert v.item() == 1.0


def test_a_closure_computes_the_loss_that_step_returns():
    w = Tensor([1.0], requires_grad=True)
    optimizer = nn.SGD([w], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 1.0
    assert w.item() == 0.5
    with pytest.raises(OperandError, match="closure is a function"):
        optimizer.step(3.0)


def test_gradients_are_forgotten_or_filled_with_zeros():
    w, v = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    (w * w).sum().backward()
    optimizer = nn.SGD([w, v])
    optimizer.zero_grad(set_to_none=False)
    assert np.array_equal(w.grad, [0.0])
    assert v.grad is None
    optimizer.zero_grad()
    assert w.grad is None


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


# --- options out of range -------------------------------------------------------------------------

WRONG = [
    math.nan, -1.0, -math.inf, math.inf, "0.1", None, True, [0.1], np.ones(2), 1j,
    Tensor(0.1, requires_grad=True), Tensor([0.1, 0.2]), np.array("x"), object(),
]  # fmt: skip
NUMBERS = [
    (name, option)
    for name in KINDS
    for option in getattr(nn, name).options
    if option not in {"maximize", "nesterov", "amsgrad", "centered", "betas", "dampening"}
]


@pytest.mark.parametrize("x", WRONG, ids=lambda x: re.sub(" at 0x.*", "", repr(x)))
@pytest.mark.parametrize(("name", "option"), NUMBERS)
def test_an_option_out_of_its_range_is_refused_when_made_and_when_written(name, option, x):
    w = Tensor([1.0], requires_grad=True)
    make = getattr(nn, name)
    with pytest.raises(OperandError, match=f"^{option} "):
        make([w], **{option: x})
    optimizer = make([w])
    before = dict(optimizer.param_groups[0])
    with pytest.raises(OperandError, match=f"^{option} "):
        setattr(optimizer, option, x)
    with pytest.raises(OperandError, match=f"^{option} "):
        optimizer.param_groups[0].update({option: x})
    assert dict(optimizer.param_groups[0]) == before


@pytest.mark.parametrize("x", [0.25, np.float32(0.25), np.array(0.25), Tensor(0.25), 0])
@pytest.mark.parametrize(("name", "option"), NUMBERS)
def test_numbers_of_every_kind_are_taken(name, option, x):
    optimizer = getattr(nn, name)([Tensor([1.0], requires_grad=True)], **{option: x})
    kept = getattr(optimizer, option)
    assert type(kept) is float
    assert kept == x


@pytest.mark.parametrize("option", ["maximize", "nesterov", "amsgrad", "centered"])
@pytest.mark.parametrize("x", [None, "True", 1, math.nan, [True]], ids=str)
def test_a_switch_is_true_or_false(option, x):
    for name in KINDS:
        if option in getattr(nn, name).options:
            with pytest.raises(OperandError, match=f"{option} is True or False, not"):
                getattr(nn, name)([Tensor([1.0], requires_grad=True)], **{option: x})


@pytest.mark.parametrize("x", [0.9, (0.9,), (0.9, 0.9, 0.9), "ab", None, (0.9, 1.0), (-0.1, 0.9)])
def test_betas_are_two_numbers_below_one(x):
    with pytest.raises(OperandError, match="betas"):
        nn.Adam([Tensor([1.0], requires_grad=True)], betas=x)
    with pytest.raises(OperandError, match=r"betas\[1\] lies in \[0, 1\), and 1\.0 does not"):
        nn.Adam([Tensor([1.0], requires_grad=True)], betas=(0.9, 1.0))


def test_nesterov_needs_momentum_also_later():
    w = Tensor([1.0], requires_grad=True)
    with pytest.raises(OperandError, match="Nesterov"):
        nn.SGD([w], nesterov=True)
    optimizer = nn.SGD([w], nesterov=True, momentum=0.9)
    with pytest.raises(OperandError, match="Nesterov"):
        optimizer.momentum = 0.0
    assert optimizer.momentum == 0.9


def test_a_gradient_of_another_shape_is_refused_and_nothing_moves():
    v = Tensor([1.0], requires_grad=True)
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    v.grad, w.grad = np.ones(1), np.ones(2)
    w.grad.resize(3, refcheck=False)
    for name in KINDS:
        optimizer = getattr(nn, name)([v, w])
        with pytest.raises(
            ShapeError, match=r"w \(node \d+\) has shape \(2,\), its gradient \(3,\)"
        ):
            optimizer.step()
        assert v.item() == 1.0
        assert not optimizer.state


def test_update_refuses_a_computed_tensor():
    w = Tensor([1.0], requires_grad=True)
    with no_grad():
        constant = w * 2.0
    constant.update_(lambda array: array.fill(0.0))
    assert constant.item() == 0.0
    with pytest.raises(OperandError, match="is computed"):
        (w * 2.0).update_(lambda array: array.fill(0.0))
