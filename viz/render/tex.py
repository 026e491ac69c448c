r"""Files for LaTeX: whole documents, and parts of another; the first line says which it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_WHOLE: Final = "% A document of its own: pdflatex makes the PDF of it as it is."
_PART: Final = (
    r"% A part of another document, which takes it with \input. That one's preamble needs"
)


def document(body: str, preamble: str = "", kind: str = "article") -> str:
    """A whole document around something that needs amsmath."""
    options = "[aspectratio=169]" if kind == "beamer" else ""
    lines = [_WHOLE, rf"\documentclass{options}{{{kind}}}", r"\usepackage{amsmath,amssymb}"]
    lines += [preamble] if preamble else []
    return "\n".join([*lines, r"\begin{document}", body, r"\end{document}", ""])


def part(body: str, needs: Iterable[str]) -> str:
    """The same for a document that exists, after what its preamble needs."""
    return "\n".join([_PART, *(f"%   {line}" for line in needs), body, ""])


def at_most_as_wide_as_a_line(box: str) -> str:
    r"""A box, made smaller if it is wider than \linewidth."""
    fits = r"\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi"
    return "\n".join([r"\begingroup\leavevmode\sbox0{%", f"{box}%", "}%", rf"{fits}\endgroup%"])
