"""RNN and what all recurrent modules share: torch's numbers and names, states, layers, bad input."""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor, no_grad
from autograd_lite.errors import OperandError, ShapeError, StateError
from tests.nn.oracle import torch
from tests.nn.recurrent_oracle import (
    assert_same_cell,
    assert_same_recurrent,
    configurations,
    draws,
)

KINDS = ["RNN", "LSTM", "GRU"]


@pytest.mark.parametrize("seed", range(16))
def test_rnn_is_torchs_over_random_configurations(seed):
    options = configurations(seed)
    nonlinearity = ("tanh", "relu")[seed % 2]
    ours = nn.RNN(nonlinearity=nonlinearity, generator=0, **options)
    theirs = torch.nn.RNN(nonlinearity=nonlinearity, **options)
    assert_same_recurrent(ours, theirs, seed)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("lead", [(), (3,)])
def test_rnn_cell_is_torchs(nonlinearity, bias, lead):
    ours = nn.RNNCell(4, 5, bias, nonlinearity)
    assert_same_cell(ours, torch.nn.RNNCell(4, 5, bias, nonlinearity), lead)


def test_the_lectures_equations_step_by_step():
    """h_t = φ(W_xh x_t + W_hh h_{t-1} + b_h) and y_t = W_hy h_t + b_y, written out with NumPy."""
    rnn = nn.RNN(2, 3, output_size=4, generator=1)
    W_xh, W_hh, b_h = rnn.W_xh.numpy(), rnn.W_hh.numpy(), rnn.b_h.numpy()
    x, h = draws(2).normal(size=(6, 2)), np.zeros(3)
    y, end = rnn(x)
    for t in range(6):
        h = np.tanh(W_xh @ x[t] + W_hh @ h + b_h)
        np.testing.assert_allclose(y.numpy()[t], rnn.W_hy.numpy() @ h + rnn.b_y.numpy(), rtol=1e-12)
    np.testing.assert_allclose(end.numpy()[0], h, rtol=1e-12)


# --- names ----------------------------------------------------------------------------------------


def test_states_are_variables_of_the_flow_graph_with_unique_names():
    rnn = nn.RNN(2, 3, num_layers=2, bidirectional=True)
    y, _ = rnn(draws(3).normal(size=(11, 2)))
    flow = FlowGraph((y * y).sum())
    names = [v.name for v in flow.variables if v.name and v.name.startswith("h")]
    assert len(names) == len(set(names)) == 2 * 2 * 11
    assert {"h_1", "h_{11}", "h_1^{(2)}", "h_1^{(1')}", "h_{11}^{(2')}"} <= set(names)
    assert flow.variable("h_11") is flow.variable("h_{11}")


def test_an_initial_state_is_a_variable_too():
    rnn, h0 = nn.RNN(2, 3), Tensor(np.ones((1, 3)), requires_grad=True)
    y, _ = rnn(draws(3).normal(size=(2, 2)), h0)
    flow = FlowGraph((y * y).sum())
    np.testing.assert_allclose(flow.total("h_0"), flow.total(h0)[0])


def test_nodes_and_parameters_carry_the_dotted_name():
    net = nn.Sequential({"encoder": nn.RNN(2, 3)}).named("net")
    y, _ = net(np.ones((4, 2)))
    assert y.scope == net.encoder.W_hh.scope == "net.encoder"


# --- truncated backpropagation through time -------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [1, 2, 3, 7])
def test_truncation_is_detaching_by_hand_every_k_steps(kind, k):
    """The same numbers, and the gradient of k steps at a time with the state between held constant."""
    x = draws(4).normal(size=(7, 2, 3))
    whole = getattr(nn, kind)(3, 4, truncate=k, generator=5)
    parts = getattr(nn, kind)(3, 4, generator=5)
    y, _ = whole(x)
    (y * y).sum().backward()
    state, outputs = None, []
    for start in range(0, 7, k):
        part, state = parts(x[start : start + k], state)
        state = tuple(s.detach() for s in state) if kind == "LSTM" else state.detach()
        (part * part).sum().backward()
        outputs.append(part.numpy())
    np.testing.assert_array_equal(y.numpy(), np.concatenate(outputs))
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-11, atol=1e-13)


def test_a_truncation_of_the_whole_length_changes_nothing():
    x = draws(4).normal(size=(7, 3))
    grads = []
    for truncate in (None, 7):
        rnn = nn.RNN(3, 4, truncate=truncate, generator=5)
        (rnn(x)[0] ** 2).sum().backward()
        grads.append(rnn.W_hh.grad)
    np.testing.assert_array_equal(*grads)


# --- dropout, modes, states, dtypes ---------------------------------------------------------------


def test_dropout_acts_between_layers_while_training_only_and_is_reproducible():
    x = draws(6).normal(size=(5, 3))
    outputs = [nn.RNN(3, 4, num_layers=2, dropout=0.5, generator=7)(x)[0].numpy() for _ in range(2)]
    np.testing.assert_array_equal(*outputs)
    rnn = nn.RNN(3, 4, num_layers=2, dropout=0.5, generator=7).eval()
    plain = nn.RNN(3, 4, num_layers=2)
    plain.load_state_dict(rnn.state_dict())
    np.testing.assert_array_equal(rnn(x)[0].numpy(), plain(x)[0].numpy())
    assert not np.allclose(rnn(x)[0].numpy(), outputs[0])
    one = nn.RNN(3, 4, dropout=0.5, generator=7)
    np.testing.assert_array_equal(one(x)[0].numpy(), one(x)[0].numpy())


