"""A plan as a Python function that needs NumPy alone."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any, Final

import numpy as np

from autograd_lite.programs.writing.constants import array_text
from autograd_lite.programs.writing.naming import Naming
from autograd_lite.programs.writing.plan import Plan
from autograd_lite.programs.writing.series import Entries, Entry, Linear, Loop
from autograd_lite.programs.writing.simplify import calls, is_number
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term, constant
from autograd_lite.record import Record
from autograd_lite.source.listing import Writer
from autograd_lite.source.python import NUMPY
from autograd_lite.source.text import Precedence, Text

_ARITHMETIC: Final = {np.add, np.subtract, np.multiply, np.divide, operator.pow}
_SHORT: Final = 8


class Expressions(Writer):
    """Terms as NumPy expressions, nested where they have no lines of their own."""

    def __init__(self, plan: Plan, naming: Naming) -> None:
        super().__init__()
        self.plan, self.naming = plan, naming

    def text(self, x: Any) -> Text:
        if isinstance(x, Term):
            if x.function is None or x in self.plan.draft.shown:
                return Text(self.naming.written(x), NUMPY)
            return self.expression(x.function, x.args, x.options)
        if isinstance(x, Entry):
            name = self.naming.of[x.series]
            at = x.at.written(self.naming.variable)
            return Text(f"{name}[{at}]" if x.series.is_kept else name, NUMPY)
        if isinstance(x, Linear):
            return Text(x.written(self.naming.variable), NUMPY, Precedence.SUM)
        if isinstance(x, Entries):
            name, t = self.naming.of[x.series], self.naming.variable
            return Text(f"[{name}[{t}] for {t} in {range_text(x.steps)}]", NUMPY)
        if type(x) is float and math.isfinite(x):
            return _number(x)
        return super().text(x)

    def expression(self, f: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Text:
        if f is constant:
            return Text(self.known("", args[0]), NUMPY)
        if f in _ARITHMETIC and any(map(_is_of_floats, args)):
            args = tuple(int(x) if type(x) is float and _is_whole(x) else x for x in args)
        if f is np.multiply and is_number(args[0]) and not options:
            return self._scaled(*args)
        if f is np.transpose and len(args) == 1 and not options:
            return Text(f"{self.atom(args[0])}.T", NUMPY)
        if f is np.reshape and isinstance(args[0], (Term, Entry)):
            return self._reshaped(args[0], args[1])
        return super().expression(f, args, options)

    def _scaled(self, c: float, x: Any) -> Text:
        """A number times a term; a fraction of small numbers is written as one."""
        found = Fraction(c).limit_denominator(100_000) if math.isfinite(c) else Fraction(0)
        p, q = found.numerator, found.denominator
        if len(repr(c)) <= _SHORT or not found or p / q != c or abs(p) > 1000:
            return super().expression(np.multiply, (c, x), {})
        if abs(p) == 1:
            above = x if p == 1 else None
            top = self.text(x) if above is not None else NUMPY.function("negative", own="negative")(self.text(x))
        else:
            top = super().expression(np.multiply, (p, x), {})
        return NUMPY.function("divide", own="divide")(top, q)

    def _reshaped(self, x: Any, shape: Any) -> Text:
        """Axes of length 1 put in, as an index with None."""
        old = list(x.shape) if isinstance(x, Term) else None
        index, left = [], list(old or [])
        for n in shape if isinstance(shape, tuple) else (shape,):
            if left and left[0] == n:
                index.append(":")
                left.pop(0)
            elif n == 1:
                index.append("None")
            else:
                break
        else:
            if old and not left and "None" in index:
                while index[-1] == ":":
                    index.pop()
                return Text(f"{self.atom(x)}[{', '.join(index)}]", NUMPY)
        shape = shape if isinstance(shape, tuple) else (shape,)
        return Text(f"{self.atom(x)}.reshape({', '.join(map(self.source, shape))})", NUMPY)

    def known(self, name: str, thing: object) -> str:
        if isinstance(thing, np.ndarray) and (text := array_text(thing)) is not None:
            return text
        if isinstance(thing, Record):
            return super().known(name, thing)
        same = [key for key, other in self.names.items() if other is thing]
        if same:
            return same[0]
        key = self.naming.names.new(name) if name else self.naming.names.numbered("c")
        self.names[key] = thing
        return key


def _is_of_floats(x: Any) -> bool:
    return isinstance(x, Entry) or (
        isinstance(x, Term) and x.dtype is not None and x.dtype.kind == "f"
    )


def _is_whole(x: float) -> bool:
    return math.isfinite(x) and x == int(x) and abs(x) < 1e6 and math.copysign(1.0, x) == (x >= 0 or -1)


def _number(x: float) -> Text:
    """A number, short where it has a short name."""
    for root in (2, 3, 5):
        if abs(x) == math.sqrt(root):
            sign = "-" if x < 0 else ""
            return Text(f"{sign}np.sqrt({root})", NUMPY, Precedence.SIGN if sign else Precedence.ATOM)
    if x in (math.pi, 2 * math.pi):
        return Text("np.pi" if x == math.pi else "2 * np.pi", NUMPY, Precedence.PRODUCT)
    found = Fraction(x).limit_denominator(10_000)
    if len(repr(x)) > _SHORT and found and found.numerator / found.denominator == x:
        return Text(f"{found.numerator} / {found.denominator}", NUMPY, Precedence.PRODUCT)
    return NUMPY.literal(x)


def range_text(steps: range) -> str:
    """A range as one writes it.

    >>> range_text(range(0, 5)), range_text(range(5, 0, -1))
    ('range(5)', 'range(5, 0, -1)')
    """
    if steps.step != 1:
        return f"range({steps.start}, {steps.stop}, {steps.step})"
    return f"range({steps.start}, {steps.stop})" if steps.start else f"range({steps.stop})"


class PythonWriter:
    """A plan as a function definition."""

    def __init__(self, plan: Plan, name: str = "program") -> None:
        self.plan, self.name = plan, name
        self.naming = Naming(plan)
        self.expressions = Expressions(plan, self.naming)
        self.scope: str | None = None

    def source(self) -> str:
        """The whole text."""
        plan = self.plan
        forward = self.lines(plan.forward)
        self.scope = None
        backward = self.lines(plan.backward)
        result = self._returned(plan.graph.result)
        gradients = [self._gradient(leaf) for leaf in plan.wanted]
        body = ["# forward", *forward]
        if gradients:
            body += ["", "# backward", *backward]
            found = ", ".join(gradients) + ("," if len(gradients) == 1 else "")
            result = f"{result}, ({found})"
        body.append(f"return {result}")
        taken = [*self.naming.arguments, *self.expressions.names]
        taken += [self.naming.of[seed] for seed in plan.seeds.values()]
        head = f"def {self.name}({', '.join(taken)}):"
        text = "\n".join(f"    {line}" if line else "" for line in body)
        return f"import numpy as np\n\n\n{head}\n{text}\n"

    def lines(self, items: list[Any]) -> list[str]:
        found: list[str] = []
        for item in items:
            found += self.loop(item) if isinstance(item, Loop) else self.statement(item)
        return found

    def statement(self, line: Statement) -> list[str]:
        target, e = line.target, self.expressions
        found = []
        if line.scope is not None and line.scope != self.scope:
            found.append(f"# {''.join(c if c.isprintable() else ' ' for c in line.scope)[:80]}")
            self.scope = line.scope
        name = e.source(target) if isinstance(target, Entry) else self.naming.written(target)
        if not line.parts:
            found.append(f"{name} = {self.zeros(target)}")
            return found
        value = self.sum(line.parts)
        sign = "="
        if line.adds:
            sign = "+="
            if line.at is not None:
                name = f"{name}[{e.index(line.at)}]"
        found.append(f"{name} {sign} {value}")
        return found

    def sum(self, parts: list[Any]) -> str:
        """Summands with signs between them."""
        total = self.expressions.text(parts[0])
        for part in parts[1:]:
            minus = calls(part, np.negative)
            form = NUMPY.function("subtract" if minus else "add", own="subtract" if minus else "add")
            total = form(total, self.expressions.text(part.args[0] if minus else part))
        return total.source

    def zeros(self, target: Term) -> str:
        owned = self.plan.draft.owner[target]
        value = self.plan.draft.values[owned.node]
        if value in self.naming.of:
            return f"np.zeros_like({self.naming.of[value]})"
        return f"np.zeros({target.shape})"

    def loop(self, loop: Loop) -> list[str]:
        found, e, t = [], self.expressions, self.naming.variable
        starts: dict[Any, dict[int, str]] = {}
        for series, at, value in loop.starts:
            starts.setdefault(series, {})[at] = e.source(value)
        for line in loop.body:
            if isinstance(line.target, Entry):
                series = line.target.series
                name, start = self.naming.of[series], starts.get(series, {})
                if series.is_kept:
                    found.append(f"{name} = {{{', '.join(f'{at}: {x}' for at, x in start.items())}}}")
                elif start and name not in start.values():
                    found.append(f"{name} = {next(iter(start.values()))}")
        found.append(f"for {t} in {range_text(loop.steps)}:")
        for line in loop.body:
            found += [f"    {text}" for text in self.statement(line)]
        return found

    def _returned(self, x: Any) -> str:
        if x in self.plan.graph.results:
            return self.expressions.source(self.plan.draft.values[x])
        return repr(x)

    def _gradient(self, leaf: Any) -> str:
        term = self.plan.draft.adjoints.get(leaf)
        if isinstance(term, Term):
            return self.expressions.source(term)
        return f"np.full_like({self.naming.leaves[leaf]}, {term or 0.0})"
