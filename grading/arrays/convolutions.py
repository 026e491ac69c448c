"""Convolution: mistakes with its windows, written as the loops are in which they are made.

x (N, C, …), w (O, C/groups, …), g (N, O, …), with one or two axes of places for the dots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, found
from grading.arrays.region import Change, Edge, Region, pulled
from grading.arrays.uses import CONVOLUTIONS, leaf_of
from grading.catalogue.mistake import Found

Lengths = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of a convolution: each parameter has one number for each axis of places."""

    x: Array
    w: Array
    count: Lengths
    stride: Lengths
    padding: Lengths
    dilation: Lengths
    groups: int

    @cached_property
    def padded(self) -> Array:
        """The image with its padding, and enough zeros behind it for windows that lie elsewhere."""
        shape = self.x.shape[2:]
        room = [
            max(0, (n - 1) * s + (k - 1) * d + 1 - h - p)
            for n, s, k, d, h, p in zip(
                self.count,
                self.stride,
                self.w.shape[2:],
                self.dilation,
                shape,
                self.padding,
                strict=True,
            )
        ]
        behind = [max(p, r) for p, r in zip(self.padding, room, strict=True)]
        return np.pad(self.x, [(0, 0), (0, 0), *zip(self.padding, behind, strict=True)])

    def entries(self) -> Iterator[tuple[Lengths, tuple[slice, ...]]]:
        """For each place in the kernel where all windows have it."""
        for k in product(*map(range, self.w.shape[2:])):
            steps = zip(k, self.dilation, self.stride, self.count, strict=True)
            yield k, tuple(slice(i * d, i * d + s * (n - 1) + 1, s) for i, d, s, n in steps)

    def channels(self) -> Iterator[tuple[slice, slice]]:
        """For each group its output and its input channels."""
        o, c = self.w.shape[0] // self.groups, self.x.shape[1] // self.groups
        for k in range(self.groups):
            yield slice(k * o, (k + 1) * o), slice(k * c, (k + 1) * c)

    def by_weight(self, g: Array) -> Array:
        """What the weight's gradient is with these windows."""
        total = np.zeros(self.w.shape)
        for outs, ins in self.channels():
            for k, at in self.entries():
                to, seen = _at(outs, slice(None), *k), _at(slice(None), ins, *at)
                total[to] = _over_places(g[:, outs], self.padded[seen])
        return total

    def by_image(self, g: Array, crop: bool = True) -> Array:
        """What the image's gradient is with these windows, with or without the padding."""
        total = np.zeros(self.padded.shape)
        for outs, ins in self.channels():
            for k, at in self.entries():
                by, seen = _at(outs, slice(None), *k), _at(slice(None), ins, *at)
                total[seen] += np.einsum("no...,oc->nc...", g[:, outs], self.w[by])
        return self._cropped(total) if crop else total[self._within(0, 2)]

    def overwritten(self, g: Array, one_filter: bool) -> Array:
        """The image's gradient when each window replaces what those before sent to the same entries."""
        total = np.zeros(self.padded.shape)
        for outs, ins in self.channels():
            some = slice(outs.stop - 1, outs.stop) if one_filter else outs
            for j in product(*map(range, self.count)):
                at, seen = _at(slice(None), some, *j), _at(slice(None), ins, *self._window(j))
                total[seen] = np.einsum("no,oc...->nc...", g[at], self.w[some])
        return self._cropped(total)

    def _window(self, j: Lengths) -> Iterator[slice]:
        axes = zip(j, self.stride, self.dilation, self.w.shape[2:], strict=True)
        return (slice(i * s, i * s + d * (k - 1) + 1, d) for i, s, d, k in axes)

    def _within(self, before: int, more: int) -> tuple[Any, ...]:
        """Where the image is, with `more` of its paddings, the first of them `before` times cut off."""
        axes = zip(self.x.shape[2:], self.padding, strict=True)
        return (..., *(slice(before * p, before * p + h + more * p) for h, p in axes))

    def _cropped(self, total: Array) -> Array:
        return np.asarray(total[self._within(1, 0)])


