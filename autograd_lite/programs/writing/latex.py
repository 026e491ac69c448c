r"""A plan as equations: the values, then the total derivatives, aligned at their signs of equality."""

from __future__ import annotations

import re
from typing import Any

from autograd_lite.programs.writing.arithmetic import positive
from autograd_lite.programs.writing.formulas import Formulas
from autograd_lite.programs.writing.names import identifier, name_of, timed
from autograd_lite.programs.writing.naming import Naming
from autograd_lite.programs.writing.plan import Plan
from autograd_lite.programs.writing.series import Entries, Entry, Linear, Loop, Series
from autograd_lite.programs.writing.statements import Statement
from autograd_lite.programs.writing.symbols import is_harmless, of_identifier, symbol
from autograd_lite.programs.writing.terms import Term
from autograd_lite.source.text import Precedence


class LatexWriter:
    """A plan as one aligned environment."""

    def __init__(self, plan: Plan, name: str = "program") -> None:
        self.plan, self.naming = plan, Naming(plan)
        self.formulas = Formulas(self.named)
        results = plan.graph.results
        is_one = not plan.seeds and len(set(results)) == 1
        self.of_result = self.value(plan.draft.values[results[0]]) if is_one else "L"

    def arguments(self) -> dict[str, Any]:
        return {}

    def source(self) -> str:
        """The whole text."""
        rows = [r"&\text{forward} \\", *self.rows(self.plan.forward)]
        if self.plan.wanted:
            rows += [r"&\text{backward} \\", *self.rows(self.plan.backward)]
        inside = "\n".join(rows).removesuffix(r" \\")
        return "\\begin{aligned}\n" + inside + "\n\\end{aligned}\n"

    # --- what things are called -------------------------------------------------------------------

    def named(self, x: Any) -> str | None:
        """What stands for a value that has a line, an argument, or an entry of a series."""
        if isinstance(x, Term) and (x.function is None or x in self.plan.draft.shown):
            return self.value(x)
        if isinstance(x, Entry):
            return self.entry(x.series, x.at.written("t").replace("*", " "))
        if isinstance(x, Entries):
            first, last = (self.entry(x.series, str(at)) for at in (x.steps[0], x.steps[-1]))
            return rf"\left({first}, \dots, {last}\right)"
        return None

    def value(self, term: Term) -> str:
        """A term by the name that its node was given, or by the one that it got."""
        if term in self.plan.of and term not in self.naming.of:
            series, at = self.plan.of[term]
            return self.entry(series, str(at))
        owned = self.plan.draft.owner.get(term)
        if owned is not None and owned.is_adjoint:
            return self.total(self.value_of(owned.node))
        given = name_of(owned.node) if owned is not None else None
        if self.naming.of[term] == "result" and "L" not in self.naming.names.taken:
            return "L"
        written = re.sub(r"\[(\d+)\]", r"_\1", self.naming.of[term])
        if given and is_harmless(given) and identifier(given) == written:
            return symbol(given)
        return of_identifier(written)

    def value_of(self, node: Any) -> str:
        """A node's value; of one without a line of its own, the number of its operation."""
        term = self.plan.draft.values[node]
        if isinstance(term, Term) and (term in self.naming.of or term in self.plan.of):
            return self.value(term)
        given = name_of(node)
        if given and is_harmless(given):
            return symbol(given)
        return f"a_{{{list(self.plan.graph.operations).index(node) + 1}}}"

    def total(self, value: str) -> str:
        return rf"\frac{{d {self.of_result}}}{{d {value}}}"

    def entry(self, series: Series, at: str) -> str:
        """A value of a series: h_{t - 1}, or the total derivative by it."""
        owned = self.plan.draft.owner.get(series.model)
        if owned is not None and owned.is_adjoint:
            inner = self.plan.of.get(self.plan.draft.values[owned.node])
            whole = self.total(
                self.entry(inner[0], at) if inner else _with_step(self.base(series), at)
            )
            return (
                whole if not series.is_passed_on else rf"\left.{whole}\right|_{{\mathrm{{next}}}}"
            )
        return _with_step(self.base(series), at)

    def base(self, series: Series) -> str:
        """The name of a series, without a step."""
        owned = self.plan.draft.owner.get(series.model)
        name = name_of(owned.node) if owned is not None else None
        found = re.fullmatch(r"(.*?)_\{?[0-9]+\}?(\^.*)?", name or "", re.DOTALL)
        if found and timed(name) is not None and is_harmless(name or ""):
            return f"{symbol(found[1])}{found[2] or ''}"
        return of_identifier(identifier(self.naming.of[series]).removeprefix("d_"))

    # --- rows -------------------------------------------------------------------------------------

    def rows(self, items: list[Any]) -> list[str]:
        found: list[str] = []
        for item in items:
            if isinstance(item, Loop):
                found += self.loop(item)
            elif item.target not in self.plan.written_out:
                found.append(self.row(item))
        return found

    def row(self, line: Statement) -> str:
        target = self.named(line.target) or ""
        if isinstance(line.target, Entry) and line.target.series.is_passed_on:
            target = self.entry(line.target.series, self.step_after)
        if line.at is not None:
            target = rf"{{{target}}}_{{[{self.formulas.index(line.at)}]}}"
        sign = r"\mathrel{+}=" if line.adds else "="
        return rf"{target} &{sign} {self.sum(line.parts)} \\"

    def sum(self, parts: list[Any]) -> str:
        """Summands with signs between them."""
        if not parts:
            return "0"
        total = self.formulas.text(parts[0])
        for part in parts[1:]:
            less = positive(part)
            inside = self.formulas.text(part if less is None else less, Precedence.PRODUCT)
            total += f" {'+' if less is None else '-'} {inside}"
        return total

    def loop(self, loop: Loop) -> list[str]:
        steps = loop.steps
        self.step_after = Linear(1, steps.step).written("t")
        found = [
            rf"{self.entry(series, str(steps[0]) if series.is_passed_on else str(at))} "
            rf"&= {self.start(value)} \\"
            for series, at, value in loop.starts
            if not self._is_known(series, at, value)
        ]
        found.append(rf"&\text{{for }} t = {steps[0]}, {steps[1]}, \dots, {steps[-1]}: \\")
        return [*found, *map(self.row, loop.body), r"&\text{end} \\"]

    def start(self, value: Any) -> str:
        """What a series holds before its first step."""
        if isinstance(value, Term) and value in self.plan.written_out:
            return self.formulas.applied(value).source
        return self.formulas.text(value)

    def _is_known(self, series: Series, at: int, value: Any) -> bool:
        """Whether a start needs no row: it is called so already."""
        return (
            isinstance(value, Term)
            and value not in self.plan.written_out
            and self.named(value) == self.entry(series, str(at))
        )


def _with_step(base: str, at: str) -> str:
    r"""A name with a step in its subscript.

    >>> _with_step("h", "t"), _with_step("a_{i}", "t - 1"), _with_step("h^{(2)}", "1")
    ('h_{t}', 'a_{i,t - 1}', 'h_{1}^{(2)}')
    """
    found = re.fullmatch(r"(.*)_\{((?:[^{}]|\{[^{}]*\})*)\}", base)
    if found:
        return f"{found[1]}_{{{found[2]},{at}}}"
    name, script, rest = base.partition("^")
    return f"{name}_{{{at}}}{script}{rest}"
