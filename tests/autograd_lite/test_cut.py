"""Cut: at any line across the graph, dy/dx = Σ (dy/dhᵢ)(∂hᵢ/∂x) = Σ (∂y/∂hᵢ)(dhᵢ/dx)."""

import itertools
import re

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tensor, Value, cos, sin, sqrt, tanh
from autograd_lite.cut import Cut, Term
from autograd_lite.errors import CutError, GraphError
from autograd_lite.variables import label, reachable_from
from tests.autograd_lite.dags import lecture_example, random_dag, written_example

SEEDS = range(15)


def close(expected):
    return pytest.approx(expected, rel=1e-10, abs=1e-12)


def flow_of(dag):
    return FlowGraph(dag.nodes[dag.output], variables=[dag.nodes[k] for k in dag.named])


def assert_sums(cut, x, expected):
    """Both readings of the sum, its parts, and derivative()."""
    terms, dual = cut.terms(x), cut.dual_terms(x)
    assert cut.derivative(x) == close(expected)
    assert sum(term.product for term in terms) == close(expected)
    assert sum(term.product for term in dual) == close(expected)
    for h, total, partial, product in (*terms, *dual):
        assert h in set(cut.members)
        assert product == close(total * partial)
    assert [t.total for t in terms] == close(list(cut.gradient()))


# --- every cut there is ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_is_the_total_at_the_cut_in_front_of_each_variable(seed):
    dag = random_dag(seed)
    flow = flow_of(dag)
    places = {v: k for k, v in zip(dag.named, [dag.nodes[k] for k in dag.named], strict=True)}
    for cut in flow.cuts():
        for x in cut.near:
            assert_sums(cut, x, dag.total(dag.output, places[x]))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_is_the_total_at_every_line_there_is(seed):
    """Every set that holds the sources of its members, whether or not it is in the order of creation."""
    dag = random_dag(seed, size=8)
    flow = flow_of(dag)
    inner = [v for v in flow.variables if v is not flow.output and v in flow.leads_to_output]
    lines = 0
    for chosen in itertools.product([True, False], repeat=len(inner)):
        near = {v for v, keep in zip(inner, chosen, strict=True) if keep}
        if all(set(flow.sources[v]) <= near for v in near) and near:
            cut = Cut(flow, near)
            lines += 1
            for x in near:
                assert_sums(cut, x, dag.total(dag.output, place(dag, x)))
            again = flow.cut(after=near)
            assert again.members == cut.members
            assert again.edges == cut.edges
    assert lines >= 1


def place(dag, node):
    return next(k for k, other in enumerate(dag.nodes) if other is node)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_set_of_members_is_a_cut_or_is_refused(seed):
    """By brute force: accepted exactly when some line has these members, all inputs behind them before it."""
    dag = random_dag(seed, size=8, unnamed=0.2)
    flow = flow_of(dag)
    inner = [v for v in flow.variables if v is not flow.output and v in flow.leads_to_output]
    possible = set()
    for chosen in itertools.product([True, False], repeat=len(inner)):
        near = {v for v, keep in zip(inner, chosen, strict=True) if keep}
        if all(set(flow.sources[v]) <= near for v in near) and near:
            members = Cut(flow, near).members
            behind = reachable_from(members, flow.sources)
            if all(v in near for v in flow.inputs if v in behind):
                possible.add(frozenset(members))
    candidates = [*inner, flow.output]
    for size in (1, 2, 3):
        for members in itertools.combinations(candidates, size):
            if frozenset(members) in possible:
                cut = flow.cut(members)
                assert set(cut.members) == set(members)
                for x in cut.near:
                    if x in flow.leads_to_output:
                        assert_sums(cut, x, dag.total(dag.output, place(dag, x)))
            else:
                with pytest.raises(CutError):
                    flow.cut(members)


# --- the lectures' examples -----------------------------------------------------------------------


def test_the_lectures_cut():
    """dŷ/dx = (dŷ/dh_0)(∂h_0/∂x) + (dŷ/dh_1)(∂h_1/∂x), each factor as the slides have it."""
    x, h0, h1, yhat = lecture_example()
    flow = FlowGraph(yhat)
    cut = flow.cut([h0, h1])
    first, second = cut.terms(x)
    r, s, y = h0.data, h1.data, yhat.data
    by_h0, by_h1 = (r + 3 / 2**0.5 * r**2 * s) / y, s / y
    assert (first.variable, second.variable) == (h0, h1)
    assert (first.total, second.total) == (close(by_h0), close(by_h1))
    assert (first.partial, second.partial) == (close(-np.sin(1)), close(np.cos(1) / 2**0.5))
    assert cut.derivative("x") == close(first.product + second.product)
    np.testing.assert_allclose(cut.gradient(), [by_h0, by_h1], rtol=1e-12)
    assert isinstance(first, Term)
    dual = cut.dual_terms(x)
    assert [t.partial for t in dual] == close([r / y, s / y])
    assert dual[1].total == close((np.cos(1) - 3 * r**2 * np.sin(1)) / 2**0.5)


