"""Mistakes in time: which losses, steps and ways back a student left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.node import Node, Nodes
from autograd_lite.rules.namespaces import arrays, plain
from grading.arrays.found import Array, found, scaled
from grading.arrays.recurrence import Recurrence
from grading.arrays.region import Change, Edge, Region, nothing, pulled, times, with_slope
from grading.arrays.uses import BIASES, PRODUCTS, leaf_of
from grading.catalogue.mistake import Found


class Steps:
    """The time steps of a region; every question about a region without them has no answers."""

    def __init__(self, region: Region, recurrence: Recurrence | None) -> None:
        self.region, self.right = region, region.right
        self.recurrence = recurrence
        self.length = recurrence.length if recurrence is not None else 0

    @cached_property
    def parts(self) -> dict[tuple[int, int], Array]:
        """The contributions C(t, s), where they make up the answer."""
        if self.recurrence is None:
            return {}
        return self.recurrence.parts if self.recurrence.is_whole else self._of_a_head()

    def _of_a_head(self) -> dict[tuple[int, int], Array]:
        """C(t, t) of a parameter by which each state, or all states in one array, are multiplied."""
        parts: dict[tuple[int, int], Array] = {}
        for n, i in self.region.edges:
            data = _data_of(n, i) if leaf_of(n.operands[i]) is self.region.x else None
            for t, g in self._by_steps(n, data):
                sent = self.region.pulled_back(n.operands[i], pulled(n, i, g))
                parts[t, t] = parts.get((t, t), 0.0) + sent
        return parts if self.region.is_sum(parts.values()) else {}

    def _by_steps(self, n: Node, data: int | None) -> Iterable[tuple[int, Array]]:
        """What arrives at a product with states, by steps."""
        states: Any = self.recurrence.states  # type: ignore[union-attr]
        h = None if data is None else n.operands[data]
        g = self.region.adjoint.get(n)
        if g is None or not isinstance(h, Node):
            return
        if h in states:
            yield states.index(h) + 1, g
        elif h.rule.name == "stack" and Nodes(h.operands) == states and h.static.get("axis") == 0:
            for t in range(len(g)):
                yield t + 1, g * (np.arange(len(g)) == t).reshape(-1, *[1] * (g.ndim - 1))

    @property
    def contributions(self) -> list[tuple[tuple[str, ...], Array]]:
        """Each C(t, s), with the names of the loss's step and of the use's."""
        return [((f"loss {t}", f"step {s}"), c) for (t, s), c in self.parts.items()]

    def _sum(self, keep: Callable[[int, int], bool]) -> Array:
        return sum((c for ts, c in self.parts.items() if keep(*ts)), np.zeros_like(self.right))

    # --- sums of contributions ------------------------------------------------------------------------------

    def kept(self, keep: Callable[[int, int, int], bool]) -> Iterable[Found]:
        """The contributions C(t, s) with keep(t, s, T)."""
        if self.parts:
            yield found(self._sum(lambda t, s: keep(t, s, self.length)))

    def truncated(self) -> Iterable[Found]:
        """The ways back of fewer than k steps, for each k."""
        for k in range(2, self.length if self.parts else 0):
            yield found(self._within(k), f"{k} steps")

    def windows(self) -> Iterable[Found]:
        """The ways back that stay in a window of k steps, for each k."""
        for k in range(2, self.length if self.parts else 0):
            yield found(self._windowed(k), f"windows of {k}")

    def _within(self, k: int) -> Array:
        return self._sum(lambda t, s: t - s < k)

    def _windowed(self, k: int) -> Array:
        return self._sum(lambda t, s: (t - 1) // k == (s - 1) // k)

    def each_step(self, wrong: Callable[[Array, Array], Array]) -> Iterable[Found]:
        """The answer and what goes through the use at one step, for each but the first and the last."""
        for u in range(2, self.length if self.parts else 0):
            yield found(wrong(self.right, self._through_step(u)), f"step {u}")

    def each_loss(self, wrong: Callable[[Array, Array], Array]) -> Iterable[Found]:
        """The answer and what comes from the loss at one step."""
        for u in range(1, self.length + 1 if self.parts else 0):
            yield found(wrong(self.right, self._from_loss(u)), f"loss {u}")

    def _through_step(self, u: int) -> Array:
        return self._sum(lambda t, s: s == u)

    def _from_loss(self, u: int) -> Array:
        return self._sum(lambda t, s: t == u)

    def each_part(self, wrong: Callable[[Array, Array], Array]) -> Iterable[Found]:
        """The answer and each C(t, s)."""
        for (t, s), c in self.parts.items():
            yield found(wrong(self.right, c), f"loss {t}", f"step {s}")

    def mean(self) -> Iterable[Found]:
        """The sum over the steps divided by their number."""
        if self.length:
            yield from scaled(self.right, [(1 / self.length, "steps")])

    # --- what a step passes on ------------------------------------------------------------------------------

    @cached_property
    def activations(self) -> list[Edge]:
        """The edges through the activations of the states, tanh in a plain recurrence."""
        if self.recurrence is None:
            return []
        name = self.recurrence.states[-1].rule.name
        return [
            (n, i) for n, i in self.region.edges
            if n.rule.is_elementwise and len(n.operands) == 1 and n.rule.name == name
            and n in self.recurrence.step
        ]  # fmt: skip

    def slope_one(self) -> Iterable[Found]:
        """The activation's derivative forgotten, at every step and at each."""
        yield from self.region.everywhere(self.activations, with_slope(lambda d: 1.0 + 0.0 * d))

    def slope_before(self) -> Iterable[Found]:
        """The activation's derivative taken at the state before."""
        if self.recurrence is not None:
            yield from self.region.everywhere(self.activations, self._at_state_before)

    def _at_state_before(self, edge: Edge) -> Change:
        h = self.recurrence.state_before(self.recurrence.step[edge[0]])  # type: ignore[union-attr]
        slopes = {"tanh": 1.0 - h * h, "sigmoid": h * (1.0 - h), "relu": np.where(h > 0, 1.0, 0.0)}
        d = slopes.get(edge[0].rule.name)
        return lambda g, seen: pulled(*edge, g) if d is None else g * d

    @property
    def _carried(self) -> list[Edge]:
        return [] if self.recurrence is None else self.recurrence.carried

    def carried_twice(self) -> Iterable[Found]:
        """What comes from the step after counted twice; of a gated cell also that of one state alone."""
        yield from self.region.everywhere(self._carried, times(2.0))
        for wanted in (True, False):
            some = [e for e in self._carried if self._is_state(_end(e)) == wanted]
            if 0 < len(some) < len(self._carried):
                yield from self.region.at_once(some, times(2.0))

    def _is_state(self, p: Any) -> bool:
        recurrence: Any = self.recurrence
        return p is recurrence.start or p in recurrence.states

    def ones(self) -> Iterable[Found]:
        """What the losses send back to the states taken for ones, at every step."""
        if self.recurrence is not None:
            edges = [e for at_one_step in self.recurrence.losses for e in at_one_step]
            yield from self.region.at_once(edges, _ones)

    def carried_lost(self) -> Iterable[Found]:
        """What comes from the step after lost at one step."""
        if len(self._carried) > 1:
            yield from self.region.one_by_one(self._carried, nothing)

    def untransposed(self) -> Iterable[Found]:
        """The recurrent weight not transposed on the way back, at every step and at each."""
        products = [(n, i) for n, i in self._carried if n.rule.name in PRODUCTS]
        yield from self.region.everywhere(
            [e for e in products if _square(_weight_of(e))], lambda e: lambda g, seen: _turned(e, g)
        )

    def state_after(self) -> Iterable[Found]:
        """h_t in place of h_(t-1) in the sum for the recurrent weight."""
        if self.recurrence is None:
            return
        changes = {}
        for n, i in self.region.edges:
            s = self.recurrence.step.get(n)
            data = _data_of(n, i)
            if s is not None and data is not None and self._is_state_at(n.operands[data], s - 1):
                h = plain(self.recurrence.states[s - 1])
                if np.shape(h) == np.shape(plain(n.operands[data])):  # one h_0 may serve a batch
                    changes[n, i] = _with_data(n, i, data, h)
        if changes:
            yield found(self.region.swept(changes))

    def _is_state_at(self, p: Any, t: int) -> bool:
        recurrence: Any = self.recurrence
        return p is (recurrence.states[t - 1] if t > 0 else recurrence.start)

    # --- the first state ------------------------------------------------------------------------------------

    @property
    def _is_first(self) -> bool:
        """Whether the asked variable is the first state, h_0."""
        return self.recurrence is not None and any(
            n.operands[i] is self.region.x or leaf_of(n.operands[i]) is self.region.x
            for n, i in self._carried
        )

    def first_loss(self) -> Iterable[Found]:
        """Of the derivative by h_0 what the first step's loss sends back alone."""
        if self._is_first and self.parts:
            yield found(self._sum(lambda t, s: t == 1))

    def linear(self) -> Iterable[Found]:
        """The derivative by h_0 as if the activations were linear, with the first step's or the last loss."""
        if self._is_first and self.activations:
            changes = {e: with_slope(lambda d: 1.0 + 0.0 * d)(e) for e in self.activations}
            yield found(self.region.swept(changes))
            earlier = {e: nothing(e) for edges in self.recurrence.losses[:-1] for e in edges}  # type: ignore[union-attr]
            yield found(self.region.swept({**changes, **earlier}), "last loss")


