"""A finder of reference numbers in what students see: none may stand there with 3 digits or more."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable

import numpy as np

FEWEST = 3
_NUMBER = re.compile(
    r"(?<![\w.])[-+\u2212]?(?:\d+[.,]?\d*|[.,]\d+)(?:\s?[eE][-+]?\d+|\s?·\s?10\^?[-\u2212]?\d+)?\s?%?"
)
# an outline is made of thousands of coordinates, and nobody reads them
_OUTLINES = re.compile(
    r"""\b(?:d|points|transform|viewBox|x|y|x1|y1|x2|y2|rx|ry|cx|cy|r|width|height|style)=("[^"]*"|'[^']*')"""
)
_DATA = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+")


def leaks(
    text: str, references: object, own: Iterable[object] = (), givens: Iterable[object] = ()
) -> list[str]:
    """The numbers in text or HTML that give one of the references away, as they stand there.

    references  numbers or arrays of them that must not be shown, with either sign
    own         what the student typed, which may be repeated; text or numbers
    givens      numbers of the question, which are known anyway
    """
    allowed = {round(x, 12) for x in (*_numbers(own), *_numbers(givens))}
    wanted = [x for x in _numbers([references]) if x]
    plain = html.unescape(_DATA.sub("", _OUTLINES.sub("", text)))
    found = []
    for token in _NUMBER.findall(plain):
        for value, digits in _read(token):
            shown = round(abs(value), 12) in {abs(x) for x in allowed}
            if not shown and any(_gives_away(value, digits, x) for x in wanted):
                found.append(token.strip())
                break
    return found


def _read(token: str) -> list[tuple[float, int]]:
    """A number with its significant digits, also as the percentage that it may be."""
    text = re.sub(r"\s?·\s?10\^?", "e", token.replace("\u2212", "-").replace(",", ".")).replace(
        " ", ""
    )
    share = 0.01 if text.endswith("%") else 1.0
    mantissa = re.split("[eE]", text.rstrip("%"))[0]
    digits = len(re.sub(r"\D", "", mantissa).lstrip("0"))
    try:
        value = float(text.rstrip("%"))
    except ValueError:
        return []
    return [(value, digits)] if share == 1.0 else [(value * share, digits), (value, digits)]


def _gives_away(value: float, digits: int, reference: float) -> bool:
    """Whether the value is the reference rounded or cut off to its digits."""
    if digits < FEWEST or not math.isfinite(value) or not value:
        return False
    unit = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits)
    return abs(abs(value) - abs(reference)) < unit * (1 - 1e-9) and abs(
        abs(value) - abs(reference)
    ) <= 0.01 * abs(reference)


def _numbers(items: Iterable[object]) -> Iterable[float]:
    for item in items:
        if isinstance(item, str):
            yield from (v for token in _NUMBER.findall(item) for v, _ in _read(token))
        else:
            yield from np.asarray(item, float).reshape(-1).tolist()
