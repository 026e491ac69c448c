"""Sweeps over Tensors, with NumPy arrays: broadcasting undone, dtypes kept, uses of one array gathered."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.arithmetics.arithmetic import Adjoints, Arithmetic, summed_axes
from autograd_lite.node import Node
from autograd_lite.record import Record, Use
from autograd_lite.rules.contract import refuse_partial, refuse_pulled, refuse_pushed
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import arrays, plain

# gathering pays for small arrays; the uses collected so far are summed now and then, to bound memory
SMALL: Final = 1 << 16
MANY: Final = 1 << 18


class _Group:
    """Nodes of one rule that share their gathered operands, such as a weight, with their adjoints.

    places  which operands receive something
    """

    __slots__ = ("places", "rule", "uses")

    def __init__(self, rule: Record, places: Sequence[int]) -> None:
        self.rule, self.places = rule, places
        self.uses: list[tuple[Any, Any]] = []


def _differentiable(x: Any) -> bool:
    return isinstance(x, Node) and x.rule is not constant


class Arrays(Arithmetic):
    """One sweep over Tensors with NumPy arrays; new for each, since it notes which nodes share an array."""

    def __init__(self) -> None:
        # nodes whose adjoint is a fresh sum that nobody else sees: it is added to in place
        self.summed: set[Any] = set()
        # nodes whose adjoint is the very array of the node it came from, or a view of it
        self.passed_on: set[Any] = set()
        # adjoints of which another is a view
        self.viewed: list[Any] = []
        # what several nodes use together, and for each node the groups that it is in
        self.groups: dict[tuple[Any, ...], _Group] = {}
        self.waiting: dict[Any, list[_Group]] = {}

    def pull_back(self, operations: Sequence[Node], adjoint: Adjoints, keep: bool = True) -> None:
        pull_all, recall = self.pull_all, adjoint.get if keep else adjoint.pop
        waiting = self.waiting
        with self.errstate():
            for node in reversed(operations):
                if waiting and node in waiting:
                    self._gather(adjoint, node)
                if (g := recall(node, None)) is not None:
                    pull_all(node, g, adjoint)
            for node in list(waiting):
                self._gather(adjoint, node)

    def met_masks(self, found: Adjoints, also: Collection[Any] = ()) -> bool:
        return any(
            np.isnan(np.min(g, initial=0.0))
            for x, g in found.items()
            if x.left is None or x in also
        )

    def pull(self, node: Node, i: int, g: Any) -> Any:
        return self._pull(node, i, g, [plain(x) for x in node.operands])

    def _pull(self, node: Node, i: int, g: Any, xs: list[Any]) -> Any:
        rule = node.rule
        if rule.partials is not None:
            d = rule.partials[i]
            return None if d is None else _like(_chained(node, i, g, xs), xs[i])
        vjp = rule.vjp(i)
        if vjp is None:
            return None
        c = vjp(arrays, g, node._data, *xs, **node.static)
        try:
            return _like(c, xs[i])
        except _UNFIT:
            refuse_pulled(node, i, c)
            raise

    def push(self, node: Node, i: int, t: Any) -> Any:
        rule, xs, y, static = node.rule, [plain(x) for x in node.operands], node._data, node.static
        if rule.partials is not None:
            d = rule.partials[i]
            c = None if d is None else _chained(node, i, t, xs)
        else:
            jvp = rule.jvp(i)
            c = None if jvp is None else jvp(arrays, t, y, *xs, **static)
            if jvp is not None:
                refuse_pushed(node, i, c)
        if c is None:
            return None
        return np.broadcast_to(c, y.shape).astype(y.dtype, copy=False)

    def pull_all(self, node: Node, g: Any, adjoint: Adjoints) -> None:
        rule, a, b, y = node.rule, node.left, node.right, node._data
        if rule.partials is None or node.rest:
            self._pull_each(node, g, adjoint)
            return
        try:
            if b is None:  # one and two operands by hand: half of a sweep's time on small arrays
                if (by_a := rule.partials[0]) is not None:
                    self._chain(adjoint, a, g, by_a(arrays, y, a._data))
                return
            u = a._data if isinstance(a, Node) else a
            v = b._data if isinstance(b, Node) else b
            by_a, by_b = rule.partials
            if u is not a and a.rule is not constant and by_a is not None:
                self._chain(adjoint, a, g, by_a(arrays, y, u, v))
            if v is not b and b.rule is not constant and by_b is not None:
                self._chain(adjoint, b, g, by_b(arrays, y, u, v))
        except _UNFIT:
            _blame(node, g)
            raise

    def _pull_each(self, node: Node, g: Any, adjoint: Adjoints) -> None:
        rule, operands = node.rule, node.operands
        xs = [plain(x) for x in operands]
        gathers = rule.gathered and g.size < SMALL
        waiting = self._wait(node, g, adjoint) if gathers else ()
        for i, x in enumerate(operands):
            if i in waiting or not isinstance(x, Node) or x.rule is constant:
                continue
            if rule.adds and self._adds(node, i, g, adjoint, x):
                continue
            c = self._pull(node, i, g, xs)
            if c is not None:
                self._add(adjoint, x, g, c)

    def _wait(self, node: Node, g: Any, adjoint: Adjoints) -> Sequence[int]:
        """Leave the gathered operands of `node` for later; returns which they are."""
        rule, operands = node.rule, node.operands
        shared = [operands[i] for i in rule.gathered]
        key = (rule, *map(id, shared))
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = _Group(
                rule, [i for i in rule.gathered if _differentiable(operands[i])]
            )
            for i in group.places:
                self.waiting.setdefault(operands[i], []).append(group)
        if group.places:
            group.uses.append((node, g))
            if len(group.uses) * g.size > MANY:
                self._sum_up(group, adjoint)
        return rule.gathered

    def _adds(self, node: Node, i: int, g: Any, adjoint: Adjoints, x: Any) -> bool:
        """Whether this use of x could add to its adjoint in place, and did."""
        add = node.rule.add(i)
        if add is None:
            return False
        if x not in self.summed:
            data = x._data
            adjoint[x] = np.array(adjoint[x]) if x in adjoint else np.zeros(data.shape, data.dtype)
            self.summed.add(x)
        add(adjoint[x], g, **node.static)
        return True

    def _gather(self, adjoint: Adjoints, node: Node) -> None:
        """Add to `adjoint` what waits for `node`, before its own operation is differentiated."""
        for group in self.waiting.pop(node):
            self._sum_up(group, adjoint)

    def _sum_up(self, group: _Group, adjoint: Adjoints) -> None:
        rule, uses = group.rule, group.uses
        parts = None
        if len(uses) > 1 and rule.gather is not None:
            parts = rule.gather(
                [Use(g, [plain(x) for x in node.operands], node.static) for node, g in uses]
            )
        for i in group.places:
            if parts is not None:
                self._add(adjoint, uses[0][0].operands[i], None, parts[rule.gathered.index(i)])
            else:
                for node, g in uses:
                    self._add(adjoint, node.operands[i], None, self.pull(node, i, g))
        uses.clear()

    def leaf_gradient(self, node: Node, g: Any) -> Any:
        """A leaf's adjoint as an array of its own: the user's to change in place."""
        if (
            type(g) is np.ndarray
            and g.base is None
            and (node in self.summed or node not in self.passed_on)
        ):
            return g
        return np.array(g)

    def seal(self, adjoint: Adjoints) -> None:
        """Make arrays read-only that several nodes share: written to, one would change another's."""
        for g in (*map(adjoint.get, self.passed_on - self.summed), *self.viewed):
            if type(g) is np.ndarray:
                g.setflags(write=False)

    def _chain(self, adjoint: Adjoints, x: Any, g: Any, d: Any) -> None:
        same = type(d) is float and d == 1.0
        c = g if same else g * d
        data = x._data
        if x in adjoint or c.shape != data.shape or c.dtype is not data.dtype:
            if c.shape != g.shape and g.shape == np.broadcast_shapes(data.shape, g.shape):
                raise ValueError("a partial of more entries than the result")
            self._add(adjoint, x, g, c)
        else:
            adjoint[x] = c  # by reference: most nodes get one contribution
            if same:
                self.passed_on.add(x)

    def _add(self, adjoint: Adjoints, x: Any, g: Any, c: Any) -> None:
        data = x._data
        if c.shape != data.shape or c.dtype is not data.dtype:
            c = _like(c, data)
        so_far = adjoint.get(x)
        if so_far is None:
            adjoint[x] = c
            if c is g:
                self.passed_on.add(x)
            elif c.base is not None:
                self.passed_on.add(x)
                self.viewed.append(g)
        elif x in self.summed:
            so_far += c
            adjoint[x] = so_far  # of a 0-d array NumPy makes a number, which has no place
        else:
            adjoint[x] = so_far + c
            self.summed.add(x)


