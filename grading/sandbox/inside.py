"""The child: it runs the student's file, makes the calls, and sends one message of values.

Whatever stands here can be read and changed by the code it runs. So nothing here knows what is right.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from grading.sandbox import cells, confinement, wire

NAME = "submission"


def main(request: dict[str, Any], source: bytes) -> None:
    """Runs one request, and ends the process whatever happened."""
    fd = request["fd"]
    confinement.confine(request)
    os.write(fd, b"!")  # ready: from here on the time is the student's
    dumps = json.JSONEncoder().encode
    try:
        text = dumps(_answers(request, source))
    except MemoryError:
        text = dumps({"memory": _sent("MemoryError")})
    except BaseException as error:  # noqa: BLE001 – a stranger's code may raise anything
        text = dumps({"stopped": _why(error)})
    _send(fd, text)
    _flush()
    os._exit(0)


def _send(fd: int, text: str) -> None:
    data = memoryview(text.encode("ascii"))
    while data:
        data = data[os.write(fd, data) :]


def _flush() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(BaseException):
            stream.flush()  # type: ignore[union-attr]


def _answers(request: dict[str, Any], source: bytes) -> dict[str, Any]:
    module = ModuleType(NAME)
    sys.modules[NAME] = module
    remarks: list[Any] = []
    if request["cells"] is None:
        text = source.decode("utf-8", "surrogatepass") if request["is_text"] else source
        exec(compile(text, f"{NAME}.py", "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    else:
        remarks = [_why(e, where) for where, e in cells.run(request["cells"], module.__dict__)]
    space = module.__dict__
    if request["driver"]:
        space = {"__name__": "driver", NAME: module}
        exec(compile(request["driver"], "driver.py", "exec", dont_inherit=True), space)  # noqa: S102
    return {
        "results": [_result(_call, space, *call) for call in request["calls"]],
        "variables": [_result(_variable, space, name) for name in request["variables"]],
        "remarks": remarks[:20],
    }


def _sent(text: str) -> Any:
    return wire.encode(text)


def _result(take: Callable[..., Any], *args: Any) -> dict[str, Any]:
    """What one call or one name gives."""
    try:
        return {"value": wire.encode(take(*args))}
    except wire.WireError as error:
        return {"refused": _sent(str(error))}
    except _MissingError as error:
        return {"missing": _sent(str(error))}
    except MemoryError:
        return {"memory": _sent("MemoryError")}
    except BaseException as error:  # noqa: BLE001 – a stranger's code may raise anything
        return {"error": _why(error)}


class _MissingError(Exception):
    """A name that the file does not define."""


def _variable(space: dict[str, Any], name: str) -> Any:
    if name not in space:
        raise _MissingError(f"there is no {name} in your file")
    return space[name]


def _call(space: dict[str, Any], name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    first, *parts = name.split(".")
    found: Any = _variable(space, first)
    for part in parts:
        found = getattr(found, part)
    return found(*[wire.decode(x) for x in args], **{k: wire.decode(v) for k, v in kwargs.items()})


def _why(error: BaseException, where: str = "") -> Any:
    """One line: the class, what it says, and the student's line."""
    kind = str.__str__(type.__dict__["__name__"].__get__(type(error)))
    try:
        says = str(error)[:300]
    except BaseException:  # noqa: BLE001 – its __str__ is a stranger's too
        says = ""
    line = _line(error)
    place = where or (f"line {line}" if line else "")
    return _sent(" ".join(f"{kind}: {says}{f' ({place})' if place else ''}".split()))


def _line(error: BaseException) -> int | None:
    """The last line of the student's own file that was running."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == f"{NAME}.py":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
