r"""Names of variables: as typed (`\hat{y}`, `h_0`, `epsilon_u`) and as terminals show them (ŷ, h_0, ε_u)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

GREEK: Final = {
    name.lower().replace("lamda", "lambda"): chr(code)
    for code in range(0x3B1, 0x3CA)
    if "FINAL" not in (name := unicodedata.name(chr(code)).removeprefix("GREEK SMALL LETTER "))
}
ACCENTS: Final = {
    "hat": "\u0302",
    "tilde": "\u0303",
    "bar": "\u0304",
    "dot": "\u0307",
    "vec": "\u20d7",
}
_ACCENT: Final = re.compile(r"\\(hat|tilde|bar|dot|vec)\s*\{\s*(\\?\w+)\s*\}")
_FACE: Final = re.compile(r"\\math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)\s*\{([^{}]*)\}")
_COMMAND: Final = re.compile(r"\\([A-Za-z]+)")
_SUFFIX: Final = re.compile(r"^([A-Za-z])(hat|tilde|bar|dot|vec)(?=$|_)")


def pretty(name: str) -> str:
    r"""A name as one line of Unicode text, for terminals and error messages.

    >>> pretty(r"\hat{y}"), pretty("yhat"), pretty(r"\epsilon_u"), pretty("epsilon_u"), pretty("h_{12}")
    ('ŷ', 'ŷ', 'ε_u', 'ε_u', 'h_12')
    """
    text = _SUFFIX.sub(r"\\\2{\1}", _FACE.sub(r"\1", name))
    text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", _letter(m[2]) + ACCENTS[m[1]]), text)
    text = _COMMAND.sub(lambda m: GREEK.get(m[1], m[1]), text)
    head, mark, tail = text.partition("_")
    text = GREEK.get(head, head) + mark + tail
    text = text.replace("{", "").replace("}", "")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _letter(word: str) -> str:
    bare = word.removeprefix("\\")
    return GREEK.get(bare, bare)
