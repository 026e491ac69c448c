"""Tape: order of evaluation, the sweeps, the steps, and computing again."""

import math

import numpy as np
import pytest

from autograd_lite import Tape, Tensor, Value, exp, no_grad, sin
from autograd_lite.errors import DerivativeError, OperandError, StaleError
from autograd_lite.tape import Evaluation, Propagation
from tests.autograd_lite.dags import random_dag


def kind(thing):
    return type(thing).__name__


SEEDS = range(12)


def parts(tape, **options):
    steps = list(tape.steps(**options))
    forward = [step for step in steps if isinstance(step, Evaluation)]
    assert steps[: len(forward)] == forward, "every evaluation comes before every propagation"
    return forward, steps[len(forward) :]


# --- nodes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_nodes_are_each_once_and_operands_first(seed):
    dag = random_dag(seed)
    nodes = Tape(dag.nodes[dag.output]).nodes
    places = {node: i for i, node in enumerate(nodes)}
    assert len(places) == len(nodes)
    assert all(places[x] < places[node] for node in nodes for x in node.parents)
    assert nodes[-1] is dag.nodes[dag.output]


def test_what_the_root_was_not_computed_from_is_not_on_its_tape():
    a, b = Value(2.0), Value(3.0)
    c = b * a
    assert Tape(a).nodes == [a]
    assert c not in set(Tape(a * 2).nodes)


@pytest.mark.parametrize("root", [3.0, None, "y", [Value(1.0)]], ids=kind)
def test_a_tape_is_of_a_node(root):
    with pytest.raises(OperandError, match="a tape is of a Value or Tensor"):
        Tape(root)


# --- adjoints and tangents against path sums ------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_adjoints_and_tangents_are_the_path_sums(seed):
    dag = random_dag(seed)
    tape = Tape(dag.nodes[dag.output])
    adjoints = tape.adjoints()
    for k, node in enumerate(dag.nodes):
        expected = dag.total(dag.output, k)
        assert adjoints.get(node, 0.0) == pytest.approx(expected, rel=1e-12, abs=1e-14)
        moved = tape.tangents({node: 1.0}).get(dag.nodes[dag.output], 0.0)
        assert moved == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert all(node.grad is None for node in dag.nodes), "a sweep leaves nothing behind"


@pytest.mark.parametrize("kind", [set, list, tuple, frozenset])
def test_held_nodes_pass_nothing_on_whatever_holds_them(kind):
    """Equal numbers are no reason to hold: nodes are compared by identity."""
    a = Value(2.0)
    b, twin = a + 0.0, a * 1.0
    y = b * twin
    held = Tape(y).adjoints(hold=kind([b]))
    assert (held[b], held[twin], held[a]) == (2.0, 2.0, 2.0)
    assert Tape(y).tangents({a: 1.0}, hold=kind([b]))[y] == 2.0
    x = Tensor([1.0, 2.0], requires_grad=True)
    h = x * 2
    z = (h * x).sum()
    np.testing.assert_array_equal(Tape(z).adjoints(hold=kind([h]))[x], [2.0, 4.0])


def test_a_tape_that_ends_at_held_nodes_is_short():
    x = Value(1.0)
    y = x
    for _ in range(1000):
        y = y * 1.0
    z = y + x
    assert len(Tape(z, hold=[y]).nodes) == 2
    assert Tape(z, hold=[y]).adjoints()[x] == 1.0


def test_adjoints_on_the_graph_can_be_differentiated_again():
    """y = x⁴: 4x³, 12x², 24x, 24, 0 by repeated sweeps."""
    x = Value(1.5)
    y = x * x * x * x
    for expected in (4 * 1.5**3, 12 * 1.5**2, 24 * 1.5, 24.0, 0.0):
        adjoint = Tape(y).adjoints(graph=True).get(x)
        y = adjoint if adjoint is not None else Value(0.0)
        assert y.data == pytest.approx(expected)


def test_keep_false_leaves_gradients_on_leaves_only():
    x = Value(2.0)
    h = x * x
    y = h * 3
    Tape(y).backward(keep=False)
    assert (x.grad, h.grad, y.grad) == (12.0, None, None)


