r"""RBM: the restricted Boltzmann machine, binary units v and h with an energy between them."""

from __future__ import annotations

import itertools
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite import Tape, Tensor
from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.checks import at_least
from nn.linear import check_features
from nn.module import Module
from nn.naming import automatic, called
from nn.parameters import Parameter

Array: TypeAlias = np.ndarray[Any, Any]

ENUMERABLE: Final = 20
"""The most units over whose states (2ⁿ rows) sums are taken."""


class RBM(Module):
    r"""A restricted Boltzmann machine: p(v, h) = e^{-E(v, h)}/Z, E = -aᵀv - bᵀh - vᵀ·W·h.

    v (…, m) and h (…, n) binary with examples as rows, W (m, n), a (m,), b (n,); Z is the sum of
    e^{-E} over all states. Calling the module gives the free energy, F(v) = -log Σ_h e^{-E(v, h)},
    so p(v) = e^{-F(v)}/Z.

    The gradient that equation (44) leaves blank is

        ∂log p(v)/∂w_ij = v_i·p(h_j = 1|v) - Σ_v' p(v')·v'_i·p(h_j = 1|v')

    that is, ∂(F(v') - F(v))/∂w_ij with v' averaged over the model: `log_probability` has it exactly
    for small machines, `contrastive_divergence` estimates it. (Equation (42) is that of the
    unnormalised logarithm, -∂E/∂w_ij = v_i·h_j: Z moves with W too.)

    E, F, p(h|v), p(v|h), log Z and log p(v) are variables of the flow graph; v and h are held where they
    are given as arrays.

    generator  of the initial weights, which are N(0, 0.01²), and of every sample

    >>> rbm = RBM(3, 2, generator=0)
    >>> states = every_state(3)
    >>> rbm.probability(states).sum()
    Tensor(1.)
    >>> loss = rbm.contrastive_divergence(states[5:])
    >>> loss.backward()
    >>> rbm.W.grad.shape
    (3, 2)

    Raises OperandError when v or h is not binary, or a machine is too large for a sum over all
    states; ShapeError when v or h has another number of units.

    Source: lecture notes on deep learning, equations (35) to (44).
    """

    def __init__(self, visible: int, hidden: int, generator: init.Generator = None) -> None:
        self.generator = init.as_generator(generator)
        self.visible = at_least("visible", visible, 1)
        self.hidden = at_least("hidden", hidden, 1)
        self.W = Parameter(init.normal((visible, hidden), 0.0, 0.01, self.generator))
        self.a = Parameter(init.zeros((visible,)))
        self.b = Parameter(init.zeros((hidden,)))
        self.chain: Array | None = None

    # --- energies and conditionals -------------------------------------------------------------

    def energy(self, v: Any, h: Any) -> Any:
        """E(v, h) = -aᵀv - bᵀh - vᵀ·W·h, for each row: equation (36)."""
        v, h = self._held("v", v, self.visible), self._held("h", h, self.hidden)
        together = f.sum(f.matmul(v, self.W) * h, axis=-1)
        return called(-f.matmul(v, self.a) - f.matmul(h, self.b) - together, "E")

    def free_energy(self, v: Any) -> Any:
        """F(v) = -log Σ_h e^{-E(v, h)} = -aᵀv - Σ_j log(1 + e^{b_j + Σ_i w_ij·v_i})."""
        return called(self._free_energy(self._held("v", v, self.visible)), "F")

    def _free_energy(self, v: Any) -> Any:
        hidden = f.sum(f.softplus(self._hidden_excitation(v)), axis=-1)
        return -f.matmul(v, self.a) - hidden

    def forward(self, v: Any) -> Any:
        return self.free_energy(v)

    def hidden_given(self, v: Any) -> Any:
        """p(h_j = 1|v) = ψ(b_j + Σ_i w_ij·v_i), with ψ the sigmoid: equation (41)."""
        excitation = self._hidden_excitation(self._held("v", v, self.visible))
        return called(f.sigmoid(excitation), "p(h|v)")

    def visible_given(self, h: Any) -> Any:
        """p(v_i = 1|h) = ψ(a_i + Σ_j w_ij·h_j), with ψ the sigmoid: equation (40)."""
        excitation = f.affine(self._held("h", h, self.hidden), self.W, self.a)
        return called(f.sigmoid(excitation), "p(v|h)")

    def _hidden_excitation(self, v: Any) -> Any:
        return f.affine(v, self.W.T, self.b)

    # --- exactly, for small machines -----------------------------------------------------------

    def log_partition(self) -> Any:
        """The logarithm log Z = log Σ_v e^{-F(v)}, by enumeration of the smaller layer's states.

        Raises OperandError when both layers have more than 20 units.
        """
        small = min(self.visible, self.hidden)
        if small > ENUMERABLE:
            raise OperandError(
                f"{self.label} has {self.visible} visible and {self.hidden} hidden units: the sum "
                f"over all states of the smaller layer has 2^{small} terms, and is taken up to "
                f"2^{ENUMERABLE}; use free_energy and contrastive_divergence instead"
            )
        if self.visible <= self.hidden:
            weights = -self._free_energy(every_state(self.visible))
        else:
            h = every_state(self.hidden)
            excited = f.sum(f.softplus(f.affine(h, self.W, self.a)), axis=-1)
            weights = f.matmul(h, self.b) + excited
        return called(f.logsumexp(weights), r"\log Z")

    def log_probability(self, v: Any) -> Any:
        """The logarithm log p(v) = -F(v) - log Z, for each row: equation (43)."""
        return called(-self.free_energy(v) - self.log_partition(), r"\log p(v)")

    def probability(self, v: Any) -> Any:
        """p(v) = Σ_h p(v, h), for each row: equation (43)."""
        return called(f.exp(self.log_probability(v)), "p(v)")

    def exact_gradient(self, v: Any) -> dict[str, Array]:
        """The derivative of mean log p(v) by W, a and b: what equation (44) leaves blank.

        >>> RBM(3, 2, generator=0).exact_gradient([[1, 0, 1]])["a"].round(2)
        array([ 0.5, -0.5,  0.5])
        """
        adjoints = Tape(f.mean(self.log_probability(v))).adjoints()
        return {name: np.array(adjoints[x]) for name, x in self.named_parameters()}

    # --- samples -------------------------------------------------------------------------------

    def gibbs(self, v: Any, steps: int = 1) -> Array:
        """Samples after `steps` rounds v → h ~ p(h|v) → v ~ p(v|h), from each row of v."""
        state: Array = np.array(plain(self._binary("v", v, self.visible)), dtype=float)
        W, a, b = (x.numpy() for x in (self.W, self.a, self.b))
        for _ in range(at_least("steps", steps, 0)):
            h = self._drawn_bits(f.sigmoid(state @ W + b))
            state = self._drawn_bits(f.sigmoid(h @ W.T + a))
        return state

    def sample(self, n: int, steps: int = 1000) -> Array:
        """Samples of v, n of them: each ends its own chain of `steps` rounds, begun at random bits."""
        return self.gibbs(self.generator.integers(0, 2, (n, self.visible)), steps)

    def _drawn_bits(self, p: Any) -> Array:
        """Bits, each 1 with its probability in p."""
        bits: Array = (self.generator.random(p.shape) < p).astype(float)
        return bits

    # --- training ------------------------------------------------------------------------------

    def contrastive_divergence(self, v: Any, k: int = 1, persistent: bool = False) -> Any:
        """F(v) - F(v') in the mean over rows, with v' held: its gradient is CD-k's estimate.

        v' is v after k rounds of Gibbs sampling. As v' is a constant, the partial derivative with v'
        held is all that flows back, and it estimates that of -log p(v); k → ∞ is exact.

        persistent  True goes on from the last call's v' (`chain`) instead of from v

        >>> rbm = RBM(2, 1, generator=0)
        >>> rbm.contrastive_divergence([[1, 1]], k=0)
        Tensor(0.)

        Source: Hinton, "Training products of experts by minimizing contrastive divergence", 2002;
        Tieleman, "Training restricted Boltzmann machines using approximations to the likelihood
        gradient", 2008.
        """
        start = v if not persistent or self.chain is None else self.chain
        v_model = self.gibbs(start, at_least("k", k, 0))
        if persistent:
            self.chain = v_model
        data, model = (
            called(self._free_energy(self._held(name, states, self.visible)), f"F({name})")
            for name, states in (("v", v), ("v'", v_model))
        )
        return f.mean(data) - f.mean(model)

    def _held(self, name: str, states: Any, units: int) -> Any:
        """States as they stand on the graph: constants under this name, and nodes as they are."""
        states = self._binary(name, states, units)
        return states if isinstance(states, Node) else Tensor(states, name=automatic(name))

    def _binary(self, what: str, x: Any, units: int) -> Any:
        check_features(self, x, units)
        array = np.asarray(plain(x))
        other = array[(array != 0) & (array != 1)]
        if other.size:
            raise OperandError(
                f"{self.label} has binary units: {what} must hold 0 and 1 only, and {other[0]} is "
                f"neither; write ({what} > 0.5).astype(float), or draw from it as probabilities"
            )
        return x

    def extra_repr(self) -> str:
        return f"{self.visible} visible, {self.hidden} hidden"


def every_state(units: int) -> Array:
    """All states of `units` binary units, (2^units, units).

    >>> every_state(2)
    array([[0., 0.],
           [0., 1.],
           [1., 0.],
           [1., 1.]])
    """
    return np.array(list(itertools.product((0.0, 1.0), repeat=units)))
