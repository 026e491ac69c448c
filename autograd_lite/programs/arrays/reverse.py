"""The sweep back over a graph, noted: what each operation passes on to its operands, and their sums."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from autograd_lite.arithmetics.arithmetic import summed_axes
from autograd_lite.arithmetics.of_arrays import SMALL
from autograd_lite.node import Node
from autograd_lite.programs.arrays.lowering import Lowered
from autograd_lite.record import Record, Use
from autograd_lite.source import CALLS, Recorded


def lower_adjoints(lowered: Lowered, wanted: Collection[Node], seeds: Mapping[Node, Any]) -> None:
    """Note the adjoints of the wanted nodes, and of all between them and the results, in `lowered.adjoints`.

    seeds  by result: its own adjoint, an array (to come or not) of its shape, or one number for all entries
    """
    _Sweep(lowered, wanted, seeds).run()


class _Sweep:
    """One sweep back.

    moving   the nodes that move with a wanted one: only to these something is passed on
    waiting  by node: uses of it whose contributions are noted together, see `Use`
    """

    def __init__(
        self, lowered: Lowered, wanted: Collection[Node], seeds: Mapping[Node, Any]
    ) -> None:
        self.lowered, self.adjoints = lowered, lowered.adjoints
        self.moving = set(wanted)
        for node in lowered.graph.operations:
            if any(x in self.moving for x in node.parents):
                self.moving.add(node)
        self.groups: dict[tuple[Any, ...], list[tuple[Node, Any]]] = {}
        self.waiting: dict[Node, list[tuple[Any, ...]]] = {}
        for node, seed in seeds.items():
            if node in self.moving:
                self.add(node, seed)

    def run(self) -> None:
        for node in reversed(self.lowered.graph.operations):
            self.gather(node)
            if node in self.adjoints:
                self.pull(node, self.adjoints[node])
        for leaf in list(self.waiting):
            self.gather(leaf)

    def moves(self, x: Any) -> bool:
        """Whether something is passed on to an operand."""
        return isinstance(x, Node) and x in self.moving

    def pull(self, node: Node, g: Any) -> None:
        """Pass g on to the operands of `node`, but for those that wait for further uses."""
        together = () if self.lowered.readable else self.wait(node, g)
        for i, x in enumerate(node.operands):
            if i not in together and self.moves(x):
                c = contribution(self.lowered, node, i, g)
                if c is not None:
                    self.add(x, c)

    def add(self, x: Node, c: Any) -> None:
        """Add a contribution to the adjoint of x."""
        c = _like(c, self.lowered.values[x])
        self.adjoints[x] = _sum(self.adjoints[x], c) if x in self.adjoints else c

    def wait(self, node: Node, g: Any) -> Collection[int]:
        rule: Record = node.rule
        places = [i for i in rule.gathered if self.moves(node.operands[i])]
        if places:
            key = (rule, *(id(node.operands[i]) for i in rule.gathered))
            for i in places:
                keys = self.waiting.setdefault(node.operands[i], [])
                keys += [key] * (key not in keys)
            self.groups.setdefault(key, []).append((node, g))
        return places

    def gather(self, x: Node) -> None:
        """Note what all uses that wait for x contribute, to it and to what else they share."""
        for key in self.waiting.pop(x, []):
            if key in self.groups:
                self.sum_up(self.groups.pop(key))

    def sum_up(self, uses: list[tuple[Node, Any]]) -> None:
        rule, operands = uses[0][0].rule, uses[0][0].operands
        parts = None
        if len(uses) > 1 and rule.gather is not None:
            gathered = [
                Use(
                    as_array(g, self.lowered.values[node]), self.lowered.operands(node), node.static
                )
                for node, g in reversed(uses)  # in order of evaluation
            ]
            parts = rule.gather(gathered)
        for k, i in enumerate(rule.gathered):
            if not self.moves(operands[i]):
                continue
            if parts is not None:
                self.add(operands[i], parts[k])
                continue
            for node, g in uses:
                if (c := contribution(self.lowered, node, i, g)) is not None:
                    self.add(operands[i], c)


def contribution(lowered: Lowered, node: Node, i: int, g: Any) -> Any:
    """What `node` passes on to operand i: gᵀ·∂node/∂operand, noted; None where it does not move with it."""
    rule, xs, y = node.rule, lowered.operands(node), lowered.values[node]
    if rule.partials is None:
        return lowered.recording.note_rule(rule, "vjp", i, as_array(g, y), y, *xs, **node.static)
    d = slope(lowered, node, i)
    return None if d is None else times(g, d, y)


def slope(lowered: Lowered, node: Node, i: int) -> Any:
    """∂node/∂operand i of an elementwise operation; as a reader knows it, or as it keeps its digits."""
    rule, xs, y = node.rule, lowered.operands(node), lowered.values[node]
    if lowered.readable and rule.slopes:
        short: Any = rule.slopes[i]
        return None if short is None else short(CALLS, y, *xs)
    return lowered.recording.note_rule(rule, "partial", i, y, *xs)


def times(g: Any, d: Any, y: Any) -> Any:
    """g·d in the shape of y, where each may be one number for all entries."""
    if type(d) is float and d == 1.0:
        return as_array(g, y)
    c = d if type(g) is float and g == 1.0 else np.multiply(g, d)
    return as_array(c, y)


def as_array(g: Any, y: Any) -> Any:
    """An adjoint of y in its shape: one number for all entries is spread out, without memory."""
    if type(g) is not float and np.shape(g) == np.shape(y):
        return g
    return np.broadcast_to(np.asarray(g, y.dtype) if type(g) is float else g, np.shape(y))


def _like(c: Any, x: Any) -> Any:
    """A contribution in the shape and dtype of x: broadcasting is undone by summing."""
    if not isinstance(c, Recorded) and np.size(c) and not any(np.asarray(c).strides):
        return float(np.ravel(c)[0]) * (
            np.size(c) / np.size(x)
        )  # one number stands for all entries
    if np.shape(c) != np.shape(x):
        c = np.reshape(_summed(c, summed_axes(np.shape(c), np.shape(x))), np.shape(x))
    return c if c.dtype == x.dtype else c.astype(x.dtype)


def _summed(c: Any, axes: tuple[int, ...]) -> Any:
    """The sum along axes; over many rows, as a bias has them, as a product: twice as fast and more."""
    rest = c.ndim - len(axes)
    if c.size < SMALL or not rest or axes != tuple(range(len(axes))):
        return np.add.reduce(c, axis=axes)
    count = math.prod(c.shape[: len(axes)])
    return np.dot(np.ones(count, c.dtype), np.reshape(c, (count, -1)))


def _sum(a: Any, b: Any) -> Any:
    return np.add(a, b) if type(a) is not float or type(b) is not float else a + b
