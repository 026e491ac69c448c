"""Looking for forms is safe on every graph, and a model's form is the one that suits it."""

from __future__ import annotations

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
