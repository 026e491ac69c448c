"""Calls that run: their arguments and memory are bound once, and a run is one loop over them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from autograd_lite.programs.arrays.batching import batched
from autograd_lite.programs.arrays.handing import HandedOut
from autograd_lite.programs.arrays.kinds import Part, is_view, parts_of
from autograd_lite.programs.arrays.lifting import lifted
from autograd_lite.programs.arrays.masked import has_nan, is_product
from autograd_lite.programs.arrays.memory import Form, Memory, form_of, memory_of
from autograd_lite.programs.arrays.prepared import Ready
from autograd_lite.programs.arrays.products import with_products
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.programs.arrays.writing_to import writing_to
from autograd_lite.source.recorded import Recorded, filled_in, recorded_in
from autograd_lite.source.recording import Call

_COPY: Final = 0.2e-9
_MAKE_READY: Final = 5e-6
"""Measured seconds: to copy a byte of an input, and to make one of the calls that read it ready anew."""
LARGE: Final = 1 << 12
"""From how many entries on a result is computed where it is handed out, instead of copied at the end."""


class Runner:
    """Results of a recording, computed from numbers of its inputs.

    inputs   the recording's inputs, in order
    results  what is computed: arrays to come, or numbers and arrays where nothing moves
    kept     inputs whose arrays stay the same from call to call, and are read where they lie

    >>> recording = SharedRecording()
    >>> x = recording.input("x", [1.0, 2.0])
    >>> run = Runner(recording, [x + 1.0])
    >>> run([np.array([3.0, 4.0])])
    [array([4., 5.])]
    """

    def __init__(
        self, recording: SharedRecording, results: Sequence[Any], kept: Collection[Recorded] = ()
    ) -> None:
        self.inputs, self.results = list(recording.inputs), results
        self.wanted = recorded_in(list(results))
        calls = lifted(recording, recording.calls_for(*self.wanted))
        calls = batched(recording, calls, {*self.wanted})
        self.calls = with_products(recording, calls, self.wanted)
        self.fresh = _fresh(self.calls, self.wanted)
        products = {id(call.result) for call in self.calls if is_product(call)}
        self.is_product = [id(x) in products for x in results]
        self.memory = memory_of(self.calls, self.wanted, self.fresh)
        self.readers = _readers(self.calls, self.memory, self.inputs)
        self.forms = list(map(form_of, self.inputs))
        self.is_copied = [
            x not in kept and form.nbytes * _COPY < len(readers) * _MAKE_READY
            for x, form, readers in zip(self.inputs, self.forms, self.readers, strict=True)
        ]
        self.copies: dict[int, Any] = {}
        self.lies: list[Any] = []
        self.known: dict[Recorded, Any] = {}
        self.ready: list[list[Ready]] = []
        self.steps: list[Ready] = []

    @property
    def nbytes(self) -> int:
        """The memory of a run: buffers, copies of inputs, and the results."""
        copies = [form for form, copied in zip(self.forms, self.is_copied, strict=True) if copied]
        results = [form_of(x) for x in self.wanted if x not in self.memory.lying.loose]
        return self.memory.nbytes + sum(form.nbytes for form in (*copies, *results))

    def __call__(self, arrays: Sequence[Any]) -> list[Any]:
        """The results, as arrays of the caller's."""
        with np.errstate(all="ignore"):
            self.take(arrays)
            for step in self.steps:
                step()
        return [self.result(x) for x in self.results]

    def has_nan(self, found: Sequence[Any], begin: int) -> bool:
        """Whether nan is among the results from this one on."""
        return any(
            has_nan(d, is_product)
            for d, is_product in zip(found[begin:], self.is_product[begin:], strict=True)
        )

    def take(self, arrays: Sequence[Any]) -> None:
        """Let the calls read the inputs, where they lie or as copies."""
        if not self.known:
            self.bind([self.readable(k, x) for k, x in enumerate(arrays)])
            return
        for k, (x, lies) in enumerate(zip(arrays, self.lies, strict=True)):
            if x is not lies and (readable := self.readable(k, x)) is not lies:
                self.read(k, readable)

    def read(self, k: int, x: Any) -> None:
        """Let the calls that read input k read this array."""
        self.lies[k] = self.known[self.inputs[k]] = x
        for reader in self.readers[k]:
            self.ready[reader] = self.made_ready(self.calls[reader])
        self.steps = [step for steps in self.ready for step in steps]

    def readable(self, k: int, x: Any) -> Any:
        """The array in which the calls read input k."""
        if not self.is_copied[k] and self.forms[k].fits(x):
            return x
        if k not in self.copies:
            self.copies[k] = self.forms[k].empty()
        np.copyto(self.copies[k], x)
        return self.copies[k]

    def bind(self, arrays: Sequence[Any]) -> None:
        """Make the calls ready, with the inputs in these arrays."""
        self.lies = list(arrays)
        self.known = dict(zip(self.inputs, arrays, strict=True))
        buffers = [form.empty() for form in self.memory.buffers]
        for x, place in self.memory.place.items():
            self.known[x] = buffers[place]
        for x in (*self.memory.lying.parts, *self.memory.lying.over):
            self.known[x] = self.inside(x)
        self.ready = list(map(self.made_ready, self.calls))
        self.steps = [step for steps in self.ready for step in steps]

    def inside(self, x: Recorded) -> Any:
        """The memory of a part, or of a concatenation over other rows; these may lie in a part themselves."""
        if x in self.memory.lying.over:
            return self.inside(self.memory.lying.over[x]).reshape(x.shape)
        part = self.memory.lying.parts.get(x)
        return self.known[x] if part is None else part.of(self.inside(part.whole))

    def made_ready(self, call: Call) -> list[Ready]:
        """What a run does for a call: nothing for a view."""
        if call.result in self.memory.lying.loose or any(map(self.is_late, call.reads)):
            return [self.late(call)]
        args, options = (filled_in(x, self.known.__getitem__) for x in (call.args, call.options))
        if call.result in self.memory.lying.over:
            return []
        if call.result in self.memory.lying.views:
            self.known[call.result] = call.function(*args, **options)
            return []
        if call.result in self.fresh:
            self.known[call.result] = fresh = _Fresh(
                form_of(call.result), call.function, args, options
            )
            return [fresh]
        if parts := list(parts_of(call)):
            return self.joined(call, parts)
        return [writing_to(self.known[call.result], call.function, args, options)]

    def joined(self, call: Call, parts: list[tuple[Any, Part]]) -> list[Ready]:
        """Copies of the parts that were not computed in place."""
        whole = self.known[call.result]
        return [
            partial(
                np.copyto, part.of(whole), self.known.get(x, x) if isinstance(x, Recorded) else x
            )
            for x, part in parts
            if not (isinstance(x, Recorded) and self.is_in(x, part))
        ]

    def is_in(self, x: Recorded, place: Part) -> bool:
        """Whether x was computed at this place."""
        part = self.memory.lying.parts.get(x)
        return part is not None and part.whole is place.whole and part.rows == place.rows

    def is_late(self, x: Recorded) -> bool:
        return isinstance(self.known.get(x), _Late)

    def late(self, call: Call) -> Ready:
        """A call whose arguments or result have no fixed place."""
        late = _Late(call, self.known)
        out = self.known.get(call.result)
        if isinstance(out, np.ndarray):  # but for one that is late itself, made ready anew
            return lambda: np.copyto(out, late.value())
        self.known[call.result] = late
        return late

    def result(self, x: Any) -> Any:
        if not isinstance(x, Recorded):
            return np.array(x)
        known = self.known[x]
        return known.taken() if isinstance(known, (_Fresh, _Late)) else known.copy()


