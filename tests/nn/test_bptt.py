"""What nn.bptt reads off the flow graph: the lecture's derivatives through time, against closed forms."""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor
from autograd_lite.errors import GraphError, IndexingError
from nn.bptt import BPTT, spectral_radius

T, H = 6, 3


def run(kind="RNN", seed=0, steps=T, **options):
    """One sequence through a module, with E = ½Σ(y - t)² over all steps."""
    rng = np.random.default_rng(seed)
    module = getattr(nn, kind)(2, H, generator=seed, **options)
    y, _ = module(rng.normal(size=(steps, 2)))
    loss = nn.half_squared_error(y, rng.normal(size=y.shape))
    return module, loss, BPTT(loss, module)


def states(bptt, symbol="h"):
    return [bptt.state(t, symbol).numpy() for t in range(1, len(bptt) + 1)]


@pytest.mark.parametrize(
    ("nonlinearity", "slope"), [("tanh", lambda h: 1 - h * h), ("relu", np.sign)]
)
def test_the_jacobian_is_diag_of_the_slope_times_w_hh(nonlinearity, slope):
    """∂h_{t+1}/∂h_t = diag(φ'(a_{t+1}))·W_hh."""
    rnn, _, bptt = run(nonlinearity=nonlinearity)
    h = states(bptt)
    for t in range(1, T):
        expected = np.diag(slope(h[t])) @ rnn.W_hh.numpy()
        np.testing.assert_allclose(bptt.jacobian(t), expected, rtol=1e-12, atol=1e-15)


def test_the_local_derivative_is_that_of_one_steps_loss():
    """∂ℓ_t/∂h_t = y_t - target_t for E = ½Σ(y - t)² without an output head."""
    rng = np.random.default_rng(0)
    _, _, bptt = run()
    rng.normal(size=(T, 2))
    target = rng.normal(size=(T, H))
    for t in range(1, T + 1):
        np.testing.assert_allclose(bptt.local(t), states(bptt)[t - 1] - target[t - 1], rtol=1e-13)


@pytest.mark.parametrize("options", [{}, {"output_size": 2}, {"num_layers": 2}])
def test_delta_obeys_the_recursion(options):
    """δ_t = ∂ℓ_t/∂h_t + (∂h_{t+1}/∂h_t)ᵀ δ_{t+1}, and δ_T = ∂ℓ_T/∂h_T."""
    _, _, bptt = run(**options)
    np.testing.assert_allclose(bptt.delta(T), bptt.local(T), rtol=1e-13)
    for t in range(1, T):
        back = bptt.local(t) + bptt.jacobian(t).T @ bptt.delta(t + 1)
        np.testing.assert_allclose(bptt.delta(t), back, rtol=1e-12)


def test_what_lies_between_two_times_is_the_product_of_the_jacobians():
    _, _, bptt = run()
    product = np.linalg.multi_dot([bptt.jacobian(t) for t in (4, 3, 2)])
    np.testing.assert_allclose(bptt.through(5, 2), product, rtol=1e-12)
    radii = bptt.radii()
    assert radii.shape == (T - 1,)
    assert radii[-1] == pytest.approx(np.abs(np.linalg.eigvals(bptt.jacobian(T - 1))).max())


