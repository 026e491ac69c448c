r"""VAE: the variational autoencoder, q(z|x) = N(μ(x), Σ(x)) against the prior p(z) = N(0, I).

    log p(x) ≥ L(θ, φ; x) = E_q[log p(x|z)] - KL(q(z|x) ‖ p(z))        the evidence lower bound, ELBO

Both parts are differentiated through z = μ + σ ⊙ ε or z = μ + L·ε with ε ~ N(0, I), LLᵀ = Σ.
"""

from __future__ import annotations

import math
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite import Tensor, no_grad
from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import moves_in_program
from autograd_lite.watches import refuse_change
from autograd_lite.written import detached
from nn import checks, init
from nn.activations import ReLU
from nn.checks import at_least, flag, number
from nn.likelihoods import Bernoulli, Likelihood
from nn.linear import Linear, check_features
from nn.module import Module
from nn.module_checks import checked_module
from nn.naming import called
from nn.posterior import LOG_2PI, Posterior
from nn.sequential import Sequential

Array: TypeAlias = np.ndarray[Any, Any]

_GIVEN: Final = (
    "give it as an input, vae(x, eps), in training as batches (x, eps, x) with new noise in each; or train "
    "without a program, record=False"
)


def elbo(log_likelihood: Any, kl: Any, beta: float = 1.0) -> Any:
    """The evidence lower bound of each example: L = E_q[log p(x|z)] - β·KL(q ‖ p).

    log_likelihood  log p(x|z) of one sample z, (n,), or of k samples, (k, n), whose mean is taken
    kl              (n,)
    beta            weight of the second part: 1 for a bound, more pushes the codes towards the prior

    >>> elbo(np.array([[-3.0], [-5.0]]), np.array([1.0]))
    array([-5.])

    Source: lecture "RNNs and AEs", ELBO derivation; Higgins et al., "β-VAE", 2017.
    """
    beta = number("beta", beta, "[0, ∞)")
    if np.ndim(plain(log_likelihood)) > np.ndim(plain(kl)):
        log_likelihood = f.mean(log_likelihood, axis=0)
    return log_likelihood - (kl if beta == 1.0 else beta * kl)


