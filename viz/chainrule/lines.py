"""Lines of a derivation, and how they are broken into rows: as LaTeX, Markdown and plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from viz.formulas.escaping import latex_text, markdown_text, one_line
from viz.formulas.mathtext import display, measure, parses
from viz.formulas.terminal import columns

Row: TypeAlias = tuple[str, ...]
"""One side of an equation, its sign first, in pieces between which a row may break."""

_TEXT_WIDTH: Final = 96
_LATEX_WIDTH: Final = 325.0  # of article's 345 points
_NARROWEST: Final = 160.0
_GAP: Final = 1.0
_WORD: Final = 6.0  # points a letter takes, and its share of the space behind the word
_ROWS_PER_BLOCK: Final = 24


@dataclass(frozen=True)
class Equation:
    """`word` left = right = right …"""

    left: str
    rights: tuple[Row, ...]
    word: str = ""


@dataclass(frozen=True)
class Note:
    """A sentence: plain words, mathematics, plain words."""

    words: str
    formula: str = ""
    rest: str = ""


Line: TypeAlias = Equation | Note


def text(lines: Iterable[Line]) -> str:
    """Lines of Unicode; rows stand under each other's equal signs."""
    return "\n".join(row for line in lines for row in _text(line)) + "\n"


def _text(line: Line) -> list[str]:
    if isinstance(line, Note):
        return [" ".join(one_line(p) for p in (line.words, line.formula, line.rest) if p)]
    head = " ".join(part for part in (line.word, line.left) if part)
    rows = broken(line.rights, _TEXT_WIDTH - columns(head), columns)
    return [f"{' ' * columns(head) if k else head} {row}" for k, row in enumerate(rows)]


def latex(lines: Sequence[Line]) -> str:
    """Paragraphs for the notes and `align*` for the equations; needs amsmath."""
    return "\n".join(_blocks(lines, _latex_note, r"\begin{align*}", r"\end{align*}"))


def markdown(lines: Sequence[Line]) -> str:
    """Paragraphs and displayed formulas, for notebooks, GitHub and pandoc."""
    begin, end = "$$\n\\begin{aligned}", "\\end{aligned}\n$$\n"
    return "\n".join(_blocks(lines, _markdown_note, begin, end))


def _blocks(
    lines: Sequence[Line], note: Callable[[Note], str], begin: str, end: str
) -> Iterable[str]:
    rows: list[str] = []
    equations = [line for line in lines if isinstance(line, Equation)]
    widest = max((_width(line.left) + _WORD * len(line.word) for line in equations), default=0.0)
    room = max(_LATEX_WIDTH - widest, _NARROWEST)
    for line in lines:
        if isinstance(line, Equation) and len(rows) < _ROWS_PER_BLOCK:
            rows += _latex(line, room)
            continue
        yield from _block(rows, begin, end)
        rows = _latex(line, room) if isinstance(line, Equation) else []
        if isinstance(line, Note):
            yield f"{note(line)}\n"
    yield from _block(rows, begin, end)


def _block(rows: list[str], begin: str, end: str) -> list[str]:
    return [begin, " \\\\\n".join(rows), end] if rows else []


def _latex(line: Equation, room: float) -> list[str]:
    word = rf"\text{{{latex_text(line.word)}}}\quad " if line.word.strip() else ""
    rows = broken(line.rights, room, _width)
    return [f"{'' if k else word + line.left} &{row}" for k, row in enumerate(rows)]


def _latex_note(note: Note) -> str:
    return rf"\noindent {_sentence(note, latex_text)}"


def _markdown_note(note: Note) -> str:
    return _sentence(note, markdown_text)


def _sentence(note: Note, safe: Callable[[str], str]) -> str:
    parts = [safe(note.words), f"${note.formula}$" if note.formula else "", safe(note.rest)]
    return " ".join(part for part in parts if part)


def broken(rights: Iterable[Row], room: float, width: Callable[[str], float]) -> list[str]:
    """Rows as long as there is room: broken at equal signs, and inside a long side at its signs."""
    rows: list[str] = []
    used = 0.0
    for right in rights:
        widths = [width(piece) + _GAP for piece in right]
        if rows and used + sum(widths) <= room:
            rows[-1] += " " + " ".join(right)
            used += sum(widths)
            continue
        rows.append(right[0])
        used = widths[0]
        for piece, wide in zip(right[1:], widths[1:], strict=True):
            if used + wide <= room:
                rows[-1] += f" {piece}"
                used += wide
            else:
                rows.append((r"\quad " if width is _width else "  ") + piece)
                used = wide + 2 * _GAP
    return rows


def _width(source: str) -> float:
    """How wide LaTeX would set it, in points, at 10 points."""
    shown = display(source)
    return measure(shown, True, 10.0)[0] if parses(shown) else 4.0 * len(source)
