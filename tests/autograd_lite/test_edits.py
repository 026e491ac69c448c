"""Edited sweeps: (node, i, g) says what goes over an edge in place of the record, in every sweep."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tape, Tensor, Value
from autograd_lite.errors import OperandError, ShapeError, StaleError
from autograd_lite.tape import Propagation
from tests.autograd_lite.dags import random_dag


def untouched(node, i, g):
    return NotImplemented


def leaf(x):
    return Value(x) if np.ndim(x) == 0 else Tensor(x, requires_grad=True)


def reverse(y, x, edit):
    return Tape(y).adjoints(np.ones(np.shape(y.data)), edit=edit)[x]


def forward(y, x, edit):
    one = 1.0 if np.ndim(x.data) == 0 else np.ones(np.shape(x.data))
    return Tape(y).tangents({x: one}, edit=edit)[y]


def recorded(y, x, edit):
    seed = y * 0.0 + 1.0
    return Tape(y).adjoints(type(y)(seed.data, requires_grad=False), graph=True, edit=edit)[x].data


def stepped(y, x, edit):
    steps = Tape(y).steps(np.ones(np.shape(y.data)), edit=edit)
    return [s.total for s in steps if isinstance(s, Propagation) and s.parent is x][-1]


WAYS = [reverse, forward, recorded, stepped]
POINTS = [0.7, np.array([0.7, -1.2])]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at", POINTS, ids=["Value", "Tensor"])
def test_a_forgotten_inner_factor(at, way):
    """sin(3x)' without the 3 is cos(3x)."""
    x = leaf(at)
    found = way(
        ag.sin(3.0 * x), x, lambda n, i, g: g if n.rule.name == "multiply" else NotImplemented
    )
    np.testing.assert_allclose(found, np.cos(3.0 * np.asarray(at)), rtol=1e-14)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at", POINTS, ids=["Value", "Tensor"])
def test_each_of_two_equal_operands_has_an_edge_of_its_own(at, way):
    """(x·x)' with one term of the product rule forgotten is x, with the other doubled 3x."""
    x = leaf(at)
    y = x * x
    forgotten = way(y, x, lambda n, i, g: 0.0 if i == 1 else NotImplemented)
    np.testing.assert_allclose(forgotten, at)
    doubled = way(y, x, lambda n, i, g: 2.0 * g * x.data if i == 0 else NotImplemented)
    np.testing.assert_allclose(doubled, 3.0 * np.asarray(at))


@pytest.mark.parametrize("seed", range(8))
def test_without_an_answer_the_record_speaks(seed):
    dag = random_dag(seed, inputs=3)
    root = dag.nodes[dag.output]
    plain, edited = Tape(root).adjoints(), Tape(root).adjoints(edit=untouched)
    assert list(map(id, plain)) == list(map(id, edited))
    assert list(plain.values()) == list(edited.values())
    tangents = dict.fromkeys(dag.nodes[:3], 1.0)
    assert list(Tape(root).tangents(tangents, edit=untouched).values()) == list(
        Tape(root).tangents(tangents).values()
    )


@pytest.mark.parametrize("seed", range(8))
def test_holding_is_the_edit_that_passes_nothing_on(seed):
    dag = random_dag(seed, inputs=3)
    root = dag.nodes[dag.output]
    held = [n for n in Tape(root).operations if n is not root][1:3]
    kept = {id(n) for n in held}
    by_edit = Tape(root).adjoints(edit=lambda n, i, g: 0.0 if id(n) in kept else NotImplemented)
    by_hold = Tape(root).adjoints(hold=held)
    assert {id(n): g for n, g in by_edit.items()} == {id(n): g for n, g in by_hold.items()}


def test_an_edit_of_arrays_may_be_any_wrong_linear_map():
    """The transpose forgotten: x̄ = ȳ·W where Wᵀ·ȳ is right, for square W."""
    W = np.array([[1.0, 2.0], [3.0, 4.0]])
    x = Tensor([1.0, -1.0], requires_grad=True)
    y = Tensor(W) @ x
    g = np.array([1.0, 0.5])
    found = Tape(y).adjoints(g, edit=lambda n, i, g: W @ g if n is y else NotImplemented)[x]
    np.testing.assert_array_equal(found, W @ g)
    assert not np.allclose(found, Tape(y).adjoints(g)[x])


