"""Text that runs beside a student's file, in the sandbox: it calls their function and returns values.

Nothing here knows what is right, and nothing of the project can be imported there. `submission` is the
student's file.
"""

from __future__ import annotations

import inspect
import re
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot", "\u20d7": "vec"}


def call(name: str, names: list[str], values: list[Any], order: list[str]) -> dict[str, Any]:
    """What a function returns, and which of its arguments it changed.

    names, values  everything that it may be called with
    order          what it is called with where its parameters have other names
    """
    if not _has(name):
        return {"missing": name}
    return _observed(lambda given: _called(_theirs(name), given, order), names, values)


def call_module(
    name: str, names: list[str], values: list[Any], order: list[str], upstream: Any
) -> dict[str, Any]:
    """What a class's forward and backward return; backward may do without the gradient that arrives.

    order  what the class is made with, if it takes anything; forward is called with the rest, or with all
    """
    if not _has(name):
        return {"missing": name}
    seen: dict[str, Any] = {}

    def both(given: dict[str, Any]) -> Any:
        made_with = order if _parameters(_theirs(name)) else []
        made = _called(_theirs(name), given, made_with) if made_with else _theirs(name)()
        rest = [x for x in names if x not in made_with]
        seen["forward"] = _called(made.forward, given, rest)
        seen["takes"] = _takes_one(made.backward)
        return made.backward(upstream) if seen["takes"] else made.backward()

    return {**_observed(both, names, values), **seen}


def _has(name: str) -> bool:
    return hasattr(sys.modules["submission"], name)


def _theirs(name: str) -> Any:
    return getattr(sys.modules["submission"], name)


def _observed(
    run: Callable[[dict[str, Any]], Any], names: list[str], values: list[Any]
) -> dict[str, Any]:
    before = dict(zip(names, values, strict=True))
    given = {name: x.copy() if hasattr(x, "copy") else x for name, x in before.items()}
    value = run(given)
    changed = [
        name for name, x in before.items() if hasattr(x, "tobytes") and _differ(x, given[name])
    ]
    return {"value": value, "changed": changed}


def _differ(x: Any, y: Any) -> bool:
    return bool(x.shape != y.shape or x.tobytes() != y.tobytes())


def _called(function: Any, given: dict[str, Any], order: list[str]) -> Any:
    """By the names of its parameters where these are names of what is given, else by place."""
    by_place = [given[name] for name in order]
    parameters = _parameters(function)
    if parameters is None:
        return function(*by_place)
    known = {_folded(name): x for name, x in given.items()}
    needed = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if all(_folded(p.name) in known for p in needed if p.default is p.empty):
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            return function(**given)
        if needed:
            return _by_name(function, [p for p in needed if _folded(p.name) in known], known)
    try:
        inspect.signature(function).bind(*by_place)
    except TypeError:
        raise TypeError(f"it has to take ({', '.join(order)})") from None
    return function(*by_place)


def _by_name(function: Any, parameters: list[inspect.Parameter], known: dict[str, Any]) -> Any:
    first = [known[_folded(p.name)] for p in parameters if p.kind is p.POSITIONAL_ONLY]
    rest = {p.name: known[_folded(p.name)] for p in parameters if p.kind is not p.POSITIONAL_ONLY}
    return function(*first, **rest)


def _parameters(function: Any) -> list[inspect.Parameter] | None:
    """None where nobody can tell."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None


def _takes_one(method: Any) -> bool:
    try:
        inspect.signature(method).bind(None)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def _folded(name: str) -> str:
    r"""One form for a name's spellings: h_0 is h0; \hat{b}, b_hat and b̂ are bhat."""
    plain = re.sub(r"\\(\w+)\{(\w+)\}", r"\2\1", name).replace("\\", "")
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(_ACCENTS.get(c, c) for c in parts).replace("_", "")
