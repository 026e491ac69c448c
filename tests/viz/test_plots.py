"""Plots: axes in, the same axes out; what is drawn is what NumPy and the engine say."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from tests.processes import PATIENCE
from viz import plots

RNG = np.random.default_rng(0)


@pytest.fixture
def ax() -> Axes:
    return Figure().subplots()


def points(ax: Axes, line: int) -> np.ndarray:
    return np.column_stack([ax.lines[line].get_xdata(), ax.lines[line].get_ydata()])


def graph() -> FlowGraph:
    x = Tensor(RNG.normal(size=(2, 4)), requires_grad=True, name="x")
    y = f.tanh(x).named("y")
    return FlowGraph(f.sum(y * y).named("L"))


def test_every_plot_draws_into_the_axes_it_is_given() -> None:
    flow, image = graph(), np.zeros((2, 3, 3))
    kernel = f.conv1d(np.ones((1, 1, 5)), Tensor(np.ones((1, 1, 3)), requires_grad=True))
    for plot in (
        lambda a: plots.gradient_norms(flow, ["x", "y"], a),
        lambda a: plots.eigenvalues(np.eye(2), a),
        lambda a: plots.poles_and_zeros([1.0], [1.0, 0.5], a),
        lambda a: plots.history([1.0, 0.5], a),
        lambda a: plots.images(image, a),
        lambda a: plots.filters(np.ones((2, 1, 3, 3)), a),
        lambda a: plots.feature_maps(np.ones((1, 2, 3, 3)), a),
        lambda a: plots.reconstructions(image, image, a),
        lambda a: plots.latent_plane([[0.0, 1.0]], None, a),
        lambda a: plots.manifold(lambda z: np.zeros((len(z), 2, 2)), a, count=2),
        lambda a: plots.subspaces([[0.0, 1.0], [1.0, 0.0]], [1.0, 0.0], a),
        lambda a: plots.weight_matrix(kernel, a),
        lambda a: plots.jacobian(flow, "L", "y", a),
    ):
        ax = Figure().subplots()
        assert plot(ax) is ax
        assert isinstance(plot(None), Axes)


def test_gradient_norms_are_the_engines(ax) -> None:
    flow = graph()
    y = flow.variable("y").numpy()
    plots.gradient_norms(flow, ["x", "y"], ax)
    # dL/dy = 2y, dL/dx = 2y(1 - y²)
    assert points(ax, 0)[:, 1] == pytest.approx(
        [np.linalg.norm(2 * y * (1 - y**2)), np.linalg.norm(2 * y)]
    )
    assert points(ax, 0)[:, 0].tolist() == [1, 2]
    assert ax.get_yscale() == "log"


def test_a_gradient_that_is_zero_is_drawn_too(ax) -> None:
    x = Tensor([0.0], requires_grad=True, name="x")
    plots.gradient_norms(FlowGraph(f.sum(x * x).named("L")), ["x"], ax)
    assert ax.get_yscale() == "linear"


def test_eigenvalues_inside_and_outside_of_the_circle(ax) -> None:
    rotation = 1.5 * np.array([[0.0, -1.0], [1.0, 0.0]])
    plots.eigenvalues(np.block([[rotation, np.zeros((2, 1))], [np.zeros((1, 2)), 0.5]]), ax)
    inside, outside = points(ax, -2), points(ax, -1)
    assert inside == pytest.approx(np.array([[0.5, 0.0]]), abs=1e-12)
    assert sorted(map(tuple, outside)) == [pytest.approx((0.0, -1.5)), pytest.approx((0.0, 1.5))]
    assert np.hypot(*points(ax, 0).T) == pytest.approx(np.ones(181))
    assert ax.get_title() == "spectral radius 1.5"
    with pytest.raises(PictureError, match="square"):
        plots.eigenvalues(np.ones((2, 3)))


def test_poles_and_zeros_of_filters(ax) -> None:
    # H(z) = (1 - z⁻²)/(1 - 2r cos θ z⁻¹ + r² z⁻²): zeros ±1, poles r e^{±iθ}
    r, theta = 0.9, 1.0
    plots.poles_and_zeros([1, 0, -1], [1, -2 * r * np.cos(theta), r**2], ax)
    zeros, poles = points(ax, -2), points(ax, -1)
    assert sorted(zeros[:, 0]) == pytest.approx([-1.0, 1.0])
    assert sorted(poles[:, 1]) == pytest.approx([-r * np.sin(theta), r * np.sin(theta)])
    # an FIR filter of three taps has its two poles at the origin
    plots.poles_and_zeros([1.0, 0.5, 0.25], [1.0], ax)
    assert points(ax, -1) == pytest.approx(np.zeros((2, 2)))


def test_pictures_keep_their_pixels(ax) -> None:
    data = RNG.uniform(size=(5, 3, 4))
    shown = plots.images(data, ax, columns=3).images[0].get_array()
    assert shown.shape == (7, 14)
    assert np.allclose(shown[4:7, 5:9], data[4])
    assert np.ma.getmaskarray(shown)[3].all() or np.isnan(shown[3]).all()
    with pytest.raises(PictureError, match="pictures are of shape"):
        plots.images(np.zeros((2, 3)))
    with pytest.raises(PictureError, match="differ in shape"):
        plots.reconstructions(np.zeros((2, 3, 3)), np.zeros((2, 4, 4)))
    with pytest.raises(PictureError, match="feature maps"):
        plots.feature_maps(np.zeros((1, 2, 3, 3)), example=1)
    with pytest.raises(PictureError, match="kernels"):
        plots.filters(np.zeros((3, 3)))


def test_reconstructions_stand_below_their_originals(ax) -> None:
    x, made = np.full((2, 1, 3), 5.0), np.full((2, 1, 3), 7.0)
    shown = plots.reconstructions(x, made, ax).images[0].get_array()
    assert shown[0].tolist() == [5, 5, 5, None, 5, 5, 5]
    assert shown[2].tolist() == [7, 7, 7, None, 7, 7, 7]


def test_feature_maps_are_those_of_the_example_asked_for(ax) -> None:
    activations = np.arange(3.0)[:, None, None, None] * np.ones((3, 1, 2, 2))
    assert (
        plots.feature_maps(activations, ax, example=2).images[0].get_array().tolist()
        == [[2, 2]] * 2
    )


def test_of_numbers_with_a_sign_zero_is_white(ax) -> None:
    shown = plots.filters(np.array([[[1.0, -3.0]]]), ax).images[0]
    assert shown.get_clim() == (-3.0, 3.0)
    assert shown.cmap(0.5)[:3] == pytest.approx((1, 1, 1), abs=0.01)
    red, _, blue, _ = shown.cmap(0.0)
    assert red > blue, "orange below"
    flow = graph()
    low, high = plots.jacobian(flow, "y", "x").images[0].get_clim()
    assert high == -low == pytest.approx(np.max(1 - flow.variable("y").numpy() ** 2))


def test_a_manifolds_upper_right_picture_is_that_of_the_largest_codes(ax) -> None:
    asked: list[np.ndarray] = []

    def decode(z: np.ndarray) -> np.ndarray:
        asked.append(z)
        return z.sum(axis=1)[:, None, None] * np.ones((1, 2, 2))

    shown = plots.manifold(decode, ax, count=3, low=(-1.0, -2.0), high=(1.0, 2.0)).images[0]
    assert asked[0][0].tolist() == [-1.0, 2.0]
    assert asked[0][-1].tolist() == [1.0, -2.0]
    assert shown.get_array()[0, -1] == 3.0
    assert ax.get_title() == "$z_1$ from -1 to 1, $z_2$ from -2 to 2"


def test_labels_of_the_latent_plane(ax) -> None:
    plots.latent_plane([[0, 1], [2, 3], [4, 5]], [7, 8, 7], ax)
    assert points(ax, 0).tolist() == [[0, 1], [4, 5]]
    with pytest.raises(PictureError, match="2 labels for 3 codes"):
        plots.latent_plane([[0, 1], [2, 3], [4, 5]], [7, 8])
    with pytest.raises(PictureError, match=r"\(n, 2\)"):
        plots.latent_plane(np.zeros((3, 3)))


def test_the_angle_between_subspaces_is_that_of_their_directions(ax) -> None:
    along = np.array([np.cos(0.3), np.sin(0.3)])
    x = np.outer([-2.0, -1.0, 0.5, 2.5], along) + np.array([5.0, 1.0])
    plots.subspaces(x, -along.reshape(2, 1), ax)
    assert ax.get_title() == "angle 0.00°"
    turned = [np.cos(0.3 + 0.2), np.sin(0.3 + 0.2)]
    assert plots.subspaces(x, turned).get_title() == f"angle {np.degrees(0.2):.2f}°"
    with pytest.raises(PictureError, match="two numbers"):
        plots.subspaces(x, np.zeros(2))


def test_a_kernel_stands_beside_its_sparse_matrix(ax) -> None:
    w = Tensor(RNG.normal(size=(1, 1, 3)), requires_grad=True)
    plots.weight_matrix(f.conv1d(np.ones((1, 1, 6)), w), ax)
    shown = [text.get_text() for text in ax.texts]
    assert shown.count(r"$\omega_{1,2}$") == 4 + 1  # four positions, and the kernel itself
    dense = plots.weight_matrix(
        f.matmul(np.ones((1, 2)), Tensor(np.ones((2, 2)), requires_grad=True))
    )
    assert len(dense.texts) == 4


def test_a_weight_stands_in_the_row_of_its_source_and_the_column_of_its_target(ax) -> None:
    plots.weight_matrix(f.matmul(np.ones((1, 3)), Tensor(np.ones((3, 2)), requires_grad=True)), ax)
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert places == {
        f"$w_{{1,{i + 1},{j + 1}}}$": (j + 0.5, i + 0.5) for i in range(3) for j in range(2)
    }


def test_a_weight_of_a_kernel_has_one_colour_wherever_it_stands(ax) -> None:
    w = Tensor(RNG.normal(size=(1, 1, 3)), requires_grad=True)
    plots.weight_matrix(f.conv1d(np.ones((1, 1, 6)), w), ax)
    colors = {(text.get_text(), text.get_color()) for text in ax.texts}
    assert len(colors) == len({label for label, _ in colors}) == len({c for _, c in colors}) == 3


def test_a_jacobian_is_the_engines(ax) -> None:
    flow = graph()
    y = flow.variable("y").numpy().ravel()
    shown = plots.jacobian(flow, "y", "x", ax).images[0].get_array()
    assert np.allclose(shown, np.diag(1 - y**2))


def test_a_history_with_and_without_validation(ax) -> None:
    class Losses:
        train = (3.0, 2.0)
        validation = (4.0, 2.5)

    plots.history(Losses(), ax)
    assert [line.get_label() for line in ax.lines] == ["training", "validation"]
    assert points(ax, 1).tolist() == [[1, 4], [2, 2.5]]
    assert len(plots.history([1.0]).lines) == 1


def test_importing_plots_loads_nothing_heavy() -> None:
    code = "import viz.plots, sys; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
