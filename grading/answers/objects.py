"""Answers that are no text: numbers, arrays and nested lists, as notebooks and JSON files hold them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import AnswerError
from grading.answers.numerals import numerals, significant
from grading.answers.typed import FEWEST_DIGITS, Reading

MOST_ENTRIES: Final = 1_000_000
DEEPEST: Final = 8
_WHOLE: Final = 0.5  # half a unit of a number without a point

_WORDS: Final = "an answer is a number, a list or array of numbers, or text"
_HINTS: Final = {
    bool: "True and False are no numbers",
    np.bool_: "True and False are no numbers",
    type(None): "nothing was handed in here (None)",
    complex: "this is a complex number, and derivatives here are real",
    bytes: "these are bytes: hand in the number itself",
    dict: "this is a dict: hand in its numbers, one for each question",
}


def number(x: Any) -> Reading:
    """A number of Python's or NumPy's, with the digits that it is written with.

    >>> number(0.4919).digits, number(Fraction(3, 7)).unit, number(2).whole
    (4, 0.0, True)

    Raises AnswerError for what is none, or is not finite.
    """
    if type(x) in (int, float):
        return _written(x)
    if issubclass(type(x), np.floating):
        if x.itemsize >= 8:
            return _written(float(x), str(np.float64(x)))
        read = _written(float(x), str(x))  # which has digits that half precision and single do not
        return replace(read, unit=max(read.unit, float(_spacing(x))))
    if issubclass(type(x), np.integer) and not issubclass(type(x), np.timedelta64):
        return _written(int(x))
    if type(x) is Fraction:
        return Reading(_finite(x))
    if type(x) is Decimal:
        return _decimal(x)
    raise AnswerError(_refused(x))


def array(x: NDArray[Any]) -> Reading:
    """A NumPy array of numbers; each entry with the digits that it is written with.

    >>> array(np.array([0.4919, 0.5])).unit
    array([5.e-05, 5.e-05])
    """
    x = unmasked(x)
    if x.dtype.kind not in "fiu":
        kinds = {"b": "True and False", "c": "complex numbers", "O": "objects"}
        raise AnswerError(
            f"this is an array of {kinds.get(x.dtype.kind, x.dtype.name)}, not of numbers"
        )
    if not 0 < x.size <= MOST_ENTRIES:
        raise AnswerError("this array is empty" if not x.size else "this array is too large")
    if not np.all(np.isfinite(x)):
        raise AnswerError("an entry of this array is not finite (nan or infinite)")
    if x.dtype.itemsize >= 8 or x.dtype.kind != "f":
        return gathered([number(entry) for entry in x.ravel().tolist()], x.shape)
    read = gathered([number(entry) for entry in x.ravel()], x.shape)
    return replace(read, unit=np.maximum(read.unit, _spacing(x).astype(float)))


def _spacing(x: Any) -> Any:
    """How far the next number of that precision is, towards 0: beyond the largest one is infinity."""
    return np.spacing(np.nextafter(np.abs(x), np.zeros_like(x)))


def unmasked(x: Any) -> NDArray[Any]:
    """An array as NumPy's own class has it, whatever its class overrides.

    Raises AnswerError where entries are masked: what lies below a mask was not given.
    """
    if issubclass(type(x), np.ma.MaskedArray):
        mask = np.ma.MaskedArray.mask.fget(x)  # type: ignore[attr-defined]
        if np.any(np.asarray(mask)):
            raise AnswerError("entries of this array are masked: hand in an array of numbers")
    return np.ndarray.view(x, np.ndarray)


def gathered(entries: list[Reading], shape: tuple[int, ...]) -> Reading:
    """Entries as one array: trailing zeros that printing dropped count, by the others' digits.

    The unit of an entry is what its own text says, or a smaller one where the others have more digits.
    A whole number of few digits is exact where all are whole.
    """
    value = np.array([entry.value for entry in entries])
    silent = np.array([_says_nothing(entry) for entry in entries])
    own = np.where(silent, np.inf, [entry.unit for entry in entries])
    digits = [entry.digits for entry in entries if entry.digits is not None]
    rounded = own[(own > 0) & np.isfinite(own)]
    if not rounded.size:
        whole = all(entry.whole for entry in entries)
        return Reading(value.reshape(shape), digits=max(digits, default=None), whole=whole)
    if np.min(rounded) >= _WHOLE:  # no entry has digits behind the point: 0 beside 12345 is 0
        own = np.where(silent, 0.0, own)
    last = np.maximum(
        np.min(rounded), half_unit(value, max(digits))
    )  # the same place, or as many digits
    unit = np.minimum(own, last).reshape(shape)
    return Reading(value.reshape(shape), unit=unit, digits=max(digits))


def _says_nothing(entry: Reading) -> bool:
    return entry.whole and (entry.digits or 0) < FEWEST_DIGITS


def half_unit(value: Any, digits: int) -> Any:
    """Half a unit in the last of so many significant digits.

    >>> float(half_unit(0.4919, 4))
    5e-05
    """
    with np.errstate(divide="ignore"):
        place = np.floor(np.log10(np.abs(value))) + 1 - digits
    return np.where(value == 0, 0.0, 0.5 * 10.0 ** np.where(np.isfinite(place), place, 0.0))


def flattened(nested: list[Any] | tuple[Any, ...], leaf: Callable[[Any], Reading]) -> Reading:
    """Nested lists, all equally long at each level, as one array of what `leaf` makes of their entries.

    Raises AnswerError for lists that are empty, ragged or too deep.
    """
    level: list[Any] = [nested]
    shape: list[int] = []
    while any(type(x) in (list, tuple) for x in level):
        lengths = {len(x) if type(x) in (list, tuple) else -1 for x in level}
        if len(lengths) > 1:
            raise AnswerError(
                "the rows are not equally long: an array has as many entries in each row"
            )
        length = lengths.pop()
        shape.append(length)
        if not length or len(shape) > DEEPEST or length * len(level) > MOST_ENTRIES:
            raise AnswerError(
                "this list is empty" if not length else "this list is too long or too deep"
            )
        level = [entry for row in level for entry in row]
    return gathered([leaf(entry) for entry in level], tuple(shape))


def _written(x: float, text: str = "") -> Reading:
    """A number with the digits of its shortest text."""
    value = _finite(x)
    mantissa, _, exponent = (text or repr(value)).partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = len((whole + fraction).lstrip("0")) or 1
    last = int(exponent or 0) - len(fraction)
    if not fraction and not exponent and value:
        digits = significant(whole)
        last += len(whole) - digits
    return Reading(value, unit=0.5 * 10.0**last, digits=digits, whole=value.is_integer())


def _decimal(x: Decimal) -> Reading:
    if not x.is_finite():
        raise AnswerError("this number is not finite (nan or infinite)")
    readings = numerals(str(x))
    return readings[0] if readings else _written(_finite(x))


def _finite(x: int | float | Fraction | Decimal) -> float:
    try:
        value = float(x)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise AnswerError("this number is not finite (nan or infinite), or too large")
    return value


def _refused(x: object) -> str:
    if (hint := _HINTS.get(type(x))) is not None or issubclass(type(x), np.complexfloating):
        return hint or _HINTS[complex]
    given = type.__dict__["__name__"].__get__(type(x))  # whatever a class says of itself
    name = "".join(c for c in given[:40] if c.isidentifier() or c.isdigit())
    return f"this is an object of class {name}; {_WORDS}: hand in the number it stands for, such as x.item()"
