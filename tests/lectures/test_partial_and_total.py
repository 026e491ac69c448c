"""Lecture "Partial and Total Derivatives": each test checks one slide's equation on the graph."""

import math

import numpy as np
import pytest
import sympy

from autograd_lite import (
    FlowGraph,
    Tensor,
    Value,
    cos,
    exp,
    partial,
    sigmoid,
    sin,
    sqrt,
    tanh,
    total,
)
from tests.autograd_lite.dags import lecture_example, written_example


def close(expected):
    return pytest.approx(expected, rel=1e-12, abs=1e-14)


# --- FIR and IIR, CNN and RNN ---------------------------------------------------------------------


def test_a_nonlinear_fir_filter_shares_its_coefficients_over_time():
    """ŷ[n] = g(Σ_m w[m]x[n-m]), E = ½Σ(ŷ-y)²: dE/dw[m] = Σ_n (ŷ-y)g'·x[n-m]."""
    x, y, w = [0.5, -1.0, 0.25, 0.75, -0.3], [0.1, 0.0, -0.2, 0.4, 0.3], [0.6, -0.4, 0.9]
    ws = [Value(c, name=f"w_{m}") for m, c in enumerate(w)]
    E, by_hand = Value(0.0, requires_grad=False), np.zeros(3)
    for n in range(len(x)):
        past = [x[n - m] if n >= m else 0.0 for m in range(3)]
        yhat = tanh(sum(c * p for c, p in zip(ws, past, strict=True))).named(f"yhat_{n}")
        E = E + 0.5 * (yhat - y[n]) ** 2
        g = math.tanh(sum(c * p for c, p in zip(w, past, strict=True)))
        by_hand += (g - y[n]) * (1 - g * g) * np.array(past)
    flow = FlowGraph(E.named("E"))
    np.testing.assert_allclose(flow.gradient(ws), by_hand, rtol=1e-12)
    cut = flow.cut([f"yhat_{n}" for n in range(5)])
    for m in range(3):
        assert cut.derivative(ws[m]) == close(by_hand[m])


def recurrent(w, x, y):
    """h[n] = g(x[n] + Σ_m w[m]h[n-m]), E = ½Σ(h-y)², on the graph."""
    h: list[Value] = []
    E = Value(0.0, requires_grad=False)
    for n, xn in enumerate(x):
        excitation = xn + sum(
            (w[m - 1] * h[n - m] for m in range(1, 3) if n >= m), Value(0.0, requires_grad=False)
        )
        h.append(tanh(excitation).named(f"h_{n}"))
        E = E + 0.5 * (h[n] - y[n]) ** 2
    return h, E.named("E")


def test_a_nonlinear_iir_filter_propagates_from_every_output_to_every_earlier_input():
    """dE/dh[n] = (h[n]-y[n]) + Σ_m dE/dh[n+m]·g'[n+m]·w[m]; dE/dw[m] = Σ_n dE/dh[n]·g'[n]·h[n-m]."""
    x, y, c = [0.5, -1.0, 0.25, 0.75, -0.3], [0.1, 0.0, -0.2, 0.4, 0.3], [0.6, -0.4]
    w = [Value(c[0], name="w_1"), Value(c[1], name="w_2")]
    h, E = recurrent(w, x, y)
    flow = FlowGraph(E)
    number = np.array([v.data for v in h])
    slope, by_h = 1 - number**2, np.zeros(5)
    for n in reversed(range(5)):
        by_h[n] = number[n] - y[n]
        by_h[n] += sum(by_h[n + m] * slope[n + m] * c[m - 1] for m in (1, 2) if n + m < 5)
    by_w = [sum(by_h[n] * slope[n] * number[n - m] for n in range(m, 5)) for m in (1, 2)]
    np.testing.assert_allclose(flow.gradient(h), by_h, rtol=1e-12)
    np.testing.assert_allclose(flow.gradient(w), by_w, rtol=1e-12)
    assert flow.partial("h_3", "h_2") == close(slope[3] * c[0])
    assert flow.partial("h_3", "h_1") == close(slope[3] * c[1])
    assert flow.partial("h_3", "h_0") == 0.0
    assert flow.total("h_0", of="h_3") != 0.0
    assert flow.partial(E, h[2]) == close(number[2] - y[2])


# --- definitions ----------------------------------------------------------------------------------


def system(x1):
    """x_2 = g_2(x_1), x_3 = g_3(x_1, x_2), f(x_1, x_2, x_3), as plain numbers."""
    x2 = math.sin(x1)
    x3 = x1 * x2 + math.exp(0.3 * x2)
    return x2, x3


def f(x1, x2, x3):
    return x1 * x3 + x2**2 * x3


def derivative_of(function, x, e=1e-5):
    return (function(x + e) - function(x - e)) / (2 * e)


