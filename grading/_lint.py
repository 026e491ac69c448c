"""`grading.lint`: which mistakes a set of test cases cannot see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from autograd_lite.errors import OperandError
from autograd_lite.flow import FlowGraph
from autograd_lite.variables import Key
from grading.asking import Asked, prepare
from grading.recognizers.formula import at_points

Case: TypeAlias = "Asked | tuple[FlowGraph, Key | None]"
"""A prepared question, or a graph with the variable by which is differentiated (None: its value)."""
NEAR: Final = 1e-6


@dataclass(frozen=True)
class Lint:
    """What a set of test cases tells apart from the right answer.

    invisible  mistakes that give the right answer in every case: whoever makes them passes
    seen       how many mistakes at least one case tells from the right answer

    >>> print(Lint(("C1",), 21))
    1 of 22 mistakes give the right answer in every case: C1.
    """

    invisible: tuple[str, ...]
    seen: int

    def __str__(self) -> str:
        if not self.invisible:
            return f"All {self.seen} mistakes give a wrong answer in at least one case."
        return (
            f"{len(self.invisible)} of {self.seen + len(self.invisible)} mistakes give the right answer in "
            f"every case: {', '.join(self.invisible)}."
        )


def lint(cases: Iterable[Case], *, near: float = NEAR) -> Lint:
    """The mistakes that these test cases cannot see, because they give the right answer in all of them.

    cases  prepared questions, or pairs of a graph and the variable to differentiate by
    near   relative to the largest entry: closer answers pass a test

    At x = 2 nobody sees whether somebody takes x² for 2x:

    >>> from autograd_lite import Value
    >>> def case(at):
    ...     x = Value(at, name="x")
    ...     return FlowGraph((x**2).named("y")), x
    >>> "A24:y" in lint([case(2.0)]).invisible, "A24:y" in lint([case(2.0), case(1.3)]).invisible
    (True, False)

    Raises OperandError for what is no such pair, GraphError where the graph does not have what is asked for.
    """
    asked = [case if isinstance(case, Asked) else prepare(*_pair(case)) for case in cases]
    return told_apart([q.right for q in asked], [_wrongs(q) for q in asked], near=near)


def _pair(case: object) -> tuple[FlowGraph, Key | None]:
    if isinstance(case, tuple) and len(case) == 2 and isinstance(case[0], FlowGraph):
        return case
    raise OperandError(
        f"a test case is a pair (FlowGraph, the variable to differentiate by), not {case!r:.60}"
    )


def _wrongs(asked: Asked) -> dict[str, Any]:
    """What each mistake gives, but for those that are none on this graph, whatever its numbers."""
    found = _by_name(asked)
    if not (points := at_points(asked.flow)):
        return found
    apart = prepare(asked.flow, asked.wrt, of=asked.of, hold=asked.hold, values=points)
    real = {
        name for name, value in _by_name(apart).items() if not _passes(value, apart.right, NEAR)
    }
    return {name: value for name, value in found.items() if name in real}


def _by_name(asked: Asked) -> dict[str, Any]:
    """What each mistake gives; where one has several values at one place they are numbered."""
    found: dict[str, Any] = {}
    count: Counter[str] = Counter()
    for c in asked.candidates:
        count[c.identifier] += 1
        n = count[c.identifier]
        found[c.identifier if n == 1 else f"{c.identifier} ({n})"] = c.value
    return found


def told_apart(
    rights: Sequence[ArrayLike], wrongs: Sequence[Mapping[str, ArrayLike]], *, near: float = NEAR
) -> Lint:
    """Which wrong results differ from the right ones in at least one case.

    rights  for each case the right result
    wrongs  for each case the result of each mistake that can be made in it
    """
    seen: dict[str, bool] = {}
    for right, found in zip(rights, wrongs, strict=True):
        for identifier, value in found.items():
            seen[identifier] = seen.get(identifier, False) or not _passes(value, right, near)
    invisible = tuple(identifier for identifier, is_seen in seen.items() if not is_seen)
    return Lint(invisible, len(seen) - len(invisible))


def _passes(value: Any, right: Any, near: float) -> bool:
    """Whether a test would take the value for the right one; nan passes nowhere."""
    value, right = np.asarray(value, float), np.asarray(right, float)
    if value.shape != right.shape or not value.size:
        return False
    return bool(np.max(np.abs(value - right)) <= near * np.max(np.abs(right)))
