"""A student's function, module or backward pass, called with cases and compared with the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from autograd_lite.names import pretty
from grading.catalogue.engines import MODIFIED, RETURN_ORDER
from grading.code.asked import CodeQuestion
from grading.code.case import UPSTREAM, Case
from grading.code.checking import Check, check
from grading.code.diagnosing import hint, shared_case
from grading.code.returned import listed
from grading.code.seen import Seen, look
from grading.code.verdict import Verdict
from grading.sandbox import Call, Result

_MOST_ORDERS = 5
"""of so many gradients every order is tried"""


def calls(question: CodeQuestion, made: Sequence[Case]) -> list[Call]:
    """One call of the driver for each case, the shared one last."""
    return [_call(question, case) for case in (*made, shared_case(question))]


def _call(question: CodeQuestion, case: Case) -> Call:
    name, inputs = question.parts[0].field.name, dict(case.inputs)
    said = [x for x in question.settings.get("arguments", ()) if x in inputs]
    if question.ask == "module":
        upstream = inputs.pop(UPSTREAM, 1.0)
        return Call("call_module", (name, list(inputs), list(inputs.values()), said, upstream))
    return Call("call", (name, list(inputs), list(inputs.values()), said or list(inputs)))


def verdict(question: CodeQuestion, made: Sequence[Case], results: Sequence[Result]) -> Verdict:
    """What the calls' results say; the shared case's is used for the diagnosis alone."""
    name, is_module = question.parts[0].field.name, question.ask == "module"
    *counted, shared = results
    if any(isinstance(r.value, dict) and "missing" in r.value for r in counted):
        return Verdict(0.0, [f"There is no {name} in your file."], missing=True)
    found = [look(name, *pair, is_module=is_module) for pair in zip(made, counted, strict=True)]
    if stopped := next((seen for seen in found if seen.trouble), None):
        return Verdict(0.0, [stopped.trouble], list(stopped.ids))
    told, wrong = _shares(found)
    if wrong and not _tell_order(told, found):
        same = look(name, shared_case(question), shared, is_module=is_module)
        _tell_wrong(question, told, wrong, same.checks)
    _tell_changed(told, found)
    told.remarks = sorted({c.remark for seen in found for c in seen.checks.values() if c.remark})
    return told


def _shares(found: Sequence[Seen]) -> tuple[Verdict, dict[str, Check]]:
    """The share of gradients that are right in every case, and the first check that each other one fails."""
    wrong: dict[str, Check] = {}
    for seen in found:
        for x, c in seen.checks.items():
            if c.status != "right":
                wrong.setdefault(x, c)
    return Verdict(1.0 - len(wrong) / len(found[0].case.wrt)), wrong


def _tell_order(told: Verdict, found: Sequence[Seen]) -> bool:
    """Whether the gradients are right but for their order, which is another one in every case."""
    wrt = found[0].case.wrt
    for order in permutations(wrt) if len(wrt) <= _MOST_ORDERS else ():
        if order != wrt and all(_are(seen, dict(zip(wrt, order, strict=True))) for seen in found):
            told.says.append(RETURN_ORDER.says.format(where=f"{listed(order)} were returned"))
            told.ids.append(RETURN_ORDER.identifier)
            return True
    return False


def _are(seen: Seen, order: Mapping[str, str]) -> bool:
    right = seen.case.right
    values = {x: seen.checks[x].value for x in order}
    return all(
        v is not None and check(v, right[order[x]], x).status == "right" for x, v in values.items()
    )


def _tell_wrong(
    question: CodeQuestion, told: Verdict, wrong: Mapping[str, Check], same: Mapping[str, Check]
) -> None:
    """Sentences about gradients of another kind or shape, then about mistakes, each with whom it befell.

    same  the checks of the case that all submissions share
    """
    told.says += [c.says for c in wrong.values() if c.says]
    befell: dict[str, list[str]] = {}
    for x in (x for x, c in wrong.items() if not c.says):
        says, d = hint(question, x, same.get(x))
        befell.setdefault(says, []).append(x)
        told.ids += d.ids
        told.path = told.path or d.path
    for says, names in befell.items():
        are = "s by {} are" if len(names) > 1 else " by {} is"
        told.says.append(f"The gradient{are.format(listed(names))} wrong. {says}".strip())


def _tell_changed(told: Verdict, found: Sequence[Seen]) -> None:
    if changed := sorted({pretty(x) for seen in found for x in seen.changed}):
        told.share = max(0.0, told.share - 1 / (len(found[0].case.wrt) + 1))
        told.says.append(f"{MODIFIED.says} This happened to {listed(changed)}.")
        told.ids.append(MODIFIED.identifier)