class VAE(Module):
    r"""A variational autoencoder; calling it gives the ELBO of each example.

    encoder     a module from x to 2·latent numbers, μ and log σ²; with full=True to latent·(latent -
                1)/2 more, the entries of L below its diagonal σ, row by row
    decoder     a module from z (n, latent) to what the likelihood takes
    latent      how many numbers z has
    likelihood  `Bernoulli()`, the default, or `Gaussian(sigma)`
    full        whether Σ is full, LLᵀ, instead of diagonal
    generator   of every ε that is not given

    Train with `nn.fit(vae, nn.negative_elbo, nn.Batches(x, x), optimizer)`. Two settings may be
    changed at any time: `vae.samples`, how many z are drawn for an example (k, 1 at first), and
    `vae.beta`, the weight of the KL divergence.

    Variables of the flow graph: μ, log σ², σ or L_z (its L; a loss may be called so), z, x̂ (or ξ_x̂, its
    excitation, which a Bernoulli likelihood takes), log p(x|z), KL, ELBO; ε is held.

    >>> vae = VAE.dense((4, 8, 2), generator=0)
    >>> vae(np.ones((3, 4))).shape, vae.sample(5).shape
    ((3,), (5, 4))

    Raises ShapeError when encoder, codes or decoder have the wrong size.

    Source: lecture "RNNs and AEs", VAE; Kingma and Welling, "Auto-encoding variational Bayes",
    2014.
    """

    samples: int = 1
    beta: float = 1.0

    def __init__(
        self,
        encoder: Module,
        decoder: Module,
        latent: int,
        likelihood: Likelihood | None = None,
        full: bool = False,
        generator: init.Generator = None,
    ) -> None:
        self.latent = at_least("latent", latent, 1)
        self.full = flag("full", full)
        self.encoder = checked_module("encoder is a Module, such as nn.Linear(4, 2)", encoder)
        self.decoder = checked_module("decoder is a Module, such as nn.Linear(1, 4)", decoder)
        if likelihood is not None and not callable(getattr(likelihood, "log_prob", None)):
            raise OperandError(
                f"likelihood is one such as nn.Bernoulli(), with a log_prob, not {brief(likelihood)}"
            )
        self.likelihood: Any = Bernoulli() if likelihood is None else likelihood
        self.generator = init.as_generator(generator)

    @classmethod
    def dense(
        cls,
        sizes: tuple[int, int, int] = (784, 400, 20),
        likelihood: Likelihood | None = None,
        full: bool = False,
        generator: init.Generator = None,
    ) -> VAE:
        """A VAE of layers: x - hidden - μ, log σ² and z - hidden - x, rectified in between.

        sizes  numbers of entries of x, of hidden nodes, of entries of z
        """
        if len(checks.sizes("sizes", sizes, 3)) > 3:
            raise OperandError(f"sizes are three whole numbers, as in (784, 400, 20), not {sizes}")
        (visible, hidden, latent), rng = sizes, init.as_generator(generator)
        full = flag("full", full)
        encoder = Sequential(
            Linear(visible, hidden, generator=rng),
            ReLU(),
            Linear(hidden, _encoder_outputs(latent, full), generator=rng),
        )
        decoder = Sequential(
            Linear(latent, hidden, generator=rng), ReLU(), Linear(hidden, visible, generator=rng)
        )
        return cls(encoder, decoder, latent, likelihood, full, rng)

    def encode(self, x: Any) -> Posterior:
        """The posterior q(z|x) of each example."""
        encoded, d = self.encoder(x), self.latent
        shape, wanted = np.shape(plain(encoded)), _encoder_outputs(d, self.full)
        if len(shape) != 2 or shape[1] != wanted:
            parts = "μ, log σ² and L's lower entries" if self.full else "μ and log σ²"
            raise ShapeError(
                f"{self.label} with full={self.full} and latent={d} expected its encoder to give "
                f"{wanted} numbers ({parts}) for each example, got shape {shape}"
            )
        mu = called(encoded[:, :d], r"\mu")
        log_var = called(encoded[:, d : 2 * d], r"\log \sigma^2")
        return Posterior(mu, log_var, self._cholesky(log_var, encoded[:, 2 * d :]))

    def _cholesky(self, log_var: Any, lower: Any) -> Any:
        """L with σ on its diagonal and these entries below it; None when Σ is diagonal."""
        if not self.full:
            return None
        d, dtype = self.latent, plain(log_var).dtype
        below, diagonal = np.tril_indices(d, -1), np.diag_indices(d)
        entries = f.matmul(lower, _scatter_matrix(below, d, dtype))
        entries = entries + f.matmul(f.exp(0.5 * log_var), _scatter_matrix(diagonal, d, dtype))
        return called(f.reshape(entries, (-1, d, d)), "L_z")  # a loss is L

    def decode(self, z: Any) -> Any:
        """The decoder's output for codes z (…, latent)."""
        check_features(self, z, self.latent)
        shape = np.shape(plain(z))
        if len(shape) == 2:
            return self.decoder(z)
        output = self.decoder(f.reshape(z, (math.prod(shape[:-1]), self.latent)))
        return f.reshape(output, (*shape[:-1], *np.shape(plain(output))[1:]))

    def forward(self, x: Any, eps: Any = None) -> Any:
        """The ELBO of each example, (n,).

        eps  (n, latent) or (k, n, latent) noise, held by derivatives; None draws it
        """
        q = self.encode(x)
        eps = self._noise(q.mu, self.samples) if eps is None else eps
        z = called(q.sample(_held(eps).named(r"\varepsilon")), "z")  # pictures show what is held
        output, name = self.decode(z), getattr(self.likelihood, "output_name", None)
        output = output if name is None else called(output, name)
        log_likelihood = called(self.likelihood.log_prob(x, output), r"\log p(x|z)")
        return called(elbo(log_likelihood, called(q.kl(), "KL"), self.beta), "ELBO")

    def _noise(self, mu: Any, k: int) -> Array:
        shape, dtype = np.shape(plain(mu)), plain(mu).dtype
        lead = (at_least("samples", k, 1),) if k != 1 else ()
        refuse_change(f"the noise ε of {self.label}, with each call,", _GIVEN)
        noise: Array = self.generator.standard_normal((*lead, *shape), dtype=dtype)
        return noise

    # --- without recording ---------------------------------------------------------------------

    def reconstruct(self, x: Any) -> Array:
        """E[x|z] at the most probable code z = μ(x)."""
        with no_grad():
            return self._mean_of(self.decode(self.encode(x).mu))

    def sample(self, n: int) -> Array:
        """E[x|z] for n codes z drawn from the prior N(0, I)."""
        z = self.generator.normal(size=(at_least("n", n, 1), self.latent))
        with no_grad():
            return self._mean_of(self.decode(z))

    def _mean_of(self, output: Any) -> Array:
        return np.array(plain(self.likelihood.mean(output)))

    def log_evidence(self, x: Any, samples: int = 1000) -> Array:
        """The logarithm of p(x), estimated: log (1/k) Σ p(x|z)·p(z)/q(z|x) over k samples of q.

        It is below log p(x) in the mean, and above the ELBO.

        Source: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", 2016.
        """
        with no_grad():
            q = self.encode(x)
            eps = self._noise(q.mu, max(2, samples))
            z = q.sample(eps)
            prior = -0.5 * f.sum(f.square(z) + LOG_2PI, axis=-1)
            weights = self.likelihood.log_prob(x, self.decode(z)) + prior - q.log_prob(eps)
            return np.array(plain(f.logsumexp(weights, axis=0) - math.log(len(eps))))

    def extra_repr(self) -> str:
        return f"latent={self.latent}, {'full' if self.full else 'diagonal'} Σ"


def negative_elbo(bound: Any, x: Any = None) -> Any:
    """What training makes small: minus the mean of the ELBOs that a `VAE` gives.

    >>> negative_elbo(np.array([-3.0, -5.0]))
    np.float64(4.0)
    """
    return -f.mean(bound)


def _held(eps: Any) -> Any:
    """Noise as a constant: a program takes another one each time, and derivatives hold it too."""
    if moves_in_program(eps):
        return eps.detach()
    return Tensor(detached(eps, "q.sample(eps) for derivatives by the noise, or eps.detach()"))


def _encoder_outputs(latent: int, full: bool) -> int:
    """How many numbers stand for a posterior."""
    return 2 * latent + (latent * (latent - 1) // 2 if full else 0)


def _scatter_matrix(index: tuple[Array, ...], d: int, dtype: Any) -> Array:
    """The matrix that puts a row of entries at these places of a d × d matrix, written as a row."""
    rows, columns = index
    places = np.zeros((len(rows), d * d), dtype)
    places[np.arange(len(rows)), rows * d + columns] = 1.0
    return places
