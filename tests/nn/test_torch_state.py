"""States both ways: a torch module with the state of one of ours, and back, is the same function."""

import numpy as np
import pytest

import nn
from autograd_lite import OperandError, Tensor
from autograd_lite.errors import StateError

torch = pytest.importorskip("torch")

PLAIN = {
    "Linear": ((3, 2), {}, (4, 3)),
    "Linear without bias": ((3, 2), {"bias": False}, (4, 3)),
    "Conv1d": ((2, 3, 3), {}, (2, 2, 6)),
    "Conv2d": ((2, 3, 3), {"padding": 1}, (2, 2, 5, 5)),
    "ConvTranspose1d": ((2, 3, 3), {}, (2, 2, 5)),
    "ConvTranspose2d": ((2, 3, 3), {"stride": 2}, (2, 2, 3, 3)),
    "BatchNorm1d": ((3,), {}, (5, 3)),
    "BatchNorm2d": ((3,), {}, (2, 3, 2, 2)),
    "LayerNorm": ((3,), {}, (4, 3)),
    "GroupNorm": ((2, 4), {}, (3, 4, 5)),
    "InstanceNorm1d": ((3,), {"affine": True, "track_running_stats": True}, (2, 3, 4)),
    "InstanceNorm2d": ((3,), {"affine": True}, (2, 3, 2, 3)),
    "RMSNorm": ((3,), {}, (4, 3)),
    "PReLU": ((), {}, (4, 3)),
}
OPTIONS = {
    "": {},
    "two layers": {"num_layers": 2},
    "both ways": {"bidirectional": True},
    "two layers both ways, batch first": {"num_layers": 2, "bidirectional": True, "batch_first": True},
    "without biases": {"bias": False, "num_layers": 2},
}  # fmt: skip
RECURRENT = {
    **{f"{kind} {name}": (kind, (3, 4), options, (5, 2, 3))
       for kind in ("RNN", "LSTM", "GRU") for name, options in OPTIONS.items()},
    **{f"{kind} {bias}": (kind, (3, 4), {"bias": bias}, (2, 3))
       for kind in ("RNNCell", "LSTMCell", "GRUCell") for bias in (True, False)},
}  # fmt: skip
MODULES = {name: (name.split()[0], *given) for name, given in PLAIN.items()} | RECURRENT


def to_torch(state):
    return {name: torch.as_tensor(x) for name, x in state.items()}


def shaken(module, seed=0):
    """The module with other numbers in every parameter and buffer than a constructor gives."""
    rng = np.random.default_rng(seed)
    state = module.state_dict()
    for name, x in state.items():
        if np.asarray(x).dtype.kind == "f":
            moved = np.abs(rng.normal(size=np.shape(x))) + 0.1
            state[name] = torch.as_tensor(moved) if isinstance(x, torch.Tensor) else moved
    module.load_state_dict(state)
    return module


def flat(result):
    """All arrays of a result: LSTM's (y, (h, c)) as [y, h, c]."""
    return [x for part in result for x in flat(part)] if isinstance(result, tuple) else [result]


def assert_same_function(mine, theirs, shape):
    """Equal outputs, and equal gradients by the input; each bias of torch's two has ours."""
    x = np.random.default_rng(1).normal(size=shape)
    ours, other = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    found, expected = flat(mine(ours)), flat(theirs(other))
    total, sum_ = 0.0, 0.0
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a.numpy(), b.detach().numpy(), rtol=1e-12, atol=1e-13)
        w = np.cos(np.arange(1, a.size + 1)).reshape(a.shape)
        total, sum_ = total + (a * w).sum(), sum_ + (b * torch.tensor(w)).sum()
    mine.zero_grad()
    theirs.zero_grad()
    total.backward()
    sum_.backward()
    np.testing.assert_allclose(ours.grad, other.grad.numpy(), rtol=1e-10, atol=1e-11)
    return {name: p.grad.numpy() for name, p in theirs.named_parameters()}


