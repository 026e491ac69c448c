"""Lecture notes on deep learning, (35) to (44) the RBM and (55) to (60) the tied autoencoder, on nn.

Where the notes have a slip, the test says what holds instead: (42) is the derivative of the
unnormalised logarithm, (44) is blank, (55) prints a convolution where the text has a matrix.
"""

import itertools

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor, grad

SIZES = [(2, 3), (4, 2), (3, 5)]


def close(a, b):
    return np.allclose(a, b, rtol=1e-11, atol=1e-13)


def psi(z):
    """The logistic sigmoid, equation (2)."""
    return 1.0 / (1.0 + np.exp(-z))


def states(n):
    return [np.array(bits, float) for bits in itertools.product((0, 1), repeat=n)]


def with_numbers(module, seed=0):
    rng = np.random.default_rng(seed)
    for parameter in module.parameters():
        parameter.update_(lambda w: np.copyto(w, rng.normal(size=w.shape)))
    return module


# --- VI. restricted Boltzmann machine -------------------------------------------------------------


class Machine:
    """An RBM and its probabilities by brute force."""

    def __init__(self, m, n):
        self.m, self.n = m, n
        self.rbm = with_numbers(nn.RBM(m, n, generator=0))
        self.W, self.a, self.b = (x.numpy() for x in (self.rbm.W, self.rbm.a, self.rbm.b))
        self.Z = sum(self.weight(v, h) for v in states(m) for h in states(n))

    def weight(self, v, h):
        """e^{-E(v, h)}: equations (36) and (37)."""
        exponent = sum(self.a[i] * v[i] for i in range(self.m))
        exponent += sum(self.b[j] * h[j] for j in range(self.n))
        exponent += sum(v[i] * self.W[i, j] * h[j] for i in range(self.m) for j in range(self.n))
        return np.exp(exponent)

    def p(self, v, h=None):
        """p(v, h), and without h equation (43)."""
        return sum(self.weight(v, h) for h in ([h] if h is not None else states(self.n))) / self.Z


@pytest.fixture(params=SIZES, ids=str)
def machine(request):
    return Machine(*request.param)


def test_equations_35_to_37_energy_and_joint_probability(machine):
    assert machine.rbm.W.shape == (machine.m, machine.n)
    log_Z = machine.rbm.log_partition().item()
    for v, h in itertools.product(states(machine.m), states(machine.n)):
        E = machine.rbm.energy(v, h).item()
        assert np.exp(-E) == pytest.approx(machine.weight(v, h), rel=1e-12)
        assert np.exp(-E - log_Z) == pytest.approx(machine.p(v, h), rel=1e-11)


def test_equations_38_and_40_a_visible_node_given_the_hidden(machine):
    for h in states(machine.n):
        found = machine.rbm.visible_given(h).numpy()
        for i in range(machine.m):
            on = sum(machine.p(v, h) for v in states(machine.m) if v[i] == 1)
            off = sum(machine.p(v, h) for v in states(machine.m) if v[i] == 0)
            assert found[i] == pytest.approx(on / (on + off), rel=1e-11)
            assert found[i] == pytest.approx(psi(machine.a[i] + machine.W[i] @ h), rel=1e-12)


def test_equations_39_and_41_a_hidden_node_given_the_visible(machine):
    for v in states(machine.m):
        found = machine.rbm.hidden_given(v).numpy()
        for j in range(machine.n):
            on = sum(machine.p(v, h) for h in states(machine.n) if h[j] == 1)
            assert found[j] == pytest.approx(on / machine.p(v), rel=1e-11)
            assert found[j] == pytest.approx(psi(machine.b[j] + v @ machine.W[:, j]), rel=1e-12)


def test_equation_42_is_the_derivative_of_the_unnormalised_logarithm(machine):
    """∂(vᵀWh)/∂w_ij = v_i·h_j = -∂E/∂w_ij; of log p(v, h) it leaves out -∂log Z/∂w_ij."""
    rbm, W = machine.rbm, machine.rbm.W
    model = sum(
        machine.p(v, h) * np.outer(v, h)
        for v, h in itertools.product(states(machine.m), states(machine.n))
    )
    for v, h in itertools.product(states(machine.m)[1::2], states(machine.n)[1::2]):
        E = rbm.energy(v, h)
        assert close(-FlowGraph(E, [W]).total(W), np.outer(v, h))
        log_p = -rbm.energy(v, h) - rbm.log_partition()
        assert close(FlowGraph(log_p, [W]).total(W), np.outer(v, h) - model)


def test_equation_43_the_probability_of_the_visible_nodes(machine):
    for v in states(machine.m):
        assert machine.rbm.probability(v).item() == pytest.approx(machine.p(v), rel=1e-11)
        free = np.exp(-machine.rbm.free_energy(v).item())
        assert free == pytest.approx(machine.p(v) * machine.Z, rel=1e-11)


def test_equation_44_the_blank_filled_in(machine):
    """∂log p(v)/∂w_ij = v_i·p(h_j = 1|v) - Σ_v' p(v')·v'_i·p(h_j = 1|v'), and by differences."""
    model = sum(
        machine.p(v) * np.outer(v, psi(machine.b + v @ machine.W)) for v in states(machine.m)
    )
    for v in states(machine.m):
        expected = np.outer(v, psi(machine.b + v @ machine.W)) - model
        assert close(machine.rbm.exact_gradient(v[None])["W"], expected)
    v, h = states(machine.m)[-1], 1e-5
    for i, j in np.ndindex(machine.m, machine.n):
        up, down = Machine(machine.m, machine.n), Machine(machine.m, machine.n)
        for other, step in ((up, h), (down, -h)):
            other.W = np.array(other.W)
            other.W[i, j] += step
            other.Z = sum(other.weight(v, g) for v in states(machine.m) for g in states(machine.n))
        slope = (np.log(up.p(v)) - np.log(down.p(v))) / (2 * h)
        assert machine.rbm.exact_gradient(v[None])["W"][i, j] == pytest.approx(slope, abs=1e-8)


