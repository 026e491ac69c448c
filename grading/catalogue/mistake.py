"""One entry of the catalogue, and what it yields on a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from numpy.typing import NDArray

from autograd_lite.node import Node

Generator: TypeAlias = Callable[[Any], Iterable["Found"]]
"""(what is asked) -> every place on its graph where the mistake can be made, with the value it gives there"""


@dataclass(frozen=True, eq=False)
class Found:
    """A place where a mistake can be made, and the wrong answers that it gives there.

    where  names of variables along a path, or of one node: what stands behind the colon of the identifier
    value  shape (K, *shape of the answer)
    nodes  the variables to highlight in a picture
    words  what else a sentence may say, by the name that stands in its braces
    """

    where: tuple[str, ...]
    value: NDArray[Any]
    nodes: tuple[Node, ...] = ()
    words: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake in derivative homework: what a student did, and how to find what they then got.

    identifier  the catalogue's row, with a letter where a row has several values: A4, B5a, K1, J2
    name        what was done, as a short phrase: "one path only"
    says        the sentence for the student: what, then what to look at, never a number. In braces
                {where}, the place, {first} and {last}, its ends, and whatever else `Found.words` has
    prior       how likely, by judgement: 5 seen in every class, 3 now and then, 1 hardly ever
    generate    yields what it finds for what is asked; nothing where the mistake does not apply
    """

    identifier: str
    name: str
    says: str
    prior: int
    generate: Generator = field(repr=False)

    def candidates(self, asked: Any) -> Iterator[Candidate]:
        """The mistake at every place of what is asked."""
        for found in self.generate(asked):
            yield Candidate(self, found.where, found.value, found.nodes, found.words)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A mistake made at one place of the graph, and the wrong answers that it gives at K points.

    where  names of variables along a path, or of one node: what stands behind the colon of the identifier
    value  shape (K, *shape of the answer): one wrong answer for each point (each student's numbers)
    nodes  the variables to highlight in a picture
    words    what else its sentence says, by the name that stands in the braces
    synonym  the same number for candidates that are equal whatever the inputs: one mistake under two names
    """

    mistake: Mistake
    where: tuple[str, ...]
    value: NDArray[Any]
    nodes: tuple[Node, ...] = ()
    words: Mapping[str, object] = field(default_factory=dict)
    synonym: int = -1

    @property
    def identifier(self) -> str:
        """Row and place: "A4:h_0>h_1>ŷ"."""
        return ":".join(filter(None, (self.mistake.identifier, ">".join(self.where))))

    @property
    def prior(self) -> int:
        """How likely the mistake is."""
        return self.mistake.prior

    @property
    def says(self) -> str:
        """The sentence for the student, about this place."""
        ends = {"first": self.where[0], "last": self.where[-1]} if self.where else {}
        return self.mistake.says.format_map({"where": " → ".join(self.where), **ends, **self.words})
