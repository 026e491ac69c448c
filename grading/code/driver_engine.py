"""Text that runs beside a student's engine, in the sandbox: small graphs, and the numbers that come of them.

Nothing here knows what is right, and nothing of the project can be imported there. Each function takes the
name of the class and some numbers, and returns values and gradients.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np


def _engine(name: str) -> Any:
    module = sys.modules["submission"]
    if not hasattr(module, name):
        raise NameError(f"there is no {name} in your file")
    return getattr(module, name)


def _value(x: Any) -> Any:
    """The number, by the names that engines give it."""
    for name in ("data", "value", "val"):
        if hasattr(x, name):
            return getattr(x, name)
    raise AttributeError("a number's value is its attribute data")


def _after(y: Any, *xs: Any) -> list[Any]:
    """The gradients of xs after y.backward()."""
    y.backward()
    return [x.grad for x in xs]


def _binary(compute: Callable[[Any, Any], Any]) -> Callable[..., list[Any]]:
    """An operation alone, then with another gradient arriving at it than 1."""

    def behaviour(name: str, a: float, b: float, c: float) -> list[Any]:
        V = _engine(name)
        x, y = V(a), V(b)
        z = compute(x, y)
        alone = [_value(z), *_after(z, x, y)]
        x, y = V(a), V(b)
        return [*alone, *_after(compute(x, y) * V(c), x, y)]

    return behaviour


def _unary(compute: Callable[[Any], Any]) -> Callable[..., list[Any]]:
    return _binary(lambda x, y: compute(x) + y)


add = _binary(lambda x, y: x + y)
multiply = _binary(lambda x, y: x * y)
subtract = _binary(lambda x, y: x - y)
divide = _binary(lambda x, y: x / y)
power = _unary(lambda x: x**3)
negative = _unary(lambda x: -x)
exp = _unary(lambda x: x.exp())
tanh = _unary(lambda x: x.tanh())
relu = _unary(lambda x: x.relu())
log = _unary(lambda x: x.log())
sigmoid = _unary(lambda x: x.sigmoid())


def reuse(name: str, a: float, b: float) -> list[Any]:
    """A number used twice by one operation, and by two."""
    V = _engine(name)
    x = V(a)
    twice = _after(x + x, x)
    x = V(a)
    square = _after(x * x, x)
    x, y = V(a), V(b)
    return [*twice, *square, *_after(x * y + x, x, y)]


def order(name: str, a: float, b: float) -> list[Any]:
    """Diamonds behind diamonds: an inner number gets its gradient from near and from afar."""
    V = _engine(name)
    x, y = V(a), V(b)
    h = x * y
    u = h + x
    v = h * u
    w = v + u
    first = _after(h + w * v, x, y)
    x = V(a)
    h = x * x
    return [*first, *_after(h * (h + h * x), x)]


def accumulate(name: str, a: float, b: float, c: float) -> list[Any]:
    """Two outputs of one input, and one output asked twice."""
    V = _engine(name)
    x, y, z = map(V, (a, b, c))
    _after(x * y)
    two = _after(x * z, x)
    x, y = V(a), V(b)
    out = x * y
    out.backward()
    return [*two, *_after(out, x)]


_WITH_CONSTANTS: tuple[Callable[[Any], Any], ...] = (
    lambda x: 2 * x, lambda x: x * 2.0, lambda x: 1 + x, lambda x: x + 1.0,
    lambda x: 1 - x, lambda x: x - 1, lambda x: 1 / x, lambda x: x / 2,
)  # fmt: skip


def constants(name: str, a: float) -> list[Any]:
    """Plain numbers on either side."""
    V = _engine(name)
    found: list[Any] = []
    for compute in _WITH_CONSTANTS:
        x = V(a)
        z = compute(x)
        found += [_value(z), *_after(z, x)]
    return found


def loop(name: str, a: float, b: float, c: float) -> list[Any]:
    """Operations made in a loop."""
    V = _engine(name)
    xs = [V(number) for number in (a, b, c)]
    total = V(0.0)
    for factor, x in zip((2.0, 3.0, 5.0), xs, strict=True):
        total = total + x * V(factor) * x
    return _after(total, *xs)


def unmodified(name: str, a: float, b: float) -> list[Any]:
    """The numbers after backward() are those of before."""
    x, y = map(_engine(name), (a, b))
    h = x * y
    z = h + x
    z.backward()
    return [_value(n) for n in (x, y, h, z)]


def integers(name: str, a: int, b: int) -> list[Any]:
    """Whole numbers are numbers."""
    x, y = map(_engine(name), (a, b))
    z = x / y + x * y
    return [_value(z), *_after(z, x, y)]


def deep(name: str, a: float, n: int) -> list[Any]:
    """A chain of many operations."""
    V = _engine(name)
    x = V(a)
    y = x
    for _ in range(n):
        y = y + x
    return _after(y, x)


def broadcast(name: str, a: Any, b: Any, g: Any) -> list[Any]:
    """A row and a column, and the gradient that arrives."""
    V = _engine(name)
    x, y = V(a), V(b)
    z = (x * y + x) * V(g)
    z.sum().backward()
    return [x.grad, y.grad]


def alias(name: str, a: Any) -> list[Any]:
    """Whether writing into one gradient changes another."""
    V = _engine(name)
    x, y = V(a), V(a)
    (x + y).sum().backward()
    before = np.array(y.grad, float)
    x.grad += 1.0
    return [before, np.array(y.grad, float)]


def dtype(name: str, a: Any) -> list[Any]:
    """Whole numbers in an array."""
    x = _engine(name)(a)
    (x * x * x / x).sum().backward()
    return [x.grad]


def non_scalar(name: str, a: Any) -> list[Any]:
    """backward() of an array has to refuse."""
    x = _engine(name)(a)
    y = x * x
    try:
        y.backward()
    except Exception:  # noqa: BLE001 - whichever it raises
        return [1.0]
    return [0.0]


def detach(name: str, a: float) -> list[Any]:
    """A detached factor is a constant."""
    x = _engine(name)(a)
    return _after(x * x.detach(), x)
