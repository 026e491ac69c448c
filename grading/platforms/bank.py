"""A question bank: numerical questions that carry their own diagnosis, as a table of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from grading.results import Visibility


@dataclass(frozen=True)
class Row:
    """One answer that is recognised: |what was typed - value| ≤ tolerance.

    text      the value as it is typed with the asked digits: "0.4919"
    tolerance half a unit in its last place
    fraction  of the points, from 0 to 1
    feedback  what the student reads
    ids       the mistakes, for the instructor
    """

    text: str
    tolerance: Decimal
    fraction: float
    feedback: str
    ids: tuple[str, ...] = ()

    @property
    def value(self) -> Decimal:
        """The number, exactly as it is written."""
        return Decimal(self.text)


@dataclass(frozen=True)
class Numerical:
    """One number that is asked of one student, and everything that can be said about an answer.

    variant    which of the sets of numbers: "07"
    field      whose number is asked, as the question names it: "h_0"
    asks       what is to be given, in a line: "d ŷ/d h_0, to 4 significant digits"
    givens     (name, number) of the inputs
    digits     how many significant digits are asked for
    rows       the right answer first; the intervals of any two have at most an end in common
    otherwise  what is said about all other numbers
    """

    variant: str
    field: str
    asks: str
    givens: tuple[tuple[str, str], ...]
    points: float
    digits: int
    rows: tuple[Row, ...]
    otherwise: str


@dataclass(frozen=True)
class BankQuestion:
    """A question of an assignment with all its variants.

    equations   of the graph, in a line of Unicode each
    picture     the flow graph as SVG, without derivatives; says is what it shows, in words
    visibility  when a student may see what is said of an answer
    """

    name: str
    title: str
    text: str
    equations: tuple[str, ...]
    picture: bytes
    says: str
    numbers: tuple[Numerical, ...]
    visibility: Visibility = "visible"

    def telling(self, *shown: Visibility) -> BankQuestion:
        """Itself where its feedback may be seen, or the same without a word about any answer."""
        if self.visibility in shown:
            return self
        quiet = (
            replace(x, otherwise="", rows=tuple(replace(row, feedback="") for row in x.rows))
            for x in self.numbers
        )
        return replace(self, numbers=tuple(quiet))

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what is asked, each once."""
        return tuple(dict.fromkeys(number.field for number in self.numbers))

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the sets of numbers."""
        return tuple(dict.fromkeys(number.variant for number in self.numbers))


def matching(rows: Sequence[Row], typed: float) -> Row | None:
    """The row that a typed number meets: the first one whose interval holds it, ends included.

    |typed - value| ≤ tolerance + 1e-14 max(1, |value|), the last term against the roundoff of the comparison

    >>> row = Row("0.4919", Decimal("0.00005"), 1.0, "Right.")
    >>> matching([row], 0.49194) is row, matching([row], 0.492)
    (True, None)

    Source: Moodle, question type "numerical", nominal tolerance.
    """
    return next((row for row in rows if _holds(row, typed)), None)


def _holds(row: Row, typed: float) -> bool:
    value = float(row.text)
    return abs(typed - value) <= float(row.tolerance) + 1e-14 * max(1.0, abs(value))


def rounded(x: float, digits: int) -> str:
    """A number with so many significant digits, as a student types it.

    >>> rounded(0.49187, 4), rounded(-1234567.0, 4), rounded(2.0, 4), rounded(0.0, 4)
    ('0.4919', '-1235000', '2.000', '0')
    """
    if x == 0:
        return "0"
    text = f"{x:.{digits - 1}e}"
    return f"{Decimal(text):f}" if 1e-6 <= abs(x) < 1e15 else text


def half_a_unit(text: str, digits: int) -> Decimal:
    """Half a unit in the last of so many significant digits.

    Below a power of ten the units are smaller: 1.000 stands for numbers from 0.99995 on, not from 0.9995.

    >>> half_a_unit("0.4919", 4), half_a_unit("-1235000", 4), half_a_unit("1.000", 4)
    (Decimal('0.00005'), Decimal('5E+2'), Decimal('0.00005'))
    """
    number = abs(Decimal(text))
    is_power = number == Decimal((0, (1,), number.adjusted()))
    return Decimal((0, (5,), number.adjusted() - digits - is_power))
