"""What gradcheck says of a disagreement: operation, operand, index, both numbers, a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from autograd_lite.checks.agreement import Disagreement, in_jacobian
from autograd_lite.checks.vectorized import entry_of
from autograd_lite.differences import kink
from autograd_lite.modes import source_line
from autograd_lite.node import Node

LARGEST_JACOBIAN: Final = 1_000_000
SWEEPS: Final = {
    "reverse": "reverse sweep (vjp)",
    "forward": "forward sweep (jvp)",
    "recorded": "sweep recorded on the graph",
}


def rule_message(node: Node, found: Disagreement, of: Sequence[str], tolerance: float) -> str:
    """The message when the rule of `node` is wrong by itself.

    of  what of the rule was compared, if not the rule itself: ["vjp"], ["vjp", "jvp"], …
    """
    line = source_line(node)
    where = f"{SWEEPS[found.sweep]} at {node.describe()}" + (f", {line}" if line else "")
    if found.raised is not None:
        return f"{node.rule.name}: {_raised(found)}; {where}"
    if found.sweep == "recorded":
        return f"{node.rule.name}, {_place(found)}: {_recorded(found)} ({where})"
    small = found.map.value.size * found.map.point.size <= LARGEST_JACOBIAN
    entry = in_jacobian(found, tolerance) if small else None
    reasons = [where, *_reasons(entry or found, node.rule.kinks)]
    if of:
        reasons.append(
            f"this is a derivative of the rule's {' of its '.join(reversed(of))}, which is right; is "
            f"it lost in a raw NumPy call or in plain(…)? Derivatives go through xp"
        )
    if entry is None and small:
        reasons.append(
            "right for unit vectors and wrong for random ones: is the upstream gradient forgotten?"
        )
    return f"{node.rule.name}, {_numbers(entry or found, 'rule')} ({'; '.join(reasons)})"


def path_message(found: Disagreement) -> str:
    """The message when every rule on the way is right by itself."""
    if found.raised is not None:
        return f"the {SWEEPS[found.sweep]} as a whole: {_raised(found)}"
    if found.sweep == "recorded":
        return f"{_place(found)}: {_recorded(found)}"
    kinks = [f"; {reason}" for reason in _reasons(found, "")]
    return (
        f"{_numbers(found, 'sweep')} ({SWEEPS[found.sweep]}), though each operation's rule is "
        f"right by itself: does a number leave the graph on the way (.data, .item(), .numpy(), "
        f"detach(), no_grad())?{''.join(kinks)}"
    )


def rounding_message(node: Node | None, found: Disagreement) -> str:
    """The message where rounding hides the difference, so that nobody is to blame."""
    what, who = ("the result", "sweep") if node is None else (node.describe(), "rule")
    return (
        f"{_numbers(found, who)}, but this cannot be compared here: rounding hides it, as {what} is so "
        f"much larger that a step moves it by hardly one unit in its last place; no rule is blamed, and "
        f"none is found right: check at numbers where the result moves"
    )


def _numbers(found: Disagreement, who: str) -> str:
    """Operand 0, index (1, 2): rule says 3.0, differences say 6.0"""
    says, by = _told_apart(found.analytic, found.numeric)
    return f"{_place(found)}: {who} says {says}, differences say {by}"


def _recorded(found: Disagreement) -> str:
    says, by = _told_apart(found.analytic, found.numeric)
    return f"recorded on the graph a sweep says {says}, computed with numbers {by}"


def _place(found: Disagreement) -> str:
    f = found.map
    if found.column is None:
        which, index = entry_of(f.outputs, found.row or 0)
        return f"result {which}, index {index}"
    which, index = entry_of(f.inputs, found.column)
    return f"{f.labels[which]}, index {index}"


def _reasons(found: Disagreement, convention: str) -> Iterator[str]:
    f = found.map
    if found.row is None or found.column is None:
        return
    row = entry_of(f.outputs, found.row)
    if row[1] != entry_of(f.inputs, found.column)[1] or len(f.outputs) > 1:
        yield f"for the result's index {row[1]}"
    slopes = kink(f, f.point, np.eye(f.point.size)[found.column], found.row)
    if slopes is not None:
        left, right = _told_apart(*slopes)
        rule = f" (the rule: {convention})" if convention else ""
        yield f"a kink is here, with slope {left} before and {right} after{rule}: move away from it"


def _raised(found: Disagreement) -> str:
    return f"its derivative raises {type(found.raised).__name__}: {found.raised}"


def _told_apart(a: float, b: float) -> list[str]:
    """Both numbers with as many digits as tell them apart."""
    shown: list[str] = []
    for digits in (6, 9, 12, 17):
        shown = [repr(float(f"{x:.{digits}g}")) for x in (a, b)]
        if shown[0] != shown[1]:
            break
    return shown
