"""FlowGraph: variables, the partials between them and the totals, against sums over paths and limits."""

import copy
import gc
import math
import pickle
import sys
import weakref

import numpy as np
import pytest

from autograd_lite import Edge, FlowGraph, Tape, Tensor, Value, cos, exp, sin, tanh
from autograd_lite.errors import (
    DerivativeError,
    GraphError,
    NotAVariableError,
    OperandError,
    StaleError,
)
from tests.autograd_lite.dags import lecture_example, random_dag, written_example


def kind(thing):
    return type(thing).__name__


SEEDS = range(25)


def pickled(flow):
    return pickle.loads(pickle.dumps(flow))  # noqa: S301 - our own


def close(expected):
    return pytest.approx(expected, rel=1e-11, abs=1e-13)


# --- the public example ---------------------------------------------------------------------------


def test_the_public_example_works_as_written():
    """design, 'Public names', line by line, against the lecture's formulas."""
    x, h0, h1, yhat = lecture_example()
    flow = FlowGraph(yhat)
    assert flow.variables == (x, h0, h1, yhat)
    r, s, y = h0.data, h1.data, yhat.data
    assert flow.total(h0) == flow.total("h_0") == close((r + 3 / math.sqrt(2) * r**2 * s) / y)
    assert flow.total(x, of=h1) == close((math.cos(1) - 3 * r**2 * math.sin(1)) / math.sqrt(2))
    assert flow.partial(yhat, h0) == close(r / y)
    assert flow.partial(yhat, x, hold=[h0]) == close(s / y * math.cos(1) / math.sqrt(2))
    assert round(flow.partial(yhat, h0), 4) == 0.6075
    names = [(a.name, b.name) for a, b, _ in flow.edges]
    assert names == [
        ("x", "h_0"), ("x", "h_1"), ("h_0", "h_1"), ("h_0", "\\hat{y}"), ("h_1", "\\hat{y}"),
    ]  # fmt: skip
    by_hand = [-math.sin(1), math.cos(1) / math.sqrt(2), 3 * r**2 / math.sqrt(2), r / y, s / y]
    assert [edge.partial for edge in flow.edges] == close(by_hand)
    assert flow.cut([h0, h1]).derivative(x) == close(flow.total(x))
    assert flow.cut(after=[x]).members == (h0, h1)
    assert list(flow.gradient([x, h0])) == close([flow.total(x), flow.total(h0)])
    assert sum(path.product for path in flow.paths(x)) == close(flow.total(x))
    assert flow.limit(yhat, x, hold=[h0]) == pytest.approx(flow.partial(yhat, x, [h0]), rel=1e-9)


def test_the_written_example():
    """z by (u, v): [0.14641, 0.1331], each total; with the other held [0.1331, 0.1331]."""
    u, v, w, x, y, z = written_example()
    flow = FlowGraph(z, variables=[u, v, w, x, y])
    gradient = flow.gradient([u, v])
    assert type(gradient) is np.ndarray
    np.testing.assert_allclose(gradient, [0.14641, 0.1331], rtol=1e-12)
    np.testing.assert_allclose(flow.gradient(["u", "v"], hold=True), [0.1331, 0.1331], rtol=1e-12)
    for edge in flow.edges:
        assert edge.partial == 0.1


# --- random systems -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_variables_are_the_named_nodes_upstream_in_order_of_creation(seed):
    dag = random_dag(seed)
    upstream = {dag.output}
    for j in range(dag.output, -1, -1):
        if j in upstream:
            upstream.update(dag.slopes[j])
    expected = [dag.nodes[k].name for k in dag.named if k in upstream]
    assert [v.name for v in FlowGraph(dag.nodes[dag.output]).variables] == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_partials_and_totals_are_sums_over_paths(seed):
    dag = random_dag(seed)
    flow = FlowGraph(dag.nodes[dag.output], variables=[dag.nodes[k] for k in dag.named])
    for j in dag.named:
        for i in dag.named:
            if i <= j:
                y, x = dag.nodes[j], dag.nodes[i]
                assert flow.total(x, of=y) == close(dag.total(j, i))
                assert flow.partial(y, x) == close(dag.partial(j, i))