class Convolutions:
    """The convolutions of a region."""

    def __init__(self, region: Region) -> None:
        self.region, self.right = region, region.right
        self.nodes = [n for n in region.nodes if n.rule.name in CONVOLUTIONS]

    def _to(self, operand: int) -> list[Edge]:
        return [(n, operand) for n in self.nodes if (n, operand) in self.region.known]

    # --- windows that lie elsewhere -------------------------------------------------------------------------

    def stride_ignored(self) -> Iterable[Found]:
        """Windows one entry apart."""
        yield from self._with(lambda on: replace(on, stride=(1,) * len(on.stride)))

    def padding_ignored(self) -> Iterable[Found]:
        """Windows that begin at the image's own first entry, in the weight's gradient."""
        yield from self._with(lambda on: replace(on, padding=(0,) * len(on.padding)), (1,))

    def dilation_ignored(self) -> Iterable[Found]:
        """Windows of entries that are neighbours."""
        yield from self._with(lambda on: replace(on, dilation=(1,) * len(on.dilation)))

    def _with(self, other: Any, operands: Iterable[int] = (0, 1)) -> Iterable[Found]:
        for i in operands:

            def change(edge: Edge) -> Change:
                right = windows_of(edge[0])
                wrong = other(right)
                return lambda g, seen: wrong.by_image(g) if edge[1] == 0 else wrong.by_weight(g)

            changed = [e for e in self._to(i) if _differs(windows_of(e[0]), other)]
            yield from self.region.everywhere(changed, change)

    def groups_ignored(self) -> Iterable[Found]:
        """Every output channel with every input channel, in the weight's gradient."""
        for n, i in self._to(1):
            on = windows_of(n)
            if on.groups > 1 and n.operands[i] is self.region.x:
                full = replace(
                    on, groups=1, w=np.zeros((on.w.shape[0], on.x.shape[1], *on.w.shape[2:]))
                )
                yield found(full.by_weight(self.region.adjoint[n]))

    # --- the image's gradient -------------------------------------------------------------------------------

    def uncropped(self) -> Iterable[Found]:
        """The image's gradient with its padding."""
        for n, i in self._to(0):
            if n.operands[i] is self.region.x and any(windows_of(n).padding):
                yield found(windows_of(n).by_image(self.region.adjoint[n], crop=False))

    def overwritten(self) -> Iterable[Found]:
        """Entries in several windows that have the last one's contribution alone."""
        for one_filter in (False, True):

            def change(edge: Edge, one_filter: bool = one_filter) -> Change:
                return lambda g, seen: windows_of(edge[0]).overwritten(g, one_filter)

            yield from self.region.at_once(self._to(0), change)

    def one_filter(self, which: int) -> Iterable[Found]:
        """What one filter alone sends back to the image."""
        yield from self._masked(0, lambda g: (slice(None), which))

    def kernel_transposed(self) -> Iterable[Found]:
        """A square kernel with rows and columns swapped on the way back to the image."""

        def change(edge: Edge) -> Change:
            on = windows_of(edge[0])
            turned = replace(on, w=np.swapaxes(on.w, 2, 3))
            return lambda g, seen: turned.by_image(g)

        edges = [e for e in self._to(0) if np.ndim(e[0].value) == 4]
        shapes = [np.shape(plain(n.operands[1])) for n, _ in edges]
        square = [e for e, s in zip(edges, shapes, strict=True) if s[2] == s[3] > 1]
        yield from self.region.at_once(square, change)

    def cropped_at_the_end(self) -> Iterable[Found]:
        """The padding cut off behind the image alone, so that all entries are shifted."""

        def change(edge: Edge) -> Change:
            on = windows_of(edge[0])
            at: Any = (..., *(slice(0, h) for h in on.x.shape[2:]))
            return lambda g, seen: on.by_image(g, crop=False)[at]

        padded = [e for e in self._to(0) if any(windows_of(e[0]).padding)]
        yield from self.region.at_once(padded, change)

    # --- one position, one axis -----------------------------------------------------------------------------

    def one_position(self, which: int) -> Iterable[Found]:
        """The first or the last position alone, in the weight's gradient."""
        yield from self._masked(1, lambda g: (..., *[which] * (g.ndim - 2)))

    def _masked(self, operand: int, keep: Any) -> Iterable[Found]:
        def change(edge: Edge) -> Change:
            def masked(g: Any, seen: object) -> Any:
                mask = np.zeros_like(g)
                mask[keep(g)] = 1.0
                return pulled(*edge, g * mask)

            return masked

        yield from self.region.at_once(self._to(operand), change)

    def transposed(self) -> Iterable[Found]:
        """The weight's gradient with two of its axes swapped."""
        if any(n.operands[i] is self.region.x for n, i in self._to(1)):
            axes = range(self.right.ndim)
            for a, b in [(0, 1), *([(2, 3)] if len(axes) == 4 else [])]:
                yield found(np.swapaxes(self.right, a, b), f"axes {a + 1} and {b + 1}")

    # --- biases ---------------------------------------------------------------------------------------------

    def _bias(self) -> Iterator[Array]:
        for n, i in self.region.edges:
            is_bias = n.rule.name == "add" and leaf_of(n.operands[i]) is self.region.x
            if is_bias and _is_convolution(n.operands[1 - i]):
                yield self.region.adjoint[n]

    def bias_of_each_place(self) -> Iterable[Found]:
        """The bias summed over the examples alone."""
        for g in self._bias():
            yield found(g.sum(0))

    def bias_mean(self) -> Iterable[Found]:
        """The bias's mean over the places, over the examples, or over both."""
        for g in self._bias():
            for axes in (tuple(range(2, g.ndim)), (0,), (0, *range(2, g.ndim))):
                count = np.prod([g.shape[a] for a in axes])
                yield found(self.right / count, "over " + " and ".join(_spoken(axes)))

    def bias_of_one_place(self) -> Iterable[Found]:
        """The bias's part at the first or the last place alone."""
        for g in self._bias():
            for which in (0, -1):
                at: Any = (..., *[which] * (g.ndim - 2))
                yield found(g[at].sum(0))

    def bias_of_each_example(self) -> Iterable[Found]:
        """The bias summed over the places alone."""
        for g in self._bias():
            yield found(g.sum(tuple(range(2, g.ndim))))


def windows_of(node: Node) -> Windows:
    """The windows of a convolution on the graph."""
    x, w = (np.asarray(plain(p), float) for p in node.operands)
    static, ndim = node.static, x.ndim - 2
    each = {
        name: tuple(np.broadcast_to(static.get(name, default), (ndim,)).tolist())
        for name, default in (("stride", 1), ("padding", 0), ("dilation", 1))
    }
    return Windows(x, w, np.shape(node.value)[2:], **each, groups=static.get("groups", 1))


def _at(*axes: Any) -> Any:
    """An index of several axes."""
    return axes


def _over_places(g: Array, x: Array) -> Array:
    return np.tensordot(g, x, axes=([0, *range(2, g.ndim)], [0, *range(2, x.ndim)]))


def _differs(on: Windows, other: Any) -> bool:
    wrong = other(on)
    return (wrong.stride, wrong.padding, wrong.dilation) != (on.stride, on.padding, on.dilation)


def _is_convolution(p: Any) -> bool:
    return isinstance(p, Node) and p.rule.name in CONVOLUTIONS


def _spoken(axes: Lengths) -> list[str]:
    return [*(["examples"] if 0 in axes else []), *(["places"] if any(axes) else [])]
