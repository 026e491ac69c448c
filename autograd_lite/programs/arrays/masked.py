"""Whether nan is in a derivative: an exact zero may have masked a pole, see docs/no_derivative.md."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import Call


def has_nan(d: Any, is_product: bool) -> bool:
    """Whether an entry is nan: then a sum of squares is, which a product takes in one pass.

    is_product  whether d is a product of two matrices. What is not finite in its factors A and B is not
                finite in a whole row of it, or in a whole column: so the first column and the first row tell.

    >>> has_nan(np.array([1.0, np.nan]), False), has_nan(np.eye(2) @ np.eye(2), True)
    (True, False)
    """
    if is_product and d.size and math.isfinite(np.vdot(d[0], d[0]) + np.vdot(d[:, 0], d[:, 0])):
        return False
    return math.isnan(np.vdot(d, d))


def is_product(call: Call) -> bool:
    """Whether a call multiplies two matrices."""
    is_matmul = call.function in (np.matmul, np.dot) and not call.options
    return is_matmul and all(isinstance(x, Recorded) and x.ndim == 2 for x in call.args)
