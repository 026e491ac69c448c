"""Convolution, pooling, upsampling: by loops over the lectures' equations, and against PyTorch."""

import itertools

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.derivatives import grad, hvp
from autograd_lite.errors import ShapeError
from autograd_lite.rules import convolution, pooling
from autograd_lite.rules.upsampling import upsample_linear, upsample_nearest
from autograd_lite.rules.windows import fold, unfold, windows_from, windows_over
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.cases_windows import CASES
from tests.autograd_lite.rules.maps import assert_affine, assert_single_precision, cubes, parts

conv1d, conv2d = convolution.conv1d, convolution.conv2d
conv_transpose1d, conv_transpose2d = convolution.conv_transpose1d, convolution.conv_transpose2d


# --- by loops ------------------------------------------------------------------------------------


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


def test_unfold_reads_each_window_and_fold_is_its_transpose():
    windows = windows_over((5, 4), (3, 2), (2, 1), (1, 0), (1, 2))
    x = numbers(2, 3, 5, 4)
    patches = unfold(x, windows)
    assert patches.shape == (2, *windows.count, *windows.kernel, 3)
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (0, 0)))
    for i, j, k, m in np.ndindex(*windows.count, *windows.kernel):
        np.testing.assert_array_equal(patches[:, i, j, k, m], wide[:, :, 2 * i + k, j + 2 * m])
    g = numbers(2, *windows.count, windows.entries, 3, seed=1)
    np.testing.assert_allclose(np.vdot(fold(g, windows), x), np.vdot(g, patches), rtol=1e-12)
    assert len(windows) == np.prod(windows.count)


def test_pooling_by_loops():
    x = numbers(2, 3, 7)
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1)), constant_values=-np.inf)
    tops = np.stack([wide[..., 2 * j : 2 * j + 3].max(-1) for j in range(4)], -1)
    np.testing.assert_array_equal(pooling.max_pool1d(x, 3, 2, 1), tops)
    zeros = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    means = np.stack([zeros[..., 2 * j : 2 * j + 3].sum(-1) for j in range(4)], -1)
    np.testing.assert_allclose(pooling.avg_pool1d(x, 3, 2, 1), means / 3, rtol=1e-14)
    inside = pooling.avg_pool1d(x, 3, 2, 1, count_include_pad=False)
    np.testing.assert_allclose(inside, means / [2, 3, 3, 2], rtol=1e-14)


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
    for f in (pooling.max_pool1d, pooling.avg_pool1d, upsample_nearest, upsample_linear):
        assert f(x, 2).shape[:2] == (0, 2)


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


# --- derivatives by the maps' own values ---------------------------------------------------------

LINEAR = [case for case in CASES if not case.rule.startswith("max_pool")]


@pytest.mark.parametrize("case", LINEAR, ids=str)
def test_derivatives_are_the_map_and_its_transpose(case):
    for f, x in parts(case):
        assert_affine(f, x)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_float32_stays_float32(case):
    assert_single_precision(case)


def test_upsampling_is_linear_and_keeps_float32():
    for f in (upsample_nearest, upsample_linear):
        for x in (numbers(2, 3, 5), numbers(2, 1, 3, 4)):
            assert_affine(lambda x, f=f: f(x, 2), x)
            assert_affine(lambda x, f=f: f(x, size=3), x)
            assert f(Tensor(x.astype(np.float32)), 2).dtype == np.float32


def test_the_third_derivative_of_a_convolutional_energy():
    """E = Σ conv(x, w)³ along (t, u): its third derivative is 6 Σ (conv(t, w))³ by x alone."""
    x, w, t = numbers(1, 1, 5), numbers(1, 1, 2, seed=1), numbers(1, 1, 5, seed=2)
    second = grad(lambda x: (hvp(lambda x: cubes(conv1d(x, w, padding=1)), (x,), (t,)) * t).sum())
    wanted = 6 * np.sum(conv1d(t, w, padding=1) ** 3)
    np.testing.assert_allclose(np.vdot(second(x), t), wanted, rtol=1e-12)


# --- against PyTorch -----------------------------------------------------------------------------


@pytest.fixture
def F():
    return pytest.importorskip("torch.nn.functional")


