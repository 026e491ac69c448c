"""Which nodes share a template, and in which order they stand: level by level, equal ones together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd_lite.programs.scalars.extraction import NONE, Nodes, Places, levels
from autograd_lite.programs.scalars.lowering import Template, template
from autograd_lite.record import Record

_SPECIAL: Final = 16
"""For how many different constants a rule is lowered anew, since it may be simpler there (x²)."""


class Group(NamedTuple):
    """Operations that share a template."""

    template: Template
    nodes: Places


@dataclass(frozen=True, eq=False)
class Runs:
    """Neighbours of one level and one group.

    of      by operation: its run
    starts  by run: the first operation
    sizes   by run: how many they are
    groups  by run: the number of the group
    levels  by run: the level
    """

    of: Places
    starts: Places
    sizes: Places
    groups: Places
    levels: Places


def scheduled(nodes: Nodes) -> tuple[Nodes, list[Group], Runs]:
    """The nodes in the order of evaluation, their groups and their runs.

    The processor guesses the next operation better among equal ones, and NumPy takes many at once.
    """
    groups = list(_groups(nodes))
    group = np.empty(len(nodes.kinds), np.int64)
    for k, (_, at) in enumerate(groups):
        group[at] = k
    level = levels(nodes)
    order = np.lexsort((group, level))
    group, level = group[order], level[order]
    new = np.empty_like(order)
    new[order] = np.arange(len(order))
    moved = [Group(template, np.sort(new[at])) for template, at in groups]
    return nodes.selected(order), moved, _runs(group, level)


def _runs(group: Places, level: Places) -> Runs:
    changes = np.ones(len(group), bool)
    changes[1:] = (group[1:] != group[:-1]) | (level[1:] != level[:-1])
    starts = np.flatnonzero(changes)
    sizes = np.diff(starts, append=len(group))
    return Runs(np.cumsum(changes) - 1, starts, sizes, group[starts], level[starts])


def _groups(nodes: Nodes) -> Iterator[Group]:
    """The operations by rule, by which operands move, and by constants where these are few."""
    is_there = nodes.operands != NONE
    moves = is_there & (nodes.operands < nodes.moving)
    patterns = moves @ (1 << np.arange(moves.shape[1]))
    constants = np.array(nodes.constants, np.float64)
    for at in _alike(np.stack([nodes.kinds, patterns], axis=1)):
        arity = int(is_there[at[0]].sum())
        moving = moves[at[0], :arity]
        fixed = np.flatnonzero(~moving)
        given = constants[nodes.operands[at][:, fixed] - nodes.moving]
        yield from _by_constants(nodes.rules[nodes.kinds[at[0]]], at, moving.tolist(), fixed, given)


def _by_constants(
    rule: Record, at: Places, moving: list[bool], fixed: Places, given: Any
) -> Iterator[Group]:
    numbers: list[float | None] = [None] * len(moving)
    # by their bits: 0.0 is not -0.0, and nan is nan
    parts = _alike(given.view(np.int64), _SPECIAL) if len(fixed) else [np.arange(len(at))]
    if not parts:
        yield Group(template(rule, numbers, moving), at)
    for part in parts:
        for i, x in zip(fixed.tolist(), given[part[0]].tolist(), strict=True):
            numbers[i] = x
        yield Group(template(rule, numbers, moving), at[part])


def _alike(keys: NDArray[np.int64], most: int | None = None) -> list[Places]:
    """Where equal rows stand, for each kind of row; nothing where there are more than `most` kinds."""
    if not len(keys):
        return []
    order = np.lexsort(keys.T)
    changes = (keys[order[1:]] != keys[order[:-1]]).any(axis=1)
    if most is not None and changes.sum() >= most:
        return []
    return np.split(order, np.flatnonzero(changes) + 1)
