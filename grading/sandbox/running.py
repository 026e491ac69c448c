"""Strangers' code run apart, and only values taken from it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd_lite.errors import SandboxError
from grading.sandbox import message, tiers, wire
from grading.sandbox.calls import Call, Outcome
from grading.sandbox.launching import Asked, Tier, launch
from grading.sandbox.limits import Limits
from grading.sandbox.process import Ended

_DEFAULT = Limits()
_KILLED = 9


def run(
    source: str | bytes,
    calls: Sequence[Call],
    *,
    tier: Tier | None = None,
    limits: Limits = _DEFAULT,
    driver: str = "",
) -> Outcome:
    """Runs a student's file in a process of its own, makes the calls there, and returns their values.

    source  the file's text, or its bytes as they were handed in; it is compiled in the child alone
    calls   of functions that the file defines, in order, in one process
    tier    A, B or C; None is the best that works here
    driver  text of our own that runs beside the file: it finds it as `submission`, and the calls are of
            functions of the driver. The file can read it and change it: nothing in it may be secret, and
            what it returns is no more to be trusted than the student's own values

    >>> outcome = run("def slope(x): return 2*x", [Call("slope", (3.0,)), Call("f")])
    >>> outcome.results[0].value, outcome.results[1].error
    (6.0, 'there is no f in your file')

    Raises `SandboxError` where the tier does not work here, or an argument cannot be sent.
    """
    data, is_text = _bytes(source)
    asked = Asked(calls=_sendable(calls), driver=driver, is_text=is_text)
    return _run(asked, data, tier, limits)


def run_cells(
    cells: Sequence[str],
    variables: Sequence[str] = (),
    *,
    calls: Sequence[Call] = (),
    tier: Tier | None = None,
    limits: Limits = _DEFAULT,
    driver: str = "",
) -> Outcome:
    """Runs a notebook's cells in order, and returns the values of variables and of calls.

    A statement that fails costs only itself; `Outcome.error` names where that was.

    >>> run_cells(["a = 2", "b = a/0", "c = a + 1"], ["c"]).variables["c"].value
    3
    """
    data = [_bytes(cell)[0].decode("utf-8", "surrogatepass") for cell in cells]
    asked = Asked(_sendable(calls), list(variables), data, driver)
    return _run(asked, b"", tier, limits)


def _bytes(source: str | bytes) -> tuple[bytes, bool]:
    if isinstance(source, str):
        return source.encode("utf-8", "surrogatepass"), True
    return bytes(source), False


def _sendable(calls: Sequence[Call]) -> list[tuple[str, list[Any], dict[str, Any]]]:
    try:
        return [
            (
                c.function,
                [wire.encode(x) for x in c.args],
                {k: wire.encode(v) for k, v in c.kwargs.items()},
            )
            for c in calls
        ]
    except wire.WireError as error:
        raise SandboxError(
            f"an argument cannot be sent to the student's function: {error}"
        ) from None


def _run(asked: Asked, source: bytes, tier: Tier | None, limits: Limits) -> Outcome:
    began = time.monotonic()
    size = len(source) + sum(len(cell) for cell in asked.cells or ())
    if size > limits.source:
        says = f"the file has {size:,} bytes; {limits.source:,} are taken"
        return message.lost("refused", says, len(asked.calls), asked.variables)
    chosen = tier or tiers.best_tier()
    try:
        ended = launch(chosen, asked, source, limits)
    except OSError as error:
        raise SandboxError(f"tier {chosen} could not be started: {error}") from error
    if not ended.started:
        says = tiers.complaint(ended.complaint) or f"it ended with {ended.code}"
        raise SandboxError(f"tier {chosen} does not work here: {says}; see `flowgrade doctor`")
    outcome = _outcome(ended, asked, limits)
    seconds = time.monotonic() - began
    return replace(outcome, printed=_printed(ended, limits), tier=chosen, seconds=seconds)


def _outcome(ended: Ended, asked: Asked, limits: Limits) -> Outcome:
    """Its message where there is one, and else why there is none."""
    n, names = len(asked.calls), asked.variables
    if ended.stopped == "timeout":
        return message.lost("timeout", f"it took longer than {limits.seconds:g} seconds", n, names)
    if not ended.message and _signal(ended.code) == _KILLED and ended.seconds >= limits.processor:
        says = f"it took more than {limits.processor} seconds of processor time"
        return message.lost("timeout", says, n, names)
    if len(ended.message) > limits.message:
        return message.lost("output", "its results are too large", n, names)
    if ended.stopped:
        return message.lost("output", "it printed without end", n, names)
    if not ended.message:
        return message.lost("crash", f"its process ended early {_how(ended.code)}", n, names)
    return message.read(ended.message, n, names)


def _how(code: int) -> str:
    number = _signal(code)
    return f"(signal {number})" if number else f"(exit code {code})"


def _signal(code: int) -> int:
    """The signal that ended it, 0 for none; bubblewrap reports it as 128 and more."""
    number = -code if code < 0 else code - 128
    return number if 0 < number < 65 else 0


def _printed(ended: Ended, limits: Limits) -> str:
    """What was printed, its output first."""
    text = (ended.printed + ended.complaint).decode("utf-8", "replace")
    return text[: limits.output]
