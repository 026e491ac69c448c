"""Pooling and upsampling give torch's outputs and gradients, and refuse what they cannot take."""

import numpy as np
import pytest

import nn
from autograd_lite.errors import AutogradError, OperandError, ShapeError
from tests.nn.oracle import assert_same_function, torch
from tests.nn.test_convolution import pick

SEEDS = range(12)


def windows(rng, axes):
    kernel = tuple(int(k) for k in rng.integers(1, 5, axes))
    made = {"kernel_size": kernel, "padding": tuple(int(rng.integers(k // 2 + 1)) for k in kernel)}
    if rng.integers(2):
        made["stride"] = pick(rng, 1, 5, axes)
    return made | {"ceil_mode": bool(rng.integers(2))}


def images(rng, axes):
    lead = (int(rng.integers(1, 4)),) if rng.integers(3) else ()
    return rng.normal(size=(*lead, 2, *rng.integers(7, 12, axes)))


# --- against torch --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axes", [1, 2])
def test_max_pooling_is_torchs(axes, seed):
    rng = np.random.default_rng(seed)
    made = windows(rng, axes) | {"dilation": pick(rng, 1, 3, axes)}
    ours, theirs = (getattr(m, f"MaxPool{axes}d")(**made) for m in (nn, torch.nn))
    assert_same_function(ours, theirs, images(rng, axes))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axes", [1, 2])
def test_average_pooling_is_torchs(axes, seed):
    rng = np.random.default_rng(seed)
    made = windows(rng, axes) | {"count_include_pad": bool(rng.integers(2))}
    if axes == 1 and not isinstance(made.get("stride", 1), int):
        made["stride"] = made["stride"][0]
    if axes == 2 and seed % 3 == 0:
        made["divisor_override"] = 5
    ours, theirs = (getattr(m, f"AvgPool{axes}d")(**made) for m in (nn, torch.nn))
    assert_same_function(ours, theirs, images(rng, axes))


UPSAMPLES = [
    ({"scale_factor": 2}, (5,)),
    ({"scale_factor": 2.5}, (5,)),
    ({"size": 7}, (4,)),
    ({"scale_factor": (2, 3)}, (3, 4)),
    ({"size": (5, 2)}, (3, 4)),
    ({"scale_factor": 3, "mode": "linear"}, (4,)),
    ({"size": 9, "mode": "linear", "align_corners": False}, (4,)),
    ({"scale_factor": 2, "mode": "bilinear"}, (3, 4)),
    ({"size": (2, 7), "mode": "bilinear"}, (3, 4)),
]


@pytest.mark.parametrize(("made", "lengths"), UPSAMPLES, ids=str)
def test_upsampling_is_torchs(made, lengths):
    x = np.random.default_rng(0).normal(size=(2, 3, *lengths))
    assert_same_function(nn.Upsample(**made), torch.nn.Upsample(**made), x)


@pytest.mark.parametrize("axes", [(1, -1), (0, -1), (1, 2), (-2, -1), (2, 2)])
def test_flattening_is_torchs_and_unflattening_undoes_it(axes):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    assert_same_function(nn.Flatten(*axes), torch.nn.Flatten(*axes), x)
    first, last = axes[0] % 4, axes[1] % 4
    back = nn.Unflatten(first, x.shape[first : last + 1])
    assert np.array_equal(back(nn.Flatten(*axes)(x)), x)
    assert_same_function(nn.Unflatten(-1, (1, 5)), torch.nn.Unflatten(-1, (1, 5)), x)


# --- closed forms ---------------------------------------------------------------------------------


def test_pooling_takes_the_largest_and_the_mean_of_each_window():
    x = np.arange(16.0).reshape(1, 4, 4)
    blocks = x.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(2, 2, 4)
    assert np.array_equal(nn.MaxPool2d(2)(x)[0], blocks.max(-1))
    assert np.array_equal(nn.AvgPool2d(2)(x)[0], blocks.mean(-1))


def test_a_window_over_the_end_is_taken_with_ceil_mode_only():
    x = np.array([[1.0, 2.0, 5.0]])
    assert np.array_equal(nn.MaxPool1d(2)(x), [[2.0]])
    assert np.array_equal(nn.MaxPool1d(2, ceil_mode=True)(x), [[2.0, 5.0]])
    assert np.array_equal(nn.AvgPool1d(2, ceil_mode=True)(x), [[1.5, 5.0]])


# --- bad input ------------------------------------------------------------------------------------

LAYERS = [nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AvgPool2d(2, 3, 1), nn.Upsample(2, mode="bilinear")]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("shape", [(), (3,), (4, 4), (1, 1, 2, 4, 4)])
def test_wrong_axes_are_said_with_the_dotted_name(layer, shape):
    net = nn.Sequential({"pool": layer}).named("net")
    with pytest.raises(ShapeError, match=r"net\.pool .*expected x .*, got \("):
        net(np.ones(shape))


@pytest.mark.parametrize("layer", [nn.MaxPool1d, nn.AvgPool1d])
def test_an_empty_output_shows_the_formula(layer):
    with pytest.raises(ShapeError, match=r"Pool1d: .*would be empty: .* = 0 for length H=3"):
        layer(4)(np.ones((1, 1, 3)))
    with pytest.raises(AutogradError, match="more than half the kernel"):
        layer(2, padding=2)(np.ones((1, 1, 8)))


def test_flatten_and_unflatten_refuse_axes_that_are_not_there():
    with pytest.raises(ShapeError, match="Flatten expected x with axes start_dim=3 to end_dim=-1"):
        nn.Flatten(3)(np.ones((2, 2)))
    with pytest.raises(ShapeError, match=r"axis dim=1 of x to have 6 entries.*got \(2, 5\)"):
        nn.Unflatten(1, (2, 3))(np.ones((2, 5)))


@pytest.mark.parametrize(
    "made",
    [
        lambda: nn.MaxPool1d(0),
        lambda: nn.MaxPool2d((2, 2, 2)),
        lambda: nn.AvgPool2d(2, stride=0),
        lambda: nn.AvgPool2d(2, divisor_override=0),
        nn.Upsample,
        lambda: nn.Upsample(size=3, scale_factor=2),
        lambda: nn.Upsample(size=3, mode="cubic"),
        lambda: nn.Upsample(size=3, mode="linear", align_corners=True),
    ],
)
def test_layers_that_cannot_be_are_refused(made):
    with pytest.raises(OperandError):
        made()
