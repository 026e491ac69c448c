"""The VAE's parts equal their closed forms, its ELBO is a bound, and it brings digits back."""

import numpy as np
import pytest
from scipy import integrate, stats

import nn
from autograd_lite import FlowGraph, Tape, Tensor
from autograd_lite.errors import AutogradError, OperandError, ShapeError
from tests.nn.digits import digits
from tests.nn.oracle import assert_close, torch

SEEDS = range(5)


def draws(seed, n=4, d=3):
    """μ, log σ², and a lower-triangular L for each of n examples."""
    rng = np.random.default_rng(seed)
    L = np.tril(rng.normal(size=(n, d, d)), -1) + rng.uniform(0.3, 2.0, (n, d, 1)) * np.eye(d)
    return rng.normal(size=(n, d)), rng.normal(size=(n, d)), L


# --- reparameterization ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_samples_are_the_lectures_formulas(seed):
    mu, log_var, L = draws(seed)
    eps = np.random.default_rng(9).normal(size=(7, *mu.shape))
    z = nn.reparameterize(mu, log_var, eps=eps)
    assert np.allclose(z, mu + np.sqrt(np.exp(log_var)) * eps, rtol=1e-14)
    z = nn.reparameterize(mu, L=L, eps=eps)
    each = [[mu[i] + L[i] @ eps[k, i] for i in range(len(mu))] for k in range(7)]
    assert np.allclose(z, each, rtol=1e-13)


def test_samples_have_the_mean_and_covariance_they_were_asked_for():
    mu, _, L = draws(0, n=1)
    many = np.repeat(mu, 200_000, axis=0)
    z = nn.reparameterize(many, L=np.repeat(L, len(many), axis=0), generator=0)
    Sigma = L[0] @ L[0].T
    off = 5.0 * np.sqrt(np.diag(Sigma) / len(many))  # five standard errors
    assert (np.abs(z.mean(0) - mu[0]) < off).all()
    assert np.allclose(np.cov(z.T), Sigma, atol=0.05)


@pytest.mark.parametrize("full", [False, True])
def test_gradients_through_samples_match_finite_differences_with_eps_held(full):
    mu, log_var, L = draws(1)
    eps = np.random.default_rng(2).normal(size=mu.shape)
    scale = L if full else log_var

    def value(mu, scale):
        z = nn.reparameterize(mu, **{"L" if full else "log_var": scale}, eps=eps)
        return (np.sin(z) * (1.0 + z * z)).sum()

    nodes = [Tensor(a, requires_grad=True) for a in (mu, scale)]
    value(*nodes).backward()
    for i, (node, at) in enumerate(zip(nodes, (mu, scale), strict=True)):
        for index in np.ndindex(at.shape):
            moved = [np.array(mu), np.array(scale)]
            h = 1e-5
            moved[i][index] = at[index] + h
            up = value(*moved)
            moved[i][index] = at[index] - h
            slope = (up - value(*moved)) / (2 * h)
            assert node.grad[index] == pytest.approx(slope, rel=1e-6, abs=1e-7)


def test_the_partial_with_eps_held_is_the_lectures():
    """∂z/∂μ = 1 and ∂z/∂σ = ε, σ = exp(½ log σ²) held as a variable of its own."""
    mu, sigma = Tensor(0.3, requires_grad=True), Tensor(1.7, requires_grad=True, name=r"\sigma")
    z = nn.reparameterize(mu, 2.0 * np.log(sigma), eps=-0.4)
    flow = FlowGraph(z, [mu, sigma])
    assert flow.total(mu) == pytest.approx(1.0)
    assert flow.total(sigma) == pytest.approx(-0.4)


# --- KL divergence --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_divergence_is_the_closed_form(seed):
    """½ (tr Σ + μᵀμ - d - log det Σ), here by NumPy's determinant; full and diagonal."""
    mu, log_var, L = draws(seed)
    for Sigma, kl in (
        (np.exp(log_var)[:, :, None] * np.eye(3), nn.kl_divergence(mu, log_var)),
        (L @ L.transpose(0, 2, 1), nn.kl_divergence(mu, L=L)),
    ):
        traces = np.trace(Sigma, axis1=1, axis2=2) + np.sum(mu**2, 1)
        assert np.allclose(kl, 0.5 * (traces - 3 - np.linalg.slogdet(Sigma)[1]), rtol=1e-12)
        assert (kl >= 0).all()


def test_a_diagonal_posterior_is_the_full_one_with_a_diagonal_L():
    mu, log_var, _ = draws(0)
    L = np.exp(0.5 * log_var)[:, :, None] * np.eye(3)
    eps = np.random.default_rng(0).normal(size=mu.shape)
    assert np.allclose(nn.kl_divergence(mu, L=L), nn.kl_divergence(mu, log_var), rtol=1e-13)
    full = nn.reparameterize(mu, L=L, eps=eps)
    assert np.allclose(full, nn.reparameterize(mu, log_var, eps=eps), rtol=1e-13)


