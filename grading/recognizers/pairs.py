r"""Recogniser 7: two independent mistakes at once, where the answer has digits enough to tell.

Of two steps a and b of the chain rule, with f in the place of the right factor w at each,

    value = right + (f_a - w_a)·carries_a + (f_b - w_b)·carries_b + (f_a - w_a)(f_b - w_b)·both_ab

    carries_a  (dy/dtarget_a)·(dsource_a/dx)
    both_ab    (dy/dtarget_b)·(dsource_b/dtarget_a)·(dsource_a/dx), or with a and b exchanged
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grading.asking import Asked
from grading.catalogue.forms import PAIR
from grading.catalogue.mistake import Candidate
from grading.chance import MOST, chance, share_of
from grading.closeness import close
from grading.recognizers.view import View, same
from grading.scalars import ScalarAsked

FEWEST_DIGITS: Final = 4
_MOST_LOCAL: Final = 150
_CHEAPEST: Final = 9.99
"""begins with nines: no number is claimed at a lower price"""
PAIRS_MOST: Final = 0.0005
"""of the unrelated numbers may be taken for two mistakes at once"""


@dataclass(frozen=True, eq=False)
class Pairs:
    """All pairs of local mistakes at one point, the likeliest first.

    first, second  their numbers among the candidates
    values         what they give together
    """

    first: NDArray[np.int_]
    second: NDArray[np.int_]
    values: NDArray[Any]


def by_pairs(view: View) -> list[Candidate]:
    """The pairs of local mistakes that give the answer, of the likeliest ones, as many as chance allows."""
    if not view.is_number or view.k is None or view.hand or _too_short(view):
        return []
    asked, k, left = view.asked, view.k, _left(view)
    if left < share_of(_CHEAPEST, 1.0, view.digits or FEWEST_DIGITS):
        return []
    pairs = asked.remember(("pairs", k), lambda: pairs_of(asked, k))
    kept = _affordable(view, pairs, left)
    hit = np.flatnonzero(close(pairs.values[:kept], view.answer, view.width))
    return [
        _together(asked, pairs, int(i))
        for i in hit
        if not same(pairs.values[i : i + 1], view.right)
    ]  # fmt: skip


def _too_short(view: View) -> bool:
    return view.digits is not None and view.digits < FEWEST_DIGITS


def _left(view: View) -> float:
    """The share of unrelated numbers that may be taken for pairs, so that 99 of 100 stay unknown."""
    if view.digits is None:
        return 1.0
    return min(PAIRS_MOST, MOST - chance(view.asked, view.digits, view.k or 0))


def _affordable(view: View, pairs: Pairs, left: float) -> int:
    """How many of the pairs, from the likeliest on, that share allows."""
    if view.digits is None:
        return len(pairs.values)
    shares = np.cumsum(share_of(pairs.values, float(view.right[0]), view.digits))
    return int(np.searchsorted(shares, left, side="right"))


def _together(asked: Asked, pairs: Pairs, i: int) -> Candidate:
    a, b = (asked.candidates[int(side[i])] for side in (pairs.first, pairs.second))
    told = [f"{c.mistake.name} ({' → '.join(c.where)})" for c in (a, b)]
    value = np.full(asked.right.shape, pairs.values[i])
    return Candidate(
        PAIR,
        (a.identifier, b.identifier),
        value,
        (*a.nodes, *b.nodes),
        {"where": " and ".join(told)},
    )


def pairs_of(asked: Asked, k: int) -> Pairs:
    """Every pair of mistakes at two steps, with what both together give at the k-th point."""
    local = _local(asked, k)
    if len(local) < 2:
        return Pairs(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    which, ends, change, adjoint, tangent = (
        np.array(column) for column in zip(*local, strict=True)
    )
    source, target = ends[:, 0], ends[:, 1]
    between = _between(asked, k)
    a, b = np.triu_indices(len(local), 1)
    reach = between[target[a], source[b]] * adjoint[b] * tangent[a]
    reach = reach + between[target[b], source[a]] * adjoint[a] * tangent[b]
    single = change * adjoint * tangent
    values = float(asked.right[k]) + single[a] + single[b] + change[a] * change[b] * reach
    apart = (source[a] != source[b]) | (target[a] != target[b])
    likely = asked.priors[which[a]] + asked.priors[which[b]]
    order = np.argsort(-likely, kind="stable")
    order = order[apart[order] & np.isfinite(values[order])]
    return Pairs(which[a][order], which[b][order], values[order])


def _local(asked: Asked, k: int) -> list[tuple[int, tuple[int, int], float, float, float]]:
    """The candidates with another factor at one step: (which, ends, factor - weight, adjoint, tangent)."""
    room: Any = asked.room
    if not isinstance(room, ScalarAsked):
        return []
    number, right = room.graph.number, float(asked.right[k])
    steps = {(s.source, s.target): s for s in room.steps if s.carries[k]}
    found: list[tuple[int, tuple[int, int], float, float, float]] = []
    for i in np.argsort(-asked.priors, kind="stable").tolist():
        c = asked.candidates[i]
        if (step := steps.get(c.nodes)) is None:
            continue
        change = (float(c.value[k]) - right) / float(step.carries[k])
        ends = (number[step.source], number[step.target])
        adjoint, tangent = float(room.total(step.target)[k]), float(room.moves(step.source)[k])
        if change and isfinite(change):
            found.append((i, ends, change, adjoint, tangent))
            if len(found) == _MOST_LOCAL:
                break
    return found


def _between(asked: Asked, k: int) -> NDArray[Any]:
    """dv/du for all nodes u and v of the graph, by number: shape (nodes u, nodes v)."""
    room: Any = asked.room
    net = room.graph.fine
    found = np.eye(net.size)
    for (source, target), w in zip(net.edges, net.weights, strict=True):
        found[:, target] += found[:, source] * float(w[k])
    return found
