"""GRU: torch's numbers and the equations of its form."""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph
from tests.nn.oracle import torch
from tests.nn.recurrent_oracle import (
    assert_same_cell,
    assert_same_recurrent,
    configurations,
    draws,
)


@pytest.mark.parametrize("seed", range(12))
def test_gru_is_torchs_over_random_configurations(seed):
    options = configurations(seed)
    assert_same_recurrent(nn.GRU(**options), torch.nn.GRU(**options), seed)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("lead", [(), (3,)])
def test_gru_cell_is_torchs(bias, lead):
    assert_same_cell(nn.GRUCell(4, 5, bias), torch.nn.GRUCell(4, 5, bias), lead)


def test_the_equations_of_a_step():
    """r, z = σ(…), n = tanh(W_n x + b_n + r⊙(U_n h + b_hn)), h' = (1 - z)⊙n + z⊙h."""
    cell, rng = nn.GRUCell(2, 3, generator=1), draws(2)
    x, h = rng.normal(size=2), rng.normal(size=3)
    W, U, b = ({g: getattr(cell, f"{w}_{g}").numpy() for g in "rzn"} for w in "WUb")
    r, z = (1 / (1 + np.exp(-(W[g] @ x + U[g] @ h + b[g]))) for g in "rz")
    n = np.tanh(W["n"] @ x + b["n"] + r * (U["n"] @ h + cell.b_hn.numpy()))
    np.testing.assert_allclose(cell(x, h).numpy(), (1 - z) * n + z * h, rtol=1e-12)


def test_the_variables_of_a_step_are_named_after_the_equations():
    y, _ = nn.GRU(2, 3)(np.ones((2, 2)))
    names = {v.name for v in FlowGraph((y * y).sum()).variables}
    assert {"r_2", "z_2", "n_2", "h_2"} <= names


@pytest.mark.parametrize("make", [nn.GRU, nn.GRUCell])
def test_the_weights_of_each_gate_are_the_parameters(make):
    names = [name for name, _ in make(2, 3).named_parameters()]
    assert names == [*(f"{w}_{g}" for w in "WUb" for g in "rzn"), "b_hn"]
