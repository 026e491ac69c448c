"""Equations and labels as a student reads them: h₁ = (h₀³ + sin(x))/√2, as plain text and as HTML."""

from __future__ import annotations

import html
import re
from typing import Final

from autograd_lite.names import pretty

_RAISED: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_POWER: Final = re.compile(r"\s*\*\*\s*(-?\d+)(?![\d.eE])")
_ROOT: Final = re.compile(r"\bsqrt\(\s*([A-Za-z]\w*|\d+(?:\.\d+)?)\s*\)")
_NAME: Final = re.compile(r"(?<![\w.])[A-Za-z]\w*(?!\w|\s*\()")
_INDEX: Final = re.compile(r"(?<=\w)_(?:\(([^()]{1,20})\)|((?:(?![⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ])\w)+))")
_RAISED_BACK: Final = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_LOWERED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−")
# in prose only short words have an index: h_0, dh_0, W_xh, but not student_id
_IN_PROSE: Final = re.compile(
    r"(?<!\w)([^\W\d_]{1,2}[\u0300-\u036f]?)_(?:\(([^()]{1,20})\)|(\w{1,4}))(?!\w)"
)
_CODE: Final = re.compile(r"`([^`\n]+)`")


def equation(text: str) -> str:
    """An equation of the file, in one line of Unicode.

    >>> equation("yhat = sqrt(h_0**2 - 2*h_1) / sqrt(2)")
    'ŷ = √(h_0² − 2·h_1) / √2'
    """
    text = _ROOT.sub(r"√\1", text)
    text = _NAME.sub(lambda m: pretty(m[0]), text)
    text = _POWER.sub(lambda m: m[1].translate(_RAISED), text)
    text = re.sub(r"(?<!\*)\s?\*\s?(?!\*)", "·", text)
    return re.sub(r"\bsqrt\(", "√(", text.replace("**", "^")).replace("-", "−")


def identifier(name: str) -> str:
    r"""A variable's name as Python may have it.

    >>> identifier("W_xh"), identifier(r"\hat{b}"), identifier(r"\log \sigma^2")
    ('W_xh', 'b_hat', 'log_sigma_2')
    """
    plain = re.sub(r"\\(hat|tilde|bar)\{(\w+)\}", r"\2_\1", name)
    return re.sub(r"\W+", "_", plain, flags=re.ASCII).strip("_") or "x"


def as_html(text: str) -> str:
    """A line of mathematics with its indices lowered and its powers raised.

    >>> as_html("dŷ/dh_0 < h_(t−1)² + h_0²")
    'dŷ/dh<sub>0</sub> &lt; h<sub>t−1</sub><sup>2</sup> + h<sub>0</sub><sup>2</sup>'
    """
    text = _INDEX.sub(lambda m: f"<sub>{m[1] or m[2]}</sub>", html.escape(text))
    return _RAISED_BACK.sub(lambda m: f"<sup>{m[0].translate(_LOWERED)}</sup>", text)


def prose(text: str) -> str:
    r"""An author's text as paragraphs of HTML; `code` in backticks, h_0 with its index.

    >>> prose("Take h_0 of student_id.\n\nWrite `f(x)`.")
    '<p>Take h<sub>0</sub> of student_id.</p><p>Write <code>f(x)</code>.</p>'
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{_line(' '.join(p.split()))}</p>" for p in paragraphs if p.strip())


def _line(text: str) -> str:
    pieces = _CODE.split(html.escape(text))  # every second piece stood in backticks
    shown = (
        f"<code>{piece}</code>"
        if i % 2
        else _IN_PROSE.sub(lambda m: f"{m[1]}<sub>{m[2] or m[3]}</sub>", piece)
        for i, piece in enumerate(pieces)
    )
    return "".join(shown)
