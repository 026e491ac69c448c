"""Families of variables, h_1 … h_T, and steps that are the same but for the index: recursions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from autograd_lite.node import Node
from viz.formulas.labels import latex
from viz.formulas.naming import Names

_NUMBERED: Final = re.compile(r"(.+)_\{(\d{1,9})\}")
_LETTERS: Final = "tknij"
Shape: TypeAlias = tuple[object, ...]


class Place(NamedTuple):
    """Where a variable stands in its family: h_3 is number 3 of the family h."""

    family: str
    number: int


def place(called: Names, node: Node) -> Place | None:
    """The family and number of the one variable called like h_3."""
    is_named = node.name is not None and latex(node.name) is not None
    found = _NUMBERED.fullmatch(called.latex(node)) if is_named else None
    return Place(found[1], int(found[2])) if found else None


def runs(
    called: Names, order: Iterable[Node], targets: Mapping[Node, Sequence[Node]]
) -> list[tuple[Node, ...]]:
    """The variables in order, those with steps of the same shape together where the first stands."""
    found: dict[object, list[Node]] = {}
    for v in order:
        at = place(called, v)
        key = (at.family, _shape(called, at, targets[v])) if at else v
        found.setdefault(key, []).append(v)
    return [tuple(members) for members in found.values()]


def _shape(called: Names, at: Place, nodes: Iterable[Node]) -> Shape:
    """What a variable makes, as seen from it: the next of its family, y of the same number, z."""
    return tuple(sorted((_seen_from(called, at, node) for node in nodes), key=repr))


def _seen_from(called: Names, at: Place, node: Node) -> object:
    there = place(called, node)
    return (there.family, there.number - at.number) if there else id(node)


def letter(nodes: Iterable[Node]) -> str:
    """A letter for the index that no variable is called."""
    taken = {node.name for node in nodes}
    return next((c for c in _LETTERS if c not in taken), "t")


def offset(called: Names, node: Node, start: Node) -> int | None:
    """How far a variable's number is from that of `start`; None for one outside all families."""
    at, there = place(called, start), place(called, node)
    return there.number - at.number if at and there else None