@pytest.mark.parametrize("seed", SEEDS)
def test_edges_are_where_a_path_avoids_all_other_variables(seed):
    dag = random_dag(seed)
    flow = FlowGraph(dag.nodes[dag.output], variables=[dag.nodes[k] for k in dag.named])

    def reached(target, source, held):
        operands = [i for i in dag.slopes[target] if i == source or i not in held]
        return source in operands or any(reached(i, source, held) for i in operands)

    named = set(dag.named)
    expected = {
        (dag.nodes[i], dag.nodes[j])
        for j in dag.named
        for i in dag.named
        if i < j and reached(j, i, named - {i, j})
    }
    assert {(e.source, e.target) for e in flow.edges} == expected
    assert len(flow.edges) == len(expected)
    assert set(flow.inputs) == {dag.nodes[k] for k in dag.named} - {b for _, b in expected}


@pytest.mark.parametrize("seed", range(10))
def test_limits_use_no_derivative_and_agree(seed):
    dag = random_dag(seed)
    flow = FlowGraph(dag.nodes[dag.output], variables=[dag.nodes[k] for k in dag.named])
    n = dag.output
    for k in dag.named[:-1]:
        x, y = dag.nodes[k], dag.nodes[n]
        for hold, expected in [
            ([], dag.total(n, k)),
            (None, dag.partial(n, k)),
            *([([dag.nodes[0]], dag.by_paths(n, k, {0}))] if k else []),
        ]:
            assert flow.limit(y, x, hold) == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_a_limit_does_not_trust_the_rules():
    """With a wrong partial planted, partial() is wrong and limit() is right: it is an independent check."""
    from autograd_lite import elementwise

    @elementwise(lambda xp, y, x: 3.0 * x)
    def squared(xp, x):
        """x², with a wrong derivative."""
        return x * x

    x = Value(2.0, name="x")
    flow = FlowGraph(squared(x).named("y"))
    assert flow.partial("y", "x") == 6.0
    assert flow.limit("y", "x") == pytest.approx(4.0, rel=1e-9)


# --- which variables ------------------------------------------------------------------------------


def test_naming_the_variables_defines_the_graph():
    """The same computation, other variables: other partials, same total."""
    x = Value(0.5, name="x")
    a = sin(x)
    y = (a * x).named("y")
    assert FlowGraph(y).partial(y, x) == close(math.sin(0.5) + 0.5 * math.cos(0.5))
    flow = FlowGraph(y, variables=[x, a])
    assert flow.partial(y, x) == close(math.sin(0.5))
    assert flow.total(x) == FlowGraph(y).total(x)


def test_two_edges_between_the_same_nodes_are_one_arrow():
    x = Value(3.0, name="x")
    flow = FlowGraph((x * x + x).named("y"))
    assert [(e.source, e.target, e.partial) for e in flow.edges] == [(x, flow.output, 7.0)]


def test_a_single_variable_may_be_given_bare():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    h = x * 2
    y = (h * h).sum().named("y")
    assert FlowGraph(y, variables=h).variables == (h, y)
    flow = FlowGraph(y)
    np.testing.assert_array_equal(flow.partial(y, x, hold=h), [0.0, 0.0])
    np.testing.assert_array_equal(flow.gradient("x")[0], flow.total("x"))


def test_constants_are_no_variables():
    c, x = Value(2.0, name="c", requires_grad=False), Value(3.0, name="x")
    y = (c * x).named("y")
    assert FlowGraph(y).variables == (x, y)
    with pytest.raises(GraphError, match="c .* is a constant"):
        FlowGraph(y, variables=[c])
    with pytest.raises(DerivativeError, match="c .* is a constant"):
        FlowGraph(y).total(c)


@pytest.mark.parametrize("bad", [3.0, "y", None, [Value(1.0)]], ids=kind)
def test_a_flow_graph_is_of_a_node(bad):
    with pytest.raises(OperandError):
        FlowGraph(bad)
    with pytest.raises((OperandError, TypeError)):
        FlowGraph(Value(1.0), variables=[bad])


def test_the_smallest_graphs():
    x = Value(3.0)
    flow = FlowGraph(x)
    assert (flow.variables, flow.edges, flow.cuts(), flow.inputs) == ((x,), (), [], (x,))
    assert flow.total(x) == flow.partial(x, x) == 1.0


def test_variables_that_do_not_lead_to_the_output_have_derivative_zero():
    x = Value(2.0, name="x")
    h, side = (x * x).named("h"), (3 * x).named("side")
    flow = FlowGraph(h, variables=[x, side])
    assert flow.total(side) == flow.partial(h, side) == 0.0
    assert flow.total(x, of=side) == 3.0
    assert flow.paths(side) == []


# --- names ----------------------------------------------------------------------------------------


