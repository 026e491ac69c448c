"""Equal time steps as a loop: blocks of lines that differ in nothing but in which step they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.programs.writing.patterns import Pattern, pattern
from autograd_lite.programs.writing.roles import LEAST
from autograd_lite.programs.writing.series import Loop, Series
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.steps import Steps
from autograd_lite.programs.writing.terms import Term

_LONGEST_BLOCK: Final = 200

Member = dict[Term, list[tuple[Series, int]]]


class Roller:
    """Finds loops in a program's lines.

    members    by term, of which series it is a value, and at which step
    positions  by term, where its first and last line stands
    """

    def __init__(
        self,
        is_line: Callable[[Term], bool],
        is_named: Callable[[Term], bool],
        timed: Callable[[Term], Any],
    ) -> None:
        self.is_line, self.is_named, self.timed = is_line, is_named, timed
        self.members: Member = {}
        self.positions: dict[Term, tuple[int, int]] = {}
        self.count = 0

    def rolled(self, statements: list[Statement]) -> list[Statement | Loop]:
        """The statements, with a loop in place of every three or more equal steps."""
        start, self.count = self.count, self.count + len(statements)
        for k, statement in enumerate(statements, start):
            first = self.positions.get(statement.target, (k, k))[0]
            self.positions[statement.target] = first, k
        patterns = [pattern(statement, self.is_line) for statement in statements]
        runs = _runs([p.skeleton for p in patterns])
        found: list[Statement | Loop] = []
        i = 0
        while i < len(statements):
            best = self._best(statements, patterns, runs, i, start)
            if best is None:
                found.append(statements[i])
                i += 1
            else:
                found.append(best.loop(self.members))
                i += best.covered
        return found

    def _best(
        self,
        statements: list[Statement],
        patterns: list[Pattern],
        runs: dict[int, Any],
        i: int,
        start: int,
    ) -> Steps | None:
        best = None
        fitting = [
            (i + 2 * length + int(run[i + length]), length)
            for length, run in runs.items()
            if i + length < len(run) and run[i + length] >= length
        ]
        tried: list[int] = []
        for end, length in sorted(fitting, key=lambda found: (-found[0], found[1])):
            if best is not None and end - i <= best.covered:
                break
            if any(length % shorter == 0 for shorter in tried):
                continue  # two steps at once
            tried.append(length)
            blocks = (end - i) // length
            steps = Steps(self, statements[i:end], patterns[i:end], length, blocks, start + i)
            if steps.fits and (best is None or steps.covered > best.covered):
                best = steps
        return best


def _runs(skeletons: list[Any]) -> dict[int, Any]:
    """By block length, at each line: how many lines from there on equal those a block later."""
    known: dict[Any, int] = {}
    ids = np.array([known.setdefault(s, len(known)) for s in skeletons])
    found = {}
    for length in range(1, min(_LONGEST_BLOCK, len(ids) // LEAST) + 1):
        same = ids[:-length] == ids[length:]
        if same.any():
            found[length] = np.fromiter(_counted(same), int, len(same))[::-1]
    return {length: run for length, run in found.items() if (run >= length).any()}


def _counted(same: Any) -> Iterator[int]:
    count = 0
    for equal in same[::-1]:
        count = count + 1 if equal else 0
        yield count
