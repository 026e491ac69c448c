"""Which results lie inside others: views, parts of a concatenation, what goes over rows read no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from autograd_lite.programs.arrays.kinds import (
    Part,
    is_elementwise,
    is_loose,
    is_view,
    parts_of,
    row_of,
)
from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import Call


@dataclass(eq=False)
class Lying:
    """What lies inside what; all other results have memory of their own.

    views  the results that are views of their call's first argument
    parts  by result that is computed inside another one: where
    over   by concatenation whose parts are computed over the rows of another array: that array
    loose  results without a place: several arrays, or one whose length depends on numbers
    """

    views: dict[Recorded, Recorded] = field(default_factory=dict)
    parts: dict[Recorded, Part] = field(default_factory=dict)
    over: dict[Recorded, Recorded] = field(default_factory=dict)
    loose: set[Recorded] = field(default_factory=set)

    def owner(self, x: Recorded) -> Recorded:
        """The result in whose memory x lies."""
        while (inside := self.inside(x)) is not None:
            x = inside
        return x

    def inside(self, x: Recorded) -> Recorded | None:
        """The result inside which x lies; None where it has memory of its own."""
        if x in self.views:
            return self.views[x]
        return self.parts[x].whole if x in self.parts else self.over.get(x)


def lying_of(calls: Sequence[Call], apart: Collection[Recorded]) -> Lying:
    """What of the calls' results lies inside what.

    apart  results that are handed out: nothing is computed inside them or over them
    """
    lying = Lying()
    for call in calls:
        if is_loose(call, lying.loose):
            lying.loose.add(call.result)
        elif is_view(call):
            lying.views[call.result] = call.args[0]
    _place_parts(lying, calls, apart)
    _place_over_rows(lying, calls, apart)
    _place_joins_over_rows(lying, calls, apart)
    return lying


# --- parts of a concatenation ------------------------------------------------------------------------


def _place_parts(lying: Lying, calls: Sequence[Call], apart: Collection[Recorded]) -> None:
    """The parts of each concatenation along the first axis that can be computed in place."""
    own = {call.result for call in calls} - lying.views.keys() - lying.loose - {*apart}
    for call in calls:
        if call.result in lying.loose:
            continue
        for x, part in parts_of(call):
            if (
                isinstance(x, Recorded)
                and x in own
                and x not in lying.parts
                and _lies_alike(x, part)
            ):
                lying.parts[x] = part


def _lies_alike(x: Recorded, part: Part) -> bool:
    """Whether the place of a part has the strides of x: then the views of x are views of it."""
    there = part.of(np.asarray(part.whole.example))
    return x.dtype == part.whole.dtype and np.asarray(x.example).strides == there.strides


# --- over rows that were read for the last time ------------------------------------------------------


def _place_over_rows(lying: Lying, calls: Sequence[Call], apart: Collection[Recorded]) -> None:
    """What is computed entry by entry from a row that nobody else reads, in the place of that row."""
    readers: dict[Recorded, list[Call]] = defaultdict(list)
    for call in calls:
        for x in call.reads:
            readers[x].append(call)
    for whole, views in _read_by_rows(lying, calls, readers, apart):
        for view in views:
            if len(readers[view.result]) == 1 and view.result not in apart:
                [call] = readers[view.result]
                if _may_go_over(lying, call, view, apart):
                    lying.parts[call.result] = _row(whole, row_of(view))


def _read_by_rows(
    lying: Lying,
    calls: Sequence[Call],
    readers: dict[Recorded, list[Call]],
    apart: Collection[Recorded],
) -> Iterator[tuple[Recorded, list[Call]]]:
    """Results of which nothing but single rows is read, each once, and the calls that give the rows."""
    # what has parts is read as these too
    taken = {part.whole for part in lying.parts.values()} | {*apart} | lying.loose
    taken |= lying.views.keys() | lying.parts.keys()
    for call in calls:
        views = readers.get(call.result, [])
        rows = [row_of(view) for view in views]
        if views and call.result not in taken and None not in rows and len({*rows}) == len(rows):
            yield call.result, views


def _may_go_over(lying: Lying, call: Call, view: Call, apart: Collection[Recorded]) -> bool:
    """Whether a call may write its result where the view is that it reads."""
    x, y = view.result, call.result
    return (
        is_elementwise(call)
        and (y.shape, y.dtype) == (x.shape, x.dtype)
        and x.ndim > 0
        and np.asarray(y.example).strides == np.asarray(x.example).strides
        and y not in apart
        and y not in lying.parts
        and y not in lying.loose
    )


def _row(whole: Recorded, row: int | None) -> Part:
    assert row is not None  # noqa: S101 - a row is what row_of gave
    return Part(whole, slice(row, row + 1), True)


# --- whole concatenations over rows ------------------------------------------------------------------


def _place_joins_over_rows(
    lying: Lying, calls: Sequence[Call], apart: Collection[Recorded]
) -> None:
    """A concatenation in the memory of an array each of whose rows is read for the last time before."""
    made = {call.result: k for k, call in enumerate(calls)}
    touches = _touches(lying, calls)
    for call in calls:
        parts = list(parts_of(call))
        if not parts or call.result in apart or call.result in lying.loose:
            continue
        xs = [x for x, part in parts if isinstance(x, Recorded) and _is_at(lying, x, part)]
        if len(xs) < len(parts):
            continue
        times = [made[x] for x in xs]
        for whole in _alike(lying, calls, call, xs, apart):
            if all(_is_before(calls, touch, times) for touch in touches[whole]):
                lying.over[call.result] = whole
                lying.parts.update((x, _row(whole, row)) for row, x in enumerate(xs))
                break


def _is_at(lying: Lying, x: Recorded, place: Part) -> bool:
    part = lying.parts.get(x)
    return part is not None and part.whole is place.whole and part.rows == place.rows


def _alike(
    lying: Lying,
    calls: Sequence[Call],
    join: Call,
    xs: Sequence[Recorded],
    apart: Collection[Recorded],
) -> list[Recorded]:
    """The arrays with memory of their own that have a row for each of the parts, the latest first."""
    shape, used = (len(xs), *xs[0].shape), {*lying.over.values(), *apart, *lying.loose}
    found = [
        call.result
        for call in calls
        if call.result.shape == shape
        and call.result.dtype == join.result.dtype
        and lying.inside(call.result) is None
        and call.result not in used
        and not list(parts_of(call))
        and np.asarray(call.result.example).flags.c_contiguous
    ]
    return found[::-1]


class _Touch(NamedTuple):
    """A call that reads or writes an array, or one row of it; row is None for more than one."""

    call: int
    row: int | None
    writes: bool


def _touches(lying: Lying, calls: Sequence[Call]) -> dict[Recorded, list[_Touch]]:
    """By array with memory of its own: the calls that read or write it; to take a view is neither."""
    made = {call.result: call for call in calls}
    found: dict[Recorded, list[_Touch]] = defaultdict(list)
    for k, call in enumerate(calls):
        if call.result in lying.views:
            continue
        for x in call.reads:
            found[lying.owner(x)].append(_Touch(k, _row_of_owner(lying, made, x), False))
        x = call.result
        found[lying.owner(x)].append(_Touch(k, _row_of_owner(lying, made, x), True))
    return found


def _row_of_owner(lying: Lying, made: Mapping[Recorded, Call], x: Recorded) -> int | None:
    """Which row of its owner x lies in; None where it is more than one."""
    row = None
    while (whole := lying.inside(x)) is not None:
        row = None
        if x in lying.parts and lying.parts[x].is_row:
            row = lying.parts[x].rows.start
        elif x in lying.views:
            row = row_of(made[x])
        x = whole
    return row


def _is_before(calls: Sequence[Call], touch: _Touch, times: Sequence[int]) -> bool:
    """Whether a row, or all of them, is touched before its part is computed there, or read by that call."""
    if touch.row is None:
        return touch.call < min(times)
    time = times[touch.row]
    is_that_call = touch.call == time and is_elementwise(calls[time]) and not touch.writes
    return touch.call < time or is_that_call
