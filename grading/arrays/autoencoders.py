"""Autoencoders: the two uses of a tied weight, and the VAE's code z = mu + sigma⊙eps with its divergence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, found
from grading.arrays.linear import Linear
from grading.arrays.losses import Losses
from grading.arrays.region import Region, given
from grading.catalogue.mistake import Found

NEAR: Final = 8
"""How many nodes before the standard deviation are looked at for its logarithm"""


@dataclass(frozen=True, eq=False)
class Code:
    """The code of a VAE. dmu = R + k·mu and dlv = R⊙eps⊙s/2 + k·(e^lv - 1)/2.

    mu_node, lv_node  the nodes of mean and logarithm of the variance; None where x does not lead there
    R  what the decoder sends back to z; k  the divergence's weight, beta/N; N  the number of examples
    """

    mu_node: Node | None
    lv_node: Node | None
    mu: Array
    lv: Array
    eps: Array
    R: Array
    k: float

    @property
    def N(self) -> int:
        """How many examples there are."""
        return len(self.mu)

    @property
    def s(self) -> Array:
        """The standard deviation, e^(lv/2)."""
        return np.exp(self.lv / 2)

    @property
    def var(self) -> Array:
        """The variance, e^lv."""
        return np.exp(self.lv)

    @property
    def kmu(self) -> Array:
        """The divergence's derivative by mu."""
        return self.k * self.mu

    @property
    def klv(self) -> Array:
        """The divergence's derivative by lv."""
        return self.k * (self.var - 1) / 2

    @property
    def Rlv(self) -> Array:
        """The reconstruction's derivative by lv."""
        return self.R * self.eps * self.s / 2


class Autoencoders:
    """What a region has of autoencoders."""

    def __init__(self, region: Region, linear: Linear, losses: Losses) -> None:
        self.region, self.right = region, region.right
        self.linear, self.losses = linear, losses

    # --- tied weights ---------------------------------------------------------------------------------------

    @property
    def _tied(self) -> list[tuple[tuple[str, ...], Array]]:
        uses = self.linear.contributions
        turned = {n for n, i in self.linear.own if n.operands[i] is not self.region.x}
        plainly = {n for n, i in self.linear.own if n.operands[i] is self.region.x}
        return uses if len(uses) == 2 and len(turned) == 1 and len(plainly) == 1 else []

    def one_way(self) -> Iterable[Found]:
        """The encoder's or the decoder's use alone."""
        for names, c in self._tied:
            yield found(c, *names)

    def averaged(self) -> Iterable[Found]:
        """The mean of both uses."""
        if self._tied:
            yield found(self.right / 2)

    def untransposed(self) -> Iterable[Found]:
        """One of the uses transposed, or not."""
        if self._tied and self.right.shape == self.right.T.shape:
            (_, a), (_, b) = self._tied
            yield found(a + b.T)
            yield found(a.T + b)

    def target_too(self) -> Iterable[Found]:
        """The input is the target as well, and was differentiated there too."""
        x = plain(self.region.x)
        for q in self.losses.quadratics:
            if np.shape(q.t) == np.shape(x) and np.array_equal(q.t, x):
                yield found(self.right - self.region.adjoint[q.output])

    # --- the VAE --------------------------------------------------------------------------------------------

    @cached_property
    def codes(self) -> list[Code]:
        """Every code drawn as z = mu + sigma⊙eps."""
        return [code for z in self.region.nodes for code in self._code(z)]

    def _code(self, z: Node) -> Iterator[Code]:
        parts = _parts(z)
        if parts is None or z not in self.region.adjoint:
            return
        mu, sigma, eps = parts
        lv = _logarithm(sigma)
        if lv is None:
            return
        R = np.asarray(self.region.adjoint[z], float)
        known = self.region.adjoint if mu in self.region.inside or lv in self.region.inside else {}
        k = self._weight(known.get(mu), R, plain(mu))
        if k is None:
            s, v = np.exp(plain(lv) / 2), np.exp(plain(lv))
            k = self._weight(known.get(lv), R * plain(eps) * s / 2, (v - 1) / 2)
        nodes = [n if n in self.region.inside else None for n in (mu, lv)]
        yield Code(nodes[0], nodes[1], plain(mu), plain(lv), plain(eps), R, 0.0 if k is None else k)

    def _weight(self, adjoint: Any, reconstruction: Any, unit: Any) -> float | None:
        """The k for which adjoint = reconstruction + k·unit."""
        if adjoint is None or not np.any(unit):
            return None
        rest = adjoint - reconstruction
        k = float(np.sum(rest * unit) / np.sum(unit * unit))
        scale = float(np.abs(adjoint).max() + np.abs(reconstruction).max())
        return k if self.region.alike(rest, k * unit, 10 * scale) else None

    def code(self, wrong: Callable[[Code], tuple[Any, Any]]) -> Iterable[Found]:
        """Something else in place of dL/dmu and dL/dlv; None leaves one as it is."""
        for code in self.codes:
            pairs = zip((code.mu_node, code.lv_node), wrong(code), strict=True)
            at = {n: given(g) for n, g in pairs if n is not None and g is not None}
            if at:
                yield found(self.region.swept({}, at))


def _parts(z: Node) -> tuple[Node, Node, Any] | None:
    """Of z = mu + sigma⊙eps the three, eps a constant."""
    if z.rule.name == "multiply_add":
        return _product(z.operands[2], z.operands[0], z.operands[1])
    pairs = (z.operands, z.operands[::-1]) if z.rule.name == "add" else ()
    products = [(mu, p) for mu, p in pairs if _moves(p) and p.rule.name == "multiply"]
    found = [_product(mu, *p.operands) for mu, p in products]
    return next((parts for parts in found if parts is not None), None)


def _product(mu: Any, a: Any, b: Any) -> tuple[Node, Node, Any] | None:
    for sigma, eps in ((a, b), (b, a)):
        is_drawn = _moves(mu) and _moves(sigma) and not _moves(eps)
        if is_drawn and np.shape(plain(mu)) == np.shape(plain(sigma)) == np.shape(plain(eps)):
            return mu, sigma, eps
    return None


def _moves(x: Any) -> bool:
    return isinstance(x, Node) and x.requires_grad


def _logarithm(sigma: Node) -> Node | None:
    """The logarithm of the variance: what sigma is e^(lv/2) of."""
    walk, s = [sigma], plain(sigma)
    for n in walk:
        fits = n is not sigma and np.shape(plain(n)) == np.shape(s)
        if fits and np.allclose(np.exp(plain(n) / 2), s):
            return n
        walk += [p for p in n.parents if _moves(p)] if len(walk) < NEAR else []
    return None
