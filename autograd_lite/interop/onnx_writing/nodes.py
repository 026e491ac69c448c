"""A graph that has been computed as an ONNX model: nodes, or what was read from another model."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite.errors import OperandError
from autograd_lite.interop.imported import ImportedGraph
from autograd_lite.interop.onnx_writing.drafting import drafted
from autograd_lite.interop.onnx_writing.model import model_of
from autograd_lite.interop.onnx_writing.naming import own_names
from autograd_lite.node import Node
from autograd_lite.order import reachable
from autograd_lite.programs.graph import Graph, graph_up_to
from autograd_lite.rules.namespaces import plain

if TYPE_CHECKING:
    import onnx


def of_nodes(given: Node | ImportedGraph, gradients: bool) -> onnx.ModelProto:
    """The model of a node, whose leaves are the inputs, or of an imported graph, with its parameters.

    What was computed in one call is kept as it is: its shapes, what was decided by numbers, inputs of whole
    numbers and of truths, which are constants of a graph.

    Raises OperandError for a constant, and what `drafted` raises.
    """
    graph = _of_node(given) if isinstance(given, Node) else _of_imported(given)
    names = own_names(graph)
    if isinstance(given, ImportedGraph):
        names.update({leaf: name for name, leaf in given.parameters.items()})
    kinds = tuple(np.asarray(plain(x)).dtype for x in graph.inputs)
    said = {
        "batch": "Shapes, and what was decided by numbers, are those of the graph, which had been computed."
    }
    if fixed := _fixed(given):
        said["inputs"] = f"So are the numbers of {', '.join(fixed)}, which are no inputs."
    return model_of(drafted(graph, names, kinds, gradients), "graph", {}, said)


def _of_node(output: Node) -> Graph:
    if not output.requires_grad:
        raise OperandError(
            f"{output.describe()} is a constant: a model is of what moves with a leaf"
        )
    return graph_up_to(output)


def _fixed(given: Node | ImportedGraph) -> list[str]:
    """The names of inputs that are constants of the graph."""
    inputs = given.inputs if isinstance(given, ImportedGraph) else ()
    return [x.name or "an input" for x in inputs if not x.requires_grad]


def _of_imported(given: ImportedGraph) -> Graph:
    if not any(x.requires_grad for x in given.outputs):
        raise OperandError(f"{given} has constants alone: a model is of what moves with a leaf")
    moving = tuple(x for x in given.inputs if x.requires_grad)
    parameters, operations = set(given.parameters.values()), dict[Any, None]()
    for output in given.outputs:
        operations.update(dict.fromkeys(reachable(output)[1]))
    ordered = sorted(operations, key=attrgetter("number"))
    used = {x for node in ordered for x in node.parents} | set(given.outputs)
    kept = tuple(x for x in given.parameters.values() if x in used and x in parameters)
    result = given.outputs[0] if len(given.outputs) == 1 else given.outputs
    return Graph((), result, moving, kept, tuple(ordered))
