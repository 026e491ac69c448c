"""A flow graph as a table of text: values, total and partial derivatives, the sum at each cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.flow import Edge, FlowGraph, Key
from autograd_lite.node import Node
from viz import limits
from viz.choose.arguments import CutLike, cuts_of, flow_of, wrt_of
from viz.content import derivatives
from viz.content.domain import outside
from viz.content.sums import CutSum, cut_sums, text_numbers
from viz.formulas.labels import differential, ratio
from viz.formulas.naming import calling, strangers
from viz.formulas.numbers import read, written
from viz.formulas.plain_text import one_line, plural

_WIDEST: Final = 60

Row = tuple[str, ...]


def table(
    graph: FlowGraph | Node | Cut,
    *,
    cut: CutLike | None = None,
    wrt: Sequence[Key] | Key | None = None,
) -> str:
    """Each variable with value and total derivative, each edge with its partial, each cut's sum.

    graph  a FlowGraph, or the Value or Tensor at its end, or a Cut of it
    cut    the members of a cut, or a Cut, or several nested ones; by default the cut in front of
           each variable, from the output back
    wrt    the variables x of the sums dy/dx; by default the inputs

    Numbers have six significant digits.

    >>> from autograd_lite import equations, example
    >>> print(table(equations(example("one_step"))["yhat"], cut=["h"]), end="")
    flow graph of ŷ: 3 variables, 2 edges
    <BLANKLINE>
      variable  value     total derivative  equation
      x         1         dŷ/dx = -0.399997
      h         0.540302  dŷ/dh = 0.475355  h = cos x
      ŷ         1.13663   dŷ/dŷ = 1         ŷ = √(1 + h²)
    <BLANKLINE>
      edge   partial derivative
      x → h  ∂h/∂x = -sin x  = -0.841471
      h → ŷ  ∂ŷ/∂h = h/ŷ     = 0.475355
    <BLANKLINE>
      cut at h
        dŷ/dx = dŷ/dh·∂h/∂x = 0.475355·(-0.841471) = -0.399997
    """
    flow = flow_of(graph)
    chosen = cuts_of(flow, graph if cut is None and isinstance(graph, Cut) else cut)
    cuts = chosen or tuple(flow.cuts()[: limits.CUTS])
    asked = wrt_of(flow, wrt, chosen[:1]) or list(flow.inputs[: limits.SUMS])
    parts = [
        [f"flow graph of {_name(flow)(flow.output)}: {_counts(flow)}"],
        _indented(_aligned([_HEAD, *(_variable(flow, v) for v in flow.variables)])),
        _indented(
            _aligned([("edge", "partial derivative"), *(_edge(flow, e) for e in flow.edges)])
        ),
        *(_indented(_cut(line, asked)) for line in cuts),
        _indented(_gradients(flow, asked)),
    ]
    parts.append([*_strangers(flow), *(f"  {note}" for note in outside(flow, _name(flow)))])
    if not chosen and len(flow.cuts()) > limits.CUTS:
        parts.append([f"  {len(flow.cuts()) - limits.CUTS} more cuts; choose one to see its sum"])
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


_HEAD: Final = ("variable", "value", "total derivative", "equation")


def _name(flow: FlowGraph) -> Callable[[Node], str]:
    """What variables are called, as in the equations beside them."""
    return lambda v: one_line(calling(flow).text(v))


def _strangers(flow: FlowGraph) -> list[str]:
    """Which variables those are whose names no formula can have."""
    called = _name(flow)
    found = strangers(flow.variables)
    return [f"  the variable called {called(v)} is {one_line(v.name or '')}" for v in found]


def _counts(flow: FlowGraph) -> str:
    return f"{plural(len(flow.variables), 'variable')}, {plural(len(flow.edges), 'edge')}"


def _variable(flow: FlowGraph, v: Node) -> Row:
    name = _name(flow)
    total = ""
    if v.requires_grad:
        number = _number(derivatives.total(flow, v), flow.output, v)
        total = f"{ratio(name(flow.output), name(v))} = {number}"
    return name(v), written(read(v)), total, _equation(flow, v)


def _equation(flow: FlowGraph, v: Node) -> str:
    from viz.formulas import notation, symbols  # sympy loads when a formula is asked for

    found = symbols.equation(flow, v, notation.TEXT) or ""
    return found if "=" in found and len(found) <= _WIDEST else ""


def _edge(flow: FlowGraph, edge: Edge) -> Row:
    number = _number(derivatives.partial(edge), edge.target, edge.source)
    source, target = map(_name(flow), (edge.source, edge.target))
    arrow, name = f"{source} → {target}", ratio(target, source, "∂")
    formula = _formula(flow, edge)
    if not formula or formula == number:
        return arrow, f"{name} = {number}"
    return arrow, f"{name} = {formula}", f"= {number}"


def _formula(flow: FlowGraph, edge: Edge) -> str:
    from viz.formulas import notation, symbols

    found = symbols.partial(flow, edge, notation.TEXT) or ""
    return found if len(found) <= _WIDEST else ""


def _cut(cut: Cut, wrt: Iterable[Node]) -> list[str]:
    sums = cut_sums(cut, wrt)
    members = ", ".join(map(_name(cut.flow), cut.members))
    if not sums:
        return [f"cut at {members}", "  no variable of the sum lies before it"]
    held = " (each ∂ holds the other members)" if len(cut.members) > 1 else ""
    return [f"cut at {members}{held}", *(f"  {_sum(cut.flow, found)}" for found in sums)]


def _sum(flow: FlowGraph, found: CutSum) -> str:
    """dy/dx as the sum in symbols, then in numbers."""
    name = _name(flow)
    y, x = name(flow.output), name(found.x)
    symbols = found.symbols(lambda h: f"{ratio(y, name(h))}·{ratio(name(h), x, '∂')}", "…")
    numbers = [text_numbers(found), _number(found.value, flow.output, found.x)]
    return " = ".join(filter(None, [ratio(y, x), " + ".join(symbols), *numbers]))


def _number(derivative: Any | None, y: Node, x: Node) -> str:
    """A derivative's number; its shape where it is too large to look at."""
    if derivative is None:
        return "×".join(map(str, np.shape(y._data) + np.shape(x._data)))
    return written(derivative)


