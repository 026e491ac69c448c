"""What the code room needs of a question; `assignments` has the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from autograd_lite.node import Node

Point: TypeAlias = Mapping[str, Any]
"""the numbers or arrays of one case by name"""


class Graph(Protocol):
    """What a function is about: equations or a model, drawn anew for each case."""

    @property
    def is_array(self) -> bool:
        """Whether its nodes are arrays; then it has `sizes`."""

    def draw(self, rng: np.random.Generator) -> Point:
        """One set of numbers."""

    def nodes(self, point: Point) -> dict[str, Node]:
        """Its named nodes, computed from these numbers, in order."""


class Field(Protocol):
    """What is handed in: a function or class of this name."""

    @property
    def name(self) -> str:
        """What the function or class is called."""

    @property
    def points(self) -> float:
        """What it is worth."""


class Part(Protocol):
    """What is differentiated."""

    @property
    def field(self) -> Field:
        """What is handed in."""

    @property
    def of(self) -> str:
        """The name of what is differentiated."""


class CodeQuestion(Protocol):
    """A question that a program answers.

    ask       "function", "module", "operation" or "engine"
    graph     what it is about; None where an engine is asked for
    settings  "wrt": by what is differentiated, in the order of return; "cases": how many there are;
              "arguments": what it is called with, in order, or what a class is made with;
              "behaviours": which of an engine's are tested
    feedback  how much is told: "variable", "kind", "path" or "reference"
    """

    @property
    def name(self) -> str: ...
    @property
    def ask(self) -> str: ...
    @property
    def graph(self) -> Any: ...
    @property
    def parts(self) -> Sequence[Part]: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...
    @property
    def feedback(self) -> str: ...
