"""The numbers of a graph for a class: of many those for which mistakes give different answers.

A pool holds some hundred sets of numbers; the student's HMAC picks one. So the mistakes of a question are
worked out once for everybody, and everybody's numbers tell the mistakes apart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograd_lite import FlowGraph
from autograd_lite.order import upstream
from grading._design import scored
from grading.asking import Asked, prepare
from grading.assignments.graphs import EquationGraph, Graph, Point
from grading.assignments.questions import Part, Question
from grading.assignments.seeds import Purpose, seed
from grading.recognizers.formula import at_points
from grading.recognizers.table import Table

_DRAWN_FOR_ONE: Final = 10
_FEWEST_DRAWN: Final = 400
LOCK: Final = threading.RLock()
"""what is prepared for a class is prepared once, however many threads grade it"""
Half: Final = {"graded": (1, 2, 3), "practice": (0,), "preview": (0,)}


@dataclass(frozen=True, eq=False)
class Pool:
    """Sets of numbers for a graph, and what is asked at each of them.

    points  the sets of numbers
    values  of a graph of equations: the same numbers, {input: (K,)}
    """

    graph: Graph
    points: tuple[Point, ...]
    values: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    _asked: dict[Any, Asked] = field(default_factory=dict, repr=False)
    _tables: dict[tuple[int, str], Table] = field(default_factory=dict, repr=False)

    @property
    def size(self) -> int:
        """How many sets of numbers there are."""
        return len(self.points)

    def asked(self, part: Part, k: int) -> tuple[Asked, int]:
        """A part's question with its mistakes, and where in it the k-th set of numbers stands."""
        if not self.graph.is_array:
            return self._once(("all", part), lambda: self._prepared(part, 0, self.values)), k
        return self._once((k, part), lambda: self._prepared(part, k, {})), 0

    def formula(self, part: Part, k: int) -> Asked:
        """A part's question at points where a formula is compared with the right one.

        Constants keep the k-th student's numbers, which may stand in the formula; variables move within their
        range, or about their number where that is fixed.
        """
        leaves = upstream(self.flow(part.of, k).output)[0]
        constant = {str(x.name) for x in leaves if not x.requires_grad} & set(self.values)
        numbers = tuple(self.points[k][name] for name in sorted(constant))
        return self._once(
            ("formula", part, numbers), lambda: self._prepared(part, k, self._about(part, k))
        )

    def _about(self, part: Part, k: int) -> dict[str, NDArray[np.float64]]:
        flow = self.flow(part.of, k)
        ranges = (
            {x.name: x for x in self.graph.inputs if not x.is_fixed}
            if isinstance(self.graph, EquationGraph)
            else {}
        )
        rng = np.random.default_rng(0)
        return {
            name: ranges[name].draw(rng, len(x)) if name in ranges else x
            for name, x in at_points(flow).items()
        }

    def table(self, question: Question, k: int) -> tuple[Table, int]:
        """A table's lines with their mistakes, and where in them the k-th set of numbers stands."""
        one = k if self.graph.is_array else 0
        key = (one, question.name)
        with LOCK:
            if key not in self._tables:
                flow = self.flow(question.parts[0].of, one)
                lines = [str(part.wrt) for part in question.parts]
                self._tables[key] = Table(
                    flow, asked_for=lines, values=self._shared(flow, self.values)
                )
            return self._tables[key], k - one

    def flow(self, of: str, k: int) -> FlowGraph:
        """The flow graph of a variable at the k-th set of numbers."""
        return FlowGraph(self.graph.nodes(self.points[k])[of])

    def _once(self, key: Any, make: Callable[[], Asked]) -> Asked:
        with LOCK:
            if key not in self._asked:
                self._asked[key] = make()
            return self._asked[key]

    def _prepared(self, part: Part, k: int, values: Mapping[str, NDArray[np.float64]]) -> Asked:
        flow = self.flow(part.of, k)
        hold = None if part.hold is None else [flow.variable(name) for name in part.hold]
        return prepare(flow, part.wrt, hold=hold, values=self._shared(flow, values))

    def _shared(
        self, flow: FlowGraph, values: Mapping[str, NDArray[np.float64]]
    ) -> dict[str, NDArray[np.float64]] | None:
        """The numbers that the graph has a leaf for."""
        known = {str(leaf.name) for leaf in upstream(flow.output)[0]}
        return {name: x for name, x in values.items() if name in known} or None


def pool_of(
    graph: Graph, questions: Sequence[Question], start: int, size: int, purpose: Purpose
) -> Pool:
    """So many sets of numbers of a graph, fewer where there are no more.

    questions  that are asked about it: for them mistakes have to give different answers
    start      what the numbers are drawn from
    purpose    numbers for practice are never those of graded work
    """
    rng = np.random.default_rng(start)
    if not isinstance(graph, EquationGraph):
        return Pool(graph, tuple(graph.draw(rng) for _ in range(size)))
    drawn = _apart(_distinct(graph, rng, max(_FEWEST_DRAWN, _DRAWN_FOR_ONE * size)), purpose)
    return _pool(graph, _best(graph, questions, drawn, size))


def _pool(graph: EquationGraph, rows: NDArray[np.float64]) -> Pool:
    names = [x.name for x in graph.inputs]
    points = tuple({name: float(x) for name, x in zip(names, row, strict=True)} for row in rows)
    return Pool(graph, points, {name: rows[:, i] for i, name in enumerate(names)})


def _distinct(graph: EquationGraph, rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Different sets of numbers in the order drawn, (K, inputs); one where nothing varies."""
    if all(x.is_fixed for x in graph.inputs):
        n = 1
    rows = np.array([x.draw(rng, n) for x in graph.inputs], float).T.reshape(n, len(graph.inputs))
    _, first = np.unique(rows, axis=0, return_index=True)
    found: NDArray[np.float64] = rows[np.sort(first)]
    return found


def _apart(rows: NDArray[np.float64], purpose: Purpose) -> NDArray[np.float64]:
    """The sets of numbers that belong to a purpose: by their own hash, so that no other purpose has them."""
    mine = [
        seed("", "graded", "half", *map(repr, row.tolist())) % 4 in Half[purpose] for row in rows
    ]
    return rows[mine] if any(mine) and len(rows) > 1 else rows


def _best(
    graph: EquationGraph, questions: Sequence[Question], rows: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Those for which the fewest mistakes, weighted by how likely they are, give the same answer."""
    if len(rows) == 1:
        return rows
    pool = _pool(graph, rows)
    weights = np.zeros(len(rows))
    for question in questions:
        for part in question.parts if not question.is_code else ():
            weights += scored(pool.asked(part, 0)[0], part.field.digits or 4)
    if not np.isfinite(weights).any():  # the answer is 0 everywhere: nothing to choose by
        return rows[:size]
    best = np.argsort(weights, kind="stable")[:size]
    return rows[np.sort(best[np.isfinite(weights[best])])]
