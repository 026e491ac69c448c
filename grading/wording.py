"""Sentences for students."""

from __future__ import annotations

from grading.answers import Typed
from grading.closeness import FEWEST


def short(digits: int | None) -> str:
    """What is said of an answer that is right, but has fewer digits than were asked for.

    >>> short(None)
    'This is right as far as it goes: give 3 significant digits.'
    """
    return f"This is right as far as it goes: give {digits or FEWEST} significant digits."


def sentence(error: object) -> str:
    """What an error says, as a sentence: capital letter, full stop.

    >>> sentence(ValueError("this is no number"))
    'This is no number.'
    """
    text = str(error).strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def more_remarks(typed: Typed) -> tuple[str, ...]:
    """How a formula was read, and what else is worth saying; of numbers their reading says it."""
    said = {reading.remark for reading in typed.readings}
    shown = (f"It was read as {typed.read_as}.",) if typed.kind == "formula" else ()
    return (*shown, *(sentence(r) for r in typed.remarks if r not in said))
