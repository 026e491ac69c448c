"""The part of the catalogue that is about arrays."""

from __future__ import annotations

from typing import Final

from grading.catalogue.autoencoders import AUTOENCODERS
from grading.catalogue.chain_rule import CHAIN_RULE
from grading.catalogue.convolution import CONVOLUTION
from grading.catalogue.linear import LINEAR
from grading.catalogue.losses import LOSSES
from grading.catalogue.mistake import Mistake
from grading.catalogue.normalization import NORMALIZATION
from grading.catalogue.recurrence import RECURRENCE

ENTRIES: Final[tuple[Mistake, ...]] = (
    *CHAIN_RULE, *LINEAR, *LOSSES, *NORMALIZATION, *RECURRENCE, *CONVOLUTION, *AUTOENCODERS
)  # fmt: skip
