"""FIR and IIR filters against SciPy, brute force and the lecture's transfer functions."""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor, gradcheck
from autograd_lite import functions as f
from autograd_lite.errors import FilterError, OperandError, ShapeError

signal = pytest.importorskip("scipy.signal")


def draws(seed):
    return np.random.default_rng(seed)


def stable(rng, order):
    """Coefficients a_1 … of random poles inside the unit circle, in conjugate pairs."""
    radius, angle = rng.uniform(0.2, 0.9, order // 2), rng.uniform(0, np.pi, order // 2)
    poles = [*(radius * np.exp(1j * angle)), *(radius * np.exp(-1j * angle))]
    poles += [rng.uniform(-0.9, 0.9)] * (order % 2)
    return -np.real(np.atleast_1d(np.poly(poles)))[1:], np.array(poles)


def by_hand(b, a, x):
    y = np.zeros(len(x))
    for n in range(len(x)):
        y[n] = sum(b[m] * x[n - m] for m in range(len(b)) if n >= m)
        y[n] += sum(a[m - 1] * y[n - m] for m in range(1, len(a) + 1) if n >= m)
    return y


@pytest.mark.parametrize("seed", range(6))
def test_fir_is_scipys_and_the_sum_of_the_lecture(seed):
    rng = draws(seed)
    b, x = rng.normal(size=rng.integers(1, 6)), rng.normal(size=rng.integers(1, 12))
    y = nn.FIRFilter(b)(x).numpy()
    np.testing.assert_allclose(y, signal.lfilter(b, [1.0], x), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(y, by_hand(b, [], x), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("seed", range(6))
def test_iir_is_scipys_and_the_recursion_of_the_lecture(seed):
    rng = draws(seed)
    b, (a, _) = rng.normal(size=rng.integers(1, 5)), stable(rng, int(rng.integers(0, 5)))
    x = rng.normal(size=20)
    y = nn.IIRFilter(b, a)(x).numpy()
    np.testing.assert_allclose(y, signal.lfilter(b, [1.0, *-a], x), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(y, by_hand(b, a, x), rtol=1e-11, atol=1e-13)


def test_signals_may_come_in_batches():
    x = draws(0).normal(size=(2, 3, 7))
    for module in (nn.FIRFilter([1.0, -0.5]), nn.IIRFilter([1.0], [0.5])):
        y = module(x).numpy()
        assert y.shape == x.shape
        np.testing.assert_array_equal(y[1, 2], module(x[1, 2]).numpy())


@pytest.mark.parametrize("g", [None, nn.Tanh()])
def test_gradients_are_those_of_finite_differences(g):
    x, target = draws(1).normal(size=(2, 9))

    def error(x, b, a):
        iir = nn.IIRFilter(np.ones(2), np.ones(2), g)
        iir.b, iir.a = b, a
        return nn.half_squared_error(iir.unrolled(x), target)

    assert gradcheck(error, Tensor(x), Tensor([1.0, 0.3]), Tensor([0.5, -0.2]))


# --- transfer function ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_poles_and_zeros_are_those_of_the_transfer_function(seed):
    """H(z) = b_0·Π(1 - r_k z⁻¹)/Π(1 - p_k z⁻¹)."""
    rng = draws(seed)
    b, (a, poles) = rng.normal(size=4), stable(rng, 4)
    iir = nn.IIRFilter(b, a)
    np.testing.assert_allclose(np.sort_complex(iir.poles()), np.sort_complex(poles), rtol=1e-8)
    z = np.exp(1j * rng.uniform(0, np.pi, 5))[:, None]
    product = np.prod(1 - iir.zeros() / z, 1) / np.prod(1 - iir.poles() / z, 1)
    omega = np.angle(z[:, 0])
    np.testing.assert_allclose(iir.frequency_response(omega), b[0] * product, rtol=1e-8)
    _, expected = signal.freqz(b, [1.0, *-a], omega)
    np.testing.assert_allclose(iir.frequency_response(omega), expected, rtol=1e-10)


def test_impulse_responses():
    np.testing.assert_array_equal(nn.FIRFilter([3.0, 2.0]).impulse_response(4), [3, 2, 0, 0])
    np.testing.assert_array_equal(nn.FIRFilter([3.0, 2.0]).impulse_response(1), [3])
    np.testing.assert_allclose(nn.IIRFilter([1.0], [0.5]).impulse_response(5), 0.5 ** np.arange(5))
    fir = nn.FIRFilter([3.0, 2.0])
    assert fir.is_stable()
    assert fir.poles().size == 0
    np.testing.assert_allclose(fir.zeros(), [-2 / 3])
    _, expected = signal.freqz([3.0, 2.0], 1.0, [0.3, 1.0])
    np.testing.assert_allclose(fir.frequency_response([0.3, 1.0]), expected)


@pytest.mark.parametrize("a", [[1.0], [-1.0], [1.5], [0.0, 1.1], [0.0, -1.0], [2.0, -0.5]])
def test_an_unstable_filter_has_no_response(a):
    """Poles on or outside the unit circle: |p_k| ≥ 1."""
    iir = nn.IIRFilter([1.0], a).named("echo")
    assert not iir.is_stable()
    for ask in (iir, lambda x: iir.frequency_response(0.1), lambda x: iir.impulse_response(4)):
        with pytest.raises(FilterError, match=r"echo is not stable: .*\(\|p\| = "):
            ask(np.ones(3))


def test_an_unstable_filter_can_still_be_watched_exploding():
    """STABILITY: y[n] → ∞ even with finite x[n], as |p|ⁿ."""
    y = nn.IIRFilter([1.0], [1.5]).unrolled(np.eye(1, 30)[0]).numpy()
    np.testing.assert_allclose(y, 1.5 ** np.arange(30), rtol=1e-12)


def test_a_bounded_nonlinearity_makes_any_filter_usable():
    y = nn.IIRFilter([1.0], [3.0], nn.Tanh())(np.ones(50)).numpy()
    assert np.abs(y).max() <= 1.0


# --- CNN and RNN are their nonlinear versions -----------------------------------------------------


def test_a_cnn_is_a_nonlinear_fir_filter():
    """ŷ[n] = g(Σ w[m] x[n-m]): a convolution layer of one channel with the taps reversed."""
    w, x = draws(2).normal(size=3), draws(3).normal(size=10)
    y = nn.FIRFilter(w, nn.ReLU())(x).numpy()
    conv = f.relu(f.conv1d(x[None, None], w[::-1][None, None], padding=2))
    np.testing.assert_allclose(y, conv[0, 0, :10], rtol=1e-12, atol=1e-14)


def test_an_rnn_is_a_nonlinear_iir_filter():
    """h[n] = g(x[n] + w·h[n-1]): a recurrent network of one unit, in value and gradient."""
    x, target = draws(4).normal(size=(2, 12))
    iir = nn.IIRFilter([1.0], [0.7], nn.Tanh())
    rnn = nn.RNN(1, 1, bias=False)
    rnn.load_state_dict({"W_xh": [[1.0]], "W_hh": [[0.7]]})
    h, y = iir(x), rnn(x[:, None])[0]
    np.testing.assert_allclose(h.numpy(), y.numpy()[:, 0], rtol=1e-13)
    nn.half_squared_error(h, target).backward()
    nn.half_squared_error(y, target[:, None]).backward()
    np.testing.assert_allclose(iir.a.grad, rnn.W_hh.grad[0], rtol=1e-12)
    np.testing.assert_allclose(iir.b.grad, rnn.W_xh.grad[0], rtol=1e-12)


def test_outputs_are_variables_and_their_partials_the_coefficients():
    iir = nn.IIRFilter([1.0], [0.5, 0.25])
    flow = FlowGraph(iir(np.ones(4)).sum())
    assert flow.partial("y[3]", "y[2]") == pytest.approx(0.5)
    assert flow.partial("y[3]", "y[1]") == pytest.approx(0.25)
    assert flow.total("y[1]", of=flow.variable("y[3]")) == pytest.approx(0.5 * 0.5 + 0.25)


def test_gradient_descent_finds_the_filter_behind_a_signal():
    """w[m] ← w[m] - η dE/dw[m] with E = ½Σ(ŷ - y)²."""
    x = draws(5).normal(size=60)
    target = signal.lfilter([1.0], [1.0, -0.6], x)
    iir = nn.IIRFilter([0.5], [0.0])
    optimizer = nn.SGD(iir.parameters(), lr=0.005)
    for _ in range(150):
        optimizer.zero_grad()
        nn.half_squared_error(iir(x), target).backward()
        optimizer.step()
    np.testing.assert_allclose([*iir.b.numpy(), *iir.a.numpy()], [1.0, 0.6], rtol=1e-6)


def test_bad_coefficients_and_signals_are_refused():
    with pytest.raises(ShapeError, match="b is a vector"):
        nn.FIRFilter([[1.0]])
    with pytest.raises(OperandError, match="b needs at least 1"):
        nn.IIRFilter([], [0.5])
    with pytest.raises(ShapeError, match="FIRFilter expected a signal"):
        nn.FIRFilter([1.0])(3.0)
