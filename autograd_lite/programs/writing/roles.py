"""What each atom of equal blocks of lines is, in terms of the step: what moves, and by how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from autograd_lite.programs.writing.patterns import NUMBER, Atom, Pattern
from autograd_lite.programs.writing.series import Series
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term

MISSING: Final = Atom("missing", None)
LEAST: Final = 3
"""How many equal steps make a loop."""


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


class Blocks:
    """Blocks of `length` lines each, with the roles of their atoms.

    missing  by line, the summands that the first block lacks: the step before passes them on
    tail     how many lines of the last block there are; the others would compute what nobody uses
    where    by term, which line of which block defines it
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
        self.where = {s.target: divmod(n, length) for n, s in enumerate(statements) if not s.adds}

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self.blocks + (self.tail > 0)

    def atom_at(self, k: int, place: Place) -> Atom:
        """An atom of block k."""
        found = self.patterns[k * self.length + place.line]
        if place.part < 0:
            return found.of_head[place.atom]
        part = place.part
        if k == 0 and place.line in self.missing:
            missing = self.missing[place.line]
            if part in missing:
                return MISSING
            part -= sum(other < part for other in missing)
        return found.of_parts[part][place.atom]

    def _places(self) -> list[Place]:
        found = []
        for j, p in enumerate(self.patterns[self.length : 2 * self.length]):
            found += [Place(j, -1, n) for n in range(len(p.of_head))]
            found += [Place(j, q, n) for q, part in enumerate(p.of_parts) for n in range(len(part))]
        return found

    def find_roles(self) -> int:
        """Find the role of each atom; returns for how many steps all of them hold."""
        self.roles, least = {}, min(self.count, *map(self._names_fit, range(self.length)))
        for place in self._places():
            steps = self.blocks + (place.line < self.tail)
            atoms = [self.atom_at(k, place) for k in range(steps)]
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
            is_other = not name or name.base != (before and before.base)
            if is_other and self.known.is_named(line.target):
                return k + (before is None and not self.known.is_named(lines[0].target))
        return self.count

    def _role(self, place: Place, atoms: list[Atom]) -> tuple[Role | None, int]:
        found: list[tuple[int, Role]] = []
        first = 1 if atoms[0] is MISSING else 0
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
