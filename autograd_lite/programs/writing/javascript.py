"""A plan of numbers alone as a JavaScript function, with the functions that the stepper's pages have."""

from __future__ import annotations

import json
import operator
import re
from dataclasses import replace
from typing import Any, Final

import numpy as np

from autograd_lite.errors import NamespaceError, SourceError
from autograd_lite.node import Node
from autograd_lite.programs.writing.arithmetic import is_number, positive
from autograd_lite.programs.writing.naming import Naming
from autograd_lite.programs.writing.numbers import SHORT, factors, squared
from autograd_lite.programs.writing.plan import Plan, entries_of, lists_of
from autograd_lite.programs.writing.series import Entries, Entry, Linear, Loop
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term, constant
from autograd_lite.source.dialect import Dialect
from autograd_lite.source.javascript import JAVASCRIPT, functions
from autograd_lite.source.text import Precedence, Text

_READABLE: Final[Dialect] = replace(JAVASCRIPT, brackets=False)
_NAMES: Final = {operator.pow: "power", np.max: "maximum", np.min: "minimum"}
_RESERVED: Final = {
    *JAVASCRIPT.reserved,
    "program",
    "Array",
    "Object",
    "undefined",
    "of",
    "get",
    "set",
}


class JavaScriptWriter:
    """A plan as a function that returns the value and the derivatives."""

    def __init__(self, plan: Plan, name: str = "program") -> None:
        self.plan, self.name = plan, name
        arrays = [leaf for leaf in plan.graph.leaves if np.ndim(leaf.value)]
        if arrays or any(term.shape for term in plan.draft.reachable):
            raise SourceError(
                f"source in JavaScript is for programs of single numbers, and "
                f"{arrays[0].describe() if arrays else 'this one'} is an array: ask for Python's"
            )
        self.naming = Naming(plan, set(_RESERVED))

    def arguments(self) -> dict[str, Any]:
        """The function's arguments, each with what it was in the example."""
        held = {leaf for leaves in lists_of(self.plan.graph) for leaf in leaves[1:]}
        lists = {leaves[0]: leaves for leaves in lists_of(self.plan.graph)}
        found: dict[str, Any] = {}
        names = iter(self.naming.arguments)
        for leaf in (leaf for leaf in self.plan.graph.leaves if leaf not in held):
            given = lists.get(leaf)
            found[next(names)] = leaf.value if given is None else [x.value for x in given]
        return {**found, **{self.naming.of[seed]: 1.0 for seed in self.plan.seeds.values()}}

    def source(self) -> str:
        """The whole text."""
        body = ["// forward", *self.lines(self.plan.forward)]
        result = self.returned(self.plan.graph.result)
        if self.plan.wanted:
            gradients = self.gradients()
            body += ["", "// backward", *self.lines(self.plan.backward)]
            result = f"[{result}, [{gradients}]]"
        body.append(f"return {result};")
        inside = "\n".join(f"  {line}" if line else "" for line in body)
        head = f"function {self.name}({', '.join(self.arguments())}) {{"
        return "\n\n".join([*_needed(inside), f"{head}\n{inside}\n}}\n"])

    # --- lines ------------------------------------------------------------------------------------

    def lines(self, items: list[Any]) -> list[str]:
        found: list[str] = []
        for item in items:
            found += self.loop(item) if isinstance(item, Loop) else [self.statement(item)]
        return found

    def statement(self, line: Statement) -> str:
        name = self.text(line.target).source
        total = self.sum(line.parts)
        if line.adds:
            return f"{name} += {total};"
        changes = isinstance(line.target, Entry) or any(
            other.adds and other.target is line.target for other in self._all_lines()
        )
        word = (
            "" if isinstance(line.target, Entry) else "let " if self._is_changed(line) else "const "
        )
        return f"{word}{name} = {total};" if not changes or word else f"{name} = {total};"

    def _is_changed(self, line: Statement) -> bool:
        """Whether a variable gets other values later."""
        return line.target in self.plan.first or any(
            other.adds and other.target is line.target for other in self._all_lines()
        )

    def _all_lines(self) -> list[Statement]:
        found: list[Statement] = []
        for item in self.plan.items:
            found += item.body if isinstance(item, Loop) else [item]
        return found

    def sum(self, parts: list[Any]) -> str:
        """Summands with signs between them."""
        if not parts:
            return "0"
        total = self.text(parts[0])
        for part in parts[1:]:
            less = positive(part)
            form = _READABLE.functions["add" if less is None else "subtract"]
            total = form(_READABLE, total, self.text(part if less is None else less))
        return total.source

    def loop(self, loop: Loop) -> list[str]:
        t, steps = self.naming.variable, loop.steps
        starts: dict[Any, dict[int, str]] = {}
        for series, at, value in loop.starts:
            starts.setdefault(series, {})[at] = self.text(value).source
        found = []
        for target in [line.target for line in loop.body if isinstance(line.target, Entry)]:
            name, start = self.naming.of[target.series], starts.get(target.series, {})
            if target.series.is_kept:
                inside = ", ".join(f"{at if at >= 0 else [at]}: {x}" for at, x in start.items())
                found.append(f"const {name} = {{{inside}}};")
            elif name not in start.values():
                first = "".join(f" = {x}" for x in start.values())
                found.append(f"let {name}{first};")
        sign, change = (
            ("<", f"{t} += {steps.step}") if steps.step > 0 else (">", f"{t} -= {-steps.step}")
        )
        found.append(f"for (let {t} = {steps.start}; {t} {sign} {steps.stop}; {change}) {{")
        return [*found, *(f"  {self.statement(line)}" for line in loop.body), "}"]

    # --- expressions ------------------------------------------------------------------------------

    def text(self, x: Any) -> Text:
        """A value as it stands in an expression."""
        if isinstance(x, Term):
            if x.function is None or x in self.plan.draft.shown:
                is_truth = getattr(x.dtype, "kind", "") == "b"
                return Text(self.naming.written(x), _READABLE, Precedence.ATOM, is_truth)
            return self.applied(x)
        if isinstance(x, Entry):
            name, at = self.naming.of[x.series], x.at.written(self.naming.variable)
            return Text(f"{name}[{at}]" if x.series.is_kept else name, _READABLE)
        if isinstance(x, Linear):
            return Text(x.written(self.naming.variable), _READABLE, Precedence.SUM)
        if isinstance(x, bool) or not is_number(x):
            return _READABLE.literal(x)
        if len(repr(x)) > SHORT and x > 0 and (n := squared(x)) is not None:
            return Text(f"Math.sqrt({n})", _READABLE)
        whole = int(x) if float(x).is_integer() and abs(x) < 1e15 else x
        return Text(str(whole), _READABLE) if whole == x and x >= 0 else _READABLE.literal(x)

    def applied(self, x: Term) -> Text:
        """A function of its arguments."""
        if x.function is constant:
            return self.text(x.args[0])
        if x.function is operator.pow and type(x.args[1]) is int:
            base = _READABLE.within(self.text(x.args[0]), Precedence.ATOM)
            # as loose as a sign: -x ** 2 is an error in JavaScript
            return Text(f"{base} ** {x.args[1]}", _READABLE, Precedence.SIGN)
        if x.function is np.multiply and is_number(x.args[0]):
            return self.scaled(*x.args)
        name = _NAMES.get(x.function) or getattr(x.function, "name", x.function.__name__)
        try:
            write = _READABLE.function(name, own=name)
            return write(*map(self.text, x.args))
        except NamespaceError:
            raise SourceError(
                f"the program calls {name}, which JavaScript does not have: ask for Python's source"
            ) from None

    def scaled(self, c: float, x: Any) -> Text:
        """A number times a term; p/q·x and p/√n·x are written so."""
        p, below = factors(c)
        inside = _READABLE.within(self.text(x), Precedence.PRODUCT)
        above = inside if p == 1 and below else f"{self.text(p).source} * {inside}"
        end = f" / {below.replace('np.', 'Math.')}" if below else ""
        return Text(above + end, _READABLE, Precedence.PRODUCT)

    # --- what is returned -------------------------------------------------------------------------

    def returned(self, x: Any) -> str:
        """What the function returns, in its form."""
        if isinstance(x, (list, tuple)):
            return f"[{', '.join(map(self.returned, x))}]"
        if isinstance(x, dict):
            return f"{{{', '.join(f'{json.dumps(str(k))}: {self.returned(y)}' for k, y in x.items())}}}"
        return self.text(self.plan.draft.values[x] if isinstance(x, Node) else x).source

    def gradients(self) -> str:
        """The adjoints; a list for a list of leaves."""
        wanted, found = set(self.plan.wanted), []
        lists = [leaves for leaves in lists_of(self.plan.graph) if wanted.issuperset(leaves)]
        for leaf in self.plan.wanted:
            leaves = next((given for given in lists if leaf in set(given)), None)
            if leaves is None:
                found.append(self.gradient(leaf))
            elif leaf is leaves[0]:
                entries = entries_of(self.plan, [self.plan.draft.adjoints.get(x) for x in leaves])
                if entries is not None:
                    entries.series.is_kept = True
                found.append(self._list(entries, leaves))
        return ", ".join(found)

    def _list(self, entries: Entries | None, leaves: tuple[Node, ...]) -> str:
        if entries is None:
            return f"[{', '.join(map(self.gradient, leaves))}]"
        name = self.naming.of[entries.series]
        count, t = len(entries.steps), self.naming.variable
        at = Linear(entries.steps.step, entries.steps.start).written(t)
        return f"Array.from({{length: {count}}}, (_, {t}) => {name}[{at}])"

    def gradient(self, leaf: Node) -> str:
        found = self.plan.draft.adjoints.get(leaf)
        return self.text(0.0 if found is None else found).source


def _needed(text: str) -> list[str]:
    """The functions that a text calls and JavaScript lacks, with those that these call."""
    given = {
        found[1]: found[0]
        for found in re.finditer(r"(?:// [^\n]*\n)*function (\w+)\(.*?\n\}", functions(), re.DOTALL)
    }
    needed: dict[str, str] = {}
    todo = [text]
    for source in todo:
        for name, function in given.items():
            if re.search(rf"\b{name}\(", source) and name not in needed:
                needed[name] = function
                todo.append(function)
    return [function for name, function in given.items() if name in needed]