def test_the_cut_after_x_is_the_same_line_said_from_its_near_side():
    x, h0, h1, yhat = lecture_example()
    flow = FlowGraph(yhat)
    a, b = flow.cut([h0, h1]), flow.cut(after=[x])
    assert a.members == b.members == (h0, h1)
    assert a.edges == b.edges
    assert {(e.source.name, e.target.name) for e in a.edges} == {("x", "h_0"), ("x", "h_1")}
    assert (a.near, a.far) == ((x,), (h0, h1, yhat))
    assert flow.cut("h_0, h_1".split(", ")).members == (h0, h1)
    assert repr(a) == "Cut([h_0, h_1])"


def test_members_may_depend_on_each_other_and_include_the_output():
    """issue: cut(after=[u, v]) of the written example has members w, x, y, z."""
    u, v, w, x, y, z = written_example()
    flow = FlowGraph(z)
    cut = flow.cut(after=[u, v])
    assert cut.members == (w, x, y, z)
    assert len(cut.edges) == 8
    np.testing.assert_allclose(cut.gradient(), [0.121, 0.11, 0.1, 1.0])
    np.testing.assert_allclose(cut.derivative(v), 0.1331, rtol=1e-12)
    np.testing.assert_allclose(cut.derivative(u), 0.14641, rtol=1e-12)
    np.testing.assert_allclose(cut.derivative(u, hold=[v]), 0.1331, rtol=1e-12)
    np.testing.assert_allclose(cut.derivative(u, hold="v"), 0.1331, rtol=1e-12)
    assert flow.cut([w, x, y, z]).edges == cut.edges


def test_cuts_go_from_the_output_back_with_the_gradient_at_each():
    _, h0, h1, yhat = lecture_example()
    flow = FlowGraph(yhat)
    cuts = flow.cuts()
    assert [cut.members for cut in cuts] == [(yhat,), (h1, yhat), (h0, h1)]
    assert list(cuts[0].gradient()) == [1.0]
    assert [cut.gradient()[0] for cut in cuts[1:]] == [flow.total(h1), flow.total(h0)]


# --- what is refused ------------------------------------------------------------------------------


@pytest.fixture
def flow():
    """x → h_0 → ŷ, x → h_1 → ŷ, h_0 → h_1."""
    return FlowGraph(lecture_example()[-1])


def test_a_leak_is_named_by_its_path_with_the_set_that_would_do(flow):
    with pytest.raises(
        CutError, match=r"h_1 is no cut: the path x → h_0 → ŷ leaks.*cut\(\[h_1, ŷ\]\)"
    ):
        flow.cut(["h_1"])
    with pytest.raises(CutError, match=r"path x → h_1 → ŷ leaks"):
        flow.cut(["h_0"])
    flow.cut(["h_1", "ŷ"])


def test_a_set_that_no_line_has_is_refused_though_it_separates():
    """Every path passes c1 or c, but p lies between them: x → p crosses the line in front of c1."""
    x = Value(1.0, name="x")
    c1 = (2 * x).named("c1")
    p = (3 * x + c1).named("p")
    c = (p**2).named("c")
    flow = FlowGraph((c + c1).named("y"))
    with pytest.raises(
        CutError,
        match=r"the line in front of c1, c crosses x → p too, since p is computed from c1.*cut\(\[c1, p\]\)",
    ):
        flow.cut([c1, c])
    flow.cut([c1, p])


@pytest.mark.parametrize("seed", range(20))
def test_every_sentence_of_a_refusal_is_true(seed):
    """By brute force over all sets of up to four variables, and all paths."""
    dag = random_dag(seed, size=8, unnamed=0.2 * (seed % 2))
    flow = flow_of(dag)
    for size in (1, 2, 3, 4):
        for members in itertools.combinations(
            [v for v in flow.variables if v in flow.leads_to_output], size
        ):
            if all(flow.sources[v] for v in members):
                try:
                    flow.cut(members)
                except CutError as error:
                    assert_true(flow, set(members), str(error))


def assert_true(flow, members, sentence):
    """What a refusal says of leaks, crossings and idle members, and that what it tells to write works."""
    named = {label(v): v for v in flow.variables}
    what, _, instead = sentence.partition("; write cut([")
    flow.cut([named[name] for name in instead.removesuffix("])").split(", ")])
    behind = reachable_from(members, flow.sources)
    line = Cut(flow, behind - members - reachable_from(members, flow.targets))
    leaks = [
        route
        for x in flow.inputs
        if x in behind
        for route in routes(flow, x)
        if not members & {*route}
    ]
    if leak := re.search("the path (.*) leaks past it", what):
        assert [named[name] for name in leak[1].split(" → ")] in leaks
        return
    assert not leaks
    if crossing := re.search(
        r"crosses (.*) → (.*) too, since (.*) is computed from (.*) and so", what
    ):
        source, target, same, member = (named[name] for name in crossing.groups())
        assert target is same
        assert target not in members
        assert member in members
        assert member in reachable_from([target], flow.sources)
        assert source in line.near
        assert target in line.far
        assert source in flow.sources[target]
        return
    idle = re.fullmatch(
        "(.*) is not on the line: every edge .* starts beyond the line at (.*)", what
    )
    assert {named[name] for name in idle[2].split(", ")} == set(line.members)
    for name in idle[1].split(", "):
        assert named[name] in members
        assert all(source in line.far for source in flow.sources[named[name]])


