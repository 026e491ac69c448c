"""What the benchmarks found as a Markdown page: ratios, what is to reach, the date, the machine."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from benchmarks import machine
from benchmarks.outcome import Goal, Outcome, Race


def page(outcome: Outcome, date: datetime.date) -> str:
    """The whole page."""
    parts = [
        "# Benchmarks",
        f"{date.isoformat()}; {machine.described()}.",
        "Ratios are medians over rounds in which everybody ran in turn, behind the stroke the ratio of the "
        "shortest times. Under 1, the row is faster than what it is compared with.",
    ]
    for what in dict.fromkeys(race.what for race in outcome.races):
        found = [race for race in outcome.races if race.what == what]
        parts += [f"## {what[0].upper()}{what[1:]}", races(found)]
    for heading, rows in outcome.tables.items():
        parts += [f"## {heading}", _table(rows)]
    if outcome.goals:
        parts += ["## To reach", goals(outcome.goals)]
    return "\n\n".join(parts) + "\n"


def races(found: Sequence[Race]) -> str:
    """A row a work: the time of the one compared with, and everybody's ratio to it."""
    names = list(dict.fromkeys(name for race in found for name in race.times.taken))
    rows = [["work", "time", "", *names]]
    for race in found:
        time = f"{race.times.median(race.first) * race.scale:.3g} {race.unit}"
        rows.append([race.work, time, race.first, *(_ratio(race, name) for name in names)])
    return _table(rows)


def goals(found: Iterable[Goal]) -> str:
    """A row for each thing to reach."""
    rows = [["work", "what", "to reach", "found", ""]]
    rows += [[g.work, g.what, g.wanted, g.seen, g.verdict] for g in found]
    return _table(rows)


def _ratio(race: Race, name: str) -> str:
    if name not in race.times.taken:
        return ""
    if name == race.first:
        return "1"
    ratios = race.times.ratio(name, race.first), race.times.ratio_of_minima(name, race.first)
    return "{:.2f} / {:.2f}".format(*ratios)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
