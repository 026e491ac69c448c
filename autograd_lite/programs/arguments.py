"""The inputs of a call, compared with the example: a program holds for its shapes and dtypes alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_lite.programs.graph import Graph
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves


def checked(graph: Graph, inputs: Sequence[Any]) -> list[Any]:
    """The numbers of all leaves: those of the inputs, and of the parameters as they are now."""
    return [*map(plain, tree_leaves(inputs)), *(x._data for x in graph.parameters)]
