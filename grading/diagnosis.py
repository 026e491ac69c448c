"""What is said about one answer, or about a table of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import viz
from autograd_lite.errors import PictureError, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import label
from viz.content.content import Listing

Status: TypeAlias = Literal[
    "right", "right_given_your_earlier_answer", "diagnosed", "unknown", "wrong", "missing", "format"
]
"""diagnosed: a mistake of the catalogue gives it; unknown: wrong, and none does; wrong: of a whole table"""
Level: TypeAlias = Literal["variable", "kind", "path"]
"""How much a student is told: which variable; what kind of mistake; where, in a full sentence."""

RIGHT: Final = ("right", "right_given_your_earlier_answer")
LEVELS: Final = ("variable", "kind", "path")
_PLAIN: Final = {
    "right": "Right.",
    "right_given_your_earlier_answer": "Right, given your earlier answer.",
    "missing": "There is no answer here.",
}


@dataclass(frozen=True)
class Diagnosis:
    """What is known about an answer; `str` is what the student reads.

    status   see Status
    ids      what was named, the likeliest of each class first: "A4:h_0>h_1>ŷ"; three at most
    synonyms every mistake in these classes, each with the names that it has besides
    says     for each class of mistakes that cannot be told apart by this answer one sentence, three at most
    remarks  what else is worth saying: "read as (a/2)·b", "you rounded too early"
    path     names of the variables that a picture highlights
    variable the first variable whose derivative is wrong, where that is known
    nodes    of a table: the diagnosis of each line
    kinds    for each sentence the kind of mistake in a few words: "one path only"
    answer   what was handed in, shortened
    unsure   whether the answer has too few digits for more than a guess
    flow     the graph that a picture shows

    >>> d = Diagnosis("diagnosed", ("A26",), ("You gave zero.",), path=("x",), kinds=("zero",))
    >>> print(d, d.hint("variable"), d.hint("kind"))
    You gave zero. Look again at x. The kind of mistake: zero.
    """

    status: Status
    ids: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    variable: str = ""
    nodes: Mapping[str, Diagnosis] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    answer: str = ""
    synonyms: tuple[str, ...] = ()
    unsure: bool = False
    flow: FlowGraph | None = field(default=None, repr=False, compare=False)

    @property
    def is_right(self) -> bool:
        """Whether the answer earns its points."""
        return self.status in RIGHT

    def __str__(self) -> str:
        told = _PLAIN.get(self.status) or _either(self.says, self.unsure)
        return " ".join([told, *self.remarks]).strip()

    def hint(self, level: Level = "path") -> str:
        """What a student is told at one level of feedback, and never more than that.

        level  "variable": where to look again; "kind": what kind of mistake; "path": the whole sentence

        Raises ValueError for another level.
        """
        if level not in LEVELS:
            raise ValueError(
                f"no level of feedback is called {level!r}: {did_you_mean(level, LEVELS)}"
            )
        if level == "path" or self.is_right or self.status in ("format", "missing"):
            return str(self)
        if level == "kind" and self.status == "unknown" and not self.path:
            return str(self)  # says how to look, and no place
        if level == "kind" and self.kinds:
            return f"The kind of mistake: {' or '.join(self.kinds)}."
        where = self.variable or next(iter(self.path), "")
        return f"Look again at {where}." if where else "This is not right."

    def picture(self) -> viz.Picture:
        """The flow graph with the path in question highlighted, and no number in it.

        Raises PictureError where no graph is known.
        """
        if self.flow is None:
            raise PictureError("this answer was judged without a graph, so there is none to draw")
        return highlighted(self.flow, self.path or (self.variable,))


def highlighted(flow: FlowGraph, path: Sequence[str]) -> viz.Picture:
    """A flow graph without numbers, in which these variables and the arrows along them stand out."""
    plain = viz.draw(flow, style=viz.STRUCTURE)
    strong = replace(viz.STRUCTURE, accent=True)

    def style(node: Node) -> viz.Style | None:
        return strong if label(node) in path else None

    drawn = viz.draw(flow, style=replace(viz.STRUCTURE, per_node=style))
    # viz makes every arrow stand out that joins two variables that do
    names = drawn.listing.variables
    along = {tuple(f"node-{names.index(v)}" for v in pair if v in names) for pair in pairwise(path)}
    arrows = tuple(
        a if (a.source, a.target) in along else b
        for a, b in zip(drawn.scene.arrows, plain.scene.arrows, strict=True)
    )
    return viz.Picture(replace(drawn.scene, arrows=arrows), _without_numbers(drawn.listing))


def _without_numbers(listing: Listing) -> Listing:
    """What a picture says as text, the names and arrows alone."""
    count = len(listing.variables)
    arrows = tuple((a, b, "") for a, b, _ in listing.arrows)
    return replace(
        listing, values=("?",) * count, totals=("",) * count, arrows=arrows, sums=(), notes=()
    )


def _either(says: tuple[str, ...], unsure: bool) -> str:
    """One sentence of several: "Either you … or you …", and "Perhaps …" where that is a guess."""
    if len(says) > 1:
        parts = [_inside(s) for s in says]
        return f"{'Perhaps either' if unsure else 'Either'} {', or '.join(parts)}."
    if says and unsure:
        return f"With so few digits this is a guess: perhaps {_inside(says[0])}."
    return says[0] if says else ""


def _inside(sentence: str) -> str:
    """A sentence as it stands inside another one: small letter, no full stop."""
    small = (
        sentence[:1].lower() if sentence[1:2].islower() or sentence[:2] == "A " else sentence[:1]
    )
    return (small + sentence[1:]).rstrip(".")
