"""The posterior of a VAE, q(z|x) = N(μ, Σ): its samples, and how far it is from the prior N(0, I).

Σ is diagonal, given by log σ², or full, given by a lower-triangular L with LLᵀ = Σ.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.broadcasting import as_operand
from nn.naming import called

LOG_2PI: Final = math.log(2.0 * math.pi)


def reparameterize(
    mu: Any,
    log_var: Any = None,
    *,
    L: Any = None,
    eps: Any = None,
    generator: init.Generator = None,
) -> Any:
    """A sample of N(μ, Σ) that moves with μ and Σ: z = μ + σ ⊙ ε, or z = μ + L·ε with LLᵀ = Σ.

    mu       (n, d)
    log_var  (n, d) log σ², so σ = exp(½ log σ²): a diagonal Σ; or
    L        (n, d, d) lower-triangular: a full Σ
    eps      (n, d) or (k, n, d) for k samples, held by derivatives; None draws standard normal
             numbers of mu's shape from the generator

    >>> reparameterize(np.zeros((1, 2)), L=np.array([[[1.0, 0.0], [3.0, 4.0]]]), eps=[[1.0, 10.0]])
    array([[ 1., 43.]])

    Raises OperandError unless exactly one of log_var and L is given; ShapeError when shapes differ.

    Source: lecture "RNNs and AEs", reparameterization trick; Kingma and Welling, "Auto-encoding
    variational Bayes", 2014.
    """
    _check_one_given(log_var, L)
    _check_posterior(mu, log_var, L)
    shape = np.shape(plain(mu))
    if eps is None:
        eps = init.as_generator(generator).normal(size=shape)
    eps = as_operand(eps)
    if np.shape(plain(eps))[-len(shape) :] != shape:
        raise ShapeError(f"eps must end in mu's shape {shape}, got {np.shape(plain(eps))}")
    if L is None:
        return mu + called(f.exp(0.5 * log_var), r"\sigma") * eps
    return mu + f.matmul(L, eps[..., None])[..., 0]


def kl_divergence(mu: Any, log_var: Any = None, *, L: Any = None) -> Any:
    """How far N(μ, Σ) is from N(0, I): ½ (tr Σ + μᵀμ - d - log det Σ) for each example.

    With diagonal Σ that is -½ Σ_j (1 + log σ_j² - μ_j² - σ_j²), which is at least 0. The ELBO
    subtracts it, so its term is +½ Σ (1 + log σ² - μ² - σ²): the lecture's practical objective
    prints a minus there, which would reward distance from the prior.

    mu (n, d), and log_var (n, d) or lower-triangular L (n, d, d) with LLᵀ = Σ, as in
    `reparameterize`; the result is (n,).

    >>> kl_divergence(np.array([[3.0, 0.0]]), np.zeros((1, 2)))
    array([4.5])

    Raises OperandError unless exactly one of log_var and L is given, or L is not triangular.

    Source: lecture "RNNs and AEs", VAE training objective (with the sign as derived there).
    """
    _check_one_given(log_var, L)
    _check_posterior(mu, log_var, L)
    if L is None:
        return 0.5 * f.sum(f.square(mu) + f.expm1(log_var) - log_var, axis=-1)
    d = np.shape(plain(mu))[-1]
    traces = f.sum(f.square(L), axis=(-2, -1)) + f.sum(f.square(mu), axis=-1)
    return 0.5 * (traces - float(d) - f.sum(_log_variances(L), axis=-1))


class Posterior(NamedTuple):
    """The encoder's q(z|x): μ, log σ² of the diagonal, and L for a full covariance (else None)."""

    mu: Any
    log_var: Any
    L: Any = None

    def sample(self, eps: Any) -> Any:
        """The codes z that ε stands for; see `reparameterize`."""
        if self.L is None:
            return reparameterize(self.mu, self.log_var, eps=eps)
        return reparameterize(self.mu, L=self.L, eps=eps)

    def kl(self) -> Any:
        """KL(q ‖ N(0, I)) of each example; see `kl_divergence`."""
        if self.L is None:
            return kl_divergence(self.mu, self.log_var)
        return kl_divergence(self.mu, L=self.L)

    def log_prob(self, eps: Any) -> Any:
        """The logarithm of q(z|x) of the codes that ε stands for: -½ Σ (ε² + log 2π + log σ²)."""
        # a triangular L has |det L| = Π σ_j, whatever stands below the diagonal
        return -0.5 * f.sum(np.square(eps) + (LOG_2PI + self.log_var), axis=-1)


def _log_variances(L: Any) -> Any:
    """The logarithms of L's squared diagonal, whose sum is log det LLᵀ."""
    if np.triu(plain(L), 1).any():
        raise OperandError(
            "L is lower-triangular: write tril(L) to set what is above the diagonal to 0"
        )
    diagonal = f.sum(L * np.eye(np.shape(plain(L))[-1], dtype=plain(L).dtype), axis=-1)
    return f.log(f.square(diagonal))


def _check_one_given(log_var: Any, L: Any) -> None:
    if (log_var is None) == (L is None):
        raise OperandError(
            "a covariance is given either by log_var, when it is diagonal, or by L, with LLᵀ = Σ"
        )


def _check_posterior(mu: Any, log_var: Any, L: Any) -> None:
    shape = np.shape(plain(mu))
    wanted = shape if L is None else (*shape, *shape[-1:])
    got = np.shape(plain(log_var if L is None else L))
    if got != wanted:
        name = "log_var" if L is None else "L"
        raise ShapeError(f"mu of shape {shape} needs {name} of shape {wanted}, got {got}")
