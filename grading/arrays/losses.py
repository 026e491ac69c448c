"""What the output is compared with: softmax and cross-entropy, sigmoid and cross-entropy, squared errors.

They are recognised by their numbers, so that a loss composed of logarithms and sums is one as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, Factors, found, found_at
from grading.arrays.penalties import scaled_loss
from grading.arrays.region import Region, given, unbroadcast, with_slope
from grading.catalogue.mistake import Found


@dataclass(frozen=True, eq=False)
class Softmax:
    """Cross-entropy of softmax: dL/dZ = w·(p - Y).

    z  the node of the logits; Z, p, Y  logits, probabilities and targets, of one shape
    w  each row's weight, 1/N for a mean; axis  that of the classes
    """

    z: Node
    Z: Array
    p: Array
    Y: Array
    w: Array
    axis: int

    @property
    def K(self) -> int:
        """The number of classes."""
        return int(self.p.shape[self.axis])

    @property
    def N(self) -> int:
        """The number of rows."""
        return self.p.size // self.K

    @property
    def index(self) -> Array:
        """The number of each row's class."""
        return np.asarray(np.argmax(self.Y, axis=self.axis, keepdims=True))

    @property
    def onehot(self) -> Array:
        """1 for each row's class, else 0."""
        return np.moveaxis(np.eye(self.K)[self.index.squeeze(self.axis)], -1, self.axis)

    @property
    def other_axis(self) -> Array:
        """Softmax along the wrong axis, that of the examples."""
        return softmax(self.Z, 0 if self.axis % self.Z.ndim else self.Z.ndim - 1)


@dataclass(frozen=True, eq=False)
class Logistic:
    """Binary cross-entropy of a sigmoid: dL/dZ = w·(p - Y), all of one shape."""

    z: Node
    Z: Array
    p: Array
    Y: Array
    w: Array


@dataclass(frozen=True, eq=False)
class Quadratic:
    """Squared errors: dL/dr = c·r of the residual r = y - t.

    y, t  output and target, arrays; node  that of r; sign  -1 where r is t - y
    """

    node: Node
    output: Node
    y: Array
    t: Array
    c: float
    sign: float

    def sent(self, g: Any) -> Array:
        """What the output gets of g at the residual: the sum over what it was repeated along."""
        return np.asarray(unbroadcast(np.broadcast_to(g, np.shape(self.node.value)), self.y.shape))


