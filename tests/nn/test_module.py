"""A module finds its parts, names the nodes it makes, and takes a state whole or not at all."""

import copy
import pickle

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import OperandError, StateError
from tests.nn.oracle import torch
from tests.work import calls_of


class Net(nn.Module):
    def __init__(self):
        self.encoder = nn.Linear(3, 2, generator=0)
        self.decoder = nn.Linear(2, 3, generator=1)
        self.scale = nn.Parameter([2.0])
        self.sizes = [3, 2]
        self.target = Tensor([1.0])
        self.register_buffer("count", np.zeros(2))

    def forward(self, x):
        return self.decoder(self.encoder(x)) * self.scale


# --- registration ---------------------------------------------------------------------------------


def test_parameters_are_the_variable_leaves_among_the_attributes():
    names = [name for name, _ in Net().named_parameters()]
    assert names == [
        "encoder.weight",
        "encoder.bias",
        "decoder.weight",
        "decoder.bias",
        "scale",
    ] or set(names) == {"scale", "encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias"}
    assert [name for name, _ in Net().named_buffers()] == ["count"]


def test_the_tree_is_walked_as_in_torch():
    net = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.Tanh(), nn.ReLU()))
    other = torch.nn.Sequential(
        torch.nn.Linear(1, 1), torch.nn.Sequential(torch.nn.Tanh(), torch.nn.ReLU())
    )
    assert [n for n, _ in net.named_modules()] == [n for n, _ in other.named_modules()]
    assert [n for n, _ in net.named_children()] == [n for n, _ in other.named_children()]
    assert len(list(net.children())) == 2
    assert len(list(net.modules())) == 5


def test_assignment_replaces_and_deletion_removes():
    net = Net()
    net.scale = nn.Parameter([1.0, 2.0])
    assert dict(net.named_parameters())["scale"].shape == (2,)
    del net.scale
    net.encoder = None
    assert [n for n, _ in net.named_parameters()] == ["decoder.weight", "decoder.bias"]


def test_a_shared_module_is_trained_once_and_saved_under_both_names():
    net = nn.Sequential(layer := nn.Linear(2, 2), layer)
    assert len(list(net.parameters())) == 2
    assert list(net.modules()) == [net, layer]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    net.load_state_dict(net.state_dict())


@pytest.mark.parametrize(
    "hidden",
    [[nn.Tanh()], (nn.Parameter([1.0]),), {"a": nn.Linear(1, 1)}],
    ids=["list", "tuple", "dict"],
)
def test_a_plain_list_cannot_hide_what_should_be_trained(hidden):
    with pytest.raises(OperandError, match=r"Module\.layers is a plain .* write nn\.ModuleList"):
        nn.Module().layers = hidden


def test_a_module_inside_itself_is_refused():
    net = nn.Module()
    net.part = net
    with pytest.raises(OperandError, match="contains itself, as 'part'"):
        list(net.parameters())


def test_a_misspelt_attribute_is_said_with_the_nearest_one():
    with pytest.raises(
        AttributeError, match="Net has no attribute 'enkoder'; did you mean 'encoder'"
    ):
        _ = Net().enkoder
    with pytest.raises(AttributeError, match="did you mean 'parameters'"):
        _ = Net().paramters
    assert not hasattr(Net(), "nothing")


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="Module has no forward: write def forward"):
        nn.Module()(1.0)


# --- names ----------------------------------------------------------------------------------------


def test_nodes_and_parameters_carry_the_dotted_name():
    net = Net().named("net")
    y = net(np.ones((1, 3)))
    assert y.scope == "net"
    hidden = y.operands[0]
    assert hidden.scope == "net.decoder"
    assert net.encoder.weight.scope == "net.encoder"
    assert net.encoder.weight.name == "encoder.weight"
    net.named("other")(np.ones((1, 3)))
    assert net.encoder.weight.scope == "other.encoder"


def test_a_name_given_before_stays():
    net = nn.Module()
    net.w = nn.Parameter([1.0], name="W_xh")
    assert net.w.name == "W_xh"


