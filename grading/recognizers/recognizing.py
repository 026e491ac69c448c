"""One answer, seen by the recognisers in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import AnswerError
from autograd_lite.variables import label
from grading.answers import Reading, Typed
from grading.asking import Asked
from grading.chance import full_width
from grading.closeness import FEWEST, HAND, Number, close, half_width, nearly, truncated
from grading.diagnosis import Diagnosis
from grading.recognizers.candidates import by_candidates
from grading.recognizers.factor import by_factor
from grading.recognizers.form import by_form, not_finite, readings_of, wrong_shape
from grading.recognizers.formula import formula_view
from grading.recognizers.given import FULL, Given, extended
from grading.recognizers.naming import MOST_CLASSES, classes_of, likely, named
from grading.recognizers.pairs import by_pairs
from grading.recognizers.path_regression import by_paths
from grading.recognizers.support import by_support
from grading.recognizers.view import View
from grading.wording import sentence, short

TOGETHER: Final = (by_form, by_factor, by_paths, by_candidates)
"""what they find is said together: an array may be a factor, a sum of paths and in the catalogue at once"""
_FEWEST_IN_TABLES: Final = 2
LAST: Final = (by_support, by_pairs)
"""asked one after the other, where the others found nothing"""


@dataclass(frozen=True, eq=False)
class Pair:
    """An answer seen twice: with zeros to the digits asked for, and with its own digits alone.

    remark  how its shape was read
    """

    full: View
    own: View
    remark: str = ""


@np.errstate(over="ignore", invalid="ignore")  # of huge answers, which are near to nothing then
def recognized(
    asked: Asked, k: int, typed: Typed, reading: Reading, hand: bool, digits: int | None
) -> Diagnosis:
    """What is said of one reading of an answer."""
    if typed.kind == "formula":
        best = _of_formula(asked, reading, digits)
    elif problem := not_finite(reading.value):
        return Diagnosis("format", says=(problem,), flow=asked.flow)
    else:
        best = _of_numbers(asked, k, reading, hand, digits)
    told = (sentence(reading.remark),) if reading.remark else ()
    return replace(best, remarks=(*told, *best.remarks))


def _of_formula(asked: Asked, reading: Reading, digits: int | None) -> Diagnosis:
    try:
        view = formula_view(asked, reading.value)
    except AnswerError as error:
        return Diagnosis("format", says=(sentence(error),), flow=asked.flow)
    return _judged(Pair(view, view), digits)


def _of_numbers(
    asked: Asked, k: int, reading: Reading, hand: bool, digits: int | None
) -> Diagnosis:
    """In one of the shapes that it can be read in; a mistake may have another shape than the right answer."""
    pairs = views_of(asked, k, reading, hand, digits)
    found = [_judged(pair, digits, reading.whole) for pair in pairs]
    best = min(found, key=order_of, default=Diagnosis("unknown"))
    problem = wrong_shape(asked, reading.value)
    if problem and best.status == "unknown":
        return Diagnosis("format", says=(problem,), flow=asked.flow)
    return best


def order_of(d: Diagnosis) -> int:
    """Of several readings the right one counts, then the one that is right but for its digits."""
    return ("right", "format", "diagnosed", "unknown").index(d.status)


def views_of(asked: Asked, k: int, given: Number, hand: bool, digits: int | None) -> list[Pair]:
    """The answer beside the right one, in each shape that it can be read in."""
    array = np.asarray(given.value, float)
    shape = asked.right.shape[1:]
    right = asked.right[min(k, len(asked.right) - 1)].reshape(-1)
    full = extended(given, digits)
    found = []
    for turned, remark in readings_of(np.arange(array.size).reshape(array.shape), shape):
        order = turned.reshape(-1)
        a, b = (
            View(
                asked,
                k,
                right,
                array.reshape(-1)[order],
                _spread(width, order),
                shape,
                g.digits,
                hand,
            )
            for g, width in ((full, half_width(full, hand=hand)), (given, width_of(given, hand)))
        )
        found.append(Pair(a, b, remark))
    if (
        asked.is_array
        and array.shape != shape
        and any(np.shape(c.value)[1:] == array.shape for c in asked.candidates)
    ):
        width = half_width(full, hand=hand).reshape(-1)
        raw = View(asked, k, right, array.reshape(-1), width, array.shape, full.digits, hand)
        found.append(Pair(raw, raw))
    return found


def rightness(
    right: Any, reading: Number, hand: bool, digits: int | None, slack: Any = 0.0
) -> Literal["right", "short", "wrong"]:
    """Whether a number is the right one, has fewer digits than were asked for, or is wrong.

    slack  how uncertain the right one is, where it was computed from rounded answers
    """
    right, value = np.asarray(right, float), np.asarray(reading.value, float)
    if value.size != right.size or not np.isfinite(value).all():
        return "wrong"
    value = value.reshape(right.shape)
    scale = float(np.max(np.abs(right), initial=0.0))
    full = half_width(extended(reading, digits), hand=hand).reshape(right.shape)
    if close(right, value, full + slack, scale).all():
        return "right"
    own = width_of(reading, hand).reshape(right.shape)
    near = close(right, value, own + slack, scale) | truncated(right, value, own)
    if not near.all() or getattr(reading, "whole", False):
        return "wrong"
    enough = reading.digits is None or reading.digits >= (digits or _FEWEST_IN_TABLES)
    return "right" if enough else "short"


def width_of(given: Number, hand: bool) -> NDArray[Any]:
    """As `half_width`, also of so few digits that nothing would be said."""
    if given.digits is None or given.digits >= FEWEST or not np.any(given.value):
        return half_width(given, hand=hand)
    return np.asarray(given.unit, float)


def _spread(width: NDArray[Any], order: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.broadcast_to(width.reshape(-1), order.shape)[order])


def _judged(pair: Pair, digits: int | None, whole: bool = False) -> Diagnosis:
    """Right, right but for its digits, named, or unknown."""
    remarks = tuple(filter(None, [pair.remark]))
    flow = pair.own.asked.flow
    given, wanted = pair.own.digits, digits or FEWEST
    if pair.full.fits(pair.full.right):
        return Diagnosis("right", remarks=remarks, flow=flow)
    if _is_right(pair.own) and not (whole and (given or 0) < FEWEST):
        if given is None or given >= wanted:
            return Diagnosis("right", remarks=remarks, flow=flow)
        return Diagnosis("format", says=(short(digits),), flow=flow)
    found = _named(pair.full)
    if found is None and given != pair.full.digits and _has(pair.own, FEWEST):
        found = _named(pair.own)
    if found is None and (reason := _right_all_the_same(pair, digits)):
        return Diagnosis("right", remarks=(*remarks, reason), flow=flow)
    found = found or _last(pair.full) or unknown(pair.own)
    return replace(found, remarks=(*remarks, *found.remarks))


def _is_right(view: View) -> bool:
    if view.answer.shape != view.right.shape:
        return False
    if view.fits(view.right):
        return True
    cut = truncated(view.right, view.answer, _half(view))
    return view.k is not None and bool(cut.all())  # a formula's width knows of cut numbers


def _half(view: View) -> NDArray[Any]:
    return np.asarray(view.width) / (HAND if view.hand else 1.0)


def _has(view: View, digits: int) -> bool:
    return view.digits is None or view.digits >= digits


def _right_all_the_same(pair: Pair, digits: int | None) -> str:
    """Why an answer counts although it is off: single precision, differences, early rounding."""
    view = pair.own
    if view.answer.shape != view.right.shape:
        return ""
    if view.k is not None and (reason := _computed_otherwise(view, digits or FULL)):
        return reason
    if view.digits is None and view.k is not None and _agrees(view, digits or FULL):
        return "It is rounded, and near enough."
    if digits is None or view.digits is None or view.digits <= digits or view.k is None:
        return ""
    if not _agrees(view, digits):
        return ""
    return f"Its digits after the first {digits} are off: carry more of them."


def _computed_otherwise(view: View, digits: int) -> str:
    """Which computation is a little off: of a value none but one in single precision is."""
    if digits > FULL and not _agrees(view, digits):
        return ""
    given = Given(view.answer, view.digits, view.width)
    return nearly(view.right, given, differences=view.asked.wrt is not None)


def _agrees(view: View, digits: int) -> bool:
    return bool(close(view.right, view.answer, full_width(view.right, digits) / 2).all())


def _named(view: View) -> Diagnosis | None:
    """What the first five recognisers find, where that is few enough classes to be said."""
    classes = classes_of([c for recognize in TOGETHER for c in recognize(view)], view)
    if not classes:
        return None
    if len(classes) > MOST_CLASSES:
        classes = likely(classes)
    if len(classes) > MOST_CLASSES:
        return unknown(view, "Several mistakes give this answer.")
    return named(classes, view, unsure=not view.is_sure)


def _last(view: View) -> Diagnosis | None:
    """What the recognisers find that are asked where the others found nothing."""
    for recognize in LAST:
        if classes := classes_of(recognize(view), view):
            return named(classes, view, unsure=False) if len(classes) <= MOST_CLASSES else None
    return None


def unknown(view: View, because: str = "") -> Diagnosis:
    """Wrong, and nothing known gives it; the student is told how to find the place."""
    because = because or (
        "No known mistake gives this answer."
        if _has(view, FEWEST)
        else f"With fewer than {FEWEST} digits nothing can be said of how it came about."
    )
    how = _how(view) if view.is_number else ""
    return Diagnosis(
        "unknown", says=(f"This is not right. {because} {how}".strip(),), flow=view.asked.flow
    )


def _how(view: View) -> str:
    """How a student finds the place."""
    y, wrt = label(view.asked.of), view.asked.wrt
    if wrt is None:
        return f"Work out each variable from its own equation, from the inputs to {y}."
    if view.asked.hold is not None:
        x = label(wrt)
        return f"Write {y} as a formula of {x} and of what is held constant; differentiate that by {x}."
    return (
        f"Write down d{y}/dv for each variable v, from {y} back: the first line that is wrong shows the "
        f"place."
    )
