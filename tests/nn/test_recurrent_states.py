"""States of recurrent modules: to torch and back, with all gates in one array, and what does not fit."""

import numpy as np
import pytest

import nn
from autograd_lite.errors import StateError
from tests.nn.oracle import torch
from tests.nn.recurrent_oracle import configurations, draws

KINDS = ["RNN", "LSTM", "GRU"]
GATED = ["LSTM", "GRU", "LSTMCell", "GRUCell"]


def torchs_state(module):
    """The module's weights under torch's names: all of a bias in bias_ih, only b_hn in bias_hh."""
    state = {}
    for layer in getattr(module, "layers", [nn.recurrent.SINGLE_LAYER]):
        W, U, b = (getattr(module, name + layer.suffix) for name in module.names)
        state["weight_ih" + layer.torch], state["weight_hh" + layer.torch] = W.numpy(), U.numpy()
        if b is not None:
            state["bias_ih" + layer.torch] = b.numpy()
            zeros = np.zeros(b.shape)
            if hasattr(module, "b_hn"):
                zeros[-module.hidden_size :] = getattr(module, "b_hn" + layer.suffix).numpy()
            state["bias_hh" + layer.torch] = zeros
    return {name: torch.tensor(array) for name, array in state.items()}


def together(module):
    """A state as it was written when W, U and b were the parameters."""
    state = module.state_dict()
    for layer in getattr(module, "layers", [nn.recurrent.SINGLE_LAYER]):
        for name in module.names:
            state[name + layer.suffix] = np.concatenate(
                [state.pop(f"{name}_{gate}{layer.suffix}") for gate in module.gates]
            )
    return state


def outputs(module, x):
    found = module(x)
    flat = found if isinstance(found, tuple) else (found,)
    return [y for part in flat for y in (part if isinstance(part, tuple) else (part,))]


def assert_same_numbers(ours, theirs, shape):
    """Equal to 1e-12 of the largest."""
    x = draws(3).normal(size=shape)
    for a, b in zip(outputs(ours, x), outputs(theirs, torch.tensor(x)), strict=True):
        np.testing.assert_allclose(a.numpy(), b.detach().numpy(), rtol=1e-12, atol=1e-12)


# --- torch ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_states_go_to_torch_and_come_back(kind, seed):
    options = configurations(seed)
    ours = getattr(nn, kind)(generator=seed, **options)
    theirs = getattr(torch.nn, kind)(dtype=torch.float64, **options)
    theirs.load_state_dict(torchs_state(ours))
    assert_same_numbers(ours, theirs, (3, 2, options["input_size"]))
    again = getattr(nn, kind)(generator=100, **options)
    again.load_state_dict(theirs.state_dict())
    for name, array in ours.state_dict().items():
        np.testing.assert_array_equal(again.state_dict()[name], array)


