"""What grading leaves: one record, which every report and every platform's file is written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

ItemStatus: TypeAlias = Literal[
    "right", "right_given_your_earlier_answer", "wrong", "missing", "format", "timeout", "memory",
    "crash", "refused", "grader_error",
]  # fmt: skip
Visibility: TypeAlias = Literal["visible", "hidden", "after_due_date", "after_published"]
Tier: TypeAlias = Literal["A", "B", "C", "D"]

EARNS: Final = ("right", "right_given_your_earlier_answer")
TIERS: Final[dict[Tier, str]] = {
    "A": "strangers' code ran in bubblewrap, without network, files or privileges",
    "B": "strangers' code ran under Landlock, seccomp and limits",
    "C": "strangers' code ran with limits alone: it could read files and use the network",
    "D": "trusted: the check ran inside the student's own process, which can forge its result",
}


@dataclass(frozen=True)
class Item:
    """One asked quantity of one submission.

    question, part  "q2", and which of its lines or criteria: "h_0"
    points, out_of  earned and possible; both None where the grader failed, which costs nobody points
    feedback        what the student reads; never the reference number
    ids             the mistakes named, for the instructor
    answer          what was handed in, shortened, for clusters of equal unexplained answers
    note            for the instructor alone; may hold the reference number
    path            variables that a feedback picture highlights
    """

    question: str
    part: str
    status: ItemStatus
    points: float | None
    out_of: float
    feedback: str = ""
    ids: tuple[str, ...] = ()
    answer: str = ""
    note: str = ""
    path: tuple[str, ...] = ()
    visibility: Visibility = "visible"


@dataclass(frozen=True)
class Report:
    """One submission, judged.

    tier  how strangers' code was run; None where there was none
    """

    student: str
    assignment: str
    items: tuple[Item, ...]
    tier: Tier | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Points earned; items that the grader failed on are left out of it and of `out_of`."""
        return sum(item.points for item in self.items if item.points is not None)

    @property
    def out_of(self) -> float:
        """Points possible."""
        return sum(item.out_of for item in self.items if item.points is not None)
