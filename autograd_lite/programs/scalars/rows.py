"""The rows of a whole graph, in arrays: what every way of running them reads.

Values stand in one array: leaves, literals, the rows of the nodes' values, the rows that only partials
need. The sweeps know no operation: an edge passes the adjoint of its end to its start, times the number at
one place of that array, x̄ += ȳ·∂y/∂x; and the tangent of its start to its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_lite.programs.scalars.extraction import NONE, Nodes, Places
from autograd_lite.programs.scalars.grouping import Group, scheduled
from autograd_lite.programs.scalars.lowering import Template

Table = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Block:
    """Rows, with the places where one kind of them ends and the next begins.

    rows  one a line
    cuts  no row needs another one between the same two cuts, and all of these do the same
    """

    rows: Table
    cuts: Places

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class Rows:
    """A graph as rows.

    leaves    how many there are
    literals  the numbers behind the leaves
    values    rows (operation, a, b, c) of places, in order
    slopes    the further rows that partials need, in order
    edges     rows (end, start, partial): the numbers of two nodes and a place, in the order of the sweep back
    nodes     how many nodes there are; the leaves come first
    results   the places of the results
    ends      the results' numbers as nodes, NONE of constants
    """

    leaves: int
    literals: NDArray[np.float64]
    values: Block
    slopes: Block
    edges: Block
    nodes: int
    results: Places
    ends: Places

    @property
    def first(self) -> int:
        """The place of the first row's result."""
        return self.leaves + len(self.literals)

    @property
    def size(self) -> int:
        """How many places there are."""
        return self.first + len(self.values) + len(self.slopes)

    @property
    def work(self) -> int:
        """How many rows and edges there are."""
        return len(self.values) + len(self.slopes) + len(self.edges)

    @property
    def calls(self) -> int:
        """How many kinds of neighbours there are: each is one call, where NumPy runs them."""
        return sum(len(block.cuts) - 1 for block in (self.values, self.slopes, self.edges))

    @property
    def nbytes(self) -> int:
        """What rows, values and adjoints take."""
        blocks = (self.values, self.slopes, self.edges)
        return sum(block.rows.nbytes for block in blocks) + 8 * (self.size + self.nodes)


def rows_of(nodes: Nodes) -> Rows:
    """The rows of a graph's nodes.

    Raises SourceError for a rule that has no form for numbers to come.
    """
    return _Assembly(nodes).rows()


