"""A function on the graph as a map between vectors, with both sweeps; each sweep is a map again.

x ↦ y has the reverse sweep (x, ȳ) ↦ x̄ and the forward sweep (x, ẋ) ↦ ẏ. Recorded on the graph
they are functions like any other, so what can be asked of a function can be asked of its sweeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.arithmetics import FLOATS, Arithmetic, Arrays, RecordedArithmetic
from autograd_lite.differences import Vector
from autograd_lite.errors import ShapeError
from autograd_lite.node import Node
from autograd_lite.order import upstream
from autograd_lite.rules.namespaces import plain
from autograd_lite.sweeps import Adjoints, forward, reverse
from autograd_lite.value import Value

OfNodes = Callable[[Sequence[Any]], list[Any]]
"""A function from a list of nodes to a list of nodes and constants."""


@dataclass(frozen=True, eq=False)
class VectorMap:
    """`function` at a point, from the numbers of all its inputs to those of all its outputs.

    function  from a list of nodes to a list of nodes and constants
    given     its inputs: Values stay Values, everything else becomes a Tensor
    labels    what messages call each input
    expected  of a sweep: its value by the same sweep on numbers; None where there is no such thing
    """

    function: OfNodes
    given: Sequence[Any]
    labels: tuple[str, ...]
    expected: Vector | None = None

    @cached_property
    def point(self) -> Vector:
        """The inputs' numbers, one after the other."""
        return flat(self.given)

    @cached_property
    def inputs(self) -> list[Node]:
        """Leaves with the given numbers."""
        return self._leaves(self.point)

    @cached_property
    def outputs(self) -> list[Any]:
        """What the function returns for `inputs`."""
        return self.function(self.inputs)

    @cached_property
    def value(self) -> Vector:
        """The outputs' numbers."""
        return flat(self.outputs)

    def evaluate(self) -> None:
        """Compute `outputs` now; asked for later, functools would stand where the user's line does."""
        vars(self)["outputs"] = self.function(self.inputs)

    def __call__(self, x: Vector) -> Vector:
        """The outputs' numbers at another point."""
        return flat(self.function(self._leaves(x)))

    def reverse(self, gradient: Vector) -> Vector:
        """ȳᵀ·∂y/∂x by one reverse sweep."""
        seeds = split(gradient, self.outputs)
        return flat(pull_back(self.outputs, self.inputs, seeds, self._arithmetic()))

    def forward(self, tangent: Vector) -> Vector:
        """∂y/∂x·ẋ by one forward sweep."""
        seeds = split(tangent, self.inputs)
        return flat(push_forward(self.outputs, self.inputs, seeds, self._arithmetic()))

    def _leaves(self, x: Vector) -> list[Node]:
        return [
            leaf(like, part) for like, part in zip(self.given, split(x, self.given), strict=True)
        ]

    def _arithmetic(self) -> Arithmetic:
        return FLOATS if any(isinstance(y, Value) for y in self.outputs) else Arrays()


# as text: numpy.random would double the time that importing the package adds to NumPy's
Sweep: TypeAlias = "Callable[[VectorMap, np.random.Generator], VectorMap]"


def reverse_sweep(f: VectorMap, random: np.random.Generator) -> VectorMap:
    """(x, ȳ) ↦ x̄, at f's point and a random ȳ."""
    n = len(f.given)

    def pulled(nodes: Sequence[Any]) -> list[Any]:
        return pull_back(f.function(nodes[:n]), nodes[:n], nodes[n:], RecordedArithmetic())

    seeds = _random_like(f.outputs, random)
    labels = (*f.labels, *("upstream gradient" for _ in seeds))
    return VectorMap(pulled, [*f.given, *seeds], labels, f.reverse(flat(seeds)))


