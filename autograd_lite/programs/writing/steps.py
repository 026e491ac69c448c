"""One candidate for a loop: blocks of lines, and what each of their atoms is in terms of the step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from autograd_lite.programs.writing.patterns import NUMBER, Atom, Pattern, rebuilt
from autograd_lite.programs.writing.series import Entry, Linear, Loop, Series
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term

_MISSING: Final = Atom("missing", None)
_LEAST: Final = 3


class Place(NamedTuple):
    """An atom of a block: line, summand (-1: head), and number there."""

    line: int
    part: int
    atom: int


@dataclass(frozen=True)
class Role:
    """What an atom is at every step.

    kind     "same", "line" (a value of this loop), "series" (a value of an earlier one) or "number"
    at       of a line: which; of a series: it; of what stays the same: that
    start    how many steps back a line's value is; at step 0, the first number or place in the series
    slope    by how much this moves with each step
    length   of the axis that a number is an index of, where that is known
    """

    kind: str
    at: Any
    start: int = 0
    slope: int = 0
    length: int | None = None


class Known(Protocol):
    """What is known of the lines before."""

    members: dict[Term, list[tuple[Series, int]]]
    positions: dict[Term, tuple[int, int]]
    is_line: Callable[[Term], bool]
    is_named: Callable[[Term], bool]
    timed: Callable[[Term], Any]


class Steps:
    """Blocks of `length` lines each.

    missing  by line, the summands that the first block lacks: the step before passes them on
    tail     how many lines of the last block there are; the others would compute what nobody uses
    """

    def __init__(
        self, known: Known, statements: list[Statement], patterns: list[Pattern], length: int,
        blocks: int, start: int,
    ) -> None:  # fmt: skip
        self.known, self.statements, self.patterns = known, statements, patterns
        self.length, self.blocks, self.start = length, blocks, start
        self.tail = len(statements) - blocks * length
        self.missing: dict[int, list[int]] = {}
        self.roles: dict[Place, Role] = {}
        self.starts: dict[tuple[int, int], Any] = {}
        self.fits = self._fits()

    @property
    def covered(self) -> int:
        """How many lines the loop stands for."""
        return self.blocks * self.length + self.tail

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self.blocks + (self.tail > 0)

    # --- whether they are equal steps -------------------------------------------------------------

    def _fits(self) -> bool:
        if not all(self._first_block_fits(j) for j in range(self.length)):
            return False
        self.where = {
            s.target: divmod(n, self.length) for n, s in enumerate(self.statements) if not s.adds
        }
        if not self._begins_well():
            return False
        while self.blocks >= _LEAST:
            least = self._find_roles()
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
        self.blocks, self.tail = _LEAST, 0
        begins = self.blocks <= whole[0] and self._find_roles() >= _LEAST
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

    def _atoms(self, k: int, place: Place) -> Atom:
        """An atom of block k."""
        found = self.patterns[k * self.length + place.line]
        if place.part < 0:
            return found.of_head[place.atom]
        part = place.part
        if k == 0 and place.line in self.missing:
            missing = self.missing[place.line]
            if part in missing:
                return _MISSING
            part -= sum(other < part for other in missing)
        return found.of_parts[part][place.atom]

    def _places(self) -> list[Place]:
        found = []
        for j, p in enumerate(self.patterns[self.length : 2 * self.length]):
            found += [Place(j, -1, n) for n in range(len(p.of_head))]
            found += [Place(j, q, n) for q, part in enumerate(p.of_parts) for n in range(len(part))]
        return found

    def _find_roles(self) -> int:
        """Find the role of each atom; returns for how many steps all of them hold."""
        self.roles, least = {}, min(self.count, *map(self._names_fit, range(self.length)))
        for place in self._places():
            steps = self.blocks + (place.line < self.tail)
            atoms = [self._atoms(k, place) for k in range(steps)]
            role, holds = self._role(place, atoms)
            if role is None:
                return 0
            self.roles[place] = role
            if holds < steps:
                least = min(least, holds)
        return least

    def _names_fit(self, j: int) -> int:
        """For how many steps what line j defines has one name: none, or one with a step in it.

        The last of them may have another: the sum as a whole.
        """
        lines = self.statements[j :: self.length]
        if lines[0].adds:
            return self.count
        for k, line in enumerate(lines):
            name, before = self.known.timed(line.target), self.known.timed(lines[0].target)
            if (name and name.base) != (before and before.base) or not name:
                if self.known.is_named(line.target):
                    return k + (before is None and not self.known.is_named(lines[0].target))
        return self.count

    def _role(self, place: Place, atoms: list[Atom]) -> tuple[Role | None, int]:
        found: list[tuple[int, Role]] = []
        first = 1 if atoms[0] is _MISSING else 0
        values = [atom.value for atom in atoms]
        for role in self._possible(place, atoms):
            holds = first
            while holds < len(values) and self._holds(role, place, holds, values[holds]):
                holds += 1
            found.append((holds, role))
        if not found:
            return None, 0
        holds, role = max(found, key=lambda pair: pair[0])
        return role, holds

    def _possible(self, place: Place, atoms: list[Atom]) -> list[Role]:
        """What an atom may be, by its values at the steps 1, 2 and 3."""
        values = [atom.value for atom in atoms]
        if atoms[1].kind == NUMBER:
            slope = values[2] - values[1]
            return [Role("number", None, values[1] - slope, slope, atoms[1].length)]
        found: list[Role] = []
        for k in (3, 2, 1):
            if k < len(values) and isinstance(values[k], Term) and values[k] in self.where:
                step, line = self.where[values[k]]
                if 0 <= k - step <= 3 and (k > step or line < place.line):
                    found.append(Role("line", line, k - step))
        found.append(Role("same", values[1]))
        if isinstance(values[1], Term):
            later = dict(
                self.known.members.get(values[2], []) if isinstance(values[2], Term) else []
            )
            for series, at in self.known.members.get(values[1], []):
                if series in later and later[series] != at:
                    slope = later[series] - at
                    found.append(Role("series", series, at - slope, slope))
        return found

    def _holds(self, role: Role, place: Place, k: int, value: Any) -> bool:
        if role.kind == "number":
            return bool(value == role.start + role.slope * k)
        if role.kind == "same":
            same = value is role.at or (type(value) in (int, float) and value == role.at)
            return same and self._is_before(value, place.part < 0)
        if role.kind == "line":
            if k < role.start:
                return self._is_before(value)
            return isinstance(value, Term) and self.where.get(value) == (k - role.start, role.at)
        steps = dict(self.known.members.get(value, [])) if isinstance(value, Term) else {}
        return steps.get(role.at) == role.start + role.slope * k

    def _is_before(self, value: Any, is_target: bool = False) -> bool:
        """Whether a value is known before the first step."""
        if not isinstance(value, Term):
            return True
        first, last = self.known.positions.get(value, (-1, -1))
        return (first if is_target else last) < self.start

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
                atom = self._atoms(k, place)
                key = role.at, k - role.start
                if (
                    atom is not _MISSING
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