def test_the_partial_ignores_any_dependency_and_the_total_takes_it_into_account():
    """∂f/∂x_1 = lim (f(x_1+ε, x_2(x_1), …) - f)/ε; df/dx_1 = lim (f(x_1+ε, x_2(x_1+ε), …) - f)/ε."""
    at = 0.8
    x1 = Value(at, name="x_1")
    x2 = sin(x1).named("x_2")
    x3 = (x1 * x2 + exp(0.3 * x2)).named("x_3")
    y = (x1 * x3 + x2**2 * x3).named("f")
    flow = FlowGraph(y)
    still = system(at)
    assert flow.partial(y, x1) == pytest.approx(derivative_of(lambda t: f(t, *still), at), rel=1e-8)
    assert flow.total(x1) == pytest.approx(derivative_of(lambda t: f(t, *system(t)), at), rel=1e-8)
    only_x2 = derivative_of(lambda t: f(t, still[0], t * still[0] + math.exp(0.3 * still[0])), at)
    assert flow.partial(y, x1, hold=[x2]) == pytest.approx(only_x2, rel=1e-8)
    assert flow.limit(y, x1) == pytest.approx(flow.partial(y, x1), rel=1e-8)


def test_it_is_necessary_to_specify_exactly_which_other_variables_you_mean():
    """z = xy with y = 2x: ∂z/∂x is y with y held, and 4x with nothing held."""
    x = Value(3.0, name="x")
    y = (2 * x).named("y")
    z = (x * y).named("z")
    assert partial(z, x, hold=[y]) == y.data == 6.0
    assert partial(z, x, hold=[]) == total(z, x) == 4 * x.data


# --- excitation and activation --------------------------------------------------------------------


def two_layers():
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=4), rng.normal(size=2)
    W1 = Tensor(rng.normal(size=(3, 4)), requires_grad=True, name="W^{(1)}")
    W2 = Tensor(rng.normal(size=(2, 3)), requires_grad=True, name="W^{(2)}")
    b1 = Tensor(rng.normal(size=3), requires_grad=True, name="b^{(1)}")
    b2 = Tensor(rng.normal(size=2), requires_grad=True, name="b^{(2)}")
    xi1 = (b1 + W1 @ x).named("xi_1")
    h = sigmoid(xi1).named("h")
    xi2 = (b2 + W2 @ h).named("xi_2")
    yhat = tanh(xi2).named("yhat")
    L = (0.5 * ((yhat - t) ** 2).sum()).named("L")
    return x, t, (W1, W2, b1, b2), (xi1, h, xi2, yhat), FlowGraph(L)


def test_the_gradient_by_a_weight_is_the_excitations_adjoint_times_the_input():
    """dL/dw_lk = ε_l·h_k, dL/dw_kj = δ_k·x_j, with ε and δ the derivatives by the excitations."""
    x, t, (W1, W2, b1, b2), (xi1, h, xi2, yhat), flow = two_layers()
    eps, delta = flow.total(xi2), flow.total(xi1)
    np.testing.assert_allclose(flow.total(W2), np.outer(eps, h.numpy()), rtol=1e-13)
    np.testing.assert_allclose(flow.total(W1), np.outer(delta, x), rtol=1e-13)
    np.testing.assert_allclose(flow.total(b2), eps)
    np.testing.assert_allclose(flow.total(b1), delta)
    y, a = yhat.numpy(), h.numpy()
    np.testing.assert_allclose(eps, (y - t) * (1 - y**2), rtol=1e-13)
    np.testing.assert_allclose(delta, W2.numpy().T @ eps * a * (1 - a), rtol=1e-12)


def test_back_propagation_holds_the_other_excitations_of_the_same_layer():
    """δ_j = Σ_k δ_k·∂ξ_k/∂ξ_j with ∂ξ_k/∂ξ_j = w_kj·σ'(ξ_j), each excitation a variable of its own."""
    rng = np.random.default_rng(1)
    w = rng.normal(size=(2, 3))
    xi = [Value(v, name=f"xi_{j}") for j, v in enumerate(rng.normal(size=3))]
    above = [sum(w[k, j] * sigmoid(xi[j]) for j in range(3)).named(f"psi_{k}") for k in range(2)]
    flow = FlowGraph((sin(above[0]) * above[1] + above[1] ** 2).named("L"))
    s = 1 / (1 + np.exp([-v.data for v in xi]))
    for j in range(3):
        local = [flow.partial(above[k], xi[j]) for k in range(2)]
        np.testing.assert_allclose(local, w[:, j] * (s * (1 - s))[j], rtol=1e-12)
        by_hand = sum(flow.total(above[k]) * local[k] for k in range(2))
        assert flow.total(xi[j]) == close(by_hand)
        assert flow.cut(above).derivative(xi[j]) == close(by_hand)


# --- the examples ---------------------------------------------------------------------------------


