"""Tensor: an array on the graph, with PyTorch's habits and NumPy's names."""

import math
import sys

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, Value, no_grad
from autograd_lite.errors import (
    DerivativeError,
    IndexingError,
    OperandError,
    ShapeError,
)


def kind(thing):
    return type(thing).__name__


def variable(data, **options):
    return Tensor(data, requires_grad=True, **options)


# --- making ---------------------------------------------------------------------------------------


def test_the_signature_is_the_public_one():
    """design: Tensor(data, requires_grad=False, name=None, dtype=None), positionally too."""
    t = Tensor([1, 2], True, "t", "float32")
    assert (t.requires_grad, t.name, t.dtype) == (True, "t", np.float32)
    assert not Tensor([1.0]).requires_grad


@pytest.mark.parametrize("data", [3, True, [1, 2], np.arange(3), np.array([True]), np.float16(2)])
def test_whatever_is_not_float32_becomes_float64(data):
    assert Tensor(data).dtype == np.float64


def test_float32_stays_in_values_and_gradients():
    x = variable(np.array([1.0, 2.0], np.float32))
    for y in (x * 2, 2.5 * x, x**2, x / 3, ag.exp(x), x + x, (x @ x) * 2.0, x[0] - 1):
        assert y.dtype == np.float32
        x.zero_grad()
        y.sum().backward()
        assert x.grad.dtype == np.float32


def test_a_gradient_has_its_own_operands_dtype():
    x, w = variable(np.ones(2, np.float32)), variable(np.ones(2))
    (x * w).sum().backward()
    assert (x.grad.dtype, w.grad.dtype) == (np.float32, np.float64)


def test_integers_that_want_a_gradient_are_promoted():
    x = variable([1, 2, 3])
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0, 6.0])


def test_a_copy_is_kept():
    mine = np.ones(2)
    x = variable(mine)
    mine[:] = 5.0
    np.testing.assert_array_equal(x.numpy(), [1.0, 1.0])


def test_constant_operands_are_copied_too():
    x, mine = variable([1.0, 2.0]), np.array([3.0, 4.0])
    y = (x * mine).sum()
    mine[:] = 0.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_an_index_array_is_copied_too():
    x, index = variable([1.0, 2.0, 3.0]), np.array([0, 1])
    y = x[index].sum()
    index[:] = 2
    y.backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0, 0.0])


@pytest.mark.parametrize(
    "data", ["12", None, 1j, [[1], [2, 3]], object(), {"a": 1}, ["a"]], ids=kind
)
def test_only_regular_arrays_of_real_numbers_are_held(data):
    with pytest.raises(OperandError, match="a Tensor holds real numbers"):
        Tensor(data)


@pytest.mark.parametrize("dtype", ["int64", "float16", "complex128"])
def test_only_float32_and_float64_have_derivatives(dtype):
    with pytest.raises(OperandError, match="dtype='float64' or 'float32'"):
        Tensor([1.0], dtype=dtype)


def test_empty_and_zero_dimensional():
    empty, point = variable(np.zeros((0, 3))), variable(2.0)
    (empty * empty).sum().backward()
    (point * point).backward()
    assert empty.grad.shape == (0, 3)
    assert point.grad.shape == ()
    assert float(point.grad) == 4.0


# --- PyTorch's habits -----------------------------------------------------------------------------


def test_shape_dtype_ndim_size_t_item_len():
    x = Tensor(np.arange(6.0).reshape(2, 3))
    assert (x.shape, x.dtype, x.ndim, x.size, len(x)) == ((2, 3), np.float64, 2, 6, 2)
    assert x.T.shape == (3, 2)
    assert Tensor([[5.0]]).item() == 5.0
    with pytest.raises(ValueError):
        x.item()


def test_numpy_is_read_only_and_detach_a_free_copy():
    x = variable([1.0, 2.0])
    with pytest.raises(ValueError):
        x.numpy()[0] = 5.0
    with pytest.raises(ValueError), no_grad():
        np.asarray(x)[0] = 5.0
    loose = x.detach()
    loose.data[0] = 9.0
    assert x.numpy()[0] == 1.0
    assert not loose.requires_grad
    assert np.array(loose).flags.writeable


