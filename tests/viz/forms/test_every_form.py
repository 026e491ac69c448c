"""Looking for forms is safe on every graph, and a model's form is the one that suits it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value
from autograd_lite import functions as f
from autograd_lite.node import Node
from examples import graphs
from viz.forms.form import Asked
from viz.forms.known import FORMS
from viz.scene.check import faults
from viz.scene.scaled import smallest_type


def forms_of(graph: FlowGraph | Node) -> list[str]:
    asked = Asked(graph if isinstance(graph, FlowGraph) else FlowGraph(graph))
    return [form.name for form in FORMS if form.find(asked) is not None]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("dense", None), ("blocks", None), ("vae", None), ("attention_like", None), ("scalar_layers", None),
        ("conv_autoencoder", "volumes"), ("unrolled_cell", "unrolled"), ("rnn_module", "unrolled"),
    ],
)  # fmt: skip
def test_the_gallerys_graphs_have_the_forms_one_expects(name: str, first: str | None) -> None:
    graph = getattr(graphs, name)()
    found = forms_of(graph[-1] if isinstance(graph, tuple) else graph)
    if first is not None:
        assert found[0] == first


def random_graph(seed: int) -> Node:
    """Sums and products of scalars and arrays, some of them named."""
    rng = np.random.default_rng(seed)
    nodes: list[Node] = [Tensor(rng.normal(size=(3, 3)), requires_grad=True, name=n) for n in "ab"]
    for k in range(12):
        a, b = (nodes[i] for i in rng.integers(0, len(nodes), 2))
        y = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a @ b, lambda a, b: f.tanh(a)][
            k % 4
        ](a, b)
        nodes.append(y.named(f"v_{k}") if rng.random() < 0.6 else y)
    return f.sum(nodes[-1]).named("y")


@pytest.mark.parametrize("seed", range(40))
def test_looking_for_a_form_never_raises(seed: int) -> None:
    forms_of(random_graph(seed))


@pytest.mark.parametrize("x", [Value(1.0, name="x"), Value(1.0, name="x").exp().named("y")])
def test_scalars_have_no_model_in_them(x: Value) -> None:
    assert forms_of(x) == []


@pytest.mark.parametrize(
    ("model", "example", "form"),
    [
        (lambda: nn.MLP((3, 4, 2), generator=0), (3,), "layers of"),
        (lambda: nn.ConvAutoencoder((1, 4, 8), generator=0), (1, 1, 16, 16), "feature maps of"),
        (lambda: nn.RNN(2, 3, generator=0), (4, 1, 2), "4 time steps of"),
        (lambda: nn.LSTM(2, 3, generator=0), (5, 1, 2), "5 time steps of"),
    ],
)  # fmt: skip
def test_a_model_and_an_example_are_drawn_in_the_models_own_form(model, example, form) -> None:  # type: ignore[no-untyped-def]
    x = np.random.default_rng(0).uniform(size=example)
    picture = viz.draw(model(), x)
    assert picture.scene.title.startswith(form)
    assert (picture.scene.width, picture.scene.height) == (960, 540)


def test_a_level_or_layout_asks_for_the_plain_graph() -> None:
    flow = graphs.rnn_module()
    assert viz.draw(flow, fit="slide", layout="layered").scene.title.startswith("flow graph of")
    assert viz.draw(flow, fit="slide").scene.title.startswith("4 time steps")


HOSTILE = {
    "nan": (lambda: nn.MLP((3, 4, 2), generator=0), [np.nan, 1.0, 2.0]),
    "infinite": (lambda: nn.MLP((3, 4, 2), generator=0), [np.inf, 1.0, 2.0]),
    "huge": (lambda: nn.MLP((3, 4, 2), generator=0), [1e300, 1.0, 2.0]),
    "tiny": (lambda: nn.MLP((3, 4, 2), generator=0), [1e-300, 1e-200, 0.0]),
    "no examples": (lambda: nn.MLP((3, 4, 2), generator=0), np.ones((0, 3))),
    "images of nan": (
        lambda: nn.ConvAutoencoder((1, 2, 2), generator=0),
        np.full((1, 1, 8, 8), np.nan),
    ),
    "signals of nan": (lambda: nn.RNN(2, 3, generator=0), np.full((3, 1, 2), np.nan)),
    "whole numbers": (
        lambda: nn.Sequential(nn.Embedding(5, 3, generator=0), nn.Linear(3, 2)),
        np.array([1, 2]),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("fit", [None, "slide"])
def test_numbers_that_no_picture_expects_still_make_one(name: str, fit: Any) -> None:
    """No error, no fault, and on a slide type of 12 points."""
    model, example = HOSTILE[name]
    with np.errstate(all="ignore"):
        picture = viz.draw(model(), example, fit=fit)
    for page in picture.pages:
        assert faults(page.scene) == []
        assert fit is None or smallest_type(page.scene) >= 12.0
    assert picture.png()
