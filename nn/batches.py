"""Batches: a data set in pieces, in a new order each time it is gone through."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from autograd_lite.ways_out import refuse_masked
from nn import init
from nn.linear import at_least

Array: TypeAlias = np.ndarray[Any, Any]


class Batches:
    """The rows of some arrays, a batch at a time; a batch is a tuple with a piece of every array.

    arrays     (n, …) each, such as inputs and targets
    size       rows in a batch; the last has what is left
    shuffle    a new order each time, drawn from the generator
    generator  a numpy.random.Generator or a seed

    >>> x = np.arange(5)
    >>> [batch for batch, _ in Batches(x, x, size=2, shuffle=False)]
    [array([0, 1]), array([2, 3]), array([4])]

    Raises ShapeError when the arrays have different numbers of rows.
    """

    def __init__(
        self, *arrays: Any, size: int = 32, shuffle: bool = True, generator: init.Generator = None
    ) -> None:
        refuse_masked(*arrays)
        self.arrays: tuple[Array, ...] = tuple(np.asarray(plain(array)) for array in arrays)
        if not self.arrays or any(array.ndim == 0 for array in self.arrays):
            raise OperandError(
                "batches are taken from arrays with rows: write Batches(x, t, size=32)"
            )
        rows = [len(array) for array in self.arrays]
        if len(set(rows)) > 1:
            raise ShapeError(
                f"the arrays have {' and '.join(map(str, rows))} rows: as many are needed in each"
            )
        self.size, self.shuffle = at_least("size", size, 1), shuffle
        self.generator = init.as_generator(generator)

    def __len__(self) -> int:
        return math.ceil(len(self.arrays[0]) / self.size)

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        n = len(self.arrays[0])
        order = self.generator.permutation(n) if self.shuffle else np.arange(n)
        for start in range(0, n, self.size):
            rows = order[start : start + self.size]
            yield tuple(array[rows] for array in self.arrays)
