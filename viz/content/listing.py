"""What a flow graph says in plain words: complete, however many variables there are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Listing:
    """What the graph says, in plain words: one entry per variable, per arrow, per cut.

    Every text is one line without anything that a terminal would obey.
    """

    output: str
    variables: tuple[str, ...]
    values: tuple[str, ...]
    totals: tuple[str, ...]
    roles: tuple[str, ...]
    arrows: tuple[tuple[int, int, str], ...]
    cuts: tuple[frozenset[int], ...] = ()
    sums: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
