"""Heights of the slots: arrows as straight as the order and the room for boxes allow."""

from __future__ import annotations

from collections.abc import Callable

from viz.layout.columns import BEND, GATE, LABEL, NODE, Columns

_ROUNDS = 40
# Long arrows are straightened first: a kink between two bends looks worse than one at a bubble.
_PULL = {0: 8.0, 1: 2.5, 2: 1.0}
_GAPS = {NODE: 22.0, LABEL: 11.0, GATE: 5.0, BEND: 8.0}

Pulls = list[list[tuple[int, float]]]


def heights(made: Columns, columns: list[list[int]]) -> list[float]:
    """A height for each slot (upwards), no two boxes of a column closer than their gap."""
    pulls = _pulls(made)
    depth = [0.0] * len(made.slots)
    for column in columns:
        _settle(made, column, depth, lambda _: (0.0, 1.0))
    for number in range(_ROUNDS):
        for column in columns if number % 2 == 0 else columns[::-1]:
            _settle(made, column, depth, _wish(pulls, depth))
    return [-d for d in depth]


def _pulls(made: Columns) -> Pulls:
    pulls: Pulls = [[] for _ in made.slots]
    for a, b in made.links():
        strength = _PULL[sum(made.slots[s].kind == NODE for s in (a, b))]
        pulls[a].append((b, strength))
        pulls[b].append((a, strength))
    return pulls


def _wish(pulls: Pulls, depth: list[float]) -> Callable[[int], tuple[float, float]]:
    """Where a slot wants to be, and how strongly: its neighbours' mean, near ones counting more."""

    def wish(slot: int) -> tuple[float, float]:
        weights = [(k / (20 + abs(depth[n] - depth[slot])), n) for n, k in pulls[slot]]
        total = sum(w for w, _ in weights)
        if not total:
            return depth[slot], 0.01
        return sum(w * depth[n] for w, n in weights) / total, total

    return wish


def _settle(
    made: Columns, column: list[int], depth: list[float], wish: Callable[[int], tuple[float, float]]
) -> None:
    """Move a column's slots as near to their wishes as order and room allow (least squares)."""
    offsets, offset = [], 0.0
    for k, slot in enumerate(column):
        offset += _apart(made, column[k - 1], slot) if k else 0.0
        offsets.append(offset)
    wishes = [wish(slot) for slot in column]
    fitted = _isotonic(
        [at - off for (at, _), off in zip(wishes, offsets, strict=True)], [w for _, w in wishes]
    )
    for slot, at, off in zip(column, fitted, offsets, strict=True):
        depth[slot] = at + off


def _apart(made: Columns, upper: int, lower: int) -> float:
    """How far apart the anchors of two neighbours must be."""
    a, b = made.slots[upper], made.slots[lower]
    return -a.box.bottom + b.box.top + max(_GAPS[a.kind], _GAPS[b.kind])


def _isotonic(values: list[float], weights: list[float]) -> list[float]:
    """The nearest non-decreasing sequence (pool adjacent violators).

    >>> _isotonic([3.0, 1.0, 5.0], [1.0, 1.0, 1.0])
    [2.0, 2.0, 5.0]
    """
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, total, count = pools.pop()
            joint = total + pool[1]
            pool = ((mean * total + pool[0] * pool[1]) / joint, joint, count + pool[2])
        pools.append(pool)
    return [mean for mean, _, count in pools for _ in range(count)]
