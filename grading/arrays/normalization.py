"""Normalization, recognised by its numbers: xh = (x - mean)·s with s = 1/√(var + eps), over some axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, found, found_at
from grading.arrays.region import (
    Change,
    Edge,
    Region,
    nothing,
    place,
    rounded,
    slope,
    unbroadcast,
    with_slope,
)
from grading.arrays.uses import leaf_of
from grading.catalogue.mistake import Found


@dataclass(frozen=True, eq=False)
class Norm:
    """One normalization; d stands for what arrives at xh.

    node    that of xh; input  that of x
    axes    along which mean and variance are taken; eps  what is added to the variance
    """

    node: Node
    input: Node
    axes: tuple[int, ...]
    eps: float

    @property
    def x(self) -> Array:
        """What is normalized."""
        return np.asarray(plain(self.input), float)

    @property
    def n(self) -> int:
        """How many entries each mean is over."""
        return prod(self.x.shape[axis] for axis in self.axes)

    @property
    def s(self) -> Array:
        """One over the standard deviation."""
        return self.s_along(self.axes)

    @property
    def xh(self) -> Array:
        """What is normalized, with mean 0 and variance 1."""
        return self.xh_along(self.axes)

    def s_along(self, axes: tuple[int, ...]) -> Array:
        """The same along other axes."""
        return np.asarray(1.0 / np.sqrt(self.x.var(axes, keepdims=True) + self.eps))

    def xh_along(self, axes: tuple[int, ...]) -> Array:
        """The same along other axes."""
        return np.asarray((self.x - self.x.mean(axes, keepdims=True)) * self.s_along(axes))

    def m(self, a: Array) -> Array:
        """The mean along the axes."""
        return np.asarray(a.mean(self.axes, keepdims=True))

    @property
    def other_axes(self) -> tuple[int, ...]:
        """Those of layer normalization for batch normalization, and the other way round."""
        axes = tuple(k for k in range(self.x.ndim) if k not in self.axes)
        return axes if 0 in axes else tuple(range(1, self.x.ndim))


class Norms:
    """The normalizations of a region."""

    def __init__(self, region: Region) -> None:
        self.region, self.right = region, region.right

    @cached_property
    def norms(self) -> list[Norm]:
        """Those whose input depends on the asked variable."""
        return [n for v in self.region.nodes if (n := normalization_at(v, self.region)) is not None]

    def wrong(self, formula: Callable[[Norm, Array], Array]) -> Iterable[Found]:
        """Another formula (norm, d) for what goes back to x."""
        changes = [self._replaced(norm, formula) for norm in self.norms]
        if changes:
            yield found(self.region.swept({e: c for change in changes for e, c in change.items()}))
        for norm, change in zip(self.norms, changes, strict=True) if len(changes) > 1 else ():
            yield found_at(self.region.swept(change), norm.node)

    def _replaced(
        self, norm: Norm, formula: Callable[[Norm, Array], Array]
    ) -> dict[Edge, Change]:  # fmt: skip
        """All ways from xh back to x closed, but for the last one, which has the formula's result."""
        inside = _ancestors(norm.node)
        edges = [e for e in self.region.consumers[norm.input] if e[0] in inside]
        last = min(edges, key=lambda e: (e[0].number, -e[1]))
        shape = np.shape(plain(norm.input))

        def change(g: Any, seen: Any) -> Any:
            return np.broadcast_to(formula(norm, seen[norm.node]), shape)

        return {**{e: nothing(e) for e in edges}, last: change}

    # --- scale ----------------------------------------------------------------------------------------------

    def scale_forgotten(self) -> Iterable[Found]:
        """What arrives not multiplied by the scale gamma."""
        nodes = {norm.node for norm in self.norms}
        edges = [
            (n, i) for n, i in self.region.edges
            if n.rule.name in {"multiply", "multiply_add"} and n.operands[i] in nodes
        ]  # fmt: skip
        yield from self.region.everywhere(edges, with_slope(lambda d: 1.0 + 0.0 * d))

    def scale(
        self, wrong: Callable[[Norm, Array], Array], over: str = "sum"
    ) -> Iterable[Found]:  # fmt: skip
        """Another formula (norm, G) for what the scale gamma gets from each entry, G what arrives behind it.

        over  "sum" or "mean" over what gamma was repeated along; "" leaves it as it is
        """
        for n, i in self.region.edges:
            is_scale = n.rule.name in {"multiply", "multiply_add"} and i < 2
            if is_scale and leaf_of(n.operands[i]) is self.region.x and n in self.region.adjoint:
                norm = normalization_at(n.operands[1 - i], None)
                if norm is not None:
                    each = np.asarray(wrong(norm, self.region.adjoint[n]))
                    value = self._gathered(each, np.shape(plain(n.operands[i])), over)
                    yield found_at(value, place(self.region, (n, i)))

    def _gathered(self, each: Array, shape: tuple[int, ...], over: str) -> Array:
        if not over:
            return each
        total = unbroadcast(each, shape) / (each.size / prod(shape) if over == "mean" else 1.0)
        return np.asarray(total).reshape(self.right.shape)

    @property
    def gradients_of_bias(self) -> list[Array]:
        """What arrives at the sums with a bias, for questions about it."""
        return [
            self.region.adjoint[n] * slope(n, i)
            for n, i in self.region.edges
            if n.rule.name == "add"
        ]


