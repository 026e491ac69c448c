"""Source, executed by itself, against the eager engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.programs.graph import Graph
from autograd_lite.programs.writing import Source
from autograd_lite.trees import tree_leaves


def run(source: Source) -> tuple[Any, Any]:
    """What the function returns for the numbers that it was traced at; it has nothing but NumPy."""
    session: dict[str, Any] = {}
    exec(str(source), session)  # noqa: S102 - the source under test
    return session["program"](**source.arguments)  # type: ignore[no-any-return]


def eager(graph: Graph) -> list[Any]:
    """The gradients that the engine leaves on the leaves; of results that are arrays, of their sum."""
    for leaf in graph.leaves:
        leaf.grad = None
    for result in dict.fromkeys(graph.results):
        result.backward(np.ones_like(result.value) if np.ndim(result.value) else None)
    found = [np.zeros_like(x.value) if x.grad is None else x.grad for x in graph.leaves]
    for leaf in graph.leaves:
        leaf.grad = None
    return found


def same_numbers(graph: Graph, source: Source) -> None:
    """Values and gradients to 1e-12, in the shapes of the leaves."""
    value, gradients = run(source)
    for got, want in zip(tree_leaves(value), tree_leaves(graph.result), strict=True):
        close(got, want.value if isinstance(want, Node) else want)
    for got, want in zip(tree_leaves(gradients), eager(graph), strict=True):
        assert np.shape(got) == np.shape(want)
        close(got, want)


def close(got: Any, want: Any) -> None:
    size = float(np.max(np.abs(want), initial=1e-3))
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12 * size)
