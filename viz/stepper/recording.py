"""The tape as data: what the page evaluates again when an input moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from autograd_lite.errors import SourceError
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.record import Record
from autograd_lite.source import JAVASCRIPT
from autograd_lite.value import Value


@dataclass(frozen=True)
class Recording:
    """The tape of a flow graph of Values.

    nodes      in order of evaluation: a number, or [rule, operand, …] by place
    variables  the place of each variable
    rules      each rule used, as JavaScript
    sums       of each rule, whether it adds, multiplies or divides, which rounds: "+", "*", "/" or ""
    """

    nodes: list[Any]
    variables: list[int]
    rules: list[str]
    sums: list[str]


class NotLiveError(Exception):
    """Why the page cannot evaluate the graph by itself."""


def recording(flow: FlowGraph) -> Recording:
    """The tape of everything the variables are computed from.

    Raises NotLiveError for Tensors, and for a rule that cannot be written in JavaScript.
    """
    if not isinstance(flow.output, Value):
        raise NotLiveError("the numbers are arrays")
    order = _order(flow)
    rules = list(dict.fromkeys(node.rule for node in order if not node.is_leaf))
    return _placed(order, rules, flow.variables)


def _order(flow: FlowGraph) -> list[Node]:
    """Every node the variables are computed from, operands first."""
    found = dict.fromkeys(flow.variables)
    walk = list(found)
    for node in walk:
        fresh = [x for x in node.parents if x not in found]
        found.update(dict.fromkeys(fresh))
        walk.extend(dict.fromkeys(fresh))
    return sorted(found, key=lambda node: node.number)


def _placed(order: list[Node], rules: list[Record], variables: Sequence[Node]) -> Recording:
    nodes: list[Any] = []
    place: dict[Any, int] = {}
    of = {rule: k for k, rule in enumerate(rules)}

    def put(key: Any, what: Any) -> int:
        """A plain constant stands once on the tape, before its first use."""
        if key not in place:
            place[key] = len(nodes)
            nodes.append(what)
        return place[key]

    for node in order:
        xs = [x if isinstance(x, Node) else ("constant", repr(float(x))) for x in node.operands]
        xs_at = [put(x, x if isinstance(x, Node) else plain_number(float(x[1]))) for x in xs]
        put(node, plain_number(node.value) if node.is_leaf else [of[node.rule], *xs_at])
    at = [place[v] for v in variables]
    return Recording(
        nodes, at, list(map(_javascript, rules)), [_KINDS.get(r.name, "") for r in rules]
    )


_KINDS: Final = {
    "add": "+", "subtract": "+", "negative": "+", "multiply_add": "*+", "multiply": "*", "alias": "*",
    "divide": "/",
}  # fmt: skip


def _javascript(rule: Record) -> str:
    try:
        return JAVASCRIPT.record(rule)
    except SourceError as error:
        raise NotLiveError(str(error)) from None


def plain_number(x: Any) -> float | str:
    """A number as JSON can hold it; `Number(…)` reads all of them.

    >>> plain_number(0.5), plain_number(float("-inf"))
    (0.5, '-Infinity')
    """
    number = float(x)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