def test_naming_takes_a_few_calls_for_each_module_however_deep_it_lies():
    def calls(depth):
        module = nn.Identity()
        for _ in range(depth):
            module = nn.Sequential(module)
        module(1.0)  # leaves the names on the parameters, once
        return calls_of(lambda: module(1.0))[1]

    assert calls(0) <= 20
    assert calls(41) - calls(21) == calls(21) - calls(1)


def test_the_scope_ends_also_after_an_error():
    with pytest.raises(ValueError, match="expected 3 features"):
        Net()(np.ones((1, 4)))
    assert (Tensor([1.0]) + 1.0).scope is None


# --- modes and gradients --------------------------------------------------------------------------


def test_train_and_eval_reach_every_module():
    net = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.Dropout(0.5)))
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    assert all(module.training for module in net.train().modules())


def test_zero_grad_forgets_every_gradient():
    net = Net()
    net(np.ones((1, 3))).sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())


# --- state ----------------------------------------------------------------------------------------


def test_a_state_is_a_copy_and_comes_back():
    net, other = Net(), Net()
    for parameter in other.parameters():
        parameter.update_(lambda array: array.fill(7.0))
    state = net.state_dict()
    other.load_state_dict(state)
    state["scale"][:] = 9.0
    assert np.array_equal(other.scale.numpy(), [2.0])
    assert np.array_equal(net.scale.numpy(), [2.0])
    assert np.array_equal(other.encoder.weight.numpy(), net.encoder.weight.numpy())


def test_loading_keeps_the_dtype_and_the_tensor():
    net = nn.Module()
    net.w = nn.Parameter(np.ones(2, np.float32))
    before = net.w
    net.load_state_dict({"w": [3, 4]})
    assert net.w is before
    assert net.w.dtype == np.float32
    assert np.array_equal(net.w.numpy(), [3.0, 4.0])


def test_what_does_not_fit_is_listed_and_nothing_is_loaded():
    net = Net()
    before = net.state_dict()
    state = {
        **before,
        "scale": np.ones(3),
        "encoder.wieght": np.ones((2, 3)),
        "decoder.bias": ["a", "b", "c"],
    }
    del state["encoder.weight"]
    with pytest.raises(StateError) as caught:
        net.load_state_dict(state)
    words = str(caught.value)
    assert "does not fit Net, and nothing was loaded" in words
    assert "missing: encoder.weight (2, 3)" in words
    assert "unexpected: 'encoder.wieght'; did you mean 'encoder.weight'?" in words
    assert "mis-shaped: scale is (3,), expected (1,)" in words
    assert "decoder.bias" in words
    assert all(np.array_equal(before[name], array) for name, array in net.state_dict().items())


@pytest.mark.parametrize("wrong", [[[1.0], [2.0, 3.0]], None, "text", [1j]], ids=str)
def test_what_is_no_array_of_numbers_is_not_loaded(wrong):
    net = nn.Module()
    net.w = nn.Parameter([1.0])
    with pytest.raises(StateError, match="w"):
        net.load_state_dict({"w": wrong})


def test_other_names_are_translated_by_the_module_that_has_them():
    class Cell(nn.Module):
        def __init__(self):
            self.W_xh = nn.Parameter([0.0])

        def translate_state(self, state):
            return {{"weight_ih_l0": "W_xh"}.get(name, name): x for name, x in state.items()}

    net = nn.Sequential({"rnn": Cell()})
    net.load_state_dict({"rnn.weight_ih_l0": [5.0]})
    assert net.rnn.W_xh.item() == 5.0
    net.load_state_dict({"rnn.W_xh": [6.0]})
    assert net.rnn.W_xh.item() == 6.0


@pytest.mark.parametrize("state", [None, [1.0], {1: [1.0]}, "weight"], ids=str)
def test_what_is_no_state_is_refused(state):
    with pytest.raises(StateError, match="a state is a dict"):
        nn.Linear(1, 1).load_state_dict(state)


def test_a_module_in_float32_computes_and_differentiates_in_float32():
    shared = nn.Linear(3, 3, generator=0)
    net = nn.Sequential(shared, nn.BatchNorm1d(3), nn.Dropout(0.2, 0), nn.Tanh(), shared)
    before = net.state_dict()
    assert net.astype("float32") is net
    y = net(np.random.default_rng(0).normal(size=(4, 3)).astype("float32"))
    assert y.dtype == np.float32
    y.sum().backward()
    assert all(p.dtype == p.grad.dtype == np.float32 for p in net.parameters())
    assert len(list(net.parameters())) == 4
    assert net[1].running_mean.dtype == np.float32
    assert net[1].num_batches_tracked.dtype == np.int64
    assert np.allclose(before["0.weight"], net[4].weight.numpy(), rtol=1e-6)