_UNFIT: Final = (ValueError, TypeError, AttributeError, IndexError)
"""What NumPy raises of a derivative that is no array of real numbers, or of another shape."""


def _chained(node: Node, i: int, g: Any, xs: list[Any]) -> Any:
    """g·∂node/∂operand i for a rule of partials."""
    d = node.rule.partials[i](arrays, node._data, *xs, **node.static)  # type: ignore[index, misc]
    refuse_partial(node, i, d)
    return g if type(d) is float and d == 1.0 else g * d


def _blame(node: Node, g: Any) -> None:
    """Raise in words when a partial of `node` fits nowhere; what a partial itself raises goes on."""
    xs = [plain(x) for x in node.operands]
    for i, d in enumerate(node.rule.partials or ()):
        if d is not None:
            _chained(node, i, g, xs)


def _like(c: Any, x: Any) -> Any:
    """The contribution `c` in the shape and dtype of the operand: broadcasting is undone by summing."""
    if c.shape != x.shape:
        c = _summed(c, summed_axes(c.shape, x.shape)).reshape(x.shape)
    if c.dtype is x.dtype:
        return c
    if c.dtype.kind not in "fiub":
        raise TypeError(f"an adjoint of dtype {c.dtype}")
    return c.astype(x.dtype)


def _summed(c: Any, axes: tuple[int, ...]) -> Any:
    """The sum along axes; over many rows, as a bias has them, as a matrix product: twice as fast and more."""
    if c.size < SMALL:
        return np.add.reduce(c, axes)  # c.sum without its detour, which costs as much as the sum
    rest = tuple(i for i in range(c.ndim) if i not in axes)
    rows = c.transpose(axes + rest)
    if not rest or not rows.flags.c_contiguous:
        return c.sum(axes)
    count = math.prod(c.shape[i] for i in axes)
    return np.ones(count, c.dtype).dot(rows.reshape(count, -1))
