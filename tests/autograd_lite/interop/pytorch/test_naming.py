"""Nodes are called as the model's source calls them, and stand in the scopes of its modules."""

import pytest

torch = pytest.importorskip("torch", reason="no oracle: pip install torch")

from torch import nn

from autograd_lite import FlowGraph, Tape
from autograd_lite.interop import from_torch
from autograd_lite.interop.pytorch.lines import is_users
from autograd_lite.names import pretty
from tests.autograd_lite.interop.pytorch import models
from tests.autograd_lite.interop.pytorch.comparing import numbers


def variables(graph):
    flow = FlowGraph(graph.outputs[0])
    return [pretty(v.name) for v in flow.variables if not v.is_leaf]


def test_the_states_of_a_loop_are_numbered():
    graph = from_torch(models.LSTMLoop().double(), numbers(3, 1, 2))
    assert sorted(variables(graph)) == sorted(
        ["x_1", "x_2", "x_3", "c_1", "h_1", "c_2", "h_2", "c_3", "h_3", "y", "output"]
    )
    assert [x.name for x in graph.inputs] == ["x"]


def test_a_state_that_is_an_argument_is_numbered_from_the_first_it_becomes():
    graph = from_torch(models.HandWritten().double(), numbers(11, 1, 2), numbers(1, 3))
    assert [x.name for x in graph.inputs] == ["x", "h"]
    assert variables(graph) == [*(f"h_{t}" for t in range(1, 12)), "output"]


@pytest.mark.parametrize(
    ("module", "states"),
    [
        (lambda: nn.LSTM(2, 3), {"h_1", "c_1", "h_2", "c_2"}),
        (lambda: nn.GRU(2, 3), {"h_1", "h_2"}),
        (lambda: nn.RNN(2, 3, bidirectional=True), {"h_1", "h_2", "h_1^(1')", "h_2^(1')"}),
    ],
)
def test_the_states_of_a_recurrent_module_are_named_as_in_lectures(module, states):
    assert set(variables(from_torch(module().double(), numbers(2, 1, 2)))) == states | {"output_1"}


def test_the_outermost_name_counts_and_an_alias_is_none():
    class Inner(nn.Module):
        def forward(self, x):
            inside = torch.sin(x)
            return inside * 2

    class Outer(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def forward(self, x):
            y = self.inner(x)
            same = y
            a, b = y * 2, same * 3
            return a + b

    assert variables(from_torch(Outer(), numbers(2))) == ["inside", "y", "a", "b", "output"]


def test_what_is_written_to_in_place_is_a_new_variable():
    class Model(nn.Module):
        def forward(self, x):
            h = torch.sin(x)
            h += 1
            h.mul_(2)
            return h

    graph = from_torch(Model(), numbers(2))
    assert variables(graph) == ["h_1", "h_2", "h_3"]
    assert graph.outputs[0].name == "h_3"


def test_scopes_are_the_paths_of_modules():
    graph = from_torch(models.ResidualNet().double(), numbers(1, 1, 4, 4))
    scopes = {node.scope for node in Tape(graph.outputs[0].sum()).nodes if node.operands}
    assert {"ResidualNet.blocks.0.first", "ResidualNet.blocks.1", "ResidualNet.classify"} <= scopes


def test_parameters_have_names_that_formulas_can_have():
    graph = from_torch(nn.Sequential(nn.Linear(2, 1)).double(), numbers(1, 2))
    assert list(graph.parameters) == ["0.weight", "0.bias"]
    assert graph.parameters["0.weight"].name == "Sequential.0.weight"


@pytest.mark.parametrize("path", ["<string>", "<ipython-input-1>", "model.py", "<doctest a[0]>"])
def test_whatever_a_user_runs_is_the_users(path):
    assert is_users(path)
    assert not is_users(torch.nn.functional.__file__)


def test_tracing_of_whoever_debugs_goes_on_afterwards():
    import sys

    def trace(frame, event, arg):
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        from_torch(nn.Linear(1, 1).double(), numbers(1, 1))
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)
