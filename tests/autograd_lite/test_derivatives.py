"""grad, value_and_grad, jacobian, hessian, jvp, vjp, hvp in JAX's conventions."""

import itertools
import math
from collections import namedtuple

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import (
    Tensor,
    Value,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd_lite.errors import DerivativeError, OperandError


def kind(thing):
    return type(thing).__name__


A = np.array([[1.0, 2.0, -1.0], [0.5, -3.0, 4.0]])
X = np.array([0.3, -0.7, 1.1])
Pair = namedtuple("Pair", "left right")


def bowl(x):
    """½·Σ(Ax)² + Σ sin x: gradient AᵀAx + cos x, Hessian AᵀA − diag(sin x)."""
    y = A @ x
    return (y * y).sum() * 0.5 + ag.sin(x).sum()


BOWL_GRADIENT = A.T @ A @ X + np.cos(X)
BOWL_HESSIAN = A.T @ A - np.diag(np.sin(X))


# --- against closed forms -------------------------------------------------------------------------


def test_gradient_value_hessian_and_products_of_a_bowl():
    v = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(grad(bowl)(X), BOWL_GRADIENT, rtol=1e-13)
    value, slope = value_and_grad(bowl)(X)
    assert value == pytest.approx(0.5 * np.sum((A @ X) ** 2) + np.sin(X).sum())
    assert type(value) is float
    np.testing.assert_allclose(slope, BOWL_GRADIENT, rtol=1e-13)
    np.testing.assert_allclose(hessian(bowl)(X), BOWL_HESSIAN, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(hvp(bowl, (X,), (v,)), BOWL_HESSIAN @ v, rtol=1e-12)
    moved = jvp(bowl, (X,), (v,))
    assert moved == (pytest.approx(value), pytest.approx(BOWL_GRADIENT @ v))
    _, pull = vjp(bowl, X)
    np.testing.assert_allclose(pull(2.0)[0], 2 * BOWL_GRADIENT, rtol=1e-13)


def test_jacobians_both_ways():
    """f(x) = sin(Ax): diag(cos Ax)·A, row by row and column by column."""
    expected = np.diag(np.cos(A @ X)) @ A
    f = lambda x: ag.sin(A @ x)
    np.testing.assert_allclose(jacobian(f)(X), expected, rtol=1e-13)
    columns = [jvp(f, (X,), (e,))[1] for e in np.eye(3)]
    np.testing.assert_allclose(np.stack(columns, 1), expected, rtol=1e-13)
    pull = vjp(f, X)[1]
    np.testing.assert_allclose(np.stack([pull(e)[0] for e in np.eye(2)]), expected, rtol=1e-13)


def test_shapes_of_jacobians_are_y_shape_plus_x_shape():
    x = np.arange(6.0).reshape(2, 3)
    assert jacobian(lambda x: x.sum(axis=0))(x).shape == (3, 2, 3)
    assert jacobian(lambda x: x[0, 0])(x).shape == (2, 3)
    assert jacobian(lambda x: x * x)(2.0) == 4.0
    assert hessian(lambda x: (x * x).sum())(x).shape == (2, 3, 2, 3)


@pytest.mark.parametrize("order", range(1, 6))
def test_nesting_gives_derivatives_of_any_order(order):
    """d^n/dx^n of x·eˣ is (x + n)·eˣ."""
    f = lambda x: x * ag.exp(x)
    for _ in range(order):
        f = grad(f)
    assert f(0.7) == pytest.approx((0.7 + order) * math.exp(0.7), rel=1e-12)


@pytest.mark.parametrize("ways", list(itertools.product("fr", repeat=3)))
def test_forward_and_reverse_nest_in_any_order(ways):
    """The third derivative of sin(x)·x² in each of the eight mixtures of jvp and grad."""

    def pushed(f):
        return lambda x: jvp(f, (x,), (1.0,))[1]

    f = lambda x: ag.sin(x) * x * x
    for way in ways:
        f = grad(f) if way == "r" else pushed(f)
    x = 0.9
    by_hand = -math.cos(x) * x**2 - 6 * x * math.sin(x) + 6 * math.cos(x)
    assert f(x) == pytest.approx(by_hand, rel=1e-12)


def test_perturbations_are_not_confused():
    """d/dx (x · d/dy (x + y)) = 1, and with y·x inside: d/dx (x·x) = 2x."""
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(1.0))(3.0) == 6.0
    assert grad(lambda x: grad(lambda y: x * y * y)(x))(3.0) == 12.0  # d/dx 2x²
    assert grad(lambda x: jvp(lambda y: x * y * y, (3.0,), (1.0,))[1])(2.0) == 6.0
    assert jvp(lambda x: grad(lambda y: x * y * y)(3.0), (2.0,), (1.0,)) == (12.0, 6.0)


def test_nothing_of_an_enclosing_derivative_is_lost():
    """Every result an inner derivative hands back still moves with the outer variable."""
    assert grad(lambda a: vjp(lambda x: a * x, 3.0)[0])(2.0) == 3.0
    assert grad(lambda a: vjp(lambda x: a * x, 3.0)[1](1.0)[0])(2.0) == 1.0
    assert grad(lambda g: vjp(lambda x: x * x, 3.0)[1](g)[0])(1.0) == 6.0
    assert grad(lambda v: jvp(lambda x: x * x, (3.0,), (v,))[1])(1.0) == 6.0
    assert grad(lambda a: value_and_grad(lambda x: a * x * x)(3.0)[0])(2.0) == 9.0
    np.testing.assert_array_equal(
        grad(lambda a: jacobian(lambda x: a * x * x)(np.array([1.0, 2.0])).sum())(5.0), 6.0
    )
    assert grad(lambda a: hessian(lambda x: a * x**3)(2.0))(1.0) == 12.0
    assert grad(lambda a: hvp(lambda x: a * x**3, (2.0,), (1.0,)))(1.0) == 12.0


# --- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind"),
    [(2.0, float), (2, float), (np.float64(2), float), (np.int64(2), float), (np.array(2.0), np.ndarray),
     (Value(2.0), Value), (Tensor(2.0), Tensor), (Tensor(2.0, requires_grad=True), Tensor)],
)  # fmt: skip
def test_the_gradient_has_the_arguments_type(given, kind):
    slope = grad(lambda x: x * x * x)(given)
    assert type(slope) is kind
    assert slope == 12.0