def routes(flow, v):
    if v is flow.output:
        return [[v]]
    return [
        [v, *rest] for t in flow.targets[v] if t in flow.leads_to_output for rest in routes(flow, t)
    ]


def test_a_superfluous_member_is_named():
    x = Value(1.0, name="x")
    a = sin(x).named("a")
    b = cos(a).named("b")
    flow = FlowGraph(sqrt(b + 2).named("y"))
    with pytest.raises(CutError, match=r"b is not on the line.*cut\(\[a\]\)"):
        flow.cut([a, b])


def test_an_input_is_no_member(flow):
    with pytest.raises(CutError, match=r"x: no edge leads into an input.*cut\(after="):
        flow.cut(["x"])
    with pytest.raises(CutError, match="no edge leads into an input"):
        flow.cut(["x", "h_0", "h_1"])


def test_nothing_and_everything_are_no_cut(flow):
    with pytest.raises(CutError, match="at least one variable"):
        flow.cut([])
    with pytest.raises(CutError, match="at least one variable"):
        flow.cut(after=[])
    with pytest.raises(CutError, match="lies after ŷ"):
        flow.cut(after=["ŷ"])
    for wrong in ({}, {"members": ["h_0"], "after": ["x"]}):
        with pytest.raises(GraphError, match="say either"):
            flow.cut(**wrong)


def test_variables_of_other_graphs_are_refused(flow):
    with pytest.raises(CutError, match="other .*no variable"):
        flow.cut([Value(1.0, name="other")])
    with pytest.raises(CutError):
        flow.cut(after=[Value(1.0, name="other")])


def test_a_derivative_by_what_lies_beyond_is_refused(flow):
    cut = flow.cut(["h_0", "h_1"])
    with pytest.raises(CutError, match="h_0 lies beyond it; before it: x"):
        cut.derivative("h_0")
    with pytest.raises(CutError, match="no variable of this flow graph"):
        cut.terms(Value(1.0))


def test_side_branches_and_what_follows_the_output_do_not_leak():
    """A path that does not reach the output is no leak, and no cut passes behind the output."""
    x = Value(2.0, name="x")
    h, side = (x * x).named("h"), (x * 3).named("side")
    y = (h * 2).named("y")
    later = (y * h).named("later")
    flow = FlowGraph(y, variables=[x, h, side, later])
    assert flow.cut([h]).derivative(x) == flow.total(x) == 8.0
    assert [cut.members for cut in flow.cuts()] == [(y,), (h,)]
    assert all(cut.derivative(x) == 8.0 for cut in flow.cuts())
    for stray in (side, later):
        with pytest.raises(CutError, match="does not lead to y"):
            flow.cut([stray])


def test_several_inputs_may_stay_on_the_far_side():
    a, b = Value(2.0, name="a"), Value(3.0, name="b")
    h = (a * a).named("h")
    flow = FlowGraph((h * b).named("y"))
    cut = flow.cut([h])
    assert (cut.near, cut.derivative(a)) == ((a,), 12.0)
    with pytest.raises(CutError, match="b lies beyond"):
        cut.derivative(b)


def test_the_message_of_a_long_leak_stays_short():
    y = x = Value(1.0, name="x")
    for k in range(3000):
        y = (y * 1.0).named(f"h_{k}")
    side = x
    for k in range(3000):
        side = (side * 1.0).named(f"s_{k}")
    flow = FlowGraph((y + side).named("y"))
    with pytest.raises(CutError, match="more …") as caught:
        flow.cut(["h_1500"])
    assert len(str(caught.value)) < 500


# --- tensors --------------------------------------------------------------------------------------


def test_tensors_are_cut_with_jacobians_contracted():
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(3,)), requires_grad=True, name="x")
    W = Tensor(rng.normal(size=(2, 3)), requires_grad=True, name="W")
    h = tanh(W @ x).named("h")
    k = (h * x[:2] + h).named("k")
    y = ((k * k).sum() * h.sum()).named("y")
    flow = FlowGraph(y)
    for cut in flow.cuts():
        for v in set(cut.near) & {x, W, h, k}:
            total = flow.total(v)
            np.testing.assert_allclose(cut.derivative(v), total, rtol=1e-12)
            np.testing.assert_allclose(sum(t.product for t in cut.terms(v)), total, rtol=1e-12)
            np.testing.assert_allclose(sum(t.product for t in cut.dual_terms(v)), total, rtol=1e-12)
            for t in cut.terms(v):
                assert t.partial.shape == t.variable.shape + v.shape
                contracted = np.tensordot(t.total, t.partial, t.variable.ndim)
                np.testing.assert_allclose(t.product, contracted, rtol=1e-12)
    np.testing.assert_allclose(flow.limit(y, W, hold=[]), flow.total(W), rtol=1e-7)
