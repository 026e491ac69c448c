"""A plan as a Python function that needs NumPy alone."""

from __future__ import annotations

import math
import operator
import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.programs.writing.constants import array_text
from autograd_lite.programs.writing.helpers import helper
from autograd_lite.programs.writing.names import identifier
from autograd_lite.programs.writing.naming import Naming
from autograd_lite.programs.writing.plan import Plan, entries_of, lists_of
from autograd_lite.programs.writing.series import Entries, Entry, Linear, Loop
from autograd_lite.programs.writing.simplify import is_number, positive
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term, constant
from autograd_lite.rules.indexing import may_repeat
from autograd_lite.source.listing import Writer
from autograd_lite.source.python import NUMPY
from autograd_lite.source.recorded import astype
from autograd_lite.source.text import Precedence, Text

_ARITHMETIC: Final = {np.add, np.subtract, np.multiply, np.divide, operator.pow}
_SHORT: Final = 8
_WIDTH: Final = 100


class Expressions(Writer):
    """Terms as NumPy expressions, nested where they have no lines of their own."""

    def __init__(self, plan: Plan, naming: Naming) -> None:
        super().__init__()
        self.plan, self.naming = plan, naming
        self.helpers: dict[str, str] = {}

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
        if f is np.full:
            return Text(array_text(np.full(*args)) or "", NUMPY)
        if f is constant:
            return Text(self.known("", args[0]), NUMPY)
        if f is np.add and is_number(args[0]) and args[0] == 0 and isinstance(args[1], Term):
            return self.text(args[1])
        if f is astype:
            return Text(f"{self.atom(args[0])}.astype({_dtype(args[1])})", NUMPY)
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
        """A number times a term; p/q·x and p/√n·x are written so."""
        p, below = factors(c)
        inside = NUMPY.within(self.text(x), Precedence.PRODUCT)
        above = f"{NUMPY.literal(p).source if type(p) is float else p} * {inside}"
        if p in (1, -1) and below:
            above = inside if p == 1 else f"-{NUMPY.within(self.text(x), Precedence.SIGN)}"
        return Text(f"{above} / {below}" if below else above, NUMPY, Precedence.PRODUCT)

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
        lengths = ", ".join(map(self.source, shape)) or "()"
        return Text(f"{self.atom(x)}.reshape({lengths})", NUMPY)

    def known(self, name: str, thing: object) -> str:
        if isinstance(thing, np.ndarray) and (text := array_text(thing)) is not None:
            return text
        if not isinstance(thing, np.ndarray):
            self.helpers[name] = helper(thing, name)
            return name
        same = [key for key, other in self.names.items() if other is thing]
        if same:
            return same[0]
        key = self.naming.names.numbered("c")
        self.names[key] = thing
        return key


def _dtype(dtype: Any) -> str:
    short = {"float64": "float", "int64": "int", "bool": "bool"}
    return short.get(dtype.name, f"np.{dtype.name}")


def _is_of_floats(x: Any) -> bool:
    return isinstance(x, Entry) or (
        isinstance(x, Term) and x.dtype is not None and x.dtype.kind == "f"
    )


def _is_whole(x: float) -> bool:
    return (
        math.isfinite(x)
        and x == int(x)
        and abs(x) < 1e6
        and math.copysign(1.0, x) == (x >= 0 or -1)
    )


def factors(c: float) -> tuple[float, str]:
    """A number as p over a text, where that is shorter; the text is "" where nothing is below.

    >>> factors(2 / 3), factors(3 / math.sqrt(2)), factors(0.5)
    ((2, '3'), (3, 'np.sqrt(2)'), (0.5, ''))
    """
    if not math.isfinite(c) or len(repr(c)) <= _SHORT:
        return (int(c) if math.isfinite(c) and _is_whole(c) else c), ""
    found = Fraction(c).limit_denominator(100_000)
    p, q = found.numerator, found.denominator
    if found and p / q == c and abs(p) < 1000:
        return p, str(q)
    if (n := _squared(1 / c)) is not None:
        return int(math.copysign(1, c)), f"np.sqrt({n})"
    for n in (2, 3, 5):
        p = round(c * math.sqrt(n))
        if 0 < abs(p) < 1000 and math.isclose(p / math.sqrt(n), c, rel_tol=1e-15):
            return p, f"np.sqrt({n})"
    return c, ""


def _squared(x: float) -> int | None:
    """The whole number of which |x| is the root."""
    n = round(x * x) if abs(x) < 1e3 else 0
    return n if n and math.isclose(math.sqrt(n), abs(x), rel_tol=1e-15) else None


