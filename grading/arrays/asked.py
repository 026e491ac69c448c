"""One question whose answer is an array: the right one, and what each mistake gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lite.errors import GraphError
from autograd_lite.flow import FlowGraph
from autograd_lite.rules.namespaces import plain
from autograd_lite.variables import Key
from grading.arrays.entries import ENTRIES, VALUES
from grading.arrays.finding import asked_node
from grading.arrays.found import Array, found, found_at
from grading.arrays.question import Question
from grading.catalogue.mistake import Candidate, Found

MOST_ROWS: Final = 64
"""How many entries what is differentiated may have: each is differentiated by itself."""


class ArrayAsked:
    """What is asked on a graph of Tensors: the derivative of `of` by `wrt`.

    flow  the graph; wrt  a variable, or a parameter as a module names it, "0.weight"
    of    what is differentiated; the graph's output by default. Where it is no single number the answer
          is a Jacobian of its shape and then that of wrt
    hold  None asks for the total derivative, a list for the partial one with these held

    >>> from autograd_lite import FlowGraph, Tensor
    >>> W = Tensor([[1.0, 2.0]], requires_grad=True, name="W")
    >>> asked = ArrayAsked(FlowGraph((W * W).sum().named("L")), "W")
    >>> asked.right
    array([[[2., 4.]]])

    Raises GraphError where the graph does not have what is asked for.
    """

    def __init__(
        self,
        flow: FlowGraph,
        wrt: Key | None,
        *,
        of: Key | None = None,
        hold: Iterable[Key] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        if values is not None:
            raise GraphError("a graph of Tensors is asked about at its recorded numbers alone")
        self.flow = flow
        self.of = flow.output if of is None else asked_node(flow, of)
        self.wrt = None if wrt is None else asked_node(flow, wrt)
        self.hold = None if hold is None else tuple(asked_node(flow, key) for key in hold)
        rows = np.size(plain(self.of))
        if rows > MOST_ROWS and wrt is not None:
            raise GraphError(
                f"what is differentiated has {rows} entries, more than {MOST_ROWS}: ask for the derivative "
                f"of a number, such as a loss"
            )

    @cached_property
    def right(self) -> Array:
        """The right answer, shape (1, *shape of the answer)."""
        if self.wrt is None:
            return np.array(plain(self.of), float)[None]
        answers = np.array([q.region.right for q in self.questions])
        return answers.reshape(1, *np.shape(plain(self.of)), *np.shape(plain(self.wrt)))

    @cached_property
    def questions(self) -> list[Question]:
        """For each entry of what is differentiated the question with one number."""
        data = plain(self.of)
        if self.wrt is None:
            return []
        seeds = [None] if np.ndim(data) == 0 else np.eye(np.size(data)).reshape(-1, *np.shape(data))
        return [Question(self.flow, self.of, self.wrt, self.hold or (), seed) for seed in seeds]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Every mistake wherever it gives finite numbers, also where it leaves the answer right."""
        if self.wrt is None:
            return [c for mistake in VALUES for c in mistake.candidates(self)]
        each = [self._candidates(q) for q in self.questions]
        if len(each) < 2:
            return list(each[0].values()) if each else []
        shape = (*np.shape(plain(self.of)), *np.shape(plain(self.wrt)))
        return [
            _joined([rows[key] for rows in each], shape)
            for key in each[0] if all(key in rows for rows in each)
        ]  # fmt: skip

    def _candidates(self, question: Question) -> dict[tuple[Any, ...], Candidate]:
        table: dict[tuple[Any, ...], Candidate] = {}
        with np.errstate(all="ignore"):
            for mistake in ENTRIES:
                for n, c in enumerate(mistake.candidates(question)):
                    if np.isfinite(c.value).all():
                        words = {**question.words_at(c.where), **c.words}
                        table[mistake.identifier, c.where, n] = replace(c, words=words)
        return table

    def negated(self) -> Iterable[Found]:
        """The value that is asked, with the other sign."""
        yield found(-self.right[0])

    def other_values(self) -> Iterable[Found]:
        """The values of the other variables."""
        return (found_at(plain(v), v) for v in self.flow.variables if v is not self.of)

    @cached_property
    def contributions(self) -> list[tuple[tuple[str, ...], Array]]:
        """What the right answer is the sum of: losses through uses of a weight, uses, or paths."""
        return self.questions[0].contributions if len(self.questions) == 1 else []


def _joined(rows: list[Candidate], shape: tuple[int, ...]) -> Candidate:
    """The candidates for the entries of what is differentiated, as one."""
    first = rows[0]
    value = np.concatenate([row.value for row in rows])
    if value.size == np.prod(shape):
        value = value.reshape(shape)
    return Candidate(first.mistake, first.where, value[None], first.nodes, first.words)
