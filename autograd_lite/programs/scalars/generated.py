"""The rows as straight-line Python: quick without Numba where few nodes do the same at once.

Long functions compile slowly, so the lines are cut in pieces. Numbers go from one piece to the next in the
lists v (values) and g (adjoints) or t (tangents); within a piece they are local names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.modes import collector_paused
from autograd_lite.programs.scalars.extraction import NONE
from autograd_lite.programs.scalars.levels import LevelLoops
from autograd_lite.programs.scalars.primitives import CALLS, CALLS_2, Op
from autograd_lite.programs.scalars.rows import Rows
from autograd_lite.programs.scalars.running import OnArrays
from autograd_lite.rules.namespaces import floats
from autograd_lite.rules.tails import ENOUGH

_PIECE: Final = 400
"""How many lines a function has."""
_LONGEST: Final = 40
"""How many numbers a line reads, about: the compiler goes into a sum as deep as it is long."""


def _sech2(x: float, y: float) -> float:
    rest = 1.0 - y * y
    if rest >= ENOUGH:
        return rest
    e = math.exp(-2.0 * abs(x))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


_TEXT: Final[dict[int, str]] = {
    Op.ADD: "{a} + {b}",
    Op.SUBTRACT: "{a} - {b}",
    Op.MULTIPLY: "{a} * {b}",
    Op.DIVIDE: "{a} / {b}",
    Op.MULTIPLY_ADD: "{a} * {b} + {c}",
    Op.SQRT: "sqrt({a})",
    Op.LESS: "1.0 if {a} < {b} else 0.0",
    Op.LESS_EQUAL: "1.0 if {a} <= {b} else 0.0",
    Op.EQUAL: "1.0 if {a} == {b} else 0.0",
    Op.WHERE: "{b} if {a} else {c}",
    Op.MAXIMUM: "{a} if {a} >= {b} or {a} != {a} else {b}",
    Op.MINIMUM: "{a} if {a} <= {b} or {a} != {a} else {b}",
    Op.TANH: "tanh({a})",
    Op.SECH2: "sech2({a}, {b})",
}
_OWN: Final = {"erfc": math.erfc, "copysign": math.copysign, "fmod": math.fmod}


def _names() -> dict[str, Any]:
    """What the lines call: functions of the floats that Values compute with."""
    found = {name: _OWN.get(name) or getattr(floats, name) for name in (*CALLS, *CALLS_2)}
    return {
        **found, "sqrt": math.sqrt, "tanh": math.tanh, "sech2": _sech2, "inf": math.inf, "nan": math.nan
    }  # fmt: skip


class GeneratedPython:
    """Values and derivatives of a graph by lines of Python; at poles, where `math` raises, by NumPy."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._by_numpy: OnArrays | None = None
        self._phases: dict[str, list[Callable[[Any, Any], None]]] = {}

    def value(self, leaves: Sequence[Any]) -> list[float]:
        """The results."""
        try:
            v = self._values(leaves, "values")
        except (ArithmeticError, ValueError):
            return self._careful().value(leaves)
        return [v[k] for k in self.rows.results.tolist()]

    def pull(self, leaves: Sequence[Any], seeds: Sequence[Any]) -> tuple[list[float], list[float]]:
        """The results, and the adjoints of all leaves."""
        try:
            v = self._values(leaves, "values", "slopes")
        except (ArithmeticError, ValueError):
            return self._careful().pull(leaves, seeds)
        g = [0.0] * self.rows.nodes
        for end, seed in zip(self.rows.ends.tolist(), seeds, strict=True):
            if end != NONE and seed is not None:
                g[end] += float(seed)
        self._run("pull", v, g)
        return [v[k] for k in self.rows.results.tolist()], g[: self.rows.leaves]

    def push(
        self, leaves: Sequence[Any], tangents: Sequence[Any]
    ) -> tuple[list[float], list[float]]:
        """The results, and their tangents."""
        try:
            v = self._values(leaves, "values", "slopes")
        except (ArithmeticError, ValueError):
            return self._careful().push(leaves, tangents)
        t = [0.0 if x is None else float(x) for x in tangents]
        t += [0.0] * (self.rows.nodes - self.rows.leaves)
        self._run("push", v, t)
        moved = [0.0 if end == NONE else t[end] for end in self.rows.ends.tolist()]
        return [v[k] for k in self.rows.results.tolist()], moved

    def _values(self, leaves: Sequence[Any], *phases: str) -> list[float]:
        rows = self.rows
        v = [*map(float, leaves), *rows.literals.tolist()]
        v += [0.0] * (len(rows.values) + len(rows.slopes))
        for phase in phases:
            self._run(phase, v, v)
        return v

    def _run(self, phase: str, v: list[float], g: list[float]) -> None:
        if phase not in self._phases:
            with collector_paused():
                self._phases[phase] = list(_compiled(*_LINES[phase](self.rows)))
        for piece in self._phases[phase]:
            piece(v, g)

    def _careful(self) -> OnArrays:
        if self._by_numpy is None:
            self._by_numpy = OnArrays(self.rows, LevelLoops(self.rows))
        return self._by_numpy


