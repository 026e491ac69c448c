"""Rows that give what another row gives on arrays, named where they are what a student may have done.

Two rows have no entry, as no value follows from the graph: H12, noise drawn anew (as a mask of E10 may be),
and A32, an earlier answer of the student's own, which tables follow through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from grading.catalogue.autoencoders import AUTOENCODERS
from grading.catalogue.convolution import CONVOLUTION
from grading.catalogue.linear import LINEAR
from grading.catalogue.losses import LOSSES
from grading.catalogue.mistake import Mistake
from grading.catalogue.normalization import NORMALIZATION
from grading.catalogue.recurrence import RECURRENCE

_ROWS: Final = {
    m.identifier: m
    for m in (*AUTOENCODERS, *CONVOLUTION, *LINEAR, *LOSSES, *NORMALIZATION, *RECURRENCE)
}
_BESIDE_LOSSES: Final = (
    "D12", "E7a", "E7b", "E8a", "E8b", "E9a", "E9b", "E9c", "H4a", "H4b", "H4c", "H5", "H7a", "H7b",
    "H8", "G7a", "G7b", "G7c",
)  # fmt: skip


def _as(
    identifier: str, row: str, when: Callable[[Any], object] = lambda q: True, **changes: Any
) -> Mistake:
    """A row under another identifier, on questions that have what it is about."""
    generate = _ROWS[row].generate
    return replace(
        _ROWS[row],
        identifier=identifier,
        generate=lambda q: generate(q) if when(q) else (),
        **changes,
    )


def _has(*operations: str) -> Callable[[Any], bool]:
    """Whether one of these operations is there, or is what something there is added to, as a bias is."""
    return lambda q: any(
        p.rule.name in operations for n in q.region.nodes for p in (n, *n.parents) if not p.is_leaf
    )


_OF_WINDOWS: Final = _has("conv1d", "conv2d")

SYNONYMS: Final = (
    _as("C12", "C1", lambda q: {*q.linear.batches} <= {1}, name="outer product the wrong way round"),
    _as("C14", "D1a", name="gradient of the sum of the losses", prior=3),
    _as("D17b", "D11", _has("log_softmax")),
    _as("F13a", "C1", lambda q: q.recurrence),
    _as("F13b", "C4a", lambda q: q.recurrence),
    _as("F14", "F4", name="each step's own loss left out"),
    _as("F16", "F15", name="= for += at the cell state"),
    _as("G8a", "C5a", _OF_WINDOWS),
    _as("G8b", "C4a", _OF_WINDOWS),
    _as("G12", "C3", _OF_WINDOWS),
    *(_as("K9", row) for row in _BESIDE_LOSSES),
)  # fmt: skip
