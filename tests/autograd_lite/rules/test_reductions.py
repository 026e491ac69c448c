"""Sum, mean, product, extremes: NumPy's values, shared ties, zeros in a product, bad input."""

import itertools
import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tape, Tensor, Value
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules import RULES
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.cases_reductions import CASES
from tests.autograd_lite.rules.references import gradient, of_tensor, tangent

X = numbers(2, 3, 4)
AXES = [None, 0, -1, (0, 2), (2, 0), (-2,), ()]
NUMPYS = {name: getattr(np, name) for name in ("sum", "mean", "prod", "max", "min", "var", "std")}
NUMPYS["norm"] = lambda x, axis, keepdims: np.sqrt(np.sum(x**2, axis=axis, keepdims=keepdims))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", AXES, ids=str)
@pytest.mark.parametrize("name", NUMPYS)
def test_values_are_those_of_numpy_along_any_axes(name, axis, keepdims):
    expected = NUMPYS[name](X, axis=axis, keepdims=keepdims)
    for y in (
        RULES[name](X, axis=axis, keepdims=keepdims),
        RULES[name](Tensor(X), axis=axis, keepdims=keepdims),
    ):
        assert y.shape == expected.shape
        np.testing.assert_allclose(np.asarray(y), expected, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "max", "min", "var", "std", "argmax"])
def test_numpys_functions_and_the_tensors_methods_come_here(name):
    expected = getattr(np, name)(X, axis=1)
    np.testing.assert_allclose(np.asarray(getattr(np, name)(Tensor(X), axis=1)), expected)
    np.testing.assert_allclose(np.asarray(getattr(Tensor(X), name)(axis=1)), expected)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_float32_stays_float32_in_value_gradient_and_tangent(case):
    if not case.differentiable[0]:
        return  # the result is integers
    x = Tensor(*case.operands, requires_grad=True, dtype="float32")
    y = RULES[case.rule](x, **case.static)
    ones = np.ones(y.shape, np.float32)
    assert y.dtype == np.float32
    for graph in (False, True):
        assert Tape(y).adjoints(ones, graph=graph)[x].dtype == np.float32
    assert Tape(y).tangents({x: np.ones(x.shape, np.float32)})[y].dtype == np.float32
    in_graph = Tape(y).tangents({x: Tensor(np.ones(x.shape, np.float32))}, graph=True)[y]
    assert in_graph.dtype == np.float32


def test_the_gradient_of_a_product_with_zeros_is_exact():
    """∇prod([0, 2, 3]) = [6, 0, 0], where HIPS autograd says nan; two zeros give zeros."""
    np.testing.assert_array_equal(gradient(ag.prod, [0.0, 2.0, 3.0]), [6.0, 0.0, 0.0])
    np.testing.assert_array_equal(gradient(ag.prod, [0.0, 2.0, 0.0]), [0.0, 0.0, 0.0])
    np.testing.assert_array_equal(
        gradient(lambda x: ag.prod(x, axis=0), [[0.0, 2.0], [5.0, 3.0]]), [[5.0, 3.0], [0.0, 2.0]]
    )
    np.testing.assert_array_equal(tangent(ag.prod, [0.0, 2.0, 3.0], [1.0, 1.0, 1.0]), 6.0)


def brute_force_products_of_others(x, held):
    """Π xⱼ over the j that are not in `held`, by definition."""
    return math.prod(v for j, v in enumerate(x) if j not in held)


