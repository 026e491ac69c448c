"""Custom operations: the same record as the project's own, read by every sweep."""

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import (
    FlowGraph,
    Tape,
    Tensor,
    Value,
    elementwise,
    grad,
    hessian,
    jacobian,
    jvp,
    linear,
    operation,
)
from autograd_lite.errors import NamespaceError, OperandError, ShapeError
from autograd_lite.rules.namespaces import arrays, floats, graph, register


@elementwise(lambda xp, y, x: xp.cos(x) * x + xp.sin(x), latex=r"{0}\sin {0}")
def wobble(xp, x):
    """y = x·sin x, ∂y/∂x = x·cos x + sin x."""
    return x * xp.sin(x)


@elementwise(lambda xp, y, a, b: a / y, lambda xp, y, a, b: b / y)
def hypotenuse(xp, a, b):
    """y = √(a² + b²)."""
    return xp.sqrt(a * a + b * b)


@elementwise(lambda xp, y, a, b, c: b, lambda xp, y, a, b, c: a, lambda xp, y, a, b, c: 1.0)
def fused(xp, a, b, c):
    """y = a·b + c."""
    return a * b + c


@elementwise(None, lambda xp, y, n, x: xp.where(n > 0, 2.0, 3.0))
def choose(xp, n, x):
    """y = 2x where n > 0, else 3x; no derivative by n."""
    return xp.where(n > 0, 2.0 * x, 3.0 * x)


@linear(lambda xp, g, y, x: xp.flip(g, 0))
def backwards(xp, x):
    """The entries in reverse order."""
    return xp.flip(x, 0)


@operation(
    [lambda xp, g, y, x, *, p=2: g * p * x ** (p - 1)],
    [lambda xp, t, y, x, *, p=2: xp.sum(t * p * x ** (p - 1))],
)
def power_sum(xp, x, *, p=2):
    """y = Σ xᵖ."""
    return xp.sum(x**p)


@operation([None])
def largest_place(xp, x):
    """The place of the largest entry: it moves in jumps alone, and says so."""
    return xp.argmax(x)


def test_one_record_serves_numbers_arrays_values_and_tensors():
    x = np.array([0.3, 1.2])
    assert wobble(0.3) == pytest.approx(0.3 * math.sin(0.3))
    np.testing.assert_allclose(wobble(x), x * np.sin(x))
    assert type(wobble(0.3)) is float
    assert isinstance(wobble(Value(0.3)), Value)
    assert isinstance(wobble(Tensor(x)), Tensor)


def test_every_order_and_both_sweeps_come_from_the_one_partial():
    x = 0.7
    first = x * math.cos(x) + math.sin(x)
    second = 2 * math.cos(x) - x * math.sin(x)
    third = -3 * math.sin(x) - x * math.cos(x)
    assert grad(wobble)(x) == pytest.approx(first)
    assert jvp(wobble, (x,), (1.0,))[1] == pytest.approx(first)
    assert grad(grad(wobble))(x) == pytest.approx(second)
    assert grad(grad(grad(wobble)))(x) == pytest.approx(third)
    v = Value(x)
    wobble(v).backward()
    assert v.grad == pytest.approx(first)


def test_two_operands_either_may_be_a_number_and_broadcasting_is_undone():
    a, b = Tensor([3.0, 5.0], requires_grad=True), Tensor([[4.0], [12.0]], requires_grad=True)
    hypotenuse(a, b).sum().backward()
    r = np.hypot(a.numpy(), b.numpy())
    np.testing.assert_allclose(a.grad, (a.numpy() / r).sum(0))
    np.testing.assert_allclose(b.grad, (b.numpy() / r).sum(1, keepdims=True))
    for pair in [
        (Value(3.0), 4.0),
        (3.0, Value(4.0)),
        (Value(3.0), Value(4.0)),
        (np.float64(3), Value(4.0)),
    ]:
        y = hypotenuse(*pair)
        assert y.data == 5.0
        y.backward()
    assert pair[1].grad == 0.8


