"""What one call of a student's program showed: why it ended, or how each gradient compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from autograd_lite.errors import AnswerError
from autograd_lite.names import pretty
from grading.catalogue.engines import FORWARD
from grading.code.case import UPSTREAM, Case
from grading.code.checking import Check, check
from grading.code.returned import gradients
from grading.sandbox import Result


@dataclass(frozen=True, eq=False)
class Seen:
    """What one call showed.

    checks   by variable, how the returned gradient compares; empty where there was trouble
    trouble  why nothing can be compared, as a sentence; "" where it can
    ids      the mistakes that the trouble is
    changed  inputs that were changed in place
    """

    case: Case
    checks: Mapping[str, Check] = field(default_factory=dict)
    trouble: str = ""
    ids: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def look(name: str, case: Case, result: Result, *, is_module: bool) -> Seen:
    """What a call of the function or class of this name showed."""
    value = result.value
    if result.status != "ok" or not isinstance(value, dict) or "value" not in value:
        reason = result.error or "it returned nothing"
        return Seen(case, trouble=f"{name} failed when it was called {_with(case)}: {reason}")
    if is_module and (seen := _forward(name, case, value)):
        return seen
    try:
        returned = gradients(value["value"], case.wrt, name)
    except AnswerError as error:
        return Seen(case, trouble=f"{str(error)[0].upper()}{str(error)[1:]}.")
    checks = {x: check(returned[x], case.right[x], x) for x in case.wrt}
    said = value.get("changed")
    names = (
        [x for x in said if isinstance(x, str)] if isinstance(said, list) else []
    )  # forged, maybe
    changed = tuple(x for x in case.inputs if x in names)
    return Seen(case, checks, changed=changed)


def _forward(name: str, case: Case, value: Mapping[str, object]) -> Seen | None:
    """The forward pass comes first: behind a wrong one no gradient can be judged."""
    seen = check(value.get("forward"), case.forward, "y")
    if seen.status != "right":
        says = seen.says.replace("gradient by y", "value that forward returns")
        return Seen(case, trouble=f"{FORWARD.says} {says}".strip(), ids=(FORWARD.identifier,))
    if value.get("takes") is not True and UPSTREAM in case.inputs:
        says = f"The method backward of {name} has to take the gradient that arrives: backward(self, G)."
        return Seen(case, trouble=says)
    return None


def _with(case: Case) -> str:
    shapes = [f"{pretty(x)} of shape {np.shape(v)}" for x, v in case.inputs.items() if np.shape(v)]
    return f"with {', '.join(shapes)}" if shapes else "with numbers"
