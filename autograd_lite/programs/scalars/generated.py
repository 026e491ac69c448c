"""The rows as straight-line Python: quick without Numba where few nodes do the same at once.

Long functions compile slowly, so the lines are cut in pieces. Numbers go from one piece to the next in the
lists v (values) and g (adjoints) or t (tangents); within a piece they are local names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

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
                g[end] += seed
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
            self._phases[phase] = list(_compiled(_LINES[phase](self.rows)))
        for piece in self._phases[phase]:
            piece(v, g)

    def _careful(self) -> OnArrays:
        if self._by_numpy is None:
            self._by_numpy = OnArrays(self.rows, LevelLoops(self.rows))
        return self._by_numpy


@dataclass
class _Line:
    """`target` = a text with {} for what is read; each is a list's letter and a place in it."""

    target: tuple[str, int]
    text: str
    reads: list[tuple[str, int]] = field(default_factory=list)


def _compiled(lines: list[_Line]) -> Iterator[Callable[[Any, Any], None]]:
    names = _names()
    for k in range(0, len(lines), _PIECE):
        scope = dict(names)
        exec(_piece(lines[k : k + _PIECE]), scope)  # noqa: S102 - made of numbers and names from here
        yield scope["piece"]


def _piece(lines: list[_Line]) -> str:
    """One function: what it reads once it reads from the lists, what it computes it also keeps there."""
    local: set[tuple[str, int]] = set()
    body = []
    for line in lines:
        reads = [f"{x}{k}" if (x, k) in local else f"{x}[{k}]" for x, k in line.reads]
        x, k = line.target
        body.append(f"    {x}[{k}] = {x}{k} = {line.text.format(*reads)}")
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


def _value_lines(rows: Rows) -> list[_Line]:
    return _row_lines(rows.values.rows, rows.first, _literals(rows))


def _slope_lines(rows: Rows) -> list[_Line]:
    first = rows.first + len(rows.values)
    return _row_lines(rows.slopes.rows, first, _literals(rows))


def _sweep_lines(rows: Rows, edges: list[list[int]]) -> list[_Line]:
    """The sums over each node's edges (to it, from, partial), in lines that are not too long."""
    literals, lines, last = _literals(rows), list[_Line](), dict[int, _Line]()
    for to, start, partial in edges:
        line = last.get(to)
        if line is None or len(line.reads) > _LONGEST:
            line = last[to] = _Line(("g", to), "{}", [("g", to)])
            lines.append(line)
        line.reads.append(("g", start))
        if literals.get(partial) == "1.0":
            line.text += " + {}"
        elif partial in literals:
            line.text += f" + {{}} * {literals[partial]}"
        else:
            line.text += " + {} * {}"
            line.reads.append(("v", partial))
    return lines


def _pull_lines(rows: Rows) -> list[_Line]:
    edges = rows.edges.rows[:, [1, 0, 2]].tolist()
    lines = _sweep_lines(rows, edges)
    return sorted(lines, key=lambda line: -line.target[1])


def _push_lines(rows: Rows) -> list[_Line]:
    lines = _sweep_lines(rows, rows.edges.rows[::-1].tolist())
    return sorted(lines, key=lambda line: line.target[1])


_LINES: Final = {
    "values": _value_lines, "slopes": _slope_lines, "pull": _pull_lines, "push": _push_lines
}  # fmt: skip
