r"""Text and documents for LaTeX: whatever a stranger wrote is printed, and never obeyed."""

from __future__ import annotations

import unicodedata
from typing import Final

from autograd_lite.names import GREEK

_SPECIAL: Final = {
    "\\": r"$\backslash$", "{": r"\{", "}": r"\}", "$": r"{\char36}", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": "$<$", ">": "$>$", "|": "$|$", '"': "''", "'": "'", "`": "`", "-": "{-}",
    "…": r"\ldots{}", "–": "--", "—": "---", "’": "'", "·": r"$\cdot$", "×": r"$\times$",
    "∂": r"$\partial$", "→": r"$\to$", "√": r"$\surd$", "−": "$-$", "Σ": r"$\Sigma$",
    "⋮": r"$\vdots$", "\N{NO-BREAK SPACE}": "~",
}  # fmt: skip
_GREEK: Final = {c: rf"$\{name}$" for name, c in GREEK.items() if name != "omicron"}
_ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c",
}  # fmt: skip


def escaped(text: str) -> str:
    r"""Text that LaTeX prints as it is; a letter that pdfLaTeX's fonts lack is shown by its number.

    >>> print(escaped(r"50 % of \input{x} & é, ε_u, 中"))
    50 \% of $\backslash$input\{x\} \& \'{e}, $\epsilon$\_u, [U+4E2D]
    """
    return "".join(_letter(c) for c in unicodedata.normalize("NFC", text))


def _letter(c: str) -> str:
    if c in _SPECIAL or c in _GREEK:
        return _SPECIAL.get(c) or _GREEK[c]
    if c.isascii() and c.isprintable():
        return c
    parts = unicodedata.normalize("NFD", c)
    if len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in _ACCENTS:
        return rf"\{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    return f"[U+{ord(c):04X}]"


def document(body: str, preamble: str = "", kind: str = "article") -> str:
    """A whole document around something that needs amsmath."""
    options = "[aspectratio=169]" if kind == "beamer" else ""
    lines = [rf"\documentclass{options}{{{kind}}}", r"\usepackage{amsmath,amssymb}"]
    lines += [preamble] if preamble else []
    return "\n".join([*lines, r"\begin{document}", body, r"\end{document}", ""])
