"""Whether a difference has kept its digits: 1 - y has lost them where y has been rounded towards 1.

A rule that asks may take the short form of a derivative where that is exact, and the careful one elsewhere.
Nodes, symbols and recorded programs always get the careful one: it holds at whatever numbers come later.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

ENOUGH: Final = 0.19
"""How small 1 - y (or 1 - y²) may become: the rounding of y is then some four units in the last place."""


def nowhere(condition: Any) -> bool:
    """Whether a condition holds for none of these numbers; False of a recorded program's, still to come."""
    return isinstance(condition, (np.ndarray, np.generic)) and not condition.any()


def keeps_digits(difference: Any) -> bool:
    """Whether these are numbers and none of them is small; of nan, nodes and symbols it is False.

    >>> keeps_digits(0.5), keeps_digits(np.array([0.5, 1e-9]))
    (True, False)
    """
    if type(difference) is np.ndarray:  # argmin costs a third of min
        return difference.item(difference.argmin()) >= ENOUGH if difference.size else True
    return isinstance(difference, (float, np.floating)) and bool(difference >= ENOUGH)
