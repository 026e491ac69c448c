"""The equations of one flow graph, each in sympy's symbols and each as it is written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import sympy

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.formulas import algebra, arrays
from viz.formulas.habits import Habits, is_telling, ranks_of
from viz.formulas.naming import Names, names_of
from viz.formulas.notation import Formula, Notation, TooLongError
from viz.formulas.sympy_printer import printed

WriteName: TypeAlias = Callable[[Node, Notation], Formula]
"""How a variable is written."""

UNWRITABLE: Final = (
    TooLongError, ArithmeticError, AttributeError, TypeError, ValueError, RecursionError,
)  # fmt: skip
"""What is raised where there is no formula; AttributeError where a rule looks at its numbers."""
_MOST_OPERATIONS: Final = 200
_FEW: Final = 3  # numbers of a constant array
_SUMS: Final = frozenset(("add", "subtract", "negative", "alias"))
_LETTER: Final = re.compile(
    r"(?:\\(?:(?:wide)?hat|(?:wide)?tilde|bar|overline|d?dot|vec|math[a-z]+) *\{ *)*(\\?[A-Za-z]+)"
)


class System:
    """One flow graph in symbols: its names, and what was worked out of its variables' equations.

    It holds nodes and no flow graph, so it is forgotten together with the graph.
    """

    def __init__(self, flow: FlowGraph) -> None:
        self.variables = frozenset(flow.variables)
        self.names = names_of(flow)
        self.of: dict[Node, sympy.Symbol] = {}
        self.nodes: dict[sympy.Symbol, Node] = {}
        self.taken = frozenset(map(_letter, self.names.all_latex()))
        self._parts: dict[Node, dict[Node, Any]] = {}
        for node in flow.variables:
            self.symbol(node)

    def symbol(self, node: Node) -> sympy.Symbol:
        """What the node is called as a symbol; another node of the same name gets its number too."""
        if node not in self.of:
            name = self.names.text(node)
            made = sympy.Symbol(name, real=True)
            if made in self.nodes:
                made = sympy.Symbol(f"{name}#{node.number}", real=True)
            self.of[node], self.nodes[made] = made, node
        return self.of[node]

    def is_named(self, node: Node) -> bool:
        """Whether it stands in formulas by its name: a variable, or a leaf with a name."""
        return node in self.variables or (node.is_leaf and node.name is not None)

    def folded(self, variable: Node) -> list[Node]:
        """The operations between the variable and those it is made from, in order."""
        found = {variable: None}
        walk = [variable]
        for node in walk:
            for x in node.parents:
                if x.operands and x not in found and not self.is_named(x):
                    found[x] = None
                    walk.append(x)
            if len(found) > _MOST_OPERATIONS:
                raise TooLongError(f"more than {_MOST_OPERATIONS} operations")
        return sorted((node for node in found if node.operands), key=lambda node: node.number)

    def point(self, expression: sympy.Expr) -> dict[sympy.Symbol, float]:
        """The recorded values of the expression's symbols."""
        return {s: number(self.nodes[s]) for s in expression.free_symbols if s in self.nodes}

    def parts(self, variable: Node) -> dict[Node, Any]:
        """What each operation of a variable's equation is as an expression."""
        if variable not in self._parts:
            found: dict[Node, Any] = {}
            for node in self.folded(variable):
                found[node] = algebra.apply(_scalar_rule(node), self._operands(node, found))
                _check_size(found[node])
            self._parts[variable] = found
        return self._parts[variable]

    def expression(self, variable: Node) -> sympy.Expr:
        """The right side of a variable's equation; an input is its own symbol."""
        return self.parts(variable)[variable] if variable.operands else self.symbol(variable)

    def _operands(self, node: Node, found: dict[Node, Any]) -> Iterator[Any]:
        for x in node.operands:
            named = isinstance(x, Node) and self.is_named(x)
            yield found[x] if x in found and not named else self.expression_of(x)

    def written(
        self, variable: Node, notation: Notation, write_name: WriteName
    ) -> dict[Node, Formula]:
        """What each operation of a variable's equation is as it is written."""
        found: dict[Node, Formula] = {}
        if len(set(self._nameless(variable))) > 1:
            raise TooLongError("several arrays without a name")
        for node in self.folded(variable):
            operands = [self.operand(x, found, notation, write_name) for x in node.operands]
            found[node] = arrays.operation(node, operands, notation)
        return found

    def _nameless(self, variable: Node) -> Iterator[int]:
        """The constant arrays that an equation could only call constants."""
        for node in self.folded(variable):
            for x in node.operands:
                named = isinstance(x, Node) and (x.operands or self.is_named(x))
                if not named and np.size(plain(x)) > _FEW:
                    yield id(x)

    def habits(
        self,
        near: Iterable[Node],
        notation: Notation,
        write_name: WriteName,
        by: Node | None = None,
    ) -> Habits:
        """How the equations of some variables write; of the first one's derivative `by`, how its sum goes."""
        formulas: dict[Any, Formula] = {}
        numbers = set[tuple[str, Fraction]]()
        places: dict[Any, int] = {}
        known = [v for v in near if v.operands and self._has_expression(v)]
        for v in known:
            parts, written = self.parts(v), self.written(v, notation, write_name)
            for node, part in parts.items():
                if is_telling(part):
                    formulas.setdefault(part, written[node])
                numbers.update(_scales(node))
            for leaf in self._leaves(v):
                places.setdefault(self.symbol(leaf), len(places))
        return Habits(
            formulas,
            {x.numerator for name, x in numbers if name == "divide" and x.denominator == 1},
            {x for name, x in numbers if name == "multiply"},
            places,
            ranks_of(self._terms(known[0]), self.symbol(by)) if by is not None and known else {},
        )

    def _has_expression(self, variable: Node) -> bool:
        try:
            self.parts(variable)
        except UNWRITABLE:
            return False
        return True

    def _leaves(self, variable: Node) -> Iterator[Node]:
        """The named nodes of an equation from left to right."""
        seen, walk = {variable}, list(reversed(variable.parents))
        while walk:
            node = walk.pop()
            if node in seen:
                continue
            seen.add(node)
            if self.is_named(node):
                yield node
            else:
                walk.extend(reversed(node.parents))

    def _terms(self, variable: Node) -> list[Any]:
        """The terms of a sum, signs apart, from left to right; of anything else, itself."""
        parts, found, walk = self.parts(variable), [], [variable]
        while walk:
            node = walk.pop()
            if node in parts and node.rule.name in _SUMS:
                walk.extend(x for x in reversed(node.operands) if isinstance(x, Node))
            else:
                found.append(parts[node] if node in parts else self.expression_of(node))
        return found

    def expression_of(self, x: Any) -> Any:
        """A named node's symbol, or else a number."""
        named = isinstance(x, Node) and self.is_named(x)
        return self.symbol(x) if named else algebra.number(number(x))

    def operand(
        self, x: Any, found: dict[Node, Formula], notation: Notation, write_name: WriteName
    ) -> Formula:
        if isinstance(x, Node) and self.is_named(x):
            return write_name(x, notation)
        if isinstance(x, Node) and x in found:
            return found[x]
        if np.size(plain(x)) != 1:
            return _constant(np.asarray(plain(x)), notation)
        return printed(algebra.number(number(x)), notation, lambda s: Formula(str(s)))


