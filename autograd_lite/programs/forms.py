"""Results and derivatives in the form in which the caller has them: nested as arguments and results are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.modes import ACTIVE, MODES
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_nodes_in
from autograd_lite.programs.arguments import refuse_cuts
from autograd_lite.programs.graph import Graph
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves, tree_map

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


def builder(tree: Any, *, of_floats: bool = False) -> Builder:
    """What puts numbers into a tree in place of their places.

    of_floats  whether all numbers are Python's, in the form in which they are returned

    >>> builder({"a": 1, "b": [0]})([3.0, 4.0])
    {'a': 4.0, 'b': [3.0]}
    """
    if isinstance(tree, int):
        return lambda numbers: handed_out(numbers[tree])
    if type(tree) in (list, tuple) and len(tree) > 1 and all(type(k) is int for k in tree):
        kind, pick = type(tree), itemgetter(*tree)  # many numbers in a list: no walk for each
        if of_floats:
            return lambda numbers: kind(pick(numbers))
        return lambda numbers: kind(map(handed_out, pick(numbers)))
    return lambda numbers: tree_map(lambda k: handed_out(numbers[k]), tree)


def result_builder(graph: Graph, *, moved: bool = False) -> Builder:
    """What gives the function's result in its form, from the numbers of `graph.results`.

    moved  whether the numbers are tangents: what does not move has tangent 0
    """
    if len(graph.results) == 1 and graph.result is graph.results[0]:
        return lambda numbers: handed_out(numbers[0])
    places = {id(node): k for k, node in enumerate(graph.results)}
    still = tree_map(lambda x: None if id(x) in places else np.array(plain(x)), graph.result)

    def build(numbers: Sequence[Any]) -> Any:
        given: set[int] = set()

        def put(x: Any, constant: Any) -> Any:
            if constant is not None:
                return handed_out(np.zeros_like(constant) if moved else constant.copy())
            number = numbers[places[id(x)]]
            is_second = id(x) in given  # whoever writes into one array does not mean the other
            given.add(id(x))
            return handed_out(number.copy() if is_second and type(number) is not float else number)

        return tree_map(put, graph.result, still)

    return build


def seeds_of(graph: Graph, gradient: Any) -> list[Any]:
    """The parts of a gradient, nested as the result is, by node in it; they add up where one is there twice.

    Raises ShapeError for a part of another shape, and OperandError for what is no number or array.
    """
    seeds: dict[Node, Any] = dict.fromkeys(graph.results)

    def add(y: Any, g: Any) -> None:
        number = plain(y)
        if (seed := _seed(g)).shape != np.shape(number):
            raise ShapeError(
                f"the gradient has shape {seed.shape}, and the value {np.shape(number)}"
            )
        if isinstance(y, Node) and y in seeds:
            seed = float(seed) if type(number) is float else seed.astype(number.dtype, copy=False)
            seeds[y] = seed if seeds[y] is None else seeds[y] + seed

    if ACTIVE or MODES.traces:
        refuse_cuts(tree_leaves(gradient))
    tree_map(add, graph.result, gradient)
    return list(seeds.values())


def _seed(g: Any) -> Any:
    """A part of a gradient as an array."""
    number = plain(g)
    refuse_nodes_in(g)
    try:
        seed = np.asarray(number)
        return seed if seed.dtype.kind == "f" else seed.astype(np.float64, casting="safe")
    except (TypeError, ValueError):
        raise OperandError(f"a gradient is made of numbers and arrays, not {brief(g)}") from None


def handed_out(x: Any) -> Any:
    """A number or array as it is returned: of an array without axes its number."""
    return x if type(x) is float or x.ndim else float(x)


def in_numbers(derivative: Any) -> Any:
    """A derivative of the engine's in the form of a program's."""
    return tree_map(lambda d: handed_out(plain(d)), derivative)
