"""How the author of some equations writes: what is derived from them is written alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import sympy

from viz.formulas.notation import Formula


@dataclass(frozen=True)
class Habits:
    """What the equations have in common with a formula that is to be written.

    formulas  parts of the equations by their expression: cos(ωt) is not cos(tω) elsewhere
    divisors  what they divide by: where -t/10 stands, nobody writes -0.1 t
    decimals  what they multiply by
    places    their variables from left to right
    ranks     of a derivative: the term of the sum that each of its terms comes from
    """

    formulas: Mapping[Any, Formula] = field(default_factory=dict)
    divisors: Collection[int] = ()
    decimals: Collection[Fraction] = ()
    places: Mapping[Any, int] = field(default_factory=dict)
    ranks: Mapping[Any, int] = field(default_factory=dict)

    def divides(self, x: Fraction) -> bool:
        """Whether a number is written as a quotient though it is a short decimal: x/10."""
        return x not in self.decimals and any(n % x.denominator == 0 for n in self.divisors)

    def turned(self, base: Any) -> bool:
        """Whether the equations have a sum with all signs changed: 1 - t for t - 1."""
        return base.is_Add and base not in self.formulas and -base in self.formulas

    def in_order(self, terms: list[Any]) -> list[Any] | None:
        """Terms in the order of those they come from, if all are known."""
        known = all(term in self.ranks for term in terms)
        return sorted(terms, key=self.ranks.__getitem__) if known else None

    def placed(self, factors: list[Any]) -> list[Any]:
        """Factors, those that are variables in the order of the equations."""
        symbols = sorted((x for x in factors if x.is_Symbol), key=self._place)
        return [symbols.pop(0) if x.is_Symbol else x for x in factors]

    def _place(self, symbol: Any) -> int:
        return self.places.get(symbol, len(self.places))


NONE: Final = Habits()


def is_telling(expression: Any) -> bool:
    """Whether the author's way to write it is kept: of sums, functions, products of names; not of powers."""
    if isinstance(expression, sympy.Mul):
        return all(x.is_Symbol or x.is_Add or x.is_Function for x in expression.args)
    return isinstance(expression, (sympy.Add, sympy.Function))


def ranks_of(terms: Collection[Any], by: sympy.Symbol) -> dict[Any, int]:
    """For each term of a sum's derivative, the number of the term that it comes from.

    >>> t, y = sympy.symbols("t y")
    >>> ranks_of([t * sympy.log(y), y**2], y)[2 * y]
    1
    """
    found: dict[Any, int] = {}
    for rank, term in enumerate(terms):
        for part in sympy.Add.make_args(sympy.diff(term, by)):
            found.setdefault(part, rank)
            found.setdefault(-part, rank)
    return found
