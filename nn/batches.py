"""Batches: a data set in pieces, in a new order each time it is gone through."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.checks import at_least, flag

Array: TypeAlias = np.ndarray[Any, Any]


class Batches:
    """The rows of some arrays, a batch at a time; a batch is a tuple with a piece of every array.

    arrays     (n, …) each, such as inputs and targets
    size       rows in a batch; the last has what is left
    shuffle    a new order each time, drawn from the generator
    drop_last  leave out the last batch when it has fewer rows
    generator  a numpy.random.Generator or a seed

    >>> x = np.arange(5)
    >>> [batch for batch, _ in Batches(x, x, size=2, shuffle=False)]
    [array([0, 1]), array([2, 3]), array([4])]
    >>> len(Batches(x, x, size=2, drop_last=True))
    2

    Raises ShapeError when the arrays have different numbers of rows, OperandError when they are no
    arrays of numbers, would cut a graph, or have fewer rows than the one batch that is asked for.
    """

    def __init__(
        self,
        *arrays: Any,
        size: int = 32,
        shuffle: bool = True,
        drop_last: bool = False,
        generator: init.Generator = None,
    ) -> None:
        refuse_masked(*arrays)
        self.arrays: tuple[Array, ...] = tuple(map(_rows_of, arrays))
        if not self.arrays:
            raise OperandError(
                "batches are taken from arrays with rows: write Batches(x, t, size=32)"
            )
        rows = [len(array) for array in self.arrays]
        if len(set(rows)) > 1:
            raise ShapeError(
                f"the arrays have {' and '.join(map(str, rows))} rows, and every array needs the same number"
            )
        self.size = at_least("size", size, 1)
        self.shuffle, self.drop_last = flag("shuffle", shuffle), flag("drop_last", drop_last)
        if drop_last and rows[0] < self.size:
            raise OperandError(
                f"drop_last leaves no batch: there are {rows[0]} rows, and size is {self.size}"
            )
        self.generator = init.as_generator(generator)

    def __len__(self) -> int:
        n = len(self.arrays[0])
        return n // self.size if self.drop_last else math.ceil(n / self.size)

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        n = len(self.arrays[0])
        order = self.generator.permutation(n) if self.shuffle else np.arange(n)
        for k in range(len(self)):
            rows = order[k * self.size : (k + 1) * self.size]
            yield tuple(array[rows] for array in self.arrays)


def checked_batch(batch: Any) -> Any:
    """A batch, when it is one: a tuple or list of the model's inputs and, last, the target.

    Raises OperandError when it is none; an array would be taken apart into its rows.
    """
    if not isinstance(batch, (tuple, list)) or len(batch) < 2:
        raise OperandError(
            f"a batch is a tuple (x, t) of the model's inputs and the target, not {_described(batch)}: "
            f"give batches as [(x, t)] or nn.Batches(x, t)"
        )
    return batch


def checked_batches(name: str, batches: Any, epochs: int) -> None:
    """Raise OperandError when these are no batches, or would be used up before the last epoch."""
    is_data = isinstance(batches, (Tensor, np.ndarray, str, bytes, Mapping))
    if is_data or not isinstance(batches, Iterable):
        raise OperandError(
            f"{name} are batches (x, t) to go through, such as [(x, t)] or nn.Batches(x, t), "
            f"not {_described(batches)}"
        )
    if epochs > 1 and iter(batches) is batches:
        raise OperandError(
            f"{name} is an iterator, used up after one epoch: give a list or nn.Batches(x, t)"
        )
    if isinstance(batches, (list, tuple)):
        for batch in batches:
            checked_batch(batch)


def _rows_of(data: Any) -> Array:
    if getattr(data, "requires_grad", False):
        raise OperandError(
            f"batches are pieces of data, and would cut {data.describe()} off its graph: write "
            f".detach() behind it"
        )
    try:
        array = np.asarray(plain(data))
    except ValueError as error:  # rows of different lengths
        raise OperandError(f"batches are taken from arrays with rows: {error}") from error
    if array.ndim == 0 or array.dtype.kind not in "fiub":
        raise OperandError(
            f"batches are taken from arrays with rows, of numbers, not from {brief(data)}: write "
            f"Batches(x, t, size=32)"
        )
    return array


def _described(x: Any) -> str:
    if isinstance(x, (Tensor, np.ndarray)):
        return f"an array of shape {x.shape}"
    return f"a {type(x).__name__} of {len(x)}" if isinstance(x, (tuple, list)) else brief(x)