def test_float16_and_integers_are_no_dtypes_of_a_module():
    with pytest.raises(OperandError, match="dtype"):
        nn.Linear(1, 1).astype("int64")


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_module_is_named_by_text(name):
    with pytest.raises(OperandError, match="name is text"):
        nn.Tanh().named(name)


# --- words and copies -----------------------------------------------------------------------------


def test_the_tree_in_words():
    assert repr(nn.MLP((2, 3, 1), generator=0).named("mlp")) == "\n".join(
        [
            "MLP(",
            "  (layers): ModuleList(",
            "    (0): Linear(2 → 3, weight (3, 2), bias (3,))",
            "    (1): Linear(3 → 1, weight (1, 3), bias (1,))",
            "  )",
            ") · 13 parameters",
        ]
    )
    assert repr(nn.Linear(784, 256)).endswith("200,960 parameters")


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])  # noqa: S301
def test_a_copy_is_another_module_with_the_same_numbers(duplicate):
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Tanh())
    twin = duplicate(net)
    x = np.random.default_rng(0).normal(size=(4, 2))
    assert np.array_equal(net(x).numpy(), twin(x).numpy())
    assert not set(net.parameters()) & set(twin.parameters())


# --- numbers that would not be the same -----------------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "x", "said"),
    [
        ("int64", 2.5, "2.5"),
        ("int64", np.nan, "nan"),
        ("int64", np.inf, "inf"),
        ("int64", 1e30, "1e\\+30"),
        ("int8", 200, "200"),
        ("uint8", -1, "-1"),
        ("bool", 2, "2"),
        ("float32", 1e300, "1e\\+300"),
    ],
)
def test_a_number_that_is_none_of_the_buffers_is_refused_and_nothing_is_loaded(dtype, x, said):
    net = Net()
    net.register_buffer("steps", np.ones((), dtype))
    before = net.state_dict()
    with pytest.raises(StateError, match=f"not numbers of {dtype}: steps holds {said}"):
        net.load_state_dict({**before, "scale": [9.0], "steps": x})
    assert all(np.array_equal(v, before[k]) for k, v in net.state_dict().items())


def test_whole_numbers_fill_an_integer_buffer_whatever_their_dtype():
    net = nn.Module()
    net.register_buffer("steps", np.zeros((), np.int64))
    for x in (3.0, np.float32(3.0), np.int8(3), Tensor(3.0), torch.tensor(3)):
        net.load_state_dict({"steps": x})
        assert net.steps == 3
        assert net.steps.dtype == np.int64


def test_one_parameter_under_two_names_has_one_value():
    net = nn.Sequential(layer := nn.Linear(1, 1, generator=0), layer)
    before = net.state_dict()
    with pytest.raises(StateError, match=r"0\.weight and 1\.weight are one parameter"):
        net.load_state_dict({**before, "1.weight": [[7.0]]})
    assert np.array_equal(net.state_dict()["0.weight"], before["0.weight"])


def test_a_buffer_holds_numbers_and_no_node_that_is_trained():
    with pytest.raises(OperandError, match="x.detach"):
        nn.Module().register_buffer("count", nn.Parameter([1.0]))
    with pytest.raises(OperandError, match="buffer 'count' holds numbers, not 'abc'"):
        nn.Module().register_buffer("count", "abc")


def test_a_mode_is_true_or_false_and_gradients_are_zeros_when_asked():
    net = Net()
    with pytest.raises(OperandError, match="mode is True or False"):
        net.train("yes")
    net(np.ones((1, 3))).sum().backward()
    net.zero_grad(set_to_none=False)
    assert all(not p.grad.any() for p in net.parameters())


def test_a_class_is_no_weight():
    layer = nn.Linear(2, 3)
    with pytest.raises(OperandError, match=r"Linear\.weight = <class"):
        layer.weight = nn.Linear
    assert layer.weight.shape == (3, 2)
