"""What a function computed in one call: the arguments' leaves, the operations in order, and the result."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from autograd_lite._tensor import Tensor
from autograd_lite.differentiable import refuse_no_argument, refuse_no_result
from autograd_lite.modes import collector_paused, recording
from autograd_lite.node import Node
from autograd_lite.order import reachable, refuse_stale
from autograd_lite.programs.surroundings import Bindings
from autograd_lite.rules.leaves import constant
from autograd_lite.trees import tree_leaves, tree_map
from autograd_lite.value import Value
from autograd_lite.watches import read


@dataclass(frozen=True, eq=False)
class Graph:
    """The graph of one call of a function.

    arguments   what the function was called with: a leaf in place of each number and array
    result      what it returned: nodes in place of the numbers and arrays that move with a leaf
    inputs      the leaves of the arguments, in order
    parameters  leaves with derivatives that are no arguments: the function closes over them
    operations  in order of evaluation
    bindings    where the function finds its parameters, if that is known

    >>> from autograd_lite import Value
    >>> w = Value(3.0, name="w")
    >>> graph = graph_of(lambda x: w * x + 1.0, (2.0,))
    >>> [leaf.name for leaf in graph.leaves], [node.rule.name for node in graph.operations]
    (['x', 'w'], ['multiply', 'add'])
    """

    arguments: tuple[Any, ...]
    result: Any
    inputs: tuple[Node, ...]
    parameters: tuple[Node, ...]
    operations: tuple[Node, ...]
    bindings: Bindings | None = None

    @property
    def leaves(self) -> tuple[Node, ...]:
        """Inputs and parameters: all that a result can move with."""
        return (*self.inputs, *self.parameters)

    @property
    def results(self) -> tuple[Node, ...]:
        """The nodes in the result, in order, each once."""
        return tuple(dict.fromkeys(x for x in tree_leaves(self.result) if _moves(x)))

    @property
    def is_of_numbers(self) -> bool:
        """Whether its nodes are Values, single numbers; else they are Tensors."""
        return all(isinstance(node, Value) for node in (*self.results, *self.inputs))


def graph_of(f: Callable[..., Any], example: tuple[Any, ...]) -> Graph:
    """The graph of f(*example); of an example's nodes only the numbers count.

    Numbers become Values where there is no array among the arguments, else Tensors without axes.

    Raises OperandError when an argument is no number or array, or f returns None.
    """
    return graph_at(f, arguments_of(f, example))


def arguments_of(f: Callable[..., Any], example: tuple[Any, ...]) -> tuple[Any, ...]:
    """The example with a leaf in place of each number and array, named as f calls its arguments."""
    has_arrays = any(_is_array(x) for x in tree_leaves(example))
    arguments: tuple[Any, ...] = tree_map(lambda x: _leaf(x, has_arrays), example)
    _name(f, arguments)
    return arguments


def graph_at(f: Callable[..., Any], arguments: tuple[Any, ...]) -> Graph:
    """The graph of f(*arguments), whose leaves are nodes.

    Raises StaleError where f wrote into a leaf after it had computed with it: a graph has one number of each.
    """
    with recording(), collector_paused():
        result = f(*tree_map(lambda x: x, arguments))  # lists of f's own, which it may write to
        refuse_no_result(result)
        inputs = tuple(tree_leaves(arguments))
        known, parameters, operations = set(inputs), dict[Node, None](), list[Node]()
        for root in (x for x in tree_leaves(result) if _moves(x)):
            leaves, found = reachable(root)
            refuse_stale(leaves, found)
            parameters.update(dict.fromkeys(x for x in leaves if x not in known and _moves(x)))
            operations = _joined(operations, found)
    return Graph(arguments, result, inputs, tuple(parameters), tuple(operations))


def graph_up_to(output: Node) -> Graph:
    """The graph of a node that has been computed; its inputs are the leaves that it moves with.

    >>> from autograd_lite import Value
    >>> x = Value(2.0, "x")
    >>> [node.rule.name for node in graph_up_to(x * x + 1.0).operations]
    ['multiply', 'add']
    """
    known_alone = [
        node
        for node in reachable(output)[1]
        if node.name and node is not output and not any(x.requires_grad for x in node.parents)
    ]  # u = constant: a variable, as the flow graph has it
    leaves, operations = reachable(output, known_alone)
    moving = [x for x in leaves if x.requires_grad]
    inputs = tuple(sorted([*moving, *known_alone], key=attrgetter("number")))
    return Graph((), output, inputs, (), tuple(operations))


def _joined(nodes: list[Node], others: list[Node]) -> list[Node]:
    """Both, each node once, in order of creation."""
    if not nodes:
        return others
    return sorted({*nodes, *others}, key=attrgetter("number"))


def _moves(x: object) -> bool:
    return isinstance(x, Node) and x.rule is not constant


def _is_array(x: object) -> bool:
    return isinstance(x, Tensor) or not isinstance(x, (Value, int, float))


def _leaf(x: object, has_arrays: bool) -> Node:
    refuse_no_argument(x)
    name, number = x.name if isinstance(x, Node) else None, read(x, "value")
    return Tensor(number, requires_grad=True, name=name) if has_arrays else Value(number, name)


def _name(f: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Call each leaf that has no name as f calls its argument; leaves in a list are numbered."""
    try:
        names = list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        return
    for name, argument in zip(names, arguments, strict=False):
        leaves = list(tree_leaves(argument))
        for k, leaf in enumerate(leaves, 1):
            if leaf.name is None:
                leaf.named(name if len(leaves) == 1 else f"{name}_{k}")
