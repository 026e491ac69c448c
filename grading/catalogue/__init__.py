"""The catalogue of mistakes, one file for each of its letters: data that can be read from top to bottom."""

from grading.catalogue.answers import ENDS
from grading.catalogue.codes import CODES
from grading.catalogue.factors import FACTORS
from grading.catalogue.families import FAMILIES, LOSSES, SAME, TIME, VALUES
from grading.catalogue.heads import HEADS
from grading.catalogue.local import OWN, RULES
from grading.catalogue.structure import PATHS

ON_SCALARS = (
    *PATHS,
    *ENDS,
    *FACTORS,
    *RULES,
    OWN,
    *FAMILIES,
    *TIME,
    *SAME,
    *LOSSES,
    *CODES,
    *HEADS,
)
ON_VALUES = VALUES

__all__ = ["ON_SCALARS", "ON_VALUES"]
