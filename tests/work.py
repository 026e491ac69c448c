"""How much work a call is, counted and not timed: a test must not depend on how busy the machine is."""

import sys
from collections.abc import Callable
from typing import Any

from autograd_lite.modes import collector_paused


def calls_of(function: Callable[[], Any]) -> tuple[Any, int]:
    """What a function returns, and how many calls of Python functions and of C functions that took.

    The collector waits meanwhile: what it calls, and when, depends on all that ran before.
    """
    count = 0

    def note(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    with collector_paused():
        sys.setprofile(note)
        try:
            return function(), count
        finally:
            sys.setprofile(before)
