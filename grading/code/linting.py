"""Whether a question's cases let a mistake of the catalogue pass: none should."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from grading._lint import Lint, told_apart
from grading.asking import prepare
from grading.code.asked import CodeQuestion
from grading.code.case import Case, case, cases

_GENERIC: Final = 2


def lint_code(question: CodeQuestion, seed: int = 0, *, most: int = 3) -> dict[str, Lint]:
    """By variable, which mistakes give the right gradient in every case that a submission is called with.

    seed  what the cases are drawn from
    most  how many cases are looked at: a mistake that some of them show is shown by all of them

    What gives the right gradient for all sizes and numbers is no mistake on this graph: a state before the
    first step that is 0 may be left out. A question about an engine has no cases.
    """
    if question.ask == "engine":
        return {}
    made = cases(question, seed, "lint")[:most]
    rng = np.random.default_rng(7)
    generic = [case(question, rng, vary=True) for _ in range(_GENERIC)]
    return {name: against(made, generic, name) for name in made[0].wrt}


def against(made: Sequence[Case], generic: Sequence[Case], name: str) -> Lint:
    """Which mistakes the cases made do not show, of those that are mistakes on generic ones.

    A row of the catalogue of which no instance shows is named by the row alone.
    """
    seen, all_here = _seen(made, name)
    real, _ = _seen(generic, name)
    rows = {_row(x) for x in real} - {_row(x) for x in seen}
    hidden = sorted(x for x in all_here - seen if x in real or _row(x) in rows)
    hidden += sorted(rows - {_row(x) for x in hidden})
    return Lint(tuple(hidden), len(seen))


def _seen(made: Sequence[Case], name: str) -> tuple[set[str], set[str]]:
    """The mistakes that give a wrong gradient in at least one case, and all of them."""
    asked = [prepare(case.flow, case.nodes[name]) for case in made]
    wrongs = [{c.identifier: c.value for c in q.candidates} for q in asked]
    found = {identifier for wrong in wrongs for identifier in wrong}
    return found - set(told_apart([q.right for q in asked], wrongs).invisible), found


def _row(identifier: str) -> str:
    return identifier.partition(":")[0]
