"""What a picture says, before anybody has decided where: variables, arrows and cuts, in LaTeX."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """One bubble: LaTeX where it is safe, `name` as the plain text it was given."""

    name: str
    equation: str | None
    value: str | None
    total: str | None
    role: str


@dataclass(frozen=True)
class Influence:
    """One arrow: the partial derivative of target with respect to source."""

    source: int
    target: int
    formula: str | None
    number: str | None


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
