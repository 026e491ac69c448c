"""Formulas as outlines: each letter is drawn once, a formula is letters put side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from viz.formulas.mathtext import as_set, glyphs, measure, outline

EM: Final = 100.0
"""The size, in units of the drawing, at which letters and formulas are defined."""

_VERBS: Final = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("Z", 0)}


class Glyphs:
    """The letters and formulas of one page.

    >>> glyphs = Glyphs()
    >>> glyphs.formula("x + 1"), glyphs.formula("x + 1"), glyphs.formula("x")
    (0, 0, 1)
    """

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._formulas: dict[tuple[str, bool], int] = {}
        self._groups: list[str] = []
        self.sizes: list[tuple[float, float, float]] = []

    def formula(self, source: str, is_math: bool = True) -> int:
        """The number of a formula (LaTeX), or of a line of plain text; `f-number` is its id."""
        key = source, is_math = as_set(source, is_math)
        if key not in self._formulas:
            self._formulas[key] = len(self._groups)
            body = self._math(source) if is_math else _path(*outline(source, False))
            self._groups.append(f'<g id="f-{len(self._groups)}">{body}</g>')
            self.sizes.append(_in_ems(measure(source, is_math, 10.0)))
        return self._formulas[key]

    def definitions(self) -> str:
        """All letters and formulas, as the content of an SVG's <defs>."""
        return "".join([*self._letters.values(), *self._groups])

    def _math(self, source: str) -> str:
        placed, outlines, bars = glyphs(source)
        for name, path in outlines.items():
            number = len(self._letters)
            if name not in self._letters:
                self._letters[name] = _path(path[0], path[1], attributes=f' id="g-{number}"')
        order = {name: k for k, name in enumerate(self._letters)}
        letters = (_use(order[name], x, y, size) for name, x, y, size in placed)
        return "".join([*letters, *(_path(*bar) for bar in bars)])


def _in_ems(size: tuple[float, float, float]) -> tuple[float, float, float]:
    width, above, below = (round(x / 10.0, 4) for x in size)
    return width, above, below


def _use(letter: int, x: float, y: float, size: float) -> str:
    at = f"translate({_short(x)} {_short(-y)})"
    scaled = at if size == 1 else f"{at} scale({_short(size, 3)})"
    return f'<use href="#g-{letter}" transform="{scaled}"/>'


def _path(vertices: Iterable[Any], codes: Iterable[int], attributes: str = "") -> str:
    """A matplotlib path as SVG, y downwards."""
    points, parts = iter([tuple(v) for v in vertices]), []
    steps = iter([int(code) for code in codes])
    for code in steps:
        verb, count = _VERBS[code]
        own = [next(points) for _ in range(max(count, 1))]
        for _ in range(count - 1):
            next(steps)
        parts.append(verb + " ".join(f"{_short(x)} {_short(-y)}" for x, y in own[:count]))
    return f'<path{attributes} d="{"".join(parts)}"/>'


def _short(x: float, digits: int = 1) -> str:
    text = f"{float(x):.{digits}f}".rstrip("0").rstrip(".") if digits else f"{x:.0f}"
    return "0" if text in ("-0", "") else text
