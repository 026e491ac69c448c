"""What is said about one answer, or about a table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Status: TypeAlias = Literal[
    "right", "right_given_your_earlier_answer", "diagnosed", "unknown", "wrong", "missing", "format"
]
"""diagnosed: a mistake of the catalogue gives it; unknown: wrong, and none does; wrong: of a whole table"""

RIGHT: Final = ("right", "right_given_your_earlier_answer")


@dataclass(frozen=True)
class Diagnosis:
    """What is known about an answer; `str` is what the student reads.

    status   see Status
    ids      mistakes that give this answer, the likeliest first: "A4:h_0>h_1>ŷ"
    says     for each class of mistakes that cannot be told apart by this answer one sentence, three at most
    remarks  what else is worth saying: "read as (a/2)·b", "you rounded too early"
    path     names of the variables that a picture highlights
    variable the first variable whose derivative is wrong, where that is known
    nodes    of a table: the diagnosis of each line
    """

    status: Status
    ids: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    variable: str = ""
    nodes: Mapping[str, Diagnosis] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Whether the answer earns its points."""
        return self.status in RIGHT