def test_variables_are_found_as_typed_and_as_printed():
    *_, yhat = lecture_example()
    flow = FlowGraph(yhat)
    for name in ("\\hat{y}", "ŷ", "yhat"):
        assert flow.variable(name) is yhat
    e = Value(1.0, name="\\epsilon_u")
    assert FlowGraph((e * 2).named("z")).variable("epsilon_u") is e


def test_an_unknown_name_says_what_was_meant():
    *_, yhat = lecture_example()
    flow = FlowGraph(yhat)
    with pytest.raises(NotAVariableError, match="did you mean 'h_0'"):
        flow.total("h0")
    with pytest.raises(LookupError):
        flow.partial("ŷ", "nothing like it")


def test_a_name_given_twice_must_be_said_by_the_node():
    a, b = Value(1.0, name="a"), Value(2.0, name="a")
    flow = FlowGraph((a * b).named("y"))
    with pytest.raises(
        NotAVariableError, match=r"'a' names 2 variables: a \(node \d+\), a \(node \d+\)"
    ):
        flow.total("a")
    assert (flow.total(a), flow.total(b)) == (2.0, 1.0)


# --- why a derivative is zero ---------------------------------------------------------------------


def test_depends_says_why():
    """Three states: connected with derivative 0, not connected, and constant."""
    x, lost = Value(0.0, name="x"), Value(1.0, name="lost")
    h = (x * x).named("h")
    y = (h + 1).named("y")
    flow = FlowGraph(y)
    yes, no = flow.depends(x), flow.depends(lost)
    assert yes
    assert flow.total(x) == 0.0
    assert yes.path[0] is x
    assert yes.path[-1] is y
    assert "x → h" in str(yes)
    assert not no
    assert no.path == ()
    assert "no path leads there" in str(no)
    assert "computed from x" in str(no)
    assert flow.depends("x", of="h")
    assert not flow.depends("h", of="x")


def test_a_long_reason_stays_short():
    y = x = Value(1.0, name="x")
    for k in range(5000):
        y = (y * 1.0).named(f"h_{k}")
    assert len(str(FlowGraph(y).depends(x))) < 500


# --- changed data ---------------------------------------------------------------------------------


def test_answers_follow_the_data():
    """A flow graph made before leaves are set never answers with derivatives at the old numbers."""
    x = Value(2.0, name="x")
    h = (x * x).named("h")
    y = (h * h).named("y")
    flow = FlowGraph(y)
    assert (flow.total(x), flow.partial(y, h), flow.edges[0].partial) == (32.0, 8.0, 4.0)
    x.data = 3.0
    for ask in (lambda: flow.total(x), lambda: flow.partial(y, h), lambda: flow.edges[0].partial):
        with pytest.raises(StaleError):
            ask()
    with pytest.raises(StaleError):
        flow.cuts()[0].derivative(x)
    Tape(h).evaluate()
    with pytest.raises(StaleError):
        flow.total(x)
    Tape(y).evaluate()
    assert (flow.total(x), flow.partial(y, h), flow.edges[0].partial) == (108.0, 18.0, 6.0)


def test_a_tensor_written_to_in_place_is_noticed():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    flow = FlowGraph((x * x).sum().named("y"))
    view = x.data
    assert flow.total(x)[0] == 2.0
    view[0] = 5.0
    with pytest.raises(StaleError, match="x .* changed"):
        flow.total(x)


def test_answers_are_the_users_own():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    h = (x * x).named("h")
    flow = FlowGraph(h.sum().named("y"))
    for ask in (lambda: flow.total(x), lambda: flow.partial(h, x), lambda: flow.total(h)):
        first = ask()
        kept = first.copy()
        first[...] = 99.0
        np.testing.assert_array_equal(ask(), kept)


# --- tensors --------------------------------------------------------------------------------------


def two_layers():
    W = Tensor([[0.5, -1.0, 0.3], [0.2, 0.7, -0.4]], requires_grad=True, name="W")
    x = Tensor([0.4, -0.3, 0.8], requires_grad=True, name="x")
    h = tanh(W @ x).named("h")
    z = (h * h + x[:2]).named("z")
    return W, x, h, z, (exp(z) * h).sum().named("L")


def test_tensor_partials_are_jacobians_of_shape_target_plus_source():
    W, x, h, z, L = two_layers()
    flow = FlowGraph(L)
    slope = np.diag(1 - h.numpy() ** 2)
    np.testing.assert_allclose(flow.partial(h, x), slope @ W.numpy(), rtol=1e-13)
    np.testing.assert_allclose(flow.partial(h, W), np.einsum("ij,k->ijk", slope, x.numpy()))
    np.testing.assert_allclose(flow.partial(z, h), np.diag(2 * h.numpy()))
    np.testing.assert_allclose(flow.partial(z, x), np.eye(2, 3))
    np.testing.assert_allclose(flow.partial(L, h), np.exp(z.numpy()))
    assert [e.partial.shape for e in flow.edges] == [(2, 2, 3), (2, 3), (2, 3), (2, 2), (2,), (2,)]


