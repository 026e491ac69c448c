"""One question on a graph, prepared: its right answer and what each mistake gives, at K points at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.value import Value
from autograd_lite.variables import Key
from grading.arrays import ArrayAsked
from grading.catalogue.mistake import Candidate
from grading.scalars import ScalarAsked

T = TypeVar("T")
Room: TypeAlias = ScalarAsked | ArrayAsked


def prepare(
    flow: FlowGraph,
    wrt: Key | None,
    *,
    of: Key | None = None,
    hold: Iterable[Key] | None = None,
    values: Mapping[str, ArrayLike] | None = None,
) -> Asked:
    """A question on a graph, whose mistakes are worked out once and then looked up for each answer.

    wrt     the variable by which is differentiated; None asks for the value of `of`
    of      what is differentiated; the graph's output by default
    hold    None asks for the total derivative, a list for the partial one with these held constant
    values  {name of an input: numbers of shape (K,)} for K students at once; else the recorded numbers, K = 1

    >>> from autograd_lite import FlowGraph, Value
    >>> x = Value(3.0, name="x")
    >>> asked = prepare(FlowGraph((x * x).named("y")), "x", values={"x": [3.0, 5.0]})
    >>> asked.right
    array([ 6., 10.])

    Raises GraphError where the graph does not have what is asked for.
    """
    room = ScalarAsked if isinstance(flow.output, Value) else ArrayAsked
    return Asked(room(flow, wrt, of=of, hold=hold, values=values))


class Asked:
    """A question on a graph, with what its mistakes yield.

    flow, of, wrt, hold  the graph, and what is asked of it
    right       shape (K, *shape of the answer): the right answer at each of K points
    candidates  every mistake that can be made here, with its values
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self.flow: FlowGraph = room.flow
        self.of: Node = room.of
        self.wrt: Node | None = room.wrt
        self.hold: tuple[Node, ...] | None = room.hold
        self._known: dict[Hashable, Any] = {}

    @cached_property
    def is_array(self) -> bool:
        """Whether the answer has several entries; one number in an array is a number."""
        return math.prod(self.right.shape[1:]) != 1

    @property
    def right(self) -> NDArray[Any]:
        """The right answer, shape (K, *shape of the answer)."""
        return self.room.right

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Every mistake at every place, worked out when first asked for."""
        return list(self.room.candidates)

    @cached_property
    def priors(self) -> NDArray[np.int_]:
        """How likely each candidate is, shape (C,)."""
        return np.array([c.mistake.prior for c in self.candidates], int)

    @cached_property
    def ranks(self) -> NDArray[np.int_]:
        """The place of each candidate when the likeliest are named first, shape (C,)."""
        order = sorted(range(len(self.candidates)), key=[*map(rank, self.candidates)].__getitem__)
        found = np.empty(len(order), int)
        found[order] = np.arange(len(order))
        return found

    @cached_property
    def numbers(self) -> NDArray[Any]:
        """What the candidates give where the answer is one number, shape (C, K)."""
        if not self.candidates:
            return np.zeros((0, len(self.right)))
        if isinstance(self.room, ScalarAsked):
            return np.array([c.value for c in self.candidates], float)
        rows = [np.ravel(c.value) if np.size(c.value) == 1 else [np.nan] for c in self.candidates]
        return np.array(rows, float)

    @cached_property
    def contributions(self) -> Sequence[tuple[tuple[str, ...], NDArray[Any]]]:
        """The parts that the right answer is the sum of, one for each path, in the shape of `right`."""
        shape = self.right.shape
        return [(where, np.reshape(value, shape)) for where, value in self.room.contributions]

    def number_of(self, node: Node, k: int) -> float:
        """What a node is at one of the K points; where nothing here depends on it, what was recorded."""
        rows = self.rows
        return float(rows[node][min(k, len(rows[node]) - 1)] if node in rows else plain(node))

    @cached_property
    def rows(self) -> Mapping[Node, NDArray[Any]]:
        """What each node is at the K points, of a graph of Values."""
        if isinstance(self.room, ArrayAsked):
            return {}
        return {node: row[: len(self.right)] for node, row in self.room.graph.values.items()}

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]  # type: ignore[no-any-return]


def rank(c: Candidate) -> tuple[int, int, int]:
    """The order of naming: likely mistakes first, then those of the whole answer, then at most variables."""
    unnamed = " " in "".join(c.where)
    return -c.mistake.prior, unnamed + bool(c.where), -len(c.where)
