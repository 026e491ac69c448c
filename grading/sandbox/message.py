"""The one message that comes out of the child, read as if an enemy had written it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from grading.sandbox import wire
from grading.sandbox.calls import Outcome, Result, ResultStatus
from grading.sandbox.wire import WireError

_BRACKETS: Final = 4 * wire.DEPTH  # a tuple is two deep, a dictionary four, and the message three
_STEPS: Final = np.zeros(256, np.int8)
_STEPS[list(b"[{")], _STEPS[list(b"]}")] = 1, -1
_LONGEST: Final = 400
_TOLD: Final[dict[str, ResultStatus]] = {
    "error": "error",
    "missing": "missing",
    "memory": "memory",
    "refused": "refused",
}


def read(data: bytes, calls: int, variables: Sequence[str]) -> Outcome:
    """What the child says, or an outcome that says why it cannot be taken."""
    try:
        return _outcome(_parsed(data), calls, variables)
    except WireError as error:
        return lost("refused", f"what came back was no proper message: {error}", calls, variables)


def lost(status: Any, error: str, calls: int, variables: Sequence[str]) -> Outcome:
    """An outcome without results: each of them says why."""
    gone = Result("lost", error=error)
    return Outcome(status, (gone,) * calls, dict.fromkeys(variables, gone), error=error)


def _parsed(data: bytes) -> dict[str, Any]:
    """JSON of bounded depth, without a string that holds anything but base64."""
    if not data.isascii() or b"\\" in data:
        raise WireError("it is not plain ASCII")
    depth = np.cumsum(_STEPS[np.frombuffer(data, np.uint8)], dtype=np.int64)
    if not data or depth.max() > _BRACKETS or depth.min() < 0:
        raise WireError("it is empty, or its brackets are too deep")
    try:
        found = json.loads(data, parse_int=_integer)
    except (ValueError, RecursionError):  # a second message is "extra data"
        raise WireError("it is not one JSON text") from None
    if type(found) is not dict:
        raise WireError("it is not an object")
    return found


def _integer(digits: str) -> int:
    """An integer of bounded length, also where Python's own bound has been lifted."""
    if len(digits) > wire.DIGITS + 1:
        raise WireError(f"an integer of more than {wire.DIGITS} digits")
    return int(digits)


def _outcome(found: dict[str, Any], calls: int, variables: Sequence[str]) -> Outcome:
    for key, status in (("stopped", "crash"), ("memory", "memory")):
        if set(found) == {key}:
            return lost(status, line(found[key]), calls, variables)
    if set(found) != {"results", "variables", "remarks"}:
        raise WireError("it has other parts than asked for")
    results = _results(found["results"], calls)
    named = _results(found["variables"], len(variables))
    remarks = found["remarks"]
    if type(remarks) is not list or len(remarks) > 20:
        raise WireError("its remarks are no list")
    short = any(r.status == "memory" for r in (*results, *named))
    return Outcome(
        "memory" if short else "ok",
        results,
        dict(zip(variables, named, strict=True)),
        error="; ".join([*(["MemoryError"] if short else []), *map(line, remarks)]),
    )


def _results(sent: Any, count: int) -> tuple[Result, ...]:
    if type(sent) is not list or len(sent) != count:
        raise WireError(f"it holds not the {count} results that were asked for")
    return tuple(_result(one) for one in sent)


def _result(sent: Any) -> Result:
    """One result; one that cannot be read costs only itself."""
    if type(sent) is not dict or len(sent) != 1:
        raise WireError("a result is no object")
    ((key, content),) = sent.items()
    try:
        if key == "value":
            return Result("ok", wire.decode(content))
        if key in _TOLD:
            return Result(_TOLD[key], error=line(content))
    except WireError as error:
        return Result("refused", error=str(error))
    raise WireError("a result is of no known kind")


def line(sent: Any) -> str:
    """A stranger's text as one short line without control characters."""
    text = wire.decode(sent)
    if type(text) is not str:
        raise WireError("a text is none")
    return cleaned(text[: 2 * _LONGEST])[:_LONGEST]


def cleaned(text: str) -> str:
    r"""One line of what can be printed.

    >>> cleaned("a\x1b[31m\nb")
    'a[31m b'
    """
    return "".join(c if c.isprintable() else "" for c in " ".join(text.split()))
