"""Answers as students type them, read into numbers, arrays and formulas; nothing is evaluated."""

from grading.answers.equivalence import Equivalence, draw_points, equivalent
from grading.answers.formula import Formula, read_formula
from grading.answers.reading import read
from grading.answers.typed import Reading, Typed

__all__ = [
    "Equivalence",
    "Formula",
    "Reading",
    "Typed",
    "draw_points",
    "equivalent",
    "read",
    "read_formula",
]
