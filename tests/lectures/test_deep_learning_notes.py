"""Lecture Notes on Deep Learning, equations (2) to (34), (45) to (60): index sums as printed, by loops."""

import itertools

import numpy as np
import pytest

from autograd_lite import (
    FlowGraph,
    Tensor,
    Value,
    conv1d,
    conv2d,
    grad,
    jacobian,
    matmul,
    maximum,
    minimum,
    relu,
    reshape,
    sigmoid,
)

POINTS = [-800.0, -3.0, -0.5, 0.0, 0.5, 3.0, 800.0]


def variable(rng, *shape, name=None):
    return Tensor(rng.normal(size=shape), requires_grad=True, name=name)


# --- I. Notation ----------------------------------------------------------------------------------


@pytest.mark.parametrize("z", POINTS)
def test_equations_2_and_3_the_sigmoid(z):
    """φ(z) = 1/(1+e^{-z}), ∂φ/∂z = φ(1-φ); mpmath's digits, no overflow at ±800."""
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(50):
        phi = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        slope = float(phi * (1 - phi))
    v = Value(z)
    y = sigmoid(v)
    y.backward()
    assert y.data == pytest.approx(float(phi), rel=1e-14, abs=1e-320)
    assert v.grad == pytest.approx(slope, rel=1e-13, abs=1e-320)


@pytest.mark.parametrize("z", POINTS)
def test_equations_4_and_5_the_rectifier(z):
    """φ(z) = max(0, z), ∂φ/∂z = 1 where φ(z) > 0, else 0: also 0 at z = 0."""
    assert relu(z) == max(0.0, z)
    assert grad(relu)(z) == (1.0 if z > 0 else 0.0)


@pytest.mark.parametrize("x", [-2.0, 0.5, 3.0])
def test_equations_6_and_7_the_clamps(x):
    """⌊x⌋_a = max(a, x) and ⌈x⌉^b = min(b, x)."""
    assert (maximum(0.25, x), minimum(0.75, x)) == (max(0.25, x), min(0.75, x))
    assert grad(maximum, 1)(0.25, x) == float(x > 0.25)
    assert grad(minimum, 1)(0.75, x) == float(x < 0.75)


# --- II and III. Back-propagation, with the sigmoid and with the rectifier ------------------------

SIZES = (4, 5, 3, 2)


class Network:
    """z_{l+1} = φ(W_lᵀz_l + b_l) with W_l of shape (m_l, m_{l+1}), and E = ½Σ(y-t)²."""

    def __init__(self, phi):
        rng = np.random.default_rng(3)
        layers = range(len(SIZES) - 1)
        self.W = [variable(rng, SIZES[k], SIZES[k + 1], name=f"W_{k + 1}") for k in layers]
        self.b = [variable(rng, SIZES[k + 1], name=f"b_{k + 1}") for k in layers]
        self.t = rng.normal(size=SIZES[-1])
        self.z = [variable(rng, SIZES[0], name="z_1")]
        for k in layers:
            psi = self.b[k] + self.W[k].T @ self.z[k]
            self.z.append(phi(psi).named(f"z_{k + 2}"))
        self.E = (0.5 * ((self.z[-1] - self.t) ** 2).sum()).named("E")
        self.flow = FlowGraph(self.E)


def sigmoid_slope(z):
    return z * (1 - z)


def rectifier_slope(z):
    return (z > 0) * 1.0


networks = pytest.mark.parametrize(
    ("phi", "slope"),
    [(sigmoid, sigmoid_slope), (relu, rectifier_slope)],
    ids=["sigmoid", "rectifier"],
)


@networks
def test_equations_8_9_and_16_the_excitations(phi, slope):
    """ψ_{l+1,j} = b_{l,j} + Σ_i w_{l,i,j}z_{l,i}, by loops."""
    net = Network(phi)
    for k in range(3):
        W, b, z = net.W[k].numpy(), net.b[k].numpy(), net.z[k].numpy()
        for j in range(SIZES[k + 1]):
            psi = b[j] + sum(W[i, j] * z[i] for i in range(SIZES[k]))
            expected = 1 / (1 + np.exp(-psi)) if phi is sigmoid else max(0.0, psi)
            assert net.z[k + 1].numpy()[j] == pytest.approx(expected, rel=1e-13)


@networks
def test_equations_10_17_and_18_the_local_derivatives(phi, slope):
    """∂z_{l+1,j}/∂b_{l,j}, ∂/∂w_{l,i,j} = z_{l,i}·that, ∂/∂z_{l,i} = w_{l,i,j}·that; all others 0."""
    net = Network(phi)
    for k in range(3):
        by_b = net.flow.partial(net.z[k + 1], net.b[k])
        by_W = net.flow.partial(net.z[k + 1], net.W[k])
        by_z = net.flow.partial(net.z[k + 1], net.z[k])
        s, z, W = slope(net.z[k + 1].numpy()), net.z[k].numpy(), net.W[k].numpy()
        n, m = SIZES[k + 1], SIZES[k]
        for j, i, other in itertools.product(range(n), range(m), range(n)):
            same = 1.0 if j == other else 0.0
            assert by_b[j, other] == pytest.approx(s[j] * same, rel=1e-13)
            assert by_W[j, i, other] == pytest.approx(z[i] * s[j] * same, rel=1e-13)
            assert by_z[j, i] == pytest.approx(W[i, j] * s[j], rel=1e-13)


