"""Small arrays as the rows of one: where they lie in a stack already, or as a stack of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.programs.arrays.kinds import is_loose, is_view, parts_of, row_of
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import Call

FEW: Final = 8
"""Fewer calls than this are not worth a stack."""
SMALL: Final = 1 << 11
"""Up to how many entries a call's own price counts most; larger arrays are read best while in the cache."""


def is_small(x: Any) -> bool:
    """Whether x is an array to come for which that holds."""
    return isinstance(x, Recorded) and not x.is_open and x.ndim > 0 and x.size <= SMALL


class Stacks:
    """Which arrays are rows of which stacks, and which may become rows of a new one.

    calls   a program's calls, in order
    wanted  results that are handed out: they lie in no stack
    """

    def __init__(self, calls: Sequence[Call], wanted: Collection[Recorded]) -> None:
        self.made = {call.result: k for k, call in enumerate(calls)}
        self._rows: dict[Recorded, tuple[Recorded, int]] = {}
        for call in calls:
            if call.function is np.stack:
                parts = (x for x, _ in parts_of(call) if isinstance(x, Recorded))
                self._rows.update((x, (call.result, row)) for row, x in enumerate(parts))
            elif (place := row_of(call)) is not None:
                self._rows[call.result] = call.args[0], place
        self._free = {call.result for call in calls if not is_view(call) and not is_loose(call, ())}
        self._free -= {*wanted, *self._rows}

    def whole_of(self, x: Recorded) -> Recorded | None:
        """The stack in which x is a row, if it is in one."""
        return self._rows[x][0] if x in self._rows else None

    def ready(self, xs: Sequence[Recorded]) -> int | None:
        """The number of the call after which all are rows of one array; None where they cannot be."""
        if self._free.issuperset(xs) and len({*xs}) == len(xs):
            return max(self.made[x] for x in xs)
        lying = self._lying(xs)
        return None if lying is None else self.made.get(lying[0], -1)

    def stacked(self, recording: SharedRecording, xs: Sequence[Recorded]) -> Any:
        """The array whose rows they are, noted; see `ready`."""
        lying = self._lying(xs)
        if lying is None:
            return recording.note(np.stack, list(xs))
        whole, rows = lying
        return whole if rows == slice(0, len(whole), 1) else whole[rows]

    def runs(self, xs: Sequence[Recorded]) -> list[Sequence[Recorded]]:
        """The arrays in their order, cut where the next cannot be a row of the same array."""
        found: list[list[Recorded]] = [[xs[0]]]
        there = {xs[0]}  # in the last run: one array is not two rows
        for x in xs[1:]:
            if x not in there and self._goes_on(found[-1], x):
                found[-1].append(x)
                there.add(x)
            else:
                found.append([x])
                there = {x}
        return list(found)

    def _goes_on(self, run: list[Recorded], x: Recorded) -> bool:
        if x in self._free:
            return run[-1] in self._free
        return self._lying([*run[-2:], x]) is not None

    def _lying(self, xs: Sequence[Recorded]) -> tuple[Recorded, slice] | None:
        """The stack in which they are neighbours, and the rows: upwards or downwards."""
        places = [self._rows.get(x) for x in xs]
        if len(xs) < 2 or None in places:
            return None
        wholes, rows = zip(*places, strict=True)
        step = rows[1] - rows[0]
        end = rows[0] + step * len(rows)
        if abs(step) != 1 or list(rows) != list(range(rows[0], end, step)) or len({*wholes}) > 1:
            return None
        return wholes[0], slice(rows[0], None if end < 0 else end, step)


def uses_of(calls: Sequence[Call]) -> Counter[Recorded]:
    """By array: how often calls read it."""
    return Counter(x for call in calls for x in call.reads)


def calls_for(recording: SharedRecording, x: Recorded, known: Collection[Recorded]) -> list[Call]:
    """The noted calls that lead to x from what is known, in order."""
    found: dict[Recorded, Call] = {}

    def add(y: Recorded) -> None:
        if y in recording.made and y not in known and y not in found:
            call = recording.made[y]
            for part in call.reads:
                add(part)
            found[y] = call

    add(x)
    return list(found.values())
