"""Text that runs beside a student's file, in the sandbox: it calls their function and returns values.

Nothing here knows what is right, and nothing of the project can be imported there. `submission` is the
student's file.
"""

from __future__ import annotations

import inspect
import sys
import unicodedata
from typing import Any


def call(name: str, names: list[str], values: list[Any]) -> dict[str, Any]:
    """What a function returns, and which of its arguments it changed."""
    if not _has(name):
        return {"missing": name}
    return _observed(lambda given: _called(_theirs(name), names, given), names, values)


def call_module(name: str, names: list[str], values: list[Any], upstream: Any) -> dict[str, Any]:
    """What a class's forward and backward return; backward may do without the gradient that arrives."""
    if not _has(name):
        return {"missing": name}
    takes: list[bool] = []
    forward: list[Any] = []

    def both(given: list[Any]) -> Any:
        made = _theirs(name)()
        forward.append(_called(made.forward, names, given))
        takes.append(_takes_one(made.backward))
        return made.backward(upstream) if takes[0] else made.backward()

    return {**_observed(both, names, values), "forward": forward[0], "takes": takes[0]}


def _has(name: str) -> bool:
    return hasattr(sys.modules["submission"], name)


def _theirs(name: str) -> Any:
    return getattr(sys.modules["submission"], name)


def _observed(run: Any, names: list[str], values: list[Any]) -> dict[str, Any]:
    given = [x.copy() if hasattr(x, "copy") else x for x in values]
    value = run(given)
    changed = [
        name
        for name, x, y in zip(names, values, given, strict=True)
        if hasattr(x, "tobytes") and _differ(x, y)
    ]
    return {"value": value, "changed": changed}


def _differ(x: Any, y: Any) -> bool:
    return bool(x.shape != y.shape or x.tobytes() != y.tobytes())


def _called(function: Any, names: list[str], values: list[Any]) -> Any:
    """By the names of its parameters where these are the names that were asked for, else by place."""
    known = {_folded(name): x for name, x in zip(names, values, strict=True)}
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return function(*values)
    needed = [
        p
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    ]
    takes_all = any(p.kind is p.VAR_KEYWORD for p in parameters)
    if takes_all and all(_folded(p.name) in known for p in needed if p.default is p.empty):
        return function(**dict(zip(names, values, strict=True)))
    if needed and all(_folded(p.name) in known or p.default is not p.empty for p in needed):
        fitting = [p for p in needed if _folded(p.name) in known]
        by_place = [known[_folded(p.name)] for p in fitting if p.kind is p.POSITIONAL_ONLY]
        by_name = {
            p.name: known[_folded(p.name)] for p in fitting if p.kind is not p.POSITIONAL_ONLY
        }
        return function(*by_place, **by_name)
    try:
        inspect.signature(function).bind(*values)
    except TypeError:
        raise TypeError(f"it has to take ({', '.join(names)})") from None
    return function(*values)


def _takes_one(method: Any) -> bool:
    try:
        inspect.signature(method).bind(None)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def _folded(name: str) -> str:
    """h_0 and h0 are one name."""
    return unicodedata.normalize("NFKC", name).replace("_", "")
