"""Lecture "Derivations: RNNs and AEs", on plain tensors: what the engine alone says about the equations."""

import numpy as np
import pytest

from autograd_lite import (
    FlowGraph,
    Tensor,
    exp,
    grad,
    jacobian,
    log,
    sigmoid,
    square,
    tanh,
)

T, INPUTS, HIDDEN, OUTPUTS = 4, 2, 3, 2


def variable(rng, *shape, name=None, scale=0.8):
    return Tensor(scale * rng.normal(size=shape), requires_grad=True, name=name)


class Unrolled:
    """h_t = tanh(W_xh x_t + W_hh h_{t-1} + b_h), y_t = W_hy h_t + b_y, L = Σ_t ½|y_t - ŷ_t|²."""

    def __init__(self):
        rng = np.random.default_rng(11)
        self.W_xh = variable(rng, HIDDEN, INPUTS, name="W_xh")
        self.W_hh = variable(rng, HIDDEN, HIDDEN, name="W_hh")
        self.b_h = variable(rng, HIDDEN, name="b_h")
        self.W_hy = variable(rng, OUTPUTS, HIDDEN, name="W_hy")
        self.b_y = variable(rng, OUTPUTS, name="b_y")
        self.x, self.target = rng.normal(size=(T, INPUTS)), rng.normal(size=(T, OUTPUTS))
        self.h = [variable(rng, HIDDEN, name="h_0")]
        self.y, self.losses = [], []
        for t in range(T):
            a = self.W_xh @ self.x[t] + self.W_hh @ self.h[t] + self.b_h
            self.h.append(tanh(a).named(f"h_{t + 1}"))
            self.y.append(self.W_hy @ self.h[-1] + self.b_y)
            self.losses.append(0.5 * square(self.y[-1] - self.target[t]).sum())
        self.L = sum(self.losses[1:], self.losses[0]).named("L")
        self.flow = FlowGraph(self.L)


@pytest.fixture
def net():
    return Unrolled()


def test_forward_equations_by_loops(net):
    h = net.h[0].numpy()
    for t in range(T):
        h = np.tanh(net.W_xh.numpy() @ net.x[t] + net.W_hh.numpy() @ h + net.b_h.numpy())
        np.testing.assert_allclose(net.h[t + 1].numpy(), h, rtol=1e-12)
        np.testing.assert_allclose(
            net.y[t].numpy(), net.W_hy.numpy() @ h + net.b_y.numpy(), rtol=1e-12
        )


def test_the_step_from_one_state_to_the_next(net):
    """∂h_{t+1}/∂h_t = diag(φ'(a_{t+1}))·W_hh, and no state reaches further than the next."""
    for t in range(T):
        slope = np.diag(1 - net.h[t + 1].numpy() ** 2)
        np.testing.assert_allclose(
            net.flow.partial(net.h[t + 1], net.h[t]), slope @ net.W_hh.numpy(), rtol=1e-12
        )
        if t:
            np.testing.assert_array_equal(net.flow.partial(net.h[t + 1], net.h[t - 1]), 0.0)


def deltas(net):
    """δ_t = ∂ℓ_t/∂h_t + (∂h_{t+1}/∂h_t)ᵀδ_{t+1}, by NumPy."""
    W_hh, W_hy = net.W_hh.numpy(), net.W_hy.numpy()
    local = [W_hy.T @ (net.y[t].numpy() - net.target[t]) for t in range(T)]
    delta, found = np.zeros(HIDDEN), []
    for t in reversed(range(T)):
        later = np.zeros(HIDDEN)
        if t + 1 < T:
            later = W_hh.T @ ((1 - net.h[t + 2].numpy() ** 2) * delta)
        delta = local[t] + later
        found.insert(0, delta)
    return local, found


def test_the_recursion_for_delta(net):
    """∂L/∂h_t with the other states held is ∂ℓ_t/∂h_t; the total derivative is δ_t."""
    local, found = deltas(net)
    for t in range(T):
        np.testing.assert_allclose(net.flow.partial(net.L, net.h[t + 1]), local[t], rtol=1e-12)
        np.testing.assert_allclose(net.flow.total(net.h[t + 1]), found[t], rtol=1e-12)


