"""Copies and pickles of graphs: the same numbers, the same sharing, no recursion, nothing shared."""

import copy
import io
import math
import pickle
import weakref
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise, permutations
from multiprocessing import get_context

import numpy as np
import pytest

from autograd_lite import (
    FlowGraph,
    Tape,
    Tensor,
    Value,
    elementwise,
    equations,
    exp,
    partial,
    scope,
    sin,
)
from autograd_lite.errors import NotAVariableError, StaleError
from tests.autograd_lite.dags import random_dag


def pickled(node):
    return pickle.loads(pickle.dumps(node))  # noqa: S301 - our own


both = pytest.mark.parametrize("remake", [copy.deepcopy, pickled])


@elementwise(lambda xp, y, x: 3.0 * x * x)
def cubed(xp, x):
    """A custom rule of this module."""
    return x * x * x


@both
@pytest.mark.parametrize("seed", range(6))
def test_a_copied_graph_has_the_same_numbers_and_derivatives(remake, seed):
    dag = random_dag(seed)
    root = dag.nodes[dag.output]
    root.backward()
    again = remake(root)
    ours, theirs = Tape(root), Tape(again)
    a, b = ours.adjoints(), theirs.adjoints()
    for x, y in zip(ours.nodes, theirs.nodes, strict=True):
        assert x is not y
        assert (x.data, x.name, x.rule, x.grad) == (y.data, y.name, y.rule, y.grad)
        assert a.get(x) == b.get(y)


@both
def test_sharing_is_kept(remake):
    x = Value(2.0, name="x")
    y = x * x
    again = remake(y)
    assert again.parents[0] is again.parents[1]
    assert again.parents[0] is not x


def test_a_deep_copy_of_several_nodes_keeps_what_they_share():
    x = Value(2.0)
    h = x * x
    y = h * 3
    x2, h2, y2 = copy.deepcopy([x, h, y])
    assert y2.parents == (h2,)
    assert h2.parents[0] is x2
    y2.backward()
    assert (x2.grad, h2.grad, x.grad) == (12.0, 3.0, None)


def test_leaves_pickled_together_with_a_root_stay_its_leaves():
    x = Value(2.0)
    x2, y2 = pickled((x, x * x * 3))
    y2.backward()
    assert x2.grad == 12.0


@both
def test_tensors_share_no_memory_with_their_copies(remake):
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    y = (x * x)[:1].sum()
    y.backward()
    again = remake(y)
    x2 = Tape(again).leaves[0]
    np.testing.assert_array_equal(x2.grad, x.grad)
    x2.grad[:] = 9.0
    x2.data[:] = 7.0
    np.testing.assert_array_equal(x.numpy(), [1.0, 2.0])
    np.testing.assert_array_equal(x.grad, [2.0, 0.0])
    Tape(again).evaluate()
    assert again.item() == 49.0


@both
def test_flags_names_scopes_and_dtypes_are_kept(remake):
    with scope("layer"):
        y = exp(Tensor([1.0], True, "x", "float32")).named("\\hat{y}")
    again = remake(y)
    assert (again.name, again.scope, again.dtype) == ("\\hat{y}", "layer", np.float32)
    x = Tape(again).leaves[0]
    assert (x.name, x.requires_grad) == ("x", True)
    assert not remake(Tensor([1.0])).requires_grad


@both
def test_custom_rules_travel_by_name(remake):
    x = Value(2.0)
    again = remake(cubed(x))
    assert again.rule is cubed
    again.backward()
    assert Tape(again).leaves[0].grad == 12.0
    assert pickled(cubed) is cubed
    assert copy.deepcopy(sin) is sin


def test_a_rule_made_inside_a_function_cannot_be_pickled_and_says_so():
    @elementwise(lambda xp, y, x: 1.0)
    def local(xp, x):
        """Not importable."""
        return x

    with pytest.raises((pickle.PicklingError, AttributeError), match="local"):
        pickle.dumps(local(Value(1.0)))
    assert copy.deepcopy(local(Value(1.0))).data == 1.0


@both
def test_a_copy_of_a_stale_graph_is_stale(remake):
    x = Value(2.0, name="x")
    h = x * x
    y = h + h
    x.data = 3.0
    again = remake(y)
    with pytest.raises(StaleError):
        again.backward()
    Tape(h).evaluate()
    again = remake(y)
    with pytest.raises(StaleError):
        again.backward()
    assert Tape(again).evaluate() == 18.0
    t = Tensor([1.0], requires_grad=True)
    view, z = t.data, t * t
    view[0] = 5.0
    with pytest.raises(StaleError):
        remake(z).backward()


