"""From mistakes that give an answer to what is said: classes that it cannot tell apart, likely ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from string import ascii_lowercase
from typing import Final, TypeAlias

import numpy as np

from autograd_lite.variables import label
from grading.asking import rank
from grading.catalogue.mistake import Candidate
from grading.diagnosis import Diagnosis
from grading.recognizers.view import View, same

Names: TypeAlias = tuple[str, ...]

MOST_CLASSES: Final = 3
_FAR: Final = 3
"""A mistake whose prior is lower by so much is not weighed against the likelier one."""
_MOST_NAMES: Final = 2
_MOST_IDS: Final = 3
_STRUCTURE: Final = "A"
_OF_PATHS: Final = ("A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A31", "A33")
"""Rows that say which paths were counted: of several for one number, one says it all."""
_LEFT_OUT: Final[dict[str, Callable[[Names, Names], bool]]] = {
    "A1": lambda way, where: len(way) > 2,
    "A2": lambda way, where: where[0] in way[1:-1],
    "A4": lambda way, where: way != where,
    "A4d": lambda way, where: where[0] not in way[1:-1],
    "A31": lambda way, where: len(way) > 1 and way[1] not in where,
}
"""Of rows whose place is what was counted, or was held: whether a path is missing from the answer"""
_MOST_DRAWN: Final = 3
_ZERO: Final = 1e-11

Members: TypeAlias = Sequence[Candidate]
"""Mistakes with the same value, the likeliest first."""


def classes_of(found: Iterable[Candidate], view: View) -> list[list[Candidate]]:
    """The mistakes that were found, likely ones first; together those that are one under several names.

    These are equal whatever the numbers. Where several are equal by chance, each is said. What was found
    by its value alone, as a factor or a sum of paths is, goes with the mistakes of that value.
    """
    classes: list[list[Candidate]] = []
    for c in sorted(found, key=lambda c: (c.synonym < 0, rank(c))):
        row = view.entries(c.value)
        for members in classes:
            equal = same(row, view.entries(members[0].value), view.scale)
            if equal and _one(
                c, members[0], is_zero=bool(np.all(np.abs(row) <= _ZERO * view.scale))
            ):
                members.append(c)
                break
        else:
            classes.append([c])
    return sorted((sorted(members, key=rank) for members in classes), key=lambda m: rank(m[0]))


def likely(classes: Sequence[list[Candidate]]) -> list[list[Candidate]]:
    """Those that are not far less likely than the likeliest one, which is the first."""
    least = classes[0][0].prior - _FAR
    return [members for members in classes if members[0].prior > least]


def _one(c: Candidate, other: Candidate, is_zero: bool) -> bool:
    """Whether two mistakes of equal value are one: always equal, or both that no path was counted."""
    return c.synonym < 0 or c.synonym == other.synonym or is_zero


def _says_the_same(name: str, other: str) -> bool:
    """Whether one name is the other with something behind it, such as "everywhere"."""
    return name.startswith(other) or other.startswith(name)


def sentence_of(members: Members) -> str:
    """What is said of a class: the likeliest mistake's sentence, and which others as likely give the same.

    What the mistakes of the chain rule's structure say of one number is the same in other words.
    """
    first = members[0].mistake
    others = [c.mistake for c in members[1:] if c.prior >= first.prior]
    rows = (first.identifier[0], *(m.identifier[0] for m in others))
    names = dict.fromkeys(
        m.name
        for m, row in zip(others, rows[1:], strict=True)
        if not _says_the_same(m.name, first.name) and not row == rows[0] == _STRUCTURE
    )
    if not names:
        return members[0].says
    same_as = "; ".join([*names][:_MOST_NAMES])
    return f"{members[0].says.rstrip('.')} (the same comes out of: {same_as})."


def ids_of(classes: Sequence[Members]) -> tuple[str, ...]:
    """The likeliest mistake of each class, and while they are fewer than three, others that give the same.

    A factor that was left out can be a derivative of tanh that was forgotten: one number, two rows.
    """
    named = [members[0] for members in classes]
    for c in (c for members in classes for c in members[1:]):
        if len(named) < _MOST_IDS and _row(c) not in map(_row, named):
            named.append(c)
    return tuple(c.identifier for c in named)


def _row(c: Candidate) -> str:
    """The row of the catalogue; one for all that say which paths were counted."""
    row = c.mistake.identifier.rstrip(ascii_lowercase)
    return "paths" if row in _OF_PATHS else row


def path_of(candidate: Candidate, view: View) -> tuple[str, ...]:
    """The names of the variables that a picture highlights: of few paths those that are missing."""
    left_out = _LEFT_OUT.get(candidate.mistake.identifier)
    ways = [names for names, _ in view.asked.contributions] if left_out else []
    known = {label(v) for v in view.asked.flow.variables}
    if left_out and len(ways) > 1 and all(known.issuperset(way) for way in ways):
        missing = [way for way in ways if left_out(way, candidate.where)]
        if 0 < len(missing) <= _MOST_DRAWN and len(missing) < len(ways):
            return tuple(name for way in missing for name in way)
    return _place_of(candidate)


def _place_of(candidate: Candidate) -> tuple[str, ...]:
    return tuple(label(n) for n in candidate.nodes) or candidate.where


def named(classes: Sequence[Members], view: View, unsure: bool) -> Diagnosis:
    """The diagnosis that names these classes, three at most."""
    path = path_of(classes[0][0], view)
    return Diagnosis(
        "diagnosed",
        ids_of(classes),
        tuple(sentence_of(members) for members in classes),
        path=path,
        variable=_first(_place_of(classes[0][0]) or path, view),
        kinds=tuple(dict.fromkeys(members[0].mistake.name for members in classes)),
        synonyms=tuple(dict.fromkeys(c.identifier for members in classes for c in members)),
        unsure=unsure,
        flow=view.asked.flow,
    )


def _first(path: Sequence[str], view: View) -> str:
    """The variable to look at: the one asked for, where the place is not said."""
    wrt = view.asked.wrt
    if wrt is not None and not path:
        return label(wrt)
    return path[0] if path else label(view.asked.of)
