"""A language that elementwise records are written in: its functions, and how its numbers look."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from autograd_lite.errors import (
    AutogradError,
    NamespaceError,
    OperandError,
    SourceError,
    brief,
    did_you_mean,
)
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import WRITERS, Namespace
from autograd_lite.source.text import Precedence, Text

_LONGEST: Final = 20_000
_REFUSALS: Final = (ArithmeticError, AttributeError, AutogradError, LookupError, RuntimeError,
                    TypeError, ValueError)  # fmt: skip
"""What running a rule on source text raises when the rule looks at its numbers."""

Writer = Callable[..., Text]
"""(dialect, *operands) -> the text that applies a function to them"""


@dataclass(frozen=True, eq=False, repr=False)
class Dialect:
    """A language for elementwise records, as data: JAVASCRIPT, PYTHON and NUMPY are three.

    language     what messages call it
    key          under which a record's `source` has a template or formula for it
    functions    by NumPy's name: how it is written, see `forms`
    rest         what gives the writer of any other function by its name, or None
    numbers      what nan, inf, True and False are called
    as_truth     template for whether a number {0} holds
    as_number    template for a truth {0} as a number
    as_function  template for the function of {names} that gives {body}
    as_record    template for {value} and {partials}, which are functions or `nothing`
    nothing      what stands for a partial that does not exist
    brackets     whether everything but names and calls stands in brackets, however tightly it binds
    reserved     names that a variable may not have

    An operation writes itself by its template for the language, or else by the language's own function of
    its name, or else by its value, or else by its formula: no derivative is known but the records'.

    >>> from autograd_lite.source import JAVASCRIPT, PYTHON
    >>> PYTHON.value("sigmoid", "x"), JAVASCRIPT.value("sigmoid", "x")
    ('1.0 / (1.0 + math.exp(-x))', '(1.0 / (1.0 + Math.exp((-x))))')
    """

    language: str
    key: str
    functions: Mapping[str, Writer]
    numbers: Mapping[str, str]
    as_function: str
    as_record: str
    nothing: str
    as_truth: str = "{0}"
    as_number: str = "{0}"
    brackets: bool = False
    reserved: Collection[str] = ()
    rest: Callable[[str], Writer | None] = lambda name: None

    def __repr__(self) -> str:
        return f"<dialect {self.language}>"

    def value(self, rule: Record | str, *operands: float | str) -> str:
        """The value of an elementwise rule; each operand is a number or the name of a variable.

        rule  a record, or the name of one of the engine's

        >>> from autograd_lite.source import PYTHON
        >>> PYTHON.value("power", "x", 2)
        'math.pow(x, 2.0)'

        Raises SourceError for a rule that cannot be written, and for a name that is none in the language.
        """
        rule, xs = self._asked(rule, operands)
        return self._told(rule, self.apply, rule, *xs)

    def partial(
        self, rule: Record | str, i: int, y: float | str, *operands: float | str
    ) -> str | None:
        """The rule's partial by operand i, where y is its value; None where the record has none.

        >>> from autograd_lite.source import PYTHON
        >>> PYTHON.partial("divide", 1, "y", "a", "b")
        '-y / b'
        """
        rule, xs = self._asked(rule, operands)
        d = (rule.partials or ())[i]
        if d is None:
            return None
        return self._told(rule, d, self.namespace(rule), self._operand(y), *xs)

    def record(self, rule: Record | str) -> str:
        """The whole record: its value and its partials as functions, in one expression.

        >>> from autograd_lite.source import JAVASCRIPT
        >>> JAVASCRIPT.record("sqrt")
        '{value: (x0) => +Math.sqrt(x0), partials: [(y, x0) => +(0.5 / y)]}'
        """
        rule = record_of(rule)
        xs = [f"x{i}" for i in range(rule.arity)]
        partials = [self.partial(rule, i, "y", *xs) for i in range(len(rule.partials or ()))]
        functions = [self.nothing if d is None else self._function(["y", *xs], d) for d in partials]
        value = self._function(xs, self.value(rule, *xs))
        return self.as_record.format(value=value, partials=", ".join(functions))

    def name(self, x: str) -> Text:
        """A variable.

        Raises SourceError unless it is an ASCII name that means nothing else in the language.
        """
        found = re.fullmatch(r"[A-Za-z_][A-Za-z_0-9]*", x)
        if not found or x in self.reserved:
            raise SourceError(
                f"{brief(x)} is no name for a variable in {self.language}: take letters, digits and _, "
                f"and no word that means something there"
            )
        return Text(found.group(), self)

    def literal(self, x: object) -> Text:
        """A number as the language writes it: the shortest decimals that read back as the same float."""
        if isinstance(x, Text):
            if x.dialect is not self:
                raise SourceError(f"{x.dialect.language} stands in {self.language}: {brief(x)}")
            return x
        if isinstance(x, np.ndarray) and x.ndim == 0:
            x = x[()]
        if isinstance(x, (bool, np.bool_)):
            return Text(self.numbers[str(bool(x))], self, is_truth=True)
        if not isinstance(x, (int, float, np.number)) or isinstance(x, np.complexfloating):
            raise SourceError(f"it gives {type(x).__name__} where a number is expected")
        number = float(x)
        size = repr(abs(number))
        if math.copysign(1.0, number) < 0 and size != "nan":
            return self.text(f"-{self.numbers.get(size, size)}", Precedence.SIGN)
        return Text(self.numbers.get(size, size), self)

    def text(self, source: str, level: Precedence, is_truth: bool = False) -> Text:
        """A piece of source text that holds together as tightly as `level` says.

        Raises SourceError when it has become too long for anybody's use.
        """
        if len(source) > _LONGEST:
            raise SourceError(f"written out it has more than {_LONGEST} characters")
        if self.brackets and level < Precedence.ATOM:
            return Text(f"({source})", self, Precedence.ATOM, is_truth)
        return Text(source, self, level, is_truth)

    def within(self, x: object, level: Precedence) -> str:
        """The source of x, in brackets where it holds together more loosely than `level`."""
        text = self.literal(x)
        return text.source if text.precedence >= level else f"({text.source})"

    def holds(self, x: object, level: Precedence) -> str:
        """What Python takes for true: every number but 0, nan included."""
        text, inside = self.literal(x), self.within(x, level)
        return inside if text.is_truth else self.as_truth.format(inside)

    def function(self, name: str, own: str | None = None) -> Writer:
        """The function of this name, of texts and numbers, as the value of the record called `own` sees it.

        Raises NamespaceError when the language has none.
        """
        if name in RULES and name != own:
            return partial(self.apply, RULES[name])
        writer = self.functions.get(name) or self.rest(name)
        if writer is None:
            raise NamespaceError(f"it uses {name}, which {self.language} does not have")
        return partial(writer, self)

    def namespace(self, rule: Record) -> Namespace:
        """The namespace in which a record writes itself."""
        return _Functions(self, rule.name if RULES.get(rule.name) is rule else None)

    def apply(self, rule: Record, *xs: Any) -> Any:
        """The value of a rule of texts and numbers, as it is used inside others."""
        form, xp = rule.source.get(self.key), self.namespace(rule)
        if isinstance(form, str):
            level = Precedence.ATOM if self.brackets else Precedence.CHOICE
            atoms = [self.within(x, Precedence.ATOM) for x in xs]
            static = {key: self.literal(x).source for key, x in _static(rule).items()}
            return self.text(form.format(*atoms, **static), level)
        if form is not None:
            return form(xp, *xs)
        if RULES.get(rule.name) is rule and rule.name in self.functions:
            return self.functions[rule.name](self, *xs)
        try:
            return rule.value(xp, *xs)
        except _REFUSALS:
            if rule.formula is None:
                raise
            return rule.formula(xp, *xs)

    def _told(self, rule: Record, write: Callable[..., Any], *args: Any) -> str:
        """What `write` gives as a number; what it raises as one sentence."""
        try:
            text = self.literal(write(*args))
        except _REFUSALS as error:
            # TypeErrors of Python's and NumPy's name the class that they do not know
            reason = re.sub("'?Text'?", "a formula", str(error))
            raise SourceError(
                f"the rule {rule.name} cannot be written in {self.language}: {reason}"
            ) from None
        return self.as_number.format(text.source) if text.is_truth else text.source

    def _asked(
        self, rule: Record | str, operands: tuple[float | str, ...]
    ) -> tuple[Record, list[Any]]:
        rule = record_of(rule)
        if not rule.is_elementwise or len(operands) != rule.arity:
            raise OperandError(
                f"{rule.name} is written with {rule.arity} operands, not {len(operands)}"
                if rule.is_elementwise
                else f"{rule.name} is no operation of single numbers: note it in a Recording"
            )
        return rule, list(map(self._operand, operands))

    def _operand(self, x: float | str) -> Any:
        return self.name(x) if isinstance(x, str) else x

    def _function(self, names: list[str], body: str) -> str:
        return self.as_function.format(names=", ".join(names), body=body)


class _Functions(Namespace):
    """A language's functions under NumPy's names, and every operation of the engine.

    own  the record that is being written: in it, the function of its name is the language's
    """

    def __init__(self, dialect: Dialect, own: str | None) -> None:
        super().__init__(pi=math.pi, _dialect=dialect, _own=own)

    def __getattr__(self, name: str) -> Any:
        return self._dialect.function(name, self._own)


def record_of(rule: Record | str) -> Record:
    """A record, by itself or by its name.

    >>> record_of("sin")
    <rule sin>

    Raises OperandError when the engine has none of that name.
    """
    if isinstance(rule, Record):
        return rule
    if rule not in RULES:
        raise OperandError(
            f"{brief(rule)} is neither a record nor the name of one: {did_you_mean(str(rule), RULES)}"
        )
    return RULES[rule]


def _static(rule: Record) -> dict[str, Any]:
    """A rule's static parameters: what they are fixed at, or their defaults."""
    if rule.base is not None:
        return {**_static(rule.base), **rule.static}
    parameters = inspect.signature(rule.value).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def _write(rule: Record, operands: tuple[Any, ...]) -> Any:
    """How a rule that is called on texts writes itself: in the language of the first."""
    first = next(x for x in operands if isinstance(x, Text))
    return first.dialect.apply(rule, *operands)


WRITERS[Text] = _write
