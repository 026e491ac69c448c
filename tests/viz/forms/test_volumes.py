"""Chains of feature maps as volumes: sizes by PyTorch's formula, maps and norms the engine's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from tests.viz.forms.pages import scenes, shades, words
from tests.viz.latex import compiled, pages
from viz.forms.maps import averaged


def autoencoder(size: int = 16, pooling: bool = False, batch: int = 1) -> FlowGraph:
    rng = np.random.default_rng(3)
    model = nn.ConvAutoencoder((1, 4, 8), pooling=pooling, generator=rng)
    x = Tensor(rng.uniform(size=(batch, 1, size, size)), name="x")
    return FlowGraph(nn.mse_loss(model(x), x.numpy()).named("L"))


def classifier() -> FlowGraph:
    rng = np.random.default_rng(4)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, generator=rng), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 8, 3, generator=rng), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(72, 10, generator=rng),
    ).eval()  # fmt: skip
    return FlowGraph(
        nn.cross_entropy(
            model(Tensor(rng.uniform(size=(2, 1, 16, 16)), name="x")), np.array([1, 2])
        ).named("L")
    )


def by_hand() -> FlowGraph:
    rng = np.random.default_rng(5)
    A = Tensor(rng.normal(size=(2, 1, 3, 3)), requires_grad=True, name="A").named("A")
    B = Tensor(rng.normal(size=(3, 2, 2, 2)), requires_grad=True, name="B")
    with_scope = {"A": A, "B": B}
    h = f.relu(f.conv2d(Tensor(rng.uniform(size=(1, 1, 6, 6)), name="x"), with_scope["A"])).named(
        "h"
    )
    y = f.tanh(f.conv2d(h, with_scope["B"], stride=2)).named("y")
    return FlowGraph(f.sum(f.square(y)).named("E"))


MODELS = {
    "strided": autoencoder,
    "pooled": lambda: autoencoder(pooling=True),
    "batch": lambda: autoencoder(batch=3),
    "28 × 28": lambda: autoencoder(28),
    "small": lambda: autoencoder(4),
    "classifier": classifier,
    "by hand": by_hand,
}


@pytest.mark.parametrize("name", MODELS)
def test_the_picture_is_free_of_faults(name: str) -> None:
    assert len(scenes(viz.draw(MODELS[name](), form="volumes"))) == 1


def test_each_layer_says_kind_kernel_stride_padding_and_how_its_size_comes_about() -> None:
    """⌊(H + 2P - K)/S⌋ + 1 = 8 and 4, then (H - 1)S - 2P + K + output padding = 8 and 16."""
    (scene,) = scenes(viz.draw(autoencoder(), form="volumes"))
    said = words(scene)
    assert r"\left\lfloor\dfrac{16 + 2 - 3}{2}\right\rfloor + 1 = 8" in said
    assert r"\left\lfloor\dfrac{8 + 2 - 3}{2}\right\rfloor + 1 = 4" in said
    assert r"3\cdot 2 - 2 + 3 + 1 = 8" in said
    assert r"7\cdot 2 - 2 + 3 + 1 = 16" in said
    assert sum("Conv" in w for w in said) == 4
    assert sum("ReLU" in w for w in said) == 3


@pytest.mark.parametrize("size", range(5, 12))
@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "dilation"),
    [(3, 1, 0, 1), (3, 2, 1, 1), (2, 3, 1, 1), (3, 2, 2, 2)],
)
def test_size_formulas_are_right_for_every_convolution(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    """The formula, computed, is the size that comes out, for conv2d and conv_transpose2d."""
    from viz.forms.layers import size_formula

    x = Tensor(np.ones((1, 1, size, size)), requires_grad=True)
    w = Tensor(np.ones((1, 1, kernel, kernel)), requires_grad=True)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    for node in (f.conv2d(x, w, **options), f.conv_transpose2d(x, w, **options)):
        written = size_formula(node, x.value)
        assert written is not None
        left, _, right = written.partition(" = ")
        for latex, python in (
            (r"\left\lfloor\dfrac{", "(("),
            (r"}{", ")//("),
            (r"}\right\rfloor", "))"),
            (r"\cdot", "*"),
        ):
            left = left.replace(latex, python)
        assert eval(left) == int(right) == node.shape[-1]  # noqa: S307 - a formula of numbers


def test_maps_are_the_engines_the_strongest_channel_in_front() -> None:
    flow = autoencoder()
    (scene,) = scenes(viz.draw(flow, form="volumes"))
    h = flow.variable("h_1").value[0]
    strongest = h[np.argmax(np.square(h).sum(axis=(1, 2)))]
    hidden = [flow.variable(n).value[0] for n in ("h_1", "z", "h_3")]
    largest = max(np.abs(state).max() for state in hidden)
    assert shades(scene, "map-1-0") * largest == pytest.approx(strongest, rel=1e-12)
    assert len([heat for heat in scene.heats if heat.key.startswith("map-1-")]) == 4


def test_gradients_are_the_norms_of_the_engines() -> None:
    flow = autoencoder()
    (scene,) = scenes(viz.draw(flow, form="volumes"))
    for name, symbol in (("h_1", "h_{1}"), ("z", "z"), ("encoder.0.weight", "W_{1}")):
        norm = np.linalg.norm(flow.total(name))
        (said,) = [w for w in words(scene) if w.startswith(rf"\Vert dL/d{symbol}\Vert=")]
        shown = said.partition("Vert=")[2].replace(r"\times 10^{", "e").replace("}", "")
        assert float(shown) == pytest.approx(norm, rel=6e-3)


def test_the_loss_is_written_out_and_joined_to_what_it_compares() -> None:
    flow = autoencoder()
    (scene,) = scenes(viz.draw(flow, form="volumes"))
    value = float(flow.output.value)
    (said,) = [w for w in words(scene) if w.startswith("L=")]
    assert said.startswith(r"L=\dfrac{1}{256}\Vert \hat{x}-x\Vert^2=")
    assert float(said.rpartition("=")[2]) == pytest.approx(value, rel=0.05)
    assert sum(wire.head and wire.color == "#5b6770" for wire in scene.wires) == 4 + 2


def test_the_ground_narrows_to_the_code_of_an_autoencoder_alone() -> None:
    (auto,) = scenes(viz.draw(autoencoder(), form="volumes"))
    (other,) = scenes(viz.draw(classifier(), form="volumes"))
    assert (len(auto.plates), len(other.plates)) == (2, 0)


def test_a_mean_of_cells_stands_for_large_maps() -> None:
    rng = np.random.default_rng(6)
    plane = rng.normal(size=(32, 48))
    assert averaged(plane, 16) == pytest.approx(plane.reshape(16, 2, 16, 3).mean(axis=(1, 3)))


@pytest.mark.parametrize(
    "graph",
    [
        lambda: f.sum(nn.Conv2d(1, 2, 3, generator=0)(np.ones((1, 1, 5, 5)))).named("E"),
        lambda: (f.tanh(Tensor([1.0], requires_grad=True, name="x")) * 2.0).named("y"),
    ],
)
def test_one_layer_and_no_layer_are_refused(graph: Any) -> None:
    with pytest.raises(PictureError, match="has not the form 'volumes'"):
        viz.draw(graph(), form="volumes")


def test_latex_makes_a_page_of_it(pdflatex: str, tmp_path: Path) -> None:
    picture = viz.draw(autoencoder(), form="volumes")
    log = compiled(pdflatex, picture.tex(standalone=True), tmp_path)
    assert pages(log) == 1
