"""The lecture notes' equations (8) to (20), measured on the flow graph of an MLP.

The notes count layers from the input: z_1 = x, ψ_{l+1} = W_lᵀ·z_l + b_l, z_{l+1} = φ(ψ_{l+1}), and
y is the last z. Here W = W_lᵀ, ξ_l = ψ_{l+1} and h_l = z_{l+1}.
"""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tensor
from autograd_lite.errors import OperandError
from tests.nn.oracle import assert_same_module, torch

SIZES = [(3, 2), (4, 3, 2), (2, 5, 4, 3), (3, 4, 4, 2, 2)]
PHIS = [(nn.sigmoid, lambda z: z * (1.0 - z)), (nn.relu, lambda z: (z > 0).astype(float))]


class Lecture:
    """The network of the notes for one example, as plain numbers: z_l, ψ_l, W_l, b_l."""

    def __init__(self, sizes, phi, slope, seed):
        rng = np.random.default_rng(seed)
        self.mlp = nn.MLP(sizes, phi, output=phi, generator=rng)
        for parameter in self.mlp.parameters():
            parameter.update_(lambda w: np.copyto(w, rng.normal(size=w.shape)))
        self.x, self.t = rng.normal(size=sizes[0]), rng.normal(size=sizes[-1])
        self.input = Tensor(self.x, requires_grad=True, name="x")
        self.y = self.mlp(self.input)
        self.E = nn.half_squared_error(self.y, self.t).named("E")
        self.flow = FlowGraph(self.E)
        self.layers = list(self.mlp.layers)
        self.W = [layer.weight.numpy().T for layer in self.layers]
        self.b = [layer.bias.numpy() for layer in self.layers]
        self.z, self.psi = [self.x], []
        for W, b in zip(self.W, self.b, strict=True):
            # equation (8), one node at a time
            psi = [
                b[j] + sum(W[i, j] * self.z[-1][i] for i in range(len(W))) for j in range(len(b))
            ]
            self.psi.append(np.array(psi))
            self.z.append(
                1.0 / (1.0 + np.exp(-self.psi[-1])) if phi is nn.sigmoid else np.maximum(psi, 0.0)
            )
        self.slope = [slope(z) for z in self.z[1:]]  # ∂z_{l+1,j}/∂ψ_{l+1,j}: (3) and (5)

    def node(self, l):
        """The node of z_{l+1}."""
        return self.y if l == len(self.layers) else self.flow.variable(f"h_{l}")


@pytest.fixture(params=range(3))
def seed(request):
    return request.param


@pytest.fixture(params=SIZES, ids=str)
def sizes(request):
    return request.param


@pytest.fixture(params=PHIS, ids=["sigmoid", "relu"])
def net(request, sizes, seed):
    return Lecture(sizes, *request.param, seed)


def close(a, b):
    return np.allclose(a, b, rtol=1e-12, atol=1e-14)


def test_equations_8_9_and_16_excitations_and_nodes(net):
    for l, (psi, z) in enumerate(zip(net.psi, net.z[1:], strict=True), 1):
        assert close(net.flow.variable(f"xi_{l}").numpy(), psi)
        assert close(net.node(l).numpy(), z)


def test_equations_10_17_18_partials_of_a_node(net):
    for l, (layer, slope) in enumerate(zip(net.layers, net.slope, strict=True), 1):
        flow = FlowGraph(
            net.node(l), [layer.weight, layer.bias, net.input if l == 1 else net.node(l - 1)]
        )
        z = net.z[l - 1]
        by_b = flow.partial(net.node(l), layer.bias)
        assert close(by_b, np.diag(slope))
        by_W = flow.partial(net.node(l), layer.weight)  # [j, k, i] = ∂z_{l+1,j}/∂w_{l,i,k}
        assert close(by_W, np.einsum("jk,i->jki", np.diag(slope), z))
        by_z = flow.partial(net.node(l), net.input if l == 1 else net.node(l - 1))
        assert close(by_z, slope[:, None] * net.W[l - 1].T)


def test_equation_11_the_error(net):
    assert net.E.item() == pytest.approx(0.5 * np.sum((net.z[-1] - net.t) ** 2), rel=1e-12)


def test_equations_12_and_19_the_last_bias(net):
    by_b = net.flow.total(net.layers[-1].bias)
    assert close(by_b, (net.z[-1] - net.t) * net.slope[-1])


def test_equation_13_a_bias_from_its_node(net):
    for l, layer in enumerate(net.layers, 1):
        assert close(net.flow.total(layer.bias), net.flow.total(net.node(l)) * net.slope[l - 1])


def test_equation_14_a_node_from_the_next_layers_biases(net):
    for l in range(1, len(net.layers)):
        later = net.flow.total(net.layers[l].bias)
        assert close(net.flow.total(net.node(l)), net.W[l] @ later)


def test_equations_15_and_20_a_bias_from_the_next_layers(net):
    for l in range(1, len(net.layers)):
        later = net.flow.total(net.layers[l].bias)
        expected = net.slope[l - 1] * (net.W[l] @ later)
        assert close(net.flow.total(net.layers[l - 1].bias), expected)


def test_a_weights_derivative_is_its_input_times_its_biass(net):
    """dE/dw_{lk} = ε_l·h_k, with ε_l = dE/dξ_l (lecture "Partial and Total Derivatives")."""
    for l, layer in enumerate(net.layers, 1):
        delta = net.flow.total(f"xi_{l}")
        assert close(delta, net.flow.total(layer.bias))
        assert close(net.flow.total(layer.weight), np.outer(delta, net.z[l - 1]))


def test_the_excitations_are_a_cut(net):
    """dE/dx = Σ_k (dE/dξ_k)·(∂ξ_k/∂x)."""
    cut = net.flow.cut(["xi_1"])
    assert close(cut.derivative(net.input), net.flow.total(net.input))
    assert close(net.flow.total(net.input), net.flow.total("xi_1") @ net.W[0].T)


@pytest.mark.parametrize("bias", [True, False])
def test_an_mlp_is_torchs_sequential(bias):
    ours = nn.MLP((5, 4, 3), nn.tanh, nn.sigmoid, bias)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(5, 4, bias),
        torch.nn.Tanh(),
        torch.nn.Linear(4, 3, bias),
        torch.nn.Sigmoid(),
    )
    state = {name.replace("2.", "1."): x for name, x in theirs.state_dict().items()}
    ours.layers.load_state_dict(state)
    x = np.random.default_rng(0).normal(size=(6, 5))
    assert np.allclose(ours(x).numpy(), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-12)
    assert_same_module(ours.layers[0], theirs[0], x)


def test_activations_may_be_modules_with_parameters():
    class Swish(nn.Module):
        def __init__(self):
            self.beta = nn.Parameter(1.0)

        def forward(self, x):
            return x * nn.sigmoid(self.beta * x)

    mlp = nn.MLP((2, 3, 1), Swish(), generator=0)
    mlp(np.ones((1, 2))).sum().backward()
    assert dict(mlp.named_parameters())["activation.beta"].grad is not None


@pytest.mark.parametrize("sizes", [(), (3,), (3, 0), (3, 1.5)])
def test_sizes_that_make_no_network_are_refused(sizes):
    with pytest.raises(OperandError):
        nn.MLP(sizes)
