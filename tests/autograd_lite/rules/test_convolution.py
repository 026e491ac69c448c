"""Convolution: the lectures' equations by loops, its transpose, PyTorch, and what does not fit."""

import itertools

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.derivatives import grad, hvp
from autograd_lite.errors import ShapeError
from autograd_lite.rules.convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.maps import cubes
from tests.autograd_lite.rules.oracle import assert_like_torch


def test_equation_21_of_the_first_lecture():
    z, omega, b = numbers(8), numbers(3, seed=1), 0.5
    K, m = 3, 8 - 3 + 1
    psi = [
        b + sum(omega[i - 1] * z[(j - 1) + i - 1] for i in range(1, K + 1)) for j in range(1, m + 1)
    ]
    y = conv1d(z[None, None], omega[None, None]) + b
    np.testing.assert_allclose(y[0, 0], psi, rtol=1e-14)


def test_equation_30_of_the_first_lecture():
    z, omega = numbers(5, 6), numbers(3, 3, seed=1)
    psi = np.zeros((3, 4))
    for jx, jy, ix, iy in itertools.product(range(3), range(4), range(3), range(3)):
        psi[jx, jy] += omega[ix, iy] * z[jx + ix, jy + iy]
    np.testing.assert_allclose(conv2d(z[None, None], omega[None, None])[0, 0], psi, rtol=1e-13)


def test_equations_45_to_47_of_the_first_lecture():
    z, omega, S, K = numbers(9), numbers(3, seed=1), 2, 3
    m = (9 - K) // S + 1
    w = np.zeros((9, m))  # (46): w_ij = ω_i' with i' = i - (j - 1)S in [1 : K]
    for j in range(1, m + 1):
        for i in range((j - 1) * S + 1, (j - 1) * S + K + 1):
            w[i - 1, j - 1] = omega[i - (j - 1) * S - 1]
    y = conv1d(z[None, None], omega[None, None], stride=S)
    assert y.shape == (1, 1, m)
    np.testing.assert_allclose(y[0, 0], z @ w, rtol=1e-14)


SETTINGS = [
    {},
    {"stride": 2},
    {"padding": (2, 1)},
    {"dilation": (1, 2)},
    {"groups": 2},
    {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 1), "groups": 2},
    {"stride": 4, "padding": 3},
]
settings = pytest.mark.parametrize("setting", SETTINGS, ids=str)


