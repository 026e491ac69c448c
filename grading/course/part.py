"""What one file of a submission holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Answers: TypeAlias = Mapping[str, Mapping[str, object]]
"""question -> field -> what was typed; the question is "" where the file names none"""

MOST_ANSWERS: Final = 2_000
LONGEST_ANSWER: Final = 100_000


@dataclass(frozen=True)
class Part:
    """Answers, or Python text, or a notebook's cells.

    student     whom the file says that it is from, where it says so
    assignment  and for which homework
    is_unread   it holds warnings alone
    """

    answers: Answers = field(default_factory=dict)
    source: str = ""
    cells: tuple[str, ...] = ()
    student: str = ""
    assignment: str = ""
    warnings: tuple[str, ...] = ()
    is_unread: bool = False