def _number(x: float) -> Text:
    """A number, short where it has a short name."""
    if x in (math.pi, 2 * math.pi):
        text = "np.pi" if x == math.pi else "2 * np.pi"
        return Text(text, NUMPY, Precedence.ATOM if x == math.pi else Precedence.PRODUCT)
    if x > 0 and len(repr(x)) > _SHORT and (n := _squared(x)) is not None:
        return Text(f"np.sqrt({n})", NUMPY)
    p, below = factors(x)
    return Text(f"{p} / {below}", NUMPY, Precedence.PRODUCT) if below else NUMPY.literal(x)


def range_text(steps: range) -> str:
    """A range as one writes it.

    >>> range_text(range(0, 5)), range_text(range(5, 0, -1))
    ('range(5)', 'range(5, 0, -1)')
    """
    if steps.step != 1:
        return f"range({steps.start}, {steps.stop}, {steps.step})"
    return f"range({steps.start}, {steps.stop})" if steps.start else f"range({steps.stop})"


def _shape(x: Any) -> str:
    """What an argument is, if it is no single number."""
    if isinstance(x, list):
        return f"{len(x)} of {np.shape(x[0])}" if np.shape(x[0]) else f"{len(x)} numbers"
    return str(np.shape(x)) if np.shape(x) else ""


