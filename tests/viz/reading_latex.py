r"""Formulas in LaTeX read as a mathematician reads them: ab is a product, \sin x y is (sin x) y."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

FUNCTIONS: dict[str, Callable[..., float]] = {
    r"\sin": math.sin, r"\cos": math.cos, r"\tan": math.tan, r"\tanh": math.tanh, r"\log": math.log,
    r"\exp": math.exp, r"\arctan": math.atan, r"\max": max, r"\min": min, r"\sinh": math.sinh,
    r"\cosh": math.cosh, r"\sigma": lambda x: 1 / (1 + math.exp(-x)),
    r"\mathrm{sigmoid}": lambda x: 1 / (1 + math.exp(-x)),
    r"\mathrm{softplus}": lambda x: math.log1p(math.exp(x)),
    r"\mathrm{sign}": lambda x: math.copysign(1.0, x),
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BLANK = re.compile(r"(?:\s|\\[,;!: ]|\\quad)*")
_FRACTION = re.compile(r"\\d?frac\{")
_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    ">": float.__gt__, "<": float.__lt__, r"\geq": float.__ge__, r"\leq": float.__le__,
}  # fmt: skip


def value(source: str, known: Mapping[str, float]) -> float:
    r"""A formula's number, where symbols (variables, derivatives) have these.

    >>> value(r"2 \cos^{2} t \cdot e^{-t/2}", {"t": 0.0}), value(r"x_{1} (1 - x_{1})", {"x_{1}": 0.5})
    (2.0, 0.25)
    """
    reader = _Reader(source, known)
    found = reader.sum()
    assert reader.rest == "", f"{reader.rest!r} is left of {source!r}"
    return found


class _Reader:
    def __init__(self, source: str, known: Mapping[str, float]) -> None:
        self.source, self.at, self.known = source, 0, known
        self.names = sorted(known, key=len, reverse=True)
        self.skip()

    @property
    def rest(self) -> str:
        return self.source[self.at :]

    def skip(self) -> None:
        self.at = _BLANK.match(self.source, self.at).end()

    def take(self, *signs: str) -> str:
        """The first of these that stands here, with the blanks behind it; "" for none."""
        for sign in signs:
            follows = self.source[self.at + len(sign) : self.at + len(sign) + 1]
            is_word = sign[:1] == "\\" and sign[-1:].isalpha()
            if self.rest.startswith(sign) and not (is_word and follows.isalpha()):
                self.at += len(sign)
                self.skip()
                return sign
        return ""

    def expect(self, sign: str) -> None:
        assert self.take(sign), f"{sign!r} is missing at {self.rest!r} of {self.source!r}"

    def sum(self) -> float:
        total = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            total += self.product() * (1 if sign == "+" else -1)
        return total

    def product(self) -> float:
        found = self.factor()
        assert found is not None, f"a factor is missing at {self.rest!r} of {self.source!r}"
        while True:
            if self.take("/"):
                found /= self.needed()
            elif self.take(r"\cdot", r"\times"):
                found *= self.needed()
            elif (factor := self.factor()) is not None:
                found *= factor
            else:
                return found

    def needed(self) -> float:
        found = self.factor()
        assert found is not None, f"a factor is missing at {self.rest!r} of {self.source!r}"
        return found

    def factor(self) -> float | None:
        """One factor with its exponent; None where none begins."""
        if (name := self.name()) is not None:
            return self.power(self.known[name])
        if function := self.take(*FUNCTIONS):
            return self.applied(function)
        base = self.base()
        return None if base is None else self.power(base)

    def name(self) -> str | None:
        """The longest symbol that stands here and has no further script."""
        for name in self.names:
            behind = self.source[self.at + len(name) : self.at + len(name) + 1]
            is_command = name[0] == "\\" and name[-1].isalpha()
            goes_on = behind in ("_", "'") or (is_command and behind.isalpha())
            if self.rest.startswith(name) and not goes_on:
                self.at += len(name)
                self.skip()
                return name
        return None

    def applied(self, function: str) -> float:
        exponent = self.group() if self.take("^") else 1.0
        is_bracketed = self.rest.startswith(("(", r"\left("))
        arguments = self.bracketed() if is_bracketed else [self.needed()]
        return FUNCTIONS[function](*arguments) ** exponent

    def bracketed(self) -> list[float]:
        opened = self.take(r"\left(", "(")
        found = [self.sum()]
        while self.take(","):
            found.append(self.sum())
        self.expect(r"\right)" if opened == r"\left(" else ")")
        return found

    def group(self) -> float:
        self.expect("{")
        found = self.sum()
        self.expect("}")
        return found

    def power(self, base: float) -> float:
        return base ** self.group() if self.take("^") else base

    def base(self) -> float | None:
        if number := _NUMBER.match(self.source, self.at):
            self.at = number.end()
            self.skip()
            return float(number[0])
        if fraction := _FRACTION.match(self.source, self.at):
            self.at = fraction.end() - 1
            return self.group() / self.group()
        if self.rest.startswith(("(", r"\left(")):
            (found,) = self.bracketed()
            return found
        return self.sign()

    def sign(self) -> float | None:
        """What a sign in front announces: a root, a magnitude, a condition, a number with a name."""
        if self.take(r"\sqrt"):
            return math.sqrt(self.group())
        if self.take(r"\pi"):
            return math.pi
        if self.take("["):
            left = self.sum()
            relation = self.take(*_RELATIONS)
            right = self.sum()
            self.expect("]")
            return float(_RELATIONS[relation](left, right))
        return math.e if self.take("e") else None
