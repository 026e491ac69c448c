r"""Untrusted text in languages that would obey parts of it: one function for each language.

terminals  `one_line`      the fonts of pictures  `drawable`
LaTeX      `latex_text`    LaTeX's mathematics    `latex_math`, `upright`
Markdown   `markdown_text`  DOT  `dot_string`      a page's data  `json_in_html`

Text of a page itself goes through `html.escape`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from autograd_lite.names import GREEK
from viz.look import limits


def one_line(text: str) -> str:
    r"""Any text with nothing in it that moves a terminal's cursor.

    >>> one_line("a\nb\x1b[31m")
    'a\\nb\\x1b[31m'
    """
    return "".join(c if c.isprintable() else _by_code(c) for c in text)


def _by_code(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


# --- pictures --------------------------------------------------------------------------------------


def drawable(text: str, longest: int = limits.NAME) -> str:
    r"""Any text as one short line of characters that the fonts have.

    >>> drawable("a\nb"), drawable("x" * 50)
    ('a\\nb', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…')
    """
    shown = "".join(c if _in_fonts(c) else _by_code(c) for c in text[: 2 * longest])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _in_fonts(char: str) -> bool:
    return char.isprintable() and (char.isascii() or ord(char) in _font())


@lru_cache(maxsize=1)
def _font() -> frozenset[int]:
    from matplotlib import font_manager  # loaded when a picture is asked for

    path = font_manager.findfont("DejaVu Sans")
    return frozenset(font_manager.get_font(path).get_charmap())


# --- LaTeX -----------------------------------------------------------------------------------------

_IN_TEXT: Final = {
    "\\": r"$\backslash$", "{": r"\{", "}": r"\}", "$": r"{\char36}", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": "$<$", ">": "$>$", "|": "$|$", '"': "''", "'": "'", "`": "`", "-": "{-}",
    "…": r"\ldots{}", "–": "--", "—": "---", "’": "'", "·": r"$\cdot$", "×": r"$\times$",
    "∂": r"$\partial$", "→": r"$\to$", "√": r"$\surd$", "−": "$-$", "Σ": r"$\Sigma$",
    "⋮": r"$\vdots$", "\N{NO-BREAK SPACE}": "~",
    **{c: rf"$\{name}$" for name, c in GREEK.items() if name != "omicron"},
}  # fmt: skip
_ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c",
}  # fmt: skip
_IN_MATH: Final = str.maketrans({
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "^": r"\wedge ", "~": r"\sim ",
    **{c: f"\\{c}" for c in "$&#%_"},
})  # fmt: skip


def latex_text(text: str) -> str:
    r"""Text that LaTeX prints as it is; a letter that pdfLaTeX's fonts lack is shown by its number.

    >>> print(latex_text(r"50 % of \input{x} & é, ε_u, 中"))
    50 \% of $\backslash$input\{x\} \& \'{e}, $\epsilon$\_u, [U+4E2D]
    """
    return "".join(_letter(c) for c in unicodedata.normalize("NFC", text))


def _letter(c: str) -> str:
    if c in _IN_TEXT:
        return _IN_TEXT[c]
    if c.isascii() and c.isprintable():
        return c
    parts = unicodedata.normalize("NFD", c)
    if len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in _ACCENTS:
        return rf"\{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    return f"[U+{ord(c):04X}]"


def latex_math(text: str) -> str:
    r"""Text that stands in a formula as it is.

    >>> print(latex_math(r"50%_{x}"))
    50\%\_\{x\}
    """
    return text.translate(_IN_MATH)


def upright(text: str) -> str:
    r"""Words in a formula.

    >>> print(upright("leaky_relu of x"))
    \mathrm{leaky\_relu\ of\ x}
    """
    return rf"\mathrm{{{latex_math(text)}}}".replace(" ", r"\ ")


# --- Markdown, DOT, HTML ---------------------------------------------------------------------------

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$&~])")


def markdown_text(text: str) -> str:
    r"""Text that Markdown prints as it is.

    >>> print(markdown_text("a_b*"))
    a\_b\*
    """
    return _MARKUP.sub(r"\\\1", one_line(text))


def dot_string(rows: Iterable[str]) -> str:
    r"""Lines as one DOT string in which nothing is an escape, an entity or an end of the string.

    >>> print(dot_string(['a"b\\N', "<&>"]))
    "a\"b\\N\n<&amp;>"
    """
    safe = (
        one_line(row).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
        for row in rows
    )
    return '"' + r"\n".join(safe) + '"'


def json_in_html(data: Any) -> str:
    r"""JSON that stays data wherever in a page it stands; the rest of Unicode is escaped anyway.

    >>> print(json_in_html("</script>"))
    "\u003c/script\u003e"
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
