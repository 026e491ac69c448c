"""`+=` and its like: the textbook update writes into a leaf, and no variable becomes another node unseen."""

import operator

import numpy as np
import pytest

from autograd_lite import (
    Tensor,
    Value,
    grad,
    hessian,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd_lite.errors import OperandError, ShapeError, StaleError

AUGMENTED = {
    "+=": (operator.iadd, np.add),
    "-=": (operator.isub, np.subtract),
    "*=": (operator.imul, np.multiply),
    "/=": (operator.itruediv, np.divide),
    "**=": (operator.ipow, np.power),
    "@=": (operator.imatmul, np.matmul),
}
OF_NUMBERS = {sign: both for sign, both in AUGMENTED.items() if sign != "@="}

by_operator = pytest.mark.parametrize(
    ("augment", "expected"), list(AUGMENTED.values()), ids=list(AUGMENTED)
)
by_operator_of_numbers = pytest.mark.parametrize(
    ("augment", "expected"), list(OF_NUMBERS.values()), ids=list(OF_NUMBERS)
)


def leaf(dtype="float64"):
    return Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, name="w", dtype=dtype)


OTHER = np.array([[2.0, 1.0], [1.0, 3.0]])


# --- the textbook update --------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@by_operator
def test_under_no_grad_a_tensor_is_written_to(augment, expected, dtype):
    w = leaf(dtype)
    before, array = w, w.data
    wanted = expected(w.numpy().copy(), OTHER).astype(dtype)
    with no_grad():
        w = augment(w, OTHER)
    assert w is before
    assert array is w.data
    assert (w.requires_grad, w.is_leaf, w.name, w.dtype) == (True, True, "w", np.dtype(dtype))
    np.testing.assert_allclose(w.numpy(), wanted, rtol=1e-6)


@by_operator_of_numbers
def test_under_no_grad_a_value_is_written_to(augment, expected):
    w = before = Value(3.0, name="w")
    with no_grad():
        w = augment(w, 2.0)
    assert w is before
    assert w.requires_grad
    assert w.item() == expected(3.0, 2.0)


@pytest.mark.parametrize("other", [2, 2.0, np.float64(2.0), np.array(2.0), Tensor(2.0), True])
def test_whatever_may_be_added_may_be_added_in_place(other):
    w = Tensor([1.0, 2.0], requires_grad=True)
    with no_grad():
        w += other
    np.testing.assert_array_equal(w.numpy(), np.array([1.0, 2.0]) + np.asarray(other))


def test_gradient_descent_of_a_textbook():
    """Ten steps on (w·x − t)² give the numbers of the same loop in NumPy."""
    x, t = np.array([1.0, -2.0, 0.5]), 0.7
    w, plain = Tensor([0.3, 0.1, -0.2], requires_grad=True), np.array([0.3, 0.1, -0.2])
    for _ in range(10):
        w.zero_grad()
        loss = ((w * x).sum() - t) ** 2
        loss.backward()
        with no_grad():
            w -= 0.05 * w.grad
        plain = plain - 0.05 * 2 * (plain @ x - t) * x
    np.testing.assert_allclose(w.numpy(), plain, rtol=1e-14)


def test_micrograds_loop_updates_its_values_too():
    w = Value(3.0)
    for _ in range(5):
        w.zero_grad()
        ((w - 1.0) ** 2).backward()
        with no_grad():
            w -= 0.25 * w.grad
    assert w.item() == 1.0 + 2.0 * 0.5**5


def test_an_attribute_of_a_module_is_updated_as_well():
    nn = pytest.importorskip("nn")
    layer = nn.Linear(2, 1, generator=0)
    weight, before = layer.weight, layer.weight.numpy().copy()
    with no_grad():
        layer.weight -= 0.5
    assert layer.weight is weight
    assert any(p is weight for p in layer.parameters())
    np.testing.assert_array_equal(weight.numpy(), before - 0.5)


@pytest.mark.parametrize("make", [Value, lambda x: Tensor(x, requires_grad=True)])
def test_an_older_graph_is_stale(make):
    w = make(3.0)
    y = w * w
    with no_grad():
        w *= 2.0
    with pytest.raises(StaleError):
        y.backward()


