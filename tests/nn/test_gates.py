"""Each gate's weights are variables; together they read and write as one array, and nothing is lost."""

import copy
import operator
import pickle

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor, no_grad
from autograd_lite.errors import AutogradError, OperandError, ShapeError, StaleError
from nn.bptt import BPTT
from tests.nn.recurrent_oracle import draws

MAKERS = [nn.LSTM, nn.LSTMCell, nn.GRU, nn.GRUCell]
STACKED = ["W", "U", "b"]
every_module = pytest.mark.parametrize("make", MAKERS)
every_stack = pytest.mark.parametrize("name", STACKED)


def parts(module, name, suffix=""):
    return [getattr(module, f"{name}_{gate}{suffix}") for gate in module.gates]


def loss_of(module, seed=5):
    """½Σy² of the module's last layer or state at two examples."""
    steps = (4,) if isinstance(module, nn.LSTM | nn.GRU) else ()
    y = module(draws(seed).normal(size=(*steps, 2, module.input_size)))
    y = y[0] if isinstance(y, tuple) else y
    return (0.5 * y * y).sum()


def numbers(module):
    return {name: parameter.numpy().copy() for name, parameter in module.named_parameters()}


def unchanged(module, before):
    return all(np.array_equal(before[name], x) for name, x in numbers(module).items())


# --- variables of the flow graph ------------------------------------------------------------------


@every_module
def test_the_total_derivative_by_every_weight_is_a_central_difference(make):
    module, step = make(2, 3, generator=1), 1e-5
    flow = FlowGraph(loss_of(module))
    flow.output.backward()
    totals = {name: flow.total(weight) for name, weight in module.named_parameters()}
    for name, weight in module.named_parameters():
        total = totals[name]
        np.testing.assert_array_equal(total, weight.grad)
        for index in np.ndindex(weight.shape):
            around = []
            for move in (step, -step):
                start = weight.numpy().copy()
                moved = start.copy()
                moved[index] += move
                setattr(module, name, moved)
                around.append(loss_of(module).item())
                setattr(module, name, start)
            assert total[index] == pytest.approx((around[0] - around[1]) / (2 * step), abs=1e-8)


@pytest.mark.parametrize(
    ("make", "gates"),
    [(nn.LSTM, {"i": "i", "f": "f", "o": "o", r"\tilde{c}": "c"}), (nn.GRU, {g: g for g in "rzn"})],
)  # fmt: skip
def test_a_gates_edges_come_from_its_own_weights(make, gates):
    """f_1 = σ(W_f·x + U_f·h_0 + b_f) has three weights as sources, not those of the other gates."""
    module = make(2, 3, generator=1)
    y, _ = module(np.ones((1, 2)))
    flow = FlowGraph((y * y).sum())
    for gate, letter in gates.items():
        weights = [s.name for s in flow.sources[flow.variable(f"{gate}_1")] if s.name[1:2] == "_"]
        expected = {f"{w}_{letter}" for w in "WUb"} | ({"b_hn"} if letter == "n" else set())
        assert set(weights) - {"r_1"} == expected


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("layer", range(4))
def test_the_steps_contribute_by_one_gate_or_by_all(kind, layer):
    """dL/dW_f = Σ_t of what each time step contributes, in every layer and direction; so for W."""
    module = getattr(nn, kind)(2, 3, 2, bidirectional=True, generator=1)
    y, _ = module(draws(2).normal(size=(3, 2)))
    loss = (y * y).sum()
    loss.backward()
    bptt, suffix = BPTT(loss, module, layer), module.layers[layer].suffix
    for name in [*STACKED, *module.attributes("")]:
        gradient = getattr(module, name + suffix).grad
        contributions = bptt.contributions(name)
        assert len(contributions) == 3
        np.testing.assert_allclose(sum(contributions), gradient, rtol=1e-10, atol=1e-14)
    of_node = bptt.contributions(getattr(module, "W" + suffix))
    np.testing.assert_array_equal(of_node, bptt.contributions("W"))
    np.testing.assert_array_equal(bptt.contributions(), bptt.contributions("U"))


# --- read together --------------------------------------------------------------------------------


