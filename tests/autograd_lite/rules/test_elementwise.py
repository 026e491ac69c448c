"""Arithmetic and elementary functions: values, three derivatives, poles, dtypes, bad input."""

import math
import sys

import mpmath
import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tape, Tensor, Value
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules import RULES, normal
from autograd_lite.rules import elementwise as rules
from tests.autograd_lite.rules.cases_elementwise import CASES
from tests.autograd_lite.rules.references import gradient, of_mpmath, of_tensor, of_value

ALL = [-700.0, -30.0, -5.0, -1.0, -0.3, -1e-8, 0.0, 1e-8, 0.5, 1.0, 3.0, 20.0, 700.0]
POSITIVE = [1e-300, 1e-8, 0.3, 1.0, 3.0, 700.0, 1e300]
INSIDE = [-0.999, -0.6, -1e-8, 0.0, 1e-8, 0.3, 0.999999]
MODERATE = [x for x in ALL if abs(x) <= 30]

FUNCTIONS = {
    "exp": (mpmath.exp, ALL),
    "expm1": (mpmath.expm1, ALL),
    "log": (mpmath.log, POSITIVE),
    "log1p": (mpmath.log1p, [-0.999, -1e-8, *POSITIVE]),
    "sqrt": (mpmath.sqrt, POSITIVE),
    "sin": (mpmath.sin, ALL),
    "cos": (mpmath.cos, ALL),
    "tan": (mpmath.tan, MODERATE),
    "arcsin": (mpmath.asin, INSIDE),
    "arccos": (mpmath.acos, INSIDE),
    "arctan": (mpmath.atan, [*ALL, 1e300]),
    "sinh": (mpmath.sinh, ALL),
    "cosh": (mpmath.cosh, ALL),
    "tanh": (mpmath.tanh, ALL),
    "erf": (mpmath.erf, ALL),
    "square": (lambda x: x * x, ALL),
    "negative": (lambda x: -x, ALL),
    "absolute": (abs, [x for x in ALL if x]),
}
TABLE = [(name, f, points) for name, (f, points) in FUNCTIONS.items()]
NAMES = list(FUNCTIONS)

close = {"rtol": 4e-15, "atol": 0.0}
close_too = {"rtol": 1e-11, "atol": 3e-15}  # near 0: of tanh'(20) = 1 - y² nothing is left


@pytest.mark.parametrize(("name", "reference", "points"), TABLE, ids=NAMES)
def test_values_are_those_of_mpmath(name, reference, points):
    rule, points = (
        RULES[name],
        [*points, *np.linspace(max(points[0], -20), min(points[-1], 20), 101)],
    )
    with mpmath.workdps(40):
        expected = [float(reference(mpmath.mpf(x))) for x in points]
    np.testing.assert_allclose(rule(np.array(points)), expected, **close)
    np.testing.assert_allclose([rule(x) for x in points], expected, **close)
    np.testing.assert_allclose([rule(Value(x)).item() for x in points], expected, **close)
    np.testing.assert_allclose(rule(Tensor(points)).numpy(), expected, **close)


@pytest.mark.parametrize(("name", "reference", "points"), TABLE, ids=NAMES)
def test_derivatives_up_to_the_third_are_those_of_mpmath(name, reference, points):
    points = [x for x in points if 1e-8 <= abs(x) <= 700]  # further out the third overflows
    expected = np.array([of_mpmath(reference, x) for x in points])
    on_values = np.array([of_value(RULES[name], x) for x in points])
    np.testing.assert_allclose(on_values, expected, **close_too)
    np.testing.assert_allclose(np.transpose(of_tensor(RULES[name], points)), expected, **close_too)


POWERS = [(2.5, n) for n in (-3, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 5.5, 7, 16, 17)]
POWERS += [(-1.5, n) for n in (-2, -1, 0, 1, 2, 3, 4, 5)]


@pytest.mark.parametrize(("a", "n"), POWERS)
def test_powers_of_a_base_with_derivatives(a, n):
    expected = of_mpmath(lambda x: x**n, a)
    np.testing.assert_allclose(of_value(lambda x: x**n, a), expected, **close_too)
    np.testing.assert_allclose(
        of_tensor(lambda x: x**n, [a])[0:], np.reshape(expected, (4, 1)), **close_too
    )
    constant = np.array([n])
    np.testing.assert_allclose(
        np.ravel(of_tensor(lambda x: x**constant, [a])), expected, **close_too
    )