def test_a_result_of_another_shape_is_refused_and_nothing_is_written():
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    y = w * 2.0
    with no_grad(), pytest.raises(ShapeError, match=r"w .*shape \(2,\).*\(2, 2\)"):
        w += np.ones((2, 2))
    np.testing.assert_array_equal(w.numpy(), [1.0, 2.0])
    y.sum().backward()  # not stale


@pytest.mark.parametrize("other", ["a", None, [1.0, [2.0]], object()])
def test_what_cannot_be_added_leaves_the_leaf_as_it_was(other):
    for w in (Tensor([1.0, 2.0], requires_grad=True), Value(1.0)):
        numbers, y = np.copy(w.data), w * 2.0
        with no_grad(), pytest.raises((TypeError, ValueError)):
            operator.iadd(w, other)
        np.testing.assert_array_equal(w.data, numbers)
        (y if isinstance(y, Value) else y.sum()).backward()  # not stale


# --- while recording ------------------------------------------------------------------------------


@by_operator
def test_while_recording_a_tensor_is_not_written_to(augment, expected):
    w = leaf()
    with pytest.raises(OperandError, match=r"w \(node \d+\).*with no_grad\(\): w "):
        augment(w, OTHER)
    np.testing.assert_array_equal(w.numpy(), [[1.0, 2.0], [3.0, 4.0]])


def test_a_sum_of_values_is_a_new_node():
    """micrograd's `total += v`, from a leaf on."""
    total, vs = Value(0.0), [Value(1.0), Value(2.0)]
    start = total
    for v in vs:
        total += v * v
    total.backward()
    assert total is not start
    assert start.item() == 0.0
    assert [v.grad for v in vs] == [2.0, 4.0]


@by_operator
def test_constants_and_inner_nodes_give_a_new_node(augment, expected):
    for x in (Tensor(leaf().data), leaf() * 1.0):
        for mode in (no_grad, None):
            start, numbers = x, x.numpy().copy()
            if mode is None:
                y = augment(x, OTHER)
            else:
                with mode():
                    y = augment(x, OTHER)
            assert y is not start
            np.testing.assert_array_equal(start.numpy(), numbers)
            np.testing.assert_allclose(y.numpy(), expected(numbers, OTHER))


def shifted(x):
    x += 1.0
    x *= 2.0
    return (x * x).sum() if isinstance(x, Tensor) else x * x


def test_a_function_may_rebind_its_own_argument():
    """f(x) = 4(x + 1)²: f' = 8(x + 1), f'' = 8; the caller's array stays as it was."""
    x = np.array([0.5, -2.0])
    np.testing.assert_allclose(grad(shifted)(x), 8 * (x + 1))
    np.testing.assert_allclose(value_and_grad(shifted)(x)[1], 8 * (x + 1))
    np.testing.assert_allclose(jacobian(shifted)(x), 8 * (x + 1))
    np.testing.assert_allclose(hessian(shifted)(x), 8 * np.eye(2))
    np.testing.assert_allclose(jvp(shifted, (x,), (np.ones(2),))[1], (8 * (x + 1)).sum())
    np.testing.assert_allclose(vjp(shifted, x)[1](1.0)[0], 8 * (x + 1))
    np.testing.assert_array_equal(x, [0.5, -2.0])
    assert grad(grad(shifted))(3.0) == 8.0
    node = Value(3.0)
    assert grad(shifted)(node).item() == 32.0
    assert node.item() == 3.0


def test_a_variable_that_a_differentiated_function_uses_is_no_argument():
    w = Tensor([1.0], requires_grad=True)

    def f(x):
        nonlocal w
        w += 1.0
        return (w * x).sum()

    with pytest.raises(OperandError, match="no_grad"):
        grad(f)(np.array([1.0]))


# --- flags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "instead"),
    [
        (3, r"np.zeros\(\(2, 3\)\)"), (2.0, "np.zeros"), ((3, 4), "np.zeros"), ([1.0], "np.zeros"),
        ("x", "name='x'"), ("float32", "dtype="), (np.float32, "dtype="), (float, "dtype="),
        (np.dtype("float64"), "dtype="), (None, "requires_grad=True"), (1, "requires_grad=True"),
        (np.zeros(3), "requires_grad=True"),
    ],
)  # fmt: skip
def test_the_second_argument_is_a_flag(flag, instead):
    with pytest.raises(OperandError, match=f"requires_grad is True or False.*{instead}"):
        Tensor([1.0], flag)
    with pytest.raises(OperandError, match="requires_grad is True or False"):
        Value(1.0, requires_grad=flag)