def test_the_sum_over_time_is_a_cut(net):
    """dL/dW_hh = Σ_t (dL/dh_t)(∂h_t/∂W_hh): one term per time step, δ_t φ'_t h_{t-1}ᵀ."""
    _, found = deltas(net)
    cut = net.flow.cut([*net.h[1:], net.L])
    terms = cut.terms(net.W_hh)
    for term, member in zip(terms, [*net.h[1:], net.L], strict=True):
        assert term.variable is member
    total = np.zeros((HIDDEN, HIDDEN))
    for t, term in enumerate(terms[:T]):
        expected = np.outer(found[t] * (1 - net.h[t + 1].numpy() ** 2), net.h[t].numpy())
        np.testing.assert_allclose(term.product, expected, rtol=1e-11)
        total += expected
    np.testing.assert_allclose(terms[T].product, 0.0)
    np.testing.assert_allclose(cut.derivative(net.W_hh), total, rtol=1e-11)
    np.testing.assert_allclose(net.flow.total(net.W_hh), total, rtol=1e-11)


def test_all_gradients_agree_with_torchs_rnn(net):
    torch = pytest.importorskip("torch")
    rnn = torch.nn.RNN(INPUTS, HIDDEN, dtype=torch.float64)
    head = torch.nn.Linear(HIDDEN, OUTPUTS, dtype=torch.float64)
    mine = [net.W_xh, net.W_hh, net.b_h, net.W_hy, net.b_y]
    theirs = [rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, head.weight, head.bias]
    with torch.no_grad():
        rnn.bias_hh_l0.zero_()
        for a, b in zip(theirs, mine, strict=True):
            a.copy_(torch.tensor(b.numpy().copy()))
    states, _ = rnn(torch.tensor(net.x), torch.tensor(net.h[0].numpy().copy())[None])
    loss = 0.5 * ((head(states) - torch.tensor(net.target)) ** 2).sum()
    loss.backward()
    net.L.backward()
    assert net.L.item() == pytest.approx(loss.item(), rel=1e-12)
    for a, b in zip(theirs, mine, strict=True):
        np.testing.assert_allclose(b.grad, a.grad.numpy(), rtol=1e-10)


@pytest.mark.parametrize(("radius", "grows"), [(0.5, False), (1.5, True)])
def test_gradients_vanish_or_explode_with_the_spectral_radius(radius, grows):
    """A linear recurrence with W_hh = ρ·rotation: |dh_T/dh_0| = ρ^T exactly."""
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    W, h0 = radius * turn, Tensor([1.0, 2.0], requires_grad=True, name="h_0")
    h = h0
    for t in range(30):
        h = (W @ h).named(f"h_{t + 1}")
    J = FlowGraph(h).total(h0)
    assert np.linalg.norm(J, 2) == pytest.approx(radius**30, rel=1e-10)
    assert (np.linalg.norm(J, 2) > 1) == grows


# --- LSTM -----------------------------------------------------------------------------------------


class Cell:
    """i, f, o, c̃, c_t = f⊙c_{t-1} + i⊙c̃, h_t = o⊙tanh(c_t), on plain tensors."""

    def __init__(self, steps):
        rng = np.random.default_rng(12)
        gates = "ifoc"
        self.W = {g: variable(rng, HIDDEN, INPUTS, name=f"W_{g}") for g in gates}
        self.U = {g: variable(rng, HIDDEN, HIDDEN, name=f"U_{g}") for g in gates}
        self.b = {g: variable(rng, HIDDEN, name=f"b_{g}") for g in gates}
        self.h, self.c = [variable(rng, HIDDEN, name="h_0")], [variable(rng, HIDDEN, name="c_0")]
        self.gates, self.x = [], rng.normal(size=(steps, INPUTS))
        for t, x in enumerate(self.x, 1):
            a = {g: self.W[g] @ x + self.U[g] @ self.h[-1] + self.b[g] for g in gates}
            i, f, o = (sigmoid(a[g]).named(f"{g}_{t}") for g in "ifo")
            new = tanh(a["c"]).named(f"ctilde_{t}")
            self.gates.append({"i": i, "f": f, "o": o, "c": new})
            self.c.append((f * self.c[-1] + i * new).named(f"c_{t}"))
            self.h.append((o * tanh(self.c[-1])).named(f"h_{t}"))