class Losses:
    """The losses at the end of a region."""

    def __init__(self, region: Region) -> None:
        self.region, self.right = region, region.right

    # --- softmax --------------------------------------------------------------------------------------------

    @cached_property
    def softmaxes(self) -> list[Softmax]:
        """Every cross-entropy of a softmax; each of its logits once."""
        heads = {head.z: head for v in self._around() for head in self._softmax_at(v)}
        return list(heads.values())

    def _around(self) -> list[Node]:
        return [v for v in (self.region.x, *self.region.nodes) if v in self.region.adjoint]

    def _softmax_at(self, v: Node) -> Iterator[Softmax]:
        for p, A in self._shares(v):
            for axis in range(p.ndim - 1, -1, -1):
                if p.shape[axis] > 1 and np.allclose(p.sum(axis), 1.0, atol=1e-9):
                    w = -A.sum(axis, keepdims=True)
                    Y = -A / np.where(w == 0, 1.0, w)
                    fits = np.any(A) and Y.min() >= -self.region.rounded
                    z = self._logits(v, p, axis) if fits else None
                    if z is not None:
                        yield Softmax(z, plain(z), p, Y, w, axis)
                        return

    def _shares(self, v: Node) -> Iterator[tuple[Array, Array]]:
        """Of a node that may be p or log p: p, and dL/d(log p)."""
        y, g = plain(v), self.region.adjoint[v]
        if np.ndim(y) == 0 or v.is_leaf:
            return
        if (y > 0).all() and (y < 1).all():
            yield y, g * y
        elif (y < 0).all():
            yield np.exp(y), g

    def _logits(self, v: Node, p: Array, axis: int) -> Node | None:
        """The first node of which p is the softmax: v's ancestor."""
        seen, walk = {v}, [v]
        for n in walk:
            fresh = [q for q in n.parents if q in self.region.inside and q not in seen]
            seen.update(fresh)
            walk += fresh
        like = [n for n in walk if n is not v and np.shape(plain(n)) == p.shape]
        fits = [n for n in like if self.region.alike(softmax(plain(n), axis), p)]
        return min(fits, key=lambda n: n.number, default=None)

    def softmax(self, wrong: Callable[[Softmax], Any]) -> Iterable[Found]:
        """Something else in place of dL/dZ."""
        yield from self._replaced(self.softmaxes, lambda h: (h.z, wrong(h)))

    # --- sigmoid --------------------------------------------------------------------------------------------

    @cached_property
    def logistics(self) -> list[Logistic]:
        """Every cross-entropy of a sigmoid."""
        found = []
        for n in self.region.nodes:
            if n in self.region.adjoint and n.rule.name == "logistic_cost":
                found.append(self._from_logits(n))
            elif n in self.region.adjoint and n.rule.name == "sigmoid":
                found += self._from_probabilities(n)
        return found

    def _from_logits(self, n: Node) -> Logistic:
        z, _, other = n.operands
        Z, shape = plain(z), np.shape(plain(z))
        w = np.broadcast_to(self.region.adjoint[n], shape)
        return Logistic(z, Z, sigmoid(Z), np.broadcast_to(1.0 - plain(other), shape), w)

    def _from_probabilities(self, n: Node) -> Iterator[Logistic]:
        """-(t·log s + (1 - t)·log(1 - s)) sends w·(s - t)/(s·(1 - s)) to s."""
        s, A = plain(n), self.region.adjoint[n]
        for t in (*self._targets(s.shape), (A < 0).astype(float)):
            with np.errstate(all="ignore"):
                w = A * s * (1.0 - s) / (s - t)
            if (
                np.isfinite(w).all()
                and w.flat[0]
                and np.allclose(w, w.flat[0], rtol=max(1e-7, self.region.rounded))
            ):
                z = n.operands[0]
                yield Logistic(z, plain(z), s, t, w)
                return

    def _targets(self, shape: tuple[int, ...]) -> Iterator[Array]:
        for n in self.region.nodes:
            for q in n.operands:
                t = plain(q)
                is_constant = not (isinstance(q, Node) and q.requires_grad) and np.shape(t) == shape
                if is_constant and ((t >= 0) & (t <= 1)).all():
                    yield t

    def logistic(self, wrong: Callable[[Logistic], Any]) -> Iterable[Found]:
        """Something else in place of dL/dZ."""
        yield from self._replaced(self.logistics, lambda h: (h.z, wrong(h)))

    # --- squared errors -------------------------------------------------------------------------------------

    @cached_property
    def quadratics(self) -> list[Quadratic]:
        """Every squared error: residuals to which a multiple of themselves comes back."""
        return [
            q for n in self.region.nodes if n.rule.name == "subtract" for q in self._residual(n)
        ]

    def _residual(self, n: Node) -> Iterator[Quadratic]:
        r, g = n.value, self.region.adjoint.get(n)
        moving = [i for i in (0, 1) if (n, i) in self.region.known]
        if g is None or np.size(r) < 1 or not moving or not np.any(r):
            return
        c = float(np.sum(g * r) / np.sum(r * r))
        if c != 0 and self.region.alike(g, c * r):
            i = max(moving, key=lambda i: n.operands[i].number)  # an input may be the target too
            y, t = plain(n.operands[i]), plain(n.operands[1 - i])
            yield Quadratic(n, n.operands[i], y, t, c, 1.0 - 2.0 * i)

    def quadratic(self, wrong: Callable[[Quadratic], Any]) -> Iterable[Found]:
        """Something else in place of what goes back to the output."""
        yield from self._replaced(self.quadratics, lambda h: (h.output, h.sent(wrong(h))))

    def _replaced(
        self, heads: Iterable[Any], at: Callable[[Any], tuple[Node, Any]]
    ) -> Iterable[Found]:
        chosen = [at(head) for head in heads]
        if chosen:
            yield found(self.region.swept({}, {node: given(g) for node, g in chosen}))
        for node, g in chosen if len(chosen) > 1 else ():
            yield found_at(self.region.with_adjoint(node, g), node)

    def squared_sigmoid(self) -> Iterable[Found]:
        """The sigmoid's derivative lost in front of a squared error of it."""
        outputs = [h.output for h in self.quadratics if h.output.rule.name == "sigmoid"]
        edges = [(n, 0) for n in outputs if (n, 0) in self.region.known]
        yield from self.region.at_once(edges, with_slope(lambda d: 1.0 + 0.0 * d))

    # --- counts ---------------------------------------------------------------------------------------------

    def factors(self, which: Callable[[int, int], Factors], *over: str) -> Iterable[Found]:
        """The right answer times factors, told by the numbers of rows and of columns of what is compared.

        over  of which losses this is true: of means over "rows", of means over "entries", of a "sum"
        """
        for rows, columns, weight in self._sizes():
            if _over(rows, columns, weight) in over:
                yield from scaled_loss(self.region, which(rows, columns))

    def _sizes(self) -> Iterator[tuple[int, int, float]]:
        """Numbers of rows and columns, and the number before the loss's sum."""
        for s in self.softmaxes[:1]:
            yield s.N, s.K, float(np.max(s.w))
        heads = [
            *((h.p, np.max(h.w)) for h in self.logistics),
            *((h.y, h.c) for h in self.quadratics),
        ]
        for y, weight in heads[:1]:
            # of three axes the first two are steps and examples; of four, channels, rows and columns follow
            rows = prod(y.shape[:2] if y.ndim == 3 else y.shape[:1])
            yield rows, y.size // max(rows, 1), float(weight)

    def counts(self) -> Iterable[Found]:
        """The right answer times or divided by the lengths of some axes of what is compared."""
        for shape in self._shapes():
            chosen = (
                c for r in range(1, len(shape) + 1) for c in combinations(range(len(shape)), r)
            )
            lengths = [(prod(shape[k] for k in axes), _spoken(axes)) for axes in chosen]
            yield from scaled_loss(
                self.region,
                [f for n, word in lengths for f in ((n, word), (1 / n, f"one over {word}"))],
            )

    def _shapes(self) -> Iterator[tuple[int, ...]]:
        heads = (
            [h.p for h in self.softmaxes]
            + [h.p for h in self.logistics]
            + [h.y for h in self.quadratics]
        )
        yield from dict.fromkeys(np.shape(a) for a in heads[:1])


def _over(rows: int, columns: int, weight: float) -> str:
    """What a loss is a mean over, by the number before its sum; a half before a square is none."""
    for count, word in ((1, "sum"), (rows * columns, "entries")):
        if np.isclose(weight * count, (1.0, 2.0)).any():
            return word
    return "rows"


def _spoken(axes: tuple[int, ...]) -> str:
    return "axes " + " and ".join(str(k + 1) for k in axes)


def softmax(Z: Array, axis: int) -> Array:
    """Shares of exponentials along an axis."""
    e = np.exp(Z - Z.max(axis, keepdims=True))
    return np.asarray(e / e.sum(axis, keepdims=True))


def sigmoid(Z: Array) -> Array:
    """1/(1 + e⁻ᶻ)."""
    return 1.0 / (1.0 + np.exp(-Z))