def _gradients(flow: FlowGraph, wrt: Sequence[Node]) -> list[str]:
    """Of several variables: the gradient, and the gradient in which each holds the others."""
    if len(wrt) < 2 or any(np.size(v._data) != 1 for v in [flow.output, *wrt]):
        return []
    name = _name(flow)
    names = f"[{', '.join(map(name, wrt))}]"
    total, held = (
        [float(np.asarray(g).item()) for g in flow.gradient(wrt, hold=hold)]
        for hold in (False, True)
    )
    y = name(flow.output)
    return [
        f"{differential(y)}/d{names} = {_vector(total)}",
        f"{differential(y, '∂')}/∂{names} = {_vector(held)}, each with the others held",
    ]


def _vector(numbers: Iterable[float]) -> str:
    return f"[{', '.join(written(x) for x in numbers)}]"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _aligned(rows: Sequence[Row]) -> list[str]:
    """The rows as lines, each column as wide as its widest entry."""
    count = max(map(len, rows))
    # a row's last entry takes what it needs
    widths = [max((_width(r[i]) for r in rows if len(r) > i + 1), default=0) for i in range(count)]
    return ["  ".join(_padded(r, widths)).rstrip() for r in rows]


def _padded(row: Row, widths: Sequence[int]) -> list[str]:
    return [entry + " " * (widths[i] - _width(entry)) for i, entry in enumerate(row)]


def _width(text: str) -> int:
    """How many columns of a terminal the text takes: accents take none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