@pytest.mark.parametrize("flag", [True, False, np.True_, np.False_])
def test_flags_of_python_and_numpy_are_taken(flag):
    assert Tensor([1.0], flag).requires_grad is bool(flag)
    assert Value(1.0, requires_grad=flag).requires_grad is bool(flag)


# --- arrays that two nodes share ------------------------------------------------------------------

VIEWS = {
    "reshape": lambda c: c.reshape(6),
    "reshape to the same": lambda c: c.reshape(2, 3),
    "T": lambda c: c.T,
    "transpose": lambda c: c.transpose(1, 0),
    "swapaxes": lambda c: c.swapaxes(0, 1),
    "[:]": lambda c: c[:],
    "[...]": lambda c: c[...],
    "[0]": lambda c: c[0],
    "[0, 1]": lambda c: c[0, 1],
    "[::-1]": lambda c: c[::-1],
    "[None]": lambda c: c[None],
    "expand_dims": lambda c: c.expand_dims(0),
    "squeeze": lambda c: c.reshape(2, 1, 3).squeeze(1),
    "squeeze nothing": lambda c: c.squeeze(),
    "astype": lambda c: c.astype("float64"),
    "iteration": lambda c: next(iter(c)),
    "np.reshape": lambda c: np.reshape(c, (3, 2)),
    "np.transpose": np.transpose,
    "np.broadcast_to": lambda c: np.broadcast_to(c, (4, 2, 3)),
    "np.flip": np.flip,
    "np.split": lambda c: np.split(c, 2)[0],
    "np.stack": lambda c: np.stack([c]),
    "np.concatenate": lambda c: np.concatenate([c]),
    "np.diag": np.diag,
    "np.where": lambda c: np.where(True, c, 0.0),
    "einsum": lambda c: np.einsum("ij->ji", c),
    "einsum of one": lambda c: np.einsum("ij", c),
}
by_view = pytest.mark.parametrize("view", list(VIEWS.values()), ids=list(VIEWS))


def written_to(c, number):
    c.data[...] = number


def refilled(c, number):
    c.update_(lambda array: array.fill(number))


@pytest.mark.parametrize("write", [written_to, refilled])
@by_view
def test_writing_to_a_constant_changes_no_view_of_it_unseen(view, write):
    """y = Σ w·view(c): the recorded derivative is view(c) as it was, or the graph says that it is stale."""
    c = Tensor(np.arange(6.0).reshape(2, 3))
    factor = view(c)
    recorded = factor.numpy().copy()
    w = Tensor(np.ones(factor.shape), requires_grad=True)
    y = (w * factor).sum()
    write(c, 100.0)
    try:
        y.backward()
    except StaleError:
        return
    assert y.item() == recorded.sum()
    np.testing.assert_array_equal(w.grad, recorded)


@by_view
def test_writing_to_a_result_made_under_no_grad_leaves_the_variable_alone(view):
    w = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    y = (w * w).sum()
    with no_grad():
        v = view(w)
    if v.requires_grad:  # a copy of the variable, no result
        return
    v.data[...] = 100.0
    np.testing.assert_array_equal(w.numpy(), np.arange(6.0).reshape(2, 3))
    y.backward()
    np.testing.assert_array_equal(w.grad, 2 * np.arange(6.0).reshape(2, 3))


def test_writing_to_one_inner_gradient_never_changes_another_unseen():
    """Where a sum hands one array on, it cannot be written to; what can be written to is shared with none."""
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    p, q = a * 2.0, b * 3.0
    y = p + q
    (y * y).sum().backward()
    grads = [node.grad for node in (a, b, p, q, y)]
    for i, g in enumerate(grads):
        if g.flags.writeable:
            others = [other.copy() for other in grads]
            np.add(g, 1.0, out=g)
            for j, other in enumerate(grads):
                assert i == j or np.array_equal(other, others[j])