def test_three_operands_with_multiplicity():
    x = Value(3.0)
    y = fused(x, x, x)
    y.backward()
    assert (y.data, x.grad, y.partials, len(y.parents)) == (12.0, 7.0, (3.0, 3.0, 1.0), 3)
    assert fused(2.0, Value(5.0), 1.0).partials == (2.0,)
    t = Tensor([1.0, 2.0], requires_grad=True)
    fused(t, t, t).sum().backward()
    np.testing.assert_array_equal(t.grad, [3.0, 5.0])
    assert hessian(lambda x: fused(x, x, x))(3.0) == 2.0


def test_an_operand_without_a_derivative_gets_none():
    n, x = Value(1.0), Value(5.0)
    y = choose(n, x)
    y.backward()
    assert (y.data, x.grad, n.grad) == (10.0, 2.0, None)
    assert y.partials == (0.0, 2.0)
    assert FlowGraph(y.named("y")).total(n) == 0.0
    assert grad(choose)(1.0, 5.0) == 0.0


def test_a_linear_rule_is_its_own_tangent_map():
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(jacobian(backwards)(x), np.eye(3)[::-1])
    np.testing.assert_array_equal(jvp(backwards, (x,), (x,))[1], x[::-1])


def test_static_parameters_are_keywords_or_follow_the_operands():
    x = np.array([1.0, 2.0, 3.0])
    for f, p in [(power_sum, 2), (lambda x: power_sum(x, p=3), 3), (lambda x: power_sum(x, 3), 3)]:
        np.testing.assert_allclose(grad(f)(x), p * x ** (p - 1))
        np.testing.assert_allclose(hessian(f)(x), np.diag(p * (p - 1) * x ** (p - 2)))
        assert jvp(f, (x,), (np.ones(3),)) == (
            pytest.approx((x**p).sum()),
            pytest.approx((p * x ** (p - 1)).sum()),
        )


def test_a_rule_that_says_it_has_no_derivative_passes_nothing_on():
    x = Tensor([1.0, 5.0, 2.0], requires_grad=True)
    assert largest_place(x).item() == 1
    (largest_place(x) * 2.0 + x.sum()).backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0, 1.0])


def test_steps_and_pictures_read_the_same_record():
    x = Value(0.7, name="x")
    y = wobble(x).named("y")
    (step,) = list(Tape(y).steps())[2:]
    assert step.partial == pytest.approx(0.7 * math.cos(0.7) + math.sin(0.7))
    assert (wobble.name, wobble.latex, wobble.arity, wobble.is_elementwise) == (
        "wobble", r"{0}\sin {0}", 1, True,
    )  # fmt: skip
    assert wobble.__doc__ == "y = x·sin x, ∂y/∂x = x·cos x + sin x."
    assert repr(wobble) == "<rule wobble>"
    assert (power_sum.static_names, power_sum.is_elementwise) == (("p",), False)


def test_a_rule_that_fails_says_which_and_leaves_nothing():
    @elementwise(lambda xp, y, x: 1.0)
    def picky(xp, x):
        """Refuses negative numbers."""
        if np.any(np.asarray(x) < 0):
            raise ValueError("negative")
        return x

    x = Tensor([-1.0], requires_grad=True, name="x")
    with pytest.raises(ShapeError, match=r"picky.*\(1,\).*negative.*x \(node"):
        picky(x)
    assert picky(Tensor([1.0], requires_grad=True)).item() == 1.0


def test_a_rule_for_arrays_refuses_a_value_by_name():
    with pytest.raises(OperandError, match="power_sum works on arrays"):
        power_sum(Value(1.0))
    with pytest.raises(OperandError):
        hypotenuse(Value(1.0), Tensor([1.0]))
    with pytest.raises(TypeError):
        hypotenuse(Value(1.0))


def test_a_partial_that_raises_is_not_swallowed():
    def partial(xp, y, x):
        raise TypeError("a mistake in the partial")

    @elementwise(partial)
    def broken(xp, x):
        """A rule with a broken partial."""
        return x

    with pytest.raises(TypeError, match="a mistake in the partial"):
        broken(Value(1.0)).backward()
    with pytest.raises(TypeError, match="a mistake in the partial"):
        broken(Tensor([1.0], requires_grad=True)).backward()


