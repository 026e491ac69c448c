"""Autoencoders find what theory says they find, and bring digits back."""

import numpy as np
import pytest

import nn
from autograd_lite import FlowGraph, Tape, Tensor, no_grad
from autograd_lite.errors import OperandError, ShapeError
from tests.nn.digits import digits, images

N, D, M = 200, 8, 3


@pytest.fixture(scope="module")
def data():
    """Centred examples as rows, along random axes of unequal spread."""
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.normal(size=(D, D)))[0]
    x = rng.normal(size=(N, D)) * (3.0, 2.5, 2.0, 1.0, 0.8, 0.6, 0.4, 0.2) @ axes.T
    return x - x.mean(0)


def trained(model, x, steps):
    """The model after gradient descent on (1/N) Σ ‖x - x̂‖², and that loss."""
    optimizer, x = nn.SGD(model.parameters(), lr=0.01, momentum=0.9), Tensor(x)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.mse_loss(model(x), x, reduction="sum") / len(x)
        Tape(loss).backward(keep=False)
        optimizer.step()
        if model.orthonormal:
            model.project_()
    return model, nn.mse_loss(model(x), x, reduction="sum").item()


def largest_angle(A, B):
    """The largest principal angle between two subspaces, each spanned by columns."""
    A, B = np.linalg.qr(A)[0], np.linalg.qr(B)[0]
    return np.arcsin(min(1.0, np.linalg.norm(A - B @ (B.T @ A), 2)))


# --- linear autoencoder ⇒ PCA ---------------------------------------------------------------------


@pytest.mark.parametrize("orthonormal", [False, True])
def test_a_linear_autoencoder_finds_the_principal_subspace_and_eckart_youngs_optimum(
    data, orthonormal
):
    model, loss = trained(nn.LinearAutoencoder(D, M, orthonormal, generator=1), data, 2000)
    U, s, _ = np.linalg.svd(data.T, full_matrices=False)
    W_d = model.W_e.numpy().T if orthonormal else model.W_d.numpy()
    assert largest_angle(W_d, U[:, :M]) < 1e-3
    assert largest_angle(model.W_e.numpy().T, U[:, :M]) < 1e-3
    assert loss == pytest.approx(np.sum(s[M:] ** 2), rel=1e-6)
    assert loss > np.sum(s[M:] ** 2) * (1 - 1e-12)  # nothing of rank m is better


def test_with_orthonormal_rows_the_encoder_is_pca_up_to_a_rotation(data):
    model, _ = trained(nn.LinearAutoencoder(D, M, orthonormal=True, generator=1), data, 300)
    U = np.linalg.svd(data.T, full_matrices=False)[0][:, :M]
    W_e = model.W_e.numpy()
    R = W_e @ U
    assert np.allclose(W_e @ W_e.T, np.eye(M), atol=1e-12)
    assert np.allclose(R @ R.T, np.eye(M), atol=1e-6)
    assert np.allclose(W_e, R @ U.T, atol=1e-6)


def test_projecting_takes_the_nearest_matrix_with_orthonormal_rows():
    rng = np.random.default_rng(0)
    model = nn.LinearAutoencoder(5, 2, orthonormal=True, generator=0)
    W = model.W_e.numpy() + 0.1 * rng.normal(size=(2, 5))
    model.load_state_dict({"W_e": W})
    model.project_()
    near = model.W_e.numpy()
    assert np.allclose(near @ near.T, np.eye(2), atol=1e-14)
    for _ in range(200):
        other = np.linalg.qr(near.T + 0.1 * rng.normal(size=(5, 2)))[0].T
        other *= np.sign(np.sum(other * near, axis=1, keepdims=True))
        assert np.linalg.norm(W - near) <= np.linalg.norm(W - other)


# --- general --------------------------------------------------------------------------------------


def test_code_and_output_are_the_variables_and_modules_carry_their_names():
    model = nn.Autoencoder(nn.Sequential(nn.Linear(4, 2), nn.Tanh()), nn.Linear(2, 4))
    x = Tensor(np.ones((3, 4)), requires_grad=True, name="x")
    y = model(x)
    flow = FlowGraph(y, variables=None)
    assert {"x", "z", r"\hat{x}"} <= {v.name for v in flow.variables}
    assert flow.variable("z").scope == "Autoencoder.encoder.1"
    assert y.scope == "Autoencoder.decoder"