_KNOWN: Final[WeakKeyDictionary[FlowGraph, System]] = WeakKeyDictionary()


def system_of(flow: FlowGraph) -> System:
    """The equations of a flow graph, worked out once."""
    if flow not in _KNOWN:
        _KNOWN[flow] = System(flow)
    return _KNOWN[flow]


def with_names(names: Names) -> WriteName:
    """Variables by the names that tell them apart."""
    return lambda node, notation: notation.name(names.latex(node), names.text(node))


def number(x: Any) -> float:
    """A node's number, or a number.

    Raises TooLongError for an array, and for what is not finite.
    """
    data = plain(x)
    if getattr(data, "size", 1) != 1 or not np.isfinite(data).all():
        raise TooLongError("an array, or a number that is not finite")
    return float(data) if isinstance(data, float) else float(np.asarray(data).item())


def _constant(x: Any, notation: Notation) -> Formula:
    """An array without a name: the numbers of a few, or a word."""
    if x.ndim != 1 or x.size > _FEW or x.dtype.kind not in "biuf" or np.any(x != np.round(x, 2)):
        return Formula(notation.word("const"))
    return notation.array_of(
        [printed(algebra.number(number(e)), notation, lambda s: Formula(str(s))) for e in x]
    )


def _scales(node: Node) -> Iterator[tuple[str, Fraction]]:
    """By which number an operation divides or multiplies, if by any."""
    for place, x in enumerate(node.operands):
        counts = place == 1 if node.rule.name == "divide" else node.rule.name == "multiply"
        if counts and not isinstance(x, Node) and np.size(x) == 1 and math.isfinite(float(x)):
            yield node.rule.name, abs(Fraction(repr(float(x))))


def _letter(symbol: str) -> str:
    """The letter that a variable is called by, without accent, index or prime."""
    found = _LETTER.match(symbol)
    return found[1] if found else ""


def _scalar_rule(node: Node) -> Any:
    if not node.rule.is_elementwise or getattr(node.value, "size", 1) != 1:
        raise TooLongError(f"{node.rule.name} works on whole arrays")
    return node.rule.fixed(**node.static)


def _check_size(expression: sympy.Expr) -> None:
    for count, _ in enumerate(sympy.preorder_traversal(expression)):
        if count > 5 * _MOST_OPERATIONS:
            raise TooLongError(f"more than {_MOST_OPERATIONS} operations")
