"""The order of slots within each column: few crossings, by medians and exchanges of neighbours."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Iterator
from itertools import pairwise

from viz.layout.columns import Columns

Neighbours = list[list[int]]

_ROUNDS, _PATIENCE = 16, 4
_STARTS, _WORK = 20, 24_000  # fewer starts for large graphs: under a second at 100 bubbles


def few_crossings(made: Columns) -> list[list[int]]:
    """The columns, top to bottom, in the best order that sweeping back and forth finds."""
    before, after = _neighbours(made)
    best = [list(column) for column in made.columns]
    fewest = _crossings(best, after)
    for number, start in enumerate(_starts(made)):
        for columns in _swept(start, before, after, number % 2):
            found = _crossings(columns, after)
            if found < fewest:
                best, fewest = [list(c) for c in columns], found
            if fewest == 0:
                return best
    return best


Order = list[list[int]]


def _starts(made: Columns) -> Iterator[Order]:
    """Orders to begin with: as given, upside down, and stirred, each in a way of its own."""
    for turned in (made.columns, made.columns, [c[::-1] for c in made.columns]):
        yield [list(column) for column in turned]
    for number in range(min(_STARTS, _WORK // max(len(made.slots), 1) // _ROUNDS)):
        factor = 40_503 * (number + 1)  # a fixed stirring: the same graph gives the same picture
        yield [sorted(column, key=lambda s: (s + 1) * factor % 65_537) for column in made.columns]


def _swept(columns: Order, before: Neighbours, after: Neighbours, offset: int) -> Iterator[Order]:
    """Sweeps forward and back until several in a row have found nothing better."""
    fewest, stale = _crossings(columns, after), 0
    for number in range(_ROUNDS):
        forward = (number + offset) % 2 == 0
        columns = _sweep(columns, before if forward else after, forward)
        _exchange(columns, before, after)
        yield columns
        found = _crossings(columns, after)
        fewest, stale = (found, 0) if found < fewest else (fewest, stale + 1)
        if stale == _PATIENCE:
            return


def _neighbours(made: Columns) -> tuple[Neighbours, Neighbours]:
    before: Neighbours = [[] for _ in made.slots]
    after: Neighbours = [[] for _ in made.slots]
    for a, b in made.links():
        after[a].append(b)
        before[b].append(a)
    return before, after


def _sweep(columns: list[list[int]], near: Neighbours, forward: bool) -> list[list[int]]:
    """Reorder column after column by where the slots' neighbours in the column before stand."""
    swept = columns if forward else columns[::-1]
    done = [swept[0]]
    for column in swept[1:]:
        place = {slot: k for k, slot in enumerate(done[-1])}
        done.append(_by_barycentre(column, near, place))
    return done if forward else done[::-1]


def _by_barycentre(column: list[int], near: Neighbours, place: dict[int, int]) -> list[int]:
    """Sorted by mean neighbour; slots without neighbours keep their position."""
    movable = [slot for slot in column if near[slot]]
    mean = {s: sum(place[n] for n in near[s]) / len(near[s]) for s in movable}
    ranked = iter(sorted(movable, key=mean.__getitem__))
    return [next(ranked) if near[slot] else slot for slot in column]


def _exchange(columns: list[list[int]], before: Neighbours, after: Neighbours) -> None:
    """Swap neighbours in a column while that removes crossings."""
    for number, column in enumerate(columns):
        places = [
            {slot: k for k, slot in enumerate(columns[other])} if 0 <= other < len(columns) else {}
            for other in (number - 1, number + 1)
        ]
        sides = {
            s: [
                sorted([place[n] for n in near[s]])
                for near, place in zip((before, after), places, strict=True)
            ]
            for s in column
        }
        _swap_while_better(column, sides)


def _swap_while_better(column: list[int], sides: dict[int, list[list[int]]]) -> None:
    better = True
    while better:
        better = False
        for k in range(len(column) - 1):
            a, b = sides[column[k]], sides[column[k + 1]]
            if _inversions(a[0], b[0]) + _inversions(a[1], b[1]) > 0:
                column[k], column[k + 1] = column[k + 1], column[k]
                better = True


def _inversions(upper: list[int], lower: list[int]) -> int:
    """How many crossings of two neighbours' links go when they are swapped; `upper` stands above `lower`."""
    if len(upper) == 1 == len(lower):  # as where an edge passes through, so nearly always
        return (upper[0] > lower[0]) - (upper[0] < lower[0])
    now = sum([len(upper) - bisect(upper, end) for end in lower])
    return now - sum([len(lower) - bisect(lower, end) for end in upper])


def _crossings(columns: list[list[int]], after: Neighbours) -> int:
    return sum(_between(a, b, after) for a, b in pairwise(columns))


def _between(column: list[int], following: list[int], after: Neighbours) -> int:
    """Crossings between two columns: inversions in the sequence of the links' ends."""
    place = {slot: k for k, slot in enumerate(following)}
    seen: list[int] = []
    total = 0
    for slot in column:
        ends = sorted([place[n] for n in after[slot]])
        for end in ends:
            total += len(seen) - bisect(seen, end)
        for end in ends:
            insort(seen, end)
    return total