_Name = tuple[str, int]
"""A list's letter and a place in it."""


@dataclass
class _Line:
    """`target` = a text with {} for each of the `reads`."""

    target: _Name
    text: str
    reads: list[_Name]


def _compiled(lines: list[_Line], wanted: set[_Name]) -> Iterator[Callable[[Any, Any], None]]:
    """The lines as functions; `wanted` are the numbers that others read afterwards."""
    readers: dict[_Name, int] = {}
    for k, line in enumerate(lines):
        for name in line.reads:
            readers[name] = max(k // _PIECE, readers.get(name, 0))
    names = _names()
    for k in range(0, len(lines), _PIECE):
        piece = lines[k : k + _PIECE]
        targets = {line.target for line in piece}
        kept = {x for x in targets if x in wanted or readers.get(x, 0) > k // _PIECE}
        scope = dict(names)
        exec(_piece(piece, kept), scope)  # noqa: S102 - made of numbers and names from here
        yield scope["piece"]


def _piece(lines: list[_Line], kept: set[_Name]) -> str:
    local: set[_Name] = set()
    body = []
    for line in lines:
        reads = [f"{x}{k}" if (x, k) in local else f"{x}[{k}]" for x, k in line.reads]
        x, k = line.target
        keep = f"{x}[{k}] = " if line.target in kept else ""
        body.append(f"    {keep}{x}{k} = {line.text.format(*reads)}")
        local.add(line.target)
    return "\n".join(["def piece(v, g):", *body, "    pass"])


def _row_lines(rows: Any, first: int, literals: dict[int, str]) -> list[_Line]:
    return [
        _row_line(("v", place), row, literals) for place, row in enumerate(rows.tolist(), first)
    ]


def _row_line(target: tuple[str, int], row: list[int], literals: dict[int, str]) -> _Line:
    op, *places = row
    if op in _TEXT:
        text = _TEXT[op]
    else:
        name = list(CALLS if op == Op.CALL else CALLS_2)[places.pop()]
        text = f"{name}({{a}})" if op == Op.CALL else f"{name}({{a}}, {{b}})"
    filled: dict[str, str] = {}
    reads: list[tuple[str, int]] = []
    for letter, place in zip("abc", places, strict=False):
        filled[letter] = literals.get(place, f"{{{len(reads)}}}")
        if place not in literals:
            reads.append(("v", place))
    return _Line(target, text.format(**filled), reads)


def _literals(rows: Rows) -> dict[int, str]:
    texts = (repr(x) for x in rows.literals.tolist())
    return {k: f"({text})" if "-" in text else text for k, text in enumerate(texts, rows.leaves)}


def _value_lines(rows: Rows) -> tuple[list[_Line], set[_Name]]:
    lines = _row_lines(rows.values.rows, rows.first, _literals(rows))
    later, partials = rows.slopes.rows[:, 1:], rows.edges.rows[:, 2]
    return lines, _names_of("v", later, partials, rows.results)


def _slope_lines(rows: Rows) -> tuple[list[_Line], set[_Name]]:
    first = rows.first + len(rows.values)
    lines = _row_lines(rows.slopes.rows, first, _literals(rows))
    return lines, _names_of("v", rows.edges.rows[:, 2])


def _pull_lines(rows: Rows) -> tuple[list[_Line], set[_Name]]:
    lines = _sweep_lines(rows, rows.edges.rows[:, [1, 0, 2]].tolist(), set(rows.ends.tolist()))
    wanted = _names_of("g", np.arange(rows.leaves))
    return sorted(lines, key=lambda line: -line.target[1]), wanted


def _push_lines(rows: Rows) -> tuple[list[_Line], set[_Name]]:
    lines = _sweep_lines(rows, rows.edges.rows[::-1].tolist(), set())
    return sorted(lines, key=lambda line: line.target[1]), _names_of("g", rows.ends)


def _sweep_lines(rows: Rows, edges: list[list[int]], seeded: set[int]) -> list[_Line]:
    """The sums over each node's edges (to it, from, partial), in lines that are not too long."""
    literals, lines, last = _literals(rows), list[_Line](), dict[int, _Line]()
    for to, start, partial in edges:
        line = last.get(to)
        if line is None or len(line.reads) > _LONGEST:
            is_begun = line is not None or to in seeded
            line = _Line(("g", to), "{} + " if is_begun else "", [("g", to)] * is_begun)
            last[to] = line
            lines.append(line)
        elif line.text:
            line.text += " + "
        line.text += _product(literals.get(partial))
        line.reads += [("g", start)] if partial in literals else [("g", start), ("v", partial)]
    return lines


def _product(literal: str | None) -> str:
    if literal is None:
        return "{} * {}"
    return "{}" if literal == "1.0" else f"{{}} * {literal}"


def _names_of(letter: str, *places: Any) -> set[_Name]:
    return {(letter, k) for array in places for k in np.unique(array).tolist()}


_LINES: Final = {
    "values": _value_lines, "slopes": _slope_lines, "pull": _pull_lines, "push": _push_lines
}  # fmt: skip
