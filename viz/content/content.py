"""What a picture says, before anybody has decided where: variables, arrows and cuts, in LaTeX."""

from __future__ import annotations

from dataclasses import dataclass

from viz.look.heat import Heat


@dataclass(frozen=True)
class Variable:
    """One bubble: LaTeX where it is safe, `name` as the plain text it was given.

    rows    the numbers of a small matrix, line by line
    heat    the numbers of a larger one, as colours
    accent  it stands out
    """

    name: str
    equation: str | None
    value: str | None
    total: str | None
    role: str
    rows: tuple[str, ...] = ()
    heat: Heat | None = None
    accent: bool = False


@dataclass(frozen=True)
class Influence:
    """One arrow: the partial derivative of target with respect to source, or what flows along it.

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
class Division:
    """One cut: the variables on its near side and the sums at it, each in pieces that wrap."""

    near: frozenset[int]
    captions: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Content:
    """Everything one picture says; `notes` are plain lines for what was left out."""

    title: str
    variables: tuple[Variable, ...]
    influences: tuple[Influence, ...]
    divisions: tuple[Division, ...] = ()
    captions: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
