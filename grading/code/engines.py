"""A student's engine, tested by how it behaves: small graphs whose gradients are known in closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AnswerError, AssignmentError, did_you_mean
from grading.catalogue.engines import (
    ACCUMULATED,
    ALIASED,
    BROADCAST,
    CONSTANTS,
    DEEP,
    DETACHED,
    DTYPE,
    FORWARD,
    LOCAL,
    MODIFIED,
    NON_SCALAR,
    ORDER,
    OVERWRITTEN,
    RETURN_ORDER,
    STALE,
    UPSTREAM,
)  # fmt: skip
from grading.catalogue.mistake import Mistake
from grading.code.asked import CodeQuestion
from grading.code.functions import Verdict
from grading.code.returned import array
from grading.code.seeds import generator
from grading.sandbox import Call, Result

_CLOSE: Final = 1e-6
_MOST_TOLD: Final = 3
_FLOORS: Final = (("add", "multiply"), ("reuse",), ("order",), ())
_MORE: Final = ("{} more behaviour fails", "{} more behaviours fail")


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
    "integers": Behaviour(DTYPE, lambda rng: [], lambda: [7.5, 2.5, 2.25]),
    "deep": Behaviour(DEEP, lambda rng: [1.5, 200], lambda a, n: [n + 1]),
    "chain": Behaviour(DEEP, lambda rng: [1.5, 5000], lambda a, n: [n + 1], default=False),
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


def behaviour_calls(question: CodeQuestion, seed: int, submission: str) -> list[tuple[str, Call]]:
    """The behaviours that a question tests, each with its call of the driver.

    Raises AssignmentError when the question names one that is not known.
    """
    chosen = question.settings.get("behaviours") or [k for k, b in BEHAVIOURS.items() if b.default]
    if unknown := [name for name in chosen if name not in BEHAVIOURS]:
        hint = did_you_mean(unknown[0], BEHAVIOURS)
        raise AssignmentError(
            f"question {question.name}: no behaviour is called {unknown[0]!r}; {hint}"
        )
    made = []
    for name in chosen:
        numbers = BEHAVIOURS[name].draw(generator(seed, submission, f"{question.name} {name}"))
        made.append((name, Call(name, (question.parts[0].field.name, *numbers))))
    return made


def behaviour_verdict(
    question: CodeQuestion, asked: Sequence[tuple[str, Call]], results: Sequence[Result]
) -> Verdict:
    """Which behaviours an engine lacks; what others stand on is told first, and alone."""
    name = question.parts[0].field.name
    if all(
        result.status == "error" and f"there is no {name}" in result.error for result in results
    ):
        return Verdict(0.0, [f"There is no {name} in your file."], missing=True)
    failed = [
        (behaviour, said)
        for (behaviour, call), result in zip(asked, results, strict=True)
        if (said := _failed(BEHAVIOURS[behaviour], call.args[1:], result))
    ]
    lowest = min((_floor(behaviour) for behaviour, _ in failed), default=0)
    first = [x for x in failed if _floor(x[0]) == lowest]
    told = Verdict(1.0 - len(failed) / len(asked))
    told.says = list(dict.fromkeys(says for _, (says, _) in first[:_MOST_TOLD]))
    told.ids = [
        f"{mistake.identifier}:{behaviour}" for behaviour, (_, mistake) in first[:_MOST_TOLD]
    ]
    if more := len(failed) - len(first[:_MOST_TOLD]):
        told.says.append(f"{_MORE[more > 1].format(more)}: mend this first.")
    return told


def _floor(behaviour: str) -> int:
    """What stands on what: where + fails all else does, where order fails a - b made of + and - does."""
    for floor, names in enumerate(_FLOORS):
        if behaviour in names:
            return floor
    return len(_FLOORS) - (BEHAVIOURS[behaviour].mistake is LOCAL)


def _failed(
    behaviour: Behaviour, numbers: Sequence[Any], result: Result
) -> tuple[str, Mistake] | None:
    """What is said of a behaviour that an engine lacks, and which mistake it is."""
    mistake = behaviour.mistake
    says = mistake.says.format(where=behaviour.says)
    if result.status != "ok":
        reason = f"{behaviour.says} fails." if behaviour.says else says
        return f"{reason} ({result.error or result.status})", mistake
    expected = behaviour.expected(*numbers)
    got = result.value if isinstance(result.value, list) else []
    if len(got) != len(expected):
        return says, mistake
    wrong = [i for i, (x, y) in enumerate(zip(got, expected, strict=True)) if not _close(x, y)]
    if not wrong:
        return None
    if wrong[0] < behaviour.values:
        return f"{behaviour.says or 'A number'}: {FORWARD.says}", FORWARD
    if mistake is LOCAL:
        return _local(behaviour, got, expected, wrong)
    return (
        says
        if mistake is not DEEP
        else "The gradient through a long chain of operations is wrong.",
        mistake,
    )


def _local(
    behaviour: Behaviour, got: Sequence[Any], expected: Sequence[Any], wrong: Sequence[int]
) -> tuple[str, Mistake]:
    """What is wrong with an operation whose value is right."""
    if _close(got[1], expected[2]) and _close(got[2], expected[1]) and wrong[0] <= 2:
        where = "those of a and b"
        return f"{behaviour.says}: {RETURN_ORDER.says.format(where=where)}", RETURN_ORDER
    if wrong[0] > 2:
        return f"{behaviour.says}: {UPSTREAM.says}", UPSTREAM
    return LOCAL.says.format(where=behaviour.says), LOCAL


def _close(got: Any, expected: Any) -> bool:
    """Whether it is a number or array, finite, of the right shape, and close; nan and None never are."""
    try:
        value = array(got)
    except AnswerError:
        return False
    right = np.asarray(expected, float)
    if value.shape != right.shape and not (value.size == right.size == 1):
        return False
    error = np.abs(value.astype(float).reshape(right.shape) - right)
    return bool(np.all(error <= _CLOSE * np.max(np.abs(right), initial=1.0)))
