"""A stranger's text made plain: one kind of space, minus and digit; what hides or is endless is refused."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from autograd_lite.errors import AnswerError
from autograd_lite.syntax import printable

_SHOWN: Final = 60
_SUPERSCRIPTS: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True))
_SUBSCRIPTS: Final = dict(zip("₀₁₂₃₄₅₆₇₈₉ₜ", "0123456789t", strict=True))
_ALIKE: Final = str.maketrans({
    **dict.fromkeys("−–—‒﹣－⁃", "-"),
    **dict.fromkeys("×·⋅∙∗•✕", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("’‘ʼ′`´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("≃≅≐", "≈"),
    **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},  # as East Asian keyboards type them
    **dict.fromkeys("\u200b\u2060\ufeff", ""),  # pasted from a page: no width, no meaning
})  # fmt: skip
_LATEX: Final = {
    r"\\": ";", r"\left": "", r"\right": "", r"\cdot": "*", r"\times": "*", r"\div": "/", r"\,": " ",
    r"\;": " ", r"\:": " ", r"\!": "", r"\ ": " ", r"\quad": " ", r"\%": "%", r"\approx": "≈",
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", "{,}": ",", r"\degree": "°", r"^\circ": "°", r"^{\circ}": "°",
}  # fmt: skip
_COMMAND: Final = re.compile(
    "|".join(re.escape(k) + (r"(?![A-Za-z])" if k[-1].isalpha() else "") for k in _LATEX)
)
_WRAPPED: Final = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), ("'", "'"), ('"', '"'))


def clean(text: str, longest: int) -> str:
    r"""The text with one sign for each meaning, and without what it is wrapped in.

    >>> clean("$−0{,}5 \\cdot 10^{-3}$", 100), clean(" “½” ", 100), clean("x⁻²", 100)
    ('-0,5 * 10^(-3)', '(1/2)', 'x^(-2)')

    Raises AnswerError for text that is empty, too long, or has characters that cannot be seen.
    """
    text = str.__getitem__(text, slice(None))  # of a class of its own, nothing is called
    if len(text) > longest:
        raise AnswerError(f"this is longer than {longest} characters: give the answer alone")
    text = text.translate(_ALIKE).replace("\r\n", "\n").replace("\r", "\n")
    text = _plainly(unicodedata.normalize("NFC", text))
    text = _COMMAND.sub(lambda m: _LATEX[m[0]], text)
    text = re.sub(r"\^\{([^{}]{0,200})\}", r"^(\1)", text)
    text = _unwrapped(text)
    if not text:
        raise AnswerError("nothing was typed here")
    return text


def shown(text: str) -> str:
    r"""A stranger's text on one short line, with nothing in it that a terminal obeys.

    >>> shown("0.5\n" + "9" * 100)[:12], len(shown("9" * 100))
    ('0.5 99999999', 61)
    """
    line = " ".join(text[: 4 * _SHOWN].split())
    return printable(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…")


def told(answer: object) -> str:
    """What was handed in, on one short line, whatever it is: a stranger's object may refuse to be shown.

    >>> told("0.5"), told([1, 2]), len(told("9" * 1000))
    ('0.5', '[1, 2]', 61)
    """
    if issubclass(type(answer), str):
        return shown(str.__getitem__(answer, slice(4 * _SHOWN)))  # type: ignore[index]
    try:
        return shown(repr(answer)[: 4 * _SHOWN])
    except Exception:  # noqa: BLE001 - whatever it raises
        return f"an object of class {type.__dict__['__name__'].__get__(type(answer))[:_SHOWN]}"


def _plainly(text: str) -> str:
    parts: list[str] = []
    for i, c in enumerate(text):
        before = text[i - 1] if i else ""
        after = text[i + 1] if i + 1 < len(text) else ""
        parts.append(c if " " <= c <= "~" or c == "\n" else _plain(c, before, after))
    return "".join(parts)


def _plain(c: str, before: str, after: str) -> str:
    if c in _SUPERSCRIPTS:
        opening = "" if before in _SUPERSCRIPTS else "^("
        return opening + _SUPERSCRIPTS[c] + ("" if after and after in _SUPERSCRIPTS else ")")
    if c in _SUBSCRIPTS:
        return ("" if before in _SUBSCRIPTS else "_") + _SUBSCRIPTS[c]
    if c.isspace():
        return "  " if c == "\t" else " "  # a single one may group digits
    if unicodedata.category(c) == "No" and "FRACTION" in unicodedata.name(c, ""):
        if before.isdigit():
            raise AnswerError(
                f"{before}{c} can be read as a sum or a product: write it with a point"
            )
        return f"({unicodedata.normalize('NFKC', c)})".replace("\u2044", "/")
    if unicodedata.category(c)[0] == "C":
        raise AnswerError(
            f"there is a character in it that cannot be seen (U+{ord(c):04X}): type it anew"
        )
    if c.isnumeric() or (c.isalpha() and unicodedata.normalize("NFKC", c).isdigit()):
        raise AnswerError(f"{c} is a digit of another script: write 0 to 9")
    return c


def _unwrapped(text: str) -> str:
    """Without the signs in which mathematics, code and text stand, and without the sentence's full stop."""
    for _ in range(4):
        text = text.strip().removeprefix("=").rstrip(";").strip()
        text = re.sub(r"(?<=\d) ?(?:\.{3}|\u2026)$", "", text)  # "and so on"
        if re.search(r"[\w)\]}%]\.$", text):
            text = text[:-1]
        for opening, closing in _WRAPPED:
            inner = len(opening) + len(closing)
            if len(text) > inner and text.startswith(opening) and text.endswith(closing):
                text = text[len(opening) : -len(closing)]
                break
        else:
            return text
    return text.strip()
