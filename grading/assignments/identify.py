"""How well the answers to a question tell mistakes apart, for whoever writes the question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grading.asking import Asked
from grading.assignments.asked_of import AskedOf
from grading.assignments.questions import Part
from grading.catalogue.mistake import Candidate
from grading.chance import chance

_TIE: Final = 3
_SAME: Final = 1e-9
_MOST_SHOWN: Final = 3
_HIGH: Final = 0.01


@dataclass(frozen=True)
class Known:
    """What can be known from answers to one part, in the mean over the sets of numbers.

    mistakes  how many can be made here
    classes   of mistakes that give different answers at full precision
    alone     share of the classes that the asked digits tell from all others
    tied      share of those that are one of two or three
    right     identifiers of mistakes that give the right answer in every set of numbers: none here
    looking   share of the wrong ones that look right at the asked digits
    chance    that an unrelated number is diagnosed
    looks     identifiers of those that look right in some set of numbers, the most frequent first
    """

    mistakes: int
    classes: int
    alone: float
    tied: float
    looking: float
    chance: float
    right: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()


def known(asked: Asked, ks: range, digits: int, *, hand: bool = False) -> Known:
    """What answers with so many digits say about mistakes.

    ks  the sets of numbers to look at
    """
    kept = [c for c in asked.candidates if np.shape(c.value)[1:] == asked.right.shape[1:]]
    values = _rows(asked, kept, ks)
    right = asked.right.reshape(len(asked.right), -1)[ks.start : ks.stop]
    none = np.all(_near(values, right[None], _SAME), axis=(1, 2))
    wrong = np.flatnonzero(~none)
    wrong = wrong[_first_of_each(values[wrong])]
    looking = _looking(values[wrong], right, digits)
    met = np.array([_met(values[wrong, k], digits) for k in range(len(ks))]).T
    met = met.reshape(looking.shape)
    often = wrong[np.argsort(-looking.sum(axis=1), kind="stable")][: int(looking.any(axis=1).sum())]
    return Known(
        len(asked.candidates), len(wrong),
        _share(~looking & (met == 1)), _share(~looking & (met > 1) & (met <= _TIE)), _share(looking),
        float(np.mean([chance(asked, digits, k, hand=hand) for k in ks])),
        tuple(dict.fromkeys(kept[i].identifier for i in np.flatnonzero(none))),
        tuple(kept[i].identifier for i in often),
    )  # fmt: skip


def _share(which: NDArray[np.bool_]) -> float:
    return float(which.mean()) if which.size else 0.0


def _rows(asked: Asked, kept: list[Candidate], ks: range) -> NDArray[np.float64]:
    """What each candidate gives, (C, K, entries); those of another shape are told by it and left out."""
    shape = asked.right.shape
    rows = np.array([np.broadcast_to(c.value, shape) for c in kept], float)
    return rows.reshape(len(kept), shape[0], int(np.prod(shape[1:])))[:, ks.start : ks.stop]


def _near(a: NDArray[Any], b: NDArray[Any], relative: float) -> NDArray[np.bool_]:
    """Which entries agree, each to so many of its own digits."""
    size = np.maximum(np.abs(a), np.abs(b))
    with np.errstate(invalid="ignore"):
        return np.asarray(
            np.abs(a - b) <= relative * size + _SAME * size.max(axis=-1, keepdims=True)
        )


def _first_of_each(values: NDArray[np.float64]) -> NDArray[np.int_]:
    """The first of all that agree at every point."""
    if not len(values):
        return np.zeros(0, int)
    scale = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-300)
    size = np.floor(np.log10(scale))
    mantissa = np.round(np.nan_to_num(values / 10.0**size), 8)
    _, first = np.unique(
        np.concatenate([mantissa, size], axis=-1).reshape(len(values), -1),
        axis=0,
        return_index=True,
    )
    return np.sort(first)


def _looking(
    values: NDArray[np.float64], right: NDArray[np.float64], digits: int
) -> NDArray[np.bool_]:
    """Which look right at which point, (classes, K)."""
    return np.asarray(np.all(_near(values, right[None], 10.0 ** (1 - digits) / 2), axis=-1))


def _met(values: NDArray[np.float64], digits: int) -> list[int]:
    """How many classes give each class's answer, itself included, at one point."""
    relative = 10.0 ** (1 - digits) / 2
    return [int(np.all(_near(values, row[None], relative), axis=-1).sum()) for row in values]


def known_of(asked: AskedOf, part: Part) -> Iterator[str]:
    """The same as lines of text."""
    label = part.field.label
    if asked.question.is_code or asked.pool is None:
        yield f"{label}: judged by running it"
        return
    if part.field.kind == "formula":
        prepared = asked.pool.formula(part, asked.k)
        count = len(prepared.candidates)
        yield f"{label}: {count} mistakes, told apart at {len(prepared.right)} points"
        return
    prepared, k = asked.pool.asked(part, asked.k)
    ks = range(k, k + 1) if asked.pool.graph.is_array else range(min(asked.pool.size, 20))
    yield from _lines(label, known(prepared, ks, part.field.digits or 4, hand=asked.question.hand))


def _lines(label: str, found: Known) -> Iterator[str]:
    yield (
        f"{label}: {found.mistakes} mistakes in {found.classes} classes; {found.alone:.1%} told apart, "
        f"{found.tied:.1%} one of 2 or 3, {found.looking:.1%} look right; "
        f"an unrelated number is diagnosed in {found.chance:.2%}"
    )
    if found.right:
        yield f"    no mistakes with this graph: {_some(found.right)}"
    if found.looks:
        yield f"    look right with some numbers: {_some(found.looks)}"
    if found.chance > _HIGH:
        yield "    that is above 1 %: ask for one more digit"


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_MOST_SHOWN]) + (" …" if len(names) > _MOST_SHOWN else "")