@pytest.mark.parametrize("gradient", [2.5, 2, np.float64(2.5), Value(2.5)])
def test_backward_from_a_value_takes_a_gradient(gradient):
    x = Value(3.0)
    (x * x).backward(gradient)
    assert x.grad == (12.0 if gradient == 2 else 15.0)


@pytest.mark.parametrize("gradient", ["a", [1.0, 2.0], 1j])
def test_a_gradient_is_a_number(gradient):
    x = Value(3.0)
    with pytest.raises(OperandError):
        (x * x).backward(gradient)
    assert x.grad is None


def test_backward_of_constants_says_so():
    with no_grad():
        y = Value(2.0) * 3
    with pytest.raises(DerivativeError, match=r"no_grad\(\)"):
        y.backward()


# --- steps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_running_totals_end_in_the_totals(seed):
    """issue: every contribution partial × adjoint and the running total after it, in order."""
    dag = random_dag(seed)
    tape = Tape(dag.nodes[dag.output])
    forward, backward = parts(tape)
    assert [step.node for step in forward] == tape.nodes
    assert [step.value for step in forward] == [node.data for node in tape.nodes]
    running: dict[Value, float] = {}
    for step in backward:
        assert step.node.operands[step.operand] is step.parent
        assert step.contribution == pytest.approx(step.partial * step.adjoint, rel=1e-15, abs=0)
        running[step.parent] = running.get(step.parent, 0.0) + step.contribution
        assert step.total == pytest.approx(running[step.parent], rel=1e-15, abs=0)
    for k in range(dag.output):
        expected = dag.total(dag.output, k)
        assert running.get(dag.nodes[k], 0.0) == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_a_node_propagates_only_when_its_own_total_is_complete():
    x = Value(3.0)
    h = x * x
    y = h + h * x
    _, backward = parts(Tape(y))
    last_into = {step.parent: i for i, step in enumerate(backward)}
    first_out = {step.node: i for i, step in reversed(list(enumerate(backward)))}
    assert all(last_into[n] < first_out[n] for n in first_out if n in last_into)


def test_steps_of_tensors_give_elementwise_partials_and_none_for_linear_maps():
    x, w = Tensor([1.0, 2.0], requires_grad=True), Tensor(np.eye(2), requires_grad=True)
    _, backward = parts(Tape(((w @ x) * x).sum()))
    partials = {step.node.rule.name: step.partial for step in backward if step.parent is x}
    np.testing.assert_array_equal(partials["multiply"], [1.0, 2.0])
    assert partials["matmul"] is None
    np.testing.assert_array_equal(backward[-1].total, [2.0, 4.0])


def test_steps_hold_too():
    x = Value(3.0)
    h = x * x
    _, backward = parts(Tape(h * x), hold=[h])
    assert [(step.parent is x, step.total) for step in backward] == [(False, 3.0), (True, 9.0)]


# --- changing a leaf's data -----------------------------------------------------------------------


def changed_by_setting(x):
    x.data = np.array([5.0, 6.0])


def changed_through_the_array(x):
    x.data[0] = 5.0


def changed_in_place_by_minus(x):
    x.data -= 0.5


def changed_by_out(x):
    np.add(x.data, 1.0, out=x.data)


def changed_by_update(x):
    x.update_(lambda array: np.multiply(array, 2.0, out=array))


EVERY_WAY = [
    changed_by_setting, changed_through_the_array, changed_in_place_by_minus, changed_by_out,
    changed_by_update,
]  # fmt: skip


@pytest.mark.parametrize("change", EVERY_WAY)
@pytest.mark.parametrize("seen", [False, True])
def test_data_changed_between_forward_and_backward_is_noticed_and_named(change, seen):
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    if seen:
        assert x.data[0] == 1.0
    y = (x * x).sum()
    change(x)
    for _ in range(2):
        with pytest.raises(StaleError, match=r"x \(node \d+\) changed after multiply"):
            y.backward()
    assert x.grad is None


@pytest.mark.parametrize("change", EVERY_WAY)
def test_data_changed_before_a_new_forward_pass_is_fine(change):
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    (x * x).sum().backward()
    change(x)
    x.zero_grad()
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, 2 * x.numpy())


def test_a_view_taken_long_ago_still_counts():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    view = x.data
    y = (x * x).sum()
    view[0] = 7.0
    assert x.data[0] == 7.0
    with pytest.raises(StaleError):
        y.backward()