@every_module
@every_stack
def test_all_gates_read_as_their_concatenation_with_its_gradient(make, name):
    module = make(2, 3, generator=1)
    assert getattr(module, name).grad is None
    loss_of(module).backward()
    stacked = getattr(module, name)
    assert isinstance(stacked, Tensor)
    assert stacked.requires_grad
    assert not stacked.is_leaf
    expected = np.concatenate([part.numpy() for part in parts(module, name)])
    np.testing.assert_array_equal(stacked.numpy(), expected)
    np.testing.assert_array_equal(stacked.data, expected)
    np.testing.assert_array_equal(
        stacked.grad, np.concatenate([p.grad for p in parts(module, name)])
    )


@pytest.mark.parametrize("make", [nn.LSTM, nn.GRU])
@every_stack
@pytest.mark.parametrize("suffix", ["_l0_reverse", "_l1", "_l1_reverse"])
def test_every_layer_reads_and_writes_its_own(make, name, suffix):
    module = make(2, 3, num_layers=2, bidirectional=True, generator=1)
    before = numbers(module)
    doubled = 2 * getattr(module, name + suffix).numpy()
    setattr(module, name + suffix, doubled)
    np.testing.assert_array_equal(
        np.concatenate([p.numpy() for p in parts(module, name, suffix)]), doubled
    )
    changed = {key for key, x in numbers(module).items() if not np.array_equal(x, before[key])}
    assert changed == {f"{name}_{gate}{suffix}" for gate in module.gates}


@every_module
@every_stack
def test_what_is_computed_from_all_gates_differentiates_by_each(make, name):
    """d(½Σw²)/dw = w, also where w is an operand on the right, or of a function, or read twice."""
    module = make(2, 3, generator=1)
    w, again = getattr(module, name), getattr(module, name)
    (0.25 * (w * again).sum() + 0.25 * (1.0 * w * w).sum()).backward()
    np.testing.assert_allclose(getattr(module, name).grad, w.numpy(), rtol=1e-14)
    np.testing.assert_allclose(w.grad, w.numpy(), rtol=1e-14)


def test_one_gates_gradient_missing_reads_as_zeros():
    lstm = nn.LSTM(2, 3, generator=1)
    lstm.W_f.sum().backward()
    np.testing.assert_array_equal(lstm.W.grad.sum(1), [0] * 3 + [2] * 3 + [0] * 6)
    assert lstm.U.grad is None


def test_there_are_no_gates_of_a_typo():
    with pytest.raises(AttributeError, match="did you mean"):
        nn.LSTM(2, 3).W_j  # noqa: B018 - reading is the question
    with pytest.raises(AttributeError, match="no attribute 'W_l1'"):
        nn.LSTM(2, 3).W_l1  # noqa: B018
    assert not hasattr(nn.GRU(2, 3), "W_f")


# --- written together -----------------------------------------------------------------------------


def _assign(module, name, array):
    setattr(module, name, array)


def _assign_list(module, name, array):
    setattr(module, name, array.tolist())


def _assign_data(module, name, array):
    getattr(module, name).data = array


def _update(module, name, array):
    getattr(module, name).update_(lambda old: np.copyto(old, array))


def _augment(module, name, array):
    stacked = getattr(module, name)
    with no_grad():
        stacked *= 0.0
        stacked += array


def _augment_the_attribute(module, name, array):
    with no_grad():  # as `module.W *= 0.0` and `module.W += array` do
        setattr(module, name, operator.imul(getattr(module, name), 0.0))
        setattr(module, name, operator.iadd(getattr(module, name), array))


@every_module
@every_stack
@pytest.mark.parametrize(
    "write", [_assign, _assign_list, _assign_data, _update, _augment, _augment_the_attribute]
)
def test_whatever_writes_to_all_gates_writes_into_each(make, name, write):
    module = make(2, 3, generator=1)
    leaves, old = parts(module, name), loss_of(module)
    array = draws(7).normal(size=getattr(module, name).shape)
    write(module, name, array)
    assert [id(x) for x in parts(module, name)] == [id(x) for x in leaves]
    for part, piece in zip(leaves, np.split(array, len(leaves)), strict=True):
        np.testing.assert_allclose(part.numpy(), piece, rtol=1e-15)
    assert len(list(module.parameters())) == len(module.attributes(""))
    with pytest.raises(StaleError):
        old.backward()


