"""What a loop over time steps is made of: series of values, their entries, and the loop itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term


@dataclass(frozen=True)
class Linear:
    """A whole number that moves with a loop's variable t: scale·t + offset."""

    scale: int
    offset: int

    def written(self, t: str) -> str:
        """As it stands in brackets.

        >>> Linear(1, -1).written("t"), Linear(-1, 20).written("t"), Linear(2, 0).written("t")
        ('t - 1', '20 - t', '2*t')
        """
        if not self.scale:
            return str(self.offset)
        if self.scale < 0 and self.offset:
            return f"{self.offset} - {_times(-self.scale, t)}"
        end = f" {'-' if self.offset < 0 else '+'} {abs(self.offset)}" if self.offset else ""
        return _times(self.scale, t) + end


def _times(scale: int, t: str) -> str:
    return t if scale == 1 else f"-{t}" if scale == -1 else f"{scale}*{t}"


@dataclass(eq=False)
class Series:
    """The values of one line of a loop, step by step.

    steps    by term, its step; what it starts from counts too
    model    a term by whose owner it is called
    is_kept  whether all of them are needed afterwards; else one variable holds the last
    started  the steps of numbers that it starts with
    last     its term at the last step, if that is computed
    is_passed_on  whether it is part of a sum, which the next step completes
    """

    model: Any
    steps: dict[Term, int] = field(default_factory=dict)
    is_kept: bool = False
    is_passed_on: bool = False
    last: Any = None
    started: set[int] = field(default_factory=set)
    name: str = ""


@dataclass(frozen=True, eq=False)
class Entry:
    """One value of a series: at a step of the loop that it stands in, or at a fixed one."""

    series: Series
    at: Linear


@dataclass(frozen=True, eq=False)
class Entries:
    """Several values of a series as a list: those at `steps`."""

    series: Series
    steps: range


@dataclass(eq=False)
class Loop:
    """Statements for each step of `steps`.

    starts  (series, step, value): what series hold before the first step
    series  of its lines, in order
    """

    steps: range
    body: list[Statement]
    starts: list[tuple[Series, int, Any]]
    series: list[Series]
    variable: str = "t"