def test_tensor_totals_and_limits_agree_with_torch():
    torch = pytest.importorskip("torch")
    W, x, h, z, L = two_layers()
    flow = FlowGraph(L)
    tW, tx = (torch.tensor(t.numpy().copy(), requires_grad=True) for t in (W, x))
    th = torch.tanh(tW @ tx)
    tz = th * th + tx[:2]
    totals = torch.autograd.grad((torch.exp(tz) * th).sum(), [tW, tx, th, tz])
    for ours, theirs in zip([W, x, h, z], totals, strict=True):
        np.testing.assert_allclose(flow.total(ours), theirs.numpy(), rtol=1e-12)
    np.testing.assert_allclose(flow.limit(L, W, hold=[]), flow.total(W), rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(flow.limit(z, x), flow.partial(z, x), rtol=1e-8, atol=1e-10)


def test_a_tensor_gradient_is_a_list_of_arrays():
    W, x, h, _, L = two_layers()
    flow = FlowGraph(L)
    gradient = flow.gradient([W, x])
    assert [g.shape for g in gradient] == [(2, 3), (3,)]
    held = flow.gradient([x, h], hold=True)
    np.testing.assert_allclose(
        held[0], np.exp(flow.variable("z").numpy()) * h.numpy() @ np.eye(2, 3)
    )


def test_an_output_that_is_an_array_has_jacobians_too():
    W, x, h, z, _ = two_layers()
    flow = FlowGraph(z)
    np.testing.assert_allclose(
        flow.total(x), np.diag(2 * h.numpy()) @ flow.partial(h, x) + np.eye(2, 3), rtol=1e-13
    )
    assert flow.total(W).shape == (2, 2, 3)


# --- lifetime, copies -----------------------------------------------------------------------------


def test_a_flow_graph_is_freed_at_once_with_all_it_was_asked():
    x, h0, _, yhat = lecture_example()
    watched = [weakref.ref(h0), weakref.ref(yhat)]
    flow = FlowGraph(yhat)
    cut = flow.cuts()[0]
    answers = [
        flow.edges,
        flow.total(x),
        flow.paths(x),
        flow.limit(yhat, x),
        cut.terms(x),
        cut.edges,
    ]
    gc.collect()
    gc.disable()
    try:
        del x, h0, _, yhat, flow, cut, answers
        assert [ref() for ref in watched] == [None, None]
    finally:
        gc.enable()
    assert gc.collect() == 0


@pytest.mark.parametrize("remake", [copy.deepcopy, pickled, copy.copy])
def test_copies_of_a_flow_graph_answer_the_same(remake):
    *_, yhat = lecture_example()
    flow = FlowGraph(yhat)
    again = remake(flow)
    assert again.total("x") == flow.total("x")
    for a, b in zip(again.edges, flow.edges, strict=True):
        assert (a.source.name, a.target.name, a.partial) == (
            b.source.name,
            b.target.name,
            b.partial,
        )
    assert again.cut(["h_0", "h_1"]).derivative("x") == flow.cut(["h_0", "h_1"]).derivative("x")


def test_edges_are_equal_when_they_join_the_same_nodes():
    *_, yhat = lecture_example()
    flow = FlowGraph(yhat)
    assert flow.edges == flow.edges
    assert len({*flow.edges, *flow.edges}) == 5
    assert flow.edges[0] != Edge(flow, flow.variable("x"), yhat)
    assert "x" in repr(flow.edges[0])
    assert repr(flow) == "FlowGraph(x, h_0, h_1, ŷ)"


def test_asking_every_edge_of_a_long_chain_takes_linear_work():
    """Each partial looks only at what lies between its two variables."""
    visited = 0
    y = Value(1.0, name="x")
    for k in range(300):
        y = cos(y * 1.0).named(f"h_{k}")
    flow = FlowGraph(y)

    class Counting(Tape):
        def __init__(self, *args, **kwargs):
            nonlocal visited
            super().__init__(*args, **kwargs)
            visited += len(self.nodes)

    module = sys.modules["autograd_lite.between"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Tape", Counting)
        product = math.prod(edge.partial for edge in flow.edges)
    assert product == pytest.approx(flow.total("x"), rel=1e-9)
    assert visited == 2 * len(flow.edges)