def test_value_is_read_only_and_costs_no_later_operation_anything():
    def calls(f):
        counted = []
        sys.setprofile(lambda frame, event, arg: counted.append(event))
        try:
            f()
        finally:
            sys.setprofile(None)
        return len(counted)

    x = variable([1.0, 2.0])
    before = calls(lambda: x * x)
    value = x.value
    assert calls(lambda: x * x) == before
    with pytest.raises(ValueError, match="read-only"):
        value[0] = 5.0
    for node, instead in ((x, "set x.data"), (x * x, "the leaves")):
        with pytest.raises(
            OperandError, match=f"is only read: {'set ' * (node is not x)}.*{instead}"
        ):
            node.value = [3.0, 4.0]
    x.update_(lambda array: np.add(array, 1.0, out=array))
    assert value.tolist() == x.value.tolist() == [2.0, 3.0]
    assert x.data is not None
    assert calls(lambda: x * x) > before  # whoever holds `data` may write into it


def test_grad_is_none_before_accumulates_on_leaves_and_is_replaced_elsewhere():
    x = variable([1.0, 2.0])
    h = x * x
    y = h.sum()
    assert x.grad is None
    for k in (1, 2):
        y.backward()
        np.testing.assert_array_equal(x.grad, [2.0 * k, 4.0 * k])
        np.testing.assert_array_equal(h.grad, [1.0, 1.0])
    x.zero_grad()
    assert x.grad is None


def test_a_gradient_is_the_users_own():
    """Changing one leaf's gradient in place changes no other."""
    x, w = variable([1.0, 2.0]), variable([3.0, 4.0])
    (x + w).sum().backward()
    x.grad[:] = 100.0
    np.testing.assert_array_equal(w.grad, [1.0, 1.0])
    w.grad += 1.0
    np.testing.assert_array_equal(x.grad, [100.0, 100.0])
    seed = np.ones(2)
    y = variable([1.0, 1.0])
    (y + 0.0).backward(seed)
    y.grad[:] = 7.0
    np.testing.assert_array_equal(seed, [1.0, 1.0])


def test_a_constant_gets_no_gradient():
    x, c = variable([1.0, 2.0]), Tensor([3.0, 4.0])
    (x * c).sum().backward()
    assert c.grad is None
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_what_is_computed_from_constants_is_a_constant():
    y = Tensor([1.0]) * 2 + 3
    assert (y.requires_grad, y.parents, y.is_leaf) == (False, (), True)


def test_backward_of_a_constant_says_what_is_missing():
    with pytest.raises(DerivativeError, match="requires_grad=True.*no_grad"):
        (Tensor([1.0]) * 2).sum().backward()


def test_backward_from_an_array_needs_a_gradient_of_its_shape():
    x = variable([1.0, 2.0, 3.0])
    y = (x * x).named("y")
    with pytest.raises(
        DerivativeError, match=r"y \(node \d+\) has shape \(3,\).*sum\(\)\.backward"
    ):
        y.backward()
    with pytest.raises(DerivativeError, match=r"\(2,\).*\(3,\)"):
        y.backward(np.ones(2))
    with pytest.raises(OperandError):
        y.backward("ones")
    assert x.grad is None
    y.backward(np.array([1.0, 10.0, 100.0]))
    np.testing.assert_array_equal(x.grad, [2.0, 40.0, 600.0])


def test_an_array_of_one_number_is_one_number():
    x = variable([[3.0]])
    (x * x).backward()
    np.testing.assert_array_equal(x.grad, [[6.0]])


def test_requires_grad_is_lost_by_rebinding_under_no_grad_and_backward_says_so():
    """PyTorch's in-place `p -= lr·g` makes a new constant here; the next backward must not be silent."""
    p = variable([1.0])
    with no_grad():
        p = p - 0.1
    with pytest.raises(DerivativeError):
        (p * p).sum().backward()


# --- reading, writing, iterating ------------------------------------------------------------------


def test_reading_records():
    x = variable([[1.0, 2.0], [3.0, 4.0]])
    (x[0, 1] * x[1][0]).backward()
    np.testing.assert_array_equal(x.grad, [[0.0, 3.0], [2.0, 0.0]])


