"""trace_nan: the operation that made the first inf or nan, not the many that passed it on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.arithmetics import FLOATS, Arrays
from autograd_lite.differentiable import refuse_no_argument, refuse_no_result
from autograd_lite.errors import OperandError
from autograd_lite.modes import record_lines, source_line
from autograd_lite.node import Node
from autograd_lite.order import reachable
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import plain
from autograd_lite.sweeps import contributions, reverse
from autograd_lite.trees import tree_leaves, tree_map
from autograd_lite.value import Value

_BETWEEN: Final = (
    "stay inside (-1, 1), the slope at its ends is inf: clip(x, -1 + 1e-12, 1 - 1e-12)"
)
INSTEAD: Final[Mapping[str, str]] = MappingProxyType({
    "log": "keep it above 0, log(maximum(x, 1e-12)), or use log_softmax, logsumexp, log1p",
    "log1p": "keep it above -1: log1p(maximum(x, -1 + 1e-12))",
    "divide": "keep the denominator away from 0: a / where(b == 0, 1.0, b), or a / (b + 1e-12)",
    "sqrt": "keep it above 0, where the slope is inf: sqrt(x + 1e-12); for a length use norm(x)",
    "power": "a negative base needs a whole exponent, base 0 one of 1 or more: maximum(x, 1e-12)",
    "exp": "subtract the largest first, as softmax, logsumexp, sigmoid and softplus do",
    "expm1": "it overflows beyond 709: clip the operand",
    "sinh": "it overflows beyond 710: clip the operand, or use tanh",
    "cosh": "it overflows beyond 710: clip the operand",
    "arcsin": _BETWEEN,
    "arccos": _BETWEEN,
    "prod": "add logarithms: exp(sum(log(x)))",
    "subtract": "inf - inf is nan: keep both operands finite",
})  # fmt: skip


@dataclass(frozen=True, eq=False)
class NanReport:
    """Where inf or nan first came from; in words when printed.

    node       the node whose operation made it
    direction  "forward": the node's value is not finite; "backward": what it adds to a gradient
    result     the value or gradient that is not finite
    operand    backward: the place of the operand whose gradient it is
    adjoint    backward: the node's own adjoint
    """

    node: Node
    direction: str
    result: Any
    operand: int | None = None
    adjoint: Any = None

    @property
    def operation(self) -> str:
        """The name of the operation: "log"."""
        return self.node.rule.name

    @property
    def operands(self) -> tuple[Any, ...]:
        """The numbers and arrays it was applied to."""
        return tuple(plain(x) for x in self.node.operands)

    @property
    def line(self) -> str | None:
        """The user's line that made the node, if it was made under `record_lines()`."""
        return source_line(self.node)

    @property
    def index(self) -> tuple[int, ...]:
        """Where in the result the first number stands that is not finite; () in a single number."""
        return tuple(int(i) for i in np.argwhere(~np.isfinite(self.result))[0])

    def __str__(self) -> str:
        lines = [self._what(), f"line: {self.line or _NO_LINE}", f"why: {self._why()}"]
        if self.operation in INSTEAD:
            lines.append(f"instead: {INSTEAD[self.operation]}")
        return "\n".join(lines)

    def _what(self) -> str:
        number = f"{float(np.asarray(self.result)[self.index])}"
        number += f" at index {self.index}" if self.index else ""
        if self.node.is_leaf:
            return f"{self.node.describe()} holds {number}"
        of = " and ".join(map(self._shown, self.operands))
        if self.direction == "forward":
            return f"{self.node.describe()} gives {number}, of {of}"
        return (
            f"{self.node.describe()}, of {of}, gives its operand {self.operand} a gradient of "
            f"{number}, from an adjoint of {self._shown(self.adjoint)}"
        )

    def _why(self) -> str:
        if self.node.is_leaf:
            return "it was so before anything was computed"
        odd = [f"operand {i}" for i, x in enumerate(self.operands) if not _finite(x)]
        if odd:
            return f"{' and '.join(odd)} of {self.operation} was inf or nan from the start"
        return self.node.rule.kinks or "a pole, or a number too large for a float"

    def _shown(self, x: Any) -> str:
        """A number, the entry of an array that belongs to `index`, or what the array is like."""
        shape = np.shape(self.result)
        if self.node.rule.is_elementwise and np.shape(plain(self.node)) == shape:
            x = np.broadcast_to(x, shape)[self.index]
        if np.ndim(x) == 0:
            return f"{float(x):.6g}"
        span = f", {np.min(x):.6g} to {np.max(x):.6g}" if np.size(x) else ""
        return f"shape {np.shape(x)}{span}"


_NO_LINE: Final = "unknown; call trace_nan(f, *inputs), or compute inside `with record_lines():`"


