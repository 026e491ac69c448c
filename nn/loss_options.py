"""The range of every option of a loss, in one table: functions and modules read it alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from nn.checks import amounts, flag, number, whole

_WORD: Final = 2**63

OPTIONS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "weight": amounts,
    "pos_weight": amounts,
    "ignore_index": partial(whole, least=-_WORD, most=_WORD - 1),
    "label_smoothing": partial(number, interval="[0, 1]"),
    "margin": number,
    "delta": partial(number, interval="(0, ∞]"),
    "beta": partial(number, interval="[0, ∞)"),
    "p": partial(number, interval="(0, ∞]"),
    "eps": partial(number, interval="[0, ∞)"),
    "full": flag,
    "swap": flag,
    "log_input": flag,
    "log_target": flag,
}
"""Each option's check, which takes its name and what was given."""


def option(name: str, x: Any) -> Any:
    """An option of a loss, in its range.

    >>> option("margin", 1)
    1.0

    Raises OperandError when it is not.
    """
    return OPTIONS[name](name, x)
