"""A recurrence on the graph: its states, the step of every node, and what each loss sends through each step.

C(t, s) is the contribution of the loss at step t through the use of the weight at step s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np

from autograd_lite.names import pretty
from autograd_lite.node import Node, Nodes
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array
from grading.arrays.region import Edge, Region, nothing, pulled
from grading.arrays.uses import Use, leaf_of, uses_in


class Recurrence:
    """The time steps of a region.

    states  h_1, …, h_T: what the step after, and perhaps a loss, is computed from
    start   h_0, a node or an array
    step    for each node of a step its number, from 1 on
    """

    def __init__(self, region: Region, states: list[Node], start: Any) -> None:
        self.region, self.states, self.start = region, Nodes(states), start
        self.step = _steps_of(states, start)

    @property
    def length(self) -> int:
        """How many time steps there are, T."""
        return len(self.states)

    def edges(self, keep: Callable[[Node, int, Node], bool]) -> list[Edge]:
        """The region's edges with (node, operand, the operand's node) as asked."""
        return [(n, i) for n, i in self.region.edges if keep(n, i, n.operands[i])]

    @cached_property
    def carried(self) -> list[Edge]:
        """The edges by which a step is computed from the one before."""
        step = self.step
        return self.edges(
            lambda n, i, p: n in step and (p is self.start or step.get(p) == step[n] - 1)
        )

    @cached_property
    def losses(self) -> list[list[Edge]]:
        """For each step the edges by which a loss, and no step, is computed from it."""
        step = self.step
        found = self.edges(lambda n, i, p: n not in step and p in step)
        return [[e for e in found if step[e[0].operands[e[1]]] == t] for t in self.times]

    @property
    def times(self) -> range:
        """The steps' numbers."""
        return range(1, self.length + 1)

    @cached_property
    def entries(self) -> list[list[Edge]]:
        """For each step the edges by which the asked variable enters it; those of no step are left out."""
        x, step = self.region.x, self.step
        return [
            [(n, i) for n, i in self.region.edges if step.get(n) == s and _enters(n.operands[i], x)]
            for s in self.times
        ]

    @cached_property
    def parts(self) -> dict[tuple[int, int], Array]:
        """The contributions C(t, s) that are not zero throughout."""
        found = {}
        for t in self.times:
            others = [e for u in self.times if u != t for e in self.losses[u - 1]]
            if self.losses[t - 1]:
                adjoint, _ = self.region.adjoints({e: nothing(e) for e in others})
                for s in range(1, t + 1):
                    found[t, s] = self._through(adjoint, self.entries[s - 1])
        return {key: c for key, c in found.items() if np.any(c)}

    def _through(self, adjoint: object, edges: list[Edge]) -> Array:
        total = np.zeros(np.shape(plain(self.region.x)))
        for n, i in edges:
            if n in adjoint:  # type: ignore[operator]
                total += self.region.pulled_back(n.operands[i], pulled(n, i, adjoint[n]))  # type: ignore[index]
        return total

    @property
    def is_whole(self) -> bool:
        """Whether the contributions make up the answer."""
        return self.region.is_sum(self.parts.values()) or not np.any(self.region.right)

    def summed(self, keep: Callable[[int, int], bool]) -> Array:
        """The sum of the contributions C(t, s) with these t and s."""
        chosen = (c for (t, s), c in self.parts.items() if keep(t, s))
        return sum(chosen, np.zeros(np.shape(plain(self.region.x))))

    def state_before(self, t: int) -> Array:
        """The numbers of h_(t-1)."""
        return plain(self.states[t - 2] if t > 1 else self.start)  # type: ignore[no-any-return]


def recurrence_of(region: Region) -> Recurrence | None:
    """The recurrence that the region has, None where no weight is used step after step."""
    uses = [use for use in uses_in(region.tape.operations) if use.leaf is not None]
    leaves = {use.leaf: None for use in uses}
    below = Ancestors(region.tape.operations)
    for leaf in sorted(leaves, key=lambda leaf: leaf is not region.x):
        steps = _chained([use for use in uses if use.leaf is leaf], below)
        states = _unjoined([step[0].node.operands[step[0].data] for step in steps])
        last = _last(region, states[1:], steps, below) if len(steps) > 1 else None
        if last is not None:
            return Recurrence(region, [*states[1:], last], states[0])
    return None


