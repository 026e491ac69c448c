"""What is said of a program, before it is an item of a report."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """What is said of a program.

    share    of the points
    says     sentences for the student; none where all is right
    ids      the mistakes named
    remarks  what is worth saying of a right one
    path     variables that a feedback picture highlights
    missing  whether there is no such function
    """

    share: float = 1.0
    says: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    path: tuple[str, ...] = ()
    missing: bool = False
