"""Which mistake of the catalogue a student's function makes: judged on one case that all submissions share.

What that case's mistakes give is worked out once for a question; the marks come from cases of their own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, Final

import numpy as np

from grading._diagnose import judge
from grading.answers import read
from grading.asking import Asked, prepare
from grading.code.asked import CodeQuestion
from grading.code.case import Case, case
from grading.code.checking import Check
from grading.diagnosis import Diagnosis

_MOST: Final = 64
_COMPARE: Final = (
    "No known mistake explains it: compare with a difference quotient, one entry at a time."
)
_UNKNOWN: Final = Diagnosis("unknown")
_KEPT: OrderedDict[int, tuple[CodeQuestion, Case, dict[str, Asked]]] = OrderedDict()
_LOCK: Final = threading.Lock()


def shared_case(question: CodeQuestion) -> Case:
    """The case on which the submissions to a question are diagnosed."""
    return _kept(question)[1]


def hint(question: CodeQuestion, name: str, check: Check | None) -> tuple[str, Diagnosis]:
    """What is known of a wrong gradient that was returned for the shared case, and what is told of it."""
    if check is None or check.value is None or check.status != "wrong":
        return "", _UNKNOWN
    _, shared, asked = _kept(question)
    if name not in asked:
        asked[name] = prepare(shared.flow, shared.nodes[name])
    value = check.value if check.value.ndim else float(check.value)
    try:
        d = judge(asked[name], 0, read(value))
    except Exception:  # noqa: BLE001 - whatever a stranger's array does to it, the gradient is wrong
        return "", _UNKNOWN
    level: Any = "path" if question.feedback == "reference" else question.feedback
    return (d.hint(level), d) if d.status == "diagnosed" else (_COMPARE, _UNKNOWN)


def _kept(question: CodeQuestion) -> tuple[CodeQuestion, Case, dict[str, Asked]]:
    """By identity: a question is made once for a class."""
    with _LOCK:
        if id(question) not in _KEPT:
            rng = np.random.default_rng(20_001)
            _KEPT[id(question)] = (question, case(question, rng, vary=True), {})
            while len(_KEPT) > _MOST:
                _KEPT.popitem(last=False)
        return _KEPT[id(question)]
