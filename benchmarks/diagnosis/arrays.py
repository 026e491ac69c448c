"""Arrays typed for questions on graphs of Tensors, with so many digits in each entry or as they are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.diagnosis.by_hand import (  # noqa: F401 - they fill ARRAYS
    autoencoders,
    convolution,
    gated,
    layers,
    linear,
    losses,
    recurrent,
)
from benchmarks.diagnosis.question import Array, ArrayQuestion, array_questions
from benchmarks.diagnosis.score import Score, judged, rounded
from grading import diagnose


def planted(digits: int | None = 4, every: int = 1) -> Score:
    """Each wrong answer of each question (or of every second, …): is it named rightly? None: full floats."""
    scores = [judged_question(question, digits, every) for question in array_questions()]
    return sum(scores, Score())


def judged_question(question: ArrayQuestion, digits: int | None, every: int = 1) -> Score:
    """The wrong answers to one question."""
    score = Score()
    for rows, value in question.answers[::every]:
        if rows != "right":
            answer = np.asarray(value, float) if digits is None else rounded(value, digits)
            judged(
                score, diagnose(question.flow, question.wrt, answer), question.name, rows, answer
            )
    return score


def rights(question: ArrayQuestion) -> Iterator[tuple[str, object]]:
    """The right array as students hand it in."""
    right = question.right
    yield "as it is", right
    for digits in (3, 4, 6):
        yield f"{digits} digits", rounded(right, digits)
    yield "a list", rounded(right, 5).tolist()
    yield "single precision", right.astype(np.float32)
    yield (
        "finite differences",
        right * (1 + 1e-7 * np.cos(np.arange(right.size))).reshape(right.shape),
    )
    yield "text", np.array2string(rounded(right, 4), separator=", ", threshold=10**6)
    if right.ndim == 2 and right.shape[0] != right.shape[1]:
        yield "transposed", rounded(right.T, 4)
    if right.ndim == 1:
        yield "a column", rounded(right, 4)[:, None]
        yield "a row", rounded(right, 4)[None]


def accepted(every: int = 3) -> Score:
    """The right answer in every form, for every third question."""
    score = Score()
    for question in list(array_questions())[::every]:
        for form, answer in rights(question):
            d = diagnose(question.flow, question.wrt, answer)
            case = "" if d.is_right else f"{question.name}, {form}: {d.status} {d}"
            score.add("accepted" if d.is_right else "refused", case)
    return score


def unrelated(each: int = 1) -> Score:
    """Arrays of the right one's shape and size that no mistake gives."""
    score, random = Score(), np.random.default_rng(11)
    for question in array_questions():
        for _ in range(each):
            answer = rounded(_noise(random, question.right), 4)
            d = diagnose(question.flow, question.wrt, answer)
            case = f"{question.name}: {' '.join(d.ids)}" if d.status != "unknown" else ""
            score.add(d.status, case)
    return score


def _noise(random: np.random.Generator, right: Array) -> Array:
    return random.normal(size=right.shape) * np.std(right) * np.exp(random.uniform(-1, 1))
