"""Equal calls on small arrays as one call on stacks of them: what NumPy asks for a call is paid once.

The slopes of all time steps are such calls, and what each step adds to a gradient.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from autograd_lite.programs.arrays.chains import sunk, with_sums
from autograd_lite.programs.arrays.kinds import is_elementwise
from autograd_lite.programs.arrays.sharing import SharedRecording, key_of
from autograd_lite.programs.arrays.stacks import FEW, Stacks, calls_for, is_small, uses_of
from autograd_lite.source.looking import slope_of_sigmoid, slope_of_tanh
from autograd_lite.source.recorded import Recorded, recorded_in
from autograd_lite.source.recording import Call

_BY_ENTRY: Final = {slope_of_tanh, slope_of_sigmoid}
"""Functions that are no ufuncs, and compute each entry from those at its own place."""


def batched(
    recording: SharedRecording, calls: Sequence[Call], wanted: Collection[Recorded]
) -> list[Call]:
    """The calls, with one on stacks in place of equal ones whose arguments are all there before it is needed.

    wanted  results that are handed out
    """
    found, forms = sunk(calls, wanted), dict[Call, _Form]()
    while group := _largest(found, wanted, forms):
        found = _as_one(recording, found, group, wanted)
    return with_sums(recording, found, wanted)


@dataclass
class _Group:
    """Calls that differ in some arguments alone, all of which are there before the first result is read.

    places  which arguments differ
    needed  the number of the first call that reads a result
    calls   the calls' numbers
    """

    places: tuple[int, ...]
    needed: int
    calls: dict[int, None] = field(default_factory=dict)

    def takes(self, needs: Sequence[int]) -> bool:
        """Whether a call that needs the results of these calls can be one of the group."""
        return max(needs) < self.needed and self.calls.keys().isdisjoint(needs)

    def differing(self, calls: Sequence[Call]) -> list[list[Any]]:
        """By place: the arguments of all calls."""
        return [[calls[k].args[place] for k in self.calls] for place in self.places]

    def same(self, calls: Sequence[Call]) -> list[Recorded]:
        """The arguments in which the calls agree."""
        args = calls[next(iter(self.calls))].args
        return recorded_in([x for place, x in enumerate(args) if place not in self.places])


class _Form(NamedTuple):
    """What is asked of a call in each search, found once.

    arrays  which arguments may differ
    same    by argument: what equal ones have in common
    rest    what else equal calls have in common
    """

    arrays: tuple[int, ...]
    same: tuple[Hashable, ...]
    rest: tuple[Hashable, ...]

    @classmethod
    def of(cls, call: Call) -> _Form:
        shape, dtype = call.result.shape, call.result.dtype
        arrays = tuple(
            k
            for k, x in enumerate(call.args)
            if is_small(x) and x.shape == shape and x.dtype == dtype
        )
        rest = call.function, key_of(call.options), shape, str(dtype)
        return cls(arrays, tuple(map(key_of, call.args)), rest)

    def keys(
        self, call: Call, uses: Mapping[Recorded, int]
    ) -> Iterator[tuple[Hashable, tuple[int, ...]]]:
        """What equal calls have in common when these arguments may differ: all arrays, or all but one.

        uses  how often an array is read: one that many calls share is read by them all
        """
        for kept in (None, *(k for k in self.arrays if uses[call.args[k]] >= FEW)):
            if places := tuple(k for k in self.arrays if k != kept):
                args = [None if k in places else key for k, key in enumerate(self.same)]
                yield (*self.rest, *args, places), places


_Forms: TypeAlias = dict[Call, _Form]


def _largest(calls: Sequence[Call], wanted: Collection[Recorded], forms: _Forms) -> _Group | None:
    """The largest group whose arguments can be rows of stacks in time; None where none is worth it."""
    stacks = Stacks(calls, wanted)
    groups = sorted(_groups(calls, wanted, stacks, forms), key=lambda group: -len(group.calls))
    return next((group for group in groups if _ready(calls, group, stacks) is not None), None)


def _ready(calls: Sequence[Call], group: _Group, stacks: Stacks) -> int | None:
    """After which call all arguments are there, as rows where they differ; None where that is too late."""
    ready = [stacks.made.get(x, -1) for x in group.same(calls)]
    for xs in group.differing(calls):
        if (rows := stacks.ready(xs)) is None:
            return None
        ready.append(rows)
    return last if (last := max(ready)) < group.needed else None


def _groups(
    calls: Sequence[Call], wanted: Collection[Recorded], stacks: Stacks, forms: _Forms
) -> list[_Group]:
    """The groups worth a stack, their calls in the order in which the first differing arguments are made."""
    first_read, uses, made = _first_read(calls), uses_of(calls), stacks.made
    latest: dict[Hashable, _Group] = {}
    found: list[_Group] = []
    for k, call in enumerate(calls):
        if call.result in wanted or not _is_small(call):
            continue
        needs = [made.get(x, -1) for x in call.reads]
        if (form := forms.get(call)) is None:
            form = forms[call] = _Form.of(call)
        for common, places in form.keys(call, uses):
            if not all(call.args[place] in made for place in places):
                continue  # an input lies where the caller has it
            key = common, *(stacks.whole_of(call.args[place]) for place in places)
            if key not in latest or not latest[key].takes(needs):
                latest[key] = _Group(places, len(calls))
                found.append(latest[key])
            latest[key].calls[k] = None
            latest[key].needed = min(latest[key].needed, first_read.get(call.result, len(calls)))
    worth = [group for group in found if len(group.calls) >= FEW]
    for group in worth:
        order = {k: made[calls[k].args[group.places[0]]] for k in group.calls}
        group.calls = dict.fromkeys(sorted(order, key=order.__getitem__))
    return worth


def _first_read(calls: Sequence[Call]) -> dict[Recorded, int]:
    """By array: the number of the first call that reads it."""
    found: dict[Recorded, int] = {}
    for k, call in enumerate(calls):
        for x in call.reads:
            found.setdefault(x, k)
    return found


def _is_small(call: Call) -> bool:
    """Whether a call computes a small array entry by entry."""
    return (is_elementwise(call) or call.function in _BY_ENTRY) and is_small(call.result)


def _as_one(
    recording: SharedRecording, calls: Sequence[Call], group: _Group, wanted: Collection[Recorded]
) -> list[Call]:
    """The calls with one for the whole group, and its rows in place of each."""
    stacks, first = Stacks(calls, wanted), calls[next(iter(group.calls))]
    ready = _ready(calls, group, stacks)
    assert ready is not None  # noqa: S101 - it was asked before
    args = list(first.args)
    for place, xs in zip(group.places, group.differing(calls), strict=True):
        args[place] = stacks.stacked(recording, xs)
    whole = recording.note(first.function, *args, **first.options)
    new = calls_for(recording, whole, stacks.made)
    for row, k in enumerate(group.calls):
        result = calls[k].result
        result.example = whole.example[row]
        new.append(Call(operator.getitem, (whole, row), {}, result))
    found: list[Call] = [] if ready >= 0 else new
    for k, call in enumerate(calls):
        if k not in group.calls:
            found.append(call)
        if k == ready:
            found += new
    return found
