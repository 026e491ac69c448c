"""What variables are called in a model's source: watched while torch runs it, left as marks in its graph.

A mark is an operator of this project, `autograd_lite::named(tensor, name, depth)`, that computes
nothing. It is made for every local variable that gets a new tensor, in functions of the user's files;
depth is how many of them are running.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import FrameType
from typing import Any, Final

from autograd_lite.interop.pytorch.lines import is_users

NAMED: Final = "autograd_lite.named.default"
DETACHED: Final = "autograd_lite.detached.default"
CHECKED: Final = "autograd_lite.checked.default"

_INTERNAL: Final = re.compile(r"[/\\]torch[/\\]_")
"""Files in which torch has Functions for its export itself."""

Trace = Callable[[FrameType, str, Any], Any]


@lru_cache(maxsize=1)
def marks() -> Any:
    """The library in which torch finds the two operators; it lives as long as the process."""
    import torch

    library = torch.library.Library("autograd_lite", "FRAGMENT")
    library.define("named(Tensor x, str name, int depth) -> ()")
    library.impl("named", lambda x, name, depth: None, "CompositeExplicitAutograd")
    library.define("detached(Tensor x) -> Tensor")
    library.impl("detached", lambda x: x.detach().clone(), "CompositeExplicitAutograd")
    library.define("checked(Tensor x, bool expected) -> ()")
    library.impl("checked", lambda x, expected: None, "CompositeExplicitAutograd")
    for mark in (torch.ops.autograd_lite.named, torch.ops.autograd_lite.checked):
        torch.fx.node.has_side_effect(mark.default)
    return library


class Watch:
    """What is seen of the user's functions while torch runs them.

    own_backward  the classes of torch.autograd.Function that were applied, each with its line
    """

    def __init__(self) -> None:
        import torch

        marks()
        self._tensor = torch.Tensor
        self._context = torch.autograd.function.FunctionCtx
        self._mark = torch.ops.autograd_lite.named
        self._depth = 0
        self.own_backward: list[str] = []

    @contextmanager
    def on(self) -> Iterator[None]:
        """Watch what this thread runs inside."""
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, arg: object) -> Trace | None:
        """A function begins: the user's are followed line by line, with what they are given as known."""
        code = frame.f_code
        if self._has_own_backward(frame):
            self.own_backward.append(_users_place(frame))
        if not is_users(code.co_filename) or code.co_name.startswith("<"):
            return None
        known = {name: _state(x) for name, x in self._tensors(frame)}
        self._depth += 1
        depth = self._depth

        def followed(frame: FrameType, event: str, arg: object) -> Trace:
            self._note(frame, known, depth)
            if event == "return":
                self._depth = depth - 1
            return followed

        return followed

    def _has_own_backward(self, frame: FrameType) -> bool:
        """Whether it is the forward of a torch.autograd.Function: the user's, or one that torch offers."""
        code = frame.f_code
        offered = code.co_varnames[:1] == ("ctx",) and _INTERNAL.search(code.co_filename) is None
        if not offered and not is_users(code.co_filename):
            return False  # asking for the locals of every function would be slow
        return isinstance(next(iter(frame.f_locals.values()), None), self._context)

    def _note(self, frame: FrameType, known: dict[str, Any], depth: int) -> None:
        for name, x in self._tensors(frame):
            if known.get(name) != (state := _state(x)):
                known[name] = state
                self._mark(x, name, depth)

    def _tensors(self, frame: FrameType) -> list[tuple[str, Any]]:
        tensors = [(k, x) for k, x in frame.f_locals.items() if isinstance(x, self._tensor)]
        return [(name, x) for name, x in tensors if name.isidentifier()]


def _users_place(frame: FrameType) -> str:
    """The function itself where it is the user's, else the user's line that led to it."""
    code = frame.f_code
    if is_users(code.co_filename):
        return f"{code.co_filename}, line {code.co_firstlineno}, in {code.co_name}"
    caller: FrameType | None = frame
    while caller is not None and not is_users(caller.f_code.co_filename):
        caller = caller.f_back
    there = f"{code.co_filename}, in {code.co_name}"
    if caller is None:
        return there
    return f"{caller.f_code.co_filename}, line {caller.f_lineno}, in {caller.f_code.co_name}"


def _state(x: Any) -> tuple[int, int]:
    """What changes when a variable gets another tensor, or its tensor is written to."""
    return id(x), x._version
