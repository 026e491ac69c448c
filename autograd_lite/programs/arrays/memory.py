"""Where the results of a program's calls lie: in buffers that are used again as soon as nobody reads them.

A *view* (a transpose, a slice) lies where its array does, and the parts of a concatenation are computed
where they end up.
"""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.programs.arrays.prepared import VIEWS
from autograd_lite.source.recorded import Recorded, recorded_in
from autograd_lite.source.recording import Call

_VIEWS: Final = {
    np.transpose, np.swapaxes, np.moveaxis, np.reshape, np.ravel, np.squeeze, np.expand_dims,
    np.broadcast_to, np.flip, np.diagonal, operator.getitem, *VIEWS,
}  # fmt: skip
"""Functions whose result may be a view of their first argument."""


class Form(NamedTuple):
    """What an array is like: its shape, its dtype, and its axes from the outermost in memory inwards."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    axes: tuple[int, ...]

    def empty(self) -> Any:
        """A new array of this form."""
        array = np.empty([self.shape[axis] for axis in self.axes], self.dtype)
        return array.transpose(np.argsort(self.axes)) if self.axes else array

    def fits(self, array: Any) -> bool:
        """Whether an array lies in memory as one of this form: the same views can be taken of it."""
        if self.axes == tuple(range(len(self.axes))):
            return bool(array.flags.c_contiguous and array.flags.aligned)
        return bool(array.flags.aligned and array.strides == self.empty().strides)

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return math.prod(self.shape) * self.dtype.itemsize


class Part(NamedTuple):
    """Rows of another result, in which a part of it is computed.

    rows  of a concatenation; of a stack the one row is the part itself
    """

    whole: Recorded
    rows: slice
    is_row: bool

    def of(self, whole: Any) -> Any:
        """The part of an array in the place of the whole."""
        return whole[self.rows.start, ...] if self.is_row else whole[self.rows]


@dataclass(eq=False)
class Memory:
    """What lies where.

    views    the results that are views of their call's first argument
    parts    by result that is computed inside another one: where
    loose    results without a place: several arrays, or one whose length depends on numbers
    buffers  the forms of all buffers
    place    by any other result: the number of its buffer
    """

    views: dict[Recorded, Recorded] = field(default_factory=dict)
    parts: dict[Recorded, Part] = field(default_factory=dict)
    loose: set[Recorded] = field(default_factory=set)
    buffers: list[Form] = field(default_factory=list)
    place: dict[Recorded, int] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Of all buffers together."""
        return sum(form.nbytes for form in self.buffers)

    def owner(self, x: Recorded) -> Recorded:
        """The result in whose memory x lies."""
        while x in self.views or x in self.parts:
            x = self.views[x] if x in self.views else self.parts[x].whole
        return x


def memory_of(
    calls: Sequence[Call], kept: Collection[Recorded], fresh: Collection[Recorded]
) -> Memory:
    """A place for each result of the calls.

    kept   results that are read after the last call
    fresh  results that get an array of their own in each run
    """
    memory = Memory()
    for call in calls:
        if _is_loose(call, memory.loose):
            memory.loose.add(call.result)
        elif is_view(call):
            memory.views[call.result] = call.args[0]
    _place_parts(memory, calls, {*kept, *fresh})
    _place_over_rows(memory, calls, {*kept, *fresh})
    _place_in_buffers(memory, calls, kept, {*fresh, *memory.loose})
    return memory


def is_view(call: Call) -> bool:
    """Whether the result is a view of the first argument's memory."""
    return (
        call.function in _VIEWS
        and isinstance(call.args[0], Recorded)
        and isinstance(call.result.example, np.ndarray)
        and isinstance(call.args[0].example, np.ndarray)
        and np.may_share_memory(call.result.example, call.args[0].example)
    )


def is_elementwise(call: Call) -> bool:
    """Whether each entry of the result is computed from the arguments' entries at its own place."""
    f = call.function
    return isinstance(f, np.ufunc) and f.signature is None and f.nout == 1


def parts_of(call: Call) -> Iterator[tuple[Any, Part]]:
    """What a concatenation along the first axis consists of, and where each lies; nothing of other calls."""
    if call.function not in {np.concatenate, np.stack} or {*call.options} - {"axis"}:
        return
    if call.options.get("axis", call.args[1] if len(call.args) > 1 else 0) != 0:
        return
    begin, is_row = 0, call.function is np.stack
    for x in call.args[0]:
        end = begin + (1 if is_row else np.shape(x)[0])
        yield x, Part(call.result, slice(begin, end), is_row)
        begin = end


def form_of(x: Recorded) -> Form:
    """The form of an array to come."""
    strides = getattr(x.example, "strides", ())
    axes = sorted(range(x.ndim), key=lambda axis: (-strides[axis], axis))
    return Form(x.shape, np.dtype(x.dtype), tuple(axes))


