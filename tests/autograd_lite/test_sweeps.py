"""The two sweeps: linear in the size of the graph, without recursion, the same for every kind of number."""

import numpy as np
import pytest

from autograd_lite import Tape, Tensor, Value, elementwise, fmod, remainder
from autograd_lite.arithmetics import FLOATS, Arrays
from autograd_lite.order import evaluation_order, reachable, upstream
from autograd_lite.sweeps import forward, reverse
from tests.autograd_lite.dags import random_dag


def diamonds(x, depth):
    for _ in range(depth):
        x = x * 0.5 + x * 0.5
    return x


class Counted:
    """A rule that counts how often its partial is asked for."""

    def __init__(self):
        self.calls = 0

        def partial(xp, y, x):
            self.calls += 1
            return 2.0

        @elementwise(partial)
        def doubled(xp, x):
            """Twice x."""
            return 2.0 * x

        self.rule = doubled


@pytest.mark.parametrize("kind", [Value, lambda n: Tensor(n, requires_grad=True)])
def test_every_partial_is_computed_once_per_sweep(kind):
    """Linear time, by counting: a diamond of depth d has 2ᵈ paths but 3d operations."""
    count = Counted()
    x = kind(1.0)
    y = x
    for _ in range(30):
        h = count.rule(y)
        y = h * 0.25 + h * 0.25
    tape = Tape(y)
    for sweep in (tape.adjoints, lambda: tape.tangents({x: x.value * 0 + 1.0})):
        count.calls = 0
        sweep()
        assert count.calls == 30
    assert float(tape.adjoints()[x]) == 1.0


@pytest.mark.parametrize("depth", [10, 100])
def test_the_walk_visits_each_node_once(depth):
    leaves, operations = upstream(diamonds(Value(1.0), depth))
    assert (len(leaves), len(operations)) == (1, 3 * depth)


def test_only_what_lies_between_root_and_leaves_is_walked():
    """A long history on the other side of the root costs nothing."""
    x = Value(1.0)
    h = x * 2
    diamonds(h, 50)
    assert len(upstream(h)[1]) == 1


def test_held_nodes_end_the_walk():
    x = Value(1.0)
    h = diamonds(x, 50)
    y = h * x
    leaves, operations = reachable(y, [h])
    assert (leaves, operations) == ([x], [y])


@pytest.mark.parametrize("seed", range(8))
def test_forward_and_reverse_agree(seed):
    """ȳ·(J ẋ) = (Jᵀȳ)·ẋ for random ẋ over all inputs."""
    dag = random_dag(seed, inputs=3)
    y, random = dag.nodes[dag.output], np.random.default_rng(seed)
    _, operations = upstream(y)
    tangents = dict(zip(dag.nodes[:3], random.normal(size=3).tolist(), strict=True))
    moved = forward(operations, dict(tangents), FLOATS).get(y, 0.0)
    adjoint = reverse(operations, {y: 1.0}, FLOATS)
    assert moved == pytest.approx(sum(adjoint.get(x, 0.0) * t for x, t in tangents.items()))


def test_evaluation_order_is_operands_first_whatever_the_numbers():
    dag = random_dag(3)
    root = dag.nodes[dag.output]
    for place, node in enumerate(reversed(upstream(root)[1])):
        node.number = 10**9 + place
    order = evaluation_order(root)
    places = {node: i for i, node in enumerate(order)}
    assert order[-1] is root
    assert len(places) == len(order)
    assert all(places[x] < places[n] for n in order for x in n.parents if not x.is_leaf)


def test_a_zero_adjoint_is_not_turned_into_nan_by_a_pole():
    """0·inf is 0 where a path is masked out, in both sweeps and for both kinds of numbers."""
    x = Value(0.0)
    y = (x**0.5) * 0.0
    assert Tape(y).adjoints()[x] == 0.0
    assert Tape(y).tangents({x: 1.0})[y] == 0.0
    t = Tensor([0.0, 4.0], requires_grad=True)
    z = (t**0.5 * np.array([0.0, 1.0])).sum()
    np.testing.assert_array_equal(Tape(z).adjoints()[t], [0.0, 0.25])


def test_adding_up_in_place_never_reaches_another_adjoint():
    """x gets three contributions, one of them the very array that h got."""
    x = Tensor([1.0, 2.0], requires_grad=True)
    h = x + 0.0
    y = (h + x * 3.0 + x * 5.0).sum()
    adjoint = reverse(upstream(y)[1], {y: np.array(1.0)}, Arrays())
    np.testing.assert_array_equal(adjoint[x], [9.0, 9.0])
    np.testing.assert_array_equal(adjoint[h], [1.0, 1.0])


@pytest.mark.parametrize("rule", [remainder, fmod], ids=["remainder", "fmod"])
def test_a_remainder_of_division_by_zero_is_nan_not_an_error_in_a_sweep(rule):
    """Its sweep is repeated on the graph, since it ends in nan."""
    b = Value(0.0)
    y = rule(3.0, b)
    assert np.isnan(Tape(y).adjoints()[b])
    assert np.isnan(Tape(y).tangents({b: 1.0})[y])
