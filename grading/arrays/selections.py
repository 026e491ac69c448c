"""Operations that pass on some entries and not others: dropout, pooling, tables of embeddings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, found_at
from grading.arrays.region import Change, Edge, Region, place, pulled, unbroadcast
from grading.catalogue.mistake import Found

AVERAGES: Final = {"avg_pool1d", "avg_pool2d"}
POOLS: Final = {"max_pool1d", "max_pool2d"}


class Selections:
    """The masks, windows and indices of a region."""

    def __init__(self, region: Region) -> None:
        self.region = region

    # --- dropout --------------------------------------------------------------------------------------------

    @cached_property
    def dropouts(self) -> dict[Edge, Array]:
        """The edges through a product with a constant of zeros and one other number, and the constant."""
        found = {}
        for n, i in self.region.edges:
            if n.rule.name == "multiply":
                mask = n.operands[1 - i]
                if not (isinstance(mask, Node) and mask.requires_grad) and _is_mask(plain(mask)):
                    found[n, i] = np.asarray(plain(mask), float)
        return found

    def dropout(self, factor: Callable[[Array, float], Any]) -> Iterable[Found]:
        """Another factor (m, p) in a dropout, with m of zeros and ones and p the share of zeros."""

        def change(edge: Edge) -> Change:
            mask, shape = self.dropouts[edge], np.shape(plain(edge[0].operands[edge[1]]))
            keep = _kept_beside(edge, self.region) if mask.max() == 1.0 else 1.0
            wrong = keep * factor(np.where(mask == 0, 0.0, 1.0), 1.0 - keep / mask.max())
            return lambda g, seen: unbroadcast(g * wrong, shape)

        yield from self.region.everywhere(self.dropouts, change)

    # --- pooling --------------------------------------------------------------------------------------------

    def _pools(self) -> list[Edge]:
        return [e for e in self.region.edges if e[0].rule.name in POOLS]

    def first_corner(self) -> Iterable[Found]:
        """What arrives at a window given to its first entry."""
        yield from self.region.everywhere(
            self._pools(), lambda e: lambda g, seen: _to_corners(e[0], g)
        )

    def value_put_back(self) -> Iterable[Found]:
        """The largest value itself put where it came from, in place of what arrives."""
        yield from self.region.everywhere(
            self._pools(), lambda e: lambda g, seen: pulled(*e, np.asarray(e[0].value))
        )

    def largest_of_means(self) -> Iterable[Found]:
        """What arrives at a mean over a window given to its largest entry."""
        averages = [e for e in self.region.edges if e[0].rule.name in AVERAGES]
        yield from self.region.everywhere(averages, lambda e: lambda g, seen: _to_largest(e[0], g))

    # --- tables ---------------------------------------------------------------------------------------------

    @cached_property
    def tables(self) -> list[Edge]:
        """The edges by which rows are looked up by numbers that repeat."""
        return [e for e in self.region.edges if e[0].rule.name == "getitem" and _repeats(e[0])]

    def first_row(self) -> Iterable[Found]:
        """Of a row looked up several times the first time alone."""
        yield from self.region.everywhere(self.tables, lambda e: lambda g, seen: _first(e[0], g))

    def mean_row(self) -> Iterable[Found]:
        """The mean over the times that a row was looked up."""
        yield from self.region.everywhere(self.tables, lambda e: lambda g, seen: _mean(e, g))

    def unscattered(self) -> Iterable[Found]:
        """What arrives at the rows looked up, not put back into the table."""
        for n, i in self.region.edges:
            if (
                n.rule.name == "getitem"
                and n in self.region.adjoint
                and n.operands[i] is self.region.x
            ):
                yield found_at(self.region.adjoint[n], place(self.region, (n, i)))


def _is_mask(mask: Any) -> bool:
    values = np.unique(mask)
    return np.ndim(mask) > 0 and len(values) == 2 and values[0] == 0 and values[1] >= 1


def _kept_beside(edge: Edge, region: Region) -> float:
    """The number by which a product with a mask, or what is masked, is divided; 1 where there is none."""
    masked, before = edge[0], edge[0].operands[edge[1]]
    after = [n for n, i in region.consumers.get(masked, []) if i == 0 or n.rule.name == "multiply"]
    for n in [*after, *([before] if isinstance(before, Node) and not before.is_leaf else [])]:
        for c in n.operands if n.rule.name in {"divide", "multiply"} else ():
            if np.ndim(plain(c)) == 0 and not (isinstance(c, Node) and c.requires_grad):
                keep = float(plain(c)) if n.rule.name == "divide" else 1.0 / float(plain(c) or 1.0)
                if 0.0 < keep < 1.0:
                    return keep
    return 1.0


def windows(node: Node) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """For each place of a pooling's output the first entry of its window, which may lie outside."""
    axes = np.shape(node.value)[2:]
    stride, padding = (node.static.get(name) for name in ("stride", "padding"))
    stride = node.static["kernel_size"] if stride is None else stride
    for at in product(*map(range, axes)):
        yield (
            at,
            tuple(
                j * s - p
                for j, s, p in zip(at, _each(stride, axes), _each(padding, axes), strict=True)
            ),
        )


def _each(given: Any, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(np.broadcast_to(0 if given is None else given, (len(axes),)))


def _to_largest(node: Node, g: Any) -> Array:
    x = np.asarray(plain(node.operands[0]), float)
    total, axes = np.zeros_like(x), x.shape[2:]
    sizes = _each(node.static["kernel_size"], axes)
    for at, corner in windows(node):
        spans = [
            slice(max(c, 0), min(c + k, n)) for c, k, n in zip(corner, sizes, axes, strict=True)
        ]
        window: Any = (..., *spans)
        one: Any = (..., *at)
        seen = x[window]
        largest = seen.max(axis=tuple(range(2, x.ndim)), keepdims=True)
        total[window] += (seen == largest) * np.reshape(g[one], largest.shape)
    return total


def _to_corners(node: Node, g: Any) -> Array:
    total = np.zeros(np.shape(plain(node.operands[0])))
    for at, corner in windows(node):
        to: Any = (slice(None), slice(None), *corner)
        seen: Any = (slice(None), slice(None), *at)
        if all(c >= 0 for c in corner):
            total[to] += g[seen]
    return total


def _index(node: Node) -> Any:
    index = node.static["index"]
    return index[0] if isinstance(index, tuple) and len(index) == 1 else index


def _repeats(node: Node) -> bool:
    index = _index(node)
    return isinstance(index, (list, np.ndarray)) and np.asarray(index).dtype.kind in "iu"


def _first(node: Node, g: Any) -> Array:
    total, index = np.zeros(np.shape(plain(node.operands[0]))), np.asarray(_index(node))
    rows = g.reshape(index.size, *g.shape[index.ndim :])
    for k in range(index.size - 1, -1, -1):
        total[index.flat[k]] = rows[k]
    return total


def _mean(edge: Edge, g: Any) -> Array:
    node, i = edge
    index = np.asarray(_index(node)).ravel()
    length = len(plain(node.operands[i]))
    count = np.bincount(index % length, minlength=length)
    total = pulled(node, i, g)
    return np.asarray(total / np.maximum(count, 1).reshape(-1, *[1] * (total.ndim - 1)))
