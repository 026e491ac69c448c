"""Hand-written NumPy for each work, without any graph: what a recorded program is measured against.

Each floor holds its data and every buffer, reads the weights anew at each run, and computes the loss as the
models here do. It is as fast as we could make it: in place, products gathered over time, no array made twice.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, Any]


class Floor(Protocol):
    """A work by hand.

    gradients  the loss's gradient by each weight, as the last run left it, in the order of the model's
    """

    @property
    def gradients(self) -> list[Array]: ...

    def run(self) -> float:
        """The loss, and its gradient by every weight."""
