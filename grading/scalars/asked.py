"""What is asked on a graph of Values, at K points at once, and every wrong answer of a known mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.modes import collector_paused
from autograd_lite.node import Node
from autograd_lite.order import upstream
from autograd_lite.variables import Key, as_list
from grading.catalogue import ON_SCALARS, ON_VALUES
from grading.catalogue.mistake import Candidate
from grading.scalars.graph import ScalarGraph
from grading.scalars.lift import Row, by_leaf
from grading.scalars.question import Question
from grading.scalars.steps import Step
from grading.scalars.synonyms import numbered


class ScalarAsked:
    """A derivative, or a value, that is asked on a graph of Values.

    wrt     the variable to differentiate by; None asks for the value of `of`
    of      the variable that is differentiated; None is the output
    hold    None: the total derivative; a list: the partial one, with these held
    values  numbers of inputs at K points, by name; the others have their recorded ones
    right   the right answer, shape (K,)

    >>> from autograd_lite import FlowGraph, equations, example
    >>> flow = FlowGraph(equations(example("three_step"))["yhat"])
    >>> asked = ScalarAsked(flow, "h_0")
    >>> asked.right.round(4)
    array([1.0994])
    >>> next(c for c in asked.candidates if c.identifier == "A4:h_0>h_1>ŷ").value.round(4)
    array([0.4919])
    """

    is_array: Final = False

    def __init__(
        self,
        flow: FlowGraph,
        wrt: Key | None,
        of: Key | None = None,
        hold: Iterable[Key] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.flow = flow
        self.of = flow.output if of is None else flow.variable(of)
        self.wrt = None if wrt is None else flow.variable(wrt)
        self.hold = None if hold is None else tuple(flow.variable(h) for h in as_list(hold))
        given = by_leaf(values, upstream(flow.output)[0])  # also those that `of` does not depend on
        self.question = Question(self.of, self.wrt, flow.variables, self.hold, given)

    @property
    def k(self) -> int:
        """At how many points."""
        return self.question.graph.points.asked

    @cached_property
    def right(self) -> Row:
        """The right answer, shape (K,)."""
        return self.question.right[: self.k]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The catalogue on this question; those that give the right answer at some point are among them."""
        mistakes, q = ON_VALUES if self.wrt is None else ON_SCALARS, self.question
        with np.errstate(all="ignore"), collector_paused():  # thousands of small objects, no cycle
            found = [(m, f) for m in mistakes for f in q.found_by(m.generate)]
            q.sweep()
            rows = np.array([f.value for _, f in found]).reshape(len(found), q.k)
            return [
                Candidate(m, f.where, value, f.nodes, f.words, n)
                for (m, f), value, n in zip(found, rows[:, : self.k], numbered(rows), strict=True)
            ]

    @cached_property
    def contributions(self) -> list[tuple[tuple[str, ...], Row]]:
        """What each path between variables contributes to the derivative, and where it leads."""
        with np.errstate(all="ignore"):
            return [(way.names, way.product[: self.k]) for way in self.question.ways]

    # --- the steps of the chain rule, for pairs of mistakes; their rows go on past the K points ------

    @property
    def graph(self) -> ScalarGraph:
        """The graph as nets of numbers."""
        return self.question.graph

    @property
    def steps(self) -> list[Step]:
        """The factors of the chain rule, one an operand of an operation on the way."""
        return self.question.steps

    def total(self, v: Node) -> Row:
        """dy/dv."""
        return self.question.total(v)

    def moves(self, v: Node) -> Row:
        """dv/dx."""
        return self.question.moves(v)

    def follow(self, v: Key, own: Mapping[Any, Any]) -> Row:
        """dy/dv by one step back from the student's own derivatives: Σ ∂c/∂v·own[c], shape (K,).

        v    a variable
        own  what the student has for the variables computed directly from v; of the others the right ones
        """
        node, q = self.flow.variable(v), self.question
        mine = {self.flow.variable(key): x for key, x in own.items()}
        if node is q.y:
            return np.ones(self.k)
        links = [link for link in q.all_links if link.source is node]
        with np.errstate(all="ignore"):
            parts = [
                link.weight[: self.k] * mine.get(link.target, q.total(link.target)[: self.k])
                for link in links
            ]
        return np.sum(parts, axis=0) if parts else np.zeros(self.k)
