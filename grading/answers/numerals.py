"""One number as people write it: 0.4919, 0,4919, 1'234.5, -1.2·10^-3, 3/7, 49.19 %, 30°."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from grading.answers.typed import Reading

_LONGEST: Final = 400
_PLACES: Final = 4
_ROUNDED: Final = 100
"""from which on so many tenths, hundredths … are a decimal that was rounded: 4919/10000, but not 3/10"""
_PER_DEGREE: Final = math.pi / 180.0
_GROUPED: Final = re.compile(r"\d{1,3}(?P<mark>[ ,.'_])\d{3}(?:(?P=mark)\d{3})*(?P<rest>[.,]\d*)?")
_NUMERAL: Final = re.compile(
    r"(?P<sign>[-+]?) ?(?P<body>\d[\d ,.'_]*|[.,]\d+)(?:[eE](?P<exponent>[-+]?\d{1,4}))?"
    r" ?(?P<mark>%|°|deg|percent|per cent)?"
)
_TIMES_TEN: Final = re.compile(
    r"(?<=[\d.,]) {0,2}[*x] {0,2}10 {0,2}(?:\^|\*\*) {0,2}(?:\( {0,2}([-+]?\d{1,4}) {0,2}\)|([-+]?\d{1,4}))"
)
_FRACTION: Final = re.compile(
    r"(?P<sign>[-+]?) ?(?:(?P<whole>\d+) )?(?P<over>\d+) ?/ ?(?P<under>\d+)"
)


def numerals(text: str) -> list[Reading]:
    """Every number that the text can be, the likeliest first; none where it is something else.

    >>> [reading.value for reading in numerals("1,234")], [r.value for r in numerals("1,234.5")]
    ([1.234, 1234.0], [1234.5])
    >>> (reading,) = numerals("1.20*10^(-3)")
    >>> reading.value, reading.digits, reading.unit
    (0.0012, 3, 5e-06)
    """
    if len(text) > _LONGEST:
        return []
    text = joined(text.strip())
    if text.startswith("(") and text.find(")") == len(text) - 1:
        text = text[1:-1].strip()
    if fraction := _FRACTION.fullmatch(text):
        return _fraction(fraction)
    if not (numeral := _NUMERAL.fullmatch(text)):
        return []
    exponent = int(numeral["exponent"] or 0)
    found: list[Reading] = []
    for digits, remark in _decimals(numeral["body"].rstrip()):
        found += _marked(numeral["sign"] + digits, exponent, numeral["mark"] or "", remark)
    return [reading for reading in found if math.isfinite(reading.value)]


def joined(text: str) -> str:
    """The text with its powers of ten as exponents: 1.2*10^(-3) is 1.2e-3.

    >>> joined("[1.2 * 10^-3, 4x10**2]")
    '[1.2e-3, 4e2]'
    """
    return _TIMES_TEN.sub(lambda m: f"e{m[1] or m[2]}", text)


def _decimals(body: str) -> Iterator[tuple[str, str]]:
    """The digits with a decimal point and nothing else in them, and how commas and groups were taken."""
    plain = body.replace(",", ".")
    if re.fullmatch(r"\d+(?:[.,]\d*)?|[.,]\d+", body):
        yield plain, "read with a decimal comma" if "," in body else ""
    if not (grouped := _GROUPED.fullmatch(body)) or body[0] == "0":
        return
    mark, rest = grouped["mark"], grouped["rest"] or ""
    if (mark == "." and not rest and body.count(".") == 1) or (rest and rest[0] == mark):
        return  # 1.234 has a decimal point; one mark cannot mean two things
    whole = body[: len(body) - len(rest)].replace(mark, "")
    yield whole + rest.replace(",", "."), "read with its digits in groups of three"


def _marked(digits: str, exponent: int, mark: str, remark: str) -> Iterator[Reading]:
    if mark in ("%", "percent", "per cent"):
        yield _decimal(digits, exponent - 2, "read as a percentage, a hundredth of the number")
        remark = "read without its percent sign"
    elif mark:
        yield _decimal(digits, exponent, "read as degrees, turned into radians", _PER_DEGREE)
        remark = "read without its degree sign"
    yield _decimal(digits, exponent, remark)


def _decimal(digits: str, exponent: int, remark: str, scale: float = 1.0) -> Reading:
    whole, point, fraction = digits.lstrip("+-").partition(".")
    value = float(Decimal(digits).scaleb(exponent))
    last = (exponent if value else min(exponent, 0)) - len(fraction)  # 0e9 is no rounded number
    count = len((whole + fraction).lstrip("0")) or max(1, len(fraction))
    if not point and not exponent:
        count = significant(whole)
        last += max(0, len(whole.lstrip("0")) - count)
    unit = 0.5 * float(Decimal(1).scaleb(last))
    is_whole = not fraction and not exponent and scale == 1.0
    return Reading(value * scale, remark, unit * scale, count, is_whole)


def significant(whole: str) -> int:
    """How many digits of a whole number count: zeros at its end may only hold the place, from the fifth on.

    >>> [significant(text) for text in ("1200", "12340", "12000", "12345", "0")]
    [4, 4, 4, 5, 1]
    """
    digits = whole.lstrip("0")
    return max(len(digits.rstrip("0")), min(len(digits), _PLACES)) or 1


def _fraction(m: re.Match[str]) -> list[Reading]:
    if len(m["over"]) > 15 or len(m["under"]) > 15 or not int(m["under"]):
        return []
    whole, over, under = int(m["whole"] or 0), int(m["over"]), int(m["under"])
    value = (whole * under + over) / under * (-1.0 if m["sign"] == "-" else 1.0)
    if not m["whole"] and re.fullmatch("10+", m["under"]) and over >= _ROUNDED:
        return [Reading(value, "", 0.5 / under, len(str(over)))]  # 4919/10000 is 0.4919
    return [Reading(value, f"read as {whole} + {over}/{under}" if m["whole"] else "")]
