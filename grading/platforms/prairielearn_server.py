"""Marks answers by a table of numbers: the right one and those that known mistakes give.

For each variant and each input the table has rows (value, tolerance, fraction, sentence); the first row with
|typed - value| <= tolerance says fraction and feedback. It needs Python alone.
"""

from __future__ import annotations

from typing import Any


def generate(data: dict[str, Any]) -> None:
    """Choose the numbers of this student's variant."""
    variant = int(data["variant_seed"]) % len(VARIANTS)
    data["params"]["variant"] = variant
    data["params"]["givens"] = GIVENS[variant]
    for i, (_, _, rows) in enumerate(VARIANTS[variant]):
        data["correct_answers"][f"answer{i + 1}"] = rows[0][0]


def grade(data: dict[str, Any]) -> None:
    """Say of each answer what the table says of it."""
    numbers = VARIANTS[data["params"]["variant"]]
    for i, (points, otherwise, rows) in enumerate(numbers):
        name = f"answer{i + 1}"
        typed = _number(data["submitted_answers"].get(name))
        if typed is None:
            continue  # PrairieLearn has said why it cannot be read
        fraction, sentence = _row(rows, typed) or (0.0, otherwise)
        data["partial_scores"][name] = {
            "score": fraction,
            "weight": points,
            "feedback": SENTENCES[sentence],
        }
    data["score"] = _mean(numbers, data["partial_scores"])


def _mean(numbers: list[tuple[float, int, Any]], scores: dict[str, Any]) -> float:
    """The answers' scores, weighted by their points; one that is missing counts as zero."""
    points = [number[0] for number in numbers]
    earned = [scores.get(f"answer{i + 1}", {"score": 0.0})["score"] for i in range(len(points))]
    whole = sum(points)
    return sum(p * e for p, e in zip(points, earned, strict=True)) / whole if whole else 0.0


def _row(rows: list[tuple[float, float, float, int]], typed: float) -> tuple[float, int] | None:
    """Fraction and sentence of the first row whose interval holds the number."""
    for value, tolerance, fraction, sentence in rows:
        if abs(typed - value) <= tolerance + 1e-14 * max(1.0, abs(value)):
            return fraction, sentence
    return None


def _number(submitted: Any) -> float | None:
    """What pl-number-input hands over: a number, or one that it has packed for JSON."""
    if isinstance(submitted, dict):
        submitted = submitted.get("_value")
    try:
        return None if submitted is None else float(submitted)
    except (TypeError, ValueError):
        return None


# --- the table

SENTENCES: list[str] = []
GIVENS: list[str] = []
VARIANTS: list[list[tuple[float, int, list[tuple[float, float, float, int]]]]] = []
