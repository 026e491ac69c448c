"""Filters: outputs that are sums of delayed inputs and outputs, with the same weights at each time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms.form import Asked

_FEWEST: Final = 2  # outputs
_MOST_WEIGHTS: Final = 5
_SUMS: Final = frozenset(("add", "multiply", "multiply_add"))
_G: Final = frozenset(("tanh", "sigmoid", "relu", "softplus", "identity"))

Terms: TypeAlias = list[tuple["Node | None", Node]]
"""Weight and sample of each term of a sum; a term without a weight has None."""


@dataclass(frozen=True)
class Weight:
    """One coefficient: w[lag] of an input, or of an output before.

    total  dE/dw over all its uses
    """

    lag: int
    name: str
    value: float
    total: float | None


@dataclass(frozen=True)
class Sample:
    """One x[n] or y[n], and dE/dy[n] where the graph has it."""

    name: str
    value: float
    total: float | None = None


@dataclass(frozen=True)
class Filter:
    """y[n] = g(Σ_m w[m]·x[n-m] + Σ_m v[m]·y[n-m]); what is before n = 0 counts as 0.

    forward   the weights w[m] of the inputs, m from 0; one alone of 1 may be without a name
    backward  the weights v[m] of the outputs before, m from 1; none of an FIR filter
    """

    inputs: tuple[Sample, ...]
    outputs: tuple[Sample, ...]
    forward: tuple[Weight, ...]
    backward: tuple[Weight, ...]
    nonlinearity: Node | None


def find(asked: Asked) -> Filter | None:
    """A finite filter as one product of delayed signals, or a recursion of single numbers; None else.

    None too where there are more weights than colours that one tells apart.
    """
    found = _finite(asked) or _recursive(asked)
    return found if found and len(found.forward) + len(found.backward) <= _MOST_WEIGHTS else None


# --- y = (delayed signals)·w ---------------------------------------------------------------------------


def _finite(asked: Asked) -> Filter | None:
    product = next((n for n in asked.nodes if _is_delayed(n)), None)
    if product is None:
        return None
    delayed, leaf = (np.asarray(plain(x), dtype=float) for x in product.operands)
    after = next((n for n in asked.nodes if n.rule.name in _G and n.operands[0] is product), None)
    y = product if after is None else after
    weights, totals = product.operands[1], asked.total(product.operands[1])
    name = asked.names.latex(weights) if weights.name else "w"
    forward = [Weight(m, f"{name}[{m}]", float(w), float(totals[m])) for m, w in enumerate(leaf)]
    base = (asked.names.latex(y) if y.name else "y").removesuffix("[n]")
    slopes, values = np.ravel(asked.total(y)), np.ravel(np.asarray(y.value))
    outputs = [Sample(f"{base}[{n}]", float(v), float(slopes[n])) for n, v in enumerate(values)]
    inputs = [Sample(f"x[{n}]", float(v)) for n, v in enumerate(delayed[:, 0])]
    return Filter(tuple(inputs), tuple(outputs), tuple(forward), (), after)


def _is_delayed(node: Node) -> bool:
    """Whether a node is a matrix of delayed signals (row n, column m: x[n-m]) times a leaf of weights."""
    if node.rule.name != "matmul" or not isinstance(node.operands[1], Node):
        return False
    matrix, weights = np.asarray(plain(node.operands[0])), node.operands[1]
    if (
        not (weights.is_leaf and weights.requires_grad)
        or matrix.ndim != 2
        or np.ndim(weights.value) != 1
    ):
        return False
    is_toeplitz = np.array_equal(matrix[1:, 1:], matrix[:-1, :-1])
    return (
        matrix.shape[0] >= _FEWEST
        and matrix.shape[1] > 1
        and is_toeplitz
        and not matrix[0, 1:].any()
    )


# --- y[n] one after the other --------------------------------------------------------------------------


def _recursive(asked: Asked) -> Filter | None:
    sums = [(v, terms) for v in asked.nodes if _is_output(v) and (terms := _terms(v))]
    outputs = [v for v, _ in sums]
    if len(outputs) < _FEWEST:
        return None
    back = {w for _, terms in sums for w, x in terms if _within(x, outputs)}
    inputs = _inputs([terms for _, terms in sums], back)
    weights = _lags(sums, outputs, inputs, back)
    if weights is None or not back or any(x is None for x in inputs):
        return None
    rows = {w: _weight(asked, w, lag) for w, lag in weights.items()}
    last = outputs[-1]
    return Filter(
        tuple(
            Sample(_name(asked, x, f"x[{n}]"), _number(x))
            for n, x in enumerate(inputs)
            if x is not None
        ),
        tuple(_output(asked, y, n) for n, y in enumerate(outputs)),
        _sorted(row for w, row in rows.items() if w not in back),
        _sorted(row for w, row in rows.items() if w in back),
        last if last.rule.name in _G else None,
    )


def _is_output(v: Node) -> bool:
    """Whether a node may be an output: a number that was computed, and has a name."""
    return v.name is not None and not v.is_leaf and _is_single(v)


def _inputs(sums: Sequence[Terms], back: Collection[Node | None]) -> list[Node | None]:
    """For each output the input of its own time: the first that no output before has."""
    found: list[Node | None] = []
    for terms in sums:
        fresh = (x for w, x in terms if w not in back and not _within(x, found))
        found.append(next(fresh, None))
    return found


def _lags(
    sums: Sequence[tuple[Node, Terms]],
    outputs: Sequence[Node],
    inputs: Sequence[Node | None],
    back: Collection[Node | None],
) -> dict[Node | None, int] | None:
    """How far back each weight reaches; None where one reaches back differently at different times.

    What a weight of outputs multiplies before the first output is the state at the start.
    """
    found: dict[Node | None, int] = {}
    for n, (_, terms) in enumerate(sums):
        for w, x in terms:
            place = _place(x, outputs if w in back else inputs)
            if place is None and w in back:
                continue
            if place is None or found.setdefault(w, n - place) != n - place:
                return None
    return found


def _output(asked: Asked, y: Node, n: int) -> Sample:
    return Sample(_name(asked, y, f"y[{n}]"), _number(y), float(asked.total(y)))


def _sorted(weights: Iterable[Weight]) -> tuple[Weight, ...]:
    return tuple(sorted(weights, key=lambda w: w.lag))


def _terms(v: Node) -> Terms | None:
    """Weight and sample of each term of the sum behind a node; None where it is no such sum."""
    inside = v.operands[0] if v.rule.name in _G else v
    if not isinstance(inside, Node) or inside.rule.name not in _SUMS:
        return None
    try:
        return list(_summed(inside))
    except TypeError:
        return None


def _summed(x: Any) -> Iterator[tuple[Node | None, Node]]:
    """The terms of a sum of products, a weight being a learned number; raises TypeError for anything else."""
    name = x.rule.name if isinstance(x, Node) and not x.is_leaf else None
    if name == "add":
        for part in x.operands:
            yield from _summed(part)
    elif name == "multiply_add":
        yield _product(*x.operands[:2])
        yield from _summed(x.operands[2])
    elif name == "multiply":
        yield _product(*x.operands)
    elif isinstance(x, Node) and (x.is_leaf or x.name is not None) and _is_single(x):
        yield None, x
    else:
        raise TypeError


def _product(a: Any, b: Any) -> tuple[Node, Node]:
    for weight, sample in ((a, b), (b, a)):
        if _is_weight(weight) and isinstance(sample, Node) and _is_single(sample):
            return weight, sample
    raise TypeError


def _is_weight(x: Any) -> bool:
    """Whether x is a learned number, or an entry of a learned vector."""
    if not isinstance(x, Node) or not _is_single(x):
        return False
    leaf = x.operands[0] if x.rule.name == "getitem" else x
    return isinstance(leaf, Node) and bool(leaf.is_leaf and leaf.requires_grad)


def _is_single(x: Node) -> bool:
    return bool(np.shape(x.value) == ())


def _within(x: Any, nodes: Sequence[Node | None]) -> bool:
    return any(x is node for node in nodes)


def _place(x: Node, nodes: Sequence[Node | None]) -> int | None:
    return next((k for k, node in enumerate(nodes) if node is x), None)


def _weight(asked: Asked, w: Node | None, lag: int) -> Weight:
    if w is None:
        return Weight(lag, "", 1.0, None)
    return Weight(lag, _name(asked, w, f"w[{lag}]"), _number(w), float(asked.total(w)))


def _name(asked: Asked, x: Node, usual: str) -> str:
    return asked.names.latex(x) if x.name is not None else usual


def _number(x: Node) -> float:
    return float(np.asarray(x.value))
