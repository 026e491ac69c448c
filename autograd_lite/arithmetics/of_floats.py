"""Sweeps over Values, with Python floats."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from math import isnan
from typing import Any, Final

import numpy as np

from autograd_lite.arithmetics.arithmetic import Adjoints, Arithmetic
from autograd_lite.node import Node
from autograd_lite.rules.contract import refuse_partial
from autograd_lite.rules.namespaces import arrays, floats, plain

_AS_IT_IS: Final = nullcontext()  # Python's floats warn of nothing


class Floats(Arithmetic):
    """Sweeps over Values with Python floats."""

    def met_masks(self, found: Adjoints, also: Collection[Any] = ()) -> bool:
        try:
            # nan if one is, or if inf and -inf are: a hundredth of the sweep
            return isnan(sum(found.values())) and any(map(isnan, found.values()))
        except TypeError:  # a partial was no number: the sweep on the graph says which
            return True

    def errstate(self) -> AbstractContextManager[Any]:
        return _AS_IT_IS

    def partial(self, node: Node, i: int) -> float | None:
        """∂node/∂operand i at the recorded point, with IEEE's inf and nan at poles."""
        d = node.rule.partials[i]  # type: ignore[index] # Values have elementwise rules alone
        if d is None:
            return None
        xs = [plain(x) for x in node.operands]
        try:
            found = d(floats, node._data, *xs)
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                found = d(arrays, np.float64(node._data), *map(np.float64, xs))
        refuse_partial(node, i, found)
        return float(found)

    def pull(self, node: Node, i: int, g: Any, /) -> Any:
        d = self.partial(node, i)
        return None if d is None else g * d

    push = pull

    def pull_all(self, node: Node, g: float, adjoint: Adjoints) -> None:
        # one and two operands by hand: these lines run once per node of every sweep
        a, b, y = node.left, node.right, node._data
        partials: Any = node.rule.partials  # of functions alone in the usual case, else see below
        try:
            if b is None:
                c = g * partials[0](floats, y, a._data)
                adjoint[a] = adjoint[a] + c if a in adjoint else c
                return
            if not node.rest:
                by_a, by_b = partials
                if not isinstance(b, Node):
                    c = g * by_a(floats, y, a._data, b)
                    adjoint[a] = adjoint[a] + c if a in adjoint else c
                    return
                if isinstance(a, Node):
                    u, v = a._data, b._data
                    c, d = g * by_a(floats, y, u, v), g * by_b(floats, y, u, v)
                    adjoint[a] = adjoint[a] + c if a in adjoint else c
                    adjoint[b] = adjoint[b] + d if b in adjoint else d
                    return
        except (ArithmeticError, ValueError, TypeError):
            pass  # a pole, or an operand without a derivative: below, one operand at a time
        for i, x in enumerate(node.operands):
            if isinstance(x, Node) and (c := self.pull(node, i, g)) is not None:
                adjoint[x] = adjoint[x] + c if x in adjoint else c


FLOATS: Final = Floats()
