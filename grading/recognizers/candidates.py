"""Recogniser 5: which mistakes of the catalogue give this answer."""

from __future__ import annotations

import numpy as np

from grading.catalogue.mistake import Candidate
from grading.chance import kept
from grading.closeness import close
from grading.recognizers.view import View, same


def by_candidates(view: View) -> list[Candidate]:
    """The mistakes whose value the answer may stand for; unlikely ones only where chance allows them."""
    asked = view.asked
    if not view.is_number or view.k is None:
        return view.matching(asked.candidates)
    values = asked.numbers[:, view.k]
    hit = close(values, view.answer, view.width, view.scale)
    hit &= kept(asked, view.k, view.digits, hand=view.hand)
    found = [asked.candidates[i] for i in np.flatnonzero(hit)]
    return [c for c in found if not same(view.entries(c.value), view.right)]
