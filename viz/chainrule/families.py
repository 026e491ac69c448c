"""Families of variables, h_1 … h_T, and steps that are the same but for the index: recursions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from autograd_lite.node import Node
from viz.formulas.naming import Names
from viz.formulas.places import Place, inputs_by_index, place

Shape: TypeAlias = tuple[object, ...]


def runs(
    called: Names, order: Iterable[Node], targets: Mapping[Node, Sequence[Node]]
) -> list[tuple[Node, ...]]:
    """The variables in order, those with steps of the same shape together where the first stands.

    Inputs among them are in the order of their index, others as back-propagation reaches them.
    """
    found: dict[object, list[Node]] = {}
    for v in order:
        at = place(called, v)
        key = (at.family, _shape(called, at, targets[v])) if at else v
        found.setdefault(key, []).append(v)
    return [tuple(inputs_by_index(called, members)) for members in found.values()]


def _shape(called: Names, at: Place, nodes: Iterable[Node]) -> Shape:
    """What a variable makes, as seen from it: the next of its family, y of the same number, z."""
    return tuple(sorted((_seen_from(called, at, node) for node in nodes), key=repr))


def _seen_from(called: Names, at: Place, node: Node) -> object:
    there = place(called, node)
    return (there.family, there.number - at.number) if there else id(node)


def offset(called: Names, node: Node, start: Node) -> int | None:
    """How far a variable's number is from that of `start`; None for one outside all families."""
    at, there = place(called, start), place(called, node)
    return there.number - at.number if at and there else None
