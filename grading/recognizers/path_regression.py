r"""Recogniser 4: with which coefficient each path was counted.

    answer ≈ Σ c_p · contribution_p        c by least squares over the entries

A path forgotten has c = 0, one counted twice 2, one with the wrong sign -1, a mean over T steps 1/T. No
combination of paths is enumerated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grading.catalogue.forms import PATHS
from grading.catalogue.mistake import Candidate
from grading.recognizers.view import View

FEWEST_DIGITS: Final = 4
_NEAR: Final = 0.05
"""how far a coefficient may be from the pattern that it is read as, before the pattern itself is tried"""
_MOST_CONTRIBUTIONS: Final = 400
_ROW_OF: Final = {2.0: "A8", -1.0: "A17"}


def by_paths(view: View) -> list[Candidate]:
    """The answer as a sum of the paths' contributions with the coefficients 0, 1, 2, -1, 1/T and ½."""
    parts = view.asked.contributions
    if not 2 <= len(parts) <= min(view.answer.size, _MOST_CONTRIBUTIONS):
        return []
    if view.digits is not None and view.digits < FEWEST_DIGITS:
        return []
    rows = np.array([view.entries(value) for _, value in parts])
    if rows.shape[1:] != view.answer.shape or not np.isfinite(rows).all():
        return []
    read = _read(rows, view)
    if read is None or (read == 1).all():
        return []
    where = _told(read, [names for names, _ in parts])
    value = sum(c * np.asarray(v, float) for c, (_, v) in zip(read, parts, strict=True))
    told = [PATHS, *(replace(PATHS, identifier=row) for row in _rows(read))]
    return [Candidate(mistake, (), np.asarray(value), words={"where": where}) for mistake in told]


def _rows(read: NDArray[Any]) -> list[str]:
    """The catalogue's rows that say the same: a path alone, missing, twice, with the wrong sign, a mean."""
    wrong = set(read[read != 1].tolist())
    if wrong == {0.0}:
        return ["A4" if (read == 1).sum() == 1 else "A3"]
    if len(set(read.tolist())) == 1:
        return ["A6"] if 0 < read[0] < 1 else []
    return [_ROW_OF[c] for c in wrong if len(wrong) == 1 and c in _ROW_OF]


def _read(rows: NDArray[Any], view: View) -> NDArray[Any] | None:
    """The coefficients as patterns, where those give the answer in every entry; None where nothing does."""
    weight = 1 / np.maximum(view.width, 1e-12 * view.scale)
    a, b = rows.T * weight[:, None], view.answer * weight
    found, _, rank, _ = np.linalg.lstsq(a, b, rcond=1e-10)
    if rank < len(rows):
        return None
    patterns = _patterns(len(rows))
    nearest = np.abs(found[:, None] - patterns).argmin(axis=1)
    read = patterns[nearest]
    if np.abs(found - read).max() > _NEAR or not view.fits(read @ rows):
        return None
    return np.asarray(read)


def _patterns(paths: int) -> NDArray[Any]:
    """Zero, one, two, minus one, a half, and 1/T for as many steps T as there may be."""
    means = [1 / t for t in range(2, min(paths, 10) + 1)]
    return np.array([0.0, 1.0, 2.0, -1.0, -2.0, *means])


def _told(read: NDArray[Any], names: list[tuple[str, ...]]) -> str:
    """What is wrong with the coefficients, in words: the commonest first."""
    if len(set(read.tolist())) == 1:
        return f"each is counted {_times(float(read[0]))}"
    wrong: dict[float, list[str]] = {}
    for c, along in zip(read.tolist(), names, strict=True):
        if c != 1:
            wrong.setdefault(c, []).append(" → ".join(along))
    kept = [" → ".join(along) for c, along in zip(read.tolist(), names, strict=True) if c == 1]
    if set(wrong) == {0.0} and len(kept) < len(wrong[0.0]):
        return f"only {_listed(kept)} {_is(kept)} there"
    return "; ".join(f"{_listed(p)} {_is(p)} {_counted(c)}" for c, p in sorted(wrong.items()))


def _counted(c: float) -> str:
    return "missing" if c == 0 else f"counted {_times(c)}"


def _times(c: float) -> str:
    """A coefficient in words."""
    if c in (0.0, 2.0, -1.0, -2.0):
        return {
            0.0: "not at all",
            2.0: "twice",
            -1.0: "with the wrong sign",
            -2.0: "twice, with the wrong sign",
        }[c]
    return "half" if c == 0.5 else f"1/{round(1 / c)} times"


def _listed(items: list[str]) -> str:
    shown = items if len(items) <= 4 else [*items[:3], f"{len(items) - 3} more"]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]


def _is(items: list[str]) -> str:
    return "is" if len(items) == 1 else "are"
