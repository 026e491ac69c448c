"""How a formula was read, written out with the parentheses that its reading has: a/2b as (a/2)·b."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from autograd_lite.expressions import Apply, Expression

_SUM, _PRODUCT, _QUOTIENT, _SIGN, _POWER, _ATOM = range(6)
_RANKS: Final = {
    "add": _SUM,
    "subtract": _SUM,
    "multiply": _PRODUCT,
    "divide": _QUOTIENT,
    "power": _POWER,
}
_BARE: Final = {
    "add": (
        (_SUM, _PRODUCT, _QUOTIENT, _SIGN, _POWER, _ATOM),
        (_SUM, _PRODUCT, _QUOTIENT, _POWER, _ATOM),
    ),
    "subtract": (
        (_SUM, _PRODUCT, _QUOTIENT, _SIGN, _POWER, _ATOM),
        (_PRODUCT, _QUOTIENT, _POWER, _ATOM),
    ),
    "multiply": ((_PRODUCT, _POWER, _ATOM), (_PRODUCT, _POWER, _ATOM)),
    "divide": ((_POWER, _ATOM), (_POWER, _ATOM)),
    "power": ((_ATOM,), (_ATOM,)),
}
"""which ranks stand without parentheses, on the left and on the right"""
_SIGNS: Final = {"add": " + ", "subtract": " - ", "multiply": "·", "divide": "/", "power": "^"}
_NAMES: Final = {"log": "ln", "maximum": "max", "minimum": "min", "pi": "π"}
_LONGEST: Final = 600


class _Text(NamedTuple):
    text: str
    rank: int


def written(expression: Expression, names: Mapping[str, str]) -> str:
    """One line of mathematics; longer ones are cut.

    names  what the names in the expression are shown as

    >>> import ast
    >>> from autograd_lite.expressions import read
    >>> written(read(ast.parse("a/2*b - exp(-a**2)", mode="eval").body), {"a": "a", "b": "h_1"})
    '(a/2)·h_1 - exp(-a^2)'
    """
    stack: list[_Text] = []
    for step in expression.steps:
        if not isinstance(step, Apply):
            shown = {**_NAMES, **names}.get(step, step) if isinstance(step, str) else f"{step:.15g}"
            stack.append(_Text(shown, _ATOM))
            continue
        operands = [stack.pop() for _ in range(step.rule.arity)][::-1]
        text = _applied(step, operands)
        stack.append(_Text(text.text[:_LONGEST], text.rank))  # a square of squares doubles no text
    line = stack[0].text
    return line if len(line) < _LONGEST else f"{line[:-1]}…"


def _applied(step: Apply, operands: list[_Text]) -> _Text:
    name = step.rule.name
    if name == "negative":
        (x,) = operands
        return _Text(f"-{_within(x, x.rank in (_SUM, _SIGN))}", _SIGN)
    if step.sign is None or name not in _RANKS:
        inside = ", ".join(x.text for x in operands)
        return _Text(
            f"|{inside}|" if name == "absolute" else f"{_NAMES.get(name, name)}({inside})", _ATOM
        )
    a, b = operands
    first, second = _BARE[name]
    return _Text(
        _within(a, a.rank not in first) + _SIGNS[name] + _within(b, b.rank not in second),
        _RANKS[name],
    )


def _within(x: _Text, parentheses: bool) -> str:
    return f"({x.text})" if parentheses else x.text