@networks
def test_equations_11_to_15_19_and_20_the_recursion(phi, slope):
    """∂E/∂b at the output (12, 19), through E/∂z (13, 14) to the layers before (15, 20), and ∂E/∂W."""
    net = Network(phi)
    assert net.E.item() == pytest.approx(0.5 * sum((net.z[-1].numpy() - net.t) ** 2))
    y = net.z[-1].numpy()
    by_b = (y - net.t) * slope(y)
    for k in (2, 1, 0):
        np.testing.assert_allclose(net.flow.total(net.b[k]), by_b, rtol=1e-12)
        np.testing.assert_allclose(
            net.flow.total(net.W[k]), np.outer(net.z[k].numpy(), by_b), rtol=1e-12
        )
        by_z = [
            sum(by_b[j] * net.W[k].numpy()[i, j] for j in range(SIZES[k + 1]))
            for i in range(SIZES[k])
        ]
        np.testing.assert_allclose(net.flow.total(net.z[k]), by_z, rtol=1e-12)
        by_b = np.array(by_z) * slope(net.z[k].numpy())


@networks
def test_a_layer_is_a_cut(phi, slope):
    """Equation (14) is the sum at the cut through layer l+2."""
    net = Network(phi)
    for k in (1, 2, 3):
        cut = net.flow.cut([net.z[k]])
        np.testing.assert_allclose(
            cut.derivative(net.W[k - 1]), net.flow.total(net.W[k - 1]), rtol=1e-12
        )


# --- IV. Convolutional network --------------------------------------------------------------------


def test_equations_21_to_27_two_convolutional_layers():
    """z_{l+1,j} = φ(b_j + Σ_{i'} ω_{i'}z_{(j-1)+i'}), back through both, by the printed sums."""
    rng = np.random.default_rng(4)
    m, K = (9, 7, 3), (3, 5)
    omega = [variable(rng, k, name=f"omega_{n + 1}") for n, k in enumerate(K)]
    b = [variable(rng, n, name=f"b_{k + 1}") for k, n in enumerate(m[1:])]
    t, z = rng.normal(size=m[-1]), [variable(rng, m[0], name="z_1")]
    for k in range(2):
        image, kernel = reshape(z[k], (1, 1, -1)), reshape(omega[k], (1, 1, -1))
        z.append(relu(b[k] + reshape(conv1d(image, kernel), (-1,))).named(f"z_{k + 2}"))
    flow = FlowGraph((0.5 * ((z[2] - t) ** 2).sum()).named("E"))
    zs, ws, bs = ([v.numpy() for v in part] for part in (z, omega, b))
    for k in range(2):  # (21)
        psi = [
            bs[k][j] + sum(ws[k][i] * zs[k][j + i] for i in range(K[k])) for j in range(m[k + 1])
        ]
        np.testing.assert_allclose(zs[k + 1], np.maximum(0, psi), rtol=1e-12)
    by_z = zs[2] - t
    for k in (1, 0):
        on = zs[k + 1] > 0  # (22)
        np.testing.assert_allclose(flow.partial(z[k + 1], b[k]), np.diag(on * 1.0))
        local = [[zs[k][j + i] * on[j] for i in range(K[k])] for j in range(m[k + 1])]  # (23)
        np.testing.assert_allclose(flow.partial(z[k + 1], omega[k]), local, rtol=1e-12)
        by_b = by_z * on  # (24)
        np.testing.assert_allclose(flow.total(b[k]), by_b, rtol=1e-12)
        by_w = [sum(zs[k][j + i] * by_b[j] for j in range(m[k + 1])) for i in range(K[k])]  # (25)
        np.testing.assert_allclose(flow.total(omega[k]), by_w, rtol=1e-12)
        by_z = np.array([  # (26), (27)
            sum(by_b[j] * ws[k][i - j] for j in range(max(0, i - K[k] + 1), min(i, m[k + 1] - 1) + 1))
            for i in range(m[k])
        ])  # fmt: skip
        np.testing.assert_allclose(flow.total(z[k]), by_z, rtol=1e-11)


def test_a_convolution_is_a_layer_with_shared_weights():
    """w_{l,i,j} = ω_{l,i-j+1}: the dense layer's gradient, summed over each diagonal."""
    rng = np.random.default_rng(5)
    omega, z = rng.normal(size=3), rng.normal(size=6)
    W = np.zeros((6, 4))
    for i, j in itertools.product(range(6), range(4)):
        if 0 <= i - j < 3:
            W[i, j] = omega[i - j]
    dense = grad(lambda W: (relu(matmul(z, W)) ** 2).sum())(W)
    shared = grad(lambda w: (relu(conv1d(z.reshape(1, 1, -1), reshape(w, (1, 1, -1)))) ** 2).sum())(
        omega
    )
    summed = [sum(dense[j + k, j] for j in range(4)) for k in range(3)]
    np.testing.assert_allclose(shared, summed, rtol=1e-12)


