"""What a benchmark found: races, and how each thing to reach stands. Printed as text, kept for the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.race import Times


@dataclass(frozen=True)
class Limit:
    """To reach: `who` takes at most so many times as long as `than`."""

    who: str
    than: str
    at_most: float


@dataclass(frozen=True)
class Goal:
    """One thing to reach, and what was found; None when somebody was not there to be measured.

    unit      of both numbers
    at_least  whether more is better
    minima    the ratio of the shortest times, beside the median of ratios
    """

    work: str
    what: str
    limit: float
    found: float | None
    unit: str = "×"
    at_least: bool = False
    minima: float | None = None

    @property
    def verdict(self) -> str:
        """How it stands."""
        if self.found is None:
            return "not measured"
        return verdict(self.found >= self.limit if self.at_least else self.found <= self.limit)

    @property
    def wanted(self) -> str:
        """The limit as text."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:.3g} {self.unit}"

    @property
    def seen(self) -> str:
        """What was found, as text."""
        if self.found is None:
            return "-"
        is_whole = self.found >= 100 or self.unit == "works"
        found = f"{self.found:.0f}" if is_whole else f"{self.found:.2f}"
        return found + ("" if self.minima is None else f" / {self.minima:.2f}") + f" {self.unit}"

    def __str__(self) -> str:
        return f"    {self.what}: {self.seen}   to reach {self.wanted}: {self.verdict}"


@dataclass(frozen=True)
class Race:
    """Everybody's times for one work, and what unit they are told in: so many of it in a second."""

    work: str
    what: str
    times: Times
    unit: str = "ms"
    scale: float = 1e3

    @property
    def first(self) -> str:
        """Whom the others are compared with: the floor where there is one."""
        names = list(self.times.taken)
        return "floor" if "floor" in names else names[0]

    def __str__(self) -> str:
        lines = [f"  {self.work}, {self.what}"]
        for name in self.times.taken:
            line = f"    {name:<30}{self.times.median(name) * self.scale:11.4g} {self.unit}"
            if name != self.first:
                ratio = self.times.ratio(name, self.first)
                minima = self.times.ratio_of_minima(name, self.first)
                line += f"{ratio:9.2f} / {minima:.2f} × {self.first}"
            lines.append(line)
        return "\n".join(lines)


@dataclass(frozen=True)
class Outcome:
    """Races and goals of one benchmark, in the order they were found.

    tables  by heading, rows of further tables, the head first
    """

    races: list[Race] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)

    def add(self, race: Race, limits: Iterable[Limit] = ()) -> None:
        """Print a race, with the limits that are about it, and keep both."""
        print(race)
        self.races.append(race)
        for limit in limits:
            self.reach(ratio_goal(race, limit))

    def reach(self, goal: Goal) -> None:
        """Print a goal and keep it."""
        print(goal)
        self.goals.append(goal)

    def extend(self, other: Outcome) -> None:
        """Keep what another benchmark found too."""
        self.races.extend(other.races)
        self.goals.extend(other.goals)
        self.tables.update(other.tables)


def ratio_goal(race: Race, limit: Limit) -> Goal:
    """How a limit stands after a race."""
    what = f"{limit.who} to {limit.than}, {race.what}"
    if not race.times.taken.keys() >= {limit.who, limit.than}:
        return Goal(race.work, what, limit.at_most, None)
    found = race.times.ratio(limit.who, limit.than)
    minima = race.times.ratio_of_minima(limit.who, limit.than)
    return Goal(race.work, what, limit.at_most, found, minima=minima)


def verdict(reached: bool) -> str:
    """How a target stands."""
    return "reached" if reached else "MISSED"
