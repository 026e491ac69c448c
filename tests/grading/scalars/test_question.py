"""What candidates are made of, against sweeps of the engine on the recorded graph."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tape, Value, cos, exp, log, sin, sqrt, tanh, with_malrule
from grading.scalars import ScalarAsked
from grading.scalars.question import Question

FORMS = [
    lambda a, b, c: sin(a) * b + c,
    lambda a, b, c: tanh(c * a + b),
    lambda a, b, c: sqrt(1.0 + a * a) + c * b,
    lambda a, b, c: exp(-c * a) * b,
    lambda a, b, c: a**2 / (1.0 + b**2),
    lambda a, b, c: cos(a * b) + c * a,
    lambda a, b, c: log(2.0 + a * a) - b,
]


def dag(seed, size=9):
    """Named variables that are computed from earlier ones at random, the last few from one another."""
    draw = np.random.default_rng(seed)
    variables = [Value(round(float(draw.uniform(0.2, 1.8)), 1), name=f"x_{i}") for i in range(2)]
    for i in range(size):
        a, b = variables[draw.integers(len(variables))], variables[-1]
        form = FORMS[draw.integers(len(FORMS))]
        variables.append(form(a, b, round(float(draw.uniform(0.2, 1.5)), 1)).named(f"v_{i}"))
    return FlowGraph(variables[-1])


def close(found, wanted, rel=5e-14):
    return found == pytest.approx(wanted, rel=rel, abs=1e-13)


@pytest.mark.parametrize("seed", range(8))
def test_the_right_answer_is_the_engines(seed):
    flow = dag(seed)
    for x in flow.variables:
        asked = ScalarAsked(flow, x)
        assert close(asked.right[0], flow.total(x))
        if x is not flow.output:
            along_paths = sum(c[0] for _, c in asked.contributions)
            assert along_paths == pytest.approx(flow.total(x), rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_any_other_factor_at_one_edge_by_two_sweeps_and_by_one_with_an_edit(seed):
    flow = dag(seed)
    q = Question(flow.output, flow.variables[0], flow.variables, None, None)
    for step in q.steps:
        for factor in (1.0, 0.0, -step.weight[0], step.weight[0] ** 2, 0.37):

            def edit(node, i, g, step=step, factor=factor):
                return g * factor if node is step.target and i == step.operand else NotImplemented

            swept = Tape(flow.output).adjoints(edit=edit).get(q.x, 0.0)
            assert close(q.right[0] + (factor - step.weight[0]) * step.carries[0], swept, rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_malrules_at_one_node_and_everywhere_as_the_engine_sweeps_them(seed):
    flow = dag(seed)
    x = flow.variables[0]
    asked = ScalarAsked(flow, x)
    q = asked.question
    for identifier, wrong in q.malrules.items():
        found = [c.value[0] for c in asked.candidates if c.mistake.identifier == identifier]
        places = [[node] for node in wrong] + [list(wrong)]
        for nodes in places:
            swept = Tape(flow.output).adjoints(edit=with_malrule(identifier, *nodes))[x]
            assert np.isclose(found, swept, rtol=1e-12, atol=1e-15).any()


@pytest.mark.parametrize("seed", range(8))
def test_paths_between_variables_are_those_of_the_flow_graph(seed):
    flow = dag(seed)
    x = flow.variables[0]
    ours = {way[0]: way[1][0] for way in ScalarAsked(flow, x).contributions}
    theirs = {
        tuple(v.name for v in path.variables): path.product
        for path in flow.paths(x)
        if len(path.variables) > 1
    }
    assert ours.keys() == theirs.keys()
    for route, product in theirs.items():
        assert close(ours[route], product, rel=1e-12)


def test_partial_derivatives_are_those_of_the_flow_graph():
    flow = dag(3)
    for edge in flow.edges:
        q = Question(flow.output, edge.source, flow.variables, None, None)
        (link,) = [k for k in q.all_links if k.source is edge.source and k.target is edge.target]
        assert close(link.weight[0], edge.partial, rel=1e-12)


def test_what_is_held_holds():
    flow = dag(5)
    x = flow.variables[0]
    for h in flow.variables[2:5]:
        asked = ScalarAsked(flow, x, hold=[h])
        assert close(asked.right[0], flow.partial(flow.output, x, hold=[h]), rel=1e-12)


def test_a_recursion_that_overwrites_in_an_engine_written_like_micrograd():
    """Every `+=` of the backward pass is an `=`, in a reference engine of its own."""
    flow = dag(4)
    x = flow.variables[0]
    asked = ScalarAsked(flow, x)
    q = asked.question
    grad = {flow.output: 1.0}
    for node in reversed(Tape(flow.output).operations):
        for step in (s for s in q.steps if s.target is node):
            grad[step.source] = step.weight[0] * grad[node]
    everywhere = [c.value[0] for c in asked.candidates if c.mistake.identifier == "A7e"]
    assert np.isclose(everywhere, grad[x], rtol=1e-12).any()


def test_a_variable_that_does_not_matter_has_derivative_zero_and_candidates_all_the_same():
    x, z = Value(2.0, name="x"), Value(3.0, name="z")
    flow = FlowGraph((x * x).named("y"), variables=[x, z])
    asked = ScalarAsked(flow, z)
    assert asked.right.tolist() == [0.0]
    assert any(c.identifier == "A23:x" and c.value[0] == 4.0 for c in asked.candidates)


def test_the_derivative_of_a_variable_by_itself_is_one():
    flow = dag(1)
    asked = ScalarAsked(flow, flow.output)
    assert asked.right.tolist() == [1.0]
    assert all(np.shape(c.value) == (1,) for c in asked.candidates)
