"""The part of the catalogue that is about arrays; VALUES where a value is asked and no derivative."""

from __future__ import annotations

from typing import Final

from grading.catalogue.autoencoders import AUTOENCODERS
from grading.catalogue.chain_rule import CHAIN_RULE, VALUES
from grading.catalogue.convolution import CONVOLUTION
from grading.catalogue.linear import LINEAR
from grading.catalogue.losses import LOSSES
from grading.catalogue.mistake import Mistake
from grading.catalogue.normalization import NORMALIZATION
from grading.catalogue.operations import OPERATIONS
from grading.catalogue.recurrence import RECURRENCE
from grading.catalogue.synonyms import SYNONYMS

__all__ = ["ENTRIES", "VALUES"]

ENTRIES: Final[tuple[Mistake, ...]] = (
    *CHAIN_RULE, *OPERATIONS, *LINEAR, *LOSSES, *NORMALIZATION, *RECURRENCE, *CONVOLUTION, *AUTOENCODERS,
    *SYNONYMS,
)  # fmt: skip
