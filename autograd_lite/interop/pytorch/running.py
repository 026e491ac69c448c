"""torch's graph run node by node with this project's functions, so that each leaves its node on our graph."""

from __future__ import annotations

import operator as python
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.errors import AutogradError, GraphError
from autograd_lite.interop.pytorch.lines import line_of
from autograd_lite.interop.pytorch.operators.comparing import detached, moves
from autograd_lite.interop.pytorch.operators.drawing import Draws
from autograd_lite.interop.pytorch.operators.table import draws, is_random, known, operator
from autograd_lite.interop.pytorch.watching import CHECKED, DETACHED, NAMED
from autograd_lite.modes import scope
from autograd_lite.operands import Numbers
from autograd_lite.rules.namespaces import plain

_ABOUT_MEMORY: Final = frozenset(
    "dtype layout device pin_memory memory_format non_blocking generator".split()
)
"""Keywords that say where and how numbers are kept; the dtype is taken from torch's result."""

_TAKEN_OUT: Final = "aten._local_scalar_dense.default"
"""A number as one of Python's, whose derivative ends there."""


class Run:
    """One run over the nodes of an exported graph.

    values  what each node gave, by the node's name
    marks   the names found in the source: (name, depth, what has it), in order
    """

    def __init__(self, root: str, values: Mapping[str, Any]) -> None:
        self.root, self.values = root, dict(values)
        self.marks: list[tuple[str, int, Any]] = []
        self.draws = Draws()

    def over(self, graph: Any) -> tuple[Any, ...]:
        """Apply every operator of the graph in turn; what it returns, in order."""
        _refuse_unknown(graph)
        for node in graph.nodes:
            if node.op == "output":
                return tuple(self._given(node.args[0]))
            if node.op == "call_function":
                with scope(self._scope(node)):
                    self.values[node.name] = self._applied(node)
        raise GraphError("torch's graph has no output")

    def _scope(self, node: Any) -> str:
        """The dotted name of the module in which a node was made, after that of the model's class."""
        stack = list((node.meta.get("nn_module_stack") or {}).values())
        path = str(stack[-1][0]) if stack else ""
        return f"{self.root}.{path}" if path else self.root

    def _applied(self, node: Any) -> Any:
        args, target = self._given(node.args), str(node.target)
        if node.target is python.getitem:
            return args[0][args[1]]
        if target == NAMED:
            self.marks.append((args[1], args[2], args[0]))
            return None
        if target == CHECKED:
            return _check(args[0], args[1], node)
        if target == DETACHED:
            return detached(args[0])
        name = known(target) or ""
        self.draws.strides = _strides(node) if is_random(name) else None
        self.draws.dtype = getattr(node.meta.get("val"), "dtype", None)
        options = {
            key: self._given(value)
            for key, value in node.kwargs.items()
            if key not in _ABOUT_MEMORY
        }
        try:
            y = operator(name)(*([self.draws] if draws(name) else []), *args, **options)
            return _fitted(y, node.meta.get("val"))
        except (AutogradError, TypeError, ValueError, IndexError) as error:
            raise GraphError(f"{target} in {line_of(node)}: {error}") from error

    def _given(self, x: Any) -> Any:
        """An argument of torch's: nodes as what they gave, in lists too."""
        if isinstance(x, (list, tuple)):
            return [self._given(each) for each in x]
        return self.values[x.name] if hasattr(x, "op") and hasattr(x, "name") else x


def _check(truth: Any, expected: bool, node: Any) -> None:
    """Raise where the model's own check of its numbers fails."""
    if bool(plain(truth)) is not expected:
        raise GraphError(f"the model refuses these inputs: its check fails in {line_of(node)}")


def _strides(node: Any) -> tuple[int, ...] | None:
    """How torch has the first operand of a node in memory."""
    value: Any = getattr(node.args[0], "meta", {}).get("val") if node.args else None
    return tuple(value.stride()) if hasattr(value, "stride") else None


def _refuse_unknown(graph: Any) -> None:
    """Raise for the operators that there are not here, and for shapes that depend on numbers."""
    for node in graph.nodes:
        if str(node.target) == _TAKEN_OUT:
            raise GraphError(
                f"a number is taken out of the graph by .item(), float() or tolist(), in {line_of(node)}: "
                f"write it with tensors, x.max() and not x.max().item(); x.max().detach() to hold it"
            )
        if node.op == "get_attr" or (node.op == "call_function" and not _is_known(node)):
            raise GraphError(
                f"{node.target} is not supported, which the model uses in {line_of(node)}: write it with "
                f"the operators that docs/from_torch.md lists"
            )
        for value in _tensors(node.meta.get("val")):
            if not all(isinstance(n, int) for n in value.shape):
                raise GraphError(
                    f"the shape of what {node.target} gives depends on the numbers, in {line_of(node)}: a "
                    f"graph has fixed shapes; write torch.where, or a mask times the numbers"
                )


def _is_known(node: Any) -> bool:
    target = str(node.target)
    ours = target in (NAMED, DETACHED, CHECKED)
    return node.target is python.getitem or ours or known(target) is not None


def _tensors(value: Any) -> list[Any]:
    parts = value if isinstance(value, (list, tuple)) else [value]
    return [part for part in parts if hasattr(part, "shape")]


def _fitted(y: Any, expected: Any) -> Any:
    """A result in the dtype that torch says, integers and truth values as plain arrays.

    Raises GraphError when it has another shape than torch's.
    """
    if isinstance(expected, (list, tuple)):
        return [_fitted(a, b) for a, b in zip(y, expected, strict=False)]
    if y is None or not hasattr(expected, "dtype"):
        return y
    dtype = np.dtype(str(expected.dtype).removeprefix("torch."))
    made = _brought(y, dtype)
    if np.shape(plain(made)) != tuple(expected.shape) and np.size(plain(made)):
        raise GraphError(f"gave shape {np.shape(plain(made))}, and torch {tuple(expected.shape)}")
    return made


def _brought(y: Numbers, dtype: Any) -> Any:
    truths = plain(y).dtype == bool if hasattr(plain(y), "dtype") else False
    if moves(y) and truths and dtype.kind == "b":
        return y  # a comparison as a node: it is made again for other numbers
    if dtype.kind != "f":
        return np.asarray(plain(y)).astype(dtype)
    if not isinstance(y, Tensor):
        return np.asarray(plain(y), dtype)
    y = y * 1.0 if truths else y
    return y if y.dtype == dtype else y.astype(dtype)