def test_a_shallow_copy_has_the_same_operands_and_its_own_data():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    twin = copy.copy(x)
    twin.data[0] = 9.0
    np.testing.assert_array_equal(x.numpy(), [1.0, 2.0])
    assert twin.name == "x"
    y = x * x
    twin = copy.copy(y)
    assert all(a is b for a, b in zip(twin.parents, y.parents, strict=True))
    twin.sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_a_copy_can_be_used_with_the_original():
    x = Value(2.0)
    y = x * x
    z = copy.deepcopy(y) * y
    z.backward()
    assert x.grad == 4.0 * 4.0


# --- several nodes at once --------------------------------------------------------------------------

protocols = pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))


@dataclass
class Course:
    """Something of a user's that holds nodes in several places."""

    loss: Value
    model: dict[str, Value]


def held_together(remake):
    """x, h, y of y = h·x + h with h = cos x, as they come back from each container."""
    g = equations("x=1.0\nh=cos(x)\ny=h*x+h")
    x, h, y = (g[name] for name in "xhy")
    again = remake(g)
    yield again["x"], again["h"], again["y"]
    for order in permutations("xhy"):
        found = dict(zip(order, remake([g[name] for name in order]), strict=True))
        yield found["x"], found["h"], found["y"]
    course = remake(Course(y, {"x": x, "h": h}))
    yield course.model["x"], course.model["h"], course.loss
    nested = remake(((y, [h]), {"deep": {"x": x}}))
    yield nested[1]["deep"]["x"], nested[0][1][0], nested[0][0]
    flow, h2 = remake((FlowGraph(y), h))
    yield flow.variable("x"), h2, flow.output
    edge, y2 = remake((FlowGraph(y).edges[0], y))
    yield edge.source, edge.target, y2
    cut, x2 = remake((FlowGraph(y).cuts()[0], x))
    yield x2, cut.near[1], cut.flow.output
    tape, h2 = remake((Tape(y), h))
    yield tape.leaves[0], h2, tape.root


def loaded(protocol, dumps=pickle.dumps, loads=pickle.loads):
    return lambda thing: loads(dumps(thing, protocol))


@pytest.mark.parametrize(
    "remake",
    [copy.deepcopy, *map(loaded, range(6)), loaded(4, pickle._dumps, pickle._loads)],
    ids=["deepcopy", *map(str, range(6)), "pickle in Python"],
)
def test_whatever_holds_several_nodes_keeps_them_one_graph(remake):
    for x, h, y in held_together(remake):
        assert FlowGraph(y).total(h) == 2.0
        assert FlowGraph(y, [x, h]).total(x) == pytest.approx(math.cos(1) - 2 * math.sin(1))


@both
def test_two_roots_share_their_middle(remake):
    x = Value(2.0, name="x")
    middle = x * x
    first, second = middle * 3.0, sin(middle)
    a, b, m = remake([first, second, middle])
    assert a.parents == b.parents == (m,)
    assert partial(b, m) == math.cos(4.0)


@both
def test_model_and_loss_stay_together(remake):
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    model = {"w": w}
    loss = (w * w).sum()
    model2, loss2 = remake((model, loss))
    loss2.backward()
    np.testing.assert_array_equal(model2["w"].grad, [2.0, 4.0])
    assert w.grad is None


@both
def test_terms_and_cuts_can_be_copied(remake):
    g = equations("x=1.0\nh=cos(x)\ny=h*x+h")
    cut = FlowGraph(g["y"]).cut(after=["x"])
    terms, dual = remake((cut.terms("x"), cut.dual_terms("x")))
    assert [t.partial for t in terms] == [t.partial for t in cut.terms("x")]
    assert [t.partial for t in dual] == [t.partial for t in cut.dual_terms("x")]
    assert remake(cut).derivative("x") == cut.derivative("x")
    assert [c.derivative("x") for c in remake(FlowGraph(g["y"]).cuts())] == [
        c.derivative("x") for c in FlowGraph(g["y"]).cuts()
    ]