def test_the_contributions_of_the_steps_are_delta_phi_h_and_sum_to_the_gradient():
    """dL/dW_hh = Σ_t δ_t·∂h_t/∂W_hh = Σ_t (φ'(a_t)⊙δ_t)·h_{t-1}ᵀ."""
    rnn, loss, bptt = run()
    parts, h = bptt.contributions(), [np.zeros(H), *states(bptt)]
    loss.backward()
    np.testing.assert_allclose(sum(parts), rnn.W_hh.grad, rtol=1e-12)
    for t in range(1, T + 1):
        expected = np.outer((1 - h[t] ** 2) * bptt.delta(t), h[t - 1])
        np.testing.assert_allclose(parts[t - 1], expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(sum(bptt.contributions("W_xh")), rnn.W_xh.grad, rtol=1e-12)
    np.testing.assert_allclose(sum(bptt.contributions(rnn.b_h)), rnn.b_h.grad, rtol=1e-12)


def test_a_term_of_the_cut_holds_the_jacobian_by_the_weight():
    """∂h_t/∂W_hh with the state before held: ∂h_t[i]/∂W[j,k] = δ_ij·φ'(a_t)[i]·h_{t-1}[k]."""
    rnn, _, bptt = run()
    term = bptt.flow.cut(bptt.members).terms(rnn.W_hh)[3]
    h = states(bptt)
    expected = np.einsum("ij,i,k->ijk", np.eye(H), 1 - h[3] ** 2, h[2])
    np.testing.assert_allclose(term.partial, expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(np.tensordot(term.total, term.partial, 1), term.product, rtol=1e-12)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_contributions_sum_to_the_gradient_in_gated_modules_too(kind):
    module, loss, bptt = run(kind)
    loss.backward()
    np.testing.assert_allclose(sum(bptt.contributions()), module.U.grad, rtol=1e-12)


def test_the_lstms_cell_passes_on_its_forget_gate():
    """∂c_t/∂c_{t-1} = diag(f_t), exactly."""
    _, loss, bptt = run("LSTM")
    flow = FlowGraph(loss)
    for t in range(1, T):
        forget = flow.variable(f"f_{t + 1}").numpy()
        np.testing.assert_array_equal(bptt.jacobian(t, "c"), np.diag(forget))


def test_the_lstms_delta_of_c_obeys_its_recursion():
    """dL/dc_{t-1} = dL/dc_t⊙f_t + …: the rest goes through h_{t-1}."""
    _, _, bptt = run("LSTM")
    for t in range(1, T):
        c, h = bptt.state(t, "c"), bptt.state(t, "h")
        onward = bptt.delta(t + 1, "c") @ bptt.jacobian(t, "c")
        aside = bptt.delta(t) @ bptt.flow.partial(h, c)
        np.testing.assert_allclose(bptt.delta(t, "c"), onward + aside, rtol=1e-12)


def test_every_layer_has_its_own_states():
    rng = np.random.default_rng(0)
    module = nn.RNN(2, H, num_layers=2, bidirectional=True, generator=0)
    y, _ = module(rng.normal(size=(T, 2)))
    loss = (y * y).sum()
    loss.backward()
    suffixes = ["", "_l0_reverse", "_l1", "_l1_reverse"]
    for layer, suffix in enumerate(suffixes):
        parts = BPTT(loss, module, layer).contributions()
        gradient = getattr(module, f"W_hh{suffix}").grad
        np.testing.assert_allclose(sum(parts), gradient, rtol=1e-11)


def test_batches_have_jacobians_that_do_not_mix_examples():
    rng = np.random.default_rng(0)
    module = nn.RNN(2, H, generator=0)
    y, _ = module(rng.normal(size=(3, 2, 2)))
    bptt = BPTT((y * y).sum(), module)
    J = bptt.jacobian(1)
    assert J.shape == (2, H, 2, H)
    assert not J[0, :, 1].any()
    h = bptt.state(2).numpy()
    np.testing.assert_allclose(J[1, :, 1], np.diag(1 - h[1] ** 2) @ module.W_hh.numpy(), rtol=1e-12)


def test_a_truncated_module_has_no_gradient_beyond_its_memory():
    rng = np.random.default_rng(0)
    module = nn.RNN(2, H, truncate=4, generator=0)
    y, _ = module(rng.normal(size=(T, 2)))
    everywhere = BPTT((y * y).sum(), module)
    np.testing.assert_array_equal(everywhere.jacobian(4), 0.0)
    last = BPTT((y[-1] * y[-1]).sum(), module)
    norms = last.norms()
    assert (norms[:4] == 0).all()
    assert (norms[4:] > 0).all()
    assert len(last.contributions()) == T


def test_spectral_radius_is_the_largest_modulus():
    A = np.random.default_rng(1).normal(size=(5, 5))
    assert spectral_radius(A) == pytest.approx(np.abs(np.linalg.eigvals(A)).max())
    assert spectral_radius(Tensor(np.diag([1.0, -3.0]))) == 3.0
    assert spectral_radius(A.reshape(5, 1, 5, 1)) == pytest.approx(spectral_radius(A))


# --- questions that have no answer ----------------------------------------------------------------


def test_wrong_questions_are_refused():
    module, loss, bptt = run()
    with pytest.raises(IndexingError, match="h at times 1 to 6, not on h_7"):
        bptt.delta(7)
    with pytest.raises(IndexingError, match="not on c_1"):
        bptt.delta(1, "c")
    with pytest.raises(IndexingError, match="layers 0 to 0, not 1"):
        BPTT(loss, module, 1)
    with pytest.raises(GraphError, match="not computed from states"):
        BPTT(loss, nn.LSTM(2, 3))
    with pytest.raises(GraphError, match="not computed from states"):
        BPTT((module.W_hh * 2.0).sum(), module)


def test_two_calls_on_the_way_to_a_loss_are_refused():
    module = nn.RNN(2, H)
    x = np.ones((3, 2))
    loss = (module(x)[0] * module(2 * x)[0]).sum()
    with pytest.raises(GraphError, match="called more than once"):
        BPTT(loss, module)