def test_the_gradient_has_the_arguments_shape_and_dtype():
    for x in (np.ones((2, 3), np.float32), np.ones(0), np.ones((0, 3)), np.array(2.0)):
        slope = grad(lambda x: (x * x).sum())(x)
        assert (slope.shape, slope.dtype) == (x.shape, x.dtype)
    np.testing.assert_array_equal(grad(lambda x: (x * x).sum())(np.arange(3)), [0.0, 2.0, 4.0])
    assert jacobian(lambda x: x * x)(np.ones((0, 3))).shape == (0, 3, 0, 3)
    assert jacobian(lambda x: x * 2)(np.ones(2, np.float32)).dtype == np.float32


def test_argnums_pick_arguments():
    f = lambda x, y, z: x * y * y + z
    assert grad(f)(2.0, 3.0, 1.0) == 9.0
    assert grad(f, 1)(2.0, 3.0, 1.0) == 12.0
    assert grad(f, -1)(2.0, 3.0, 1.0) == 1.0
    assert grad(f, (1, 0))(2.0, 3.0, 1.0) == (12.0, 9.0)
    assert hessian(f, (0, 1))(2.0, 3.0, 1.0) == ((0.0, 6.0), (6.0, 4.0))
    assert jacobian(f, (0, 2))(2.0, 3.0, 1.0) == (9.0, 1.0)


