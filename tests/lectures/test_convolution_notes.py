"""Lecture notes on deep learning, equations (21) to (34) and (45) to (54), on the layers of nn.

Two convolutional layers with a bias at every position, rectified, and E = ½ Σ (z_3 - t)². The right
sides are loops over the notes' indices, which count from 1: x[i] there is x[i - 1] here.
"""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor

SIZES = [(9, 3, 3, 1, 1), (8, 5, 1, 1, 1), (11, 3, 3, 2, 1), (13, 3, 2, 2, 2), (15, 5, 3, 3, 1)]


def close(a, b):
    return np.allclose(a, b, rtol=1e-12, atol=1e-14)


def up_to(n):
    return range(1, n + 1)


class Notes:
    """z_1 = x, ψ_{l+1}, z_{l+1} for l = 1, 2, as rows; ω_l, b_l, K_l, S_l, m_l as in the notes."""

    def __init__(self, m_1, K_1, K_2, S_1, S_2, seed=0):
        rng = np.random.default_rng(seed)
        self.K, self.S, self.m = {1: K_1, 2: K_2}, {1: S_1, 2: S_2}, {1: m_1}
        self.layers, self.omega, self.b = {}, {}, {}
        x = Tensor(rng.normal(size=(1, 1, m_1)), requires_grad=True, name="z_1")
        self.z, self.psi = {1: x}, {}
        for l in (1, 2):
            self.m[l + 1] = nn.output_size(self.m[l], self.K[l], self.S[l])
            layer = nn.Conv1d(
                1, 1, self.K[l], self.S[l], positions=self.m[l + 1], generator=rng
            ).named(f"layer_{l}")
            for p in layer.parameters():
                p.update_(lambda w: np.copyto(w, rng.normal(size=w.shape)))
            self.psi[l + 1] = layer(self.z[l]).named(f"psi_{l + 1}")
            self.z[l + 1] = nn.relu(self.psi[l + 1]).named(f"z_{l + 1}")
            self.layers[l] = layer
            self.omega[l], self.b[l] = layer.weight.numpy()[0, 0], layer.bias.numpy()[0]
        self.t = rng.normal(size=self.m[3])
        self.E = nn.half_squared_error(self.z[3], self.t.reshape(1, 1, -1)).named("E")
        self.flow = FlowGraph(self.E, variables=None)

    def row(self, l):
        """z_l as numbers."""
        return self.z[l].numpy()[0, 0]

    def on(self, l):
        """1_{z_l > 0}: one factor of every derivative."""
        return (self.row(l) > 0).astype(float)

    def w(self, l, i, j):
        """w_{l,i,j}: equation (46), which for S_l = 1 is the text above equation (21)."""
        place = i - (j - 1) * self.S[l]
        return self.omega[l][place - 1] if place in up_to(self.K[l]) else 0.0

    def total(self, node):
        return self.flow.total(node).reshape(-1)

    def by_b(self, l):
        return self.total(self.layers[l].bias)


@pytest.fixture(params=SIZES, ids=str)
def net(request):
    return Notes(*request.param)


def test_no_layer_is_dark(net):
    """Otherwise every derivative below would be 0 = 0."""
    assert net.on(2).any()
    assert net.on(3).any()


def test_equations_45_and_53_output_sizes(net):
    for l in (1, 2):
        assert net.m[l + 1] == (net.m[l] - net.K[l]) // net.S[l] + 1
        assert net.row(l + 1).shape == (net.m[l + 1],)


def test_equations_21_46_and_47_the_excitation(net):
    for l in (1, 2):
        z = net.row(l)
        dense = [
            net.b[l][j - 1] + sum(net.w(l, i, j) * z[i - 1] for i in up_to(net.m[l]))
            for j in up_to(net.m[l + 1])
        ]
        shared = [
            net.b[l][j - 1]
            + sum(net.omega[l][i - 1] * z[(j - 1) * net.S[l] + i - 1] for i in up_to(net.K[l]))
            for j in up_to(net.m[l + 1])
        ]
        psi = net.psi[l + 1].numpy()[0, 0]
        assert close(psi, dense)
        assert close(psi, shared)
        assert close(net.row(l + 1), np.maximum(0.0, psi))


