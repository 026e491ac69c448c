"""A student's formula as tokens: numbers, words, signs; what has no place in a formula is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from autograd_lite.errors import AnswerError
from autograd_lite.names import pretty
from grading.answers.text import shown

MOST_TOKENS: Final = 400

_TOKEN: Final = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,4}(?![\w.]))?)"
    r"|(?P<word>\\?[^\W\d_](?:[^\W_]|[\u0300-\u036f\u20d7])*(?:_[^\W_]+)*)"
    r"|(?P<sign>\*\*|[-+*/^()[\]|,;√])"
)
_ACCENT: Final = re.compile(r"\\(hat|tilde|bar|dot|vec)(?: ?\{ ?(\\?\w{1,20}) ?\}| (\\?[^\W\d_]))")
_INDEX: Final = re.compile(r"_\{ ?(\w{1,20}) ?\}")
_HINTS: Final = {
    "=": "give the formula alone, without a second =",
    ".": "there are no attributes and no modules: write sin(x), not math.sin(x)",
    "_": "a name begins with a letter and has no two underscores",
    '"': "a formula is no text in quotes",
    "'": "give derivatives as formulas: y' is not known here",
    "%": "there is no percent in a formula: write /100",
    "\\": "write names and functions in plain letters: sin(x)/2",
    **dict.fromkeys("<>!≤≥≠&~", "there are no comparisons: write max, min or abs"),
    **dict.fromkeys("∂∇∫∑∏", "give the result, worked out as a formula"),
    "∞": "a formula has no infinity in it",
}


class Token(NamedTuple):
    """A piece of a formula, and whether a space stands before it."""

    kind: str
    text: str
    spaced: bool = False


def tokens(text: str) -> Iterator[Token]:
    r"""The tokens of a formula that has been cleaned.

    >>> [token.text for token in tokens(r"2x^2 + \frac{1}{h_{1}}")]
    ['2', 'x', '^', '2', '+', '(', '(', '1', ')', '/', '(', 'h_1', ')', ')']

    Raises AnswerError for a character that formulas have no use for, and for too many tokens.
    """
    text = _without_braces(text)
    at, spaced, count = 0, False, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or not found.lastgroup:
            hint = _HINTS.get(text[at], "a formula has numbers, names, + - * / ^ ( ) and functions")
            raise AnswerError(f"{shown(text[at])} has no place in a formula: {hint}")
        at = found.end()
        if found.lastgroup != "space":
            count += 1
            yield Token(found.lastgroup, found[0], spaced)
        spaced = found.lastgroup == "space"
        if count > MOST_TOKENS:
            raise AnswerError(f"the formula has more than {MOST_TOKENS} numbers, names and signs")


def _without_braces(text: str) -> str:
    r"""Parentheses for braces; \frac{a}{b} is ((a)/(b))."""
    text = _INDEX.sub(r"_\1", _ACCENT.sub(lambda m: pretty(rf"\{m[1]}{{{m[2] or m[3]}}}"), text))
    parts: list[str] = []
    closing: list[str] = []  # what stands behind each brace that is open
    fraction = ""  # with what the next brace of a fraction begins
    for piece in re.findall(r"\\frac\b|[{}\\]|[^{}\\]+", text):
        if piece == r"\frac":
            fraction = "(("
        elif piece == "{":
            parts.append(fraction or "(")
            closing.append({"((": ")", "/(": "))"}.get(fraction, ") "))
            fraction = ""
        elif piece == "}" and closing:
            parts.append(closing.pop())
            fraction = "/(" if parts[-1] == ")" else ""
        else:
            parts.append(piece)
    return "".join(parts)