def _end(edge: Edge) -> Any:
    return edge[0].operands[edge[1]]


def _ones(edge: Edge) -> Change:
    return lambda g, seen: np.ones(np.shape(plain(_end(edge))))


def _weight_of(edge: Edge) -> Any:
    n, i = edge
    return next(plain(n.operands[w]) for w, d in PRODUCTS[n.rule.name] if d == i)


def _square(W: Any) -> bool:
    return np.ndim(W) == 2 and W.shape[0] == W.shape[1] > 1


def _turned(edge: Edge, g: Any) -> Any:
    """What goes back to the data when the weight is not transposed."""
    W, (n, i) = _weight_of(edge), edge
    if n.rule.name == "matmul":
        return g @ W if i == 0 else W @ g
    return g @ W.T


def _data_of(node: Node, weight: int) -> int | None:
    """Which operand the weight at this place is multiplied by, or is added to the product of."""
    if BIASES.get(node.rule.name) == weight:
        return 0 if node.rule.name == "affine" else 2
    return next((d for w, d in PRODUCTS.get(node.rule.name, ()) if w == weight), None)


def _with_data(node: Node, weight: int, data: int, X: Any) -> Change:
    xs = list(map(plain, node.operands))
    xs[data] = X
    return lambda g, seen: node.rule.vjp(weight)(arrays, g, node.value, *xs, **node.static)
