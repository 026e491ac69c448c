"""What docs/other_tools.md says of networkx and CasADi holds of more than its examples."""

import math

import numpy as np
import pytest

from autograd_lite import (
    FlowGraph,
    Tape,
    Tensor,
    Value,
    equations,
    example,
    examples,
    grad,
    sin,
    trace,
)
from autograd_lite.names import pretty
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import on_floats
from viz.symbols import expression, lambdify

# --- networkx --------------------------------------------------------------------------------------


def digraph(flow):
    """The line of the page."""
    nx = pytest.importorskip("networkx")
    return nx.DiGraph((a, b, {"partial": partial}) for a, b, partial in flow.edges)


def flows():
    return {name: FlowGraph(list(equations(example(name)).values())[-1]) for name in examples()}


@pytest.mark.parametrize("name", examples())
def test_the_sum_over_all_paths_of_networkx_is_the_total_derivative(name):
    nx = pytest.importorskip("networkx")
    flow = flows()[name]
    graph = digraph(flow)
    assert set(graph) == {v for edge in flow.edges for v in (edge.source, edge.target)}
    assert graph.number_of_edges() == len(flow.edges)
    assert nx.is_directed_acyclic_graph(graph)
    for v in flow.variables:
        if v is flow.output or v not in graph:
            continue
        paths = nx.all_simple_edge_paths(graph, v, flow.output)
        total = sum(math.prod(graph.edges[e]["partial"] for e in path) for path in paths)
        assert total == pytest.approx(flow.total(v), rel=1e-12, abs=1e-15)


def test_the_order_of_networkx_is_one_of_evaluation():
    nx = pytest.importorskip("networkx")
    flow = flows()["three_step"]
    order = list(nx.topological_sort(digraph(flow)))
    assert sorted(order, key=lambda v: v.number) == order
    assert {v.name for v in nx.ancestors(digraph(flow), flow.variable("h_1"))} == {"x", "h_0"}


def test_two_variables_of_one_name_or_number_stay_two():
    x = Value(1.0, "x")
    a, b = sin(x).named("h"), sin(x).named("h")
    graph = digraph(FlowGraph((a * b).named("y")))
    assert graph.number_of_nodes() == 4
    assert graph.number_of_edges() == 4


def test_between_tensors_the_partial_is_a_jacobian():
    t = Tensor([1.0, 2.0], requires_grad=True, name="t")
    h = (t * t).named("h")
    y = h.sum().named("y")
    graph = digraph(FlowGraph(y))
    np.testing.assert_array_equal(graph.edges[t, h]["partial"], [[2.0, 0.0], [0.0, 4.0]])
    np.testing.assert_array_equal(graph.edges[h, y]["partial"], [1.0, 1.0])


# --- CasADi ----------------------------------------------------------------------------------------


@pytest.fixture
def casadi():
    casadi = pytest.importorskip("casadi")
    set_mode = getattr(casadi.GlobalOptions, "setNumpyMode", None)
    if set_mode is not None:  # from 3.8 on
        set_mode(1)
    return casadi


def in_casadi(casadi, f, at):
    """The page's lines: a CasADi function of the value and of the gradient that CasADi finds, at `at`."""
    session = {}
    exec(trace(f, *at, argnums=()).source(), session)  # noqa: S102 - our own source
    symbols = [casadi.SX.sym(f"x{i}") for i in range(len(at))]
    y = casadi.SX(session["program"](*symbols))
    function = casadi.Function("f", symbols, [y, *(casadi.gradient(y, x) for x in symbols)])
    value, *slopes = (float(n) for n in function(*at))
    return value, slopes


# nobody calls these; the source of the last, for nn's losses, asks for what CasADi has not, and it says so
UNWRITTEN = {"alias", "unsmooth", "masked_product", "logistic_cost"}
OPERATIONS = [n for n, r in RULES.items() if r.is_elementwise and r.partials and n not in UNWRITTEN]


@pytest.mark.parametrize("at", [(0.7, 0.45, 0.3), (0.35, 0.9, 0.8)], ids=str)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_one_of_casadis(casadi, name, at):
    rule = RULES[name]
    at = [1.0 + n if name == "arccosh" else n for n in at[: rule.arity]]
    value, slopes = in_casadi(casadi, lambda *xs: rule(*xs) * 1.0, at)
    assert value == pytest.approx(on_floats(rule, tuple(at)), rel=1e-13)
    right = [grad(rule, i)(*at) if rule.partials[i] else 0.0 for i in range(rule.arity)]
    np.testing.assert_allclose(slopes, right, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", examples())
def test_every_example_is_a_function_of_casadis(casadi, name):
    """A flow graph by its expression in the inputs: value and gradient are its own."""
    of = equations(example(name))
    output = of[list(of)[-1]]
    leaves = {pretty(v.name): v for v in Tape(output).nodes if v.is_leaf}
    flow = FlowGraph(output, variables=[v for v in leaves.values() if v.requires_grad])
    symbols = sorted((whole := expression(flow)).free_symbols, key=str)
    inputs = [leaves[str(s)] for s in symbols]
    value, slopes = in_casadi(casadi, lambdify(symbols, whole), [v.data for v in inputs])
    assert value == pytest.approx(output.data, rel=1e-13)
    for v, slope in zip(inputs, slopes, strict=True):
        if v.requires_grad:
            assert slope == pytest.approx(flow.total(v), rel=1e-10, abs=1e-12)