def test_equations_22_23_48_and_49_a_nodes_partials(net):
    for l in (1, 2):
        layer, z, m = net.layers[l], net.row(l), net.m[l + 1]
        flow = FlowGraph(net.z[l + 1], [layer.weight, layer.bias, net.z[l]])
        by_b = flow.partial(net.z[l + 1], layer.bias).reshape(m, m)
        assert close(by_b, np.diag(net.on(l + 1)))
        by_omega = flow.partial(net.z[l + 1], layer.weight).reshape(m, net.K[l])
        for j in up_to(m):
            for i in up_to(net.K[l]):
                expected = z[(j - 1) * net.S[l] + i - 1] * by_b[j - 1, j - 1]
                assert close(by_omega[j - 1, i - 1], expected)


def test_equations_24_and_52_a_bias_from_its_node(net):
    for l in (1, 2):
        assert close(net.by_b(l), net.total(net.z[l + 1]) * net.on(l + 1))
    assert close(net.total(net.z[3]), net.row(3) - net.t)


def test_equations_25_and_50_a_weight_from_every_place_it_is_used(net):
    for l in (1, 2):
        z, by_b = net.row(l), net.by_b(l)
        for i in up_to(net.K[l]):
            expected = sum(z[(j - 1) * net.S[l] + i - 1] * by_b[j - 1] for j in up_to(net.m[l + 1]))
            assert close(net.total(net.layers[l].weight)[i - 1], expected)


def test_equations_26_51_and_54_a_node_from_the_next_biases(net):
    by_next, found = net.by_b(2), net.total(net.z[2])
    for j in up_to(net.m[2]):
        expected = sum(by_next[k - 1] * net.w(2, j, k) for k in up_to(net.m[3]))
        assert close(found[j - 1], expected)


def test_equation_27_the_same_as_a_transposed_convolution(net):
    """Its bounds hold for stride 1; with a stride it is the transposed convolution of (54)."""
    found, by_next = net.total(net.z[2]), net.by_b(2)
    if net.S[2] == 1:
        for j in up_to(net.m[2]):
            ks = range(max(1, j - net.K[2] + 1), min(j, net.m[3]) + 1)
            assert close(found[j - 1], sum(by_next[k - 1] * net.omega[2][j - k] for k in ks))
    back = nn.ConvTranspose1d(1, 1, net.K[2], net.S[2], bias=False)
    back.load_state_dict({"weight": net.layers[2].weight.numpy()})
    spread = back(by_next.reshape(1, 1, -1), output_size=net.m[2])
    assert close(spread.numpy().reshape(-1), found)


def test_the_excitations_are_a_cut_between_weights_and_error(net):
    """Equation (25) once more: every path from ω_1 to E crosses ψ_2."""
    cut = FlowGraph(net.E, [net.layers[1].weight, net.psi[2]]).cut([net.psi[2]])
    assert close(cut.derivative(net.layers[1].weight).reshape(-1), net.total(net.layers[1].weight))


# --- V. two dimensions ----------------------------------------------------------------------------


class Notes2d:
    """Two layers of one image each, kernels Ω_l K_l × K_l, as in section V."""

    def __init__(self, m, n, K_1, K_2, seed=0):
        rng = np.random.default_rng(seed)
        self.K, self.size = {1: K_1, 2: K_2}, {1: (m, n)}
        self.layers = {}
        self.z = {1: Tensor(rng.normal(size=(1, 1, m, n)), requires_grad=True, name="z_1")}
        for l in (1, 2):
            self.size[l + 1] = nn.output_size(self.size[l], self.K[l])
            layer = nn.Conv2d(1, 1, self.K[l], positions=self.size[l + 1], generator=rng)
            for p in layer.parameters():
                p.update_(lambda w: np.copyto(w, rng.normal(size=w.shape)))
            self.z[l + 1] = nn.relu(layer(self.z[l])).named(f"z_{l + 1}")
            self.layers[l] = layer
        self.t = rng.normal(size=(1, 1, *self.size[3]))
        self.E = nn.half_squared_error(self.z[3], self.t).named("E")
        self.flow = FlowGraph(self.E, variables=None)

    def image(self, l):
        return self.z[l].numpy()[0, 0]

    def omega(self, l):
        return self.layers[l].weight.numpy()[0, 0]

    def total(self, node):
        whole = self.flow.total(node)
        return whole.reshape(whole.shape[-2:])

    def places(self, l):
        """(j_x, j_y) over layer l."""
        m, n = self.size[l]
        return [(jx, jy) for jx in up_to(m) for jy in up_to(n)]

    def offsets(self, l):
        return [(ix, iy) for ix in up_to(self.K[l]) for iy in up_to(self.K[l])]


