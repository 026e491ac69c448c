"""Modules collapsed: one bubble for each call of a module, and one for a chain of calls all alike.

A module leaves its dotted name on the nodes it makes, and a call makes them one after the other. So a
call is a run of nodes in order of creation, and what runs are collapsed into can have no cycle. Two
calls of the same module stay two; only a chain of runs with the same operations, shapes and wiring
becomes one bubble, "× n".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby
from typing import Any, TypeAlias

import numpy as np

from autograd_lite.node import Node
from viz.choose.sheet import Module

Run: TypeAlias = tuple[Node, ...]
Closed: TypeAlias = Callable[[Node], str | None]
"""The name of the collapsed module that a node is in, or None."""


def closed(opened: Collection[str]) -> Closed:
    """The outermost module around a node that is not among those opened, by dotted names."""

    def name(node: Node) -> str | None:
        parts = node.scope.split(".") if node.scope else []
        prefixes = (".".join(parts[: k + 1]) for k in range(len(parts)))
        return next((p for p in prefixes if p not in opened), None)

    return name


def is_opened(module: str, opened: Collection[str]) -> bool:
    """Whether a module is among those opened.

    >>> is_opened("net.encoder", {"encoder"}), is_opened("net.encoder", {"net"})
    (True, False)
    """
    return module in opened or module.rpartition(".")[2] in opened


def runs(operations: Iterable[Node], name: Closed) -> list[Run]:
    """The operations inside collapsed modules, call by call."""
    return [tuple(nodes) for module, nodes in groupby(operations, name) if module is not None]


class Collapsed:
    """A graph's runs, what flows between them, and which nodes leave them.

    owner    for each node in a run, the run's number
    parents  for each node, its operands that are nodes
    """

    def __init__(self, nodes: Sequence[Node], output: Node, name: Closed) -> None:
        self.name = name
        self.runs = runs((n for n in nodes if not n.is_leaf), name)
        self.owner = {node: k for k, run in enumerate(self.runs) for node in run}
        self.parents = {node: node.parents for node in nodes}
        self.feeds: list[set[Any]] = [set() for _ in self.runs]
        self.fed: list[set[Any]] = [set() for _ in self.runs]
        self.leaving: list[dict[Node, None]] = [{} for _ in self.runs]
        self.inner = {leaf for leaf in nodes if leaf.is_leaf and name(leaf) is not None}
        for node in nodes:
            for x in self.parents[node]:
                self._join(x, node)
        if output in self.owner:
            self.leaving[self.owner[output]][output] = None
            self.feeds[self.owner[output]].add(None)

    def _join(self, x: Node, node: Node) -> None:
        """Note that `node` is computed from `x`, if that leads from one bubble to another."""
        source, target = self.owner.get(x), self.owner.get(node)
        if x.is_leaf and (target is None or self.name(x) != self.name(node)):
            self.inner.discard(x)  # used outside of the module it belongs to
        if source is not None and source != target:
            self.leaving[source][x] = None
            self.feeds[source].add(node if target is None else target)
        if target is not None and source != target and x.requires_grad and not self._own(x, node):
            self.fed[target].add(x if source is None else source)

    def _own(self, x: Node, node: Node) -> bool:
        """Whether a leaf is a matter of the module that uses it: its parameter, or one without a name."""
        return x.is_leaf and (x.name is None or self.name(x) == self.name(node))

    def modules(self, around: str = "") -> dict[Node, Module]:
        """For each variable that leaves a bubble, the module in it, called without `around`."""
        found: dict[Node, Module] = {}
        for chain in self._chains():
            names = (self.name(self.runs[k][0]) or "" for k in (chain[0], chain[-1]))
            first, last = (name.removeprefix(around) for name in names)
            title = first if first == last else f"{first} … {last}"
            module = Module(title, sum(len(self.runs[k]) for k in chain), len(chain))
            found.update(dict.fromkeys(self.leaving[chain[-1]], module))
        return found

    def _chains(self) -> list[list[int]]:
        """The runs, those that follow each other and are alike together."""
        chains: list[list[int]] = []
        shape = [self._shape(run) for run in self.runs]
        for k in range(len(self.runs)):
            before = chains[-1][-1] if chains else None
            if before is not None and self._passed_on(before, k) and shape[before] == shape[k]:
                chains[-1].append(k)
            else:
                chains.append([k])
        return chains

    def _passed_on(self, a: int, b: int) -> bool:
        """Whether all that leaves the one run goes into the other, and nothing else does."""
        return self.feeds[a] == {b} and self.fed[b] == {a}

    def _shape(self, run: Run) -> tuple[Any, ...]:
        """What is the same in runs that are alike: operations, shapes and wiring, in order."""
        prefix, place = len(self.name(run[0]) or ""), {node: k for k, node in enumerate(run)}
        outer: dict[Node, int] = {}
        return tuple(
            (
                node.rule.name,
                (node.scope or "")[prefix:],
                np.shape(node.value),
                _plain(node.static),
                tuple(self._operand(x, node, place, outer) for x in self.parents[node]),
            )
            for node in run
        )

    def _operand(
        self, x: Node, node: Node, place: dict[Node, int], outer: dict[Node, int]
    ) -> tuple[Any, ...]:
        """An operand by its place in the run, or among what comes from outside."""
        if x in place:
            return ("inside", place[x])
        return ("outside", outer.setdefault(x, len(outer)), self._own(x, node), np.shape(x.value))


def _plain(static: Any) -> tuple[Any, ...]:
    """An operation's settings, as far as they can be compared."""
    kinds = (int, float, str, tuple, type(None))
    return tuple((key, x) for key, x in sorted(static.items()) if isinstance(x, kinds))
