"""LSTM: torch's numbers, the lecture's six equations, and the forget gate."""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph
from autograd_lite.errors import OperandError, ShapeError
from tests.nn.oracle import torch
from tests.nn.recurrent_oracle import (
    assert_same_cell,
    assert_same_recurrent,
    configurations,
    draws,
)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("seed", range(12))
def test_lstm_is_torchs_over_random_configurations(seed):
    options = configurations(seed)
    assert_same_recurrent(nn.LSTM(**options), torch.nn.LSTM(**options), seed)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("lead", [(), (3,)])
def test_lstm_cell_is_torchs(bias, lead):
    assert_same_cell(nn.LSTMCell(4, 5, bias), torch.nn.LSTMCell(4, 5, bias), lead)


def test_the_lectures_equations_by_gate():
    """i, f, o = σ(W x + U h + b), c̃ = tanh(…), c = f⊙c + i⊙c̃, h = o⊙tanh(c), gate by gate."""
    lstm = nn.LSTM(2, 3, generator=1)
    x, h, c = draws(2).normal(size=(6, 2)), np.zeros(3), np.zeros(3)
    y, (h_end, c_end) = lstm(x)
    part = {
        name: getattr(lstm, name).numpy() for name in (f"{w}_{g}" for w in "WUb" for g in "ifco")
    }
    for t in range(6):
        i, f, candidate, o = (
            part[f"W_{g}"] @ x[t] + part[f"U_{g}"] @ h + part[f"b_{g}"] for g in "ifco"
        )
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
        h = sigmoid(o) * np.tanh(c)
        np.testing.assert_allclose(y.numpy()[t], h, rtol=1e-12)
    np.testing.assert_allclose(h_end.numpy()[0], h, rtol=1e-12)
    np.testing.assert_allclose(c_end.numpy()[0], c, rtol=1e-12)


def test_the_variables_of_a_step_are_named_after_the_equations():
    y, _ = nn.LSTM(2, 3)(np.ones((2, 2)))
    flow = FlowGraph((y * y).sum())
    step = {"i_2", "f_2", "o_2", r"\tilde{c}_2", "c_2", "h_2"}
    assert step <= {v.name for v in flow.variables}
    gate = flow.variable("f_2").numpy()
    np.testing.assert_allclose(flow.partial("c_2", "c_1"), np.diag(gate), rtol=1e-13, atol=0)


@pytest.mark.parametrize("make", [nn.LSTM, nn.LSTMCell])
def test_the_lectures_twelve_weights_are_the_parameters(make):
    names = [name for name, _ in make(2, 3).named_parameters()]
    assert names == [f"{w}_{g}" for w in "WUb" for g in "ifco"]


def test_there_is_no_projection():
    assert len(nn.LSTM(2, 3, 1, True, True, proj_size=0).W) == 12
    with pytest.raises(OperandError, match=r"proj_size is 0, not 2; write output_size=2"):
        nn.LSTM(2, 3, proj_size=2)


def test_the_state_is_a_pair():
    for state in (np.ones((1, 2)), (np.ones((1, 2)),), None):
        if state is None:
            nn.LSTM(3, 2)(np.ones((4, 3)), state)
            continue
        with pytest.raises(OperandError, match=r"LSTM begins with a pair \(h_0, c_0\)"):
            nn.LSTM(3, 2)(np.ones((4, 3)), state)
    with pytest.raises(ShapeError, match=r"expected c_0 of shape \(1, 2\), got \(1, 3\)"):
        nn.LSTM(3, 2)(np.ones((4, 3)), (np.ones((1, 2)), np.ones((1, 3))))