@pytest.fixture(params=[(6, 7, 3, 3), (5, 4, 1, 3), (8, 6, 3, 1)], ids=str)
def image_net(request):
    return Notes2d(*request.param)


def test_no_image_is_dark(image_net):
    assert image_net.image(2).any()
    assert image_net.image(3).any()


def test_equations_28_to_30_the_excitation_of_an_image(image_net):
    for l in (1, 2):
        z, omega, b = image_net.image(l), image_net.omega(l), image_net.layers[l].bias.numpy()[0]
        assert b.shape == tuple(h - image_net.K[l] + 1 for h in image_net.size[l])
        for jx, jy in image_net.places(l + 1):
            psi = b[jx - 1, jy - 1] + sum(
                omega[ix - 1, iy - 1] * z[ix + jx - 2, iy + jy - 2]
                for ix, iy in image_net.offsets(l)
            )
            assert close(image_net.image(l + 1)[jx - 1, jy - 1], max(0.0, psi))


def test_equation_31_a_nodes_partials(image_net):
    for l in (1, 2):
        layer, node, z = image_net.layers[l], image_net.z[l + 1], image_net.image(l)
        flow = FlowGraph(node, [layer.weight, layer.bias, image_net.z[l]])
        size, K = image_net.size[l + 1], image_net.K[l]
        by_b = flow.partial(node, layer.bias).reshape(*size, *size)
        by_omega = flow.partial(node, layer.weight).reshape(*size, K, K)
        for jx, jy in image_net.places(l + 1):
            on = float(image_net.image(l + 1)[jx - 1, jy - 1] > 0)
            assert close(by_b[jx - 1, jy - 1, jx - 1, jy - 1], on)
            assert close(by_omega[jx - 1, jy - 1], on * z[jx - 1 : jx - 1 + K, jy - 1 : jy - 1 + K])
        assert np.count_nonzero(by_b) == np.count_nonzero(image_net.image(l + 1))


def test_equation_32_biases_and_weights(image_net):
    for l in (1, 2):
        z, on = image_net.image(l), image_net.image(l + 1) > 0
        by_node = image_net.total(image_net.z[l + 1])
        assert close(image_net.total(image_net.layers[l].bias), by_node * on)
        found = image_net.total(image_net.layers[l].weight)
        for ix, iy in image_net.offsets(l):
            expected = sum(
                (by_node * on)[jx - 1, jy - 1] * z[ix + jx - 2, iy + jy - 2]
                for jx, jy in image_net.places(l + 1)
            )
            assert close(found[ix - 1, iy - 1], expected)
    assert close(image_net.total(image_net.z[3]), image_net.image(3) - image_net.t[0, 0])


def test_equations_33_and_34_a_node_from_the_next_biases(image_net):
    found, by_next = image_net.total(image_net.z[2]), image_net.total(image_net.layers[2].bias)
    K, omega, (m, n) = image_net.K[2], image_net.omega(2), image_net.size[3]
    for jx, jy in image_net.places(2):
        expected = sum(
            by_next[kx - 1, ky - 1] * omega[jx - kx, jy - ky]
            for kx in range(max(1, jx - K + 1), min(jx, m) + 1)
            for ky in range(max(1, jy - K + 1), min(jy, n) + 1)
        )
        assert close(found[jx - 1, jy - 1], expected)
    back = nn.ConvTranspose2d(1, 1, K, bias=False)
    back.load_state_dict({"weight": image_net.layers[2].weight.numpy()})
    assert close(back(by_next[None, None]).numpy()[0, 0], found)
