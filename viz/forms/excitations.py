"""What stands in a gate's brackets, W·x + U·h + b: its summands, and where each of them comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node

SQUASHING: Final = frozenset(
    "sigmoid tanh relu hardsigmoid hard_sigmoid hardtanh softsign softplus elu arctan silu gelu".split()
)
_VIEWS: Final = frozenset({"reshape", "transpose", "getitem", "broadcast_to", "expand_dims"})
_DEEPEST: Final = 10


@dataclass(frozen=True, eq=False)
class Summand:
    """One summand: weight·source, weight⊙source, or a bias alone; perhaps times a gate.

    weight       the parameter, or None
    source       what it is applied to, or None for a bias
    elementwise  whether weight and source are multiplied number by number
    gate         what the summand is multiplied with, or None
    sliced       whether it is a block of what is computed for several gates together
    sign         +1 or -1
    """

    weight: Node | None = None
    source: Node | None = None
    elementwise: bool = False
    gate: Node | None = None
    sliced: bool = False
    sign: int = 1


@dataclass
class Reading:
    """The summands of one excitation; one alone when it is no sum that a gate's equation shows."""

    excitation: Node
    summands: list[Summand] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.summands = list(_summands(self.excitation, 0))

    @property
    def sources(self) -> list[Node]:
        """What the weights are applied to, each once, in order."""
        return _once(s.source for s in self.summands)

    @property
    def gates(self) -> list[Node]:
        """The gates that multiply some of the summands."""
        return _once(s.gate for s in self.summands)

    @property
    def is_affine(self) -> bool:
        """Whether some weight is applied to something."""
        return any(s.weight is not None and s.source is not None for s in self.summands)

    @property
    def is_linear(self) -> bool:
        """Whether it is W·x + … with matrices alone: no state, which is a sum of products of arrays."""
        return self.is_affine and all(s.gate is None and not s.elementwise for s in self.summands)


def argument(v: Any) -> Node | None:
    """What a squashing function is applied to, or None when the node is no such function's value."""
    if not isinstance(v, Node) or v.is_leaf or v.rule.name not in SQUASHING:
        return None
    given = [x for x in v.operands if isinstance(x, Node)]
    return given[0] if len(given) == 1 and np.shape(given[0].value) == np.shape(v.value) else None


def is_weight(x: Any) -> bool:
    """Whether it is a parameter, perhaps seen another way: transposed, or a part of it."""
    while isinstance(x, Node) and not x.is_leaf and x.rule.name in _VIEWS:
        x = x.operands[0]
    return isinstance(x, Node) and x.is_leaf


def parameter(x: Node) -> Node:
    """The parameter behind a view of it."""
    while not x.is_leaf:
        x = x.operands[0]
    return x


def _summands(v: Any, depth: int) -> Iterator[Summand]:
    if not isinstance(v, Node):
        return
    if v.is_leaf or depth > _DEEPEST:
        yield Summand(weight=v) if v.is_leaf else Summand(source=v)
        return
    reader = _READERS.get(v.rule.name)
    found = reader(v, depth + 1) if reader is not None else None
    yield from [Summand(source=v)] if found is None else found


def _excitation(v: Node, depth: int) -> list[Summand]:
    x, w, h, u, *bias = v.operands
    return [*_product(w, x), *_product(u, h), *_biases(bias)]


def _affine(v: Node, depth: int) -> list[Summand]:
    x, w, *bias = v.operands
    return [*_product(w, x), *_biases(bias)]


def _matmul(v: Node, depth: int) -> list[Summand] | None:
    a, b = v.operands[:2]
    if is_weight(a) == is_weight(b):  # the larger one is the matrix: W·x of a leaf x
        a, b = (b, a) if np.ndim(_value(a)) < np.ndim(_value(b)) else (a, b)
        if not is_weight(a):
            return None
    elif is_weight(b):
        a, b = b, a
    return _product(a, b)


def _add(v: Node, depth: int) -> list[Summand]:
    return [s for x in v.operands for s in _summands(x, depth)]


def _subtract(v: Node, depth: int) -> list[Summand]:
    a, b = v.operands
    return [*_summands(a, depth), *(replace(s, sign=-s.sign) for s in _summands(b, depth))]


def _getitem(v: Node, depth: int) -> list[Summand]:
    return [replace(s, sliced=True) for s in _summands(v.operands[0], depth)]


def _multiply(v: Node, depth: int) -> list[Summand] | None:
    a, b = v.operands[:2]
    for gate, other in ((a, b), (b, a)):
        if argument(gate) is not None and isinstance(other, Node):
            inside = list(_summands(other, depth))
            if any(s.weight is not None for s in inside):
                return [replace(s, gate=gate) for s in inside]
    for weight, other in ((a, b), (b, a)):
        if is_weight(weight) and isinstance(other, Node):
            return [Summand(parameter(weight), other, elementwise=True)]
    return None


def _multiply_add(v: Node, depth: int) -> list[Summand] | None:
    first = _multiply(v, depth)
    return None if first is None else [*first, *_summands(v.operands[2], depth)]


def _product(weight: Any, source: Any) -> list[Summand]:
    if not isinstance(weight, Node) or not is_weight(weight):
        return []
    w = parameter(weight)
    sliced = w is not weight and np.size(w.value) != np.size(weight.value)
    if isinstance(source, Node):
        parts = _parts(source)
        return [Summand(w, part, sliced=sliced or len(parts) > 1) for part in parts]
    return [Summand(w, None, sliced=sliced)]


def _parts(source: Node) -> list[Node]:
    """What was joined to make the source: [h, x]; or the source itself."""
    if source.is_leaf or source.rule.name not in {"concatenate", "concat"}:
        return [source]
    return [x for x in source.operands if isinstance(x, Node)]


def _biases(bias: list[Any]) -> list[Summand]:
    return [Summand(weight=b) for b in bias if isinstance(b, Node)]


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Node) else x


def _once(nodes: Any) -> list[Node]:
    return list({node.number: node for node in nodes if node is not None}.values())


_READERS: Final = {
    "excitation": _excitation,
    "affine": _affine,
    "matmul": _matmul,
    "add": _add,
    "subtract": _subtract,
    "getitem": _getitem,
    "multiply": _multiply,
    "multiply_add": _multiply_add,
}