@pytest.mark.parametrize("n", [-2.0, 0.0, 0.3, 2.0])
def test_powers_of_an_exponent_with_derivatives(n):
    expected = of_mpmath(lambda x: mpmath.mpf("2.5") ** x, n)
    np.testing.assert_allclose(of_value(lambda x: 2.5**x, n), expected, **close_too)
    np.testing.assert_allclose(np.ravel(of_tensor(lambda x: 2.5**x, [n])), expected, **close_too)
    base = np.array([2.5])
    np.testing.assert_allclose(np.ravel(of_tensor(lambda x: base**x, [n])), expected, **close_too)


def test_mixed_second_derivative_of_a_power_also_at_exponent_zero():
    for exponent in (0.0, 2.0):  # ∂²aⁿ/∂a∂n = aⁿ⁻¹·(1 + n·log a)
        a, n = Value(3.0), Value(exponent)
        by_a = Tape(a**n).adjoints(graph=True)[a]
        expected = 3.0 ** (exponent - 1) * (1 + exponent * math.log(3.0))
        assert Tape(by_a).adjoints()[n] == pytest.approx(expected, rel=1e-14)


def test_powers_at_zero_keep_to_what_the_record_says():
    for exponent, by_a in ((0.0, 0.0), (1.0, 1.0), (2.0, 0.0), (0.5, math.inf)):
        a, n = Value(0.0), Value(exponent)
        y = a**n
        y.backward()
        assert (y.item(), a.grad, n.grad) == (0.0**exponent, by_a, 0.0)
        a, n = Tensor([0.0], requires_grad=True), Tensor([exponent], requires_grad=True)
        (a**n).sum().backward()
        assert (a.grad[0], n.grad[0]) == (by_a, 0.0)
        np.testing.assert_array_equal(gradient(lambda x, n=exponent: x**n, [0.0]), [by_a])


def test_a_negative_base_has_no_power_with_a_real_exponent():
    x = Value(-8.0)
    y = x ** (1 / 3)
    y.backward()
    assert math.isnan(y.item())
    assert math.isnan(x.grad)
    with np.errstate(invalid="ignore"):
        assert np.isnan((Tensor([-8.0]) ** (1 / 3)).numpy()).all()


@pytest.mark.parametrize("n", range(3, 17))
def test_whole_powers_of_arrays_are_products_as_exact_as_numpys_power(n):
    x = np.random.default_rng(0).uniform(-3, 3, 50)
    with mpmath.workdps(40):
        exact = np.array([float(mpmath.mpf(v) ** n) for v in x])
    np.testing.assert_allclose(rules.power(x, n), exact, rtol=2e-15)
    np.testing.assert_allclose(rules.power(x, float(n)), exact, rtol=2e-15)
    assert rules.power(x.astype(np.float32), n).dtype == np.float32


@pytest.mark.parametrize(
    ("f", "by_a", "by_b"),
    [
        (lambda a, b: a + b, 1.0, 1.0),
        (lambda a, b: a - b, 1.0, -1.0),
        (lambda a, b: a * b, 4.0, 3.0),
        (lambda a, b: a / b, 0.25, -3.0 / 16.0),
        (lambda a, b: a**b, 108.0, 81.0 * math.log(3.0)),
    ],
)
def test_both_operands_of_arithmetic(f, by_a, by_b):
    a, b = Value(3.0), Value(4.0)
    f(a, b).backward()
    assert (a.grad, b.grad) == pytest.approx((by_a, by_b), rel=1e-15)
    s, t = (
        Tensor(np.full((2, 1), 3.0), requires_grad=True),
        Tensor(np.full(3, 4.0), requires_grad=True),
    )
    f(s, t).sum().backward()
    np.testing.assert_allclose(s.grad, np.full((2, 1), 3 * by_a))
    np.testing.assert_allclose(t.grad, np.full(3, 2 * by_b))


def test_poles_are_inf_with_an_exact_sign():
    for f, x, expected in [
        (ag.sqrt, 0.0, math.inf),
        (ag.log, 0.0, math.inf),
        (ag.arcsin, 1.0, math.inf),
        (ag.arccos, -1.0, -math.inf),
        (lambda x: 1.0 / x, 0.0, -math.inf),
    ]:
        leaf = Value(x)
        f(leaf).backward()
        assert leaf.grad == expected
        with np.errstate(divide="ignore"):
            np.testing.assert_array_equal(gradient(f, [x]), [expected])


def test_the_absolute_value_does_not_move_at_zero():
    assert of_value(ag.abs, 0.0) == [0.0, 0.0, 0.0, 0.0]
    np.testing.assert_array_equal(gradient(ag.abs, [-2.0, 0.0, 3.0]), [-1.0, 0.0, 1.0])