def test_an_edited_sweep_can_be_differentiated_in_turn():
    """Of x³ with the power forgotten, x̄ = x², whose derivative is 2x."""
    x = Value(1.7)
    y = x**3
    found = Tape(y).adjoints(graph=True, edit=lambda n, i, g: g * x**2)[x]
    assert found.data == pytest.approx(1.7**2)
    assert Tape(found).adjoints()[x] == pytest.approx(2 * 1.7)


def test_an_edit_sees_numbers_also_where_a_mask_has_the_sweep_repeated():
    x = Tensor([0.0, 4.0], requires_grad=True)
    with np.errstate(all="ignore"):
        y = ag.sum(ag.where(x > 0, ag.sqrt(x), 0.0) * 3.0)
    seen = []

    def edit(node, i, g):
        seen.append(type(g))
        return np.array(g) if node.rule.name == "multiply" else NotImplemented

    np.testing.assert_array_equal(Tape(y).adjoints(edit=edit)[x], [0.0, 0.25])
    assert all(issubclass(kind, (np.ndarray, np.generic)) for kind in seen)
    last = [
        s.total for s in Tape(y).steps(edit=edit) if s.__class__ is Propagation and s.parent is x
    ]
    np.testing.assert_array_equal(last[-1], [0.0, 0.25])


def test_grad_of_a_leaf_is_never_touched():
    x = Value(2.0)
    Tape(x * x).adjoints(edit=untouched)
    assert x.grad is None


@pytest.mark.parametrize("answer", [None, "2", 1j, [None], True], ids=repr)
@pytest.mark.parametrize("at", POINTS, ids=["Value", "Tensor"])
def test_what_is_no_contribution_is_refused_by_name(at, answer):
    x = leaf(at)
    y = (x * 2.0).named("y")
    for ask in (reverse, forward, stepped):
        with pytest.raises(
            OperandError, match=r"the edit of y .*, operand 0, gave .*NotImplemented"
        ):
            ask(y, x, lambda n, i, g: answer)


def test_another_shape_is_refused_with_both():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = ag.sum(x * 2.0)
    with pytest.raises(ShapeError, match=r"gave shape \(3,\), and .* has \(2,\)"):
        Tape(y).adjoints(edit=lambda n, i, g: np.ones(3))
    with pytest.raises(ShapeError, match=r"gave shape \(\), and .* has \(2,\)"):
        Tape(y).adjoints(edit=lambda n, i, g: 2.0)


def test_an_edited_sweep_of_a_stale_graph_is_refused_too():
    x = Value(2.0)
    y = x * x
    x.data = 3.0
    with pytest.raises(StaleError):
        Tape(y).adjoints(edit=untouched)


def test_nan_of_an_edit_stays():
    x = Value(2.0)
    assert math.isnan(Tape(x * 2.0).adjoints(edit=lambda n, i, g: math.nan)[x])


@pytest.mark.parametrize("answer", [[[200], [100]], np.array([[200], [100]], np.uint8)])
def test_an_answer_is_added_up_in_the_operands_dtype(answer):
    """Two lists would be joined, and two small integers wrap around."""
    x = Tensor(np.ones((2, 1), np.float32), requires_grad=True)
    found = Tape(ag.sum(x * x)).adjoints(
        edit=lambda n, i, g: answer if n.rule.name == "multiply" else g * np.ones((2, 1))
    )[x]
    np.testing.assert_array_equal(found, [[400.0], [200.0]])
    assert found.dtype == np.float32


@pytest.mark.parametrize("at", POINTS, ids=["Value", "Tensor"])
def test_an_answer_computed_with_nodes_is_numbers_in_a_sweep_of_numbers(at):
    x = leaf(at)
    y = x * 3.0
    for way in (reverse, forward):
        found = way(y, x, lambda n, i, g: g * n.operands[i])
        assert not isinstance(found, (Value, Tensor))
        np.testing.assert_array_equal(found, at)


def test_a_masked_array_is_refused():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(OperandError, match="masked array"):
        Tape(ag.sum(x * 2.0)).adjoints(edit=lambda n, i, g: np.ma.masked_less([1.0, 2.0], 1.5))


def test_a_node_that_an_edit_answers_with_has_the_operands_dtype():
    """On the graph too: a float64 answer would make the whole adjoint float64."""
    x = Tensor(np.ones(2, np.float32), requires_grad=True)
    wide = Tensor([0.1, 0.2])
    found = Tape(ag.sum(x * 2.0)).adjoints(edit=lambda n, i, g: wide * 1.0, graph=True)[x]
    assert found.dtype == np.float32
