"""How much may still be computed, so that no small file can ask for endless work or memory."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.errors import GraphError
from autograd_lite.interop.onnx_reading.values import Given, dtype_of
from autograd_lite.node import Node

MOST_STEPS: Final = 100_000
"""How many nodes are run, those of loops and functions each time, and gates of a recurrence in each step."""

MOST_TOGETHER: Final = 2**28
"""How many entries all values may have together, with what a graph keeps of constants and on the way."""

MOST_WORK: Final = 2**38
"""How many multiplications are made, as they are counted here: some minutes of work."""

READING: Final = 16
"""So many multiplications is an entry that is read worth."""

_WHOLE: Final = 32
"""So many multiplications of floating numbers is one of whole numbers worth, which no BLAS does."""


class Budget:
    """What is left of these numbers while a model is run.

    >>> budget = Budget()
    >>> budget.step(MOST_STEPS)
    >>> budget.step()
    Traceback (most recent call last):
    ...
    autograd_lite.errors.GraphError: more than 100,000 nodes would be run, gates of recurrences among them
    """

    def __init__(self) -> None:
        self._entries, self._steps, self._work = MOST_TOGETHER, MOST_STEPS, MOST_WORK
        self._last = -1  # the number of the last node that was counted

    def step(self, count: int = 1) -> None:
        """Count nodes about to be run, or what is as much work as a node.

        Raises GraphError after too many.
        """
        self._steps -= count
        if self._steps < 0:
            raise GraphError(
                f"more than {MOST_STEPS:,} nodes would be run, gates of recurrences among them"
            )

    def keep(self, values: Iterable[Given]) -> None:
        """Count the entries of values that stay in memory, with those that were recorded on the way to them.

        Raises GraphError when all values together have too many.
        """
        todo: list[Any] = list(values)
        known, seen = self._last, set[Node]()
        for x in todo:
            if isinstance(x, Tensor):
                if x.number <= known or x in seen:
                    continue
                seen.add(x)
                todo.extend(x.parents)
                self._last = max(self._last, x.number)
            self._entries -= x.size
        self.expect(0)

    def expect(self, entries: int) -> None:
        """Refuse what is about to be computed where its values would be too many.

        Raises GraphError when that is so.
        """
        if entries > self._entries:
            raise GraphError(f"the values would have more than {MOST_TOGETHER:,} entries together")

    def read(self, values: Iterable[Given]) -> None:
        """Count the entries of values about to be read.

        Raises GraphError when all nodes together read too many.
        """
        self._spend(READING * sum(x.size for x in values))

    def multiply(self, lengths: Iterable[int], numbers: Given) -> None:
        """Count the multiplications of a product about to be made: all these lengths, of such numbers.

        Raises GraphError when all products together have too many.
        """
        is_floating = np.issubdtype(dtype_of(numbers), np.floating)
        self._spend(math.prod(lengths) * (1 if is_floating else _WHOLE))

    def _spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise GraphError(f"it would take more than {MOST_WORK:,} multiplications")