@pytest.mark.parametrize(
    "f", [ag.sqrt, ag.log, lambda x: x**0.5, lambda x: 1.0 / x, lambda x: x * ag.sqrt(x)]
)
def test_a_zero_adjoint_stays_zero_over_a_pole_in_every_order(f):
    """where(x > 0, f(x), 0): on the masked path 0·inf is 0, not nan."""

    def masked(x):
        with np.errstate(divide="ignore"):
            return ag.where(x > 0, f(x), 0.0)

    found = of_tensor(masked, [0.0, 2.0])
    np.testing.assert_array_equal([y[0] for y in found], 0.0)
    assert all(np.isfinite(y[1]) and y[1] for y in found)
    assert of_value(lambda x: ag.where(x > 0, f(x), 0.0), 0.0) == [0.0] * 4


def test_a_masked_product_is_a_product_but_for_zero_times_a_pole():
    g, d = np.array([0.0, 0.0, 2.0, math.inf]), np.array([math.inf, math.nan, 3.0, 0.0])
    np.testing.assert_array_equal(rules.masked_product(g, d), [0.0, 0.0, 6.0, 0.0])
    s, t = Tensor(g, requires_grad=True), Tensor(d, requires_grad=True)
    rules.masked_product(s, t).sum().backward()
    np.testing.assert_array_equal(s.grad, [0.0, 0.0, 3.0, 0.0])
    np.testing.assert_array_equal(t.grad, [0.0, 0.0, 2.0, 0.0])
    s, t = Tensor([0.0], requires_grad=True), Tensor([3.0], requires_grad=True)
    rules.masked_product(s, t).sum().backward()
    assert (s.grad, t.grad) == (3.0, 0.0)  # a zero that is no mask moves as in any product


def test_erf_is_the_same_without_scipy(monkeypatch):
    x = np.linspace(-3, 3, 7).reshape(7, 1)
    with_scipy = normal.erf(x)
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    normal.of_arrays.cache_clear()
    try:
        np.testing.assert_allclose(normal.erf(x), with_scipy, rtol=1e-15)
        assert normal.erf(x.astype(np.float32)).dtype == np.float32
        assert normal.erf(np.zeros((0, 2))).shape == (0, 2)
    finally:
        normal.of_arrays.cache_clear()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_float32_stays_float32_in_value_gradient_and_tangent(case):
    leaves = [
        Tensor(x, requires_grad=True, dtype="float32") if d and np.ndim(x) else x
        for x, d in zip(case.operands, case.differentiable, strict=True)
    ]
    y = RULES[case.rule](*leaves)
    assert y.dtype == np.float32
    for leaf in (x for x in leaves if isinstance(x, Tensor)):
        one = np.ones(leaf.shape, np.float32)
        assert Tape(y).tangents({leaf: one})[y].dtype == np.float32
        assert Tape(y).tangents({leaf: Tensor(one)}, graph=True)[y].dtype == np.float32
        for graph in (False, True):
            assert Tape(y).adjoints(np.ones(y.shape), graph=graph)[leaf].dtype == np.float32


@pytest.mark.parametrize("case", CASES, ids=str)
def test_numbers_arrays_values_and_tensors_agree(case):
    rule, operands = RULES[case.rule], np.broadcast_arrays(*case.operands)
    entries = [[x.flat[i].item() for x in operands] for i in range(operands[0].size)]
    expected = rule(*case.operands)
    assert isinstance(expected, np.ndarray)
    taken = case.differentiable.index(True)
    on_numbers, on_values = [], []
    for entry in entries:
        on_numbers.append(rule(*entry))
        entry[taken] = Value(entry[taken])
        on_values.append(rule(*entry))
    assert all(isinstance(y, Value) for y in on_values)
    np.testing.assert_allclose(np.reshape(on_numbers, expected.shape), expected, rtol=1e-14)
    assert on_numbers == [y.item() for y in on_values]


def test_a_value_times_a_numpy_number_has_derivatives_of_every_order():
    assert of_value(lambda x: x * np.float64(3.0) * x * np.float64(0.5) * x, 2.0) == [
        12.0,
        18.0,
        18.0,
        9.0,
    ]


def test_numpys_functions_come_here():
    t = Tensor([0.5], requires_grad=True)
    for name in ("exp", "arctan", "square", "absolute", "abs", "sign", "expm1"):
        y = getattr(np, name)(t)
        assert isinstance(y, Tensor)
        assert y.item() == pytest.approx(getattr(np, name)(0.5), rel=1e-15)


def test_bad_operands_are_refused_with_the_operation_and_the_reason():
    a, b = Tensor(np.ones((2, 3)), name="a"), Tensor(np.ones(2), name="b")
    with pytest.raises(ShapeError, match=r"add: .*\(2, 3\) and \(2,\).*a .*b "):
        a + b
    with pytest.raises(OperandError, match="power takes numbers and arrays, not str"):
        ag.power(a, "2")
    with pytest.raises(OperandError, match="does not mix"):
        Value(1.0) * [1.0, 2.0]
