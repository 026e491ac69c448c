"""A plan as a Python function that needs NumPy alone."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.programs.writing.arithmetic import positive
from autograd_lite.programs.writing.expressions import Expressions, range_text
from autograd_lite.programs.writing.names import identifier
from autograd_lite.programs.writing.naming import Naming
from autograd_lite.programs.writing.numbers import is_whole
from autograd_lite.programs.writing.plan import Plan, entries_of, lists_of
from autograd_lite.programs.writing.series import Entry, Linear, Loop
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.terms import Term, mapped
from autograd_lite.programs.writing.wrapping import wrapped
from autograd_lite.rules.indexing import may_repeat
from autograd_lite.source.python import NUMPY

_WIDTH: Final = 100


def _shape(x: Any) -> str:
    """What an argument is, if it is no single number."""
    if isinstance(x, list):
        return f"{len(x)} of {np.shape(x[0])}" if np.shape(x[0]) else f"{len(x)} numbers"
    return str(np.shape(x)) if np.shape(x) else ""


def _known_index(x: Any) -> Any:
    """A number in place of one that moves with a loop's variable."""
    return 0 if isinstance(x, Linear) else x


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
    return "\n".join(wrapped(line, _WIDTH))


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
        return (
            "\n\n\n".join(
                ["import numpy as np", *map(str.rstrip, self.expressions.helpers.values()), text]
            )
            + "\n"
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
        found.update({**self.naming.constants, **self.expressions.names})
        for node, seed in self.plan.seeds.items():
            found[self.naming.of[seed]] = np.ones_like(node.value)
        return found

    def _shapes(self) -> list[str]:
        """The arguments' shapes, as comments."""
        told = [f"{name} {_shape(x)}" for name, x in self.arguments().items() if _shape(x)]
        whole = ", ".join(one.replace(" ", "\xa0") for one in told)  # each stays on one line
        lines = textwrap.wrap(whole, _WIDTH - 6, break_long_words=False)
        return [f"# {line}".replace("\xa0", " ") for line in lines] + [""] * bool(told)

    def lines(self, items: list[Any]) -> list[str]:
        found: list[str] = []
        for item in items:
            if isinstance(item, Statement) and self._is_start(item.target):
                continue
            found += self.loop(item) if isinstance(item, Loop) else self.statement(item)
        return found

    def _is_start(self, term: Any) -> bool:
        """Whether a constant stands in the first line of a loop, or among the arguments."""
        is_argument = term in self.naming.of and self.naming.of[term] in self.naming.constants
        return term in self.plan.written_out or is_argument

    def statement(self, line: Statement) -> list[str]:
        target, e = line.target, self.expressions
        found = self.comment(line)
        name = e.source(target) if isinstance(target, Entry) else self.naming.written(target)
        if not line.parts:
            found.append(f"{name} = {self.zeros(target)}")
            return found
        value = self.sum(line.parts)
        if line.at is not None and may_repeat(mapped(line.at, _known_index)):
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
        if type(first) is float and is_whole(first) and len(parts) > 1:
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
