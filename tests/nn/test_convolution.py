"""Convolution layers give torch's outputs and gradients, and refuse what they cannot take by name."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import AutogradError, OperandError, ShapeError
from tests.nn.oracle import assert_close, assert_same_module, torch

SEEDS = range(12)
MODES = ("zeros", "reflect", "replicate", "circular")


def pick(rng, low, high, axes):
    """A parameter: one number, or one for each axis."""
    numbers = tuple(int(n) for n in rng.integers(low, high, axes))
    return numbers if rng.integers(2) else numbers[0]


def common(rng, axes):
    groups = int(rng.integers(1, 4))
    return {
        "in_channels": groups * int(rng.integers(1, 3)),
        "out_channels": groups * int(rng.integers(1, 3)),
        "kernel_size": pick(rng, 1, 4, axes),
        "stride": pick(rng, 1, 4, axes),
        "dilation": pick(rng, 1, 3, axes),
        "groups": groups,
        "bias": bool(rng.integers(2)),
    }


def images(rng, channels, axes, shortest):
    lead = (int(rng.integers(1, 4)),) if rng.integers(3) else ()
    return rng.normal(size=(*lead, channels, *rng.integers(shortest, shortest + 4, axes)))


# --- against torch --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axes", [1, 2])
def test_convolutions_are_torchs(axes, seed):
    rng = np.random.default_rng(seed)
    made = common(rng, axes) | {"padding": pick(rng, 0, 3, axes), "padding_mode": MODES[seed % 4]}
    x = images(rng, made["in_channels"], axes, 7)
    ours, theirs = (getattr(m, f"Conv{axes}d")(**made) for m in (nn, torch.nn))
    assert_same_module(ours, theirs, x)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("kernel", [(2, 3), (4, 1)])
@pytest.mark.parametrize("mode", MODES)
def test_padding_by_word_is_torchs(padding, kernel, mode):
    made = {"padding": padding, "padding_mode": mode, "dilation": (1, 2)}
    ours, theirs = (m.Conv2d(2, 3, kernel, **made) for m in (nn, torch.nn))
    assert_same_module(ours, theirs, np.random.default_rng(0).normal(size=(2, 2, 7, 8)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axes", [1, 2])
def test_transposed_convolutions_are_torchs(axes, seed):
    rng = np.random.default_rng(seed)
    made = common(rng, axes) | {"padding": pick(rng, 0, 2, axes), "output_padding": 0}
    if np.min(made["stride"]) > 1:
        made["output_padding"] = 1
    x = images(rng, made["in_channels"], axes, 3)
    ours, theirs = (getattr(m, f"ConvTranspose{axes}d")(**made) for m in (nn, torch.nn))
    assert_same_module(ours, theirs, x)


@pytest.mark.parametrize("wanted", [(28, 12), (29, 14), [30, 13]])
def test_a_transposed_convolution_can_be_asked_for_its_output_size(wanted):
    ours, theirs = (m.ConvTranspose2d(2, 3, 3, stride=3, padding=(1, 0)) for m in (nn, torch.nn))
    ours.load_state_dict(theirs.state_dict())
    x = np.random.default_rng(0).normal(size=(2, 2, 10, 4))
    y = theirs(torch.tensor(x), output_size=list(wanted))
    assert_close(ours(x, output_size=wanted), y)


def test_float32_stays_float32():
    layer = nn.Conv1d(1, 1, 2)
    layer.weight, layer.bias = (
        nn.Parameter(p.numpy().astype(np.float32)) for p in layer.parameters()
    )
    y = layer(np.ones((1, 1, 4), np.float32))
    y.sum().backward()
    assert y.dtype == layer.weight.grad.dtype == layer.bias.grad.dtype == np.float32


# --- initial weights ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Conv2d", "ConvTranspose2d"])
def test_initial_weights_have_torchs_spread_and_are_reproducible(kind):
    a, b = (getattr(nn, kind)(8, 16, 5, generator=1) for _ in range(2))
    theirs = getattr(torch.nn, kind)(8, 16, 5)
    for ours, same, other in zip(a.parameters(), b.parameters(), theirs.parameters(), strict=True):
        assert np.array_equal(ours.numpy(), same.numpy())
        bound = 1 / np.sqrt(np.prod(a.weight.shape[1:]))  # torch's: kaiming_uniform with a = √5
        assert np.abs(ours.numpy()).max() <= bound
        assert np.abs(other.detach().numpy()).max() <= bound
    assert a.weight.numpy().std() == pytest.approx(bound / 3**0.5, rel=0.03)


# --- the lecture's position-wise bias -------------------------------------------------------------


def test_a_bias_for_each_position_is_added_there_and_gets_its_own_gradient():
    layer = nn.Conv2d(2, 3, 3, positions=(4, 5), generator=0)
    x = np.random.default_rng(0).normal(size=(6, 2, 6, 7))
    shared = nn.Conv2d(2, 3, 3, bias=False)
    shared.load_state_dict({"weight": layer.weight.numpy()})
    y = layer(x)
    assert layer.bias.shape == (3, 4, 5)
    assert np.allclose(y.numpy(), shared(x).numpy() + layer.bias.numpy(), rtol=1e-14)
    g = np.random.default_rng(1).normal(size=y.shape)
    y.backward(g)
    assert np.allclose(layer.bias.grad, g.sum(0), rtol=1e-13)


def test_equal_biases_at_all_positions_are_the_shared_one():
    shared = nn.ConvTranspose1d(2, 3, 3, stride=2, generator=0)
    layer = nn.ConvTranspose1d(2, 3, 3, stride=2, positions=9)
    bias = np.repeat(shared.bias.numpy()[:, None], 9, axis=1)
    layer.load_state_dict({"weight": shared.weight.numpy(), "bias": bias})
    x = np.random.default_rng(0).normal(size=(2, 2, 4))
    assert np.allclose(layer(x).numpy(), shared(x).numpy(), rtol=1e-14)


def test_position_wise_bias_refuses_other_images():
    layer = nn.Sequential({"code": nn.Conv1d(1, 1, 3, positions=4)}).named("net")
    with pytest.raises(ShapeError, match=r"net\.code has one bias for each of \(4,\) positions"):
        layer(np.ones((1, 1, 7)))


# --- output size ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_output_size_is_how_many_windows_fit(seed):
    H, K, S, P, D = (int(n) for n in np.random.default_rng(seed).integers(1, [20, 5, 4, 4, 3]))
    starts = [j for j in range(-P, H + P, S) if j + D * (K - 1) < H + P]
    if starts:
        assert nn.output_size(H, K, S, P, D) == len(starts)
    else:
        with pytest.raises(ShapeError):
            nn.output_size(H, K, S, P, D)


def test_the_output_size_of_the_lectures_autoencoder():
    assert nn.output_size((28, 14), 3, S=2, P=1) == (14, 7)


# --- bad input ------------------------------------------------------------------------------------


def test_wrong_channels_and_axes_are_said_with_the_dotted_name():
    net = nn.Sequential({"encoder": nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(5, 1, 1))})
    with pytest.raises(
        ShapeError,
        match=r"net\.encoder\.1 expected x of shape \(N, 5, H, W\) or \(5, H, W\), got \(2, 4, 4,",
    ):
        net.named("net")(np.ones((2, 3, 6, 6)))
    for shape in ((3,), (6, 6), (1, 2, 3, 6, 6), ()):
        with pytest.raises(ShapeError, match=r"Conv2d expected x"):
            nn.Conv2d(3, 4, 3)(np.ones(shape))


def test_an_empty_output_shows_the_formula_with_its_numbers():
    with pytest.raises(
        ShapeError, match=r"Conv1d: .*⌊\(4 \+ 2·1 - 2·\(5 - 1\) - 1\)/3⌋ \+ 1 = 0 .* kernel K=5"
    ):
        nn.Conv1d(1, 1, 5, stride=3, padding=1, dilation=2)(np.ones((1, 1, 4)))
    with pytest.raises(ShapeError, match=r"ConvTranspose1d: the output would be empty"):
        nn.ConvTranspose1d(1, 1, 1, padding=1)(np.ones((1, 1, 2)))
    with pytest.raises(ShapeError, match="would be empty"):
        nn.output_size(3, 7)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"in_channels": 0}, "in_channels is a whole number of at least 1"),
        ({"kernel_size": (3, 3, 3)}, "kernel_size is one whole number, or 2 of them"),
        ({"kernel_size": 2.5}, "kernel_size is a whole number of at least 1, not 2.5"),
        ({"stride": 0}, "stride is a whole number of at least 1, not 0"),
        ({"padding": -1}, "padding is a whole number of at least 0"),
        ({"padding": "full"}, "padding is 'same' or 'valid'"),
        ({"padding": "same", "stride": 2}, "padding='same' needs stride 1"),
        ({"padding_mode": "mirror"}, "padding_mode is 'zeros', 'reflect'"),
        ({"groups": 3}, "divisible by groups=3"),
        ({"positions": (2, 2, 2)}, "positions is one whole number, or 2 of them"),
        ({"generator": "seed"}, "a generator is"),
    ],
)
def test_layers_that_cannot_be_are_refused(made, said):
    with pytest.raises(OperandError, match=said):
        nn.Conv2d(**({"in_channels": 2, "out_channels": 2, "kernel_size": 3} | made))


def test_a_transposed_convolution_refuses_sizes_it_cannot_give():
    layer = nn.ConvTranspose1d(1, 1, 3, stride=2)
    for wanted in (8, 11, (9, 9)):
        with pytest.raises(AutogradError):
            layer(np.ones((1, 1, 4)), output_size=wanted)
    with pytest.raises(OperandError, match="padding_mode of a transposed convolution is 'zeros'"):
        nn.ConvTranspose1d(1, 1, 3, padding_mode="reflect")
    with pytest.raises(ShapeError, match="output_padding=2 must be smaller"):
        nn.ConvTranspose1d(1, 1, 3, stride=2, output_padding=2)(np.ones((1, 1, 4)))


def test_nodes_carry_the_layers_name():
    x = Tensor(np.ones((1, 1, 4)), requires_grad=True)
    assert nn.Conv1d(1, 1, 2).named("code")(x).scope == "code"
