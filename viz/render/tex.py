r"""Whole documents for LaTeX."""

from __future__ import annotations


def document(body: str, preamble: str = "", kind: str = "article") -> str:
    """A whole document around something that needs amsmath."""
    options = "[aspectratio=169]" if kind == "beamer" else ""
    lines = [rf"\documentclass{options}{{{kind}}}", r"\usepackage{amsmath,amssymb}"]
    lines += [preamble] if preamble else []
    return "\n".join([*lines, r"\begin{document}", body, r"\end{document}", ""])