def test_the_documented_ten_lines():
    """The example in Rule's docstring is the documentation: it exists and is short."""
    example = [
        line for line in ag.Rule.__doc__.splitlines() if line.strip().startswith((">>>", "..."))
    ]
    assert 5 <= len(example) <= 12


# --- functions of NumPy's ------------------------------------------------------------------------


@elementwise(lambda xp, y, x: 1.0 / (x * math.log(2)))
def log2(xp, x):
    """y = log₂ x, by NumPy's function of the same name."""
    return xp.log2(x)


@elementwise(lambda xp, y, x: 1.0 / (3.0 * y * y))
def cbrt(xp, x):
    """y = ∛x, by NumPy's function of the same name, which `math` lacks before Python 3.11."""
    return xp.cbrt(x)


@elementwise(
    lambda xp, y, a, b: 1.0 / (1.0 + xp.exp(b - a)), lambda xp, y, a, b: 1.0 / (1.0 + xp.exp(a - b))
)
def logaddexp(xp, a, b):
    """y = log(eᵃ + eᵇ), by NumPy's function of the same name."""
    return xp.logaddexp(a, b)


@elementwise(lambda xp, y, x: -xp.cos(x))
def sinc(xp, x):
    """y = -sin x: called like a function of NumPy's, but another one."""
    return -xp.sin(x)


@pytest.fixture
def entered(monkeypatch):
    """A function that enters a record in the namespaces for the time of one test."""

    def enter_(rule):
        for space in (floats, arrays, graph):
            monkeypatch.setitem(vars(space), rule.name, None)
            del vars(space)[rule.name]
        for name, function in vars(np).items():
            if name == rule.name:
                vars(arrays)[name] = function
        register(rule)

    return enter_


@pytest.mark.parametrize("is_entered", [False, True])
@pytest.mark.parametrize(
    ("rule", "f", "xs"),
    [(log2, np.log2, (5.0,)), (cbrt, np.cbrt, (-5.0,)), (sinc, lambda x: -np.sin(x), (0.7,)),
     (logaddexp, np.logaddexp, (0.3, -1.2))],
)  # fmt: skip
def test_a_record_called_like_a_function_of_numpys_works_on_every_kind(
    rule, f, xs, is_entered, entered
):
    if is_entered:
        entered(rule)
    expected = pytest.approx(f(*xs), rel=1e-15)
    assert rule(*xs) == expected
    assert type(rule(*xs)) is float
    assert rule(*map(np.float64, xs)) == expected
    assert rule(*map(Value, xs)).data == expected
    np.testing.assert_allclose(rule(*(np.full(3, x) for x in xs)), np.full(3, f(*xs)), rtol=1e-15)
    tensors = [Tensor(np.full(3, x), requires_grad=True) for x in xs]
    np.testing.assert_allclose(rule(*tensors).numpy(), np.full(3, f(*xs)), rtol=1e-15)
    ag.gradcheck(rule, *xs, order=2)


def test_at_a_pole_a_function_of_numpys_gives_a_number_and_no_warning():
    assert (log2(0.0), log2(Value(0.0)).data) == (-math.inf, -math.inf)
    assert math.isnan(log2(-1.0))
    assert logaddexp(1e308, -math.inf) == 1e308


def test_a_function_that_nobody_has_is_named():
    @elementwise(lambda xp, y, x: xp.nothing_of_the_kind(x))
    def odd(xp, x):
        return xp.cosh(x)

    @elementwise(lambda xp, y, x: 1.0)
    def stranger(xp, x):
        return xp.stranger(x)

    for wrong in (
        lambda: stranger(1.0),
        lambda: stranger(np.ones(2)),
        lambda: stranger(Value(1.0)),
    ):
        with pytest.raises(NamespaceError, match=r"xp.stranger, which is neither NumPy's nor"):
            wrong()
    with pytest.raises(NamespaceError, match=r"xp.nothing_of_the_kind"):
        grad(odd)(1.0)
    with pytest.raises(NamespaceError, match=r"which records nothing"):
        hessian(odd)(1.0)
