"""0·inf is 0 where the zero is exact (a mask, a swallowed overflow), nan where it is that of one point."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tape, Tensor, Value, grad, jacobian, jvp, no_grad, vjp
from autograd_lite.rules import zeros
from autograd_lite.rules.zeros import exact_zeros
from autograd_lite.tape import Propagation

MASKS = {
    "a branch not taken": (lambda x: ag.where(x > 0, ag.log(x), 0.0), 0.0),
    "a branch not taken, below": (lambda x: ag.where(x > 0, ag.sqrt(x), x), -4.0, 1.0),
    "a constant factor": (lambda x: ag.sqrt(x) * 0.0, 0.0),
    "a rectifier that is off": (lambda x: ag.sqrt(ag.relu(x)), -1.0),
    "outside a clip": (lambda x: ag.log(ag.clip(x, 0.0, 1.0)) * 0.0, -1.0),
    "a mask before the pole": (lambda x: ag.sqrt(ag.where(x > 0, x, 0.0)), -1.0),
    "the smaller of two": (lambda x: ag.maximum(ag.log(x), -5.0), 0.0),
    "the hand-written sigmoid": (lambda x: 1.0 / (1.0 + ag.exp(-x)), -1000.0),
    "the hand-written silu": (lambda x: x / (1.0 + ag.exp(-x)), -1000.0),
    "an overflow in a bounded angle": (lambda x: ag.arctan(ag.exp(x)), 1000.0),
    "an overflow in a root": (lambda x: 1.0 / ag.sqrt(1.0 + ag.exp(x)), 2000.0),
}
ACCIDENTS = {
    "log of a square": (lambda x: ag.log(x * x), 0.0),
    "root of a square": (lambda x: ag.sqrt(x * x), 0.0),
    "cube root of a cube": (lambda x: ag.cbrt(x**3), 0.0),  # is x: its derivative is 1
    "square of a root": (lambda x: ag.sqrt(x) ** 2, 0.0),  # is x too
    "reciprocal of a square": (lambda x: 1.0 / (x * x + 0.0), 0.0),
    "x times its root": (lambda x: x * ag.sqrt(x), 0.0),
    "softplus by hand": (lambda x: ag.log(1.0 + ag.exp(x)), 1000.0),  # its derivative is 1
    "reciprocal of a reciprocal": (lambda x: 1.0 / (1.0 / x), np.float64(0.0)),
    "power by a variable": (lambda x: ag.sqrt(x) * x**2, 0.0),
}


def by_values_reverse(f, x):
    v = Value(x)
    f(v).backward()
    return v.grad


def by_values_forward(f, x):
    v = Value(x)
    y = f(v)
    return Tape(y).tangents({v: 1.0})[y]


def by_tensors_reverse(f, x):
    # the first entry is harmless, and must not notice the second
    t = Tensor([2.0, x], requires_grad=True)
    ag.sum(f(t)).backward()
    assert np.isfinite(t.grad[0])
    return t.grad[1]


def by_tensors_forward(f, x):
    _, t = jvp(f, (np.array([2.0, x]),), (np.ones(2),))
    assert np.isfinite(t[0])
    return t[1]


def on_the_graph(f, x):
    v = Value(x)
    return Tape(f(v)).adjoints(graph=True)[v].data


def by_steps(f, x):
    v = Value(x)
    steps = [s for s in Tape(f(v)).steps() if isinstance(s, Propagation) and s.parent is v]
    return steps[-1].total


def under_no_grad(f, x):
    v = Value(x)
    y = f(v)
    with no_grad():
        y.backward()
    return v.grad


WAYS = [
    by_values_reverse, by_values_forward, by_tensors_reverse, by_tensors_forward, on_the_graph,
    by_steps, under_no_grad,
]  # fmt: skip


@pytest.fixture(autouse=True)
def quiet():
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", MASKS)
def test_an_exact_zero_masks_what_lies_behind(name, way):
    f, x, *expected = MASKS[name]
    assert way(f, x) == pytest.approx(*(expected or [0.0]), nan_ok=True)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ACCIDENTS)
def test_the_zero_of_one_point_masks_nothing(name, way):
    assert math.isnan(way(*ACCIDENTS[name]))


def test_entries_that_are_not_read_are_masked():
    x = np.array([2.0, 0.0])
    np.testing.assert_array_equal(grad(lambda x: ag.log(x)[0])(x), [0.5, 0.0])
    np.testing.assert_array_equal(grad(lambda x: ag.log(x)[:1].sum() ** 2)(x)[1], 0.0)
    mixed = lambda x: ag.sum(ag.sqrt(x) @ np.array([[1.0, 0.0], [0.0, 0.0]]))
    np.testing.assert_allclose(grad(mixed)(x), [0.5 / math.sqrt(2), 0.0])


def test_what_is_broadcast_is_masked_copy_by_copy():
    """Σᵢ mᵢ·√x over a row of copies: those with mᵢ = 0 add nothing, the others add the pole."""
    for mask, expected in (np.zeros(2), 0.0), (np.array([0.0, 1.0]), math.inf):
        found = grad(lambda x, m=mask: ag.sum(m * ag.sqrt(x)))(np.zeros(1))
        np.testing.assert_array_equal(found, [expected])


def test_every_output_of_a_forward_sweep_is_looked_at():
    """The nan stands in the first of two outputs."""
    first = lambda x: ag.where(x > 0, ag.sqrt(x), 0.0)
    for x in (0.0, np.zeros(1)):
        _, (a, b) = jvp(
            lambda x: (first(x), x * 2.0), (x,), (np.ones_like(x) if np.ndim(x) else 1.0,)
        )
        assert (float(np.sum(a)), float(np.sum(b))) == (0.0, 2.0)


def test_held_nodes_show_a_nan_too():
    """x̄ at a held node h, which passes nothing on to a leaf."""
    x = Value(0.0)
    h = x * 1.0
    y = ag.where(h > 0, ag.sqrt(h), 0.0)
    assert Tape(y).adjoints(hold=[h])[h] == 0.0


def test_masks_hold_in_jacobians_and_pullbacks():
    f = lambda x: ag.where(x > 0, ag.log(x), 0.0)
    x = np.array([0.0, 4.0])
    np.testing.assert_array_equal(jacobian(f)(x), [[0.0, 0.0], [0.0, 0.25]])
    _, pull = vjp(f, x)
    np.testing.assert_array_equal(pull(np.ones(2))[0], [0.0, 0.25])


ROWS = np.array([[0.0, 0.0], [1.0, 1.0]])
SUMS = {  # at (0, 4): the root of the first has a pole, which a 0 of the other factor masks
    "matmul": lambda r: r @ np.array([0.0, 1.0]),
    "vdot": lambda r: ag.vdot(r, np.array([0.0, 1.0])),
    "einsum": lambda r: ag.einsum("i,i,i->", r, np.array([0.0, 1.0]), np.ones(2)),
    "outer": lambda r: ag.sum(
        ag.outer(r, np.ones(2)) @ np.array([0.5, 0.5]) * np.array([0.0, 1.0])
    ),
    "convolve": lambda r: ag.convolve(r, np.array([1.0, 0.0]), mode="valid")[0],
    "conv1d": lambda r: ag.sum(ag.conv1d(r.reshape(1, 1, 2), np.array([[[0.0, 1.0]]]))),
    "both move": lambda r: ag.vdot(r, ag.where(np.array([False, True]), r, 0.0)) / 4.0,
}
BEHIND = {  # at (1, 4): what is 0 whatever x is has a root with derivative 0, not inf
    "matmul": lambda x: ROWS @ x,
    "row by matrix": lambda x: x @ ROWS.T,
    "einsum": lambda x: ag.einsum("ij,j->i", ROWS, x),
    "conv1d": lambda x: ag.conv1d(
        x.reshape(1, 1, 2), np.stack([np.zeros((1, 2)), np.ones((1, 2))])
    ).ravel(),
}


def in_both_sweeps(f, x):
    yield grad(f)(x)
    yield np.array([jvp(f, (x,), (e,))[1] for e in np.eye(x.size)])


@pytest.mark.parametrize("name", SUMS)
def test_a_sum_of_products_is_masked_term_by_term(name):
    """f = √x₂ or, where both factors move, x₂/4."""
    for found in in_both_sweeps(lambda x: SUMS[name](ag.sqrt(x)), np.array([0.0, 4.0])):
        np.testing.assert_allclose(found, [0.0, 0.25])


@pytest.mark.parametrize("name", BEHIND)
def test_a_pole_behind_an_exact_zero_of_a_sum_is_masked(name):
    """f = √0 + √(x₁ + x₂)."""
    for found in in_both_sweeps(lambda x: ag.sum(ag.sqrt(BEHIND[name](x))), np.array([1.0, 4.0])):
        np.testing.assert_allclose(found, np.full(2, 0.5 / math.sqrt(5.0)))


def test_an_infinite_entry_of_data_that_is_masked_leaves_the_weights_alone():
    """ȳ is 0 in the row that is not read, and W̄ = Xᵀ·ȳ."""
    X = np.array([[np.inf, 1.0], [2.0, 3.0]])
    f = lambda w: ag.sum(ag.where(np.array([False, True]), X @ w, 0.0))
    for found in in_both_sweeps(f, np.ones(2)):
        np.testing.assert_array_equal(found, [2.0, 3.0])


def test_running_products_are_masked_row_by_row():
    """Πᵢ √xᵢ in a row that is read, x = (1, 5), over one that is not, with √0 in it."""
    f = lambda x: ag.sum(
        ag.cumprod(ag.sqrt(ag.stack([x, x + 1.0])), axis=1) @ [0.0, 1.0] * [0.0, 1.0]
    )
    for found in in_both_sweeps(f, np.array([0.0, 4.0])):
        np.testing.assert_allclose(found, [0.5 * math.sqrt(5.0), 0.5 / math.sqrt(5.0)])


def test_in_a_sum_too_the_zero_of_one_point_masks_nothing():
    """Σ √xᵢ·xᵢ² at 0, where 0·inf stands in one term."""
    for product in ag.vdot, ag.matmul, lambda a, b: ag.einsum("i,i->", a, b):
        f = lambda x, product=product: product(ag.sqrt(x), x**2)
        for found in in_both_sweeps(f, np.array([0.0, 4.0])):
            np.testing.assert_allclose(found, [math.nan, 2.5 * 8.0])


def test_each_node_is_asked_once_whether_it_overflows(monkeypatch):
    """Many users of one long chain that overflows; asked by each anew, the time grew with the square."""
    asked = []
    near = zeros._value_near
    monkeypatch.setattr(
        zeros, "_value_near", lambda node, step: asked.append(node) or near(node, step)
    )

    def f(x):
        y, u = 0.0 * x, ag.exp(-x)
        for _ in range(50):
            u = u * 1.0
            y = y + x / (1.0 + u)
        return y

    assert grad(f)(-1000.0) == 0.0
    assert (
        len(asked) == 2
    )  # the exponential alone, on either side: what it reaches has it from there


def test_on_the_graph_every_adjoint_and_tangent_is_a_node():
    """Also where nothing comes through, and where a record gives plain zeros."""
    a, b = (Tensor([0.0, 4.0], requires_grad=True) for _ in range(2))
    y = ag.where(a > 0, ag.sqrt(a), 0.0).sum() + b.sum() * 0.0
    adjoints = Tape(y).adjoints(graph=True)
    assert {type(g) for g in adjoints.values()} == {Tensor}
    np.testing.assert_array_equal(adjoints[b].data, [0.0, 0.0])
    tangents = Tape(y).tangents({a: Tensor([1.0, 1.0]), b: Tensor([1.0, 1.0])}, graph=True)
    assert {type(t) for t in tangents.values()} == {Tensor}

    @ag.operation([lambda xp, g, y, x: np.zeros(2)], [lambda xp, t, y, x: np.zeros(2)])
    def still(xp, x):
        return xp.ones_like(x)

    x = Tensor([1.0, 2.0], requires_grad=True)
    y = still(x)
    one = Tensor([1.0, 1.0])
    for found in Tape(y).adjoints(one, graph=True), Tape(y).tangents({x: one}, graph=True):
        assert {type(g) for g in found.values()} == {Tensor}


def test_two_leaves_never_share_a_gradient():
    a, b = (Tensor(np.zeros(2), requires_grad=True) for _ in range(2))
    (ag.where(a > 0, ag.sqrt(a), 0.0) + (a + b)).sum().backward()
    a.grad += 5.0
    np.testing.assert_array_equal(b.grad, np.ones(2))


def test_a_long_chain_needs_no_deep_stack():
    def f(x):
        y = ag.where(x > 0, ag.sqrt(x), 0.0)
        for _ in range(5000):
            y = y * 1.0 + 0.0
        return y

    assert grad(f)(0.0) == 0.0
    u = lambda x: 1.0 / (1.0 + sum_many(ag.exp(x), 3000))
    assert grad(u)(1000.0) == 0.0


def sum_many(y, n):
    for _ in range(n):
        y = y + 1.0
    return y


def test_exact_zeros_are_read_off_the_graph():
    x = Tensor([0.0, 2.0, 3.0], requires_grad=True)
    mask = np.array([1.0, 0.0, 1.0])
    for y, expected in [
        (x, [False, False, False]),
        (x * mask, [False, True, False]),
        (-(x * mask) / 3.0, [False, True, False]),
        (x * mask + x * 0.0, [False, True, False]),
        (x * mask - x * mask, [False, True, False]),
        (ag.where(np.array([True, False, True]), x, 0.0), [False, True, False]),
        ((x * mask)[::-1], [False, True, False]),
        (ag.stack([x * mask, x])[0], [False, True, False]),
        (ag.exp(x * mask), [False, False, False]),
        (ag.relu(x - 2.5), [False, False, False]),
    ]:
        np.testing.assert_array_equal(exact_zeros(y), expected)
    assert exact_zeros(ag.sum(x * 0.0))
    assert not exact_zeros(ag.sum(x * mask))
    np.testing.assert_array_equal(
        exact_zeros((x * mask) @ np.eye(3)[[0, 1, 1]]), [False, False, True]
    )


def test_a_pole_of_ones_own_operation_without_a_graph_is_no_mask():
    """A partial that NumPy alone can compute is told masks by its adjoint all the same."""

    @ag.elementwise(lambda xp, y, x: 0.5 / y)
    def my_root(xp, x):
        return xp.sqrt(x)

    @ag.elementwise(lambda xp, y, x: 0.5 / xp.nan_to_num(y))
    def by_numpy(xp, x):
        return xp.sqrt(x)

    for root in (my_root, by_numpy):
        masked = lambda x, root=root: ag.sum(ag.where(x > 0, root(x), 0.0))
        assert grad(masked)(np.zeros(1)) == 0.0
        assert math.isnan(grad(lambda x, root=root: ag.sum(root(x * x)))(np.zeros(1))[0])


def test_an_overflow_in_a_product_with_constant_arrays_is_swallowed():
    """1/(1 + Σ cᵢ·exp(xᵢ)), where the constant operand of the product is a plain array."""
    for found in in_both_sweeps(
        lambda x: 1.0 / (1.0 + np.array([1.0, 2.0]) @ ag.exp(x)), np.full(2, 1000.0)
    ):
        np.testing.assert_array_equal(found, [0.0, 0.0])
