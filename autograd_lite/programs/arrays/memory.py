"""Where the results of a program's calls lie: in buffers that are used again as soon as nobody reads them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autograd_lite.programs.arrays.kinds import is_elementwise
from autograd_lite.programs.arrays.lying import Lying, lying_of
from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import Call


class Form(NamedTuple):
    """What an array is like: its shape, its dtype, and its axes from the outermost in memory inwards."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    axes: tuple[int, ...]

    def empty(self) -> Any:
        """A new array of this form."""
        return self.over(self.memory())

    def memory(self) -> Any:
        """A new array that owns memory for one of this form."""
        return np.empty([self.shape[axis] for axis in self.axes], self.dtype)

    def over(self, memory: Any) -> Any:
        """An array of this form over such memory."""
        return memory.transpose(np.argsort(self.axes)) if self.axes else memory.view()

    def fits(self, array: Any) -> bool:
        """Whether an array lies in memory as one of this form: the same views can be taken of it."""
        if self.axes == tuple(range(len(self.axes))):
            return bool(array.flags.c_contiguous and array.flags.aligned)
        return bool(array.flags.aligned and array.strides == self.empty().strides)

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return math.prod(self.shape) * self.dtype.itemsize


@dataclass(eq=False)
class Memory:
    """What lies where.

    lying    what lies inside other results, or has no place
    buffers  the forms of all buffers
    place    by any other result: the number of its buffer
    """

    lying: Lying
    buffers: list[Form] = field(default_factory=list)
    place: dict[Recorded, int] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Of all buffers together."""
        return sum(form.nbytes for form in self.buffers)


def memory_of(
    calls: Sequence[Call], kept: Collection[Recorded], fresh: Collection[Recorded]
) -> Memory:
    """A place for each result of the calls.

    kept   results that are read after the last call
    fresh  results that get an array of their own in each run
    """
    lying = lying_of(calls, {*kept, *fresh})
    memory = Memory(lying)
    _place_in_buffers(memory, calls, kept, {*fresh, *lying.loose})
    return memory


def form_of(x: Recorded) -> Form:
    """The form of an array to come."""
    strides = getattr(x.example, "strides", ())
    axes = sorted(range(x.ndim), key=lambda axis: (-strides[axis], axis))
    return Form(x.shape, np.dtype(x.dtype), tuple(axes))


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
        if call.result not in memory.lying.views:  # which may be of an input
            first.setdefault(memory.lying.owner(call.result), k)
        for x in (call.result, *call.reads):
            last[memory.lying.owner(x)] = k
    for x in kept:
        last.pop(memory.lying.owner(x), None)
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