def test_the_gradient_is_the_lectures_product_of_partials():
    """∂L/∂θ = (1/N) Σ_i ∂ℓ/∂x̂ · ∂x̂/∂z · ∂z/∂θ: the cut at the code (lecture, nonlinear AE)."""
    model = nn.Autoencoder(nn.Linear(3, 2, generator=0), nn.Linear(2, 3, generator=1))
    x = Tensor(np.random.default_rng(0).normal(size=(4, 3)))
    loss = nn.mse_loss(model(x), x)
    W = model.encoder.weight
    flow = FlowGraph(loss, variables=None)
    z = flow.variable("z")
    code = FlowGraph(loss, [W, z])
    assert np.allclose(code.cut([z]).derivative(W), code.total(W), rtol=1e-12)


def test_a_convolutional_autoencoder_without_its_pieces():
    for pooling in (False, True):
        model = nn.ConvAutoencoder((2, 3, 4, 5), pooling, generator=0)
        x = np.random.default_rng(0).uniform(size=(2, 2, 16, 8))
        assert model.encode(x).shape == (2, 5, 2, 1)
        assert model(x).shape == x.shape
        again = nn.ConvAutoencoder((2, 3, 4, 5), pooling, generator=0)
        assert np.array_equal(again(x), model(x))


@pytest.mark.parametrize(("pooling", "part"), [(False, 0.1), (True, 0.3)])
def test_a_convolutional_autoencoder_brings_held_out_digits_back(pooling, part):
    """With a small part of the variance, which is what the mean image would leave."""
    x, _, held, _ = digits()
    model = nn.ConvAutoencoder((1, 16, 32), pooling, generator=2)
    batches = nn.Batches(images(x), images(x), size=16, generator=0)
    optimizer = nn.Adam(model.parameters(), lr=1e-2)
    nn.fit(model, nn.mse_loss, batches, optimizer, epochs=4, verbose=False)
    with no_grad():
        wrong = nn.mse_loss(model(images(held)), images(held)).item()
    assert wrong < part * np.mean((held - x.mean(0)) ** 2)


def test_a_convolutional_classifier_reads_digits():
    """98 % of the held-out digits."""
    x, t, held, wanted = digits()
    rng = np.random.default_rng(1)
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, generator=rng), nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1, generator=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(0.3, generator=rng), nn.Linear(512, 64, generator=rng), nn.ReLU(),
        nn.Linear(64, 10, generator=rng),
    )  # fmt: skip
    batches = nn.Batches(images(x), t, size=32, generator=rng)
    optimizer = nn.Adam(net.parameters(), lr=2e-3)
    schedule = nn.ExponentialLR(optimizer, 0.85)
    nn.fit(net, nn.cross_entropy, batches, optimizer, epochs=14, schedule=schedule, verbose=False)
    net.eval()
    assert np.mean(net(images(held)).numpy().argmax(1) == wanted) >= 0.98


# --- bad input ------------------------------------------------------------------------------------


def test_wrong_shapes_are_said_with_the_dotted_name():
    with pytest.raises(ShapeError, match="code expected 4 features .* got shape \\(2, 3\\)"):
        nn.TiedAutoencoder(4, 2).named("code")(np.ones((2, 3)))
    with pytest.raises(ShapeError, match="LinearAutoencoder expected 2 features"):
        nn.LinearAutoencoder(4, 2).decode(np.ones(3))
    with pytest.raises(ShapeError, match=r"ConvAutoencoder\.encoder\.0 expected x of shape"):
        nn.ConvAutoencoder((1, 4))(np.ones((2, 3, 8, 8)))


@pytest.mark.parametrize(
    "made",
    [
        lambda: nn.LinearAutoencoder(0, 1),
        lambda: nn.LinearAutoencoder(2, 3, orthonormal=True),
        lambda: nn.TiedAutoencoder(3, 1.5),
        lambda: nn.ConvAutoencoder((1,)),
        lambda: nn.ConvAutoencoder((1, 0)),
    ],
)
def test_autoencoders_that_cannot_be_are_refused(made):
    with pytest.raises(OperandError):
        made()
