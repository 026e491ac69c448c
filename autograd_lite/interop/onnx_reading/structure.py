"""What a graph is made of, checked before anything is computed: names, initialisers, the order of nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from autograd_lite.errors import GraphError
from autograd_lite.interop.onnx_reading.names import checked, described, shown
from autograd_lite.interop.onnx_reading.tensors import array_of
from autograd_lite.interop.onnx_reading.values import NDArray

DEEPEST: Final = 20
"""How deep functions and graphs may stand inside one another."""

MOST_PARTS: Final = 2_000_000
"""How many nodes, attributes, shapes and lengths a file may be made of."""


def initialisers(graph: Any) -> dict[str, NDArray]:
    """The arrays that a graph has in itself, by their names.

    Raises GraphError when a name is given twice, or one is stored in a form that is not read.
    """
    if graph.sparse_initializer:
        name = graph.sparse_initializer[0].values.name
        raise GraphError(f"the initialiser {shown(name)} is sparse, which is not read")
    found: dict[str, NDArray] = {}
    for tensor in graph.initializer:
        if not tensor.name or tensor.name in found:
            raise GraphError(
                f"two initialisers are called {shown(tensor.name)}, or one has no name"
            )
        found[checked(tensor.name, "an initialiser's name")] = array_of(tensor)
    return found


def check_graph(graph: Any, known: frozenset[str] = frozenset(), depth: int = 0) -> None:
    """Check that every name is given once, before it is read.

    known  the names of the graphs around it; depth  how many these are

    Raises GraphError, naming the node.
    """
    if depth > DEEPEST:
        raise GraphError(f"graphs stand more than {DEEPEST} deep in one another")
    inputs = [checked(x.name, "an input's name") for x in graph.input]
    _refuse_twice(inputs, "inputs")
    names = set(known) | {t.name for t in graph.initializer} | set(inputs)
    check_nodes(graph.node, names, depth)
    for output in graph.output:
        if checked(output.name, "an output's name") not in names:
            raise GraphError(f"the output {shown(output.name)} is computed by no node")


def check_nodes(nodes: Any, names: set[str], depth: int = 0) -> None:
    """Check nodes in their order; `names` are those known before, and afterwards those known then.

    Raises GraphError, naming the node.
    """
    later = {name: k for k, node in enumerate(nodes) for name in node.output if name}
    for place, node in enumerate(nodes):
        where = described(node, place)
        attributes = (attribute.name for attribute in node.attribute)
        for name in (node.name, node.op_type, node.domain, *node.output, *attributes):
            checked(name, f"a name at {where}")
        for name in filter(None, node.input):
            if name not in names:
                raise GraphError(f"{where}: {_missing(name, later, place)}")
        for inner in graphs_in(node):
            check_graph(inner, frozenset(names), depth + 1)
        for name in filter(None, node.output):
            if name in names:
                raise GraphError(f"{where}: two values are called {shown(name)}")
            names.add(name)


def graphs_in(node: Any) -> Iterator[Any]:
    """The graphs in a node's attributes."""
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def check_texts(proto: Any) -> None:
    """Check that every text in a message is one: Protocol Buffers hand out as bytes what is none.

    Raises GraphError, also for a message of so many parts that to look at each takes minutes.
    """
    todo = [proto]
    for message in todo:
        if len(todo) > MOST_PARTS:
            raise GraphError(f"the model has more than {MOST_PARTS:,} parts")
        for field, value in message.ListFields():
            if field.type == field.TYPE_MESSAGE:
                todo.extend([value] if hasattr(value, "ListFields") else value)
            elif field.type == field.TYPE_STRING:
                texts = [value] if isinstance(value, (str, bytes)) else value
                bad = [text for text in texts if isinstance(text, bytes)]
                if bad:
                    raise GraphError(
                        f"the model is damaged: {bad[0][:40]!r} ({field.name}) is no text"
                    )


def _missing(name: str, later: dict[str, int], place: int) -> str:
    if later.get(name, -1) >= place:
        return (
            f"it reads {shown(name)}, which it or a later node computes: the nodes run in a circle or out "
            f"of order"
        )
    return f"it reads {shown(name)}, which is no input, no initialiser and no node's output"


def _refuse_twice(names: list[str], what: str) -> None:
    for name, times in Counter(names).items():
        if not name or times > 1:
            raise GraphError(f"two {what} are called {shown(name)}, or one has no name")
