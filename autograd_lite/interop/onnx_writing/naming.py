"""What is called how in a model: inputs after arguments, parameters by their place in a module."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any, Final

from autograd_lite.node import Node
from autograd_lite.programs.graph import Graph
from autograd_lite.programs.writing.names import identifier
from autograd_lite.trees import tree_leaves


def leaf_names(f: Callable[..., Any], graph: Graph) -> dict[Node, str]:
    """A name for each leaf of the graph of a call of f, wished for: two leaves may have the same.

    >>> from autograd_lite import Value
    >>> from autograd_lite.programs.graph import graph_of
    >>> w = Value(3.0, name="w")
    >>> f = lambda x: w * x
    >>> list(leaf_names(f, graph_of(f, (2.0,))).values())
    ['x', 'w']
    """
    dotted = dict(_parameters_of(f))
    names = {leaf: dotted.get(leaf) or leaf.name or "parameter" for leaf in graph.parameters}
    return {**dict(_of_arguments(f, graph)), **names}


def own_names(graph: Graph) -> dict[Node, str]:
    """The leaves' own names, of a graph that no function stands for."""
    return {leaf: identifier(leaf.name) or "x" for leaf in graph.leaves}


def _of_arguments(f: Callable[..., Any], graph: Graph) -> Iterator[tuple[Node, str]]:
    """Each input as f calls its argument; leaves of a list or dict are numbered."""
    names = _argument_names(f, len(graph.arguments))
    for name, argument in zip(names, graph.arguments, strict=True):
        leaves = list(tree_leaves(argument))
        for k, leaf in enumerate(leaves, 1):
            yield leaf, name if len(leaves) == 1 else f"{name}_{k}"


def _argument_names(f: Callable[..., Any], count: int) -> list[str]:
    """Of a module those of its forward; x_1, x_2 where there are none."""
    parameters: list[inspect.Parameter] = []
    with contextlib.suppress(TypeError, ValueError):  # of what is not written in Python
        parameters = [*inspect.signature(getattr(f, "forward", f)).parameters.values()]
    names = [
        p.name for p in parameters if p.kind is not p.VAR_POSITIONAL and p.kind is not p.VAR_KEYWORD
    ]
    rest = [p.name for p in parameters if p.kind is p.VAR_POSITIONAL] or ["x"]
    more = count - len(names)
    return [*names, *(f"{rest[0]}_{k}" if more > 1 else rest[0] for k in range(1, more + 1))][
        :count
    ]


def _parameters_of(f: Callable[..., Any]) -> Iterator[tuple[Node, str]]:
    """The parameters of modules that f is, or closes over: encoder.weight where there are several modules."""
    modules = list(_modules(f))
    for name, module in modules:
        for dotted, leaf in module.named_parameters():
            if isinstance(leaf, Node):
                yield leaf, dotted if len(modules) == 1 or not name else f"{name}.{dotted}"


def _modules(f: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    if _is_module(f):
        yield "", f
        return
    if _is_module(owner := getattr(f, "__self__", None)):
        yield "", owner
    if inspect.isfunction(f):
        found = inspect.getclosurevars(f)
        for name, x in {**found.globals, **found.nonlocals}.items():
            if _is_module(x):
                yield name, x


def _is_module(x: Any) -> bool:
    return not inspect.isclass(x) and callable(getattr(x, "named_parameters", None))


# --- topics ------------------------------------------------------------------------------------------

_RESULT: Final = "output"


def result_names(graph: Graph) -> list[str]:
    """A name for each number or array that the function returned."""
    results = list(tree_leaves(graph.result))
    plain = [f"{_RESULT}_{k}" if len(results) > 1 else _RESULT for k in range(1, len(results) + 1)]
    return [
        (identifier(x.name) if isinstance(x, Node) and not x.is_leaf else "") or name
        for x, name in zip(results, plain, strict=True)
    ]


def topic(node: Node) -> str:
    """Where a node comes from: its module, and its name or its operation. MLP.layers.0/xi_1."""
    return "/".join(part for part in (node.scope, identifier(node.name) or node.rule.name) if part)
