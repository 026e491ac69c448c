"""What is computed alike for each row of an array, in one call for all rows.

An input's part of every time step is such: x₁·Wᵀ, x₂·Wᵀ, … are the rows of one product x·Wᵀ, also with the
bias added.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograd_lite.programs.arrays.kinds import is_elementwise, row_of
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.source.recorded import Recorded, recorded_in
from autograd_lite.source.recording import Call


def lifted(recording: SharedRecording, calls: Sequence[Call]) -> list[Call]:
    """The calls, with one for all rows in place of one for each, as often as that applies.

    Only what is computed for every row, and otherwise from what is there before: nothing is computed that was
    not asked for.
    """
    found = list(calls)
    while group := _first_group(found):
        found = _as_one(recording, found, group)
    return found


class _Group:
    """Calls that do the same with the rows x[0], x[1], … of one array.

    place    which argument the row is
    by_row   by row: the number of the call that reads it
    """

    def __init__(self, x: Recorded, place: int) -> None:
        self.x, self.place = x, place
        self.by_row: dict[int, int] = {}

    @property
    def is_whole(self) -> bool:
        return len(self.by_row) == len(self.x) > 1

    @property
    def first(self) -> int:
        return min(self.by_row.values())


def _first_group(calls: Sequence[Call]) -> _Group | None:
    """Calls that can be one; None where there are no more."""
    rows = {call.result: (call.args[0], k) for call in calls if (k := row_of(call)) is not None}
    made = {call.result: k for k, call in enumerate(calls)}
    groups: dict[Any, _Group] = {}
    for k, call in enumerate(calls):
        for place, others in _places(call, rows):
            x, row = rows[call.args[place]]
            key = (call.function, x, place, tuple(map(id, others)))
            if key not in groups:
                groups[key] = _Group(x, place)
            groups[key].by_row.setdefault(row, k)
    for group in groups.values():
        if group.is_whole:
            others = recorded_in(calls[group.first].args)
            if all(made.get(y, -1) < group.first for y in (*others, group.x)):
                return group
    return None


def _places(call: Call, rows: Mapping[Recorded, object]) -> Iterator[tuple[int, list[Any]]]:
    """Which argument of a call is a row, and the others, if all rows can be computed at once."""
    if call.options or call.result.ndim == 0:
        return
    for place, x in enumerate(call.args):
        if isinstance(x, Recorded) and x in rows:
            others = [y for k, y in enumerate(call.args) if k != place]
            if is_elementwise(call):
                fits = all(np.ndim(y) <= x.ndim for y in others)
            else:
                fits = call.function is np.matmul and place == 0 and np.ndim(others[0]) == 2
            if fits and not any(isinstance(y, Recorded) and y in rows for y in others):
                yield place, others


def _as_one(recording: SharedRecording, calls: list[Call], group: _Group) -> list[Call]:
    """The calls with one for the whole group, and its rows in place of each."""
    first = calls[group.first]
    args = [group.x if k == group.place else x for k, x in enumerate(first.args)]
    whole = recording.note(first.function, *args)
    found = list(calls)
    for row, k in group.by_row.items():
        result = calls[k].result
        result.example = whole.example[row]
        found[k] = Call(operator.getitem, (whole, row), {}, result)
    found.insert(group.first, recording.made[whole])
    return found