def test_the_divergence_is_torchs_and_so_are_its_gradients():
    mu, log_var, L = draws(3)
    prior = torch.distributions.MultivariateNormal(torch.zeros(3), torch.eye(3))
    for name, scale in (("log_var", log_var), ("L", L)):
        ours = [Tensor(a, requires_grad=True) for a in (mu, scale)]
        theirs = [torch.tensor(a, requires_grad=True) for a in (mu, scale)]
        tril = torch.diag_embed(torch.exp(0.5 * theirs[1])) if name == "log_var" else theirs[1]
        q = torch.distributions.MultivariateNormal(theirs[0], scale_tril=tril)
        expected = torch.distributions.kl_divergence(q, prior)
        found = nn.kl_divergence(ours[0], **{name: ours[1]})
        assert_close(found, expected, name, 1e-12)
        found.sum().backward()
        expected.sum().backward()
        assert_close(ours[0].grad, theirs[0].grad, "mu", 1e-12)
        assert_close(np.tril(ours[1].grad), np.tril(theirs[1].grad.numpy()), name, 1e-12)


def test_the_sign_is_the_derivations_and_not_the_printed_one():
    """ELBO = E[log p(x|z)] + ½ Σ (1 + log σ² - μ² - σ²), the lecture's practical objective has -."""
    mu, log_var, _ = draws(0)
    term = 0.5 * np.sum(1.0 + log_var - mu**2 - np.exp(log_var), axis=1)
    assert np.allclose(nn.elbo(np.zeros(4), nn.kl_divergence(mu, log_var)), term, rtol=1e-13)
    assert (term <= 0.0).all()


# --- the bound ------------------------------------------------------------------------------------


class Affine(nn.Module):
    """A linear encoder or decoder with given numbers."""

    def __init__(self, W, b):
        self.W, self.b = nn.Parameter(np.array(W, float)), nn.Parameter(np.array(b, float))

    def forward(self, x):
        return x @ self.W + self.b


def one_code(likelihood, seed=0):
    """x has three entries, z is one number: log p(x) is an integral over a line."""
    rng = np.random.default_rng(seed)
    encoder = Affine(rng.normal(size=(3, 2)) * 0.5, rng.normal(size=2) * 0.5)
    decoder = Affine(rng.normal(size=(1, 3)), rng.normal(size=3))
    return nn.VAE(encoder, decoder, 1, likelihood, generator=1)


def exact(vae, x):
    """log p(x) = log ∫ p(x|z)·N(z; 0, 1) dz, by quadrature."""
    W, b = vae.decoder.W.numpy()[0], vae.decoder.b.numpy()

    def density(z):
        y = z * W + b
        if isinstance(vae.likelihood, nn.Bernoulli):
            p = 1 / (1 + np.exp(-y))
            inside = np.prod(p**x * (1 - p) ** (1 - x))
        else:
            inside = np.prod(stats.norm.pdf(x, y, 0.7))
        return inside * stats.norm.pdf(z)

    return np.log(integrate.quad(density, -12, 12)[0])


@pytest.mark.parametrize("likelihood", [nn.Bernoulli(), nn.Gaussian(0.7)], ids=repr)
def test_the_elbo_is_a_lower_bound_and_importance_sampling_is_exact(likelihood):
    vae = one_code(likelihood)
    x = np.random.default_rng(3).integers(0, 2, (4, 3)).astype(float)
    expected = [exact(vae, row) for row in x]
    vae.samples = 20_000
    bound, evidence = vae(x).numpy(), vae.log_evidence(x, 20_000)
    assert (bound < evidence).all()
    assert (bound < expected).all()
    assert np.allclose(evidence, expected, atol=0.05)


def test_the_elbo_is_tight_for_the_exact_posterior():
    """x = w·z + b + σ·noise: p(z|x) is N(w(x - b)/(w² + σ²), σ²/(w² + σ²)), and the gap closes."""
    w, b, sigma = 1.3, 0.4, 0.7
    precision = w * w + sigma**2
    encoder = Affine(
        [[w / precision, 0.0]], [-w * b / precision, 2 * np.log(sigma / precision**0.5)]
    )
    vae = nn.VAE(encoder, Affine([[w]], [b]), 1, nn.Gaussian(sigma), generator=0)
    x = np.array([[-1.0], [0.2], [2.0]])
    vae.samples = 100_000
    log_p = stats.norm.logpdf(x[:, 0], b, precision**0.5)
    assert np.allclose(vae(x).numpy(), log_p, atol=0.02)
    assert np.allclose(vae.log_evidence(x, 100), log_p, rtol=1e-12)  # every weight is p(x)