def _is_loose(call: Call, loose: Collection[Recorded]) -> bool:
    x = call.result
    if isinstance(x.example, (tuple, list)) or x.is_open or x.dtype is None:
        return True
    return is_view(call) and call.args[0] in loose


def _place_parts(memory: Memory, calls: Sequence[Call], apart: Collection[Recorded]) -> None:
    """The parts of each concatenation along the first axis that can be computed in place."""
    own = {call.result for call in calls} - memory.views.keys() - memory.loose - {*apart}
    for call in calls:
        if call.result in memory.loose:
            continue
        for x, part in parts_of(call):
            if isinstance(x, Recorded) and x in own and x not in memory.parts:
                if x.dtype == call.result.dtype and _lies_alike(x, part):
                    memory.parts[x] = part


def _lies_alike(x: Recorded, part: Part) -> bool:
    """Whether the place of a part has the strides of x: then the views of x are views of it."""
    there = part.of(np.asarray(part.whole.example))
    return bool(np.asarray(x.example).strides == there.strides)


def _place_over_rows(memory: Memory, calls: Sequence[Call], apart: Collection[Recorded]) -> None:
    """Results of calls that read a row for the last time, in its place: by entries, and nobody else reads it."""
    made = {call.result: call for call in calls}
    readers: dict[Recorded, list[Call]] = defaultdict(list)
    for call in calls:
        for x in recorded_in((call.args, call.options)):
            readers[x].append(call)
    # what has parts is read as these too
    taken = {part.whole for part in memory.parts.values()} | {*apart} | memory.loose
    taken |= memory.views.keys() | memory.parts.keys()
    for whole, views in list(readers.items()):
        if whole not in made or whole in taken:
            continue
        rows = [row_of(view) for view in views]
        if None in rows or len(set(rows)) < len(rows):
            continue
        for view, row in zip(views, rows, strict=True):
            [call] = readers[view.result] if len(readers[view.result]) == 1 else [None]
            if (
                call is not None
                and view.result not in apart
                and _goes_over(memory, call, view, apart)
            ):
                memory.parts[call.result] = Part(whole, slice(row, row + 1), True)


def _goes_over(memory: Memory, call: Call, view: Call, apart: Collection[Recorded]) -> bool:
    """Whether a call may write its result where the view is that it reads."""
    x, y = view.result, call.result
    return (
        is_elementwise(call)
        and (y.shape, y.dtype) == (x.shape, x.dtype)
        and x.ndim > 0
        and np.asarray(y.example).strides == np.asarray(x.example).strides
        and y not in apart
        and y not in memory.parts
        and y not in memory.loose
    )


def row_of(call: Call) -> int | None:
    """Which row of its first argument a call gives, counted from the front; None where it gives none."""
    if call.function is not operator.getitem or not isinstance(call.args[0], Recorded):
        return None
    index = call.args[1]
    row = index[0] if isinstance(index, tuple) and len(index) == 1 else index
    is_inside = type(row) is int and not call.result.is_open and 0 <= row < len(call.args[0])
    return row if is_inside else None


def _place_in_buffers(
    memory: Memory, calls: Sequence[Call], kept: Collection[Recorded], without: Collection[Recorded]
) -> None:
    born, dying = _lives(memory, calls, kept)
    free: dict[Form, list[int]] = defaultdict(list)
    for k, call in enumerate(calls):
        if is_elementwise(call):  # it may write over what it reads, entry by entry
            _release(memory, free, dying[k])
        for x in born[k]:
            if x not in without:
                memory.place[x] = _taken(memory, free, form_of(x))
        if not is_elementwise(call):
            _release(memory, free, dying[k])


def _lives(
    memory: Memory, calls: Sequence[Call], kept: Collection[Recorded]
) -> tuple[dict[int, list[Recorded]], dict[int, list[Recorded]]]:
    """By the number of a call: which results' memory is first written by it, and which last read."""
    first: dict[Recorded, int] = {}
    last: dict[Recorded, int] = {}
    for k, call in enumerate(calls):
        if call.result not in memory.views:  # which may be of an input
            first.setdefault(memory.owner(call.result), k)
        for x in (call.result, *recorded_in((call.args, call.options))):
            last[memory.owner(x)] = k
    for x in kept:
        last.pop(memory.owner(x), None)
    born, dying = defaultdict(list), defaultdict(list)
    for x, k in first.items():
        born[k].append(x)
    for x, k in last.items():
        dying[k].append(x)
    return born, dying


def _taken(memory: Memory, free: dict[Form, list[int]], form: Form) -> int:
    if free[form]:
        return free[form].pop()  # what was written last is still in the cache
    memory.buffers.append(form)
    return len(memory.buffers) - 1


def _release(memory: Memory, free: dict[Form, list[int]], dying: Sequence[Recorded]) -> None:
    for x in dying:
        if x in memory.place:
            free[memory.buffers[memory.place[x]]].append(memory.place[x])
