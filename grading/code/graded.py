"""One question that a program answers: it runs in the sandbox, and is judged here by what it returned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from grading.code.asked import CodeQuestion
from grading.code.case import cases
from grading.code.engines import behaviour_calls, behaviour_verdict
from grading.code.functions import calls, verdict
from grading.code.verdict import Verdict
from grading.results import Item, ItemStatus
from grading.sandbox import Call, Outcome, Tier, run, run_cells

_STOPPED: Final[dict[str, tuple[ItemStatus, str]]] = {
    "timeout": (
        "timeout",
        "Your program took too long and was stopped: look for a loop that does not end.",
    ),
    "memory": ("memory", "Your program used too much memory and was stopped."),
    "output": ("refused", "Your program printed or returned too much and was stopped."),
    "crash": ("crash", "Your file does not run."),
    "refused": ("refused", "What came back from your program cannot be read."),
}


def grade_code(
    question: CodeQuestion, source: str | Sequence[str], tier: Tier | None = None, seed: int = 0
) -> tuple[Item, ...]:
    """What is said of a program: one item, whose points are shared by the gradients or behaviours asked for.

    source  the student's file, as text, or a notebook's cells, of which one that fails costs only itself;
            compiled and run in the sandbox alone
    tier    how it is run; None is the safest way that this machine has
    seed    a secret number: the inputs are drawn from it and from what was handed in

    Raises SandboxError where the tier does not work here, AssignmentError where the question cannot be
    asked with any numbers.
    """
    field = question.parts[0].field
    text = source if isinstance(source, str) else "\n\n".join(source)
    if not text.strip():
        return (_item(question, "missing", 0.0, f"Hand in a file with {field.name}."),)
    if question.ask == "engine":
        asked = behaviour_calls(question, seed, text)
        outcome = _ran(source, [call for _, call in asked], tier, "engine")
        return (
            _graded(question, outcome, lambda: behaviour_verdict(question, asked, outcome.results)),
        )
    made = cases(question, seed, text)
    outcome = _ran(source, calls(question, made), tier, "calls")
    return (_graded(question, outcome, lambda: verdict(question, made, outcome.results)),)


def _ran(
    source: str | Sequence[str], asked: Sequence[Call], tier: Tier | None, driver: str
) -> Outcome:
    if isinstance(source, str):
        return run(source, asked, tier=tier, driver=_driver(driver))
    return run_cells(source, calls=asked, tier=tier, driver=_driver(driver))


def _graded(question: CodeQuestion, outcome: Outcome, judged: Any) -> Item:
    if outcome.status != "ok":
        status, says = _STOPPED[outcome.status]
        error = (
            f" {outcome.error}" if outcome.error and outcome.status in ("crash", "refused") else ""
        )
        return _item(question, status, 0.0, f"{says}{error}", note=outcome.error)
    told: Verdict = judged()
    is_right = told.share == 1.0 and not told.says
    status = "right" if is_right else "missing" if told.missing else "wrong"
    says = (
        " ".join([*told.says, *told.remarks]) if told.says else " ".join(["Right.", *told.remarks])
    )
    return _item(
        question, status, told.share, says, ids=tuple(dict.fromkeys(told.ids)),
        path=told.path if question.feedback in ("path", "reference") else (), note=" ".join(told.remarks),
    )  # fmt: skip


def _item(question: CodeQuestion, status: ItemStatus, share: float, says: str, **rest: Any) -> Item:
    field = question.parts[0].field
    return Item(question.name, field.name, status, share * field.points, field.points, says, **rest)


@cache
def _driver(kind: str) -> str:
    return resources.files("grading.code").joinpath(f"driver_{kind}.py").read_text(encoding="utf-8")
