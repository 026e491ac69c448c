"""Arrays on the page: every number of a small one, line by line; of a larger one shape and norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from viz.formulas import numbers

MOST: Final = 12
_IN_A_LINE: Final = 4


def is_small(data: Any) -> bool:
    """Whether all numbers of an array of several are written.

    >>> is_small(np.ones((3, 4))), is_small(np.ones(13)), is_small(1.0)
    (True, False, False)
    """
    return 1 < np.size(data) <= MOST


def rows(data: Any, digits: int) -> tuple[str, ...]:
    r"""The numbers of a small array as LaTeX: a matrix row by row, a long vector in several lines.

    >>> rows(np.eye(2), 3), rows(np.arange(6.0), 3)
    (('[1,\\,0]', '[0,\\,1]'), ('[0,\\,1,\\,2,\\,3,', '4,\\,5]'))
    """
    array = np.asarray(data, dtype=float)
    lines: Any = [] if array.ndim < 2 else array.reshape(-1, array.shape[-1])
    return tuple(row for one in (lines if len(lines) else [array]) for row in _lines(one, digits))


def _lines(vector: Any, digits: int) -> list[str]:
    written = [numbers.number(float(x), digits) for x in vector]
    parts = [written[k : k + _IN_A_LINE] for k in range(0, len(written), _IN_A_LINE)]
    lines = [r",\,".join(part) for part in parts]
    return [f"[{line}" if k == 0 else line for k, line in enumerate(_closed(lines))]


def _closed(lines: Sequence[str]) -> list[str]:
    return [*(f"{line}," for line in lines[:-1]), f"{lines[-1]}]"]


def text(data: Any) -> str:
    """The same in a line of plain text: a few numbers to six significant digits, more of them to four.

    >>> text(-np.eye(2) + 1), text(np.ones((5, 5))), text(np.ones((0, 3))), text(-0.0)
    ('[[0, 1], [1, 0]]', '5×5, norm 5', '0×3, no numbers', '0')
    """
    array = np.asarray(data, dtype=float) + 0.0  # no minus in front of 0
    if array.size == 0:
        return f"{'×'.join(map(str, array.shape))}, no numbers"
    digits = 6 if array.size <= _IN_A_LINE else 4
    found = _nested(array, digits) if is_small(array) else numbers.as_text(array)
    return found.replace("-", "−")


def _nested(array: Any, digits: int) -> str:
    if np.ndim(array) == 0:
        return f"{float(array):.{digits}g}"
    return "[" + ", ".join(_nested(row, digits) for row in array) + "]"
