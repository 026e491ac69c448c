"""A question with the answers that somebody wrote out by hand, right and wrong.

An answer's label is "right" or the rows of the catalogue that give this number there, "C3 A21":
what cannot be told apart by the answer has several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd_lite import FlowGraph, Tensor

Answer: TypeAlias = tuple[str, float]
Array: TypeAlias = NDArray[np.float64]
ArrayAnswer: TypeAlias = tuple[str, Any]


@dataclass(frozen=True)
class Question:
    """dy/dx of `of` by `wrt` in these equations, at inputs that are still to be designed.

    answers  the inputs' numbers -> every answer, worked out in plain Python
    """

    name: str
    equations: str
    of: str
    wrt: str
    inputs: Mapping[str, tuple[float, float]]
    answers: Callable[..., Iterable[Answer]]
    hold: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ArrayQuestion:
    """A gradient on a graph of arrays: `flow` by `wrt`, with every answer worked out in NumPy."""

    name: str
    flow: FlowGraph
    wrt: Any
    answers: tuple[ArrayAnswer, ...]

    @property
    def right(self) -> Array:
        """The right answer, by hand."""
        return next(np.asarray(value, float) for rows, value in self.answers if rows == "right")


Model: TypeAlias = tuple[Tensor, Any]
"""A loss, and what it is differentiated by."""
Written: TypeAlias = Iterator[Any]
"""First a Model, then its answers."""

QUESTIONS: Final[list[Question]] = []
ARRAYS: Final[list[Callable[[np.random.Generator], Written]]] = []


def asked(
    equations: str, of: str, wrt: str, *, hold: tuple[str, ...] | None = None,
    **inputs: tuple[float, float],
) -> Callable[[Callable[..., Iterable[Answer]]], Callable[..., Iterable[Answer]]]:  # fmt: skip
    """Decorates the function that works the answers out; its name is the question's."""

    def add(answers: Callable[..., Iterable[Answer]]) -> Callable[..., Iterable[Answer]]:
        name = answers.__name__.replace("_", " ")
        QUESTIONS.append(Question(name, equations, of, wrt, inputs, answers, hold))
        return answers

    return add


def on_arrays(
    written: Callable[[np.random.Generator], Written],
) -> Callable[[np.random.Generator], Written]:
    """Decorates a function that yields a model, then its answers; its name is the question's."""
    ARRAYS.append(written)
    return written


def array_questions(seed: int = 1) -> Iterator[ArrayQuestion]:
    """Every question on arrays, at numbers of two decimals."""
    for written in ARRAYS:
        found = written(np.random.default_rng(seed))
        loss, wrt = next(found)
        name = written.__name__.replace("_", " ")
        yield ArrayQuestion(name, FlowGraph(loss), wrt, tuple(found))


def drawn(rng: np.random.Generator, *shape: int) -> Array:
    """Normal numbers of two decimals, none of them zero."""
    x = rng.normal(size=shape).round(2)
    return np.where(x == 0, 0.37, x)


def leaf(rng: np.random.Generator, name: str, *shape: int) -> Tensor:
    """A variable of a student's own model."""
    return Tensor(drawn(rng, *shape), name=name, requires_grad=True)


def fill(rng: np.random.Generator, module: Any) -> Any:
    """The module with weights of two decimals, so that biases and scales are not zero and one."""
    for parameter in module.parameters():
        x = 0.6 * drawn(rng, *parameter.shape)
        parameter.update_(lambda out, x=x: np.copyto(out, x))
    return module
