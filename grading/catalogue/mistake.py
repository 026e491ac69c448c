"""One entry of the catalogue, and what it yields on a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from numpy.typing import NDArray

from autograd_lite.node import Node

Generator: TypeAlias = Callable[[Any], Iterable["Candidate"]]
"""(what is asked) -> every place on its graph where the mistake can be made, with the value it gives there"""


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake in derivative homework: what a student did, and how to find what they then got.

    identifier  the catalogue's row, with a letter where a row has several values: A4, B5a, K1, J2
    name        what was done, as a short phrase: "one path only"
    says        the sentence for the student, {where} standing for the place: what, then what to look at;
                it never contains a number
    prior       how likely, by judgement: 5 seen in every class, 3 now and then, 1 hardly ever
    generate    yields its candidates for what is asked; empty where the mistake does not apply
    """

    identifier: str
    name: str
    says: str
    prior: int
    generate: Generator = field(repr=False)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A mistake made at one place of the graph, and the wrong answers that it gives at K points.

    where  names of variables along a path, or of one node: what stands behind the colon of the identifier
    value  shape (K, *shape of the answer): one wrong answer for each point (each student's numbers)
    nodes  the variables to highlight in a picture
    """

    mistake: Mistake
    where: tuple[str, ...]
    value: NDArray[Any]
    nodes: tuple[Node, ...] = ()

    @property
    def identifier(self) -> str:
        """Row and place: "A4:h_0>h_1>ŷ"."""
        return ":".join(filter(None, (self.mistake.identifier, ">".join(self.where))))
