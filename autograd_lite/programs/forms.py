"""Results and derivatives in the form in which the caller has them: nested as arguments and results are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from autograd_lite.errors import ShapeError
from autograd_lite.node import Node
from autograd_lite.programs.graph import Graph
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_map

Builder = Callable[[Sequence[Any]], Any]
"""(numbers) -> a tree that has them"""


def numbered(graph: Graph) -> tuple[Any, ...]:
    """The arguments with the place of each leaf among all leaves in place of it.

    >>> from autograd_lite.programs.graph import graph_of
    >>> numbered(graph_of(lambda x, ys: x * ys[0] + ys[1], (1.0, [2.0, 3.0])))
    (0, [1, 2])
    """
    places: Iterator[int] = iter(range(len(graph.inputs)))
    return tree_map(lambda _: next(places), graph.arguments)  # type: ignore[no-any-return]


def builder(tree: Any) -> Builder:
    """What puts numbers into a tree in place of their places.

    >>> builder({"a": 1, "b": [0]})([3.0, 4.0])
    {'a': 4.0, 'b': [3.0]}
    """
    if isinstance(tree, int):
        return lambda numbers: handed_out(numbers[tree])
    if type(tree) in (list, tuple) and len(tree) > 1 and all(type(k) is int for k in tree):
        kind, pick = type(tree), itemgetter(*tree)  # many numbers in a list: no walk for each
        return lambda numbers: kind(map(handed_out, pick(numbers)))
    return lambda numbers: tree_map(lambda k: handed_out(numbers[k]), tree)


def result_builder(graph: Graph, *, moved: bool = False) -> Builder:
    """What gives the function's result in its form, from the numbers of `graph.results`.

    moved  whether the numbers are tangents: what does not move has tangent 0
    """
    if len(graph.results) == 1 and graph.result is graph.results[0]:
        return lambda numbers: handed_out(numbers[0])
    places = {id(node): k for k, node in enumerate(graph.results)}

    def build(numbers: Sequence[Any]) -> Any:
        def put(x: Any) -> Any:
            if id(x) in places:
                return handed_out(numbers[places[id(x)]])
            return handed_out(np.zeros_like(plain(x)) if moved else np.array(plain(x)))

        return tree_map(put, graph.result)

    return build


def seeds_of(graph: Graph, gradient: Any) -> list[Any]:
    """The parts of a gradient, nested as the result is, for the nodes in it.

    Raises ShapeError for a part of another shape.
    """
    seeds: list[Any] = []
    nodes = set(graph.results)

    def add(y: Any, g: Any) -> None:
        number = plain(y)
        if np.shape(g) != np.shape(number):
            raise ShapeError(
                f"the gradient has shape {np.shape(g)}, and the value {np.shape(number)}"
            )
        if isinstance(y, Node) and y in nodes:
            seeds.append(float(g) if type(number) is float else np.asarray(g, number.dtype))

    tree_map(add, graph.result, gradient)
    return seeds


def handed_out(x: Any) -> Any:
    """A number or array as it is returned: of an array without axes its number."""
    return x if type(x) is float or x.ndim else float(x)
