"""One question with one number at its end, and what the catalogue's entries may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from grading.arrays.autoencoders import Autoencoders
from grading.arrays.convolutions import Convolutions
from grading.arrays.found import Array
from grading.arrays.gates import Gates
from grading.arrays.linear import Linear
from grading.arrays.losses import Losses
from grading.arrays.normalization import Norms
from grading.arrays.orders import Orders
from grading.arrays.recurrence import Recurrence, recurrence_of
from grading.arrays.region import Region
from grading.arrays.resets import Resets
from grading.arrays.rules import Rules
from grading.arrays.selections import Selections
from grading.arrays.steps import Steps
from grading.arrays.structure import Structure
from grading.arrays.updates import Updates
from grading.arrays.words import words_at, words_of
from grading.catalogue.mistake import Found


class Question:
    """The derivative of a number by an array, and the parts of its graph in which mistakes are made.

    An entry of the catalogue says which part, and what is done there: `lambda q: q.linear.mean()`.
    """

    def __init__(
        self, flow: FlowGraph, y: Node, x: Node, hold: Sequence[Node] = (), seed: Any = None
    ) -> None:  # fmt: skip
        self.flow = flow
        self.region = Region(y, x, hold, seed)

    @cached_property
    def structure(self) -> Structure:
        """Variables and the paths between them."""
        return Structure(self.flow, self.region)

    @cached_property
    def updates(self) -> Updates:
        """Steps of gradient descent."""
        return Updates(self.region)

    @cached_property
    def orders(self) -> Orders:
        """Sweeps in a wrong order."""
        return Orders(self.region)

    @cached_property
    def linear(self) -> Linear:
        """Weights and biases."""
        return Linear(self.region)

    @cached_property
    def losses(self) -> Losses:
        """What the output is compared with."""
        return Losses(self.region)

    @cached_property
    def recurrence(self) -> Recurrence | None:
        """The time steps, where there are some."""
        return recurrence_of(self.region)

    @cached_property
    def steps(self) -> Steps:
        """Mistakes in time."""
        return Steps(self.region, self.recurrence)

    @cached_property
    def gates(self) -> Gates:
        """Gated cells."""
        return Gates(self.region, self.recurrence)

    @cached_property
    def resets(self) -> Resets:
        """Reset gates."""
        return Resets(self.region, self.recurrence)

    @cached_property
    def norms(self) -> Norms:
        """Normalizations."""
        return Norms(self.region)

    @cached_property
    def selections(self) -> Selections:
        """Dropout, pooling, tables."""
        return Selections(self.region)

    @cached_property
    def convolutions(self) -> Convolutions:
        """Convolutions."""
        return Convolutions(self.region)

    @cached_property
    def autoencoders(self) -> Autoencoders:
        """Tied weights and codes."""
        return Autoencoders(self.region, self.linear, self.losses)

    @cached_property
    def rules(self) -> Rules:
        """Wrong derivatives of single operations."""
        return Rules(self.region)

    def each_way_back(self, wrong: Callable[[Array, Array], Array]) -> Iterable[Found]:
        """The answer and each C(t, s), where no path between variables tells the same."""
        return () if len(self.structure.paths) > 1 else self.steps.each_part(wrong)

    def words_at(self, where: Sequence[str]) -> Mapping[str, str]:
        """What sentences say about a place."""
        return {**self._words, **words_at(where)}

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return words_of(self.region.x, self.region.y, self.structure.inner)

    @cached_property
    def contributions(self) -> list[tuple[tuple[str, ...], Array]]:
        """What the answer is the sum of."""
        for parts in (
            self.steps.contributions,
            self.linear.contributions,
            self.structure.contributions,
        ):
            if len(parts) > 1 and self.region.is_sum([c for _, c in parts]):
                return parts
        return []
