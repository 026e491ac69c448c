"""W_l and b_l: what formulas call the parameters of layers, beside the excitation that they make."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from viz.formulas.layer_names import layer_symbols
from viz.formulas.naming import names_of


def called(model: Any, *shape: int) -> dict[str, str]:
    """The symbol of each leaf with a name, in a graph of the model."""
    y = model(np.random.default_rng(0).uniform(size=shape))
    flow = FlowGraph(f.sum(y[0] if isinstance(y, tuple) else y).named("L"))
    names = names_of(flow)
    return {v.name: names.latex(v) for v in flow.variables if v.is_leaf}


def test_layers_are_counted_as_their_excitations() -> None:
    """ξ_l = W_l h_{l-1} + b_l, with normalization between, whose parameters are others."""
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    assert called(model, 5, 3) == {
        "0.weight": "W_{1}", "0.bias": "b_{1}",
        "1.weight": r"\mathrm{weight}_{1}", "1.bias": r"\mathrm{bias}_{1}",
        "3.weight": "W_{2}", "3.bias": "b_{2}",
    }  # fmt: skip


def test_one_layer_alone_has_no_index() -> None:
    assert called(nn.Linear(3, 2), 3) == {"weight": "W", "bias": "b"}


@pytest.mark.parametrize(
    "model", [nn.Conv2d(1, 2, 3), nn.ConvTranspose2d(1, 2, 3), nn.Conv2d(1, 2, 3, bias=False)]
)
def test_convolutions_too(model: Any) -> None:
    assert set(called(nn.Sequential(model, nn.ReLU()), 1, 1, 5, 5).values()) <= {"W_{1}", "b_{1}"}


def test_a_users_own_names_stay() -> None:
    W, b = (
        Tensor(np.eye(2), requires_grad=True, name="weight"),
        Tensor(np.zeros(2), requires_grad=True, name="beta"),
    )
    flow = FlowGraph(f.sum(f.affine([1.0, 2.0], W, b)).named("y"))
    assert layer_symbols(flow) == {}


def test_where_a_short_name_is_taken_all_stay() -> None:
    """Two variables never have one name."""
    taken = Tensor(np.ones(2), requires_grad=True, name="W_1")
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
    flow = FlowGraph(f.sum(model(taken)).named("L"))
    assert layer_symbols(flow) == {}
    names = names_of(flow)
    assert len({names.latex(v) for v in flow.variables}) == len(flow.variables)


def test_a_shared_weight_has_its_first_layers_number() -> None:
    layer = nn.Linear(2, 2)
    model = nn.Sequential(layer, nn.Tanh(), layer)
    symbols = called(model, 2)
    assert symbols == {"0.weight": "W_{1}", "0.bias": "b_{1}"}


def test_pictures_and_derivations_say_so() -> None:
    flow = viz.flow(
        nn.Sequential(nn.Linear(2, 2, generator=0), nn.Tanh(), nn.Linear(2, 1, generator=1)),
        [0.5, 1.0],
    )
    assert "W_2" in viz.derive(flow, wrt="h_1").text()
    assert any("W_{1}" in text.source for _, text in viz.draw(flow).scene.texts())
    assert flow.total("0.weight").shape == (2, 2)


@pytest.mark.parametrize(("loss", "symbol"), [("E", "L"), ("L", "L_{z}")])
def test_the_factor_of_a_full_vae_is_l_where_nothing_else_is(loss: str, symbol: str) -> None:
    """z = μ + L·ε, unless the loss has that name."""
    model = nn.VAE.dense((4, 3, 2), full=True, generator=0)
    flow = FlowGraph(nn.negative_elbo(model(np.full((1, 4), 0.5))).named(loss))
    assert names_of(flow).latex(flow.variable("L_z")) == symbol


def test_of_two_factors_neither_is_l() -> None:
    """Two variables never have one name."""
    models = [nn.VAE.dense((4, 3, 2), full=True, generator=k) for k in range(2)]
    loss = sum((f.sum(model(np.full((1, 4), 0.5))) for model in models), 0.0)
    flow = FlowGraph(loss.named("E"))
    symbols = [names_of(flow).latex(v) for v in flow.variables]
    assert "L" not in symbols
    assert len(set(symbols)) == len(symbols)
