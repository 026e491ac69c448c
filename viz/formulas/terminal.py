"""How wide text is on a terminal, in columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def columns(text: str) -> int:
    """How many columns the text takes: accents take none, letters of East Asia two.

    >>> columns("h_0"), columns("h\u0303"), columns("中文")
    (3, 1, 4)
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def padded(text: str, width: int) -> str:
    """The text, and blanks up to this many columns."""
    return text + " " * (width - columns(text))


def aligned(rows: Sequence[Sequence[str]], gap: int = 2, widest: int | None = None) -> list[str]:
    """Rows of entries as lines, each entry but a row's last as wide as the widest of its column.

    widest  the most columns that an entry is filled up to

    >>> aligned([("x", "1"), ("long", "2")])
    ['x     1', 'long  2']
    """
    count = max(map(len, rows), default=0)
    widths = [max((columns(r[i]) for r in rows if len(r) > i + 1), default=0) for i in range(count)]
    if widest is not None:
        widths = [min(width, widest) for width in widths]
    return [(" " * gap).join(map(padded, row, widths)).rstrip() for row in rows]
