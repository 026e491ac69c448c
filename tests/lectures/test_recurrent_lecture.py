"""The lecture "Derivations: RNNs and AEs" on recurrent networks, its claims measured.

Equations of the forward pass and of BPTT are checked in tests/nn/test_recurrent.py, test_lstm.py and
test_bptt.py; here is what the lecture says about vanishing and exploding gradients and their remedies.
"""

import numpy as np
import pytest

import nn
from benchmarks.adding import trained
from nn.bptt import BPTT, spectral_radius

H, T = 12, 40


def unrolled(W_hh, steps=T, scale=0.0, seed=1, **options):
    """A network at rest (h_t = 0, so φ' = 1) or driven by inputs of this scale; a loss on the last step."""
    rng = np.random.default_rng(seed)
    rnn = nn.RNN(1, H, bias=False, **options)
    rnn.load_state_dict({"W_xh": rng.normal(size=(H, 1)), "W_hh": W_hh})
    y, _ = rnn(scale * rng.normal(size=(steps, 1)))
    loss = (y[-1] * rng.normal(size=H)).sum()
    return rnn, loss, BPTT(loss, rnn)


def with_radius(rho, seed=0):
    """A random symmetric matrix of this spectral radius: its powers grow like ρᵏ from the first step."""
    A = np.random.default_rng(seed).normal(size=(H, H))
    A = A + A.T
    return A * (rho / spectral_radius(A))


def rate(norms):
    """By what factor the norm changes per step back, from a straight line through its logarithm."""
    return np.exp(-np.polyfit(np.arange(len(norms)), np.log(norms), 1)[0])


@pytest.mark.parametrize("rho", [0.5, 0.8, 0.95])
def test_gradients_vanish_at_the_rate_of_the_spectral_radius(rho):
    """ρ(W_hh) < 1: ‖δ_t‖ decays as ρ^{T-t} on the way back."""
    _, _, bptt = unrolled(with_radius(rho))
    norms = bptt.norms()
    assert rate(norms[:20]) == pytest.approx(rho, rel=0.01)
    assert norms[0] < 2 * rho ** (T - 1) * norms[-1]


@pytest.mark.parametrize("rho", [1.1, 1.5])
def test_gradients_explode_at_the_rate_of_the_spectral_radius(rho):
    """ρ(W_hh) > 1: ‖δ_t‖ grows as ρ^{T-t} on the way back."""
    _, _, bptt = unrolled(with_radius(rho))
    norms = bptt.norms()
    assert rate(norms[:20]) == pytest.approx(rho, rel=0.02)
    assert norms[0] > 10 * norms[-1]


def test_the_radius_of_the_product_of_jacobians_is_a_power():
    """δ_t involves the product (W_hhᵀ·diag(φ'))^k: at rest its spectral radius is ρᵏ."""
    _, _, bptt = unrolled(with_radius(0.9), steps=10)
    np.testing.assert_allclose(bptt.radii(), 0.9 ** np.arange(9, 0, -1), rtol=1e-10)


def test_the_slope_of_tanh_only_takes_away():
    """With ‖φ'‖ ≤ 1 and singular values ≤ 1 no norm can grow, whatever the input."""
    W = nn.init.orthogonal((H, H), generator=0)
    norms = unrolled(W, scale=0.5)[2].norms()
    assert (np.diff(norms) >= -1e-15).all()
    assert norms[0] < 0.9 * norms[-1]


def test_orthogonal_initialisation_keeps_the_norm():
    """All singular values are 1: at rest every ‖δ_t‖ is ‖δ_T‖."""
    _, _, bptt = unrolled(nn.init.orthogonal((H, H), generator=0))
    np.testing.assert_allclose(bptt.norms(), bptt.norms()[-1], rtol=1e-12)


def test_clipping_bounds_an_exploding_gradient_and_keeps_its_direction():
    rnn, loss, _ = unrolled(with_radius(1.5), scale=1e-9)
    loss.backward()
    before = rnn.W_hh.grad.copy()
    norm = nn.clip_grad_norm_(rnn.parameters(), 1e-4)
    assert norm > 1e-2
    after = np.sqrt(sum((p.grad**2).sum() for p in rnn.parameters()))
    assert after == pytest.approx(1e-4, rel=1e-3)
    cosine = (before * rnn.W_hh.grad).sum() / np.sqrt((before**2).sum() * (rnn.W_hh.grad**2).sum())
    assert cosine == pytest.approx(1.0)


def test_truncation_cuts_the_gradient_after_k_steps():
    norms = unrolled(with_radius(1.1), truncate=10)[2].norms()
    assert (norms[:30] == 0).all()
    assert (norms[30:] > 0).all()


@pytest.mark.parametrize(("bias", "least"), [(8.0, 0.9), (0.0, None)])
def test_an_lstm_with_open_forget_gates_carries_gradients(bias, least):
    """∂c_t/∂c_{t-1} = diag(f_t): with f ≈ 1 attenuation is slight, with f ≈ ½ the gradient is gone."""
    rng = np.random.default_rng(3)
    lstm = nn.LSTM(1, H, generator=3)
    lstm.b_f = bias
    y, _ = lstm(rng.normal(size=(T, 1)))
    norms = BPTT((y[-1] * rng.normal(size=H)).sum(), lstm).norms("c")
    if least is None:
        assert norms[0] < 1e-6 * norms[-1]
    else:
        assert norms[0] > least * norms[-1]


# --- the adding problem: what the LSTM is for ------------------------------------------------------


def test_an_lstm_adds_two_numbers_far_apart_where_the_vanilla_network_does_not():
    """Predicting the mean, 1, has an error of 1/6."""
    assert trained("LSTM", 30, 600) < 0.01
    assert trained("RNN", 30, 600) > 0.05
