"""Sweeps whose adjoints are nodes, recorded like any computation: derivatives of derivatives."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Final

import numpy as np

from autograd_lite.arithmetics.arithmetic import Adjoints, summed_axes
from autograd_lite.node import Node
from autograd_lite.rules.contract import refuse_partial, refuse_pulled, refuse_pushed
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import graph, plain
from autograd_lite.rules.zeros import Known, chained, exact_zeros, swallowed


class RecordedArithmetic:
    """A sweep whose adjoints are nodes, recorded like any other computation: derivatives of derivatives.

    careful  whether 0·inf is 0 where the zero is exact, which what is recorded shows: a sweep that ended in
             nan is repeated so, whatever it was made with
    """

    waiting: Final[dict[Any, Any]] = {}

    def __init__(self, careful: bool = False) -> None:
        self.careful = careful
        self.zeros: Known = {}

    def gather(self, adjoint: Adjoints, node: Any) -> None:
        raise NotImplementedError("on the graph each contribution is a node of its own")

    def met_masks(self, results: Iterable[Any]) -> bool:
        return not self.careful and any(np.isnan(plain(g)).any() for g in results)

    def errstate(self) -> AbstractContextManager[Any]:
        return np.errstate(all="ignore")

    def pull(self, node: Any, i: int, g: Any) -> Any:
        rule, xs, static = node.rule, node.operands, node.static
        if rule.partials is not None:
            c = self._chain(g, i, node)
        else:
            vjp = rule.vjp(i)
            if vjp is None:
                return None
            c = vjp(graph, g, node, *xs, **static)
            refuse_pulled(node, i, c)
            c = self._without_dead(c, g, xs[i])
        return None if c is None else _like_on_graph(c, xs[i])

    def push(self, node: Any, i: int, t: Any) -> Any:
        rule, xs, static = node.rule, node.operands, node.static
        if rule.partials is not None:
            c = self._chain(t, i, node)
        else:
            jvp = rule.jvp(i)
            if jvp is None:
                return None
            c = jvp(graph, t, node, *xs, **static)
            refuse_pushed(node, i, c)
            c = self._without_dead(c, t, node)
        if c is None:
            return None
        shape = np.shape(plain(node))
        c = c if np.shape(plain(c)) == shape else graph.broadcast_to(c, shape)
        return _in_dtype_of(node, c)

    def leaf_gradient(self, node: Any, g: Any) -> Any:
        return g

    def pull_all(self, node: Any, g: Any, adjoint: Adjoints) -> None:
        for i, x in enumerate(node.operands):
            if (
                isinstance(x, Node)
                and x.rule is not constant
                and (c := self.pull(node, i, g)) is not None
            ):
                adjoint[x] = adjoint[x] + c if x in adjoint else c

    def _chain(self, g: Any, i: int, node: Any) -> Any:
        partial = node.rule.partials[i]
        if partial is None:
            return None
        d = partial(graph, node, *node.operands, **node.static)
        refuse_partial(node, i, d)
        if type(d) is float and d == 1.0:
            return g
        if not self.careful:
            return g * d
        return chained(graph, g, d, self.zeros, swallowed(node, node.operands[i], d))

    def _without_dead(self, c: Any, g: Any, x: Any) -> Any:
        """The contribution c made from g to x, but zeros where nothing of g can move."""
        if not self.careful or not exact_zeros(g, self.zeros).all():
            return c
        return np.zeros_like(plain(x))


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
