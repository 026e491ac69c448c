"""A record keeps what it promises: one direction is enough, and what does not fit is refused by name."""

import numpy as np
import pytest

from autograd_lite import (
    Tensor,
    Value,
    elementwise,
    grad,
    gradcheck,
    hessian,
    hvp,
    jvp,
    linear,
    operation,
)
from autograd_lite.errors import DerivativeError, OperandError, ShapeError
from autograd_lite.rules.namespaces import plain

X, V = np.array([0.3, 0.2]), np.array([1.0, 2.0])


def _exp_of_square(xp, x):
    return xp.exp(xp.sum(x * x))


@operation([lambda xp, g, y, x: 2.0 * g * y * x])
def by_vjp(xp, x):
    """y = e^(x·x), whose record has the reverse direction alone."""
    return _exp_of_square(xp, x)


@operation((), [lambda xp, t, y, x: 2.0 * y * xp.sum(x * t)])
def by_jvp(xp, x):
    """The same with the forward direction alone."""
    return _exp_of_square(xp, x)


@operation([lambda xp, g, y, a, b: xp.matmul(g, b.T), lambda xp, g, y, a, b: xp.matmul(a.T, g)])
def product_by_vjps(xp, a, b):
    """y = a·b."""
    return xp.matmul(a, b)


@operation((), [lambda xp, t, y, a, b: t @ b, lambda xp, t, y, a, b: a @ t])
def product_by_jvps(xp, a, b):
    """y = a·b."""
    return xp.matmul(a, b)


# --- one direction -------------------------------------------------------------------------------


@pytest.mark.parametrize("f", [by_vjp, by_jvp])
def test_one_direction_gives_both_of_every_order(f):
    y = np.exp(X @ X)
    gradient, curvature = 2 * y * X, 2 * y * np.eye(2) + 4 * y * np.outer(X, X)
    np.testing.assert_allclose(grad(f)(X), gradient, rtol=1e-14)
    np.testing.assert_allclose(jvp(f, (X,), (V,))[1], gradient @ V, rtol=1e-14)
    np.testing.assert_allclose(hessian(f)(X), curvature, rtol=1e-14)
    np.testing.assert_allclose(hvp(f, (X,), (V,)), curvature @ V, rtol=1e-14)
    assert gradcheck(f, X, order=3)


@pytest.mark.parametrize("f", [product_by_vjps, product_by_jvps])
def test_one_direction_of_two_operands_gives_both(f):
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4) - 5.0
    assert gradcheck(f, a, b, order=2)
    assert jvp(f, (a.astype("f"), b.astype("f")), (a.astype("f"), b.astype("f")))[1].dtype == "f"


def test_one_direction_that_records_nothing_refuses_the_other():
    @operation([lambda xp, g, y, x: plain(g) * 2.0 * plain(x)])
    def off_the_graph(xp, x):
        return xp.sum(x * x)

    np.testing.assert_array_equal(grad(off_the_graph)(X), 2 * X)
    with pytest.raises(DerivativeError, match=r"off_the_graph has no jvps.*operand 0.*jvps too"):
        jvp(off_the_graph, (X,), (V,))


def test_a_record_that_says_nothing_refuses_every_derivative():
    @operation()
    def silent(xp, x):
        return xp.sum(x)

    assert silent(X) == 0.5
    for asked in (lambda: grad(silent)(X), lambda: jvp(silent, (X,), (V,))):
        with pytest.raises(DerivativeError, match=r"silent has no derivative by operand 0.*None"):
            asked()


def test_a_record_that_says_none_does_not_move():
    @operation([None])
    def place(xp, x):
        return xp.argmax(x)

    @elementwise(None)
    def steps(xp, x):
        return xp.floor(x)

    np.testing.assert_array_equal(grad(lambda x: place(x) * 2.0 + x.sum())(X), [1.0, 1.0])
    assert jvp(place, (X,), (V,))[1] == 0
    np.testing.assert_array_equal(grad(lambda x: steps(x).sum())(X), [0.0, 0.0])
    np.testing.assert_array_equal(jvp(steps, (X,), (V,))[1], [0.0, 0.0])
    assert (grad(steps)(1.5), jvp(steps, (1.5,), (1.0,))[1]) == (0.0, 0.0)


# --- what can be seen where the record is made ---------------------------------------------------


def _one(xp, y, a):
    return 1.0


def _two(xp, y, a, b):
    return 1.0


def _pull(xp, g, y, a, b):
    return g


MISFITS = {
    "none": (elementwise(), "given are 0"),
    "too few": (elementwise(_two), "given are 1"),
    "too many": (elementwise(_two, _two, _two), "given are 3"),
    "other operands": (elementwise(_one, _two), r"operand 0.*partials takes \(xp, y, a\)"),
    "an unknown parameter": (elementwise(None, lambda xp, y, a, b, *, k: k), "operand 1"),
    "no function": (elementwise(2.0, None), "functions"),
    "a vjp too few": (linear(_pull), "given are 1"),
    "a jvp too few": (operation([_pull, _pull], [_pull]), "jvps"),
    "a vjp like a partial": (operation([_two, None]), r"vjps takes \(xp, y, a, b\)"),
    "a contradiction": (operation([_pull, None], [_pull, _pull]), "operand 1.*vjps say None"),
}


