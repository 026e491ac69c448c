"""A formula as an answer: read from text without evaluating Python, computed at many points at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd_lite.errors import AnswerError, AutogradError, EquationError
from autograd_lite.expressions import CONSTANTS, Apply, Expression, read
from autograd_lite.rules.namespaces import arrays
from autograd_lite.rules.rule import Rule
from autograd_lite.syntax import parse
from grading.answers.dialect import rewritten
from grading.answers.text import clean, shown
from grading.answers.words import Words
from grading.answers.words import words as words_of
from grading.answers.writing import written

LONGEST: Final = 1000
_LABEL: Final = re.compile(r"(?:[\w\s∂/'(),{}\\^]|[\u0300-\u036f])*")
ROUNDED: Final = 3
"""decimals with so many digits count as rounded: 0.7071 for a root of ½, but 0.5 for a half"""
_DECIMAL: Final = re.compile(r"(?<![\w.])(\d*\.(\d+))(?:e([-+]?\d+))?", re.IGNORECASE)
_CUT: Final = 0.99
"""units in the last place that a rounded or cut number may be off: 1.99 stands for no 2"""
_LARGEST: Final = 5.0
"""units in the last place, relative, that rounded numbers together may make up"""


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula in some variables; calling it with their numbers at K points gives its value at each.

    text       as typed, shortened
    variables  the names that it may have
    read_as    the formula as it was read, with the parentheses that this reading has
    digits     the fewest significant digits of the rounded numbers in it; None where all are exact
    units      of each rounded number, the unit in its last place

    >>> f = read_formula("h/sqrt(1+h^2) * -sin 2x", ["h", "x"])
    >>> f.read_as
    '(h/sqrt(1 + h^2))·(-sin(2·x))'
    >>> f(h=[0.0, 1.0], x=[1.0, 0.0])
    array([-0., -0.])
    """

    text: str
    variables: tuple[str, ...]
    read_as: str
    digits: int | None
    expression: Expression = field(repr=False)
    units: Mapping[float, float] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that it mentions."""
        used = set(self.expression.names)
        return tuple(name for i, name in enumerate(self.variables) if f"v{i}" in used)

    def __call__(
        self, points: Mapping[str, ArrayLike] | None = None, /, **more: ArrayLike
    ) -> NDArray[Any]:
        """Its value at K points: nan or infinite where it is undefined.

        points  by name of a variable: numbers of shape (K,); also as keyword arguments

        Raises AnswerError when a variable that it mentions has no number.
        """
        return self._computed(self.expression, {**(points or {}), **more})

    def roundoff(self, points: Mapping[str, ArrayLike], size: ArrayLike) -> NDArray[Any]:
        """How far off the rounded numbers in it may make it at K points: 0 where all of them are exact.

        size  of the values that it is compared with: a formula that blows its rounding up gains little

        >>> round(float(read_formula("2.01x", ["x"]).roundoff({"x": 1.0}, 2.0)), 4)
        0.0099
        """
        here = self(points)
        total = np.zeros(np.shape(here))
        steps = self.expression.steps
        for i, x in enumerate(steps):
            if isinstance(x, float) and x in self.units:
                moved = (
                    Expression((*steps[:i], x + by * self.units[x], *steps[i + 1 :]))
                    for by in (-_CUT, _CUT)
                )
                with np.errstate(invalid="ignore"):
                    off = [np.abs(self._computed(e, points) - here) for e in moved]
                total = total + np.fmax(*off)
        most = _LARGEST * 10.0 ** -(self.digits or np.inf) * np.asarray(size, float)
        return np.asarray(np.fmin(total, most))

    def _computed(self, expression: Expression, given: Mapping[str, ArrayLike]) -> NDArray[Any]:
        if missing := [name for name in self.names if name not in given]:
            raise AnswerError(
                f"the formula has {missing[0]} in it, of which there is no number here"
            )
        known = {f"v{self.variables.index(name)}": np.asarray(x, float)
                 for name, x in given.items() if name in self.variables}  # fmt: skip
        shape = np.broadcast_shapes(*(x.shape for x in known.values()))
        return np.broadcast_to(_evaluated(expression, known), shape).astype(float)


def read_formula(
    text: str, variables: Iterable[str], *, functions: Mapping[str, Rule] | None = None
) -> Formula:
    r"""The formula that a student typed; see `dialect` for what may be left out or written otherwise.

    variables  the names that it may have; h1 and h₁ are h_1, yhat and \hat{y} are ŷ
    functions  elementwise operations of your own by the names that formulas call them

    >>> read_formula("y = 0,5x² - a/2b", ["x", "a", "b"]).read_as
    '0.5·x^2 - (a/2)·b'

    Raises AnswerError, with a sentence for the student, when it is no formula in these variables, when
    it is too long or too deep, or when a number in it has no finite value.
    """
    if not isinstance(text, str):
        raise AnswerError("a formula is text, such as 2*x + 1")
    words = words_of(variables, functions)
    plain = _right_side(clean(text, LONGEST))
    equation = rewritten(plain, words)
    try:
        statement = parse(f"y = {equation}")
        expression = read(getattr(statement, "value"), words.rules)  # noqa: B009 - it is an assignment
    except EquationError as error:
        raise AnswerError(f"this is no formula: {_in_their_names(str(error), words)}") from None
    _refuse_infinite(expression)
    names = {f"v{i}": name for i, name in enumerate(words.variables)}
    return Formula(
        shown(text), words.variables, written(expression, names), _digits(equation), expression,
        _units(equation),
    )  # fmt: skip


def _right_side(text: str) -> str:
    """Without a name before: dy/dx = …"""
    *label, formula = text.split("=")
    if len(label) > 1 or not formula.strip() or not all(map(_LABEL.fullmatch, label)):
        raise AnswerError("give the formula alone, without a second =")
    return formula


def _in_their_names(message: str, words: Words) -> str:
    def name(m: re.Match[str]) -> str:
        return words.variables[int(m[1])] if int(m[1]) < len(words.variables) else m[0]

    return re.sub(r"\bv(\d{1,6})\b", name, message)


def _digits(equation: str) -> int | None:
    decimals = re.findall(r"(?<![\w.])(\d*\.\d+)", equation)
    digits = [n for x in decimals if (n := len(x.replace(".", "").lstrip("0"))) >= ROUNDED]
    return min(digits, default=None)


def _units(equation: str) -> dict[float, float]:
    """Of each rounded number, the unit in its last place."""
    return {
        float(m[0]): 10.0 ** (int(m[3] or 0) - len(m[2]))
        for m in _DECIMAL.finditer(equation)
        if len(m[1].replace(".", "").lstrip("0")) >= ROUNDED
    }


def _evaluated(expression: Expression, known: Mapping[str, Any]) -> Any:
    known = {**CONSTANTS, **known}
    stack: list[Any] = []
    with np.errstate(all="ignore"):
        for step in expression.steps:
            if isinstance(step, Apply):
                operands = [stack.pop() for _ in range(step.rule.arity)][::-1]
                stack.append(_applied(step, operands))
            else:
                stack.append(known[step] if isinstance(step, str) else step)
    return stack[0]


def _applied(step: Apply, operands: list[Any]) -> Any:
    """The operation; nan, which no point is equal to, where it cannot be computed."""
    if any(x is None for x in operands):
        return None
    try:
        return step.rule.value(arrays, *(np.asarray(x, float) for x in operands))
    except (AutogradError, ArithmeticError, ValueError, TypeError):
        return np.nan


def _refuse_infinite(expression: Expression) -> None:
    """No operation on numbers alone may give what is none: 9**9**9, 1/0, log(0)."""
    known = {**dict.fromkeys(expression.names, None), **CONSTANTS}
    stack: list[Any] = []
    with np.errstate(all="ignore"):
        for step in expression.steps:
            if not isinstance(step, Apply):
                stack.append(known[step] if isinstance(step, str) else step)
                continue
            operands = [stack.pop() for _ in range(step.rule.arity)][::-1]
            stack.append(_applied(step, operands))
            if stack[-1] is not None and not np.all(np.isfinite(stack[-1])):
                raise AnswerError(
                    f"{step.in_numbers(operands)} in it is too large, or has no value"
                )