@pytest.mark.parametrize("seed", range(10))
@both
def test_any_nodes_of_any_graph_in_any_order_keep_all_derivatives(remake, seed):
    """Also when a leaf has changed: what was stale is stale, and what was not is not."""
    dag = random_dag(seed)
    rng = np.random.default_rng(seed)
    chosen = list(rng.permutation(len(dag.nodes)))
    if seed % 2:
        dag.nodes[0].data = 0.25
        Tape(dag.nodes[len(dag.nodes) // 2]).evaluate()
    again = dict(zip(chosen, remake([dag.nodes[k] for k in chosen]), strict=True))
    for k in chosen:
        assert outcome(dag.nodes[k], dag.nodes) == outcome(
            again[k], [*map(again.get, sorted(again))]
        )


def outcome(root, nodes):
    try:
        adjoints = Tape(root).adjoints()
    except StaleError:
        return "stale"
    return [adjoints.get(node) for node in nodes]


@protocols
def test_a_long_chain_is_pickled_without_recursion_and_in_linear_size(protocol):
    nodes = [Value(1.0)]
    for _ in range(100_000 if protocol == pickle.HIGHEST_PROTOCOL else 20_000):
        nodes.append(nodes[-1] * 1.0)
    last = pickle.loads(pickle.dumps(nodes[-1], protocol))  # noqa: S301 - our own
    assert len(Tape(last).nodes) == len(nodes)
    few, many = (len(pickle.dumps(nodes[:n], protocol)) for n in (1001, 8001))
    assert many < 9 * few
    assert len(pickle.dumps(nodes[8000::-1], protocol)) < 9 * few


def test_loading_twice_gives_two_graphs():
    g = equations("x=1.0\ny=2*x")
    data = pickle.dumps(g)
    a, b = (pickle.loads(data) for _ in range(2))  # noqa: S301 - our own
    assert FlowGraph(a["y"]).total(a["x"]) == 2.0
    with pytest.raises(NotAVariableError):
        FlowGraph(a["y"]).total(b["x"])


def test_two_picklers_at_work_do_not_disturb_each_other():
    """One that is kept remembers what it has; the other one knows nothing of it, and needs no recursion."""
    nodes = [Value(1.0)]
    for _ in range(30_000):
        nodes.append(nodes[-1] * 1.0)
    file = io.BytesIO()
    kept = pickle.Pickler(file)
    kept.dump(nodes[20_000])
    data = pickle.dumps(nodes)
    assert len(data) < 100 * len(nodes)
    other = pickle.loads(data)  # noqa: S301 - our own
    assert all(y.parents == (x,) for x, y in pairwise(other))
    kept.dump(nodes)
    file.seek(0)
    unpickler = pickle.Unpickler(file)  # noqa: S301 - our own
    middle, again = unpickler.load(), unpickler.load()
    assert again[20_000] is middle
    assert all(y.parents == (x,) for x, y in pairwise(again))


def test_what_cannot_be_pickled_leaves_nothing_behind():
    x = Value(2.0, name="x")
    h = x * x
    y = h * h
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps([h, y, lambda: None])
    watched = weakref.ref(y)
    x2, y2 = pickled([x, y])
    assert FlowGraph(y2).total(x2) == 32.0
    del y, h
    assert watched() is None


def twice_the_slope(graph):
    return graph, 2 * FlowGraph(graph["y"]).total(graph["h"])


def test_graphs_go_to_another_process_and_come_back():
    g = equations("x=1.0\nh=cos(x)\ny=h*x+h")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        (again, doubled), (other, _) = pool.map(twice_the_slope, [g, g])
    assert doubled == 4.0
    assert FlowGraph(again["y"]).total(again["h"]) == 2.0
    assert again["x"] is not other["x"]


def test_a_shallow_copy_of_a_container_holds_the_same_nodes():
    g = equations("x=1.0\nh=cos(x)\ny=h*x+h")
    assert copy.copy(g)["y"] is g["y"]
    flow = copy.copy(FlowGraph(g["y"]))
    assert flow.output is g["y"]
    assert flow.total(g["h"]) == 2.0


@both
def test_variables_keep_their_order(remake):
    x = Value(1.0, name="x")
    h = (x * 2).named("h")
    w = Value(3.0, name="w")
    side = (x + w).named("side")
    flow = FlowGraph((h * w).named("y"), [x, h, w, side])
    assert [v.name for v in remake(flow).variables] == [v.name for v in flow.variables]