def _by_index(module, name):
    getattr(module, name).data[...] = 0.0


def _by_index_without_recording(module, name):
    with no_grad():
        getattr(module, name).data[0] = 0.0


def _by_data_in_place(module, name):
    getattr(module, name).data *= 2.0


def _by_gradient(module, name):
    getattr(module, name).grad[...] = 0.0


def _by_item(module, name):
    getattr(module, name)[0] = 0.0


def _while_recording(module, name):
    stacked = getattr(module, name)
    stacked -= 0.1


def _by_constant(module, name):
    setattr(module, name, getattr(module, name).detach())


def _by_parameter(module, name):
    setattr(module, name, nn.Parameter(getattr(module, name).numpy()))


def _by_optimizer(module, name):
    nn.SGD([getattr(module, name)], lr=0.1)


def _by_other_shape(module, name):
    setattr(module, name, np.zeros((2, 2)))


def _by_one_gates_shape(module, name):
    setattr(module, name, np.zeros(getattr(module, f"{name}_{module.gates[0]}").shape))


def _by_text(module, name):
    setattr(module, name, "zeros")


def _by_data_of_other_shape(module, name):
    getattr(module, name).data = np.zeros(1)


REFUSED = [
    _by_index, _by_index_without_recording, _by_data_in_place, _by_gradient, _by_item, _while_recording,
    _by_constant, _by_parameter, _by_optimizer, _by_other_shape, _by_one_gates_shape, _by_text,
    _by_data_of_other_shape,
]  # fmt: skip


@every_module
@every_stack
@pytest.mark.parametrize("write", REFUSED)
def test_what_would_be_lost_is_refused_and_nothing_changes(make, name, write):
    module = make(2, 3, generator=1)
    loss_of(module).backward()
    before, gradients = numbers(module), [p.grad.copy() for p in module.parameters()]
    with pytest.raises((AutogradError, ValueError)):
        write(module, name)
    assert unchanged(module, before)
    for parameter, gradient in zip(module.parameters(), gradients, strict=True):
        np.testing.assert_array_equal(parameter.grad, gradient)


def test_a_refusal_says_what_to_write():
    lstm = nn.LSTM(2, 3)
    with pytest.raises(
        OperandError, match=r"LSTM\.W is read from W_i, W_f, W_c, W_o: write LSTM\.W = t"
    ):
        lstm.W = Tensor(np.zeros((12, 2)))
    with pytest.raises(ShapeError, match=r"LSTM\.U has shape \(12, 3\), and what .* \(3, 3\)"):
        lstm.U = np.eye(3)
    with pytest.raises(ShapeError, match=r"LSTM\.b_f has shape \(3,\), and what .* \(2,\)"):
        lstm.b_f = [1.0, 2.0]
    with pytest.raises(OperandError, match=r"LSTM\.b_f = 'open': a Tensor holds real numbers"):
        lstm.b_f = "open"
    with pytest.raises(OperandError, match=r"a shape .* write w.data = nn.init.…\(w.shape\)"):
        nn.init.xavier_uniform(lstm.W)


@pytest.mark.parametrize("initialise", ["xavier_uniform", "kaiming_normal", "orthogonal", "zeros"])
def test_an_initialiser_given_a_weight_in_place_of_its_shape_refuses(initialise):
    function = getattr(nn.init, initialise)
    lstm = nn.LSTM(2, 3, generator=1)
    for weight in (lstm.W, lstm.W_f, nn.Linear(2, 3).weight, np.zeros((2, 3))):
        with pytest.raises(OperandError, match="takes a shape and gives a new array"):
            function(weight)
    lstm.W = function(lstm.W.shape)
    lstm.U_f.data = function(lstm.U_f.shape)


@every_module
@every_stack
def test_gradients_of_all_gates_can_be_set_cleared_and_clipped(make, name):
    module = make(2, 3, generator=1)
    for clear in ("zero_grad", "none"):
        loss_of(module).backward()
        if clear == "zero_grad":
            getattr(module, name).zero_grad()
        else:
            getattr(module, name).grad = None
        assert all(part.grad is None for part in parts(module, name))
    wanted = draws(3).normal(size=getattr(module, name).shape)
    getattr(module, name).grad = wanted
    np.testing.assert_array_equal(np.concatenate([p.grad for p in parts(module, name)]), wanted)
    with pytest.raises(ShapeError):
        getattr(module, name).grad = wanted[:1]


