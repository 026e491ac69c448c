"""Numbers and arrays as they stand on a picture (LaTeX) and in plain text."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.labels import number

_FEW = 4


def typeset(data: Any, digits: int, exact: bool = False) -> str:
    r"""A number; the numbers of a short vector; else shape and norm.

    >>> typeset(0.54, 3), typeset(np.array([1.0, 2.0]), 1), typeset(np.ones((3, 4)), 2)
    ('0.540', '[1.0,\\,2.0]', '3{\\times}4,\\;\\Vert\\cdot\\Vert=3.46')
    """
    array = np.asarray(data)
    if array.size == 1:
        return number(float(array.reshape(())), digits, exact)
    if array.ndim == 1 and 0 < array.size <= _FEW:
        return "[" + r",\,".join(number(float(x), digits, exact) for x in array) + "]"
    return rf"{shape(array.shape)},\;\Vert\cdot\Vert={number(_norm(array), digits, exact)}"


def shape(sizes: tuple[int, ...]) -> str:
    """An array's shape as LaTeX."""
    return r"{\times}".join(map(str, sizes)) if sizes else "1"


def written(data: Any) -> str:
    """The same in plain text, numbers to six significant digits.

    >>> written(0.5403023058681398), written(np.ones((3, 4)))
    ('0.540302', '3×4, norm 3.4641')
    """
    array = np.asarray(data)
    if array.size == 1:
        return f"{float(array.reshape(())):.6g}"
    if array.ndim == 1 and 0 < array.size <= _FEW:
        return "[" + ", ".join(f"{float(x):.6g}" for x in array) + "]"
    return f"{'×'.join(map(str, array.shape))}, norm {_norm(array):.6g}"


def _norm(array: Any) -> float:
    return float(np.sqrt(np.sum(np.square(array, dtype=float))))
