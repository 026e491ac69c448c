"""What follows the recording of a program: it is told of each number that leaves the graph meanwhile.

A program repeats the operations of one call. A number that was taken out of the graph there, for an `if`, a
mask, an index, would stay what it was in that call: so each way out tells the watch, with the user's line. A
change that is no operation, as that of running statistics, is refused before it is made.

Whoever asks does so only while some mode is active (`modes.ACTIVE`), so that nobody else pays. Comparisons
are recorded in the thread that records the program; in others, which it hands its nodes to, they are noted.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from contextvars import ContextVar
from typing import Any, Final, Protocol

from autograd_lite.errors import OperandError
from autograd_lite.frames import line_of, users_frame
from autograd_lite.node import Node


class Watch(Protocol):
    """Follows the recording of one program.

    sources  the inputs
    since    the number of the first of them: what is older does not depend on any
    """

    @property
    def sources(self) -> Collection[Any]: ...
    @property
    def since(self) -> int: ...
    def note(self, node: Node, how: str, frame: Any) -> None: ...


current: Final[ContextVar[Watch | None]] = ContextVar("watch", default=None)
"""The watch of the program that this thread (and, under asyncio, this task) is recording."""

_all: tuple[Watch, ...] = ()  # of every thread; replaced as a whole: others may be walking it


def begin(watch: Watch) -> None:
    """Tell `watch` from now on; who calls this holds a lock."""
    global _all  # noqa: PLW0603 - of the whole process
    _all = (*_all, watch)


def end(watch: Watch) -> None:
    """Tell `watch` no more; who calls this holds a lock."""
    global _all  # noqa: PLW0603 - as above
    _all = tuple(other for other in _all if other is not watch)


def note(node: Any, how: str) -> bool:
    """Note that the number of `node` leaves the graph; says whether this thread is recording a program.

    how  a key of what `programs.watching` says about it
    """
    if not _all:
        return False
    own, frame = current.get(), sys._getframe(1)
    for watch in _all:
        if watch is own or depends(node, watch.sources, watch.since):
            watch.note(node, how, frame)
    return own is not None


def note_all(operands: Iterable[Any], how: str) -> None:
    """Note that the numbers of the nodes among these leave the graph."""
    for x in operands:
        if isinstance(x, Node):
            note(x, how)


def read(x: Any, how: str) -> Any:
    """The number or array of x, as `plain(x)`, for what decides by it how the graph goes on: it is noted."""
    if not isinstance(x, Node):
        return x
    if _all and x.requires_grad:
        note(x, how)
    return x._data


def refuse_change(what: str, instead: str) -> None:
    """Raise OperandError where a program is being recorded: `what` would change, which is no operation."""
    if current.get() is not None:
        line = line_of(users_frame(sys._getframe(1)))
        raise OperandError(
            f"{line}: {what} would change while a program is recorded, and the program would leave it "
            f"as it is: {instead}"
        )


def refuse_writing(leaf: Any) -> None:
    """Raise OperandError where an input of the program being recorded is written to, or an older leaf."""
    watch = current.get()
    if watch is not None and (leaf.number < watch.since or leaf in watch.sources):
        refuse_change(
            f"the numbers of {leaf.describe()}",
            "write to it outside of the function, and record only what is computed from it",
        )


def depends(node: Any, sources: Collection[Any], since: int = 0) -> bool:
    """Whether `node` was computed from one of the sources, all of which have numbers from `since` on."""
    seen, walk = {node}, [node]
    while walk:
        x = walk.pop()
        if x in sources:
            return True
        for parent in x.parents:
            if parent.number >= since and parent not in seen:
                seen.add(parent)
                walk.append(parent)
    return False
