"""One neuron of a 2-d convolution: its window, the sum of equation (30), δ, against NumPy and differences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from tests.viz.forms.pages import scenes, words
from tests.viz.latex import compiled, pages
from viz.choose.neurons import dense_parts
from viz.forms.window import Error, window

OPTIONS = [
    {}, {"stride": 2}, {"padding": 1}, {"dilation": 2, "padding": 2}, {"groups": 2},
    {"stride": (2, 1), "padding": (0, 2)},
]  # fmt: skip


def layer(options: dict[str, Any], size: tuple[int, int] = (6, 7)) -> tuple[Tensor, Any, Any, Any]:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(2, 2, *size))
    w = Tensor(
        rng.normal(size=(4, 2 // options.get("groups", 1), 3, 2)), requires_grad=True, name="w"
    )
    b = rng.normal(size=(4, 1, 1))
    return f.tanh(f.conv2d(x, w, **options) + b).named("y"), x, w, b


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("neuron", [(1, 1), (2, 3), None])
def test_the_window_times_the_kernel_is_the_neuron(options: Any, neuron: Any) -> None:
    """ψ = b + Σ ω z over the window of the padded image is what the engine computed, before tanh."""
    y, *_ = layer(options)
    _, product, bias = dense_parts(y)
    found = window(product, bias, y, example=1, neuron=neuron, error=Error())
    row, column = found.at
    excited = found.bias + found.terms.sum()
    assert np.tanh(excited) == pytest.approx(y.numpy()[1, found.out, row, column], rel=1e-12)
    if neuron is not None:
        assert found.at == (neuron[0] - 1, neuron[1] - 1)


def test_delta_is_the_derivative_by_the_excitation() -> None:
    """dE/dψ by a difference quotient in the bias of that position."""
    rng = np.random.default_rng(8)
    x, w = rng.normal(size=(1, 1, 5, 5)), Tensor(rng.normal(size=(1, 1, 3, 3)), requires_grad=True)

    def error(at: tuple[int, int], step: float) -> Any:
        b = np.zeros((1, 3, 3))
        b[0, at[0], at[1]] = step
        y = f.tanh(f.conv2d(x, w) + b)
        return y, (0.5 * f.sum(f.square(y - 1.0))).named("E")

    y, E = error((0, 0), 0.0)
    _, product, bias = dense_parts(y)
    from autograd_lite import Tape

    found = window(product, bias, y, example=0, neuron=None, error=Error("E", Tape(E).adjoints()))
    high, low = (error(found.at, s)[1].item() for s in (1e-5, -1e-5))
    assert found.delta == pytest.approx((high - low) / 2e-5, rel=1e-6)
    strongest = np.unravel_index(np.argmax(np.abs(Tape(E).adjoints()[product][0, 0])), (3, 3))
    assert found.at == tuple(map(int, strongest))


@pytest.mark.parametrize("options", OPTIONS)
def test_the_picture_is_free_of_faults(options: Any) -> None:
    y, *_ = layer(options)
    scenes(viz.scalars(y, of=f.sum(y).named("E")))
    scenes(viz.scalars(y, neuron=(2, 2), example=-1))


@pytest.mark.parametrize("size", [(3, 3), (12, 12), (28, 28), (3, 40)])
def test_large_and_small_images_fit_the_page(size: Any) -> None:
    y, *_ = layer({}, size)
    scenes(viz.scalars(y))


def test_the_sum_is_written_in_symbols_and_numbers() -> None:
    """The target's layer: whole numbers, kernel [.5 -1 .5; 1 2 -1; 0 -.5 1], b = -1."""
    layer = nn.Conv2d(1, 1, 3, generator=0)
    layer.weight.data[...] = [[0.5, -1, 0.5], [1, 2, -1], [0, -0.5, 1]]
    layer.bias.data[...] = -1.0
    image = np.arange(16.0).reshape(1, 1, 4, 4)
    y = f.relu(layer(image)).named("y")
    (scene,) = scenes(viz.scalars(y, neuron=(2, 1)))
    said = " ".join(words(scene))
    assert r"z_{1,(2+i'_x-1,\,1+i'_y-1)}" in said
    assert r"=-1 + 0.5\cdot 4 - 1\cdot 5 + 0.5\cdot 6 + 1\cdot 8 + 2\cdot 9 - 1\cdot 10" in said
    # -1 + 2 - 5 + 3 + 8 + 18 - 10 + 0 - 6.5 + 14
    assert "=22.5" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"example": 2}, "the batch has 2"), ({"neuron": (9, 1)}, "rows are 1 to 4")],
)
def test_no_such_example_or_neuron(arguments: Any, said: str) -> None:
    y, *_ = layer({})
    with pytest.raises(PictureError, match=said):
        viz.scalars(y, **arguments)


def test_latex_makes_a_page_of_it(pdflatex: str, tmp_path: Path) -> None:
    y, *_ = layer({})
    log = compiled(pdflatex, viz.scalars(y).tex(standalone=True), tmp_path)
    assert pages(log) == 1