def looped(x, w, stride=1, padding=0, dilation=1, groups=1):
    """Every term of T(x, w, g) by itself: the places of x, w and y that meet."""
    (S, R), (P, Q), (D, E) = (np.broadcast_to(v, 2) for v in (stride, padding, dilation))
    (n, _, H, W), (o, cg, K, L) = x.shape, w.shape
    rows, columns = (H + 2 * P - D * (K - 1) - 1) // S + 1, (W + 2 * Q - E * (L - 1) - 1) // R + 1
    y = np.zeros((n, o, rows, columns))
    for b, f, i, j, e, k, m in np.ndindex(n, o, rows, columns, cg, K, L):
        p, q = i * S - P + D * k, j * R - Q + E * m
        if 0 <= p < H and 0 <= q < W:
            y[b, f, i, j] += w[f, e, k, m] * x[b, f // (o // groups) * cg + e, p, q]
    return y


@settings
def test_conv2d_is_the_sum_over_all_windows(setting):
    x, w = numbers(2, 4, 6, 7), numbers(4, 4 // setting.get("groups", 1), 3, 2, seed=1)
    np.testing.assert_allclose(
        conv2d(x, w, **setting), looped(x, w, **setting), rtol=1e-12, atol=1e-13
    )


@settings
def test_the_transposed_convolution_is_the_transpose(setting):
    groups = setting.get("groups", 1)
    x, w = numbers(2, 4, 6, 7), numbers(4, 4 // groups, 3, 2, seed=1)
    y = looped(x, w, **setting)
    g = numbers(*y.shape, seed=2)
    # the lengths that the stride drops are chosen by output_padding
    spans = [n - 1 for n in conv_transpose2d(g, w, **setting).shape[2:]]
    more = tuple(n - 1 - span for n, span in zip(x.shape[2:], spans, strict=True))
    back = conv_transpose2d(g, w, **setting, output_padding=more)
    assert back.shape == x.shape
    np.testing.assert_allclose(np.vdot(g, y), np.vdot(back, x), rtol=1e-12)


def test_one_axis_is_two_axes_with_length_one():
    x, w = numbers(2, 4, 9), numbers(6, 2, 3, seed=1)
    setting = {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}
    wide = {
        k: v if k == "groups" else ((0 if k == "padding" else 1), v) for k, v in setting.items()
    }
    y = conv1d(x, w, **setting)
    np.testing.assert_allclose(y, conv2d(x[:, :, None], w[:, :, None], **wide)[:, :, 0], rtol=1e-14)
    back = conv_transpose1d(y, w, **setting)
    wanted = conv_transpose2d(y[:, :, None], w[:, :, None], **wide)[:, :, 0]
    np.testing.assert_allclose(back, wanted, rtol=1e-14)


def test_a_batch_of_nothing_stays_one():
    x, w = (
        Tensor(np.zeros((0, 2, 5)), requires_grad=True),
        Tensor(numbers(3, 2, 2), requires_grad=True),
    )
    for f in (lambda: conv1d(x, w), lambda: conv_transpose1d(conv1d(x, w), w)):
        y = f()
        y.backward(np.zeros(y.shape))
        assert y.shape[0] == 0
        np.testing.assert_array_equal(w.grad, 0.0)
        w.zero_grad()


def test_parameters_may_be_lists_and_numpys_whole_numbers():
    x, w = numbers(1, 2, 6, 7), numbers(2, 2, 3, 2, seed=1)
    wanted = conv2d(x, w, stride=(2, 1), padding=(1, 0))
    got = conv2d(x, w, stride=[2, 1], padding=[np.int64(1), 0])
    np.testing.assert_array_equal(got, wanted)


def test_an_image_in_any_order_in_memory_gives_the_same_numbers():
    x, w = numbers(2, 3, 6, 7), numbers(4, 3, 3, 2, seed=1)
    for padding in (0, 1):
        wanted = conv2d(x, w, padding=padding)
        strange = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)
        np.testing.assert_allclose(conv2d(strange, w, padding=padding), wanted, rtol=1e-13)
        np.testing.assert_allclose(
            conv2d(np.asfortranarray(x), w, padding=padding), wanted, rtol=1e-13
        )


def test_the_third_derivative_of_a_convolutional_energy():
    """E = Σ conv(x, w)³ along (t, u): its third derivative is 6 Σ (conv(t, w))³ by x alone."""
    x, w, t = numbers(1, 1, 5), numbers(1, 1, 2, seed=1), numbers(1, 1, 5, seed=2)
    second = grad(lambda x: (hvp(lambda x: cubes(conv1d(x, w, padding=1)), (x,), (t,)) * t).sum())
    wanted = 6 * np.sum(conv1d(t, w, padding=1) ** 3)
    np.testing.assert_allclose(np.vdot(second(x), t), wanted, rtol=1e-12)


def convolutions(seed, count):
    """Random sizes and parameters whose output is not empty."""
    rng = np.random.default_rng(seed)
    while count:
        groups, stride, dilation = rng.integers(1, 4, 3).tolist()
        c, o = groups * int(rng.integers(1, 3)), groups * int(rng.integers(1, 3))
        kernel, padding = int(rng.integers(1, 4)), int(rng.integers(0, 4))
        length = int(rng.integers(1, 10))
        if length + 2 * padding > dilation * (kernel - 1):
            count -= 1
            yield (int(rng.integers(1, 4)), c, o, length, kernel), {
                "stride": stride, "padding": padding, "dilation": dilation, "groups": groups
            }  # fmt: skip


@pytest.mark.parametrize(("sizes", "setting"), [*convolutions(1, 12)], ids=str)
def test_conv1d_is_torchs(sizes, setting):
    n, c, o, length, kernel = sizes
    x, w = numbers(n, c, length), numbers(o, c // setting["groups"], kernel, seed=1)
    assert_like_torch(
        lambda x, w: conv1d(x, w, **setting), lambda F, x, w: F.conv1d(x, w, **setting), x, w
    )


@pytest.mark.parametrize(("sizes", "setting"), [*convolutions(2, 12)], ids=str)
def test_conv2d_is_torchs(sizes, setting):
    n, c, o, length, kernel = sizes
    x, w = numbers(n, c, length, length + 1), numbers(o, c // setting["groups"], kernel, 1, seed=1)
    assert_like_torch(
        lambda x, w: conv2d(x, w, **setting), lambda F, x, w: F.conv2d(x, w, **setting), x, w
    )


@pytest.mark.parametrize(("sizes", "setting"), [*convolutions(3, 14)], ids=str)
def test_transposed_convolutions_are_torchs(sizes, setting):
    n, c, o, length, kernel = sizes
    most = max(setting["stride"], setting["dilation"]) - 1
    span = (length - 1) * setting["stride"] - 2 * setting["padding"]
    if span + setting["dilation"] * (kernel - 1) + most < 0:
        setting = setting | {"padding": 0}
    setting = setting | {"output_padding": most}
    x, w = numbers(n, c, length), numbers(c, o // setting["groups"], kernel, seed=1)
    assert_like_torch(
        lambda x, w: conv_transpose1d(x, w, **setting),
        lambda F, x, w: F.conv_transpose1d(x, w, **setting), x, w,
    )  # fmt: skip
    x, w = numbers(n, c, length, length), numbers(c, o // setting["groups"], kernel, kernel, seed=1)
    assert_like_torch(
        lambda x, w: conv_transpose2d(x, w, **setting),
        lambda F, x, w: F.conv_transpose2d(x, w, **setting), x, w,
    )  # fmt: skip


def test_an_empty_output_shows_the_formula_with_its_numbers():
    x, w = Tensor(numbers(1, 1, 3), name="h"), Tensor(numbers(1, 1, 4))
    with pytest.raises(ShapeError, match=r"conv1d.*h \(node") as error:
        conv1d(x, w, padding=1, dilation=2)
    assert "⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1 = ⌊(3 + 2·1 - 2·(4 - 1) - 1)/1⌋ + 1 = -1" in str(
        error.value
    )
    with pytest.raises(ShapeError, match=r"\(1 - 1\)·1 - 2·2 \+ 1·\(4 - 1\) \+ 0 \+ 1 = 0"):
        conv_transpose1d(Tensor(numbers(1, 1, 1)), w, padding=2)


IMAGE, WEIGHT = numbers(1, 4, 5, 5), numbers(4, 2, 3, 3)
MISFITS = {
    "channels": (lambda x: conv2d(x, WEIGHT), r"4 channels do not fit a weight.*groups=1"),
    "groups": (lambda x: conv2d(x, numbers(3, 2, 3, 3), groups=2), "groups=2"),
    "no groups": (lambda x: conv2d(x, WEIGHT, groups=0), "groups is a whole number ≥ 1"),
    "axes": (lambda x: conv1d(x, WEIGHT), r"must have axes \(N, C, H\)"),
    "a number": (lambda x: conv2d(x, 2.0), "must have axes"),
    "stride": (lambda x: conv2d(x, WEIGHT, groups=2, stride=0), "stride is a whole number ≥ 1"),
    "stride pair": (lambda x: conv2d(x, WEIGHT, groups=2, stride=(1, 2, 3)), "or 2 of them"),
    "padding": (lambda x: conv2d(x, WEIGHT, groups=2, padding=-1), "padding is a whole number ≥ 0"),
    "fraction": (lambda x: conv2d(x, WEIGHT, groups=2, dilation=1.5), "dilation is a whole number"),
    "transposed": (lambda x: conv_transpose2d(x, numbers(3, 2, 3, 3)), "4 channels do not fit"),
    "output padding": (
        lambda x: conv_transpose2d(x, WEIGHT, stride=2, output_padding=2),
        "output_padding=2 must be smaller than stride=2",
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_says_operation_shape_and_reason(name):
    wrong, reason = MISFITS[name]
    with pytest.raises(ShapeError, match=reason) as error:
        wrong(Tensor(IMAGE, name="image"))
    assert "image (node" in str(error.value)
    assert "(1, 4, 5, 5)" in str(error.value)
