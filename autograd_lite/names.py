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
# as text: compiled when the first name is printed, not when this is imported
_ACCENT: Final = r"\\(hat|tilde|bar|dot|vec)\s*\{\s*(\\?\w+)\s*\}"
_FACE: Final = r"\\math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)\s*\{([^{}]*)\}"
_COMMAND: Final = r"\\([A-Za-z]+)"
_SUFFIX: Final = r"^([A-Za-z])(hat|tilde|bar|dot|vec)(?=$|_)"


def pretty(name: str) -> str:
    r"""A name as one line of Unicode text, for terminals and error messages.

    >>> pretty(r"\hat{y}"), pretty("yhat"), pretty(r"\epsilon_u"), pretty("epsilon_u"), pretty("h_{12}")
    ('ŷ', 'ŷ', 'ε_u', 'ε_u', 'h_12')
    """
    text = re.sub(_SUFFIX, r"\\\2{\1}", re.sub(_FACE, r"\1", name))
    text = re.sub(
        _ACCENT, lambda m: unicodedata.normalize("NFC", _letter(m[2]) + ACCENTS[m[1]]), text
    )
    text = re.sub(_COMMAND, lambda m: GREEK.get(m[1], m[1]), text)
    head, mark, tail = text.partition("_")
    text = GREEK.get(head, head) + mark + tail
    text = text.replace("{", "").replace("}", "")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _letter(word: str) -> str:
    bare = word.removeprefix("\\")
    return GREEK.get(bare, bare)