@pytest.mark.parametrize("kind", ["RNNCell", "LSTMCell", "GRUCell"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_cells_state_goes_to_torch_and_comes_back(kind, bias):
    ours = getattr(nn, kind)(2, 3, bias, generator=1)
    theirs = getattr(torch.nn, kind)(2, 3, bias, dtype=torch.float64)
    theirs.load_state_dict(torchs_state(ours))
    assert_same_numbers(ours, theirs, (4, 2))
    again = getattr(nn, kind)(2, 3, bias, generator=100)
    again.load_state_dict(theirs.state_dict())
    for name, array in ours.state_dict().items():
        np.testing.assert_array_equal(again.state_dict()[name], array)


@pytest.mark.parametrize("kind", GATED)
def test_torchs_rows_are_those_of_the_gate_that_the_equations_name(kind):
    """Rows i, f, g, o and r, z, n: a weight that says its block's number lands in its gate."""
    module = getattr(nn, kind)(2, 3, generator=1)
    state = {name: torch.zeros_like(x) for name, x in torchs_state(module).items()}
    for x in state.values():
        for k in range(len(module.gates)):
            x[3 * k : 3 * k + 3] = k
    module.load_state_dict(state)
    order = {"L": "ifco", "G": "rzn"}[kind[0]]
    for k, gate in enumerate(order):
        assert set(np.ravel(getattr(module, f"W_{gate}").numpy())) == {float(k)}
        assert set(np.ravel(getattr(module, f"U_{gate}").numpy())) == {float(k)}


# --- all gates in one array -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", GATED)
def test_a_state_with_all_gates_in_one_array_loads(kind):
    options = (
        {} if kind.endswith("Cell") else {"num_layers": 2, "bidirectional": True, "output_size": 2}
    )
    a, b = (getattr(nn, kind)(2, 3, generator=seed, **options) for seed in (1, 2))
    leaves = list(b.parameters())
    b.load_state_dict(together(a))
    assert all(x is y for x, y in zip(leaves, b.parameters(), strict=True))
    for name, array in a.state_dict().items():
        np.testing.assert_array_equal(b.state_dict()[name], array)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_a_file_with_all_gates_in_one_array_loads(kind, tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    a, b = (getattr(nn, kind)(2, 3, num_layers=2, generator=seed) for seed in (1, 2))
    safetensors.save_file(together(a), tmp_path / "old.safetensors")
    nn.load(b, tmp_path / "old.safetensors")
    nn.save(b, tmp_path / "new.safetensors")
    c = getattr(nn, kind)(2, 3, num_layers=2, generator=3)
    nn.load(c, tmp_path / "new.safetensors")
    for module in (b, c):
        for name, array in a.state_dict().items():
            np.testing.assert_array_equal(module.state_dict()[name], array)


def test_modules_inside_others_translate_their_own():
    a, b = (nn.Sequential({"memory": nn.LSTM(2, 3, generator=seed)}) for seed in (1, 2))
    b.load_state_dict({f"memory.{name}": x for name, x in together(a[0]).items()})
    np.testing.assert_array_equal(a[0].W_o.numpy(), b[0].W_o.numpy())


# --- what does not fit ----------------------------------------------------------------------------


def refusal(module, state):
    before = module.state_dict()
    with pytest.raises(StateError, match="nothing was loaded") as caught:
        module.load_state_dict(state)
    assert all(np.array_equal(before[name], x) for name, x in module.state_dict().items())
    return str(caught.value)


def without(state, *names):
    return {name: x for name, x in state.items() if name not in names}


def test_what_is_missing_is_named():
    lstm = nn.LSTM(2, 3, generator=1)
    assert "missing: U_f (3, 3)" in refusal(lstm, without(lstm.state_dict(), "U_f"))
    said = refusal(lstm, without(together(lstm), "U"))
    assert all(f"missing: U_{gate} (3, 3)" in said for gate in "ifco")
    said = refusal(lstm, without(torchs_state(lstm), "weight_ih_l0"))
    assert all(f"missing: W_{gate} (3, 2)" in said for gate in "ifco")
    two = nn.LSTM(2, 3, num_layers=2)
    assert "missing: W_f_l1 (3, 3)" in refusal(two, torchs_state(lstm))


def test_one_of_torchs_two_biases_is_half_a_bias():
    lstm = nn.LSTM(2, 3, generator=1)
    said = refusal(lstm, without(torchs_state(lstm), "bias_hh_l0"))
    assert "missing: b_f (3,)" in said
    assert "unexpected: 'bias_ih_l0'" in said


@pytest.mark.parametrize("shape", [(11, 2), (16, 2), (12, 3), (12,), (2, 12)])
def test_an_array_of_all_gates_that_does_not_fit_is_said_by_gate(shape):
    lstm = nn.LSTM(2, 3, generator=1)
    said = refusal(lstm, {**together(lstm), "W": np.zeros(shape)})
    assert "mis-shaped: W_" in said
    assert "expected (3, 2)" in said


@pytest.mark.parametrize("entry", [3.0, None, "W", [[1.0], [1.0, 2.0]]])
def test_what_is_no_array_of_gates_is_left_as_unexpected(entry):
    lstm = nn.LSTM(2, 3, generator=1)
    assert "'W'" in refusal(lstm, {**together(lstm), "W": entry})


def test_gates_given_twice_are_refused():
    lstm = nn.LSTM(2, 3, generator=1)
    assert "unexpected: 'W'" in refusal(lstm, {**lstm.state_dict(), "W": lstm.W.numpy()})


def test_a_bias_for_a_module_without_is_refused_under_the_name_it_came_with():
    lstm = nn.LSTM(2, 3, bias=False)
    assert "unexpected: 'b'" in refusal(lstm, together(nn.LSTM(2, 3)))


def test_a_projection_is_refused():
    lstm = nn.LSTM(2, 3)
    state = torch.nn.LSTM(2, 3, proj_size=2).state_dict()
    assert "unexpected: 'weight_hr_l0'" in refusal(lstm, state)
