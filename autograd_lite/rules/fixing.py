"""A rule with its static parameters fixed: a record of its own, of the operands alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd_lite.rules.rule import Rule


def fix(rule: Rule, static: dict[str, Any]) -> Rule:
    """What a fixed rule is unpickled by."""
    return rule.fixed(**static)


def fixed(rule: Rule, static: dict[str, Any]) -> Rule:
    """The same record each time, so that what was computed with equal parameters is written alike."""
    key = tuple(static.items())
    try:
        return _once(rule, key, repr(key))  # 2 is not 2.0, nor 0.0 -0.0
    except TypeError:  # a parameter that cannot be hashed
        return _made(rule, static)


@lru_cache(maxsize=256)
def _once(rule: Rule, key: tuple[tuple[str, Any], ...], _: str) -> Rule:
    return _made(rule, dict(key))


def _made(rule: Rule, static: dict[str, Any]) -> Rule:
    def of_operands(function: Any) -> Any:
        return None if function is None else _with_static(function, static)

    return type(rule)(
        rule.name, of_operands(rule.value), [of_operands(d) for d in rule.partials or ()],
        formula=of_operands(rule.formula), latex=rule.latex, kinks=rule.kinks,
        malrules=[replace(m, partial=of_operands(m.partial)) for m in rule.malrules],
        source={k: f if isinstance(f, str) else of_operands(f) for k, f in rule.source.items()},
        base=rule, static=static,
    )  # fmt: skip


def _with_static(function: Callable[..., Any], static: dict[str, Any]) -> Callable[..., Any]:
    @wraps(function)
    def with_static(*args: Any, **others: Any) -> Any:
        return function(*args, **static, **others)

    signature = inspect.signature(function)
    left = [p for p in signature.parameters.values() if p.name not in static]
    with_static.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
    return with_static
