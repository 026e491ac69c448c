"""The tape of a node: everything it was computed from, in order of evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

import numpy as np

from autograd_lite.arguments import refuse_no_flag
from autograd_lite.arithmetics import FLOATS, Arithmetic, Arrays, RecordedArithmetic
from autograd_lite.edits import Edit
from autograd_lite.errors import DerivativeError, OperandError
from autograd_lite.modes import MODES
from autograd_lite.node import Node, NodeList, next_number
from autograd_lite.order import evaluation_order, reachable, refuse_changed_origins, refuse_stale
from autograd_lite.origins import Latest, renew_if_changed
from autograd_lite.rules.leaves import constant
from autograd_lite.rules.namespaces import arrays, on_floats, plain
from autograd_lite.sweeps import Adjoints, contributions, forward, reverse
from autograd_lite.value import Value
from autograd_lite.ways_out import refuse_derivatives, refuse_traced

GRADIENT: Final = (
    "write Tape(y).adjoints(gradient, graph=True), or gradient.detach() for the numbers alone"
)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One step forward: `node` gets its value.

    >>> x = Value(3.0)
    >>> [step.value for step in Tape(2.0 * x).steps() if isinstance(step, Evaluation)]
    [3.0, 6.0]
    """

    node: Node
    value: Any


@dataclass(frozen=True, eq=False)
class Propagation:
    """One step backward: `node` sends partial·adjoint to one operand, whose total so far is `total`.

    partial is ∂node/∂parent (an array of the node's shape for elementwise rules; None where the rule is a
    linear map, as for matmul), adjoint the node's own total derivative, contribution their product.

    >>> x = Value(3.0)
    >>> [(s.partial, s.total) for s in Tape(2.0 * x).steps() if isinstance(s, Propagation)]
    [(2.0, 2.0)]
    """

    node: Node
    parent: Node
    operand: int
    partial: Any
    adjoint: Any
    contribution: Any
    total: Any