def trace_nan(
    root: Node | Callable[..., Any], *inputs: Any, gradient: Any = None
) -> NanReport | None:
    """Where the first inf or nan came from: in root's value, else in its gradient; None if in none.

    root      a node, or a function to run at `inputs` (then the report has the user's line)
    gradient  the adjoint of the root that the backward sweep starts from; ones by default

    Forward it is the first operation, in order of evaluation, whose operands are finite and whose
    value is not. An inf that never reaches the root is left alone, and so is one that was put in as
    a constant until it becomes nan: masks are made of both. Backward it is the first contribution
    that is not finite although the adjoint it is made from is. Each is one pass over the graph.

    >>> from autograd_lite import log
    >>> report = trace_nan(lambda x: log(x) * 0.0 + 1.0, 0.0)
    >>> report.operation, report.direction, report.operands
    ('log', 'forward', (array(0.),))
    >>> print(report)
    log (node ...) gives -inf, of 0
    line: <doctest ...>, line 1
    why: -inf at 0...
    instead: keep it above 0, log(maximum(x, 1e-12)), ...

    Raises OperandError when `root` is neither a node nor a function that returns nodes.
    """
    if isinstance(root, Node) and inputs:
        raise OperandError("trace_nan takes inputs for a function; a node has its own already")
    for y in [root] if isinstance(root, Node) else _run(root, inputs):
        if not isinstance(y, Node):
            raise OperandError(
                f"trace_nan follows the graph of a Value or Tensor, and {type(y).__name__} "
                f"{y!r:.60} has none"
            )
        leaves, operations = reachable(y)
        report = _forward(y, [*leaves, *operations]) or _backward(y, operations, gradient)
        if report is not None:
            return report
    return None


def _run(f: Any, inputs: tuple[Any, ...]) -> Iterable[Any]:
    if not callable(f):
        raise OperandError(f"trace_nan takes a node or a function, not {type(f).__name__}")
    for x in tree_leaves(inputs):
        refuse_no_argument(x)
    nodes = tree_map(lambda x: x if isinstance(x, Node) else Tensor(x, requires_grad=True), inputs)
    with record_lines(), np.errstate(all="ignore"):
        y = f(*nodes)
    refuse_no_result(y)
    return tree_leaves(y)


def _forward(root: Node, nodes: list[Node]) -> NanReport | None:
    """The first node that makes an inf or nan which reaches the root."""
    if _finite(root._data):
        return None
    odd, by_choice = _reaching(root), set[Node]()
    for node in filter(odd.__contains__, nodes):
        if _is_by_choice(node, by_choice):
            by_choice.add(node)
        elif all(x in by_choice or _finite(x._data) for x in node.parents):
            return NanReport(node, "forward", node._data)
    first = next(filter(odd.__contains__, nodes))
    return NanReport(first, "forward", first._data)


def _reaching(root: Node) -> set[Node]:
    """The nodes from which inf or nan reaches the root unbroken."""
    seen, walk = {root}, [root]
    for node in walk:
        for x in node.parents:
            if x not in seen and not _finite(x._data):
                seen.add(x)
                walk.append(x)
    return seen


def _is_by_choice(node: Node, by_choice: Set[Node]) -> bool:
    """Whether the node is inf because constants are: somebody's mask, no accident."""
    if np.isnan(node._data).any():
        return False
    if node.is_leaf:
        return node.rule is constant
    odd = [x for x in node.operands if not _finite(plain(x))]
    return bool(odd) and all(x in by_choice for x in odd if isinstance(x, Node))


def _backward(root: Node, operations: list[Node], gradient: Any) -> NanReport | None:
    """The first contribution that is not finite, made from an adjoint that is."""
    arithmetic: Any = FLOATS if isinstance(root, Value) else Arrays()
    seed = _seed(root, gradient)
    if all(map(_finite, reverse(operations, {root: seed}, arithmetic).values())):
        return None
    for node, i, g, _, so_far in contributions(operations, root, seed, arithmetic):
        if node.operands[i].requires_grad and not _finite(so_far):
            return NanReport(node, "backward", so_far, i, g)
    return None


def _seed(root: Node, gradient: Any) -> Any:
    shape = np.shape(root._data)
    seed = np.ones(shape) if gradient is None else np.asarray(plain(gradient), dtype=float)
    if seed.shape != shape or not _finite(seed):
        raise OperandError(f"the gradient to start from is finite, of shape {shape}: {seed!r:.60}")
    return float(seed) if isinstance(root, Value) else seed.astype(root._data.dtype)


def _finite(x: Any) -> bool:
    return math.isfinite(x) if isinstance(x, (float, int)) else bool(np.isfinite(x).all())
