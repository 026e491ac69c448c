"""Every numeric option and switch is taken when it is in range, and refused by name when it is not."""

import math
from operator import attrgetter

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import AutogradError, OperandError
from nn import checks

NO_NUMBERS = [
    math.nan, math.inf, "0.1", [0.1], True, 1j, object(), np.float64("nan"), np.ones(2),
    Tensor(0.5, requires_grad=True), Tensor([0.5]),
]  # fmt: skip
NUMBERS = [
    ("ELU", {}, "alpha", []),
    ("LeakyReLU", {}, "negative_slope", []),
    ("Hardtanh", {"max_val": 2.0}, "min_val", []),
    ("Hardtanh", {}, "max_val", []),
    ("Dropout", {}, "p", [-0.1, 1.1, None]),
    ("BatchNorm1d", {"num_features": 2}, "eps", [-1.0, None]),
    ("BatchNorm1d", {"num_features": 2}, "momentum", [-0.1, 1.5]),
    ("BatchNorm2d", {"num_features": 2}, "eps", [-1.0, None]),
    ("LayerNorm", {"normalized_shape": 2}, "eps", [-1.0, None]),
    ("Gaussian", {}, "sigma", [0.0, -1.0, None]),
    ("RNN", {"input_size": 1, "hidden_size": 1}, "dropout", [-0.1, 1.1, None]),
    ("LSTM", {"input_size": 1, "hidden_size": 1}, "dropout", [-0.1, 1.1, None]),
    ("GRU", {"input_size": 1, "hidden_size": 1}, "dropout", [-0.1, 1.1, None]),
    ("elbo", {"log_likelihood": np.zeros(2), "kl": np.zeros(2)}, "beta", [-1.0, None]),
    ("cross_entropy", {"logits": np.zeros((2, 3)), "target": [0, 1]}, "label_smoothing", [-0.1, 2.0, None]),
    *((f"init.{name}", {"shape": (2, 2)}, "gain", [-1.0, None]) for name in (
        "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "orthogonal")),
    ("init.normal", {"shape": (2, 2)}, "mean", [None]),
    ("init.normal", {"shape": (2, 2)}, "std", [-1.0, None]),
    ("init.uniform", {"shape": (2, 2)}, "low", [2.0, None]),
    ("init.uniform", {"shape": (2, 2)}, "high", [None]),
    ("clip_grad_norm_", {"parameters": []}, "norm_type", [0.0, -1.0, None]),
    ("clip_grad_norm_", {"parameters": []}, "max_norm", [-1.0, None]),
    ("clip_grad_value_", {"parameters": []}, "clip_value", [-1.0, None]),
]  # fmt: skip
MAY_BE_INFINITE = {"norm_type", "max_norm", "clip_value"}
SWITCHES = [
    ("Linear", {"in_features": 1, "out_features": 1}, "bias"),
    ("RNN", {"input_size": 1, "hidden_size": 1}, "batch_first"),
    ("LSTM", {"input_size": 1, "hidden_size": 1}, "bidirectional"),
    ("GRU", {"input_size": 1, "hidden_size": 1}, "bias"),
    ("BatchNorm1d", {"num_features": 2}, "affine"),
    ("BatchNorm1d", {"num_features": 2}, "track_running_stats"),
    ("LayerNorm", {"normalized_shape": 2}, "elementwise_affine"),
    ("LayerNorm", {"normalized_shape": 2}, "bias"),
    ("MaxPool2d", {"kernel_size": 2}, "ceil_mode"),
    ("AvgPool1d", {"kernel_size": 2}, "count_include_pad"),
    ("Gaussian", {}, "trained"),
    ("VAE", {"encoder": nn.Identity(), "decoder": nn.Identity(), "latent": 1}, "full"),
    ("clip_grad_norm_", {"parameters": [], "max_norm": 1.0}, "error_if_nonfinite"),
]


def smallest(name, others):
    return {**({"max_norm": 1.0} if name == "clip_grad_norm_" else {}), **others}


@pytest.mark.parametrize(("name", "others", "option", "outside"), NUMBERS, ids=str)
def test_a_number_out_of_its_range_is_refused_by_name(name, others, option, outside):
    for x in [*NO_NUMBERS, *outside]:
        if isinstance(x, float) and math.isinf(x) and option in MAY_BE_INFINITE:
            continue
        with pytest.raises(OperandError, match=rf"^{option} "):
            attrgetter(name)(nn)(**{**smallest(name, others), option: x})


@pytest.mark.parametrize(("name", "others", "option", "outside"), NUMBERS, ids=str)
def test_numbers_of_every_kind_are_taken(name, others, option, outside):
    for x in [0.5, np.float32(0.5), np.array(0.5), Tensor(0.5), 1]:
        attrgetter(name)(nn)(**{**smallest(name, others), option: x})


@pytest.mark.parametrize(("name", "others", "option"), SWITCHES, ids=str)
@pytest.mark.parametrize("x", [math.nan, "True", [True], np.ones(2), None, 2], ids=str)
def test_a_switch_is_true_or_false(name, others, option, x):
    with pytest.raises(OperandError, match=f"^{option} is True or False, not"):
        getattr(nn, name)(**{**others, option: x})


@pytest.mark.parametrize("name", ["Linear", "RBM", "Embedding", "LSTM", "GRUCell"])
@pytest.mark.parametrize("seed", [True, -1, 1.5, "0", math.nan, [0]], ids=str)
def test_a_generator_is_one_or_a_seed(name, seed):
    with pytest.raises(OperandError, match="a generator is"):
        getattr(nn, name)(2, 2, generator=seed)


@pytest.mark.parametrize("index", [-4, 3, 1.5, True, "0", math.nan], ids=str)
def test_a_padding_row_is_one_of_the_table(index):
    with pytest.raises(OperandError, match="padding_idx is a whole number from -3 to 2, not"):
        nn.Embedding(3, 2, padding_idx=index)
    assert nn.Embedding(3, 2, padding_idx=-1).padding_idx == 2


@pytest.mark.parametrize(
    "weight",
    [[1.0], np.ones(4), 1.0, np.ones((3, 1)), [1.0, math.nan, 1.0], [1.0, -1.0, 1.0], "abc"],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}], ids=str)
def test_a_class_weight_has_an_entry_for_each_class(weight, options):
    logits = Tensor(np.zeros((2, 3)), requires_grad=True)
    for target in ([0, 1], np.full((2, 3), 1 / 3)):
        with pytest.raises(AutogradError, match="one number .*for each"):
            nn.cross_entropy(logits, target, weight=weight, **options)


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        ("[0, 1)", [0.0, 0.5], [1.0, -1e-9]),
        ("(0, 1]", [1e-9, 1.0], [0.0, 1.1]),
        ("[0, ∞]", [0.0, math.inf], [-0.1, -math.inf]),
        ("(-∞, ∞)", [-1e300, 1e300], [math.inf, -math.inf]),
    ],
)
def test_an_end_is_inside_when_its_bracket_is_square(interval, inside, outside):
    for x in inside:
        assert checks.number("x", x, interval) == x
    for x in [*outside, math.nan]:
        with pytest.raises(OperandError, match="^x "):
            checks.number("x", x, interval)


def test_a_node_that_requires_grad_is_told_the_way_out():
    with pytest.raises(OperandError, match=r"requires grad.*write \.item\(\)"):
        checks.number("lr", Tensor(0.1, requires_grad=True))


def test_a_misspelt_word_is_said_with_the_nearest():
    with pytest.raises(OperandError, match="mode is 'min' or 'max', not 'mim'; did you mean 'min'"):
        checks.choice("mode", "mim", ["min", "max"])