def test_the_first_example():
    """h = cos x, ŷ = √(1+h²): dŷ/dx = (h/√(1+h²))·(-sin x)."""
    x = Value(1.0, name="x")
    h = cos(x).named("h")
    flow = FlowGraph(sqrt(1 + h**2).named("\\hat{y}"))
    c = math.cos(1.0)
    assert flow.total(h) == close(c / math.sqrt(1 + c * c))
    assert flow.partial(h, x) == close(-math.sin(1.0))
    assert flow.total(x) == close(c / math.sqrt(1 + c * c) * -math.sin(1.0))
    (term,) = flow.cut([h]).terms(x)
    assert term.product == close(flow.total(x))


@pytest.mark.parametrize("at", [1.0, 0.3, -2.0, 4.5])
def test_the_second_example_step_by_step(at):
    """dŷ/dh_1, then dŷ/dh_0 = ∂ŷ/∂h_0 + (dŷ/dh_1)(∂h_1/∂h_0), then dŷ/dx, as on the three slides."""
    x = Value(at, name="x")
    h0 = cos(x).named("h_0")
    h1 = ((h0**3 + sin(x)) / sqrt(2)).named("h_1")
    yhat = sqrt(h0**2 + h1**2).named("\\hat{y}")
    flow = FlowGraph(yhat)
    a, b = h0.data, h1.data
    root = math.sqrt(a * a + b * b)
    first = b / root
    second = (a + 3 / math.sqrt(2) * a**2 * b) / root
    third = first * math.cos(at) / math.sqrt(2) - second * math.sin(at)
    assert flow.total(h1) == close(first)
    assert flow.total(h0) == close(second)
    assert flow.total(h0) == close(flow.partial(yhat, h0) + flow.total(h1) * flow.partial(h1, h0))
    assert flow.total(x) == close(third)
    cut = flow.cut([h0, h1])
    assert [term.product for term in cut.terms(x)] == [
        close(-second * math.sin(at)),
        close(first * math.cos(at) / math.sqrt(2)),
    ]


def test_the_second_example_against_sympy():
    s = sympy.Symbol("x")
    c0 = sympy.cos(s)
    c1 = (c0**3 + sympy.sin(s)) / sympy.sqrt(2)
    expected = sympy.diff(sympy.sqrt(c0**2 + c1**2), s).evalf(30, subs={s: 1})
    x, *_, yhat = lecture_example()
    assert FlowGraph(yhat).total(x) == pytest.approx(float(expected), rel=1e-14)


def test_the_slide_leaves_out_one_over_root_two():
    """The third slide writes cos x for ∂h_1/∂x; the system's h_1 = (h_0³ + sin x)/√2 has cos(x)/√2."""
    x, _, h1, yhat = lecture_example()
    assert FlowGraph(yhat).partial(h1, x) == close(math.cos(1.0) / math.sqrt(2))


def test_the_sum_is_the_same_at_any_cut():
    """'taking a summation along any cut through the flow graph'"""
    x, *_, yhat = lecture_example()
    flow = FlowGraph(yhat)
    totals = [cut.derivative(x) for cut in flow.cuts()]
    assert totals == close([flow.total(x)] * 3)


def test_the_written_example_by_counting_walks():
    """Every edge is 0.1, so dz/dv = Σ_k C(3, k)·0.1^{k+1} = 0.1·1.1³, and one more factor 1.1 for u."""
    u, v, w, x, y, z = written_example()
    flow = FlowGraph(z)
    by_walks = {
        node: sum(math.comb(n, k) * 0.1 ** (k + 1) for k in range(n + 1))
        for node, n in zip((y, x, w, v, u), range(5), strict=True)
    }
    for node, expected in by_walks.items():
        assert flow.total(node) == close(expected)
        assert len(flow.paths(node)) == 2 ** list(by_walks).index(node)
    np.testing.assert_allclose(flow.gradient([u, v]), [0.14641, 0.1331], rtol=1e-12)
    np.testing.assert_allclose(flow.gradient([u, v], hold=True), [0.1331, 0.1331], rtol=1e-12)
    assert len(flow.edges) == 15


def test_conclusion_shared_coefficients_sum_over_where_they_are_used():
    """dL/dw = Σ_i (dL/dh_i)(∂h_i/∂w) for the recurrent net: one term per time step."""
    w = [Value(0.6, name="w_1"), Value(-0.4, name="w_2")]
    h, E = recurrent(w, [0.5, -1.0, 0.25, 0.75], [0.1, 0.0, -0.2, 0.4])
    flow = FlowGraph(E)
    for m in (0, 1):
        terms = flow.cut(after=w).terms(w[m])
        number = [v.data for v in h]
        for term in terms:
            n = h_index(h, term.variable)
            expected = (1 - number[n] ** 2) * number[n - m - 1] if n > m else 0.0
            assert term.partial == close(expected)
        assert sum(term.product for term in terms) == close(flow.total(w[m]))


def h_index(h, node):
    return next(n for n, v in enumerate(h) if v is node)
