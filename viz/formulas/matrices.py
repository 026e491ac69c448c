r"""Products of matrices and vectors, transposes and diagonals, as a lecture writes them.

An array of one example is a column: W x + b. Of several examples, each a row, it is x Wᵀ + b.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.formulas.notation import Formula, Notation, Precedence, short


def is_column(x: Any) -> bool:
    """Whether an array is one example: all its axes but the last have length 1.

    >>> is_column(np.ones(3)), is_column(np.ones((1, 3))), is_column(np.ones((2, 3)))
    (True, True, False)
    """
    shape = np.shape(x)
    return bool(shape) and np.size(x) == shape[-1]


def transposed(x: Formula, to: Notation) -> Formula:
    """The transpose; of a transpose what was transposed."""
    sign = r"^{\top}" if to.is_latex else "ᵀ"
    if x.source.endswith(sign) and x.precedence == Precedence.POWER:
        return Formula(x.source.removesuffix(sign))
    return short(Formula(to.at_least(x, Precedence.ATOM).source + sign, Precedence.POWER))


def product(a: Formula, b: Formula, to: Notation) -> Formula:
    """The product of two matrices, or of a matrix and a vector."""
    left, right = (_factor(x, to) for x in (a, b))
    sign = r" \, " if to.is_latex else to.tight
    return short(Formula(f"{left.source}{sign}{right.source}", Precedence.PRODUCT))


def _factor(x: Formula, to: Notation) -> Formula:
    """A factor of a product of matrices: what is multiplied entry by entry takes brackets."""
    is_loose = x.precedence < Precedence.PRODUCT or x.ends_unbracketed
    is_entrywise = x.precedence == Precedence.PRODUCT and to.entrywise_sign in x.source
    return to.bracketed(x) if is_loose or is_entrywise else x


def times_vector(W: Formula, x: Formula, column: bool, to: Notation) -> Formula:
    """W x, or x Wᵀ with an example in each row."""
    return product(W, x, to) if column else product(x, transposed(W, to), to)


def ones(to: Notation) -> Formula:
    """A column of ones, by which rows are summed."""
    return Formula(r"\mathbf{1}" if to.is_latex else "𝟏")


def diagonal(x: Formula, to: Notation) -> Formula:
    """The matrix with these numbers on its diagonal."""
    return short(Formula(f"{to.word('diag')}({x.source})", Precedence.APPLIED))
