"""A graph nobody holds is freed at once, and no traversal recurses: 100 000 nodes go through each."""

import contextlib
import copy
import gc
import math
import pickle
import sys
import weakref

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tape, Tensor, Value, exp, grad, hessian, tanh
from autograd_lite.errors import AutogradError
from autograd_lite.tape import Propagation

LENGTH = 100_000


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own


def chain(x, length=LENGTH):
    """y ← 0.5·y + 0.5, and so on: dy/dx = 0.5^…, kept at 1 by dividing again."""
    y = x
    for _ in range(length // 4):
        y = (y * 2.0 + 1.0) / 2.0 - 0.5
    return y


@pytest.fixture(scope="module")
def long():
    x = Value(0.25, name="x")
    y = chain(x).named("y")
    assert len(Tape(y).nodes) == LENGTH + 1
    return x, y


@pytest.fixture
def collector_off():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


# --- freed at once --------------------------------------------------------------------------------


def value_graph():
    x = Value(0.5)
    h = exp(x) * x
    return x, h, tanh(h) + h


def tensor_graph():
    x = Tensor([0.5, 1.0], requires_grad=True)
    h = exp(x) * x
    return x, h, (tanh(h) + h[:1]).sum()


def failing(y):
    with contextlib.suppress(AutogradError, TypeError):
        y.parents[0] + "no number"


USES = {
    "nothing": lambda y: None,
    "backward": lambda y: y.backward(),
    "backward twice": lambda y: (y.backward(), y.backward()),
    "steps": lambda y: list(Tape(y).steps()),
    "second order": lambda y: Tape(y).adjoints(graph=True),
    "flow graph": lambda y: [FlowGraph(y).edges, FlowGraph(y).cuts()],
    "copy": lambda y: (copy.copy(y), copy.deepcopy(y), pickle.dumps(y)),
    "text": lambda y: (repr(y), str(y), f"{y}", y.describe()),
    "failure": failing,
}


@pytest.mark.parametrize("make", [value_graph, tensor_graph])
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_every_node_dies_with_the_last_reference(make, use, collector_off):
    x, h, y = make()
    watched = [weakref.ref(node) for node in Tape(y).nodes]
    use(y)
    del x, h, y
    assert [ref() for ref in watched] == [None] * len(watched)
    assert gc.collect() == 0, "reference cycles"


def test_derivatives_of_functions_leave_nothing_behind(collector_off):
    made = []

    def f(x):
        y = (x * x * x).sum()
        made.append(weakref.ref(y))
        return y

    grad(f)(np.ones(3))
    hessian(f)(np.ones(3))
    assert [ref() for ref in made] == [None] * len(made)


def test_an_inner_result_that_is_kept_keeps_only_what_it_was_computed_from(collector_off):
    x = Value(1.0)
    h = x * 2
    y = h * 3
    watched = weakref.ref(y)
    del y
    assert watched() is None
    h.backward()
    assert x.grad == 2.0


def test_memory_is_given_back_when_a_failed_operation_is_handled(collector_off):
    x = Tensor(np.ones(3), requires_grad=True)
    before = sys.getrefcount(x)
    for _ in range(5):
        with pytest.raises(AutogradError):
            x + np.ones(4)
    gc.collect()
    assert sys.getrefcount(x) == before


# --- 100 000 nodes --------------------------------------------------------------------------------


def test_backward(long):
    x, y = long
    y.backward()
    assert (y.data, x.grad, y.grad) == (0.25, 1.0, 1.0)


def test_tangents_and_second_order(long):
    x, y = long
    assert Tape(y).tangents({x: 1.0})[y] == 1.0
    assert Tape(y).adjoints(graph=True)[x].data == 1.0


def test_steps(long):
    x, y = long
    last = None
    for step in Tape(y).steps():
        last = step
    assert isinstance(last, Propagation)
    assert (last.parent, last.total) == (x, 1.0)


def test_deepcopy_and_copy(long):
    _, y = long
    again = copy.deepcopy(y)
    assert (again.data, len(Tape(again).nodes)) == (0.25, LENGTH + 1)
    assert copy.copy(y).parents[0] is y.parents[0]


def test_pickle(long):
    _, y = long
    again = pickled(y)
    x = Tape(again).leaves[0]
    assert Tape(again).adjoints()[x] == 1.0


def test_text(long):
    _, y = long
    assert max(map(len, (repr(y), str(y), f"{y:.3f}", y.describe()))) < 80


def test_evaluate_and_replay(long):
    x, y = long
    assert Tape(y).replay({x: 0.75})[y] == 0.75
    x.data = 0.5
    assert Tape(y).evaluate() == 0.5
    x.data = 0.25
    assert Tape(y).evaluate() == 0.25


def test_flow_graph(long):
    x, y = long
    flow = FlowGraph(y)
    assert flow.variables == (x, y)
    assert (flow.partial(y, x), flow.total(x), len(flow.paths(x))) == (1.0, 1.0, 1)
    assert flow.cut([y]).derivative(x) == 1.0
    assert flow.limit(y, x) == pytest.approx(1.0, rel=1e-9)
    assert flow.depends(x)
    assert pickled(flow).total("x") == 1.0


def test_a_flow_graph_of_many_variables():
    y = x = Value(0.25, name="x")
    for k in range(10_000):
        y = (y * 2.0 / 2.0).named(f"h_{k}")
    flow = FlowGraph(y)
    assert len(flow.edges) == 10_000
    assert math.prod(edge.partial for edge in flow.edges) == 1.0
    assert len(flow.paths(x)) == 1
    assert flow.cut(["h_5000"]).derivative(x) == 1.0
    assert len(str(flow.depends(x))) < 500


def test_deletion(collector_off):
    x = Value(0.25)
    y = chain(x)
    watched = weakref.ref(y.parents[0])
    del y
    assert watched() is None
    t = Tensor([1.0], requires_grad=True)
    z = t
    for _ in range(20_000):
        z = z * 1.0 + 0.0
    del z
    assert sys.getrefcount(t) <= 2


def test_a_long_chain_of_tensors():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x
    for _ in range(10_000):
        y = y * 2.0 * 0.5
    y = y.sum()
    y.backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0])
    again = pickled(copy.deepcopy(y))
    assert again.item() == 3.0


def test_the_cuts_of_a_long_chain_are_made_at_once() -> None:
    x = Value(1.0, name="v_0")
    y = x
    for i in range(20_000):
        y = (y * 0.999).named(f"v_{i + 1}")
    cuts = FlowGraph(y).cuts()
    assert len(cuts) == 20_000
    assert cuts[-1].members == (cuts[-2].near[-1],)