@pytest.mark.parametrize("case", MISFITS)
def test_a_record_whose_parts_do_not_fit_is_refused_where_it_is_made(case):
    decorator, words = MISFITS[case]
    with pytest.raises(OperandError, match=f"product.*{words}"):

        @decorator
        def product(xp, a, b):
            return a * b


def test_a_record_is_made_of_a_function():
    with pytest.raises(OperandError, match=r"made of a function.*parentheses"):
        elementwise(lambda xp, x: x)(2.0)


def test_a_parameter_that_the_value_lacks_is_taken_by_no_derivative_and_the_other_way_round():
    with pytest.raises(OperandError, match=r"scaled, operand 0.*factor"):

        @elementwise(lambda xp, y, x: 2.0)
        def scaled(xp, x, *, factor=2.0):
            return factor * x


@pytest.mark.parametrize("own", ["none", "another"])
def test_a_derivative_has_the_values_defaults(own):
    if own == "none":

        def slope(xp, y, x, *, k):
            return k * x ** (k - 1)

        def pull(xp, g, y, x, *, k):
            return g * slope(xp, y, x, k=k)
    else:

        def slope(xp, y, x, *, k=7):
            return k * x ** (k - 1)

        def pull(xp, g, y, x, k=7):
            return g * slope(xp, y, x, k=k)

    @elementwise(slope)
    def powers(xp, x, *, k=2):
        return x**k

    @operation([pull])
    def power_sum(xp, x, *, k=2):
        return xp.sum(x**k)

    for f in (power_sum, lambda x, **k: powers(x, **k).sum()):
        np.testing.assert_allclose(grad(f)(X), 2 * X)
        np.testing.assert_allclose(grad(lambda x, f=f: f(x, k=3))(X), 3 * X**2)
        np.testing.assert_allclose(jvp(lambda x, f=f: f(x, k=3), (X,), (V,))[1], 3 * X**2 @ V)
    assert (grad(powers)(3.0), grad(lambda x: powers(x, k=3))(3.0)) == (6.0, 27.0)


# --- what can only be seen where it is used ------------------------------------------------------

NO_NUMBERS = ["a", None, 1j, np.array([1j, 1j]), np.array(["a", "b"])]
BAD_SHAPES = [np.ones(3), np.ones((2, 2))]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize("x", [Value(1.0), Tensor(X, requires_grad=True)], ids=["Value", "Tensor"])
def test_a_value_that_is_no_number_is_refused(value, x):
    @elementwise(lambda xp, y, x: 1.0)
    def odd(xp, x):
        return value

    with pytest.raises(OperandError, match="odd: its value is"):
        odd(x)


def _all_ways(f, x, v):
    """Every sweep through f at x: on numbers and on the graph, where x has one use or two."""
    yield lambda: grad(lambda x: f(x).sum())(x)
    yield lambda: grad(lambda x: (f(x) * x).sum())(x)
    yield lambda: jvp(f, (x,), (v,))
    yield lambda: grad(lambda x: (grad(lambda x: f(x).sum())(x) * v).sum())(x)


@pytest.mark.parametrize("way", range(4))
@pytest.mark.parametrize("found", NO_NUMBERS + BAD_SHAPES, ids=repr)
def test_a_partial_that_fits_nowhere_is_named(found, way):
    @elementwise(lambda xp, y, x: found)
    def odd(xp, x):
        return x * 1.0

    @elementwise(lambda xp, y, a, b: 1.0, lambda xp, y, a, b: found)
    def odd_second(xp, a, b):
        return a + b

    for f, i in ((odd, 0), (lambda x: odd_second(2.0, x), 1), (lambda x: odd_second(x, x), 1)):
        with pytest.raises((OperandError, ShapeError), match=rf"odd.*operand {i}: its partial"):
            list(_all_ways(f, X, V))[way]()


@pytest.mark.parametrize("found", NO_NUMBERS + BAD_SHAPES, ids=repr)
def test_a_partial_of_a_value_that_fits_nowhere_is_named(found):
    @elementwise(lambda xp, y, x: found)
    def odd(xp, x):
        return x * 1.0

    def backward():
        x = Value(1.0)
        (odd(x) * x).backward()

    for asked in (backward, lambda: grad(odd)(1.0), lambda: jvp(odd, (1.0,), (1.0,))):
        with pytest.raises((OperandError, ShapeError), match="odd, operand 0: its partial"):
            asked()


@pytest.mark.parametrize("found", [*NO_NUMBERS, np.ones(3)], ids=repr)
def test_a_vjp_or_jvp_that_fits_nowhere_is_named(found):
    @operation([lambda xp, g, y, x: found], [lambda xp, t, y, x: found])
    def odd(xp, x):
        return xp.sum(x)

    for which, asked in (("vjp", lambda: grad(odd)(X)), ("jvp", lambda: jvp(odd, (X,), (V,)))):
        with pytest.raises((OperandError, ShapeError), match=f"odd, operand 0: its {which}"):
            asked()
    with pytest.raises((OperandError, ShapeError), match="odd, operand 0"):
        hessian(odd)(X)
