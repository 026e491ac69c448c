"""Anybody's text as plain text: without what a terminal would obey, and with letters that the fonts have."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_LONGEST: Final = 40


def one_line(text: str) -> str:
    r"""Any text with nothing in it that moves a terminal's cursor.

    >>> one_line("a\nb\x1b[31m")
    'a\\nb\\x1b[31m'
    """
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def plural(count: int, what: str) -> str:
    """How many of something.

    >>> plural(1, "arrow"), plural(2, "arrow")
    ('1 arrow', '2 arrows')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


def plain(text: str, longest: int = _LONGEST) -> str:
    r"""Any text as one short line of characters that the fonts have.

    >>> plain("a\nb"), plain("x" * 50)
    ('a\\nb', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…')
    """
    shown = "".join(c if _drawable(c) else _escaped(c) for c in text[: 2 * longest])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _drawable(char: str) -> bool:
    return char.isprintable() and (char.isascii() or ord(char) in _glyphs())


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    from matplotlib import font_manager  # loaded when a picture is asked for

    path = font_manager.findfont("DejaVu Sans")
    return frozenset(font_manager.get_font(path).get_charmap())