def test_equations_28_to_34_two_dimensions():
    """ψ_{jx,jy} = b + ΣΣ ω_{i'x,i'y}z, ∂E/∂ω and ∂E/∂z by the printed double sums."""
    rng = np.random.default_rng(6)
    z, omega = variable(rng, 5, 6, name="z"), variable(rng, 3, 3, name="Omega")
    b, t = variable(rng, 3, 4, name="b"), rng.normal(size=(3, 4))
    after = relu(b + conv2d(reshape(z, (1, 1, 5, 6)), reshape(omega, (1, 1, 3, 3)))[0, 0]).named(
        "after"
    )
    flow = FlowGraph((0.5 * ((after - t) ** 2).sum()).named("E"))
    zs, ws, bs = z.numpy(), omega.numpy(), b.numpy()
    psi = np.array([
        [bs[j, k] + sum(ws[p, q] * zs[j + p, k + q] for p in range(3) for q in range(3)) for k in range(4)]
        for j in range(3)
    ])  # fmt: skip
    np.testing.assert_allclose(after.numpy(), np.maximum(psi, 0), rtol=1e-12)
    by_b = (np.maximum(psi, 0) - t) * (psi > 0)
    by_w, by_z = np.zeros((3, 3)), np.zeros((5, 6))
    for j, k, p, q in itertools.product(range(3), range(4), range(3), range(3)):
        by_w[p, q] += by_b[j, k] * zs[j + p, k + q]
        by_z[j + p, k + q] += by_b[j, k] * ws[p, q]
    np.testing.assert_allclose(flow.total(b), by_b, rtol=1e-12)
    np.testing.assert_allclose(flow.total(omega), by_w, rtol=1e-12)
    np.testing.assert_allclose(flow.total(z), by_z, rtol=1e-12)


@pytest.mark.parametrize(("m", "K", "S"), [(9, 3, 2), (10, 4, 3), (7, 1, 3), (8, 2, 2)])
def test_equations_45_to_52_with_a_stride(m, K, S):
    """m' = (m-K)/S + 1; ψ_j = b_j + Σ ω_{i'}z_{(j-1)S+i'}; ∂E/∂ω and ∂E/∂z by the printed sums."""
    rng = np.random.default_rng(m)
    out = (m - K) // S + 1
    z, omega, b, t = (
        rng.normal(size=m),
        rng.normal(size=K),
        rng.normal(size=out),
        rng.normal(size=out),
    )

    def error(z, omega, b):
        seen = conv1d(reshape(z, (1, 1, -1)), reshape(omega, (1, 1, -1)), stride=S)
        return 0.5 * ((relu(b + reshape(seen, (-1,))) - t) ** 2).sum()

    by_z, by_w, by_b = grad(error, (0, 1, 2))(z, omega, b)
    psi = np.array([b[j] + sum(omega[i] * z[j * S + i] for i in range(K)) for j in range(out)])
    expected_b = (np.maximum(psi, 0) - t) * (psi > 0)
    expected_w, expected_z = np.zeros(K), np.zeros(m)
    for j, i in itertools.product(range(out), range(K)):
        expected_w[i] += expected_b[j] * z[j * S + i]
        expected_z[j * S + i] += expected_b[j] * omega[i]
    np.testing.assert_allclose(by_b, expected_b, rtol=1e-12)
    np.testing.assert_allclose(by_w, expected_w, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(by_z, expected_z, rtol=1e-12, atol=1e-14)


# --- the autoencoder with tied weights ------------------------------------------------------------


def test_equations_56_to_60_the_tied_autoencoder():
    """y = ψ(b̂ + W·ψ(b + Wᵀx)): both uses of w_{ij} count, in (57) and in (58)."""
    rng = np.random.default_rng(7)
    x = rng.uniform(size=4)
    W, b, bhat = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=4)

    def decoded(W, bhat):
        return sigmoid(bhat + W @ sigmoid(b + W.T @ x))

    z = 1 / (1 + np.exp(-(b + W.T @ x)))
    y = 1 / (1 + np.exp(-(bhat + W @ z)))
    J = jacobian(decoded)(Tensor(W, requires_grad=True), Tensor(bhat)).numpy()
    for k, i, j in itertools.product(range(4), range(4), range(3)):
        by_bhat, by_w = y[k] * (1 - y[k]), x[i] * z[j] * (1 - z[j])
        expected = by_bhat * ((z[j] if k == i else 0.0) + W[k, j] * by_w)
        assert J[k, i, j] == pytest.approx(expected, rel=1e-11)
    E = lambda bhat: 0.5 * ((decoded(Tensor(W), bhat) - x) ** 2).sum()
    np.testing.assert_allclose(grad(E)(bhat), (y - x) * y * (1 - y), rtol=1e-12)
