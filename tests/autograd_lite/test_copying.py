"""Copies and pickles of graphs: the same numbers, the same sharing, no recursion, nothing shared."""

import copy
import pickle

import numpy as np
import pytest

from autograd_lite import Tape, Tensor, Value, elementwise, exp, scope, sin
from autograd_lite.errors import StaleError
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
