"""What a picture says, before it has a place: in LaTeX, and as a listing in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from viz.look.heat import Heat

Pieces: TypeAlias = tuple[str, ...]
"""A formula in pieces, between which it may be broken."""


@dataclass(frozen=True)
class VariableText:
    """What is said of one variable: LaTeX where it is safe, `name` as the plain text it was given.

    rows    the numbers of a small matrix, line by line
    heat    the numbers of a larger one, as colours
    accent  it stands out
    total_rows  the numbers of the total, line by line under it
    """

    name: str
    equation: str | None
    value: str | None
    total: str | None
    role: str
    rows: tuple[str, ...] = ()
    heat: Heat | None = None
    accent: bool = False
    total_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class EdgeText:
    """What is said of one edge: the partial derivative of target by source, or what flows along it.

    heat    the Jacobian as colours
    accent  it stands out
    color   of line and label; None leaves it to the picture
    """

    source: int
    target: int
    formula: str | None
    number: str | None
    heat: Heat | None = None
    accent: bool = False
    color: str | None = None


@dataclass(frozen=True)
class CutText:
    """What is said of one cut: the variables on its near side, the sums at it."""

    near: frozenset[int]
    captions: tuple[Pieces, ...] = ()


@dataclass(frozen=True)
class Content:
    """Everything one picture says.

    captions  formulas under it
    notes     plain lines for what was left out
    at_once   whether all cuts are seen at once, each with the arrows it crosses in a colour of its own
    order     the variables by number as a layout takes them: inputs by their index; () as they are
    """

    title: str
    variables: tuple[VariableText, ...]
    edges: tuple[EdgeText, ...]
    cuts: tuple[CutText, ...] = ()
    captions: tuple[Pieces, ...] = ()
    notes: tuple[str, ...] = ()
    at_once: bool = True
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class Listing:
    """What the graph says in plain words, complete: one entry per variable, per arrow, per cut.

    Every text is one line without anything that a terminal would obey.

    order  the variables by number as they are listed: inputs by their index; () as they are
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
    order: tuple[int, ...] = ()
