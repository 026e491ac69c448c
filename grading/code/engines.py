"""A student's engine, tested by how it behaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.errors import AnswerError, AssignmentError, did_you_mean
from grading.catalogue.engines import DEEP, FORWARD, LOCAL, ORDER, RETURN_ORDER, UPSTREAM
from grading.catalogue.mistake import Mistake
from grading.code.asked import CodeQuestion
from grading.code.behaviours import BEHAVIOURS, Behaviour
from grading.code.returned import array
from grading.code.seeds import generator
from grading.code.verdict import Verdict
from grading.sandbox import Call, Result

_CLOSE: Final = 1e-6
_MOST_TOLD: Final = 3
_FLOORS: Final = (("add", "multiply"), ("reuse",), ("order",), ())
_MORE: Final = ("{} more behaviour fails", "{} more behaviours fail")
_LONG: Final = "The gradient through a long chain of operations is wrong."


class _Failure(NamedTuple):
    says: str
    mistake: Mistake
    behaviour: str = ""


def behaviour_calls(question: CodeQuestion, seed: int, submission: str) -> list[tuple[str, Call]]:
    """The behaviours that a question tests, each with its call of the driver.

    Raises AssignmentError when the question names one that is not known.
    """
    chosen = question.settings.get("behaviours") or [k for k, b in BEHAVIOURS.items() if b.default]
    if unknown := next((name for name in chosen if name not in BEHAVIOURS), None):
        hint = did_you_mean(unknown, BEHAVIOURS)
        raise AssignmentError(
            f"question {question.name}: no behaviour is called {unknown!r}; {hint}"
        )
    return [(name, _call(question, name, seed, submission)) for name in chosen]


def _call(question: CodeQuestion, name: str, seed: int, submission: str) -> Call:
    numbers = BEHAVIOURS[name].draw(generator(seed, submission, f"{question.name} {name}"))
    return Call(name, (question.parts[0].field.name, *numbers))


def behaviour_verdict(
    question: CodeQuestion, asked: Sequence[tuple[str, Call]], results: Sequence[Result]
) -> Verdict:
    """Which behaviours an engine lacks; what others stand on is told first, and alone."""
    missing = f"there is no {question.parts[0].field.name}"
    if all(result.status == "error" and missing in result.error for result in results):
        return Verdict(0.0, [f"T{missing[1:]} in your file."], missing=True)
    tried = zip(asked, results, strict=True)
    found = [_tried(name, call.args[1:], result) for (name, call), result in tried]
    failed = [failure for failure in found if failure]
    lowest = min((_floor(failure.behaviour) for failure in failed), default=0)
    first = [failure for failure in failed if _floor(failure.behaviour) == lowest][:_MOST_TOLD]
    told = Verdict(_share({name for name, _ in asked}, {failure.behaviour for failure in failed}))
    told.says = list(dict.fromkeys(failure.says for failure in first))
    told.ids = [f"{failure.mistake.identifier}:{failure.behaviour}" for failure in first]
    if more := len(failed) - len(first):
        told.says.append(f"{_MORE[more > 1].format(more)}: mend this first.")
    return told


def _share(asked: set[str], failed: set[str]) -> float:
    """The share of the points: nothing where neither + nor * works, whatever else seems to."""
    basic = asked.intersection(_FLOORS[0])
    return 0.0 if basic and basic <= failed else 1.0 - len(failed) / len(asked)


def _floor(behaviour: str) -> int:
    """What stands on what: where + fails all else does, where order fails a - b made of + and - does."""
    for floor, names in enumerate(_FLOORS):
        if behaviour in names:
            return floor
    return len(_FLOORS) - (BEHAVIOURS[behaviour].mistake is LOCAL)


def _tried(name: str, numbers: Sequence[Any], result: Result) -> _Failure | None:
    """What is said of a behaviour, if the engine lacks it."""
    behaviour = BEHAVIOURS[name]
    if result.status != "ok":
        reason = f"{behaviour.says} fails." if behaviour.says else _says(behaviour)
        return _Failure(f"{reason} ({result.error or result.status})", behaviour.mistake, name)
    failure = _compared(behaviour, result.value, behaviour.expected(*numbers))
    return failure and failure._replace(behaviour=name)


def _says(behaviour: Behaviour) -> str:
    return behaviour.mistake.says.format(where=behaviour.says)


def _compared(behaviour: Behaviour, got: Any, expected: Sequence[Any]) -> _Failure | None:
    if type(got) is not list or len(got) != len(expected):
        return _Failure(_says(behaviour), behaviour.mistake)
    wrong = [i for i, (x, y) in enumerate(zip(got, expected, strict=True)) if not _close(x, y)]
    if not wrong:
        return None
    if wrong[0] < behaviour.values:
        return _Failure(f"{behaviour.says}: {FORWARD.says}", FORWARD)
    if behaviour.mistake is LOCAL:
        return _local(behaviour, got, expected, wrong)
    says = _LONG if behaviour.mistake is DEEP else _says(behaviour)
    return _Failure(says, behaviour.mistake)


def _local(
    behaviour: Behaviour, got: Sequence[Any], expected: Sequence[Any], wrong: Sequence[int]
) -> _Failure:
    """What is wrong with an operation whose value is right."""
    if wrong[0] > 2:
        mistake = ORDER if all(_close(got[i], 0.0) for i in wrong) else UPSTREAM
        return _Failure(f"{behaviour.says}: {mistake.says}", mistake)
    if _close(got[1], expected[2]) and _close(got[2], expected[1]):
        says = RETURN_ORDER.says.format(where="those of a and b")
        return _Failure(f"{behaviour.says}: {says}", RETURN_ORDER)
    return _Failure(_says(behaviour), LOCAL)


def _close(got: Any, expected: Any) -> bool:
    """Whether it is a number or array, finite, of the right shape, and close; nan and None never are."""
    try:
        value = array(got)
    except AnswerError:
        return False
    right = np.asarray(expected, float)
    if value.shape != right.shape and not value.size == right.size == 1:
        return False
    with np.errstate(all="ignore"):
        error = np.abs(value.astype(float).reshape(right.shape) - right)
        return bool(np.all(error <= _CLOSE * np.max(np.abs(right), initial=1.0)))