class _Assembly:
    """Templates put in for the nodes, one template at a time."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes, self.groups, self.runs = scheduled(nodes)
        nodes = self.nodes
        literals = dict.fromkeys(repr(x) for g in self.groups for x in g.template.literals)
        self.pool = {key: nodes.leaves + len(nodes.constants) + k for k, key in enumerate(literals)}
        self.first = nodes.leaves + len(nodes.constants) + len(self.pool)
        self.bases, self.value_cuts = self._value_places()
        self.values = int(self.value_cuts[-1])
        self.place = self._places()
        self.slope_bases, self.slope_cuts = self._slope_places()

    def _value_places(self) -> tuple[Places, Places]:
        """By run: the place of its first result; and where rows of another kind begin.

        In a run all nodes' first rows come first, then all second ones, so that equal rows stand together.
        """
        lengths = np.array([g.template.values for g in self.groups], np.int64)[self.runs.groups]
        ends = np.cumsum(lengths * self.runs.sizes)
        cuts = np.cumsum(np.repeat(self.runs.sizes, lengths))
        return self.first + ends - lengths * self.runs.sizes, np.concatenate([[0], cuts])

    def _places(self) -> Places:
        """Where the value of each of the nodes' places stands."""
        nodes = self.nodes
        place = np.arange(nodes.moving + len(nodes.constants))
        place[nodes.moving :] += nodes.leaves - nodes.moving
        for k, (template, at) in enumerate(self.groups):
            place[nodes.leaves + at] = self._value(k, template.result - template.arity)
        return place

    def _slope_places(self) -> tuple[dict[tuple[int, int], int], Places]:
        """By group and row: the place of the first result; and where rows of another kind begin."""
        found = []
        for k, (template, _) in enumerate(self.groups):
            depths = _depths(template)
            for r in range(template.values, len(template.rows)):
                row = template.rows[r]
                found.append((depths[r], row.op, row.c if row.is_call else 0, k, r))
        bases, cuts = {}, [0]
        for *_, k, r in sorted(found):
            bases[k, r] = self.first + self.values + cuts[-1]
            cuts.append(cuts[-1] + len(self.groups[k].nodes))
        return bases, np.array(cuts)

    def rows(self) -> Rows:
        nodes, n = self.nodes, self.values
        table = np.zeros((n + int(self.slope_cuts[-1]), 4), np.uint32)
        for k, (template, _) in enumerate(self.groups):
            for r, row in enumerate(template.rows):
                out = self._result(k, r) - self.first
                table[out, 0] = row.op
                table[out, 1] = self._resolved(k, row.a)
                table[out, 2] = self._resolved(k, row.b)
                table[out, 3] = row.c if row.is_call else self._resolved(k, row.c)
        literals = np.array([*nodes.constants, *map(float, self.pool)], np.float64)
        return Rows(
            nodes.leaves, literals, Block(table[:n], self.value_cuts), Block(table[n:], self.slope_cuts),
            self._edges(), nodes.moving, self.place[nodes.results],
            np.where(nodes.results < nodes.moving, nodes.results, NONE),
        )  # fmt: skip

    def _value(self, k: int, r: int) -> Places:
        at, runs = self.groups[k].nodes, self.runs
        run = runs.of[at]
        return self.bases[run] + r * runs.sizes[run] + at - runs.starts[run]

    def _result(self, k: int, r: int) -> Places:
        template, at = self.groups[k]
        if r < template.values:
            return self._value(k, r)
        return self.slope_bases[k, r] + np.arange(len(at))

    def _resolved(self, k: int, ref: int) -> Any:
        """The places of what a template's place stands for, in each of its nodes."""
        template, at = self.groups[k]
        if ref < 0:
            return self.pool[repr(template.literals[-1 - ref])]
        if ref < template.arity:
            return self.place[self.nodes.operands[at, ref]]
        return self._result(k, ref - template.arity)

    def _edges(self) -> Block:
        found = [np.empty((0, 4), np.int64)]
        for k, group in enumerate(self.groups):
            for i, ref in enumerate(group.template.partials):
                if ref is not None:
                    found.append(self._edges_to(k, group, i, ref))
        edges = np.concatenate(found)
        edges = edges[np.lexsort((edges[:, 3], -edges[:, 0]))]
        edges = edges[self._lead_to_results(edges)]
        level = self.runs.levels[self.runs.of[edges[:, 0] - self.nodes.leaves]]
        cuts = np.flatnonzero(np.diff(level, prepend=-1, append=-1))
        return Block(
            np.ascontiguousarray(edges[:, :3], dtype=np.uint32),
            cuts if len(edges) else np.zeros(1, int),
        )

    def _lead_to_results(self, edges: Places) -> Any:
        """Which edges an adjoint can come over: none behind a partial 0, as of a branch not taken."""
        nodes = self.nodes
        reached = [False] * (nodes.moving + len(nodes.constants))
        for end in nodes.results.tolist():
            reached[end] = True
        for end, start in zip(edges[:, 0].tolist(), edges[:, 1].tolist(), strict=True):
            if reached[end]:
                reached[start] = True
        return np.array(reached, bool)[edges[:, 0]]

    def _edges_to(self, k: int, group: Group, i: int, ref: int) -> Places:
        edges = np.empty((len(group.nodes), 4), np.int64)
        edges[:, 0] = self.nodes.leaves + group.nodes
        edges[:, 1] = self.nodes.operands[group.nodes, i]
        edges[:, 2] = self._resolved(k, ref)
        edges[:, 3] = i
        return edges


def _depths(template: Template) -> list[int]:
    """By row: how many rows that only partials need must come before it."""
    depths = [0] * len(template.rows)
    for r in range(template.values, len(template.rows)):
        first = template.arity + template.values
        inside = [ref - template.arity for ref in template.rows[r].places if ref >= first]
        depths[r] = 1 + max((depths[q] for q in inside), default=0)
    return depths