@pytest.mark.parametrize("n", range(1, 10))
def test_a_product_of_any_length_has_right_first_and_second_derivatives(n):
    x = np.random.default_rng(n).uniform(-2, 2, n)
    x[n // 2 :: 3] = 0.0
    leaf = Tensor(x, requires_grad=True)
    first = Tape(ag.prod(leaf)).adjoints(graph=True)[leaf]
    expected = [brute_force_products_of_others(x, {i}) for i in range(n)]
    np.testing.assert_allclose(first.numpy(), expected, rtol=1e-14)
    for i in range(n):
        second = Tape(first[i]).adjoints().get(leaf, np.zeros(n))
        expected = [0.0 if j == i else brute_force_products_of_others(x, {i, j}) for j in range(n)]
        np.testing.assert_allclose(second, expected, rtol=1e-14)


def test_the_third_derivative_of_a_product_with_a_zero():
    """∂/∂xₖ of Σᵢ ∂/∂xᵢ of Σⱼ ∂y/∂xⱼ: what is left when three entries are taken out."""
    x = np.array([0.0, 2.0, 3.0, -1.0])
    expected = np.zeros(4)
    for i, j, k in itertools.permutations(range(4), 3):
        expected[k] += brute_force_products_of_others(x, {i, j, k})
    np.testing.assert_allclose(of_tensor(ag.prod, x)[3], expected, rtol=1e-13)


def test_a_product_over_or_underflows_only_where_it_must():
    np.testing.assert_allclose(
        gradient(ag.prod, [1e-200, 1e-200, 1e200]), [1.0, 1.0, 0.0], atol=1e-300
    )


@pytest.mark.parametrize(("f", "sign"), [(ag.max, 1.0), (ag.min, -1.0)])
def test_ties_for_the_extreme_share_equally(f, sign):
    x = sign * np.array([[3.0, 1.0, 3.0], [2.0, 2.0, 2.0]])
    np.testing.assert_allclose(gradient(lambda t: f(t, axis=1), x), [[0.5, 0.0, 0.5], [1 / 3] * 3])
    np.testing.assert_allclose(gradient(f, x), [[0.5, 0.0, 0.5], [0.0] * 3])
    np.testing.assert_allclose(tangent(f, x, np.arange(6.0).reshape(2, 3)), 1.0)


def test_the_mean_divides_by_what_was_reduced():
    np.testing.assert_allclose(gradient(ag.mean, X), np.full(X.shape, 1 / 24))
    np.testing.assert_allclose(
        gradient(lambda x: ag.mean(x, axis=(0, 2)), X), np.full(X.shape, 1 / 8)
    )


@pytest.mark.parametrize("keepdims", [False, True])
def test_an_adjoint_goes_back_along_the_axes_it_came_from(keepdims):
    x = Tensor(X, requires_grad=True)
    y = ag.sum(x, axis=(0, 2), keepdims=keepdims)
    y.backward(np.arange(1.0, 4.0).reshape(y.shape))
    np.testing.assert_array_equal(x.grad, np.broadcast_to(np.arange(1.0, 4.0)[:, None], X.shape))


def test_a_zero_adjoint_stays_zero_behind_a_reduction():
    """0·∞: an infinite partial derivative on a path that is masked out."""
    masked = gradient(lambda x: ag.where(False, ag.prod(x), ag.sum(x)), [math.inf, 2.0])
    np.testing.assert_array_equal(masked, [1.0, 1.0])


def test_reductions_of_nothing():
    empty = Tensor(np.zeros((0, 3)), requires_grad=True)
    assert ag.sum(empty).item() == 0.0
    assert ag.prod(empty).item() == 1.0
    assert ag.norm(empty).item() == 0.0
    assert ag.logsumexp(empty).item() == -math.inf
    np.testing.assert_array_equal(ag.prod(empty, axis=0).numpy(), np.ones(3))
    for f in (ag.sum, ag.prod, ag.norm, ag.logsumexp):
        assert gradient(lambda x, f=f: f(x, axis=0), empty.numpy()).shape == (0, 3)
    for f in (ag.mean, ag.max, ag.min, ag.var, ag.std):
        assert f(empty, axis=1).shape == (0,)
        assert gradient(lambda x, f=f: f(x, axis=1), empty.numpy()).shape == (0, 3)


@pytest.mark.parametrize("f", [ag.mean, ag.max, ag.min, ag.var, ag.std, ag.argmax])
def test_what_nothing_has_not_is_refused(f):
    with pytest.raises(ValueError):
        f(Tensor(np.zeros((0, 3)), requires_grad=True), axis=0)


@pytest.mark.parametrize("name", [*NUMPYS, "logsumexp", "softmax", "log_softmax"])
def test_one_number_is_a_reduction_too(name):
    x = Tensor(1.5, requires_grad=True)
    y = RULES[name](x)
    assert y.shape == ()
    y.backward()
    assert x.grad.shape == ()
    assert np.ndim(RULES[name](1.5)) == 0


def test_where_the_largest_is_leaves_the_graph():
    x = Tensor([[1.0, 5.0, 5.0], [7.0, 0.0, 0.0]], requires_grad=True)
    y = ag.argmax(x, axis=1)
    assert type(y) is np.ndarray
    assert y.dtype.kind == "i"
    np.testing.assert_array_equal(y, [1, 0])
    assert ag.argmax(x) == 3
    assert ag.argmax(x, 0, keepdims=True).shape == (1, 3)


@pytest.mark.parametrize(
    "name", ["sum", "mean", "prod", "max", "min", "var", "std", "logsumexp", "softmax", "norm"]
)
def test_an_axis_that_is_not_there_is_refused_by_name(name):
    with pytest.raises(ShapeError, match=rf"{name}: .*\(2, 3\), axis=2.*x \(node"):
        RULES[name](Tensor(np.zeros((2, 3)), name="x"), axis=2)


def test_a_value_is_one_number_and_reduces_to_nothing():
    with pytest.raises(OperandError, match=r"sum works on arrays.*write sum\(Tensor"):
        ag.sum(Value(1.0))