def test_an_index_outside_is_an_index_error_that_names_the_shape():
    with pytest.raises(IndexingError, match=r"getitem.*\(2,\)"):
        variable([1.0, 2.0])[5]


def test_writing_says_what_to_write_instead():
    x = variable([1.0, 2.0], name="x")
    with pytest.raises(OperandError, match=r"t = t\.at\[0\]\.set\(5\.0\)"):
        x[0] = 5.0
    y = x.at[0].set(5.0)
    np.testing.assert_array_equal(y.numpy(), [5.0, 2.0])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 1.0])


def test_adding_at_repeated_indices_counts_each():
    x, v = variable(np.zeros(3)), variable([1.0, 2.0, 4.0])
    y = x.at[[0, 0, 2]].add(v)
    np.testing.assert_array_equal(y.numpy(), [3.0, 0.0, 4.0])
    (y * np.array([1.0, 10.0, 100.0])).sum().backward()
    np.testing.assert_array_equal(v.grad, [1.0, 1.0, 100.0])


def test_iterating_gives_rows_on_the_graph():
    x = variable([[1.0, 2.0], [3.0, 4.0]])
    a, b = x
    (a * b).sum().backward()
    np.testing.assert_array_equal(x.grad, [[3.0, 4.0], [1.0, 2.0]])
    with pytest.raises(TypeError):
        list(variable(1.0))


def test_comparison_gives_arrays_of_bools_and_hashing_identity():
    x, w = variable([1.0, 2.0]), variable([1.0, 3.0])
    for got in (x == w, w == x, np.array([1.0, 3.0]) == x):
        assert type(got) is np.ndarray
        np.testing.assert_array_equal(got, [True, False])
    np.testing.assert_array_equal(np.array([0.0, 3.0]) < x, [True, False])
    np.testing.assert_array_equal(x >= 2, [False, True])
    assert len({x, w, x}) == 2
    assert bool(Tensor(1.0))
    assert not bool(Tensor(0.0))
    with pytest.raises(ValueError, match="ambiguous"):
        bool(x)


def test_conversions():
    x = variable(2.75)
    with no_grad():
        assert (float(x), int(x), round(x, 1)) == (2.75, 2, 2.8)
    assert (x.item(), f"{x:.1f}") == (2.75, "2.8")
    assert repr(x) == f"{x}"
    with pytest.raises(TypeError):
        float(variable([1.0, 2.0]))


def test_printing_shows_numbers_name_and_gradient():
    x = variable([1.0, 2.5], name="\\theta")
    (x * 2).sum().backward()
    assert repr(x) == "Tensor([1. , 2.5], name='θ', requires_grad=True, grad=[2., 2.])"
    assert len(repr(Tensor(np.zeros(100_000)))) < 200


# --- NumPy's functions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "by_hand"),
    [
        (np.exp, np.exp),
        (np.sin, np.cos),
        (lambda t: np.sum(t, axis=0), np.ones_like),
        (
            lambda t: np.multiply(np.arange(3.0), t),
            lambda x: np.broadcast_to(np.arange(3.0), x.shape),
        ),
        (lambda t: np.concatenate([t, t * t]), lambda x: 1 + 2 * x),
        (lambda t: np.arange(3.0) - t, lambda x: -np.ones_like(x)),
        (lambda t: np.max(t, axis=1), lambda x: (x == x.max(1, keepdims=True)) * 1.0),
        (lambda t: np.ones(2) @ t, np.ones_like),
    ],
)
def test_numpys_functions_record(function, by_hand):
    x = variable(np.arange(6.0).reshape(2, 3) / 3)
    y = function(x)
    assert isinstance(y, Tensor)
    np.testing.assert_allclose(y.numpy(), function(x.detach().numpy().copy()), rtol=1e-15)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, by_hand(x.numpy()), rtol=1e-14)


def test_numpys_questions_are_answered():
    x = variable([[1.0, math.nan]])
    assert (np.shape(x), np.ndim(x), np.size(x)) == ((1, 2), 2, 2)
    np.testing.assert_array_equal(np.isnan(x), [[False, True]])
    assert np.array_equal(x, x, equal_nan=True)
    assert type(np.zeros_like(x)) is np.ndarray