def test_inside_no_grad_nothing_is_recorded():
    with no_grad():
        y, h = nn.RNN(2, 3)(np.ones((4, 2)))
    assert not y.requires_grad
    assert not h.requires_grad


@pytest.mark.parametrize("kind", KINDS)
def test_float32_stays_float32(kind):
    module = getattr(nn, kind)(2, 3, generator=0)
    for name, parameter in list(module.named_parameters()):
        setattr(module, name, nn.Parameter(parameter.numpy().astype(np.float32)))
    y, _ = module(np.ones((4, 2), np.float32))
    (y * y).sum().backward()
    assert y.dtype == np.float32
    assert all(p.grad.dtype == np.float32 for p in module.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_weights_start_as_torchs_and_are_reproducible(kind):
    ours = getattr(nn, kind)(30, 100, generator=3)
    again = getattr(nn, kind)(30, 100, generator=3)
    theirs = getattr(torch.nn, kind)(30, 100)
    for a, b in zip(ours.parameters(), again.parameters(), strict=True):
        assert np.array_equal(a.numpy(), b.numpy())
    W, U, b = (getattr(ours, name).numpy() for name in ours.names)
    assert max(np.abs(W).max(), np.abs(U).max()) <= 0.1
    # a bias here is a sum of torch's two: its standard deviation is √2 times theirs
    spread = (theirs.bias_ih_l0 + theirs.bias_hh_l0).detach().numpy()[:100].std()
    assert b[:100].std() == pytest.approx(0.1 * (2 / 3) ** 0.5, rel=0.2)
    assert b[:100].std() == pytest.approx(spread, rel=0.3)


@pytest.mark.parametrize("kind", KINDS)
def test_saved_states_load_again_under_the_names_here(kind):
    a, b = (getattr(nn, kind)(2, 3, num_layers=2, output_size=4) for _ in range(2))
    b.load_state_dict(a.state_dict())
    x = draws(8).normal(size=(3, 2))
    np.testing.assert_array_equal(a(x)[0].numpy(), b(x)[0].numpy())
    assert "W_hy" in a.state_dict()


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2,), (4, 5), (4, 2, 5), (4, 2, 3, 3), ()])
def test_wrong_inputs_are_said_with_the_dotted_name_and_both_shapes(kind, shape):
    net = nn.Sequential({"memory": getattr(nn, kind)(3, 2)}).named("net")
    with pytest.raises(
        ShapeError, match=r"net\.memory expected x of shape \(time, batch, input_size\)"
    ) as e:
        net(np.ones(shape))
    assert str(shape) in str(e.value)


def test_batch_first_says_its_own_order():
    with pytest.raises(ShapeError, match=r"\(batch, time, input_size\)"):
        nn.RNN(3, 2, batch_first=True)(np.ones((4, 2, 5)))


def test_no_time_step_is_refused():
    with pytest.raises(ShapeError, match="at least one time step"):
        nn.RNN(3, 2)(np.ones((0, 1, 3)))


@pytest.mark.parametrize("shape", [(2,), (1, 5, 2), (2, 4, 2), (1, 4, 3)])
def test_a_wrong_initial_state_is_refused(shape):
    with pytest.raises(ShapeError, match=r"RNN expected h_0 of shape \(1, 4, 2\), got"):
        nn.RNN(3, 2)(np.ones((6, 4, 3)), np.ones(shape))


@pytest.mark.parametrize("cell", ["RNNCell", "LSTMCell", "GRUCell"])
def test_cells_refuse_wrong_shapes_by_name(cell):
    module = getattr(nn, cell)(3, 2)
    with pytest.raises(ShapeError, match=f"{cell} expected x of shape"):
        module(np.ones((4, 2, 3)))
    state = (np.ones((5, 2)), np.ones((5, 2))) if cell == "LSTMCell" else np.ones((5, 2))
    with pytest.raises(ShapeError, match=rf"{cell} expected h_0 of shape \(4, 2\), got \(5, 2\)"):
        module(np.ones((4, 3)), state)


@pytest.mark.parametrize("bad", ["sigmoid", "tahn", None])
def test_an_unknown_nonlinearity_is_refused(bad):
    with pytest.raises(OperandError, match="tanh"):
        nn.RNN(3, 2, nonlinearity=bad)


@pytest.mark.parametrize(
    "options", [{"num_layers": 0}, {"truncate": 0}, {"output_size": 0}, {"dropout": 1.5}]
)
def test_impossible_options_are_refused(options):
    with pytest.raises(OperandError):
        nn.RNN(3, 2, **options)


def test_a_state_that_does_not_fit_is_listed_and_nothing_loaded():
    rnn = nn.RNN(3, 2, generator=0)
    before = rnn.state_dict()
    theirs = torch.nn.RNN(3, 4).state_dict()
    with pytest.raises(StateError) as e:
        rnn.load_state_dict(theirs)
    assert "W_xh is (4, 3), expected (2, 3)" in str(e.value)
    assert "bias_ih_l0" in str(e.value)
    assert all(np.array_equal(before[k], v) for k, v in rnn.state_dict().items())