def normalization_at(node: Any, region: Region | None) -> Norm | None:
    """The normalization that a node is the result of, if it is one; with a region, x lies in it."""
    if (
        not isinstance(node, Node)
        or np.ndim(node.value) < 2
        or not np.size(node.value)
        or node.is_leaf
    ):
        return None
    xh = np.asarray(plain(node), float)
    for axes in _axes(xh.ndim):
        if np.allclose(xh.mean(axes), 0.0, atol=rounded([node])) and (xh.std(axes) > 0.3).all():
            for v in sorted(_ancestors(node) - {node}, key=lambda v: v.number):
                eps = _eps(xh, v, axes) if _splits(v, node, region) else None
                if eps is not None:
                    return Norm(node, v, axes, eps)
    return None


def _axes(ndim: int) -> Iterator[tuple[int, ...]]:
    yield from {
        (0,),
        (ndim - 1,),
        (0, *range(2, ndim)),
        tuple(range(1, ndim)),
        tuple(range(2, ndim)),
    } - {()}


def _eps(xh: Array, v: Node, axes: tuple[int, ...]) -> float | None:
    """What is added to v's variance so that xh is v normalized; None where it is not."""
    x = np.asarray(plain(v), float)
    if x.shape != xh.shape:
        return None
    var, centred = x.var(axes, keepdims=True), x - x.mean(axes, keepdims=True)
    share = xh.var(axes, keepdims=True)
    eps = float(np.min(var / share - var))
    most = rounded([v])
    if not -1e-12 - 0.01 * most * float(np.max(var)) < eps < 0.1 * float(np.max(var)) + 1e-3:
        return None
    eps = max(eps, 0.0)
    wanted, most = centred / np.sqrt(var + eps), max(1e-6, most)
    return eps if np.allclose(xh, wanted, rtol=most, atol=1e-3 * most) else None


def _splits(v: Node, end: Node, region: Region | None) -> bool:
    """Whether several operations on the way to `end` use v, as mean, variance and difference do."""
    if region is not None and v not in region.inside:
        return False
    inside = _ancestors(end)
    return sum(p is v for n in inside for p in n.parents) > 1


def _ancestors(node: Node, most: int = 40) -> set[Node]:
    """What a node is computed from, a few steps back, and itself: a normalization is short."""
    seen, walk = {node}, [node]
    for n in walk:
        fresh = [p for p in n.parents if p not in seen and p.requires_grad]
        seen.update(fresh)
        walk += fresh
        if len(walk) > most:
            break
    return seen