@pytest.mark.parametrize(
    "call",
    [
        np.spacing,
        np.histogram,
        np.add.reduce,
        np.linalg.qr,
        lambda x: np.add(x, x, out=np.zeros((2, 2))),
    ],
)
def test_a_function_without_a_rule_is_refused_rather_than_detached(call):
    with pytest.raises(OperandError, match=r"np\..*does not record"):
        call(variable(np.eye(2)))


# --- shapes and kinds that do not fit -------------------------------------------------------------


@pytest.mark.parametrize(
    ("operate", "name"),
    [
        (lambda a, b: a + b, "add"),
        (lambda a, b: a * b.numpy(), "multiply"),
        (lambda a, b: a.numpy() / b, "divide"),
        (lambda a, b: a @ b, "matmul"),
        (lambda a, b: ag.where(a > 0, a, b), "where"),
    ],
)
def test_a_shape_error_names_both_shapes_and_the_operation(operate, name):
    a, b = variable(np.ones((2, 3)), name="a"), variable(np.ones(4), name="b")
    with pytest.raises(ShapeError, match=rf"{name}.*\(2, 3\) and \(4,\)"):
        operate(a, b)


def test_a_failed_operation_leaves_nothing_behind():
    a, b = variable(np.ones(3), name="a"), variable(np.ones(4), name="b")
    y = (a * 2).sum()
    with pytest.raises(ShapeError):
        a + b
    with pytest.raises(OperandError):
        a + "b"
    y.backward()
    np.testing.assert_array_equal(a.grad, [2.0, 2.0, 2.0])
    assert b.grad is None


@pytest.mark.parametrize("other", [None, "1", 1j, object(), [[1], [2, 3]], Value(1.0)], ids=kind)
def test_operands_that_are_no_numbers_are_refused(other):
    for operate in (lambda x: x + other, lambda x: x * other, lambda x: ag.add(x, other)):
        with pytest.raises(OperandError):
            operate(variable([1.0, 2.0]))


def test_wrong_numbers_of_operands_are_refused():
    for call in (ag.add, ag.where, lambda x: ag.exp(x, x)):
        for x in (variable([1.0]), Value(1.0)):
            with pytest.raises(TypeError):
                call(x)


def test_broadcasting_is_undone():
    """Shapes (), (3,), (2, 1), (1, 3), (2, 3), (4, 2, 3): each gradient in its own shape, by counting."""
    shapes = [(), (3,), (2, 1), (1, 3), (2, 3), (4, 2, 3)]
    xs = [variable(np.ones(shape)) for shape in shapes]
    total = xs[0]
    for x in xs[1:]:
        total = total + x
    total.sum().backward()
    for x, shape in zip(xs, shapes, strict=True):
        assert x.grad.shape == shape
        np.testing.assert_array_equal(x.grad, np.full(shape, 24 / max(1, math.prod(shape))))


@pytest.mark.parametrize("nodes", [[variable(1.0), 2.0], [[Value(1.0)]], (variable([1.0]),)])
def test_a_list_of_nodes_is_not_silently_cut_off_the_graph(nodes):
    for use in (Tensor, lambda n: variable([1.0]) * n, ag.exp, ag.sum):
        with pytest.raises(OperandError, match=r"stack\(\[…\]\)"):
            use(nodes)
    np.testing.assert_array_equal(Tensor([Tensor(1.0), 2.0]).numpy(), [1.0, 2.0])


@pytest.mark.parametrize("zero", [0.0, -0.0, 0, np.float64(0.0)])
def test_division_by_pythons_zero_is_numpys(zero):
    numbers = np.array([1.0, -1.0, 0.0])
    x = Tensor(numbers, requires_grad=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        y, wanted, slope = x / zero, numbers / zero, 1.0 / np.full(3, zero, float)
        np.testing.assert_array_equal(y.numpy(), wanted)
        y.sum().backward()
        np.testing.assert_array_equal(x.grad, slope)
        _, pushed = ag.jvp(lambda x: x / zero, (numbers,), (np.ones(3),))
        np.testing.assert_array_equal(pushed, slope)
        np.testing.assert_array_equal((zero / x).numpy(), zero / numbers)