# --- the tied autoencoder -------------------------------------------------------------------------


class Tied:
    """One example through W and Wᵀ, as numbers and as a flow graph."""

    def __init__(self, m, n):
        self.model = with_numbers(nn.TiedAutoencoder(m, n))
        self.W, self.b, self.b_hat = self.model.W, self.model.b, self.model.b_hat
        self.x = np.random.default_rng(1).uniform(size=m)
        self.y = self.model(Tensor(self.x))
        self.E = nn.half_squared_error(self.y, self.x).named("E")
        W = self.W.numpy()
        self.z_j = psi(self.b.numpy() + self.x @ W)
        self.y_i = psi(self.b_hat.numpy() + W @ self.z_j)


@pytest.fixture(params=[(3, 2), (2, 4), (5, 3)], ids=str)
def tied(request):
    return Tied(*request.param)


def test_equation_55_as_the_text_has_it_and_its_partials(tied):
    """z_j = ψ(b_j + Σ_i w_ij·x_i), ∂z_j/∂b_j = z_j(1 - z_j), ∂z_j/∂w_ij = x_i·∂z_j/∂b_j."""
    z = tied.model.encode(Tensor(tied.x, requires_grad=True)).named("z")
    assert close(z.numpy(), tied.z_j)
    flow = FlowGraph(z, [tied.W, tied.b])
    slope = tied.z_j * (1 - tied.z_j)
    assert close(flow.total(tied.b), np.diag(slope))
    n = len(tied.z_j)
    expected = np.einsum("i,j,jk->jik", tied.x, slope, np.eye(n))
    assert close(flow.total(tied.W), expected)


@pytest.mark.parametrize(("m", "k", "s"), [(7, 3, 2), (9, 3, 3), (6, 2, 1)])
def test_equation_55_as_printed_is_a_convolution_with_a_stride(m, k, s):
    """z_j = ψ(b_j + Σ_i' w_i'·x_{i' + s(j-1)}), with n = (m - k)/s + 1 nodes (the line after (60))."""
    n = (m - k) // s + 1
    layer = with_numbers(nn.Conv1d(1, 1, k, s, positions=n))
    x, w, b = np.random.default_rng(0).normal(size=m), layer.weight.numpy(), layer.bias.numpy()
    z = nn.sigmoid(layer(x.reshape(1, m))).numpy()[0]
    assert len(z) == n
    expected = [
        psi(b[0, j - 1] + sum(w[0, 0, i - 1] * x[i + s * (j - 1) - 1] for i in range(1, k + 1)))
        for j in range(1, n + 1)
    ]
    assert close(z, expected)


def test_equation_56_and_its_partials(tied):
    assert close(tied.y.numpy(), tied.y_i)
    z = FlowGraph(tied.y, variables=None).variable("z")
    flow = FlowGraph(tied.y, [tied.b_hat, z])
    slope = tied.y_i * (1 - tied.y_i)
    assert close(flow.total(tied.b_hat), np.diag(slope))
    assert close(flow.total(z), tied.W.numpy() * slope[:, None])


def test_equations_57_and_58_the_weight_moves_the_output_along_two_paths(tied):
    found = FlowGraph(tied.y, [tied.W]).total(tied.W)  # [i', i, j] = ∂y_i'/∂w_ij
    W, by_b_hat = tied.W.numpy(), tied.y_i * (1 - tied.y_i)
    for i, j in np.ndindex(W.shape):
        of_z = tied.x[i] * tied.z_j[j] * (1 - tied.z_j[j])  # ∂z_j/∂w_ij
        for k in range(len(W)):
            direct = tied.z_j[j] if k == i else 0.0
            assert close(found[k, i, j], by_b_hat[k] * (direct + W[k, j] * of_z))


def test_the_two_paths_are_the_partials_with_the_code_held_and_free(tied):
    """(57) is a sum at a cut: ∂y/∂W with z held is its first term, what goes through z the second."""
    z = FlowGraph(tied.y, variables=None).variable("z")
    flow = FlowGraph(tied.y, [tied.W, z])
    direct = flow.partial(tied.y, tied.W)
    by_b_hat = tied.y_i * (1 - tied.y_i)
    expected = np.einsum("ki,k,j->kij", np.eye(len(tied.x)), by_b_hat, tied.z_j)
    assert close(direct, expected)
    through = np.einsum("kj,jab->kab", flow.total(z), flow.total(tied.W, of=z))
    assert close(direct + through, flow.total(tied.W))


def test_equations_59_and_60_the_error(tied):
    assert tied.E.item() == pytest.approx(0.5 * np.sum((tied.y_i - tied.x) ** 2), rel=1e-12)
    found = FlowGraph(tied.E, [tied.b_hat]).total(tied.b_hat)
    assert close(found, (tied.y_i - tied.x) * tied.y_i * (1 - tied.y_i))


def test_the_error_as_a_function_has_the_same_gradient(tied):
    """The target x is a constant: its own path, as the input, is the only one it moves E along."""
    x, b, b_hat = tied.x, tied.b.numpy(), tied.b_hat.numpy()

    def error(W):
        z = 1.0 / (1.0 + np.exp(-(x @ W + b)))
        return 0.5 * ((1.0 / (1.0 + np.exp(-(W @ z + b_hat))) - x) ** 2).sum()

    assert close(grad(error)(tied.W.numpy()), FlowGraph(tied.E, [tied.W]).total(tied.W))