def made(name):
    kind, args, options, shape = MODULES[name]
    theirs = getattr(torch.nn, kind)(*args, **options).double()
    return getattr(nn, kind)(*args, **options), theirs, shape


by_name = pytest.mark.parametrize("name", MODULES)


@by_name
def test_torch_takes_a_state_of_ours_and_computes_the_same(name):
    mine, theirs, shape = made(name)
    shaken(mine)
    theirs.load_state_dict(
        to_torch(nn.torch_state(mine))
    )  # torch's own check: all names, all shapes
    gradients = assert_same_function(mine, theirs, shape)
    state = {key: p.grad for key, p in mine.named_parameters()}
    if not name.startswith(("RNN", "LSTM", "GRU")):
        for key, gradient in gradients.items():
            np.testing.assert_allclose(state[key], gradient, rtol=1e-10, atol=1e-11)


@by_name
def test_there_and_back_is_the_same_state(name):
    mine, theirs, _ = made(name)
    before = shaken(mine).state_dict()
    theirs.load_state_dict(to_torch(nn.torch_state(mine)))
    other, _, _ = made(name)
    other.load_state_dict(theirs.state_dict())
    assert list(other.state_dict()) == list(before)
    for key, x in other.state_dict().items():
        np.testing.assert_array_equal(x, before[key], strict=True)


@by_name
def test_what_was_trained_in_torch_comes_here_and_computes_the_same(name):
    mine, theirs, shape = made(name)
    shaken(theirs, 2)
    mine.load_state_dict(theirs.state_dict())
    assert_same_function(mine, theirs, shape)


def test_a_step_there_is_a_step_here():
    """SGD on the same numbers; of a recurrent bias torch moves two by the gradient, so their sum by twice."""
    mine, theirs = nn.GRU(3, 4, generator=0), torch.nn.GRU(3, 4).double()
    theirs.load_state_dict(to_torch(nn.torch_state(mine)))
    x = np.random.default_rng(0).normal(size=(5, 2, 3))
    mine(x)[0].sum().backward()
    theirs(torch.tensor(x))[0].sum().backward()
    by_weights = ("weight_ih_l0", "weight_hh_l0")
    before = nn.torch_state(mine)
    nn.SGD(mine.parameters(), lr=0.1).step()
    torch.optim.SGD(theirs.parameters(), lr=0.1).step()
    after, there = nn.torch_state(mine), theirs.state_dict()
    for key in by_weights:
        assert not np.array_equal(after[key], before[key])
        np.testing.assert_allclose(after[key], there[key].numpy(), rtol=1e-12)
    r_and_z = slice(0, 8)
    moved = (there["bias_ih_l0"] + there["bias_hh_l0"]).numpy() - before["bias_ih_l0"]
    ours = after["bias_ih_l0"] - before["bias_ih_l0"]
    np.testing.assert_allclose(moved[r_and_z], 2 * ours[r_and_z], rtol=1e-10, atol=1e-14)


class Ours(nn.Module):
    def __init__(self):
        self.embed = nn.Embedding(7, 3, generator=0)
        self.parts = nn.ModuleList([nn.LSTM(3, 4, generator=1), nn.GRU(4, 2, generator=2)])
        self.head = nn.Sequential({"norm": nn.BatchNorm1d(2), "out": nn.Linear(2, 2, generator=3)})

    def forward(self, words):
        x = self.embed(words)
        for part in self.parts:
            x, _ = part(x)
        return self.head(x[-1])