class _Fresh:
    """A call that computes into an array that is handed out, at each run into one that nobody holds."""

    def __init__(self, form: Form, *call: Any) -> None:
        self.call, self.array, self.handed_out = call, None, HandedOut(form)

    def __call__(self) -> None:
        self.array = self.handed_out.array()
        writing_to(self.array, *self.call)()

    def taken(self) -> Any:
        array, self.array = self.array, None
        return array


class _Late:
    """A call whose arguments are looked up when it runs."""

    def __init__(self, call: Call, known: dict[Recorded, Any]) -> None:
        self.call, self.known, self.array = call, known, None

    def __call__(self) -> None:
        self.array = self.value()

    def value(self) -> Any:
        args, options = (filled_in(x, self.look_up) for x in (self.call.args, self.call.options))
        return self.call.function(*args, **options)

    def look_up(self, x: Recorded) -> Any:
        known = self.known[x]
        return known.array if isinstance(known, _Late) else known

    def taken(self) -> Any:
        return np.array(self.array)


def _readers(calls: Sequence[Call], memory: Memory, inputs: Sequence[Recorded]) -> list[list[int]]:
    """By input: the numbers of the calls that read it or a view of it, and of those that make the views."""
    readers: dict[Recorded, list[int]] = {x: [] for x in inputs}
    for k, call in enumerate(calls):
        for x in dict.fromkeys(map(memory.lying.owner, call.reads)):
            if x in readers:
                readers[x].append(k)
    return list(readers.values())


def _fresh(calls: Sequence[Call], wanted: Sequence[Recorded]) -> set[Recorded]:
    """Which results are large, computed by a call of their own, and read by no other."""
    read = {x for call in calls for x in call.reads}
    made = {call.result for call in calls if not is_view(call) and not list(parts_of(call))}
    return {
        x
        for x in wanted
        if x in made - read
        and not x.is_open
        and x.size >= LARGE
        and sum(y is x for y in wanted) == 1
    }