def test_the_forget_gate_is_the_partial_from_cell_to_cell():
    """∂c_t/∂c_{t-1} = diag(f_t), ∂c_t/∂f_t = diag(c_{t-1}), ∂c_t/∂i_t = diag(c̃_t), ∂c_t/∂c̃_t = diag(i_t)."""
    cell = Cell(3)
    flow = FlowGraph((cell.h[3] * cell.c[3]).sum().named("L"))
    for t in (1, 2, 3):
        gate = {g: v.numpy() for g, v in cell.gates[t - 1].items()}
        expected = {
            cell.c[t - 1]: gate["f"], cell.gates[t - 1]["f"]: cell.c[t - 1].numpy(),
            cell.gates[t - 1]["i"]: gate["c"], cell.gates[t - 1]["c"]: gate["i"],
        }  # fmt: skip
        for source, diagonal in expected.items():
            np.testing.assert_allclose(
                flow.partial(cell.c[t], source), np.diag(diagonal), rtol=1e-13
            )
        c = np.tanh(cell.c[t].numpy())
        np.testing.assert_allclose(flow.partial(cell.h[t], cell.gates[t - 1]["o"]), np.diag(c))
        np.testing.assert_allclose(
            flow.partial(cell.h[t], cell.c[t]), np.diag(gate["o"] * (1 - c**2)), rtol=1e-12
        )


def test_the_cells_gradient_is_the_next_ones_times_the_forget_gate_plus_what_leaves_through_h():
    """∂L/∂c_{t-1} = ∂L/∂c_t ⊙ f_t + …, the rest being the path through h_{t-1}."""
    cell = Cell(3)
    flow = FlowGraph((cell.h[3] * cell.c[3]).sum().named("L"))
    for t in (2, 3):
        through_c = flow.total(cell.c[t]) * cell.gates[t - 1]["f"].numpy()
        through_h = flow.total(cell.h[t - 1]) @ flow.partial(cell.h[t - 1], cell.c[t - 1])
        np.testing.assert_allclose(flow.total(cell.c[t - 1]), through_c + through_h, rtol=1e-12)


def test_an_lstm_agrees_with_torch():
    torch = pytest.importorskip("torch")
    cell = Cell(1)
    theirs = torch.nn.LSTMCell(INPUTS, HIDDEN, dtype=torch.float64)
    order = "ifco"  # torch's rows: i, f, g, o
    with torch.no_grad():
        for to, part in (
            (theirs.weight_ih, cell.W),
            (theirs.weight_hh, cell.U),
            (theirs.bias_ih, cell.b),
        ):
            to.copy_(torch.tensor(np.concatenate([part[g].numpy() for g in order])))
        theirs.bias_hh.zero_()
    h0, c0 = (torch.tensor(v.numpy().copy())[None] for v in (cell.h[0], cell.c[0]))
    h, c = theirs(torch.tensor(cell.x[0])[None], (h0, c0))
    np.testing.assert_allclose(cell.h[1].numpy(), h[0].detach().numpy(), rtol=1e-9)
    (h * c).sum().backward()
    (cell.h[1] * cell.c[1]).sum().backward()
    for g, rows in zip(order, np.split(theirs.weight_hh.grad.numpy(), 4), strict=True):
        np.testing.assert_allclose(cell.U[g].grad, rows, rtol=1e-8)


# --- autoencoders ---------------------------------------------------------------------------------


def test_the_linear_autoencoders_gradient_vanishes_at_pca():
    """min ‖X - W_d W_e X‖²: at W_e = U_mᵀ, W_d = U_m both gradients are 0 (Eckart–Young), elsewhere not."""
    rng = np.random.default_rng(13)
    X = rng.normal(size=(5, 20)) * np.array([[5.0], [3.0], [1.0], [0.5], [0.1]])
    U, sigma, _ = np.linalg.svd(X, full_matrices=False)
    loss = lambda W_d, W_e: square(X - W_d @ (W_e @ X)).sum()
    slopes = grad(loss, (0, 1))(U[:, :2], U[:, :2].T)
    for slope in slopes:
        np.testing.assert_allclose(slope, 0.0, atol=1e-10)
    assert float(loss(Tensor(U[:, :2]), Tensor(U[:, :2].T))) == pytest.approx(
        np.sum(sigma[2:] ** 2)
    )
    W_d, W_e = rng.normal(size=(5, 2)), rng.normal(size=(2, 5))
    R = W_d @ W_e @ X - X
    by_d, by_e = grad(loss, (0, 1))(W_d, W_e)
    np.testing.assert_allclose(by_d, 2 * R @ (W_e @ X).T, rtol=1e-11)
    np.testing.assert_allclose(by_e, 2 * W_d.T @ R @ X.T, rtol=1e-11)