def forward_sweep(f: VectorMap, random: np.random.Generator) -> VectorMap:
    """(x, ẋ) ↦ ẏ, at f's point and a random ẋ."""
    n = len(f.given)

    def pushed(nodes: Sequence[Any]) -> list[Any]:
        return push_forward(f.function(nodes[:n]), nodes[:n], nodes[n:], RecordedArithmetic())

    seeds = _random_like(f.inputs, random)
    labels = (*f.labels, *(f"tangent of {label}" for label in f.labels))
    return VectorMap(pushed, [*f.given, *seeds], labels, f.forward(flat(seeds)))


def pull_back(
    outputs: Sequence[Any], inputs: Sequence[Node], seeds: Sequence[Any], arithmetic: Arithmetic
) -> list[Any]:
    """The adjoint of each input, zeros where no output depends on it."""
    found = reverse(operations(outputs), _seeded(outputs, seeds), arithmetic)
    return [_fitting(found.get(x), x) for x in inputs]


def push_forward(
    outputs: Sequence[Any], inputs: Sequence[Node], seeds: Sequence[Any], arithmetic: Arithmetic
) -> list[Any]:
    """The tangent of each output, zeros where it depends on no input."""
    found = forward(operations(outputs), _seeded(inputs, seeds), arithmetic)
    return [_fitting(found.get(y) if isinstance(y, Node) else None, y) for y in outputs]


def operations(outputs: Iterable[Any], inputs: Iterable[Any] | None = None) -> list[Node]:
    """The operations behind the outputs, in order; given inputs, those that move with them."""
    found = {node for y in outputs if isinstance(y, Node) for node in upstream(y)[1]}
    ordered = sorted(found, key=attrgetter("number"))
    if inputs is None:
        return ordered
    moving = set(inputs)
    for node in ordered:
        if any(x in moving for x in node.parents):
            moving.add(node)
    return [node for node in ordered if node in moving]


def flat(parts: Iterable[Any]) -> Vector:
    """The numbers of nodes, arrays and floats as one float64 vector.

    >>> flat([1.0, np.array([[2.0], [3.0]])])
    array([1., 2., 3.])
    """
    return np.concatenate([np.zeros(0), *(np.ravel(plain(x)).astype(float) for x in parts)])


def split(vector: Vector, like: Sequence[Any]) -> list[Any]:
    """The inverse of `flat`: an array for each part, in its shape (a float for a Value)."""
    parts, start = [], 0
    for x in like:
        size = np.size(plain(x))
        part = vector[start : start + size].reshape(np.shape(plain(x)))
        parts.append(float(part) if isinstance(x, Value) else part)
        start += size
    return parts


def entry_of(parts: Sequence[Any], position: int) -> tuple[int, tuple[int, ...]]:
    """Which part, and the index in it, that stands at `position` of the flat vector.

    >>> entry_of([1.0, np.zeros((2, 3))], 5)
    (1, (1, 1))
    """
    ends = np.cumsum([np.size(plain(x)) for x in parts])
    which = int(np.searchsorted(ends, position, side="right"))
    shape, inside = np.shape(plain(parts[which])), position - (ends[which - 1] if which else 0)
    return which, tuple(int(i) for i in np.unravel_index(inside, shape))


def leaf(like: Any, data: Any) -> Node:
    """A variable with these numbers: a Value where `like` is one, else a Tensor."""
    return Value(float(data)) if isinstance(like, Value) else Tensor(data, requires_grad=True)


def _random_like(parts: Sequence[Any], random: np.random.Generator) -> list[Node]:
    return [leaf(x, random.standard_normal(np.shape(plain(x)))) for x in parts]


def _seeded(nodes: Iterable[Any], seeds: Iterable[Any]) -> Adjoints:
    given: Adjoints = {}
    for node, seed in zip(nodes, seeds, strict=True):
        if isinstance(node, Node):
            given[node] = given[node] + seed if node in given else seed
    return given


def _fitting(derivative: Any, x: Any) -> Any:
    """A derivative, zeros for None, after a look at its shape."""
    shape, wanted = np.shape(plain(derivative)), np.shape(plain(x))
    if derivative is not None and shape != wanted:
        raise ShapeError(f"a derivative has shape {shape}, and what it belongs to {wanted}")
    return np.zeros(wanted) if derivative is None else derivative