class Theirs(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(7, 3)
        self.parts = torch.nn.ModuleList([torch.nn.LSTM(3, 4), torch.nn.GRU(4, 2)])
        norm, out = torch.nn.BatchNorm1d(2), torch.nn.Linear(2, 2)
        self.head = torch.nn.Sequential()
        self.head.add_module("norm", norm)
        self.head.add_module("out", out)

    forward = Ours.forward


def test_a_whole_model_goes_both_ways_and_keeps_its_buffers():
    mine, theirs = Ours(), Theirs().double()
    words = np.array([[1, 2], [0, 6], [3, 3], [5, 1]])
    mine(words)  # so that the running statistics have moved
    theirs.load_state_dict(to_torch(nn.torch_state(mine)))
    assert theirs.head.norm.num_batches_tracked.item() == 1
    for training in (True, False):
        mine.train(training)
        theirs.train(training)
        np.testing.assert_allclose(
            mine(words).numpy(),
            theirs(torch.tensor(words)).detach().numpy(),
            rtol=1e-12,
            atol=1e-14,
        )
    back = Ours()
    back.load_state_dict(theirs.state_dict())
    for key, x in back.state_dict().items():
        np.testing.assert_allclose(x, mine.state_dict()[key], rtol=1e-12, atol=1e-14)


def test_modules_of_transformers_have_torchs_names_and_numbers():
    for kind, args in (("TransformerEncoderLayer", (4, 2, 8)), ("MultiheadAttention", (4, 2))):
        mine, theirs = getattr(nn, kind)(*args), getattr(torch.nn, kind)(*args).double()
        theirs.load_state_dict(to_torch(nn.torch_state(shaken(mine))))
        mine.eval()
        theirs.eval()
        x = np.random.default_rng(0).normal(size=(3, 2, 4))
        given = [x] * (3 if kind == "MultiheadAttention" else 1)
        ours = mine(*given)
        other = theirs(*map(torch.tensor, given))
        for a, b in zip(flat(ours), flat(other), strict=True):
            np.testing.assert_allclose(a.numpy(), b.detach().numpy(), rtol=1e-11, atol=1e-12)


def test_a_part_that_is_shared_has_each_of_its_names():
    shared = nn.LSTM(2, 2, generator=0)
    state = nn.torch_state(nn.Sequential(shared, shared))
    assert {key.partition(".")[0] for key in state} == {"0", "1"}
    np.testing.assert_array_equal(state["0.weight_ih_l0"], state["1.weight_ih_l0"])


def test_weights_that_are_no_parameters_go_along():
    """A frozen gate, biases left out one by one, a weight that is computed: torch's arrays need them all."""
    gru, theirs = nn.GRU(3, 2, generator=0), torch.nn.GRU(3, 2).double()
    gru.U_z = gru.U_z.detach()
    gru.W_r = gru.W_n * 2.0
    gru.b_r = None
    theirs.load_state_dict(to_torch(nn.torch_state(gru)))
    assert_same_function(gru, theirs, (4, 2, 3))
    for name in ("b_z", "b_n"):
        setattr(gru, name, None)
    theirs.load_state_dict(to_torch(nn.torch_state(gru)))  # b_hn alone is left
    assert_same_function(gru, theirs, (4, 2, 3))
    gru.b_hn = None
    assert set(nn.torch_state(gru)) == {"weight_ih_l0", "weight_hh_l0"}


def test_float32_stays_float32():
    state = nn.torch_state(nn.GRU(3, 2, generator=0).astype("float32"))
    assert {x.dtype for x in state.values()} == {np.dtype("float32")}


def test_the_state_is_a_copy():
    lstm = nn.LSTM(2, 2, generator=0)
    before = lstm.state_dict()
    for x in nn.torch_state(lstm).values():
        x[...] = 0.0
    for key, x in lstm.state_dict().items():
        np.testing.assert_array_equal(x, before[key])


def test_what_does_not_fit_is_said_by_either_side():
    with pytest.raises(OperandError, match="a state is that of a Module"):
        nn.torch_state({"weight": [1.0]})
    with pytest.raises(OperandError):
        nn.torch_state(nn.Linear)
    with_head = nn.RNN(3, 4, output_size=2)
    with pytest.raises(RuntimeError, match="W_hy"):
        torch.nn.RNN(3, 4).load_state_dict(to_torch(nn.torch_state(with_head)))
    with pytest.raises(StateError, match="mis-shaped"):
        nn.LSTM(3, 5).load_state_dict(torch.nn.LSTM(3, 4).state_dict())
    with pytest.raises(StateError, match="b_i"):
        nn.LSTM(3, 4).load_state_dict(torch.nn.LSTM(3, 4, bias=False).state_dict())
