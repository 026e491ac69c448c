"""A student's function, module or backward pass, called with cases and compared with the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AnswerError
from autograd_lite.names import pretty
from grading.catalogue.engines import FORWARD, MODIFIED, RETURN_ORDER
from grading.code.asked import CodeQuestion
from grading.code.cases import UPSTREAM, Case
from grading.code.checking import Check, check
from grading.code.diagnosing import diagnosis, shared_case
from grading.code.returned import gradients, listed
from grading.diagnosis import Diagnosis
from grading.sandbox import Call, Result

LEVELS: Final = {"reference": "path"}


@dataclass
class Verdict:
    """What is said of a program.

    share   of the points
    says    sentences for the student; none where all is right
    ids     the mistakes named
    remarks what is worth saying of a right one
    missing whether there is no such function
    """

    share: float = 1.0
    says: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    path: tuple[str, ...] = ()
    missing: bool = False


def calls(question: CodeQuestion, made: Sequence[Case]) -> list[Call]:
    """One call of the driver for each case, the shared one last."""
    return [_call(question, case) for case in (*made, shared_case(question))]


def _call(question: CodeQuestion, case: Case) -> Call:
    name, inputs = question.parts[0].field.name, dict(case.inputs)
    if question.ask == "module":
        upstream = inputs.pop(UPSTREAM, 1.0)
        return Call("call_module", (name, list(inputs), list(inputs.values()), upstream))
    return Call("call", (name, list(inputs), list(inputs.values())))


def verdict(question: CodeQuestion, made: Sequence[Case], results: Sequence[Result]) -> Verdict:
    """What the calls' results say; the shared case's is used for the diagnosis alone."""
    *counted, shared = results
    name = question.parts[0].field.name
    if any(isinstance(r.value, dict) and "missing" in r.value for r in counted) or not counted:
        return Verdict(0.0, [f"There is no {name} in your file."], missing=True)
    found = [_Seen(question, case, result) for case, result in zip(made, counted, strict=True)]
    if stopped := next((seen for seen in found if seen.trouble), None):
        return Verdict(0.0, [stopped.trouble], stopped.ids)
    wrt = made[0].wrt
    wrong = {
        x: next((s.checks[x] for s in found if s.checks[x].status != "right"), None) for x in wrt
    }
    told = Verdict(sum(c is None for c in wrong.values()) / len(wrt))
    _tell_wrong(question, told, found, {x: c for x, c in wrong.items() if c}, shared)
    if changed := sorted({pretty(x) for seen in found for x in seen.changed}):
        told.share = max(0.0, told.share - 1 / (len(wrt) + 1))
        told.says.append(f"{MODIFIED.says} This happened to {listed(changed)}.")
        told.ids.append(MODIFIED.identifier)
    told.remarks = sorted({c.remark for s in found for c in s.checks.values() if c.remark})
    return told


class _Seen:
    """What one case showed: why it ended, or how each gradient compares."""

    def __init__(self, question: CodeQuestion, case: Case, result: Result) -> None:
        self.case, self.checks, self.ids = case, dict[str, Check](), list[str]()
        self.changed: list[str] = []
        self.trouble = self._taken(question, result)

    def _taken(self, question: CodeQuestion, result: Result) -> str:
        name = question.parts[0].field.name
        if (
            result.status != "ok"
            or not isinstance(result.value, dict)
            or "value" not in result.value
        ):
            reason = result.error or "it returned nothing"
            return f"{name} failed when it was called {_with(self.case)}: {reason}"
        changed = result.value.get("changed")
        self.changed = [x for x in self.case.inputs if isinstance(changed, list) and x in changed]
        if question.ask == "module" and (trouble := self._forward(name, result.value)):
            return trouble
        try:
            returned = gradients(result.value["value"], self.case.wrt, name)
        except AnswerError as error:
            return f"{str(error)[0].upper()}{str(error)[1:]}."
        self.checks = {x: check(returned[x], self.case.right[x], x) for x in self.case.wrt}
        return ""

    def _forward(self, name: str, value: dict[str, Any]) -> str:
        """The forward pass comes first: behind a wrong one no gradient can be judged."""
        seen = check(value.get("forward"), self.case.forward, "y")
        if seen.status != "right":
            self.ids = [FORWARD.identifier]
            says = seen.says.replace("gradient by y", "value that forward returns")
            return f"{FORWARD.says} {says}".strip()
        if value.get("takes") is not True and UPSTREAM in self.case.inputs:
            return f"The method backward of {name} has to take the gradient that arrives: backward(self, G)."
        return ""


def _with(case: Case) -> str:
    shapes = [f"{pretty(x)} of shape {np.shape(v)}" for x, v in case.inputs.items() if np.shape(v)]
    return f"with {', '.join(shapes)}" if shapes else "with numbers"


def _tell_wrong(
    question: CodeQuestion,
    told: Verdict,
    found: list[_Seen],
    wrong: dict[str, Check],
    shared: Result,
) -> None:
    """Sentences about the gradients that are wrong: swapped, of another shape, or diagnosed."""
    if len(wrong) > 1 and (order := _order(found)):
        told.says.append(RETURN_ORDER.says.format(where=f"{listed(order)} were returned"))
        told.ids.append(RETURN_ORDER.identifier)
        return
    checks = _Seen(question, shared_case(question), shared).checks
    hints: dict[str, list[str]] = {}
    for x, failed in wrong.items():
        if failed.says:
            told.says.append(failed.says)
            continue
        d = diagnosis(question, x, checks[x]) if x in checks else Diagnosis("unknown")
        level: Any = LEVELS.get(question.feedback, question.feedback)
        hints.setdefault(d.hint(level) if d.status == "diagnosed" else "", []).append(pretty(x))
        told.ids += d.ids
        told.path = told.path or d.path
    for hint, names in hints.items():
        told.says.append(f"The gradient{'s' * (len(names) > 1)} by {listed(names)} "
                         f"{'is' if len(names) == 1 else 'are'} wrong. {hint}".strip())  # fmt: skip


def _order(found: list[_Seen]) -> tuple[str, ...]:
    """The order in which right gradients were returned, if it is another one in every case."""
    wrt = found[0].case.wrt
    for order in permutations(wrt) if len(wrt) <= 5 else ():
        if order != wrt and all(_are(seen, dict(zip(wrt, order, strict=True))) for seen in found):
            return order
    return ()


def _are(seen: _Seen, order: dict[str, str]) -> bool:
    values = {x: seen.checks[x].value for x in order}
    return all(
        values[x] is not None and check(values[x], seen.case.right[y], y).status == "right"
        for x, y in order.items()
    )