# --- one gate -------------------------------------------------------------------------------------


@every_module
def test_numbers_are_written_into_every_weight(make):
    module = make(2, 3, generator=1)
    for name, leaf in list(module.named_parameters()):
        setattr(module, name, 3.0)
        np.testing.assert_array_equal(leaf.numpy(), np.full(leaf.shape, 3.0))
        array = draws(1).normal(size=leaf.shape)
        setattr(module, name, array)
        np.testing.assert_array_equal(leaf.numpy(), array)
        assert getattr(module, name) is leaf


@pytest.mark.parametrize("name", ["W_xh", "W_hh", "b_h", "W_hy", "b_y"])
def test_numbers_are_written_into_a_vanilla_networks_weights_too(name):
    rnn = nn.RNN(2, 3, output_size=2, generator=1)
    leaf = getattr(rnn, name)
    setattr(rnn, name, np.ones(leaf.shape))
    assert getattr(rnn, name) is leaf
    assert leaf.numpy().min() == 1.0
    with pytest.raises(ShapeError, match=rf"RNN\.{name} has shape"):
        setattr(rnn, name, np.ones((7, 7)))


def test_what_was_left_out_is_not_written_to():
    lstm = nn.LSTM(2, 3, bias=False)
    assert lstm.b is None
    assert lstm.b_f is None
    with pytest.raises(OperandError, match="made without b_f"):
        lstm.b_f = 3.0
    with pytest.raises(OperandError, match="made without b_i, b_f, b_c, b_o"):
        lstm.b = np.zeros(12)
    with pytest.raises(OperandError, match="made without W_hy"):
        lstm.W_hy = np.zeros((1, 3))
    lstm.b_f = nn.Parameter(np.full(3, 5.0))
    np.testing.assert_array_equal(lstm.b.numpy(), [0] * 3 + [5] * 3 + [0] * 6)
    loss_of(lstm).backward()
    assert lstm.b_f.grad.any()


@every_module
def test_a_frozen_gate_is_no_parameter_and_the_others_get_their_gradients(make):
    module, free = make(2, 3, generator=1), make(2, 3, generator=1)
    gate = module.gates[1]
    setattr(module, f"W_{gate}", getattr(module, f"W_{gate}").detach())
    assert f"W_{gate}" not in dict(module.named_parameters())
    for each in (module, free):
        loss_of(each).backward()
    for name, parameter in module.named_parameters():
        np.testing.assert_array_equal(parameter.grad, getattr(free, name).grad)
    assert getattr(module, f"W_{gate}").grad is None
    rows = slice(3, 6)
    assert not module.W.grad[rows].any()
    np.testing.assert_array_equal(module.W.grad[6:], free.W.grad[6:])


def test_wholly_frozen_weights_require_no_gradient_and_are_still_written():
    lstm = nn.LSTM(2, 3, generator=1)
    for gate in "ifco":
        setattr(lstm, f"W_{gate}", getattr(lstm, f"W_{gate}").detach())
    assert not lstm.W.requires_grad
    lstm.W.data = np.ones((12, 2))
    assert lstm.W_o.numpy().min() == 1.0
    loss_of(lstm).backward()
    assert lstm.W.grad is None


@every_module
def test_a_computed_weight_passes_its_gradient_on(make):
    """A hypernetwork: W_g = s·A, so dL/ds = Σ A⊙dL/dW_g."""
    module, plain = make(2, 3, generator=1), make(2, 3, generator=1)
    name = f"W_{module.gates[0]}"
    A = getattr(plain, name).numpy()
    s = Tensor(1.0, requires_grad=True)
    setattr(module, name, s * A)
    for each in (module, plain):
        loss_of(each).backward()
    np.testing.assert_allclose(s.grad, (A * getattr(plain, name).grad).sum(), rtol=1e-12)
    with pytest.raises(OperandError, match="is computed"):
        module.W.data = np.zeros(module.W.shape)


# --- identity, copies, optimisers -----------------------------------------------------------------