def test_more_weight_on_the_divergence_lowers_the_value_by_it():
    vae = one_code(None)
    x, eps = np.ones((2, 3)), np.zeros((2, 1))
    plain, q = vae(x, eps).numpy(), vae.encode(x)
    vae.beta = 4.0
    assert np.allclose(vae(x, eps).numpy(), plain - 3.0 * q.kl().numpy(), rtol=1e-13)


def test_k_samples_are_the_mean_of_single_ones():
    for full in (False, True):
        vae = nn.VAE.dense((4, 6, 3), full=full, generator=0)
        x = np.random.default_rng(0).uniform(size=(5, 4))
        eps = np.random.default_rng(1).normal(size=(7, 5, 3))
        each = [vae(x, one).numpy() for one in eps]
        assert np.allclose(vae(x, eps).numpy(), np.mean(each, axis=0), rtol=1e-13)


# --- the module -----------------------------------------------------------------------------------


@pytest.mark.parametrize("full", [False, True])
def test_value_and_every_gradient_are_torchs(full):
    vae = nn.VAE.dense((6, 5, 3), full=full, generator=0)
    rng = np.random.default_rng(0)
    x, eps = rng.uniform(size=(4, 6)), rng.normal(size=(4, 3))
    ws = [torch.tensor(p.numpy().copy(), requires_grad=True) for p in vae.parameters()]
    linear = torch.nn.functional.linear
    xs, noise = torch.tensor(x), torch.tensor(eps)
    code = linear(torch.relu(linear(xs, ws[0], ws[1])), ws[2], ws[3])
    mu, log_var, below = code[:, :3], code[:, 3:6], code[:, 6:]
    L = torch.diag_embed(torch.exp(0.5 * log_var))
    if full:
        rows, columns = np.tril_indices(3, -1)
        L = L.index_put((torch.arange(4)[:, None], *map(torch.tensor, (rows, columns))), below)
    z = mu + torch.einsum("nij,nj->ni", L, noise)
    a = linear(torch.relu(linear(z, ws[4], ws[5])), ws[6], ws[7])
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(a, xs, reduction="none").sum(1)
    prior = torch.distributions.MultivariateNormal(torch.zeros(3), torch.eye(3))
    q = torch.distributions.MultivariateNormal(mu, scale_tril=L)
    expected = -entropy - torch.distributions.kl_divergence(q, prior)
    found = vae(x, eps)
    assert_close(found, expected)
    Tape(nn.negative_elbo(found)).backward()
    (-expected.mean()).backward()
    for p, w in zip(vae.parameters(), ws, strict=True):
        assert_close(p.grad, w.grad, p.name)


def test_likelihoods_are_scipys_and_torchs():
    rng = np.random.default_rng(0)
    x, output = rng.uniform(size=(3, 2, 4)), rng.normal(size=(5, 3, 2, 4))
    found = nn.Gaussian(0.3).log_prob(x, output)
    assert np.allclose(found, stats.norm.logpdf(x, output, 0.3).sum((-1, -2)), rtol=1e-12)
    bits = np.round(x)
    expected = torch.distributions.Bernoulli(logits=torch.tensor(output)).log_prob(
        torch.tensor(bits)
    )
    assert_close(nn.Bernoulli().log_prob(bits, output), expected.sum((-1, -2)))


def test_samples_of_likelihoods_have_their_means():
    output = np.repeat([[-1.0, 0.5]], 50_000, axis=0)
    for likelihood in (nn.Bernoulli(), nn.Gaussian(0.5)):
        drawn = likelihood.sample(output, np.random.default_rng(0))
        assert np.allclose(drawn.mean(0), likelihood.mean(output[0]), atol=0.02)


