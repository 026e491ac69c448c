"""What an engine can be tested for: small graphs whose values and gradients are known in closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from grading.catalogue.engines import (
    ACCUMULATED,
    ALIASED,
    BROADCAST,
    CONSTANTS,
    DEEP,
    DETACHED,
    DTYPE,
    LOCAL,
    MODIFIED,
    NON_SCALAR,
    ORDER,
    OVERWRITTEN,
    STALE,
)
from grading.catalogue.mistake import Mistake


@dataclass(frozen=True)
class Behaviour:
    """One thing that an engine has to do.

    mistake   what is said where it does not
    draw      random generator -> the numbers it is tried with
    expected  these numbers -> what has to come of it: values, then gradients
    values    how many of these are values, which come first
    says      of an operation, what it is
    default   whether it is tested where the question names no behaviours
    """

    mistake: Mistake
    draw: Callable[[np.random.Generator], list[Any]]
    expected: Callable[..., Sequence[Any]]
    values: int = 0
    says: str = ""
    default: bool = True


def _numbers(n: int) -> Callable[[np.random.Generator], list[Any]]:
    """Numbers of which none is near 0, 1 or another one."""
    return lambda rng: (rng.permutation([0.6, 1.5, 2.3])[:n] + rng.uniform(0, 0.3, n)).tolist()


def _integers(rng: np.random.Generator) -> list[Any]:
    return [int(n) for n in rng.permutation([2, 3, 5, 7])[:2]]


def _long(least: int, most: int) -> Callable[[np.random.Generator], list[Any]]:
    """A number, and of how many operations the chain is: none that is known beforehand."""
    return lambda rng: [1.5, int(rng.integers(least, most))]


def _operation(says: str, local: Callable[..., Sequence[Any]], default: bool = True) -> Behaviour:
    """(a, b) -> value and derivatives by a and b; then the same derivatives with c arriving in place of 1."""

    def expected(a: float, b: float, c: float) -> list[Any]:
        value, da, db = local(a, b)
        return [value, da, db, c * da, c * db]

    return Behaviour(LOCAL, _numbers(3), expected, 1, says, default)


def _function(
    says: str, value: Callable[[float], Any], slope: Callable[[float], Any], default: bool = True
) -> Behaviour:
    """A function of one number, to which another one is added."""
    return _operation(says, lambda a, b: [value(a) + b, slope(a), 1.0], default)


def _structure(mistake: Mistake, n: int, expected: Callable[..., Sequence[Any]]) -> Behaviour:
    return Behaviour(mistake, _numbers(n), expected)


def _on_arrays(
    mistake: Mistake,
    draw: Callable[[np.random.Generator], list[Any]],
    expected: Callable[..., Sequence[Any]],
) -> Behaviour:
    return Behaviour(mistake, draw, expected, default=False)


def _deep_diamonds(a: float, b: float) -> list[float]:
    # h = ab, u = h + a, v = hu, w = v + u, z = h + wv
    h, u = a * b, a * b + a
    v, w = h * u, h * u + u
    dv = w + v
    du = v + dv * h
    dh = 1 + dv * u + du
    return [du + dh * b, dh * a, 4 * a**3 + 5 * a**4]


def _row_and_column(a: Any, b: Any, g: Any) -> list[Any]:
    return [(g * (b + 1)).sum(1, keepdims=True), (g * a).sum(0)]


def _sigmoid(a: float) -> float:
    return float(1 / (1 + np.exp(-a)))


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    "add": _operation("a + b", lambda a, b: [a + b, 1, 1]),
    "multiply": _operation("a * b", lambda a, b: [a * b, b, a]),
    "subtract": _operation("a - b", lambda a, b: [a - b, 1, -1]),
    "divide": _operation("a / b", lambda a, b: [a / b, 1 / b, -a / b**2]),
    "power": _function("a ** 3", lambda a: a**3, lambda a: 3 * a**2),
    "negative": _function("-a", lambda a: -a, lambda a: -1),
    "exp": _function("a.exp()", np.exp, np.exp),
    "tanh": _function("a.tanh()", np.tanh, lambda a: 1 - np.tanh(a) ** 2),
    "relu": _function("a.relu()", lambda a: a, lambda a: 1, default=False),
    "log": _function("a.log()", np.log, lambda a: 1 / a, default=False),
    "sigmoid": _function("a.sigmoid()", _sigmoid, lambda a: _sigmoid(a) * _sigmoid(-a), default=False),
    "reuse": _structure(OVERWRITTEN, 2, lambda a, b: [2, 2 * a, b + 1, a]),
    "order": _structure(ORDER, 2, _deep_diamonds),
    "accumulate": _structure(ACCUMULATED, 3, lambda a, b, c: [b + c, 2 * b]),
    "constants": _structure(CONSTANTS, 1, lambda a: [2 * a, 2, 2 * a, 2, 1 + a, 1, a + 1, 1, 1 - a, -1,
                                                     a - 1, 1, 1 / a, -1 / a**2, a / 2, 0.5]),
    "loop": _structure(STALE, 3, lambda a, b, c: [4 * a, 6 * b, 10 * c]),
    "unmodified": _structure(MODIFIED, 2, lambda a, b: [a, b, a * b, a * b + a]),
    "integers": Behaviour(DTYPE, _integers, lambda a, b: [a / b + a * b, 1 / b + b, a - a / b**2]),
    "deep": Behaviour(DEEP, _long(150, 250), lambda a, n: [n + 1]),
    "chain": Behaviour(DEEP, _long(4500, 5500), lambda a, n: [n + 1], default=False),
    "broadcast": _on_arrays(
        BROADCAST, lambda rng: [rng.normal(size=(3, 1)), rng.normal(size=4), rng.normal(size=(3, 4))],
        _row_and_column,
    ),
    "alias": _on_arrays(ALIASED, lambda rng: [rng.normal(size=(2, 3))], lambda a: [np.ones((2, 3))] * 2),
    "dtype": _on_arrays(DTYPE, lambda rng: [rng.integers(2, 9, 4)], lambda a: [2.0 * a]),
    "non_scalar": _on_arrays(NON_SCALAR, lambda rng: [rng.normal(size=3)], lambda a: [1.0]),
    "detach": _on_arrays(DETACHED, _numbers(1), lambda a: [a]),
}  # fmt: skip
"""What an engine can be tested for; an assignment names those that its engine has to do."""