@pytest.mark.parametrize("argnums", [2, -3, (0, 5), (0, 0), (1, -1)])
def test_argnums_that_pick_nothing_or_twice_are_refused(argnums):
    with pytest.raises(DerivativeError, match="argnums"):
        grad(lambda x, y: x * y, argnums)(1.0, 2.0)


def test_keyword_arguments_are_passed_on():
    assert grad(lambda x, n, *, c: c * x**n)(2.0, 3, c=5.0) == 60.0


def test_arguments_nest():
    """Lists, tuples, dicts and named tuples come back in the same form."""
    f = lambda p: p["w"][0] * p["w"][1] + (p["b"].left ** 2) * p["b"].right
    p = {"w": [2.0, 3.0], "b": Pair(4.0, 5.0)}
    assert grad(f)(p) == {"w": [3.0, 2.0], "b": Pair(40.0, 16.0)}
    assert type(grad(f)(p)["b"]) is Pair
    H = hessian(f)(p)
    assert H["w"][0]["w"] == [0.0, 1.0]
    assert H["b"].left["b"] == Pair(10.0, 8.0)
    direction = {"w": [1.0, 0.0], "b": Pair(0.0, 1.0)}
    assert hvp(f, (p,), (direction,)) == {"w": [0.0, 1.0], "b": Pair(8.0, 0.0)}
    assert jvp(f, (p,), (direction,)) == (86.0, 19.0)


def test_results_nest_too():
    f = lambda x: {"square": x * x, "both": (x, 3 * x)}
    assert jacobian(f)(2.0) == {"square": 4.0, "both": (1.0, 3.0)}
    value, moved = jvp(f, (2.0,), (10.0,))
    assert (value, moved) == (
        {"square": 4.0, "both": (2.0, 6.0)},
        {"square": 40.0, "both": (10.0, 30.0)},
    )
    value, pull = vjp(f, 2.0)
    assert value["both"] == (2.0, 6.0)
    assert pull({"square": 1.0, "both": (10.0, 100.0)}) == (4.0 + 10.0 + 300.0,)


def test_an_unused_argument_has_gradient_zero():
    assert grad(lambda x, y: x * x, 1)(2.0, 3.0) == 0.0
    np.testing.assert_array_equal(grad(lambda x: x["a"] * 2)({"a": 1.0, "b": np.ones(2)})["b"], 0.0)
    assert grad(lambda x: 5.0)(2.0) == 0.0
    assert jvp(lambda x: 5.0, (2.0,), (1.0,)) == (5.0, 0.0)
    assert isinstance(grad(lambda x, y: x, 1)(Value(1.0), Value(2.0)), Value)


def test_several_primals_give_one_product_each():
    """f = xy²: H·(v, w) = (2y·w, 2y·v + 2x·w)."""
    assert hvp(lambda x, y: x * y * y, (2.0, 3.0), (1.0, 10.0)) == (60.0, 46.0)


def test_has_aux_hands_back_numbers():
    f = lambda x: (x * x, {"twice": 2 * x, "note": "kept", "n": 3})
    slope, aux = grad(f, has_aux=True)(3.0)
    assert (slope, aux) == (6.0, {"twice": 6.0, "note": "kept", "n": 3})
    assert type(aux["twice"]) is float
    assert value_and_grad(f, has_aux=True)(3.0) == ((9.0, aux), 6.0)


# --- results are fresh ----------------------------------------------------------------------------


def test_nothing_is_left_on_nodes_and_nothing_accumulates():
    x = Tensor([1.0, 2.0], requires_grad=True)
    f = grad(lambda x: (x * x).sum())
    first, second = f(x), f(x)
    assert x.grad is None
    np.testing.assert_array_equal(first.numpy(), second.numpy())


