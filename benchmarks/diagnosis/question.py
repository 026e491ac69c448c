"""A question with the answers that somebody wrote out by hand, right and wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Answer = tuple[str, float]
"""The catalogue's row (or "right"), and the number that it gives."""


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


QUESTIONS: list[Question] = []


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