def test_the_nonlinear_autoencoders_chain():
    """∂L/∂θ = (1/N)Σ (∂ℓ/∂x̂)(∂x̂/∂z)(∂z/∂θ): the cuts through x̂ and through z."""
    rng = np.random.default_rng(14)
    x = rng.normal(size=4)
    theta, phi = variable(rng, 2, 4, name="theta"), variable(rng, 4, 2, name="phi")
    z = tanh(theta @ x).named("z")
    xhat = sigmoid(phi @ z).named("xhat")
    flow = FlowGraph(square(x - xhat).sum().named("L"))
    chain = np.tensordot(
        flow.partial(flow.output, xhat) @ flow.partial(xhat, z), flow.partial(z, theta), axes=1
    )
    np.testing.assert_allclose(flow.total(theta), chain, rtol=1e-12)
    for member in (z, xhat):
        np.testing.assert_allclose(flow.cut([member]).derivative(theta), chain, rtol=1e-12)


# --- VAE ------------------------------------------------------------------------------------------


def test_reparameterisation_lets_gradients_through_the_sample():
    """z = μ + σ⊙ε with σ = e^{½ log σ²}: ∂z/∂μ = I, ∂z/∂log σ² = ½ diag(σ⊙ε), nothing by ε."""
    rng = np.random.default_rng(15)
    mu, log_var = variable(rng, 3, name="mu"), variable(rng, 3, name="logvar")
    eps = Tensor(rng.normal(size=3))
    z = (mu + exp(0.5 * log_var) * eps).named("z")
    flow = FlowGraph(square(z).sum().named("L"))
    np.testing.assert_allclose(flow.partial(z, mu), np.eye(3))
    sigma = np.exp(0.5 * log_var.numpy())
    np.testing.assert_allclose(
        flow.partial(z, log_var), np.diag(0.5 * sigma * eps.numpy()), rtol=1e-13
    )
    assert flow.variables == (mu, log_var, z, flow.output)


def test_reparameterisation_with_a_triangular_factor():
    """z = μ + L·ε: ∂z_i/∂L_jk = δ_ij ε_k."""
    rng = np.random.default_rng(16)
    L, eps = np.tril(rng.normal(size=(3, 3))), rng.normal(size=3)
    J = jacobian(lambda L: L @ eps)(L)
    np.testing.assert_allclose(J, np.einsum("ij,k->ijk", np.eye(3), eps))


def test_the_kl_term_and_its_gradients():
    """KL = -½Σ(1 + log σ² - μ² - σ²): by μ it is μ, by log σ² it is ½(σ² - 1); 0 at μ = 0, σ = 1.

    The slide prints the term with the opposite sign, as an expression for -KL; the ELBO subtracts KL.
    """
    rng = np.random.default_rng(17)
    mu, log_var = rng.normal(size=4), rng.normal(size=4)
    kl = lambda mu, log_var: -0.5 * (1 + log_var - mu * mu - exp(log_var)).sum()
    by_mu, by_log_var = grad(kl, (0, 1))(mu, log_var)
    np.testing.assert_allclose(by_mu, mu)
    np.testing.assert_allclose(by_log_var, 0.5 * (np.exp(log_var) - 1), rtol=1e-12)
    assert float(kl(Tensor(np.zeros(4)), Tensor(np.zeros(4)))) == 0.0
    # against the integral ∫ q log(q/p), by quadrature in one dimension
    m, s = 0.7, 0.6
    z = np.linspace(m - 12 * s, m + 12 * s, 20_001)
    q = np.exp(-0.5 * ((z - m) / s) ** 2) / (s * np.sqrt(2 * np.pi))
    log_ratio = -0.5 * ((z - m) / s) ** 2 - np.log(s) + 0.5 * z**2
    integral = np.sum(q * log_ratio) * (z[1] - z[0])
    assert float(kl(Tensor([m]), Tensor([2 * np.log(s)]))) == pytest.approx(integral, rel=1e-9)


def test_the_elbo_is_a_lower_bound_that_is_tight_at_the_posterior():
    """p(z) = N(0,1), p(x|z) = N(z,1): log p(x) = log N(x; 0, 2); ELBO's maximum is at N(x/2, 1/2)."""
    x = 1.3
    evidence = -0.5 * x**2 / 2 - 0.5 * np.log(2 * np.pi * 2)

    def elbo(mu, log_var):
        likelihood = -0.5 * ((x - mu) ** 2 + exp(log_var)) - 0.5 * np.log(2 * np.pi)
        return likelihood + 0.5 * (1 + log_var - mu * mu - exp(log_var))

    assert elbo(x / 2, log(0.5)) == pytest.approx(evidence, rel=1e-14)
    assert grad(elbo, (0, 1))(x / 2, log(0.5)) == pytest.approx((0.0, 0.0), abs=1e-14)
    for mu, log_var in [(0.0, 0.0), (x, -1.0), (x / 2, 0.3)]:
        assert elbo(mu, log_var) < evidence
