"""Sweeps whose adjoints are nodes, recorded like any computation: derivatives of derivatives."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Final

import numpy as np

from autograd_lite.arithmetics.arithmetic import Adjoints, summed_axes
from autograd_lite.node import Node
from autograd_lite.rules.kinks import chained
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import graph, plain


class Graph:
    """A sweep whose adjoints are nodes, recorded like any other computation: derivatives of derivatives."""

    waiting: Final[dict[Any, Any]] = {}

    def gather(self, adjoint: Adjoints, node: Any) -> None:
        raise NotImplementedError("on the graph each contribution is a node of its own")

    def again(self, results: Iterable[Any]) -> None:
        return None  # each product is masked as it is made

    def quiet(self) -> AbstractContextManager[Any]:
        return np.errstate(all="ignore")

    def pull(self, node: Any, i: int, g: Any) -> Any:
        rule, xs, static = node.rule, node.operands, node.static
        if rule.partials is not None:
            c = _chain_on_graph(g, rule.partials[i], node, xs, static)
        else:
            vjp = rule.vjp(i)
            c = None if vjp is None else vjp(graph, g, node, *xs, **static)
        return None if c is None else _like_on_graph(c, xs[i])

    def push(self, node: Any, i: int, t: Any) -> Any:
        rule, xs, static = node.rule, node.operands, node.static
        if rule.partials is not None:
            c = _chain_on_graph(t, rule.partials[i], node, xs, static)
        else:
            jvp = rule.jvp(i)
            c = None if jvp is None else jvp(graph, t, node, *xs, **static)
        if c is None:
            return None
        shape = np.shape(plain(node))
        c = c if np.shape(plain(c)) == shape else graph.broadcast_to(c, shape)
        return _in_dtype_of(node, c)

    def own(self, node: Any, g: Any) -> Any:
        return g

    def pull_all(self, node: Any, g: Any, adjoint: Adjoints) -> None:
        for i, x in enumerate(node.operands):
            if (
                isinstance(x, Node)
                and x.rule is not constant
                and (c := self.pull(node, i, g)) is not None
            ):
                adjoint[x] = adjoint[x] + c if x in adjoint else c


def _chain_on_graph(g: Any, partial: Any, node: Any, xs: tuple[Any, ...], static: Any) -> Any:
    if partial is None:
        return None
    d = partial(graph, node, *xs, **static)
    if type(d) is float and d == 1.0:
        return g
    return chained(graph, g, d)


def _like_on_graph(c: Any, x: Any) -> Any:
    shape, wanted = np.shape(plain(c)), np.shape(plain(x))
    if shape != wanted:
        c = graph.reshape(graph.sum(c, axis=summed_axes(shape, wanted)), wanted)
    return _in_dtype_of(x, c)


def _in_dtype_of(x: Any, c: Any) -> Any:
    # a Value has no dtype, or that of a NumPy number it was multiplied by
    dtype = getattr(plain(x), "dtype", None)
    fits = dtype is None or getattr(plain(c), "dtype", dtype) == dtype
    return c if fits else graph.astype(c, dtype)


GRAPH: Final = Graph()
