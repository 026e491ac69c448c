"""What a thread has switched on while it builds a graph: no_grad, a scope, source lines, traces, watches.

The modes are per thread, and per task of asyncio. `ACTIVE` is empty when no thread has any, which is all
an operation looks at in the ordinary case: that keeps modes free of charge for those who do not use them.
Traces and watches alone are of all threads: a function that is differentiated or recorded may hand its nodes
to others.
"""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

from autograd_lite.errors import OperandError, brief
from autograd_lite.frames import line_of, users_frame
from autograd_lite.node import Node
from autograd_lite.watches import Watch, begin, current, end, note_all

ACTIVE: Final[list[object]] = []


class Traced(NamedTuple):
    """The arguments that a running grad, jacobian, … differentiates by.

    sources  the nodes
    since    the number of the first of them: what is older depends on none
    """

    sources: Collection[Any]
    since: int


_traces: tuple[Traced, ...] = ()  # replaced as a whole: other threads may be walking it
_traces_lock: Final = threading.Lock()


_recording: Final = ContextVar("recording", default=True)
_scope: Final[ContextVar[str | None]] = ContextVar("scope", default=None)
_lines: Final = ContextVar("lines", default=False)


class _Modes:
    """The modes of this thread and, under asyncio, of this task: others run while it waits."""

    @property
    def recording(self) -> bool:
        return _recording.get()

    @property
    def scope(self) -> str | None:
        return _scope.get()

    @property
    def lines(self) -> bool:
        return _lines.get()

    @property
    def traces(self) -> tuple[Traced, ...]:
        """Of every derivative that is being taken, in any thread."""
        return _traces


MODES: Final = _Modes()


@contextmanager
def _switched(mode: ContextVar[bool], on: bool) -> Iterator[None]:
    before, token = mode.get(), object()
    ACTIVE.append(token)
    mode.set(on)
    try:
        yield
    finally:
        mode.set(before)
        ACTIVE.remove(token)


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: results inside are constants. Also a decorator; per thread and asyncio task.

    >>> from autograd_lite import Value
    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """
    with _switched(_recording, False):
        yield


@contextmanager
def recording() -> Iterator[None]:
    """Record also inside `no_grad()`: derivatives asked for there need the graph of their function."""
    if MODES.recording:
        yield
    else:
        with _switched(_recording, True):
            yield


@contextmanager
def traced(sources: Collection[Any]) -> Iterator[None]:
    """Note that derivatives by these nodes are being taken: numbers that depend on them may not leave."""
    global _traces  # noqa: PLW0603 - of the whole process
    trace = Traced(sources, min((x.number for x in sources), default=0))
    with _traces_lock:
        _traces = (*_traces, trace)
    try:
        yield
    finally:
        with _traces_lock:
            _traces = tuple(other for other in _traces if other is not trace)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Tell `watch` which numbers leave the graph, here and in the threads that nodes are handed to."""
    before = current.get()
    with _traces_lock:
        begin(watch)
    ACTIVE.append(watch)
    current.set(watch)
    try:
        yield
    finally:
        current.set(before)
        ACTIVE.remove(watch)
        with _traces_lock:
            end(watch)


class scope:  # noqa: N801 - used like a function
    """Leave a dotted module name on every node made inside, so pictures can fold by module.

    A class rather than a generator: every call of a module enters one, so it takes half a microsecond.

    >>> from autograd_lite import Value
    >>> with scope("encoder"), scope("linear") as dotted:
    ...     (Value(2.0) * 3.0).scope, dotted
    ('encoder.linear', 'encoder.linear')
    """

    __slots__ = ("_before", "_name")

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise OperandError(f"a scope's name is text, not {brief(name)}")
        self._name = name
        self._before: list[str | None] = []

    def __enter__(self) -> str:
        before = _scope.get()
        self._before.append(before)  # a list: a module may call itself
        dotted = self._name if before is None else f"{before}.{self._name}"
        _scope.set(dotted)
        ACTIVE.append(self)
        return dotted

    def __exit__(self, *error: object) -> None:
        _scope.set(self._before.pop())
        ACTIVE.remove(self)


@contextmanager
def record_lines() -> Iterator[None]:
    """Remember for every node made inside the line of the user's source that made it.

    `trace_nan` and error messages show the line. Costs about a microsecond a node, hence a mode.

    >>> from autograd_lite import Value
    >>> with record_lines():
    ...     y = Value(2.0) * 3.0
    >>> source_line(y)
    '<doctest autograd_lite.modes.record_lines[1]>, line 2'
    """
    with _switched(_lines, True):
        yield


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause Python's cyclic garbage collector while a very large graph is built.

    A graph has no reference cycles and needs no collector, yet each live node is visited again at every
    collection: at a million nodes that is half of the time. Process-wide while inside.

    >>> from autograd_lite import Value
    >>> with collector_paused():
    ...     y = Value(0.5)
    ...     for _ in range(1000):
    ...         y = y * 1.0001
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def apply_modes(node: Node, constant: Any) -> None:
    """Apply this thread's modes to a node just made; `constant` is the rule of what is not recorded."""
    if not _recording.get():
        if current.get() is not None:
            note_all(node.operands, "no_grad")
        node.rule, node.left, node.right, node.rest = constant, None, None, ()
    node.scope = _scope.get()
    if _lines.get():
        _LINES[node] = line_of(users_frame(sys._getframe(1)))


def source_line(node: Node) -> str | None:
    """The user's line that made `node`, if it was made under `record_lines()`; else None.

    >>> from autograd_lite import Value
    >>> source_line(Value(1.0)) is None
    True
    """
    # by identity: a lookup would compare numbers, where an array has no truth and nan is not itself
    return next((line for key, line in list(_LINES.items()) if key is node), None)


_LINES: Final[weakref.WeakKeyDictionary[Any, str]] = weakref.WeakKeyDictionary()
