"""Sweeps whose adjoints are nodes, recorded like any computation: derivatives of derivatives."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np

from autograd_lite.arithmetics.arithmetic import Adjoints, Arithmetic, summed_axes
from autograd_lite.errors import AutogradError
from autograd_lite.modes import ACTIVE
from autograd_lite.node import Node
from autograd_lite.rules.contract import refuse_partial, refuse_pulled, refuse_pushed
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import arrays, graph, plain
from autograd_lite.rules.zeros import Known, absorbs_overflow, chained, exact_zeros, poles_in_sums
from autograd_lite.watches import note

CHOSEN: Final = frozenset(
    "max_pool1d max_pool2d norm std softplus_to_line remainder fmod hypot det logabsdet pinv eigvalsh "
    "eigenvectors svdvals singular_vectors logaddexp".split()
)
"""Operations whose derivative asks their numbers which formula holds: of a program they would keep one."""


class RecordedArithmetic(Arithmetic):
    """A sweep whose adjoints are nodes, recorded like any other computation: derivatives of derivatives.

    careful  whether 0·inf is 0 where the zero is exact, which what is recorded shows: a sweep that ended in
             nan is repeated so, whatever it was made with
    further  whether what is recorded will be differentiated in turn; if not, a derivative of somebody's own
             that computes with NumPy alone will do
    """

    def __init__(self, *, careful: bool = False, further: bool = True) -> None:
        self.careful, self.further = careful, further
        self.zeros: Known = {}
        self.overflows: Known = {}

    def met_masks(self, found: Adjoints, also: Collection[Any] = ()) -> bool:
        return not self.careful and any(
            np.isnan(plain(g)).any() for x, g in found.items() if x.left is None or x in also
        )

    def pull(self, node: Node, i: int, g: Any) -> Any:
        rule, x = node.rule, node.operands[i]
        if rule.partials is not None:
            c = self._chain(g, i, node)
        else:
            vjp = rule.vjp(i)
            if vjp is None:
                return None
            c = self._recorded(vjp, node, g)
            refuse_pulled(node, i, c)
            c = self._masked(c, vjp, node, g, x)
        return None if c is None else _like_on_graph(c, x)

    def push(self, node: Node, i: int, t: Any) -> Any:
        rule = node.rule
        if rule.partials is not None:
            c = self._chain(t, i, node)
        else:
            jvp = rule.jvp(i)
            if jvp is None:
                return None
            c = self._recorded(jvp, node, t)
            refuse_pushed(node, i, c)
            c = self._masked(c, jvp, node, t, node)
        if c is None:
            return None
        shape = np.shape(plain(node))
        c = c if np.shape(plain(c)) == shape else graph.broadcast_to(c, shape)
        return _in_dtype_of(node, c)

    def pull_all(self, node: Node, g: Any, adjoint: Adjoints) -> None:
        for i, x in enumerate(node.operands):
            if (
                isinstance(x, Node)
                and x.rule is not constant
                and (c := self.pull(node, i, g)) is not None
            ):
                adjoint[x] = adjoint[x] + c if x in adjoint else c

    def _chain(self, g: Any, i: int, node: Node) -> Any:
        partial = node.rule.partials[i]  # type: ignore[index]
        if partial is None:
            return None
        d = self._recorded(partial, node)
        refuse_partial(node, i, d)
        if type(d) is float and d == 1.0:
            return g
        if not self.careful:
            return g * d
        return chained(
            graph, g, d, self.zeros, absorbs_overflow(node, node.operands[i], d, self.overflows)
        )

    def _recorded(self, derivative: Any, node: Node, *g: Any) -> Any:
        return self._applied(derivative, node, g, node.operands)

    def _applied(self, derivative: Any, node: Node, g: Any, operands: Any) -> Any:
        if ACTIVE and node.rule.name in CHOSEN:
            note(node, "derivative")
        try:
            return derivative(graph, *g, node, *operands, **node.static)
        except AutogradError:
            if self.further:
                raise
            xs = map(plain, (*g, node, *operands))
            return derivative(arrays, *xs, **node.static)

    def _masked(self, c: Any, derivative: Any, node: Node, g: Any, to: Any) -> Any:
        """The contribution c made from g, but 0 where nothing of g can move, or only what masks a pole."""
        if not self.careful:
            return c
        if exact_zeros(g, self.zeros).all():
            return np.zeros_like(plain(to))
        if not node.rule.linear_in or not np.isnan(plain(c)).any():
            return c
        reached, (g, *operands) = poles_in_sums(derivative, node, g, self.zeros)
        return graph.where(reached, c, self._applied(derivative, node, [g], operands))


def _like_on_graph(c: Any, x: Any) -> Any:
    shape, wanted = np.shape(plain(c)), np.shape(plain(x))
    if shape != wanted:
        c = graph.reshape(graph.sum(c, axis=summed_axes(shape, wanted)), wanted)
    return _in_dtype_of(x, c)


def _in_dtype_of(x: Any, c: Any) -> Any:
    # a Value has no dtype, or that of a NumPy number it was multiplied by
    dtype = getattr(plain(x), "dtype", None)
    fits = dtype is None or getattr(plain(c), "dtype", dtype) == dtype
    c = c if fits else graph.astype(c, dtype)
    # a derivative of zeros may be plain numbers: whoever asked for a graph gets nodes
    return c if isinstance(c, Node) else type(x)(c, requires_grad=False)
