"""Memory that a program hands out: the caller's for as long as anybody holds it, then used again."""

from __future__ import annotations

from sys import getrefcount
from typing import Any, Final

from autograd_lite.programs.arrays.memory import Form

_MOST: Final = 2
"""How much is kept in mind: both arrays of a loop that holds the last result while it computes the next."""


class HandedOut:
    """The arrays of one result. A new one costs as much as to compute it: the system clears its pages first.

    >>> import numpy as np
    >>> results = HandedOut(Form((3,), np.dtype(float), (0,)))
    >>> x = results.array()
    >>> address, is_another = x.ctypes.data, not np.shares_memory(results.array(), x)
    >>> del x
    >>> is_another, results.array().ctypes.data == address
    (True, True)
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._owners: list[Any] = []

    def array(self) -> Any:
        """An array in memory that nobody holds: views of it, and buffers over it, hold the memory's owner."""
        for k in range(len(self._owners)):
            if _holders(self._owners, k) == _NOBODY:
                return self._form.over(self._owners[k])
        owner = self._form.memory()
        self._owners = [*self._owners[1 - _MOST :], owner]
        return self._form.over(owner)


def _holders(owners: list[Any], k: int) -> int:
    return getrefcount(owners[k])


_NOBODY: Final = _holders([object()], 0)
"""What is counted of an object that is in the list alone."""