class Tape:
    """What `root` was computed from, in order of evaluation, and the sweeps over it.

    >>> x = Value(2.0, name="x")
    >>> tape = Tape(x * x + x)
    >>> [node.rule.name for node in tape.nodes]
    ['variable', 'multiply', 'add']

    hold  nodes at which the tape ends: they pass nothing further back, in any sweep

    edit  in `adjoints`, `tangents` and `steps`: a function (node, i, g) that says what goes over the edge
          between a node and its operand i in place of what the record says, as a student's mistake would.
          g is the node's adjoint, in `tangents` the operand's tangent; NotImplemented leaves an edge to the
          record, 0.0 passes nothing on, as `hold` does at every edge of a node. `with_malrule` makes an edit
          of a mistake that the record names

    Whoever forgets the inner factor of (2x)² finds 4x, where 8x is right:

    >>> x = Value(3.0)
    >>> y = (2.0 * x) ** 2
    >>> def forget_inner(node, i, g):
    ...     return g if node.rule.name == "multiply" else NotImplemented
    >>> Tape(y).adjoints(edit=forget_inner)[x], Tape(y).adjoints()[x]
    (12.0, 24.0)

    Every sweep raises StaleError when a leaf's data was set after something was computed from it, until
    `evaluate()` has computed that again.
    """

    is_of_transform = False
    """Whether grad, jacobian, … sweeps here: it hands back nodes where a derivative around it needs them."""

    def __init__(self, root: Node, hold: Collection[Node] = ()) -> None:
        if not isinstance(root, Node):
            raise OperandError(
                f"a tape is of a Value or Tensor, not of {type(root).__name__} {root!r:.60}"
            )
        self.root = root
        self.leaves, self.operations = reachable(root, set(hold) - {root})

    @property
    def nodes(self) -> NodeList:
        """Leaves and operations, in order of evaluation."""
        return NodeList((*self.leaves, *self.operations))

    def backward(self, gradient: object = None, *, keep: bool = True) -> None:
        """Leave on every node the total derivative of the root, x̄ = Σ gradient·∂root/∂x.

        Accumulates on leaves (PyTorch's habit: call `zero_grad()` between passes), replaces elsewhere.

        gradient  the root's own adjoint, in its shape; 1 when the root is one number
        keep      False leaves inner nodes without a `.grad`, which saves memory

        Raises DerivativeError when the root is a constant, or is not one number and no gradient is given.
        """
        refuse_no_flag("keep", keep, "False leaves inner nodes without a .grad")
        if not self.root.requires_grad:
            raise DerivativeError(
                f"{self.root.describe()} was computed from constants only, so there is nothing to "
                f"differentiate by: write Tensor(data, requires_grad=True), and compute outside no_grad()"
            )
        arithmetic = self._arithmetic()
        adjoint = reverse(self._fresh(), {self.root: self._seed(gradient)}, arithmetic, keep=keep)
        for node, g in adjoint.items():
            if node.left is not None:
                node._grad = g
            elif node.rule is not constant:
                node._grad = arithmetic.leaf_gradient(
                    node, g if node._grad is None else node._grad + g
                )
        if isinstance(arithmetic, Arrays):
            arithmetic.seal(adjoint)

    def adjoints(
        self,
        gradient: object = None,
        hold: Collection[Node] = (),
        *,
        graph: bool = False,
        edit: Edit | None = None,
    ) -> Adjoints:
        """The adjoint of every node the root depends on, without touching any `.grad`.

        gradient  the root's own adjoint; hold  nodes that pass nothing further back
        graph     True gives the adjoints as nodes that can be differentiated again
        edit      what goes over an edge instead, see above

        Raises OperandError or ShapeError when an edit's answer is no contribution to its operand.
        """
        held = set(hold)
        is_node = graph and isinstance(gradient, type(self.root))
        seed = self._seed(plain(gradient) if is_node else gradient)
        if graph:
            node = gradient if is_node else self._as_node(seed)
            return reverse(self._fresh(), {self.root: node}, RecordedArithmetic(), held, edit=edit)
        return reverse(self._fresh(), {self.root: seed}, self._arithmetic(), held, edit=edit)

    def tangents(
        self,
        seeds: Adjoints,
        hold: Collection[Node] = (),
        *,
        graph: bool = False,
        edit: Edit | None = None,
    ) -> Adjoints:
        """The tangent of every node that moves when the nodes in `seeds` move as given: one forward sweep.

        Raises OperandError or ShapeError when an edit's answer is no tangent of its node.
        """
        arithmetic = RecordedArithmetic() if graph else self._arithmetic()
        return forward(self._fresh(), dict(seeds), arithmetic, set(hold), edit)

    def steps(
        self, gradient: object = None, hold: Collection[Node] = (), *, edit: Edit | None = None
    ) -> Iterator[Evaluation | Propagation]:
        """Every evaluation in order, then every contribution of the backward sweep in order.

        >>> x = Value(3.0, name="x")
        >>> [step.total for step in Tape(x * x).steps() if isinstance(step, Propagation)]
        [3.0, 6.0]
        """
        operations, held = self._fresh(), set(hold)
        yield from (Evaluation(node, node._data) for node in self.nodes)
        seed = self._seed(gradient)
        for node, i, g, c, so_far in contributions(
            operations, self.root, seed, self._arithmetic(), held, edit
        ):
            yield Propagation(node, node.operands[i], i, self.partial(node, i), g, c, so_far)

    def partial(self, node: Node, i: int) -> Any:
        """∂node/∂operand i with everything else held: a number, an array for elementwise rules, else None."""
        if not node.rule.is_elementwise:
            return None
        if isinstance(node, Value):
            return FLOATS.partial(node, i)
        d = node.rule.partials[i]  # type: ignore[index]
        with np.errstate(all="ignore"):
            return (
                None
                if d is None
                else d(arrays, node._data, *map(plain, node.operands), **node.static)
            )

    def evaluate(self) -> Any:
        """Compute again, in order, what is older than its leaves' data; returns the root's new value.

        >>> x = Value(2.0)
        >>> tape = Tape(x * x)
        >>> x.data = 3.0
        >>> tape.evaluate()
        9.0

        Raises StaleError when a constant here was computed from others that changed: that is not recorded.
        """
        known: Latest = {}
        for leaf in self.leaves:
            renew_if_changed(leaf, known)
        for node in evaluation_order(self.root):
            if changed := [x for x in node.parents if x.number > node.number]:
                for x in changed:
                    refuse_changed_origins(x, node)
                node._data = recompute(node, [plain(x) for x in node.operands])
                node.number = next_number()
        # another tape may have renewed some before, so that numbers gave no order of evaluation
        self.operations.sort(key=attrgetter("number"))
        return self.root._data

    def replay(self, changed: Adjoints) -> Adjoints:
        """Every value the graph would have with the values in `changed` put in; it stays as it is."""
        values = dict(changed)
        for node in self._fresh():
            if node not in values and any(
                isinstance(x, Node) and x in values for x in node.operands
            ):
                operands = [
                    values.get(x, x._data) if isinstance(x, Node) else x for x in node.operands
                ]
                values[node] = recompute(node, operands)
        return values

    def _fresh(self) -> list[Node]:
        refuse_stale(self.leaves, self.operations)
        return self.operations

    def _arithmetic(self) -> Arithmetic:
        if MODES.traces and not self.is_of_transform:
            refuse_derivatives(self.root)
        return FLOATS if isinstance(self.root, Value) else Arrays()

    def _as_node(self, seed: Any) -> Any:
        kind: Any = type(self.root)
        return kind(seed, requires_grad=False)

    def _seed(self, gradient: object) -> Any:
        if isinstance(gradient, Node):
            refuse_traced(gradient, "derivatives as numbers", GRADIENT)
        data = self.root._data
        if isinstance(self.root, Value):
            return 1.0 if gradient is None else self._as_node(plain(gradient))._data
        if gradient is None:
            if data.size != 1:
                raise DerivativeError(
                    f"{self.root.describe()} has shape {data.shape}, and a derivative is of one number: "
                    f"write y.sum().backward(), or y.backward(gradient) with a gradient of shape {data.shape}"
                )
            return np.ones_like(data)
        seed = self._as_node(plain(gradient))._data.astype(data.dtype, copy=False)
        if seed.shape != data.shape:
            raise DerivativeError(
                f"the gradient has shape {seed.shape}, but {self.root.describe()} has {data.shape}"
            )
        return seed


def recompute(node: Node, operands: list[Any]) -> Any:
    """The value of `node`'s rule at other operands."""
    if isinstance(node, Value):
        return on_floats(node.rule, tuple(operands))
    return np.asarray(node.rule.value(arrays, *operands, **node.static))


def unit_seeds(like: Any) -> Iterable[Any]:
    """One array of `like`'s shape for each of its entries, 1 there and 0 elsewhere."""
    for k in range(like.size):
        seed = np.zeros(like.size, dtype=like.dtype)
        seed[k] = 1.0
        yield seed.reshape(like.shape)