def test_a_step_of_gradient_descent_as_in_pytorch():
    p = Tensor([1.0, -2.0], requires_grad=True)
    for _ in range(50):
        p.zero_grad()
        (p * p).sum().backward()
        p.data -= 0.1 * p.grad
    np.testing.assert_allclose(p.numpy(), [0.8**50, -2 * 0.8**50], rtol=1e-12)


def test_a_value_changed_between_forward_and_backward_is_noticed():
    x = Value(2.0, name="x")
    y = x * x
    tape = Tape(y)
    x.data = 3.0
    for ask in (y.backward, tape.backward, tape.adjoints, lambda: list(tape.steps())):
        with pytest.raises(StaleError, match=r"x \(node \d+\) changed"):
            ask()
    with pytest.raises(StaleError):
        tape.tangents({x: 1.0})
    assert x.grad is None


def test_setting_the_same_number_counts_as_a_change_but_reading_does_not():
    x = Tensor([1.0], requires_grad=True)
    y = x * x
    assert x.data[0] == 1.0
    y.backward()
    assert x.grad[0] == 2.0


def test_evaluate_replays_the_graph_for_values_and_tensors():
    """issue: `.evaluate()` after changing a leaf's data."""
    x, t = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    y, z = exp(sin(x) * x), (exp(t) * t).sum()
    x.data, t.data = 0.5, np.array([0.0, 1.0])
    assert Tape(y).evaluate() == y.data == pytest.approx(math.exp(math.sin(0.5) * 0.5), rel=1e-15)
    assert float(Tape(z).evaluate()) == pytest.approx(math.e)
    y.backward()
    z.backward()
    slope = math.cos(0.5) * 0.5 + math.sin(0.5)
    assert x.grad == pytest.approx(y.data * slope, rel=1e-14)
    np.testing.assert_allclose(t.grad, np.exp(t.numpy()) * (1 + t.numpy()))


def test_graphs_that_share_nodes_are_evaluated_in_any_order():
    x = Value(2.0)
    h = x * x
    y, z = h * 2, h * 3
    x.data = 5.0
    assert (Tape(y).evaluate(), Tape(z).evaluate()) == (50.0, 75.0)
    y.backward()
    z.backward()
    assert x.grad == 20.0 + 30.0


def test_evaluating_a_part_leaves_the_rest_stale():
    x = Value(2.0)
    h = x * x
    y = h * 2 + x
    x.data = 5.0
    assert Tape(h).evaluate() == 25.0
    with pytest.raises(StaleError):
        y.backward()
    assert Tape(y).evaluate() == 55.0
    y.backward()
    assert x.grad == 21.0


def test_a_tape_made_when_a_part_was_evaluated_again_is_in_order_once_it_is_evaluated():
    x = Value(2.0)
    h = x * x
    y = h * 3.0 + h
    x.data = 5.0
    Tape(h).evaluate()  # renews h's number alone: it is larger than those of its users
    tape = Tape(y)
    assert tape.evaluate() == 100.0
    assert [node.rule.name for node in tape.operations] == ["multiply", "multiply", "add"]
    assert tape.adjoints()[x] == 40.0


def test_what_is_computed_from_stale_numbers_is_stale():
    x = Value(2.0)
    h = x * x
    x.data = 5.0
    with pytest.raises(StaleError):
        (h + 1).backward()


def test_replay_answers_what_if_and_changes_nothing():
    x = Value(2.0)
    h = x * x
    y = h * x
    values = Tape(y).replay({x: 3.0})
    assert (values[h], values[y]) == (9.0, 27.0)
    assert Tape(y).replay({h: 10.0})[y] == 20.0
    assert (x.data, h.data, y.data) == (2.0, 4.0, 8.0)


def test_propagations_say_who_sent_what():
    a, b = Value(3.0, name="a"), Value(2.0, name="b")
    _, backward = parts(Tape(a * b))
    assert [(s.parent.name, s.partial, s.adjoint, s.contribution) for s in backward] == [
        ("a", 2.0, 1.0, 2.0),
        ("b", 3.0, 1.0, 3.0),
    ]
    assert all(isinstance(step, Propagation) for step in backward)