def _unjoined(data: list[Any]) -> list[Any]:
    """The states alone, where each step multiplies [x_t, h_(t-1)], joined in one array, by its weight."""
    last = data[-1]
    if not (isinstance(last, Node) and last.rule.name == "concatenate"):
        return data
    moving = [i for i, p in enumerate(last.operands) if isinstance(p, Node) and p.requires_grad]
    if len(moving) != 1 or not all(_is_joined(d, last) for d in data):
        return data
    return [_part(d, last, moving[0]) for d in data]


def _is_joined(data: Any, like: Node) -> bool:
    """Whether data is joined of parts as another array is, or is an array of numbers."""
    if not isinstance(data, Node):
        return bool(np.shape(data) == np.shape(like.value))
    return data.rule is like.rule and len(data.operands) == len(like.operands)


def _part(data: Any, like: Node, i: int) -> Any:
    """Operand i of a joined array; of an array of numbers what stands in its place."""
    if isinstance(data, Node) and not data.is_leaf:
        return data.operands[i]
    axis = like.static.get("axis", 0)
    ends = np.cumsum([np.shape(plain(p))[axis] for p in like.operands])
    return np.split(plain(data), ends[:-1], axis)[i]


def _chained(uses: list[Use], below: Ancestors) -> list[list[Use]]:
    """The uses by steps: how many others each is computed from, one after the other."""
    depth: dict[Node, int] = {}
    for use in sorted(uses, key=lambda use: use.node.number):
        data = use.node.operands[use.data]
        before = [d for n, d in depth.items() if isinstance(data, Node) and n in below[data]]
        depth[use.node] = max(depth.get(use.node, 1), 1 + max(before, default=0))
    ordered = sorted(uses, key=lambda use: (depth[use.node], use.node.number))
    return [list(group) for _, group in groupby(ordered, key=lambda use: depth[use.node])]


def _last(
    region: Region, states: list[Node], steps: list[list[Use]], below: Ancestors
) -> Node | None:
    """h_T, which no step is computed from: it has the place in its step that h_(T-1) has."""
    model, start = states[-1], {use.node for use in steps[-2]}
    older = below[states[-2]] if len(states) > 1 else set()
    like = [
        n for n in region.tape.operations
        if n.rule is model.rule and np.shape(n.value) == np.shape(model.value)
    ]  # fmt: skip
    place = sum(n in below[model] and n not in older and bool(below[n] & start) for n in like)
    end = {use.node for use in steps[-1]}
    after = [n for n in like if below[n] & end]
    if (named := _next_name(model.name)) is not None:
        after.sort(key=lambda n: n.name != named)
        place = 1 if after and after[0].name == named else place
    return after[place - 1] if 0 < place <= len(after) else None


def _next_name(name: str | None) -> str | None:
    head, mark, number = pretty(name or "").rpartition("_")
    return f"{head}{mark}{int(number) + 1}" if mark and number.isdecimal() else None


class Ancestors(dict[Node, set[Node]]):
    """For each node all that it is computed from, and itself."""

    def __init__(self, operations: Iterable[Node]) -> None:
        super().__init__()
        for node in operations:
            self[node] = {node}.union(*(self[p] for p in node.parents))

    def __missing__(self, node: Node) -> set[Node]:
        return {node}


def _steps_of(states: list[Node], start: Any) -> dict[Node, int]:
    """For each node the first state that is computed from it; weights and h_0 belong to no step."""
    found: dict[Node, int] = {}
    for t, state in enumerate(states, 1):
        walk = [state]
        for node in walk:
            if node not in found and node is not start and _is_of_a_step(node):
                found[node] = t
                walk += node.parents
    return found


def _is_of_a_step(node: Node) -> bool:
    return node.requires_grad and not node.is_leaf and leaf_of(node) is None


def _enters(p: Node, x: Node) -> bool:
    """Whether p is the asked variable, turned or in part."""
    return p is x or (x.is_leaf and leaf_of(p) is x)
