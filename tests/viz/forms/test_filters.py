"""Filters as pictures: weighted sums found, poles, zeros and derivatives against SciPy and differences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from tests.viz.forms.pages import scenes, words
from tests.viz.latex import compiled, pages
from viz.forms.filters import find
from viz.forms.form import Asked

X = np.array([1.0, -0.3, 0.8, 0.3, -1.0])


def filtered(model: nn.Module, x: Any = X) -> FlowGraph:
    y = model(x)
    return FlowGraph(nn.half_squared_error(y, np.zeros(y.shape)).named("E"))


def by_hand() -> FlowGraph:
    """h[n] = tanh(w·h[n-1] + x[n]), in single numbers."""
    w, h = Value(0.7, name="w"), Value(0.0, name="h_0")
    for n in range(4):
        h = f.tanh(w * h + Value(float(X[n]), name=f"x[{n}]")).named(f"h[{n}]")
    return FlowGraph((h * h * 0.5).named("E"))


MODELS = {
    "FIR": lambda: filtered(nn.FIRFilter([0.6, 0.3, -0.4], nn.Tanh())),
    "FIR, linear": lambda: filtered(nn.FIRFilter([0.6, 0.3])),
    "FIR, trained input": lambda: filtered(
        nn.FIRFilter([0.6, 0.3]), Tensor(X, requires_grad=True, name="x")
    ),
    "FIR, 40 samples": lambda: filtered(nn.FIRFilter([1.0, -0.5]), np.sin(np.arange(40.0))),
    "FIR, 5 weights": lambda: filtered(nn.FIRFilter(np.linspace(1, 0.1, 5))),
    "IIR": lambda: filtered(nn.IIRFilter([1.0], [0.9, -0.5], nn.Tanh())),
    "IIR, poles and zeros": lambda: filtered(nn.IIRFilter([1.0, 0.5], [0.5])),
    "IIR, 2 samples": lambda: filtered(nn.IIRFilter([1.0], [0.5]), X[:2]),
    "by hand": by_hand,
}


@pytest.mark.parametrize("name", MODELS)
def test_the_picture_is_free_of_faults(name: str) -> None:
    assert len(scenes(viz.draw(MODELS[name](), form="filter"))) == 1


def test_weights_with_their_lags_are_found() -> None:
    found = find(Asked(MODELS["IIR, poles and zeros"]()))
    assert found is not None
    assert [(w.lag, w.value) for w in found.forward] == [(0, 1.0), (1, 0.5)]
    assert [(w.lag, w.value) for w in found.backward] == [(1, 0.5)]
    assert [s.value for s in found.inputs] == list(X)
    found = find(Asked(by_hand()))
    assert found is not None
    assert [(w.lag, w.name) for w in found.backward] == [(1, "w")]


@pytest.mark.parametrize("name", ["FIR", "IIR", "IIR, poles and zeros"])
def test_outputs_are_scipys_behind_the_nonlinearity_taken_off(name: str) -> None:
    """Each y[n] is g of the sum of weights times samples, by a loop over both."""
    found = find(Asked(MODELS[name]()))
    assert found is not None
    g = (lambda v: v) if found.nonlinearity is None else np.tanh
    y: list[float] = []
    for n in range(len(X)):
        total = sum(w.value * X[n - w.lag] for w in found.forward if n >= w.lag)
        total += sum(w.value * y[n - w.lag] for w in found.backward if n >= w.lag)
        y.append(float(g(total)))
    assert [s.value for s in found.outputs] == pytest.approx(y, rel=1e-12)


def test_derivatives_by_the_weights_are_difference_quotients() -> None:
    def error(b: Any) -> float:
        y = np.tanh(np.convolve(X, b)[: len(X)])
        return float(0.5 * np.sum(y * y))

    b, h = np.array([0.6, 0.3, -0.4]), 1e-6
    found = find(Asked(MODELS["FIR"]()))
    assert found is not None
    for w in found.forward:
        step = h * np.eye(3)[w.lag]
        assert w.total == pytest.approx((error(b + step) - error(b - step)) / (2 * h), rel=1e-6)


def test_poles_and_zeros_are_those_of_scipys_transfer_function() -> None:
    signal = pytest.importorskip("scipy.signal")
    zeros, poles, _ = signal.tf2zpk([1.0, 0.5], [1.0, -0.5])
    (scene,) = scenes(viz.draw(MODELS["IIR, poles and zeros"](), form="filter"))
    assert rf"\mathrm{{zeros}}\;{zeros[0]:.2f}" in words(scene)
    assert rf"\mathrm{{poles}}\;{poles[0]:.2f}" in words(scene)
    assert "stable" in words(scene)
    (scene,) = scenes(viz.draw(MODELS["IIR"](), form="filter"))
    assert r"\mathrm{poles}\;0.45\pm 0.55\,i" in words(scene)
    assert any("linear filter" in w for w in words(scene))


def test_each_weight_has_one_colour_wherever_it_is_used() -> None:
    (scene,) = scenes(viz.draw(MODELS["FIR"](), form="filter"))
    counts = [
        sum(arrow.color == color for arrow in scene.arrows)
        for color in dict.fromkeys(a.color for a in scene.arrows)
    ]
    assert counts == [5, 4, 3]


@pytest.mark.parametrize(
    "graph",
    [
        lambda: f.sum(
            f.matmul(np.array([[1.0, 2.0], [3.0, 4.0]]), Tensor([1.0, 2.0], requires_grad=True))
        ).named("y"),
        lambda: filtered(nn.FIRFilter(np.linspace(1, 0.1, 8))),
        lambda: (Value(2.0, name="x") * Value(3.0, name="w")).named("y"),
    ],
)
def test_other_products_are_no_filters(graph: Any) -> None:
    with pytest.raises(PictureError, match="has not the form 'filter'"):
        viz.draw(graph(), form="filter")


def test_a_model_that_ends_in_an_array_says_what_to_write() -> None:
    y = nn.FIRFilter([1.0, 0.5])(X)
    with pytest.raises(PictureError, match=r"derivatives of one number.*viz\.flow"):
        viz.draw(y, form="filter")
    assert viz.draw(y, fit="slide").scene.title.startswith("flow graph")


def test_latex_makes_a_page_of_it(pdflatex: str, tmp_path: Path) -> None:
    log = compiled(
        pdflatex, viz.draw(MODELS["IIR"](), form="filter").tex(standalone=True), tmp_path
    )
    assert pages(log) == 1
