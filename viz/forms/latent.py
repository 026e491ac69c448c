"""Models with a latent variable that is drawn by μ + σ⊙ε, such as a VAE: found in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from viz.forms.excitations import argument, is_weight
from viz.forms.form import Asked

_MOST_NODES: Final = 20_000
_VIEWS: Final = frozenset({"getitem", "reshape", "transpose", "expand_dims"})
_SUMS: Final = frozenset({"add", "subtract"})


@dataclass(frozen=True)
class Latent:
    """z = μ + S·noise, and a bound that is the sum of a term with z and one with μ and S alone.

    spread      what the divergence and S are computed from: log σ², σ, or L
    noise       ε, held: a node or an array
    full        whether S is a matrix, L·ε, instead of σ⊙ε
    data        x, or None where it cannot be told
    seen_again  whether x stands in the likelihood too
    decoded     the decoder's output
    encoder, decoder  how many numbers each of their layers has, from the input on
    signs       of the likelihood and of the divergence in the bound
    """

    mu: Node
    spread: Node
    noise: Any
    full: bool
    z: Node
    data: Node | None
    seen_again: bool
    decoded: Node
    likelihood: Node
    divergence: Node
    bound: Node
    signs: tuple[int, int]
    encoder: tuple[int, ...]
    decoder: tuple[int, ...]


def find(asked: Asked) -> Latent | None:
    """The model with a latent variable that this graph is of, or None."""
    if len(asked.nodes) > _MOST_NODES:
        return None
    held = [v for v in asked.nodes if _is_sample(v)]
    search = _Search(asked.nodes) if held else None
    found = (search.latent(v) for v in held) if search is not None else ()
    return next((latent for latent in found if latent is not None), None)


def _is_sample(v: Node) -> bool:
    return next(_samples(v), None) is not None


def _samples(v: Node) -> Iterator[tuple[Node, Node, Any, bool]]:
    """μ, S, ε and whether S is a matrix, for each way in which v is μ + S·ε."""
    if v.is_leaf or np.size(v.value) < 1:
        return
    if v.rule.name == "multiply_add":
        a, b, mu = v.operands
        products = [(mu, a, b, False)]
    elif v.rule.name == "add":
        a, b = v.operands[:2]
        products = [(mu, *_product(p)) for mu, p in ((a, b), (b, a)) if _product(p) is not None]  # type: ignore[misc]
    else:
        return
    for mu, s, e, full in products:
        for spread, noise in ((s, e), (e, s)):
            parts = isinstance(mu, Node) and isinstance(spread, Node)
            if parts and not mu.is_leaf and not spread.is_leaf and _is_held(noise):
                yield mu, spread, noise, full


def _product(p: Any) -> tuple[Any, Any, bool] | None:
    """The factors of σ⊙ε or L·ε, seen through changes of shape."""
    while isinstance(p, Node) and not p.is_leaf and p.rule.name in _VIEWS:
        p = p.operands[0]
    if not isinstance(p, Node) or p.is_leaf or p.rule.name not in {"multiply", "matmul"}:
        return None
    a, b = p.operands[:2]
    return a, b, p.rule.name == "matmul"


def _is_held(x: Any) -> bool:
    """Whether it is an array that derivatives hold: no variable, and no mere factor."""
    while isinstance(x, Node) and not x.is_leaf and x.rule.name in _VIEWS:
        x = x.operands[0]
    if isinstance(x, Node):
        return x.is_leaf and not x.requires_grad and np.ndim(x.value) > 0
    return isinstance(x, np.ndarray) and x.ndim > 0


class _Search:
    """Who is computed from whom."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes = nodes

    def latent(self, z: Node) -> Latent | None:
        """The model whose latent variable this is."""
        after = self._after([z])
        for mu, spread, noise, full in _samples(z):
            moved = self._after([mu, spread])
            for bound in self.nodes:
                terms = self._terms(bound, after, moved)
                if terms is not None:
                    return self._model(z, (mu, spread, noise, full), bound, terms, after)
        return None

    def _terms(
        self, v: Node, after: set[int], moved: set[int]
    ) -> tuple[Node, Node, int, int] | None:
        """The term with z, that with μ and S alone, and their signs."""
        if v.is_leaf or v.rule.name not in _SUMS:
            return None
        a, b = v.operands[:2]
        if not (isinstance(a, Node) and isinstance(b, Node)):
            return None
        sign = -1 if v.rule.name == "subtract" else 1
        for p, q, s, t in ((a, b, 1, sign), (b, a, sign, 1)):
            apart = p.number in after and q.number in moved and q.number not in after
            if apart and np.shape(p.value) == np.shape(q.value):
                return p, q, s, t
        return None

    def _model(
        self,
        z: Node,
        sample: tuple[Node, Node, Any, bool],
        bound: Node,
        terms: tuple[Node, Node, int, int],
        after: set[int],
    ) -> Latent | None:
        mu, scale, noise, full = sample
        likelihood, divergence, *signs = terms
        before_mu, before_kl = self._before([mu]), self._before([divergence])
        inside = self._before([likelihood])
        decoder = [
            v for v in self.nodes
            if v.number in after and v.number in inside and v is not likelihood
        ]  # fmt: skip
        decoded = self._decoded(decoder, z)
        if decoded is None:
            return None
        spread = self._spread(scale, before_kl)
        data = self._given(before_mu)
        return Latent(
            mu, spread, noise, full, z, data, self._is_seen(data, inside - before_mu), decoded,
            likelihood, divergence, bound, (signs[0], signs[1]),
            tuple(_widths(v for v in self.nodes if v.number in before_mu)),
            tuple(_widths(v for v in decoder if v.number <= decoded.number)),
        )  # fmt: skip

    def _spread(self, scale: Node, before_kl: set[int]) -> Node:
        """From σ back to what the divergence is computed from: σ = exp(½ log σ²)."""
        v = scale
        while v.number not in before_kl:
            inner = [x for x in v.operands if isinstance(x, Node) and not x.is_leaf]
            if len(inner) != 1 or v.rule.name in {"affine", "matmul"} | _VIEWS:
                return v if v.number in before_kl else scale
            v = inner[0]
        return v

    def _given(self, before: set[int]) -> Node | None:
        """The leaf that the encoder's first layer is applied to."""
        weights = {
            x.number
            for v in self.nodes
            if not v.is_leaf and v.rule.name in {"affine", "excitation"}
            for x in v.operands[1:]
            if isinstance(x, Node) and is_weight(x)
        }
        leaves = [
            v for v in self.nodes
            if v.number in before and v.is_leaf and v.number not in weights and np.ndim(v.value)
        ]  # fmt: skip
        held = [v for v in leaves if not v.requires_grad]
        return next(iter([*held, *leaves]), None)

    def _is_seen(self, data: Node | None, later: set[int]) -> bool:
        """Whether one of these is computed from x itself, or from an array of its numbers."""
        if data is None:
            return False
        used = (x for v in self.nodes if v.number in later for x in v.operands)
        return any(x is data or _is_equal(x, data.value) for x in used)

    @staticmethod
    def _decoded(decoder: list[Node], z: Node) -> Node | None:
        """The last layer's output."""
        layers = [v for v in decoder if v.rule.name == "affine" or argument(v) is not None]
        named = [
            v
            for v in decoder
            if v.name is not None and v is not z and np.size(v.value) >= np.size(z.value)
        ]
        both = sorted([*layers, *named], key=lambda v: v.number)
        return both[-1] if both else None

    def _after(self, start: Iterable[Node]) -> set[int]:
        """Numbers of what is computed from these, and of these."""
        found = {v.number for v in start}
        for v in self.nodes:
            if any(isinstance(x, Node) and x.number in found for x in v.operands):
                found.add(v.number)
        return found

    def _before(self, start: Iterable[Node]) -> set[int]:
        """Numbers of what these are computed from, and of these."""
        found = {v.number for v in start}
        for v in reversed(self.nodes):
            if v.number in found:
                found.update(x.number for x in v.operands if isinstance(x, Node))
        return found


def _is_equal(x: Any, data: Any) -> bool:
    """Whether it is an array that is held and has these numbers."""
    if isinstance(x, Node) and not x.is_leaf:
        return False
    numbers = x.value if isinstance(x, Node) else x
    return np.shape(numbers) == np.shape(data) and np.array_equal(numbers, data)


def _widths(nodes: Iterable[Node]) -> Iterator[int]:
    """How many numbers go into the first layer and come out of each."""
    for k, v in enumerate(v for v in nodes if not v.is_leaf and v.rule.name == "affine"):
        if k == 0:
            yield np.shape(
                v.operands[0].value if isinstance(v.operands[0], Node) else v.operands[0]
            )[-1]
        yield np.shape(v.value)[-1]