@every_module
def test_tied_gates_are_one_parameter(make):
    a, b = make(2, 3, generator=1), make(2, 3, generator=2)
    name, count = f"U_{a.gates[0]}", len(list(a.parameters()))
    setattr(b, name, getattr(a, name))
    both = nn.ModuleList([a, b])
    assert len(list(both.parameters())) == 2 * count - 1
    separate = [make(2, 3), make(2, 3)]
    for module, own in zip((a, b), separate, strict=True):
        own.load_state_dict(module.state_dict())
        loss_of(own).backward()
    (loss_of(a) + loss_of(b)).backward()
    expected = sum(getattr(own, name).grad for own in separate)
    np.testing.assert_allclose(getattr(a, name).grad, expected, rtol=1e-12)
    again = pickle.loads(pickle.dumps(both))  # noqa: S301 - made a line before
    for copied in (copy.deepcopy(both), again):
        assert getattr(copied[0], name) is getattr(copied[1], name)


@every_module
@every_stack
def test_assigning_another_modules_gates_ties_them_all(make, name):
    a, b = make(2, 3, generator=1), make(2, 3, generator=2)
    setattr(b, name, getattr(a, name))
    assert all(x is y for x, y in zip(parts(a, name), parts(b, name), strict=True))
    setattr(a, name, getattr(a, name))
    assert all(x is y for x, y in zip(parts(a, name), parts(b, name), strict=True))


@every_module
@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])  # noqa: S301
def test_a_copy_computes_the_same_and_shares_nothing(make, again):
    module = make(2, 3, generator=1)
    loss_of(module).backward()
    copied = again(module)
    assert loss_of(copied).item() == loss_of(module).item()
    np.testing.assert_array_equal(copied.W.grad, module.W.grad)
    before = numbers(module)
    copied.W = np.zeros(copied.W.shape)
    assert unchanged(module, before)
    assert again(module.W).requires_grad


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("optimiser", ["SGD", "Adam"])
def test_an_optimiser_moves_the_gates_as_torch_moves_its_stacked_weights(kind, optimiser):
    from tests.nn.oracle import torch

    ours = getattr(nn, kind)(2, 3, bias=False)
    theirs = getattr(torch.nn, kind)(2, 3, bias=False, dtype=torch.float64)
    ours.load_state_dict(theirs.state_dict())
    x = draws(4).normal(size=(5, 2))
    mine = getattr(nn, optimiser)(ours.parameters(), lr=0.1)
    other = getattr(torch.optim, optimiser)(theirs.parameters(), lr=0.1)
    for _ in range(4):
        mine.zero_grad()
        other.zero_grad()
        y, u = ours(x)[0], theirs(torch.tensor(x))[0]
        (10.0 * y * y).sum().backward()
        (10.0 * u * u).sum().backward()
        norm = nn.clip_grad_norm_(ours.parameters(), 1.0)
        assert norm == pytest.approx(
            float(torch.nn.utils.clip_grad_norm_(theirs.parameters(), 1.0))
        )
        mine.step()
        other.step()
    for name, key in (("W", "weight_ih_l0"), ("U", "weight_hh_l0")):
        expected = theirs.state_dict()[key].numpy()
        np.testing.assert_allclose(getattr(ours, name).numpy(), expected, rtol=1e-10, atol=1e-12)


@every_module
def test_another_dtype_keeps_the_gates(make):
    module = make(2, 3, generator=1).astype("float32")
    assert module.W.dtype == np.float32
    module.b = np.zeros(module.b.shape)
    assert {p.dtype for p in module.parameters()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("make", [*MAKERS, nn.RNN, nn.RNNCell])
def test_a_weight_is_left_out_where_the_equations_hold_without_it(make):
    module = make(2, 3, generator=0)
    x = np.ones((4, 1, 2)) if hasattr(module, "num_layers") else np.ones((1, 2))
    for name, weight in list(module.named_parameters()):
        if name.startswith("b_"):
            setattr(module, name, None)
            module(x)
            continue
        with pytest.raises(OperandError, match=f"write .*{name} = 0.0 for no influence"):
            setattr(module, name, None)
        assert getattr(module, name) is weight
        setattr(module, name, 0.0)
        module(x)


def test_an_output_head_is_left_out():
    rnn = nn.RNN(2, 3, output_size=1)
    rnn.W_hy = None
    assert rnn(np.ones((4, 1, 2)))[0].shape == (4, 1, 3)
