"""Embedding: a row of numbers for each word."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import IndexingError, OperandError
from autograd_lite.watches import read
from nn import init
from nn.checks import at_least, whole
from nn.module import Module
from nn.parameters import Parameter


class Embedding(Module):
    """The rows of a table: y = weight[index].

    weight (num_embeddings, embedding_dim), standard normal at first; index any shape of integers,
    y index.shape + (embedding_dim,).

    padding_idx  a row that starts at zero and gets no gradient

    >>> table = Embedding(3, 2)
    >>> table.load_state_dict({"weight": [[0, 1], [2, 3], [4, 5]]})
    >>> table([2, 0])
    Tensor([[4., 5.],
            [0., 1.]])

    Raises IndexingError when an index is no row, OperandError when one is no integer.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        generator: init.Generator = None,
    ) -> None:
        shape = (
            at_least("num_embeddings", num_embeddings, 1),
            at_least("embedding_dim", embedding_dim, 1),
        )
        weight = init.normal(shape, generator=generator)
        self.padding_idx = None
        if padding_idx is not None:
            n = num_embeddings
            self.padding_idx = range(n)[whole("padding_idx", padding_idx, -n, n - 1)]
        if self.padding_idx is not None:
            weight[self.padding_idx] = 0.0
        self.weight = Parameter(weight)

    def forward(self, index: Any) -> Any:
        rows = self._checked(index)
        y = self.weight[rows]
        if self.padding_idx is None:
            return y
        is_padding = (rows == self.padding_idx)[..., None]
        return f.where(is_padding, self.weight[self.padding_idx].detach(), y)

    def _checked(self, index: Any) -> Any:
        rows, n = np.asarray(read(index, "classes")), self.weight.shape[0]
        if rows.dtype.kind not in "iu" and not np.array_equal(rows, np.rint(rows)):
            raise OperandError(
                f"{self.label} takes integers, the numbers of rows, not {rows.dtype}"
            )
        if rows.size and not 0 <= rows.min() <= rows.max() < n:
            wrong = rows.min() if rows.min() < 0 else rows.max()
            raise IndexingError(f"{self.label} has rows 0 to {n - 1}, and no row {wrong}")
        return rows.astype(np.intp)

    def extra_repr(self) -> str:
        rows, columns = self.weight.shape
        return f"{rows}, {columns}"
