"""One candidate for a loop: blocks of lines that are equal steps, and the loop that they make."""

from __future__ import annotations

from typing import Any

from autograd_lite.programs.writing.patterns import Atom, rebuilt
from autograd_lite.programs.writing.roles import LEAST, MISSING, Blocks, Place, Role
from autograd_lite.programs.writing.series import Entry, Linear, Loop, Series
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term


class Steps(Blocks):
    """A candidate for a loop; `fits` says whether it is one."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.fits = self._fits()

    @property
    def covered(self) -> int:
        """How many lines the loop stands for."""
        return self.blocks * self.length + self.tail

    # --- whether they are equal steps -------------------------------------------------------------

    def _fits(self) -> bool:
        if not all(self._first_block_fits(j) for j in range(self.length)):
            return False
        if not self._begins_well():
            return False
        while self.blocks >= LEAST:
            least = self.find_roles()
            if least == self.count and self._tail_fits() and self._pushes_fit():
                return self._starts_agree()
            if self.tail:
                self.tail = 0
            else:
                self.blocks = min(least, self.blocks - 1)
        return False

    def _begins_well(self) -> bool:
        """Whether the first steps are equal: a quick look before a long one."""
        whole = self.blocks, self.tail
        self.blocks, self.tail = LEAST, 0
        begins = self.blocks <= whole[0] and self.find_roles() >= LEAST
        self.blocks, self.tail = whole
        return begins

    def _first_block_fits(self, j: int) -> bool:
        """Whether line j of the first block is that of the second, perhaps without some summands."""
        first, second = self.patterns[j], self.patterns[self.length + j]
        if first.head != second.head:
            return False
        if first.parts == second.parts:
            return True
        left, missing = list(first.parts), []
        for k, part in enumerate(second.parts):
            if left and left[0] == part:
                left.pop(0)
            else:
                missing.append(k)
        self.missing[j] = missing
        return not left and bool(first.parts)

    # --- what the first and the last step lack ----------------------------------------------------

    def _tail_fits(self) -> bool:
        """Whether the lines that the last step lacks could be computed, and change nothing."""
        if not self.tail:
            return True
        lacking = range(self.tail, self.length)
        if any(self.statements[self.length + j].adds for j in lacking):
            return False
        return all(
            self._exists(role, self.count - 1)
            for place, role in self.roles.items()
            if place.line in lacking
        )

    def _pushes_fit(self) -> bool:
        """Whether the step before can pass on what the first one lacks."""
        for place, role in self.roles.items():
            if place.part in self.missing.get(place.line, ()):
                if role.kind == "line" and role.start != 1:
                    return False
                if not self._exists(role, self.count):
                    return False
        return True

    def _exists(self, role: Role, k: int) -> bool:
        """Whether there is a value at step k, which the lines themselves do not have."""
        if role.kind == "series":
            at = role.start + role.slope * k
            return at in role.at.started or at in role.at.steps.values()
        at = role.start + role.slope * k
        return role.kind != "number" or (at >= 0 and (role.length is None or at < role.length))

    def _starts_agree(self) -> bool:
        """Find what lines hold before the first step; it must be the same wherever it is asked for."""
        for place, role in self.roles.items():
            if role.kind != "line":
                continue
            for k in range(role.start):
                atom = self.atom_at(k, place)
                key = role.at, k - role.start
                if (
                    atom is not MISSING
                    and self.starts.setdefault(key, atom.value) is not atom.value
                ):
                    return False
        return True

    # --- the loop ---------------------------------------------------------------------------------

    def loop(self, members: dict[Term, list[tuple[Series, int]]]) -> Loop:
        """The loop; its series are added to the members."""
        self._number_steps()
        self.series = [self._series(j) for j in range(self.length)]
        starts = []
        for (line, k), value in self.starts.items():
            series = self.series[line]
            at = self.first + self.slope * k + self.offsets[line]
            if isinstance(value, Term):
                series.steps[value] = at
            else:
                series.started.add(at)
            starts.append((series, at, value))
        passed: list[Statement] = []
        body = [self._line(j, passed, starts) for j in range(self.length)]
        for series in self.series:
            for term, at in series.steps.items():
                members.setdefault(term, []).append((series, at))
        stop = self.first + self.slope * self.count
        return Loop(range(self.first, stop, self.slope), body + passed, starts, self.series)

    def _number_steps(self) -> None:
        """Number steps as in a variable's name, else as in an index, else from 0."""
        named = [self._named_steps(j) for j in range(self.length)]
        moving = [
            (role.start, role.slope)
            for role in self.roles.values()
            if role.kind in ("series", "number") and abs(role.slope) == 1
        ]
        self.first, self.slope = next(filter(None, [*named, *moving]), (0, 1))
        self.offsets = [
            steps[0] - self.first if steps and steps[1] == self.slope else 0 for steps in named
        ]

    def _named_steps(self, j: int) -> tuple[int, int] | None:
        if self.statements[j].adds:
            return None
        names = [
            self.known.timed(s.target) for s in self.statements[j :: self.length][: self.blocks]
        ]
        if not all(names) or len({name.base for name in names}) > 1:
            return None
        slope = names[1].step - names[0].step
        is_even = all(name.step == names[0].step + slope * k for k, name in enumerate(names))
        return (names[0].step, slope) if is_even and abs(slope) == 1 else None

    def _series(self, j: int) -> Series:
        lines = self.statements[j : self.covered : self.length]
        series = Series(lines[1].target)
        if not lines[0].adds:
            for k, line in enumerate(lines):
                series.steps[line.target] = self.first + self.slope * k + self.offsets[j]
            series.last = lines[-1].target if len(lines) == self.count else None
        return series

    def _line(self, j: int, passed: list[Statement], starts: list[Any]) -> Statement:
        """Line j at any step; what it lacks at the first is passed on from the step before."""
        line = self.statements[self.length + j]
        target = line.target
        if line.adds:
            target = self._at_step(self.roles[Place(j, -1, 0)], target)
        else:
            target = Entry(self.series[j], Linear(1, self.offsets[j]))
        at = self._rebuilt(line.at, j, -1, 0, skip=int(line.adds), in_index=True)
        parts = []
        missing = self.missing.get(j, [])
        for q, part in enumerate(line.parts):
            if q not in missing:
                parts.append(self._rebuilt(part, j, q))
        if missing:
            parts.append(self._passed_on(j, missing, passed, starts))
        return Statement(target, parts, line.adds, at, line.scope)

    def _passed_on(
        self, j: int, missing: list[int], passed: list[Statement], starts: list[Any]
    ) -> Entry:
        line = self.statements[self.length + j]
        series = Series(line.target, is_passed_on=True)
        entry = Entry(series, Linear(1, 0))
        parts = [self._rebuilt(line.parts[q], j, q, ahead=1) for q in missing]
        passed.append(Statement(entry, parts, scope=line.scope))
        starts.append((series, 0, 0.0))
        return entry

    def _rebuilt(
        self, x: Any, j: int, part: int, ahead: int = 0, skip: int = 0, in_index: bool = False
    ) -> Any:
        numbers = iter(range(skip, 1_000_000))

        def change(atom: Atom) -> Any:
            return self._at_step(self.roles[Place(j, part, next(numbers))], atom.value, ahead)

        return rebuilt(x, self.known.is_line, change, in_index)

    def _at_step(self, role: Role, value: Any, ahead: int = 0) -> Any:
        """An atom in terms of the loop's variable."""
        if role.kind == "same":
            return value
        if role.kind == "line":
            offset = self.offsets[role.at] - self.slope * (role.start - ahead)
            return Entry(self.series[role.at], Linear(1, offset))
        slope = role.slope * self.slope  # per unit of the variable
        at = Linear(slope, role.start + role.slope * ahead - slope * self.first)
        return at if role.kind == "number" else Entry(role.at, at)
