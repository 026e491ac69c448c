"""Nodes are found by identity, and a derivative by a node that is not in the graph is refused, never 0."""

import copy
from pathlib import Path

import numpy as np
import pytest

import autograd_lite
from autograd_lite import FlowGraph, Tape, Tensor, Value, partial, total
from autograd_lite.errors import CutError, DerivativeError, NotAVariableError
from autograd_lite.node import Nodes
from tests.identity import ComparedError


@pytest.fixture(params=["Value", "Tensor"])
def graph(request):
    """x → h → y and x → y, with a side variable; a stranger q and a copy of h beside it."""

    def leaf(number, name):
        if request.param == "Value":
            return Value(number, name=name)
        return Tensor(number, requires_grad=True, name=name)

    x = leaf(2.0, "x")
    h = (x * x).named("h")
    y = (h * x).named("y")
    side = (x * 3.0).named("side")
    return FlowGraph(y, [x, h, side]), x, h, y, side, leaf(2.0, "q"), copy.deepcopy(h)


# --- strangers ------------------------------------------------------------------------------------

ASKED = {
    "total": lambda flow, x, y, q: flow.total(q),
    "total of": lambda flow, x, y, q: flow.total(x, of=q),
    "partial by": lambda flow, x, y, q: flow.partial(y, q),
    "partial of": lambda flow, x, y, q: flow.partial(q, x),
    "partial hold": lambda flow, x, y, q: flow.partial(y, x, hold=[q]),
    "partial hold bare": lambda flow, x, y, q: flow.partial(y, x, hold=q),
    "gradient": lambda flow, x, y, q: flow.gradient([x, q]),
    "gradient held": lambda flow, x, y, q: flow.gradient([x, q], hold=True),
    "limit by": lambda flow, x, y, q: flow.limit(y, q),
    "limit hold": lambda flow, x, y, q: flow.limit(y, x, hold=[q]),
    "paths": lambda flow, x, y, q: flow.paths(q),
    "variable": lambda flow, x, y, q: flow.variable(q),
    "cut hold": lambda flow, x, y, q: flow.cut(after=[x]).derivative(x, hold=[q]),
    "terms hold": lambda flow, x, y, q: flow.cut(after=[x]).terms(x, hold=[q]),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("which", ["another leaf", "a copy"])
def test_a_stranger_is_refused_with_the_reason_and_what_to_write(graph, ask, which):
    flow, x, _, y, _, q, twin = graph
    stranger = q if which == "another leaf" else twin
    with pytest.raises(NotAVariableError, match=r"no path leads there.*computed from x") as caught:
        ask(flow, x, y, stranger)
    wanted = "h .* is another node" if stranger is twin else r"FlowGraph\(y, variables="
    caught.match(wanted)


def test_a_cut_refuses_strangers_as_members_and_as_x(graph):
    flow, x, _, _, _, q, twin = graph
    for ask in (
        lambda: flow.cut([q]),
        lambda: flow.cut([twin]),
        lambda: flow.cut(after=[twin]),
        lambda: flow.cut(after=[x]).derivative(q),
        lambda: flow.cut(after=[x]).dual_terms(twin),
    ):
        with pytest.raises(CutError, match="no variable"):
            ask()


def test_zero_is_the_answer_only_where_the_graph_knows_the_variable(graph):
    """The variables given and what they are computed from; an inner node without a name too."""
    flow, x, h, y, side, *_ = graph
    assert np.all(flow.total(side) == 0.0)
    assert np.all(flow.partial(y, side) == 0.0)
    assert np.all(flow.total(y, of=h) == 0.0)
    assert np.all(flow.limit(y, side) == 0.0)
    assert flow.paths(side) == []
    assert flow.gradient([x, side])[1] == 0.0
    inner = x + 1.0
    again = FlowGraph((inner * x).named("z"), [x])
    assert again.total(inner) == x.data
    assert again.partial("z", x, hold=[inner]) == inner.data


def test_depends_still_answers_for_strangers(graph):
    flow, *_, q, twin = graph
    assert not flow.depends(q)
    assert not flow.depends(twin)


def test_without_a_flow_graph_strangers_are_refused_too(graph):
    _, x, h, y, side, q, twin = graph
    assert partial(y, x, hold=[h]) == 4.0
    for ask in (
        lambda: total(y, q),
        lambda: total(y, twin),
        lambda: total(y, side),
        lambda: total(h, y),
        lambda: partial(y, q),
        lambda: partial(y, twin, hold=[]),
        lambda: partial(y, x, hold=[twin]),
        lambda: partial(y, x, hold=q),
        lambda: partial(y, x, hold=[h, q]),
    ):
        with pytest.raises(DerivativeError, match="no path leads there.*copy"):
            ask()


# --- identity -------------------------------------------------------------------------------------


def test_public_sequences_find_nodes_by_identity(graph):
    flow, x, h, y, side, _, twin = graph
    cut = flow.cut(after=[x])
    for nodes, node in [
        (flow.variables, x), (flow.variables, h), (flow.inputs, x), (flow.sources[y], h),
        (flow.targets[x], h), (cut.near, x), (cut.far, h), (cut.members, h), (h.parents, x),
        (Tape(y).nodes, h), (flow.paths(x)[0].variables, y), (flow.depends(x).path, x),
        (flow.variables[1:], h),
    ]:  # fmt: skip
        assert node in nodes
        assert nodes[nodes.index(node)] is node
        assert nodes.count(node) >= 1
        other = copy.copy(node)
        assert other not in nodes
        assert nodes.count(other) == 0
        with pytest.raises(ValueError, match="not among"):
            nodes.index(other)
    assert twin not in flow.variables
    assert side in flow.variables


def test_nodes_are_equal_when_they_are_the_same_nodes():
    x, other = Tensor([1.0, 2.0]), Tensor([1.0, 2.0])
    assert Nodes([x, other]) == (x, other)
    assert Nodes([x]) != (other,)
    assert Nodes([x]) != (x, other)
    assert Nodes([x]) != [x]
    assert len({Nodes([x]), Nodes([x]), Nodes([other])}) == 2


@pytest.mark.parametrize("line", ["a == b", "a != b", "a in [b]", "[b].index(a)", "(b,).count(a)"])
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_in_this_projects_files_comparing_two_nodes_is_an_error(line, kind):
    """The fixture that all tests run under is no empty promise."""
    a, b = kind(1.0), kind(1.0)
    here = Path(autograd_lite.__file__).with_name("flow.py")
    with pytest.raises(ComparedError, match="flow.py"):
        eval(compile(line, str(here), "eval"), {"a": a, "b": b})  # noqa: S307 - our own
    assert a == b  # a test may