def _wrapped(line: str) -> str:
    """A line that is too long for the page, broken where it lists something."""
    if len(line) <= _WIDTH or line.lstrip().startswith("#"):
        return line
    indent = " " * (len(line) - len(line.lstrip()))
    start, bracket, rest = line.partition("(")
    if line.startswith("def "):
        inside = textwrap.wrap(rest.removesuffix("):"), _WIDTH - 8)
        return "\n".join([start + bracket, *(f"    {part}" for part in inside), "):"])
    if line.lstrip().startswith("return "):
        value, _, found = line.strip().removeprefix("return ").partition(", (")
        if found:
            inside = textwrap.wrap(found.removesuffix(")"), _WIDTH - 8)
            return "\n".join(
                [
                    f"{indent}return {value}, (",
                    *(f"{indent}    {part}" for part in inside),
                    f"{indent})",
                ]
            )
    return line


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
        body = ["# forward", *forward]
        if plan.wanted:
            gradients = self._gradients()
            body += ["", "# backward", *backward, *self.aliases]
            result = f"{result}, ({gradients})"
        body.append(f"return {result}")
        head = [f"def {self.name}({', '.join(self.arguments())}):"]
        lines = [*head, *(f"    {line}" if line else "" for line in [*self._shapes(), *body])]
        text = "\n".join(map(_wrapped, lines))
        return "\n\n\n".join(
            ["import numpy as np", *map(str.rstrip, self.expressions.helpers.values()), text]
        )

    def arguments(self) -> dict[str, Any]:
        """The function's arguments, each with what it was in the example."""
        found: dict[str, Any] = {}
        lists = {leaves[0]: leaves for leaves in lists_of(self.plan.graph)}
        names = iter(self.naming.arguments)
        held = {leaf for leaves in lists.values() for leaf in leaves[1:]}
        for leaf in self.plan.graph.leaves:
            if leaf not in held:
                given = lists.get(leaf)
                found[next(names)] = leaf.value if given is None else [x.value for x in given]
        found.update(self.expressions.names)
        for node, seed in self.plan.seeds.items():
            found[self.naming.of[seed]] = np.ones_like(node.value)
        return found

    def _shapes(self) -> list[str]:
        """The arguments' shapes, as comments."""
        told = [f"{name} {_shape(x)}" for name, x in self.arguments().items() if _shape(x)]
        return [f"# {line}" for line in textwrap.wrap(", ".join(told), _WIDTH - 6)]

    def lines(self, items: list[Any]) -> list[str]:
        found: list[str] = []
        for item in items:
            if isinstance(item, Statement) and self._is_start(item.target):
                continue
            found += self.loop(item) if isinstance(item, Loop) else self.statement(item)
        return found

    def _is_start(self, term: Any) -> bool:
        """Whether a constant stands in the first line of a loop."""
        return term in self.plan.written_out

    def statement(self, line: Statement) -> list[str]:
        target, e = line.target, self.expressions
        found = self.comment(line)
        name = e.source(target) if isinstance(target, Entry) else self.naming.written(target)
        if not line.parts:
            found.append(f"{name} = {self.zeros(target)}")
            return found
        value = self.sum(line.parts)
        if line.at is not None and may_repeat(line.at):
            return [*found, f"np.add.at({name}, {e.source(line.at)}, {value})"]
        if line.at is not None:
            name = f"{name}[{e.index(line.at)}]"
        return [*found, f"{name} {'+=' if line.adds else '='} {value}"]

    def comment(self, line: Statement) -> list[str]:
        """Which module the line belongs to, if that is another than of the line before."""
        if line.scope is None or line.once or line.scope == self.scope:
            return []
        self.scope = line.scope
        return [f"# {''.join(c if c.isprintable() else ' ' for c in line.scope)[:80]}"]

    def sum(self, parts: list[Any]) -> str:
        """Summands with signs between them."""
        first = parts[0]
        if type(first) is float and _is_whole(first) and len(parts) > 1:
            first = int(first)
        total = self.expressions.text(first)
        for part in parts[1:]:
            less = positive(part)
            name = "add" if less is None else "subtract"
            other = self.expressions.text(part if less is None else less)
            total = NUMPY.function(name, own=name)(total, other)
        return total.source

    def zeros(self, target: Term) -> str:
        owned = self.plan.draft.owner[target]
        value = self.plan.draft.values[owned.node]
        if not target.shape:
            return "0.0"
        if value in self.naming.of:
            return f"np.zeros_like({self.naming.of[value]})"
        return f"np.zeros({target.shape})"

    def loop(self, loop: Loop) -> list[str]:
        found, t = self._starts(loop), self.naming.variable
        scopes = {line.scope for line in loop.body}
        if len(scopes) == 1:
            found = [*self.comment(loop.body[0]), *found]
        found.append(f"for {t} in {range_text(loop.steps)}:")
        for line in loop.body:
            found += [f"    {text}" for text in self.statement(line)]
        return found

    def _starts(self, loop: Loop) -> list[str]:
        """What series hold before the first step."""
        starts: dict[Any, dict[int, str]] = {}
        for series, at, value in loop.starts:
            if isinstance(value, Term) and value in self.plan.written_out:
                starts.setdefault(series, {})[at] = self.expressions.known("", value.args[0])
            else:
                starts.setdefault(series, {})[at] = self.expressions.source(value)
        found, empty = [], []
        targets = [line.target for line in loop.body if not line.adds]
        for series in (target.series for target in targets):
            name, start = self.naming.of[series], starts.get(series, {})
            if series.is_kept and not start:
                empty.append(name)
            elif series.is_kept:
                inside = ", ".join(f"{at}: {x}" for at, x in start.items())
                found.append(f"{name} = {{{inside}}}")
            elif start and name not in start.values():
                found.append(f"{name} = {next(iter(start.values()))}")
        if empty:
            found.insert(0, f"{', '.join(empty)} = {', '.join('{}' for _ in empty)}")
        return found

    def _returned(self, x: Any) -> str:
        """What the function returns, in its form."""
        if isinstance(x, tuple):
            return f"({', '.join(map(self._returned, x))}{',' * (len(x) == 1)})"
        if isinstance(x, list):
            return f"[{', '.join(map(self._returned, x))}]"
        if isinstance(x, dict):
            return f"{{{', '.join(f'{key!r}: {self._returned(y)}' for key, y in x.items())}}}"
        if isinstance(x, np.ndarray):
            return self.expressions.known("", x)
        if isinstance(x, Node) and x in self.plan.draft.values:
            return self.expressions.source(self.plan.draft.values[x])
        return repr(x)

    def _gradients(self) -> str:
        """What is returned of the adjoints: a list for a list of leaves."""
        self.aliases: list[str] = []
        lists = {leaves[0]: leaves for leaves in lists_of(self.plan.graph)}
        wanted, found = set(self.plan.wanted), []
        for leaf in self.plan.wanted:
            leaves = next((given for given in lists.values() if leaf in set(given)), None)
            if leaves is None or not wanted.issuperset(leaves):
                found.append(self._gradient(leaf))
            elif leaf is leaves[0]:
                found.append(self._gradient_list(leaves))
        return ", ".join(found) + ("," if len(found) == 1 else "")

    def _gradient_list(self, leaves: Sequence[Node]) -> str:
        terms = [self.plan.draft.adjoints.get(leaf) for leaf in leaves]
        entries = entries_of(self.plan, terms)
        if entries is not None:
            entries.series.is_kept = True
            return self.expressions.source(entries)
        return f"[{', '.join(map(self._gradient, leaves))}]"

    def _gradient(self, leaf: Node) -> str:
        term = self.plan.draft.adjoints.get(leaf)
        written = self.naming.leaves[leaf]
        if not isinstance(term, Term):
            value = f"{term or 0.0}"
            return (
                value
                if not self.plan.draft.leaves[leaf].shape
                else f"np.full_like({written}, {value})"
            )
        source, owned = self.expressions.source(term), self.plan.draft.owner[term]
        if owned.node is leaf:
            return source
        name = self.naming.names.new(f"d_{identifier(written)}")
        self.aliases.append(f"{name} = {source}")
        return name
