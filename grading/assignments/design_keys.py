"""Inputs of a graph: fixed numbers, or numbers drawn for each student."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grading.assignments import keys
from grading.assignments.keys import Key
from grading.assignments.toml_file import Place, TomlFile

_NUMBER: Final = keys.number()
DRAWN: Final = (
    Key("from", _NUMBER, "the smallest number"),
    Key("to", _NUMBER, "the largest number"),
    Key("decimals", keys.whole(0, 6), "decimals of the number", 2),
)
_FEWEST: Final = 2


@dataclass(frozen=True)
class Input:
    """An input variable and its numbers.

    low, high  both ends of the range; equal where the number is fixed
    decimals   to how many decimals it is drawn: students type it into a calculator
    among      the numbers to choose from, instead of a range

    >>> Input("x", 0.2, 0.4, 1).numbers
    3
    """

    name: str
    low: float
    high: float
    decimals: int = 2
    among: tuple[float, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether everybody has the same number."""
        return self.numbers == 1

    @property
    def numbers(self) -> int:
        """How many numbers it can be."""
        if self.among:
            return len(self.among)
        if self.low == self.high:
            return 1
        first, last = self._steps()
        return last - first + 1

    def draw(self, rng: np.random.Generator, n: int) -> NDArray[np.float64]:
        """So many numbers, each as likely as the others, (n,)."""
        if self.among:
            return rng.choice(np.array(self.among), n)
        if self.is_fixed:
            return np.full(n, self.low)
        first, last = self._steps()
        drawn: NDArray[np.float64] = rng.integers(first, last, n, endpoint=True) / 10**self.decimals
        return drawn

    def _steps(self) -> tuple[int, int]:
        """Both ends in units of the last decimal, inside the range."""
        scale = 10**self.decimals
        return int(np.ceil(self.low * scale - 1e-9)), int(np.floor(self.high * scale + 1e-9))


def read_design(file: TomlFile, place: Place, table: Mapping[str, Any]) -> tuple[Input, ...]:
    """The inputs that a table `design` says.

    Raises AssignmentError when one is neither a number, a range nor a choice.
    """
    return tuple(_input(file, (*place, name), name, value) for name, value in table.items())


def _input(file: TomlFile, place: Place, name: str, value: Any) -> Input:
    if isinstance(value, (int, float)):
        number = keys.as_expected(file, place, value, _NUMBER)
        return Input(name, number, number)
    if isinstance(value, (list, tuple)):
        return _choice(file, place, name, value)
    if not isinstance(value, Mapping):
        raise file.error(
            place,
            "expected a number, { from = 0.2, to = 1.4, decimals = 2 }, or a list to choose from",
        )
    return _range(file, place, name, value)


def _choice(file: TomlFile, place: Place, name: str, value: Sequence[Any]) -> Input:
    among = tuple(keys.as_expected(file, place, x, _NUMBER) for x in value)
    if len(set(among)) < _FEWEST or len(set(among)) < len(among):
        raise file.error(place, "expected at least two numbers to choose from, each of them once")
    return Input(name, min(among), max(among), among=among)


def _range(file: TomlFile, place: Place, name: str, value: Mapping[str, Any]) -> Input:
    said = keys.read_keys(file, place, value, DRAWN)
    found = Input(name, said["from"], said["to"], said["decimals"])
    if found.low >= found.high:
        raise file.error(
            place, f"'from' is below 'to', but {found.low:g} is not below {found.high:g}"
        )
    if found.numbers < _FEWEST:
        raise file.error(
            place, f"with {found.decimals} decimals there are no two numbers from {found.low:g} to "
            f"{found.high:g}; give more decimals"
        )  # fmt: skip
    return found