def test_results_share_no_memory_with_the_trace():
    y, pull = vjp(ag.exp, np.array([0.0, 1.0]))
    y *= 0.0
    np.testing.assert_allclose(pull(np.ones(2))[0], [1.0, math.e])
    x = np.ones(2)
    slopes = grad(lambda a, b: (a + b).sum(), (0, 1))(x, x)
    slopes[0][:] = 9.0
    np.testing.assert_array_equal(slopes[1], 1.0)
    v = np.ones(2)
    jvp(lambda x: x, (x,), (v,))[1][:] = 5.0
    np.testing.assert_array_equal(v, 1.0)


def test_derivatives_work_inside_no_grad():
    """What is asked for inside is recorded; no_grad inside the function holds constant."""
    with no_grad():
        assert grad(lambda x: x * x)(3.0) == 6.0
        assert hessian(lambda x: x**3)(2.0) == 12.0
        assert not (Value(1.0) * 2).requires_grad

    def half_held(x):
        with no_grad():
            held = x * 1.0
        return held * x

    assert grad(half_held)(3.0) == 3.0


def test_closed_over_variables_are_left_alone():
    w = Tensor([2.0, 3.0], requires_grad=True)
    np.testing.assert_array_equal(grad(lambda x: (w * x * x).sum())(np.ones(2)), [4.0, 6.0])
    assert w.grad is None


def test_a_node_outside_is_differentiated_through():
    """grad with a node returns a node: its backward reaches the original."""
    x = Value(2.0)
    slope = grad(lambda t: t**3)(x)
    slope.backward()
    assert x.grad == 12.0


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "what"),
    [(lambda x: x, r"shape \(3,\)"), (lambda x: (x.sum(), x.sum()), "a tuple"),
     (lambda x: [x.sum()], "a list"), (lambda x: x[:0], r"shape \(0,\)"), (lambda x: {}, "a dict")],
)  # fmt: skip
def test_grad_is_of_one_number(f, what):
    with pytest.raises(DerivativeError, match=rf"returned {what}.*jacobian"):
        grad(f)(X)


def test_an_array_of_one_number_is_one_number():
    np.testing.assert_array_equal(grad(lambda x: x * x)(np.array([3.0])), [6.0])


@pytest.mark.parametrize("bad", ["text", None, 1j, object()], ids=kind)
def test_arguments_are_numbers_and_arrays(bad):
    with pytest.raises(OperandError):
        grad(lambda x: x)(bad)


def test_tangents_fit_their_primals():
    with pytest.raises(DerivativeError, match=r"\(2,\), its primal \(3,\)"):
        jvp(bowl, (X,), (np.ones(2),))
    with pytest.raises(ValueError):
        jvp(bowl, (X,), ())
    with pytest.raises(ValueError):
        vjp(lambda x: A @ x, X)[1](np.ones(3))


def test_an_error_inside_leaves_no_trace_open():
    def broken(x):
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            grad(lambda x: grad(broken)(x) * x)(1.0)
    assert grad(lambda x: x * x)(3.0) == 6.0
    from autograd_lite.modes import ACTIVE

    assert ACTIVE == []


# --- against peers --------------------------------------------------------------------------------


def test_a_small_network_agrees_with_torch_to_second_order():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    W, x, v = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)
    ours = lambda x: (ag.tanh(W @ ag.tanh(W @ x)) ** 2).sum()
    tW = torch.tensor(W)
    theirs = lambda x: (torch.tanh(tW @ torch.tanh(tW @ x)) ** 2).sum()
    tx = torch.tensor(x, requires_grad=True)
    (slope,) = torch.autograd.grad(theirs(tx), tx, create_graph=True)
    np.testing.assert_allclose(grad(ours)(x), slope.detach().numpy(), rtol=1e-12)
    rows = [torch.autograd.grad(entry, tx, retain_graph=True)[0].numpy() for entry in slope]
    np.testing.assert_allclose(hessian(ours)(x), np.stack(rows), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(hvp(ours, (x,), (v,)), np.stack(rows) @ v, rtol=1e-11)
