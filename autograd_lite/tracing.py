"""One call of a differentiated function: arguments in as nodes, derivatives out as the caller gave them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.differentiable import refuse_no_argument, refuse_no_numbers
from autograd_lite.errors import DerivativeError, OperandError, brief
from autograd_lite.modes import MODES, recording, traced
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.order import reachable
from autograd_lite.rules.leaves import alias, variable
from autograd_lite.rules.namespaces import plain
from autograd_lite.sweeps import Adjoints
from autograd_lite.tape import Tape
from autograd_lite.trees import tree_leaves, tree_map
from autograd_lite.watches import current

Argnums: TypeAlias = int | tuple[int, ...]


class Trace:
    """One call of a differentiated function: its arguments as nodes, and how results are handed back."""

    def __init__(self, args: tuple[Any, ...], argnums: Argnums) -> None:
        picked = places_of(argnums, len(args))
        self.single = isinstance(argnums, (int, np.integer))
        self.given = tuple(args[i] for i in picked)
        self.chosen = tree_map(_as_node, self.given)
        self.sources = set(tree_leaves(self.chosen))
        self.args = list(args)
        for i, node in zip(picked, self.chosen, strict=True):
            self.args[i] = tree_map(lambda x: x, node)  # lists of f's own, which it may write to
        self.nested = any(isinstance(x, Node) for x in tree_leaves(args))

    def tape(self, y: Node) -> Tape:
        """The tape of y, reduced to what moves with the arguments."""
        tape, moving = Tape(y), set(self.sources)
        tape.is_of_transform = True
        for node in tape.operations:
            if any(x in moving for x in node.parents):
                moving.add(node)
        tape.operations = [node for node in tape.operations if node in moving]
        return tape

    def nest_if_needed(self, y: object, given: object = ()) -> None:
        """Hand back nodes from now on, if an enclosing derivative needs to differentiate them."""
        nodes = (part for part in tree_leaves(y) if isinstance(part, Node))
        self.nested = (
            self.nested
            or any(isinstance(part, Node) for part in tree_leaves(given))
            or any(_is_traced_outside(part, self.sources) for part in nodes)
        )

    def adjoints(self, y: object, gradient: object = None) -> Adjoints:
        """One reverse sweep from y, as nodes when nested."""
        if not isinstance(y, Node):
            return {}
        self.nest_if_needed(y)
        return self.tape(y).adjoints(gradient, graph=self.nested)

    def tangent(self, y: object, seeds: Adjoints) -> Any:
        """How y moves with the arguments, by one forward sweep."""
        moved = (
            self.tape(y).tangents(seeds, graph=self.nested).get(y) if isinstance(y, Node) else None
        )
        return self.finished(np.zeros_like(plain(y)) if moved is None else moved)

    def gradients(self, adjoint: Adjoints) -> Any:
        """The arguments' adjoints in the form of the arguments; 0 for those that y does not use."""
        slopes = tree_map(
            lambda given, x: self._handed_back(given, adjoint.get(x), x), self.given, self.chosen
        )
        return slopes[0] if self.single else slopes

    def finished(self, y: object) -> Any:
        """A result as the caller expects it: a node when nested, else a number or an array of its own."""
        if self.nested:
            return y
        return float(plain(y)) if np.ndim(plain(y)) == 0 else np.array(plain(y))

    def _handed_back(self, given: object, slope: Any, x: Any) -> Any:
        if slope is None:
            slope = np.zeros_like(plain(x))
        if self.nested:
            return slope if isinstance(slope, Node) else type(x)(slope, requires_grad=False)
        return float(slope) if _is_number(given) else np.array(slope)


@contextmanager
def tracing(args: tuple[Any, ...], argnums: Argnums) -> Iterator[Trace]:
    """A call whose arguments an inner call can recognise as another's, so that derivatives nest."""
    with recording():
        trace = Trace(args, argnums)
        with traced(trace.sources):
            yield trace


def places_of(argnums: Argnums, count: int) -> tuple[int, ...]:
    """The places of the arguments that are differentiated by, counted from 0, of `count` arguments.

    >>> places_of(-1, 3), places_of((0, 2), 3)
    ((2,), (0, 2))

    Raises OperandError for what is no place, DerivativeError for one that there is not.
    """
    picked = argnums if isinstance(argnums, (tuple, list)) else (argnums,)
    if any(isinstance(i, bool) or not isinstance(i, (int, np.integer)) for i in picked):
        raise OperandError(
            f"argnums is the place of an argument, counted from 0, or a tuple of places, not {brief(argnums)}"
        )
    places = tuple(i + count if i < 0 else i for i in picked)
    if not all(0 <= i < count for i in places) or len(set(places)) < len(places):
        raise DerivativeError(
            f"argnums={argnums!r} does not pick arguments out of the {count} the function was called with; "
            f"keyword arguments are never differentiated by"
        )
    return places


def _is_traced_outside(y: Node, own: set[Any]) -> bool:
    """Whether y also depends on arguments of an enclosing grad, which then needs this result as a node."""
    if current.get() is not None:  # a program takes other numbers of whatever y depends on
        return any(leaf.rule is variable and leaf not in own for leaf in reachable(y)[0])
    outside = [trace.sources for trace in MODES.traces if trace.sources is not own]
    if not outside:
        return False
    nodes = [node for part in reachable(y) for node in part]
    return any(node in sources for sources in outside for node in nodes)


def _as_node(x: object) -> Any:
    if isinstance(x, Node):
        return alias(x) if x.requires_grad else type(x)(plain(x), requires_grad=True)  # type: ignore[call-arg]
    refuse_no_argument(x)
    return Tensor(x, requires_grad=True)


def _is_number(x: object) -> bool:
    return isinstance(x, (int, float)) or (
        isinstance(x, np.generic) and not isinstance(x, np.ndarray)
    )


def tangent_of(x: Any, t: Any, nested: bool) -> Any:
    """The tangent t of argument x as the sweep takes it: a node when nested, else a number or array."""
    refuse_masked(t)
    refuse_no_numbers("a tangent", t)
    if np.shape(plain(t)) != np.shape(plain(x)):
        raise DerivativeError(
            f"a tangent has shape {np.shape(plain(t))}, its primal {np.shape(plain(x))}"
        )
    if nested:
        return t if isinstance(t, Node) else type(x)(t, requires_grad=False)
    return plain(t) if not isinstance(x, Tensor) else np.array(plain(t), dtype=x.dtype)
