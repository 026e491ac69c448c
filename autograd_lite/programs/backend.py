"""What runs a graph: rows of primitive operations where it is of numbers, NumPy calls where of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from autograd_lite.programs.arrays import ArrayBackend
from autograd_lite.programs.graph import Graph
from autograd_lite.programs.scalars import ScalarBackend


class Backend(Protocol):
    """A graph's results and their derivatives, from its leaves' numbers in the order of `graph.leaves`."""

    def value(self, leaves: Sequence[Any]) -> list[Any]:
        """The results."""

    def pull(
        self, leaves: Sequence[Any], seeds: Sequence[Any], wanted: tuple[int, ...]
    ) -> tuple[list[Any], list[Any], bool]:
        """The results, the adjoints of the leaves at the places `wanted`, and whether nan is among these.

        seeds  the adjoint of each result: an array of its shape, or the number 1.0 for ones
        """

    def push(
        self, leaves: Sequence[Any], tangents: Sequence[Any]
    ) -> tuple[list[Any], list[Any], bool]:
        """The results, their tangents, and whether nan is among these.

        tangents  how each leaf moves; None where it does not
        """

    def memory(self) -> int:
        """How many bytes a call needs."""


def backend_of(graph: Graph) -> Backend:
    """The backend for a graph's kind of nodes."""
    return ScalarBackend(graph) if graph.is_of_numbers else ArrayBackend(graph)
