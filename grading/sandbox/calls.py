"""What is asked of a student's file, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

RunStatus: TypeAlias = Literal["ok", "timeout", "memory", "crash", "refused", "output"]
ResultStatus: TypeAlias = Literal["ok", "missing", "error", "memory", "refused", "lost"]


@dataclass(frozen=True)
class Call:
    """One call of a function by its name.

    args, kwargs  None, bools, numbers, strings, lists, tuples, dictionaries with strings as keys, and arrays

    >>> Call("grad_W", ([[1.0, 2.0]],), {"rate": 0.1}).function
    'grad_W'
    """

    function: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What one call, or one variable of a notebook, gave.

    status  ok, missing (no such name), error (it raised), memory, refused (no plain value came back),
            lost (the run ended before)
    value   plain data, of exactly Python's own types, or an array of numbers; None where status is not ok
    error   one line for the student where status is not ok

    A value is what the student's process *says* it is, and may be anything: whoever grades compares it.
    """

    status: ResultStatus
    value: Any = None
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.status == "ok"


@dataclass(frozen=True)
class Outcome:
    """What running a student's file gave.

    status     ok      the file ran, and each call has its own result
               timeout, memory, output  it used more than its limits of time, memory, printing or results
               crash   the file does not run, or its process died
               refused what came back was no proper message, or the file cannot be taken
    results    one for each call, in their order, whatever the status
    variables  of a notebook: one for each name
    printed    what the code printed, cut at the limit
    error      one line for the student where status is not ok
    tier       what it ran in
    seconds    by the clock, start-up included
    """

    status: RunStatus
    results: tuple[Result, ...] = ()
    variables: Mapping[str, Result] = field(default_factory=dict)
    printed: str = ""
    error: str = ""
    tier: str = ""
    seconds: float = 0.0