def test_a_trained_sigma_becomes_the_residuals():
    likelihood = nn.Gaussian(1.0, trained=True)
    x, y = np.random.default_rng(0).normal(size=(2, 50, 4))
    optimizer = nn.Adam(likelihood.parameters(), lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        (-likelihood.log_prob(x, y).mean()).backward()
        optimizer.step()
    assert np.exp(likelihood.log_var.item()) == pytest.approx(np.mean((x - y) ** 2), rel=1e-3)


def test_variables_of_the_flow_graph():
    vae = nn.VAE.dense((4, 5, 2), generator=0).named("net")
    flow = FlowGraph(nn.negative_elbo(vae(np.ones((3, 4)))), variables=None)
    assert {r"\mu", r"\log \sigma^2", "z"} <= {v.name for v in flow.variables}
    assert flow.variable("z").scope == "net"


def test_images_go_through_convolutions():
    encoder = nn.Sequential(nn.Conv2d(1, 2, 3, 2, 1), nn.Flatten(), nn.Linear(32, 4))
    decoder = nn.Sequential(
        nn.Linear(2, 32), nn.Unflatten(1, (2, 4, 4)), nn.ConvTranspose2d(2, 1, 3, 2, 1, 1)
    )
    vae, x = nn.VAE(encoder, decoder, 2, generator=0), np.ones((3, 1, 8, 8))
    vae.samples = 5
    assert vae(x).shape == (3,)
    assert vae.sample(4).shape == (4, 1, 8, 8)
    assert vae.reconstruct(x).shape == x.shape


def test_everything_is_reproducible_bit_for_bit():
    def run():
        vae = nn.VAE.dense((4, 5, 2), generator=7)
        x = np.random.default_rng(0).uniform(size=(20, 4))
        batches = nn.Batches(x, x, size=5, generator=0)
        nn.fit(vae, nn.negative_elbo, batches, nn.Adam(vae.parameters()), epochs=3, verbose=False)
        return vae.sample(3), vae.log_evidence(x, 10)

    for a, b in zip(run(), run(), strict=True):
        assert np.array_equal(a, b)


def test_digits_come_back_and_can_be_drawn_from_the_prior():
    x, _, held, _ = digits()
    vae = nn.VAE.dense((64, 128, 8), generator=3)
    batches = nn.Batches(x, x, size=64, generator=0)
    optimizer = nn.Adam(vae.parameters(), lr=5e-3)
    nn.fit(vae, nn.negative_elbo, batches, optimizer, epochs=20, verbose=False)
    variance = np.mean((held - x.mean(0)) ** 2)
    assert np.mean((vae.reconstruct(held) - held) ** 2) < 0.5 * variance
    # a drawing is nearer to some digit than pixels are that are drawn one by one
    drawn, rng = vae.sample(100), np.random.default_rng(0)
    pixelwise = np.stack([rng.choice(column, 100) for column in x.T], axis=1)

    def nearest(y):
        return np.mean([np.min(np.sum((x - row) ** 2, axis=1)) for row in y])

    assert nearest(drawn) < 1.5 * nearest(held[:100]) < nearest(pixelwise)
    assert np.mean(vae.log_evidence(held, 50)) > -nn.negative_elbo(vae(held)).item()


# --- bad input ------------------------------------------------------------------------------------


def test_wrong_sizes_are_said_with_the_dotted_name():
    vae = nn.VAE.dense((4, 5, 2), generator=0).named("net")
    with pytest.raises(ShapeError, match="net expected 2 features on the last axis of x"):
        vae.decode(np.ones((1, 3)))
    with pytest.raises(
        ShapeError, match=r"latent=3 expected its encoder to give 6 .*μ and log σ².*got .*\(1, 4\)"
    ):
        nn.VAE(vae.encoder, vae.decoder, 3)(np.ones((1, 4)))
    with pytest.raises(ShapeError, match="give 9 numbers .*lower entries"):
        nn.VAE(vae.encoder, vae.decoder, 3, full=True)(np.ones((1, 4)))
    with pytest.raises(ShapeError, match=r"to end in the data's shape \(1, 4\), got \(1, 3\)"):
        nn.VAE(nn.Linear(4, 4), nn.Linear(2, 3), 2)(np.ones((1, 4)))
    with pytest.raises(ShapeError, match=r"eps must end in mu's shape"):
        vae(np.ones((1, 4)), eps=np.ones((1, 3)))


def test_bernoulli_takes_no_data_beyond_0_and_1():
    for x in (np.full((1, 4), 2.0), np.full((1, 4), -0.1), np.full((1, 4), np.nan)):
        with pytest.raises(OperandError, match=r"takes data in \[0, 1\]"):
            nn.VAE.dense((4, 5, 2))(x)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: nn.kl_divergence(np.zeros((1, 2))),
        lambda: nn.kl_divergence(np.zeros((1, 2)), np.zeros((1, 2)), L=np.zeros((1, 2, 2))),
        lambda: nn.kl_divergence(np.zeros((1, 2)), L=np.ones((1, 2, 2))),
        lambda: nn.kl_divergence(np.zeros((1, 2)), np.zeros((1, 3))),
        lambda: nn.reparameterize(np.zeros((1, 2)), L=np.zeros((2, 2))),
        lambda: nn.Gaussian(0.0),
        lambda: nn.Gaussian(float("nan")),
        lambda: nn.VAE.dense((4, 5, 0)),
        lambda: nn.VAE.dense((4, 5, 2)).sample(0),
    ],
)
def test_other_wrong_input_is_refused(wrong):
    with pytest.raises(AutogradError):
        wrong()
