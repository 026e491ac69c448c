"""Nodes as NumPy arrays: Values are objects there and stay on the graph, Tensors refuse, masks stay."""

import operator

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import (
    GraphCutWarning,
    Tensor,
    Value,
    grad,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd_lite.errors import DerivativeError, OperandError

# --- a Tensor as a NumPy array ---------------------------------------------------------------------

AS_ARRAYS = {
    "np.asarray(t) * 2": lambda t: np.asarray(t) * 2,
    "np.r_[t, t]": lambda t: np.r_[t, t],
    "np.array([t, t])": lambda t: np.array([t, t]),
    "np.sum([t, t*t])": lambda t: np.sum([t, t * t]),
    "np.array(dtype)": lambda t: np.array(t, dtype=np.float32),
    "out[:] = t": lambda t: written(t) * 1.0,
    "list": lambda t: np.array([t[0], t[1]]),
}


def written(t):
    out = np.zeros(2)
    out[:] = t
    return out


@pytest.mark.parametrize("convert", AS_ARRAYS.values(), ids=AS_ARRAYS)
def test_a_recorded_tensor_is_no_array(convert):
    t = Tensor([1.0, 2.0], requires_grad=True)
    for recorded in (t, t * 2.0):
        with pytest.raises(OperandError, match=r"t\.numpy\(\).*stack.*\.at\[i\]\.set"):
            convert(recorded)
    with pytest.raises(OperandError):
        grad(lambda x: ag.sum(x) * convert(x).sum())(np.array([1.0, 2.0]))
    with no_grad():
        assert type(convert(t)) in (np.ndarray, np.float64)
    assert type(convert(Tensor([1.0, 2.0]))) in (np.ndarray, np.float64)


def test_inside_numpys_own_error_the_refusal_is_the_cause():
    def f(x):
        out = np.zeros(2)
        out[0] = x[0] ** 2
        return out

    with pytest.raises((ValueError, OperandError)) as raised:
        grad(f)(np.array([2.0, 3.0]))
    cause = raised.value.__cause__ or raised.value
    assert "stack" in str(cause)
    assert ".at[i].set" in str(cause)


# --- Values as objects -----------------------------------------------------------------------------


def values(*numbers):
    return [Value(x) for x in numbers]


def test_numpys_sum_of_a_list_of_values_has_derivatives():
    a, b, w = values(2.0, 3.0, 4.0)
    (np.sum([a, b]) * w).backward()
    assert (a.grad, b.grad, w.grad) == (4.0, 4.0, 5.0)


OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


@pytest.mark.parametrize("operate", OPERATORS)
def test_an_object_array_and_a_value_go_entry_by_entry_in_both_orders(operate):
    numbers = np.array([2.0, 3.0])
    for forwards in (True, False):
        xs, w = values(2.0, 3.0), Value(4.0)
        array = np.array(xs)
        y = operate(array, w) if forwards else operate(w, array)
        expected = operate(numbers, 4.0) if forwards else operate(4.0, numbers)
        assert y.dtype == object
        np.testing.assert_array_equal([part.data for part in y], expected)
        np.sum(y).backward()
        h = 1e-6
        moved = [
            operate(n, 4.0 + s * h) if forwards else operate(4.0 + s * h, n)
            for n in (2.0, 3.0)
            for s in (1, -1)
        ]
        assert w.grad == pytest.approx(
            (moved[0] - moved[1] + moved[2] - moved[3]) / (2 * h), rel=1e-6
        )


def test_micrograds_neuron_written_with_numpy():
    """tanh(w·x + b) by np.dot and np.tanh on Values: ∂y/∂w = (1 - y²)·x."""
    w, b, x = np.array(values(0.5, -0.3)), Value(0.1), np.array([2.0, 3.0])
    for y in (
        np.tanh(np.dot(w, x) + b),
        np.tanh(w @ x + b),
        np.tanh(x @ w + b),
        np.tanh((w * x).sum() + b),
    ):
        for node in (*w, b):
            node.zero_grad()
        y.backward()
        slope = 1.0 - y.data**2
        np.testing.assert_allclose(
            [node.grad for node in (*w, b)], [2.0 * slope, 3.0 * slope, slope]
        )


def test_every_ufunc_with_a_rule_goes_through_object_arrays():
    for name in ag.functions.__all__:
        ufunc = getattr(np, name, None)
        if isinstance(ufunc, np.ufunc) and ufunc.nin == ufunc.nout == 1:
            number = 1.4 if name in {"arccosh", "acosh"} else 0.4  # inside its domain
            x = Value(number)
            (y,) = ufunc(np.array([x]))
            assert (y if isinstance(y, float | int) else y.data) == pytest.approx(
                ufunc(number), rel=1e-15
            ), name
            if isinstance(y, Value):
                y.backward()
                slope = (ufunc(number + 1e-6) - ufunc(number - 1e-6)) / 2e-6
                assert x.grad == pytest.approx(slope, rel=1e-8), name


def test_mixing_goes_on_where_a_function_of_numpy_meets_a_value():
    a, b = values(2.0, 3.0)
    array = np.array([a, b])
    for y, by_a in [
        (np.stack([a, b]).sum(), 1.0),
        (np.append(array, a).prod(), 12.0),
        (np.clip(array, a, b).sum(), None),
        (np.multiply.outer(array, array).sum(), 10.0),
        (np.add.reduce([a, b]), 1.0),
        (np.linalg.norm([a, b]), 2.0 / 13**0.5),
        (np.where([True, False], array, 0.0).sum(), 1.0),
    ]:
        a.zero_grad()
        y.backward()
        assert by_a is None or a.grad == pytest.approx(by_a)


def test_writing_a_value_into_an_array_of_floats_is_said():
    with pytest.warns(GraphCutWarning):
        np.zeros(2)[0:1] = values(1.0)
    with pytest.raises(TypeError, match="float64"):
        np.add(np.array(values(1.0)), 1.0, out=np.zeros(1))
    with pytest.warns(GraphCutWarning):
        np.add.at(np.zeros(2), [0], np.array(values(1.0)))


@pytest.mark.parametrize(
    "f", [np.modf, np.linalg.inv, np.linalg.det, np.fft.fft, np.isfinite, np.linalg.svd]
)
def test_what_numpy_cannot_do_with_objects_is_loud(f):
    with pytest.raises((TypeError, GraphCutWarning)):
        f(np.array([values(1.0, 2.0), values(3.0, 5.0)]))


# --- an object array is a list of nodes, for the transforms ----------------------------------------


def both(a):
    return np.array([a[0] * a[1], a[0] + a[1]])


def test_jacobian_of_an_object_array():
    for given in (values(2.0, 3.0), np.array(values(2.0, 3.0)), tuple(values(2.0, 3.0))):
        found = np.array(jacobian(both)(given))
        assert (found == np.array([[3.0, 2.0], [1.0, 1.0]])).all()
    assert jacobian(both)(np.array(values(2.0, 3.0))).shape == (2, 2)
    with pytest.raises(OperandError, match="stack"):
        jacobian(both)([2.0, 3.0])
    with pytest.raises(OperandError, match="stack"):
        jacobian(both)(np.array([2.0, 3.0]))


def test_jacobian_keeps_the_shape_of_a_matrix_of_values():
    given = np.array(values(2.0, 3.0))
    found = jacobian(lambda a: np.multiply.outer(a, a))(given)
    expected = jacobian(lambda t: ag.outer(t, t))(np.array([2.0, 3.0]))
    assert found.shape == (2, 2, 2)
    assert (found == expected).all()


def test_jvp_and_vjp_of_object_arrays():
    given = np.array(values(2.0, 3.0))
    y, tangent = jvp(both, (given,), (np.array([1.0, 10.0]),))
    assert (y == [6.0, 5.0]).all()
    assert (tangent == [23.0, 11.0]).all()
    y, pull = vjp(both, given)
    (slope,) = pull(np.array([1.0, 10.0]))
    assert (slope == [13.0, 12.0]).all()
    assert (hvp(lambda a: np.prod(a * a), (given,), ([1.0, 0.0],)) == [18.0, 24.0]).all()
    with pytest.raises((DerivativeError, ValueError)):
        jvp(both, (given,), (np.array([1.0, 2.0, 3.0]),))


def test_grad_takes_an_object_array_and_refuses_to_get_one():
    given = np.array(values(2.0, 3.0))
    value, slope = value_and_grad(lambda a: (a * a).sum())(given)
    assert value == 13.0
    assert (slope == [4.0, 6.0]).all()
    for f in (both, lambda a: a[:1] * 2.0, lambda a: [a[0]]):
        with pytest.raises(DerivativeError, match="returns one number"):
            grad(f)(given)


def test_a_function_that_writes_to_its_list_does_not_move_what_is_differentiated_by():
    def f(a):
        a[0] = a[0] * a[0]
        return a[0] * a[1]

    assert grad(f)([3.0, 2.0]) == [12.0, 9.0]
    assert (grad(f)(np.array(values(3.0, 2.0))) == [12.0, 9.0]).all()


# --- masks -----------------------------------------------------------------------------------------

MASKED = np.ma.array([1.0, 2.0], mask=[True, False])
COMPARISONS = [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]


MIXED = {f.__name__: f for f in [*OPERATORS, *COMPARISONS, operator.matmul, np.maximum, np.dot]}
NODES = {
    "recorded": Tensor([1.0, 2.0], requires_grad=True),
    "constant": Tensor([1.0, 2.0]),
    "Value": Value(2.0),
}


@pytest.mark.parametrize("operate", MIXED.values(), ids=MIXED)
@pytest.mark.parametrize("x", NODES.values(), ids=NODES)
def test_a_masked_array_is_refused_on_either_side(operate, x):
    for masked in (MASKED, np.ma.masked, np.ma.array(3.0, mask=True)):
        for left, right in ((masked, x), (x, masked)):
            with pytest.raises((OperandError, TypeError), match="mask|unsupported operand"):
                operate(left, right)
            with pytest.raises(OperandError, match="mask"):
                np.where([True, False], left, right)


def test_a_mask_is_never_dropped_on_the_way_in():
    t = Tensor([1.0, 2.0], requires_grad=True)
    for call in (
        lambda: Tensor(MASKED), lambda: Tensor([MASKED, MASKED]), lambda: Value(np.ma.masked),
        lambda: ag.exp(MASKED),
        lambda: ag.sum(MASKED), lambda: t.at[0].set(np.ma.masked), lambda: grad(ag.sum)(MASKED),
        lambda: t[np.ma.array([True, False], mask=[True, False])], lambda: ag.stack([t, MASKED]),
        lambda: (t * 2.0).backward(MASKED), lambda: jvp(ag.exp, (np.ones(2),), (MASKED,)),
        lambda: vjp(ag.exp, np.ones(2))[1](MASKED), lambda: np.ma.add(MASKED, t), lambda: np.ma.median(t),
        lambda: np.ma.array(t), lambda: np.ma.exp(t),
    ):  # fmt: skip
        with pytest.raises(OperandError):
            call()


def test_in_place_too():
    m = MASKED.copy()
    with pytest.raises(OperandError):
        m += Tensor([1.0, 2.0], requires_grad=True)
    t = Tensor([1.0, 2.0])
    with pytest.raises(OperandError):
        t *= MASKED