def assert_like_torch(ours, theirs, *xs):
    """Values, gradients, and the gradients' own gradients of E = Σ f³."""
    torch = pytest.importorskip("torch")
    leaves = [torch.tensor(x, requires_grad=True) for x in xs]
    y = theirs(*leaves)
    np.testing.assert_allclose(ours(*xs), y.detach().numpy(), rtol=1e-10, atol=1e-12)
    directions = [numbers(*x.shape, seed=20 + i) for i, x in enumerate(xs)]
    first = torch.autograd.grad((y**3).sum(), leaves, create_graph=True)
    slope = sum((g * torch.tensor(t)).sum() for g, t in zip(first, directions, strict=True))
    second = torch.autograd.grad(slope, leaves)

    nodes = [Tensor(x, requires_grad=True) for x in xs]
    argnums = tuple(range(len(xs)))
    cubes(ours(*nodes)).backward()
    bent = grad(lambda *xs: along(lambda *xs: cubes(ours(*xs)), xs, directions), argnums)(*xs)
    for node, g, h, h_torch in zip(nodes, first, bent, second, strict=True):
        np.testing.assert_allclose(node.grad, g.detach().numpy(), rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(h, h_torch.numpy(), rtol=1e-9, atol=1e-9)


def along(f, xs, directions):
    slopes = grad(f, tuple(range(len(directions))))(*xs)
    return sum((g * t).sum() for g, t in zip(slopes, directions, strict=True))


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
def test_conv1d_is_torchs(F, sizes, setting):
    n, c, o, length, kernel = sizes
    x, w = numbers(n, c, length), numbers(o, c // setting["groups"], kernel, seed=1)
    assert_like_torch(
        lambda x, w: conv1d(x, w, **setting), lambda x, w: F.conv1d(x, w, **setting), x, w
    )


@pytest.mark.parametrize(("sizes", "setting"), [*convolutions(2, 12)], ids=str)
def test_conv2d_is_torchs(F, sizes, setting):
    n, c, o, length, kernel = sizes
    x, w = numbers(n, c, length, length + 1), numbers(o, c // setting["groups"], kernel, 1, seed=1)
    assert_like_torch(
        lambda x, w: conv2d(x, w, **setting), lambda x, w: F.conv2d(x, w, **setting), x, w
    )


@pytest.mark.parametrize(("sizes", "setting"), [*convolutions(3, 14)], ids=str)
def test_transposed_convolutions_are_torchs(F, sizes, setting):
    n, c, o, length, kernel = sizes
    most = max(setting["stride"], setting["dilation"]) - 1
    span = (length - 1) * setting["stride"] - 2 * setting["padding"]
    if span + setting["dilation"] * (kernel - 1) + most < 0:
        setting = setting | {"padding": 0}
    setting = setting | {"output_padding": most}
    x, w = numbers(n, c, length), numbers(c, o // setting["groups"], kernel, seed=1)
    assert_like_torch(
        lambda x, w: conv_transpose1d(x, w, **setting),
        lambda x, w: F.conv_transpose1d(x, w, **setting), x, w,
    )  # fmt: skip
    x, w = numbers(n, c, length, length), numbers(c, o // setting["groups"], kernel, kernel, seed=1)
    assert_like_torch(
        lambda x, w: conv_transpose2d(x, w, **setting),
        lambda x, w: F.conv_transpose2d(x, w, **setting), x, w,
    )  # fmt: skip


POOLINGS = [
    (2, {}), (3, {"stride": 2, "padding": 1}), (3, {"stride": 1}), (2, {"stride": 3}), (1, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kernel", "setting"), POOLINGS, ids=str)
def test_pooling_is_torchs(F, kernel, setting):
    row, image = numbers(2, 3, 7), numbers(2, 2, 6, 7)
    for name, x in [("1d", row), ("2d", image)]:
        for kind in ("max_pool", "avg_pool"):
            ours, theirs = getattr(pooling, kind + name), getattr(F, kind + name)
            assert_like_torch(
                lambda x, f=ours: f(x, kernel, **setting),
                lambda x, f=theirs: f(x, kernel, **setting), x,
            )  # fmt: skip


def test_dilated_and_uneven_pooling_is_torchs(F):
    x = numbers(2, 2, 9, 8)
    for setting in ({"dilation": (2, 1)}, {"stride": (1, 2), "padding": (0, 1), "dilation": 2}):
        assert_like_torch(
            lambda x, s=setting: pooling.max_pool2d(x, (2, 3), **s),
            lambda x, s=setting: F.max_pool2d(x, (2, 3), **s), x,
        )  # fmt: skip
    setting = {"stride": 2, "padding": (1, 1), "count_include_pad": False}
    assert_like_torch(
        lambda x: pooling.avg_pool2d(x, (2, 3), **setting),
        lambda x: F.avg_pool2d(x, (2, 3), **setting), x,
    )  # fmt: skip


def test_of_equal_entries_the_first_has_the_derivative_as_in_torch(F):
    x = np.array([[[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]])
    assert_like_torch(lambda x: pooling.max_pool2d(x, 2, 1), lambda x: F.max_pool2d(x, 2, 1), x)


def test_a_window_of_nothing_but_minus_infinity_keeps_its_derivative_inside(F):
    torch = pytest.importorskip("torch")
    x = np.full((1, 1, 4), -np.inf)
    node, leaf = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    pooling.max_pool1d(node, 2, 2, 1).backward(np.ones((1, 1, 3)))
    F.max_pool1d(leaf, 2, 2, 1).backward(torch.ones(1, 1, 3))
    np.testing.assert_array_equal(node.grad, leaf.grad.numpy())


def test_nan_comes_through_a_pool():
    x = np.array([[[1.0, np.nan, 2.0, 3.0]]])
    np.testing.assert_array_equal(pooling.max_pool1d(x, 2), [[[np.nan, 3.0]]])


@pytest.mark.parametrize("target", [{"scale": 2}, {"scale": 3}, {"size": 7}, {"size": 2}], ids=str)
def test_upsampling_is_torchs(F, target):
    theirs = {"scale_factor": target["scale"]} if "scale" in target else target
    for x, linear in [(numbers(2, 3, 5), "linear"), (numbers(2, 2, 4, 5), "bilinear")]:
        assert_like_torch(
            lambda x: upsample_nearest(x, **target),
            lambda x: F.interpolate(x, mode="nearest", **theirs), x,
        )  # fmt: skip
        assert_like_torch(
            lambda x: upsample_linear(x, **target),
            lambda x, m=linear: F.interpolate(x, mode=m, align_corners=False, **theirs), x,
        )  # fmt: skip


def test_an_axis_may_be_stretched_by_itself(F):
    x = numbers(1, 2, 3, 4)
    assert_like_torch(
        lambda x: upsample_linear(x, (2, 1.5)),
        lambda x: F.interpolate(x, scale_factor=(2, 1.5), mode="bilinear"), x,
    )  # fmt: skip


# --- bad input -----------------------------------------------------------------------------------


def test_an_empty_output_shows_the_formula_with_its_numbers():
    x, w = Tensor(numbers(1, 1, 3), name="h"), Tensor(numbers(1, 1, 4))
    with pytest.raises(ShapeError, match=r"conv1d.*h \(node") as error:
        conv1d(x, w, padding=1, dilation=2)
    assert "⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1 = ⌊(3 + 2·1 - 2·(4 - 1) - 1)/1⌋ + 1 = -1" in str(
        error.value
    )
    with pytest.raises(ShapeError, match=r"max_pool2d.*⌊\(2 \+ 2·0 - 1·\(3 - 1\) - 1\)/3⌋"):
        pooling.max_pool2d(Tensor(numbers(1, 1, 2, 5)), 3)
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
    "pool axes": (lambda x: pooling.max_pool1d(x, 2), r"must have axes \(N, C, H\)"),
    "pool padding": (lambda x: pooling.avg_pool2d(x, 2, padding=2), "more than half the kernel"),
    "kernel": (lambda x: pooling.avg_pool2d(x, "2"), "kernel_size is a whole number ≥ 1"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_says_operation_shape_and_reason(name):
    wrong, reason = MISFITS[name]
    with pytest.raises(ShapeError, match=reason) as error:
        wrong(Tensor(IMAGE, name="image"))
    assert "image (node" in str(error.value)
    assert "(1, 4, 5, 5)" in str(error.value)


@pytest.mark.parametrize("f", [upsample_nearest, upsample_linear])
def test_upsampling_wants_one_of_scale_and_size(f):
    for wrong in ({}, {"scale": 2, "size": 4}):
        with pytest.raises(ValueError, match="either scale"):
            f(IMAGE, **wrong)
    with pytest.raises(ValueError, match="empty"):
        f(IMAGE, 0.1)
    with pytest.raises(ValueError, match="not \\(4,\\)"):
        f(np.ones(4), 2)


def test_windows_that_span_an_image_fit_on_it():
    windows = windows_from((14, 7), 3, stride=2, padding=1, output_padding=(1, 0))
    assert windows.size == (28, 13)
    assert windows_over(windows.size, 3, 2, 1) == windows
