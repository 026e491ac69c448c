"""A question with one student's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.assignments.pools import Pool
from grading.assignments.questions import Field, Question
from grading.assignments.readable import equation


@dataclass(frozen=True)
class Given:
    """A number or an array that the student works with."""

    name: str
    value: Any


@dataclass(frozen=True, eq=False)
class AskedOf:
    """A question with one student's numbers.

    question  as everybody has it
    pool      of the graph's numbers; None where no graph is asked about
    k         which of them are this student's
    """

    question: Question
    pool: Pool | None
    k: int

    @property
    def name(self) -> str:
        """What files and forms call it."""
        return self.question.name

    @property
    def title(self) -> str:
        """Its headline."""
        return self.question.title

    @property
    def text(self) -> str:
        """What is asked."""
        return self.question.text

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is filled in."""
        return self.question.fields

    @property
    def says(self) -> tuple[str, ...]:
        """The graph's equations, one a line, as a student reads them."""
        if self.pool is None:
            return ()
        graph = self.pool.graph
        return graph.says if graph.is_array else tuple(map(equation, graph.says))

    @property
    def givens(self) -> tuple[Given, ...]:
        """The numbers and arrays to work with, in the graph's order; constants too."""
        if self.pool is None or self.question.is_code:
            return ()
        point = self.pool.points[self.k]
        if self.pool.graph.is_array:
            return tuple(Given(name, np.asarray(x)) for name, x in point.items())
        nodes = self.pool.graph.nodes(point)
        return tuple(Given(name, float(x.value)) for name, x in nodes.items() if not x.operands)
