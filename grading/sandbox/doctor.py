"""The command `flowgrade doctor`: how safely strangers' code runs on this machine, and how to do better."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

import click

from grading.sandbox.launching import Tier
from grading.sandbox.probes import probe
from grading.sandbox.tiers import Availability, available

TITLES: Final[dict[Tier, str]] = {
    "A": "bubblewrap: a system of its own, with Python and NumPy and nothing else",
    "B": "Landlock, seccomp and limits: this system, most of it out of reach",
    "C": "limits alone",
}


@click.command()
def doctor() -> None:
    """Say which sandbox this machine offers for strangers' code, and what each of them stops.

    Each tier is tried: a program runs in it that opens a socket, reads, writes, forks and more.
    Exits with 1 where strangers' code cannot be run at all.
    """
    found = available()
    for one in found:
        click.echo("\n".join(_told(one)))
    working = [one.tier for one in found if one.works]
    click.echo(_verdict(working))
    sys.exit(0 if working else 1)


def _told(one: Availability) -> Iterator[str]:
    yield f"tier {one.tier}  {TITLES[one.tier]}"
    if not one.works:
        yield f"    not here: {one.reason}"
        if one.remedy:
            yield f"    to get it: {one.remedy}"
        return
    tried = probe(one.tier)
    yield f"    works: a run took {1000 * tried.seconds:.0f} ms"
    for title, things in (("stopped", tried.stopped), ("NOT stopped", tried.passed)):
        if things:
            yield f"    {title}: {', '.join(things)}"


def _verdict(working: list[Tier]) -> str:
    if not working:
        return "Strangers' code cannot be run here. Answers that are numbers or formulas need none of this."
    if working[0] == "C":
        return (
            "WARNING: strangers' code will run in tier C. It can read your files and use the network. "
            "Every report will say so."
        )
    return f"Strangers' code will run in tier {working[0]}."
