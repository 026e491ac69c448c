"""What a student typed, read: a number, a list or array, a formula; nothing in it is evaluated as Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

import numpy as np

from autograd_lite.errors import AnswerError
from autograd_lite.rules.rule import Rule
from grading.answers.formula import read_formula
from grading.answers.lists import is_list, nested
from grading.answers.numerals import joined, numerals
from grading.answers.objects import array, flattened, half_unit, number, unmasked
from grading.answers.text import clean, shown
from grading.answers.typed import Reading, Typed
from grading.answers.words import knows

LONGEST: Final = 200_000

_TWO_NUMBERS: Final = r"\(|[1-9]\d*,\d+$|\d+ \d+$"
"""what looks like one number, and can be two"""
_T = TypeVar("_T")

_SEVERAL: Final = "there is more than one number here: give the answer alone"
_MOST_COMPUTED: Final = 400
_MOST_SIDES: Final = 6
_LABEL: Final = re.compile(r"[^=≈]{0,80}[^\W\d_][^=≈]{0,80}")
_COMPLEX: Final = re.compile(r"(?:[-+\d.]|\b)[ij]\b", re.IGNORECASE)
_NOT_FINITE: Final = re.compile(r"[-+]? ?(?:nan|inf|infinity|unendlich|∞|\\infty)", re.IGNORECASE)


def read(
    answer: object,
    *,
    digits: int | None = None,
    variables: Iterable[str] | None = None,
    functions: Mapping[str, Rule] | None = None,
) -> Typed:
    """What was typed or handed in, and how exactly it is given.

    answer     text, a number, a NumPy array of numbers, or nested lists of numbers or text
    digits     how many significant digits count, in place of those that it is written with
    variables  where a formula is asked for: the names that it may have; see `read_formula`

    >>> typed = read("0,4919")
    >>> typed.value, typed.digits, float(typed.unit)
    (0.4919, 4, 5e-05)
    >>> read("x = 3/7").digits, read([[1, 2], [3, 4]]).value.shape, read("49.19 %").value
    (None, (2, 2), 0.4919)

    Raises AnswerError, with a sentence for the student, when it is no answer: empty, words, units, not
    finite, complex, ragged, an object, too long or too deep.
    """
    if variables is not None:
        formula = read_formula(_text(answer), variables, functions=functions)
        reading = Reading(formula, digits=formula.digits)
        return Typed(formula.text, "formula", (reading,), formula.read_as)
    if issubclass(type(answer), str):  # of a stranger's object nothing is asked, its class least
        text = _text(answer)
        found = _readings(text)
    else:
        found = [_object(answer)]
        text = str(found[0].value)
    if digits is not None:
        found = [_with_digits(reading, digits) for reading in found]
    kind = "array" if isinstance(found[0].value, np.ndarray) else "number"
    remarks = [found[0].remark] if found[0].remark else []
    return Typed(shown(text), kind, tuple(found), _written(found[0]), tuple(remarks))  # type: ignore[arg-type]


def _text(answer: object) -> str:
    if not issubclass(type(answer), str):
        raise AnswerError("a formula is text, such as 2*x + 1")
    text: str = str.__getitem__(answer, slice(None))  # type: ignore[index] # nothing of its class is called
    return text


def _object(answer: Any) -> Reading:
    if issubclass(type(answer), np.ndarray):
        plain = unmasked(answer)
        return array(plain) if plain.ndim else number(plain[()])
    if type(answer) in (list, tuple):
        return flattened(answer, _leaf())
    return number(answer)


def _readings(text: str) -> list[Reading]:
    """Every way to read the text; sides of an equality that are labels are passed over."""
    plain = clean(text, LONGEST)
    sides = _sides(plain)
    if len(sides) > _MOST_SIDES:
        raise AnswerError(_SEVERAL)
    found = [readings for side in sides if (readings := _numbers(side))]
    if not found:
        *labels, last = sides
        if not all(_LABEL.fullmatch(label) for label in labels):
            last = labels[0] if _LABEL.fullmatch(last) else plain
        found = [[_computed(last)]]
    if len(found) > 1 and not _agree(found):
        raise AnswerError(_SEVERAL)
    return found[0]


def _sides(text: str) -> list[str]:
    """What stands on the sides of = and ≈, but for those inside brackets: array([1.0], dtype=float)."""
    sides, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if c in "=≈" and depth <= 0:
            sides.append(text[start:i])
            start = i + 1
    sides = [side.strip() for side in (*sides, text[start:]) if side.strip()]
    return sides or [text]


def _agree(found: list[list[Reading]]) -> bool:
    """Whether 3/7 = 0.4286 says one thing."""
    exact, *others = (side[0] for side in found)
    return all(other.accepts(exact.value) or exact.accepts(other.value) for other in others)


def _numbers(text: str) -> list[Reading]:
    """The text as a number and as a list, as far as it can be either."""
    found = numerals(text)
    if not is_list(text) or (found and not re.match(_TWO_NUMBERS, text)):
        return found
    return found + [reading for reading in _lists(text, must=not found)
                    if not found or np.size(reading.value) > 1]  # fmt: skip


def _lists(text: str, *, must: bool) -> list[Reading]:
    """The text as an array in every way that fits; if it `must` be one, AnswerError says why it is none."""
    ways = list(nested(text)) if must else _unless_refused(nested, text)
    found = [replace(x, remark=remark) for p, remark in ways for x in _unless_refused(_array_of, p)]
    if must and not found:
        _array_of(ways[0][0])  # says why
    return found


def _array_of(pieces: list[Any]) -> list[Reading]:
    return [flattened(pieces, _leaf())]


def _unless_refused(function: Callable[[Any], Iterable[_T]], x: Any) -> list[_T]:
    try:
        return list(function(x))
    except AnswerError:
        return []


def _leaf() -> Callable[[Any], Reading]:
    """Reads an entry of a list: a number, or text; few of them may be calculations."""
    computed = 0

    def read_entry(entry: Any) -> Reading:
        nonlocal computed
        if type(entry) is not str and not issubclass(type(entry), str):
            return number(entry)
        if found := numerals(entry) or numerals(clean(entry, LONGEST)):
            return found[0]
        computed += 1
        if computed > _MOST_COMPUTED:
            raise AnswerError(
                f"there are more than {_MOST_COMPUTED} calculations here: give their results"
            )
        return _computed(entry)

    return read_entry


def _computed(text: str) -> Reading:
    """A number that was typed as a calculation: sqrt(2)/2, e^-1."""
    plain = clean(joined(text), LONGEST)
    if _NOT_FINITE.fullmatch(plain):
        raise AnswerError("this is no finite number")
    if _COMPLEX.search(plain):
        raise AnswerError("this looks like a complex number, and derivatives here are real")
    if strange := next(
        (w for w in re.findall(r"(?<![\\\w])[^\W\d_]+", plain) if not knows(w)), None
    ):
        raise AnswerError(
            f"no number can be read from {shown(plain)}: {shown(strange)} is a word; give digits alone, "
            f"as in 0.4919"
        )
    try:
        formula = read_formula(plain, ())
    except AnswerError as error:
        raise AnswerError(f"no number can be read from {shown(plain)}: {error}") from None
    value = float(formula())
    unit = float(half_unit(value, formula.digits)) if formula.digits else 0.0
    return Reading(value, f"computed as {formula.read_as}", unit, formula.digits)


def _with_digits(reading: Reading, digits: int) -> Reading:
    value = np.asarray(reading.value, float)
    unit = np.where(
        value == 0, np.minimum(reading.unit, 0.5 * 10.0**-digits), half_unit(value, digits)
    )
    exact = reading.digits is None or reading.whole
    if exact and not np.any(np.asarray(reading.unit)):
        return reading
    return replace(reading, unit=unit if value.shape else float(unit), digits=digits)


def _written(reading: Reading) -> str:
    if isinstance(reading.value, np.ndarray):
        text = np.array2string(
            reading.value, precision=6, threshold=12, edgeitems=2, separator=", "
        )
        return " ".join(text.split())
    text = f"{reading.value:.15g}"
    return text if len(text) <= 12 else f"{reading.value:.6g}"
