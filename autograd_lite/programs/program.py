"""A recorded program: the graph of a function, run on other numbers without being built again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import derivatives
from autograd_lite.differentiable import refuse_other_count
from autograd_lite.errors import DerivativeError, OperandError, ShapeError
from autograd_lite.node import Node
from autograd_lite.programs.arguments import checked
from autograd_lite.programs.backend import Backend, backend_of
from autograd_lite.programs.graph import Graph
from autograd_lite.tape import Tape
from autograd_lite.tracing import Argnums, places_of
from autograd_lite.trees import tree_leaves, tree_map

Function = Callable[..., Any]


class Program:
    """What `trace` returns: a function's graph, and what is computed with it.

    graph    the operations, in order, between the inputs and what the function returned
    argnums  by which argument(s) `value_and_grad` differentiates

    Inputs have the form, shapes and dtypes of the example. What a program returns are numbers and arrays of
    the caller's; leaves that the function closes over, such as a model's weights, are read at each call.

    >>> import numpy as np
    >>> from autograd_lite import trace
    >>> program = trace(lambda x: (x * x).sum(), np.array([1.0, 2.0]))
    >>> program.value_and_grad(np.array([3.0, 4.0]))
    (25.0, array([6., 8.]))
    """

    def __init__(
        self, f: Function, graph: Graph, *, argnums: Argnums = 0, memory: int | None = None
    ) -> None:
        self.graph, self.argnums = graph, argnums
        self._f = f
        self._backend: Final[Backend] = backend_of(graph)
        self._by = _places(graph, argnums)
        self._parameters = tuple(range(len(graph.inputs), len(graph.leaves)))
        if memory is not None and self.memory() > memory:
            raise OperandError(
                f"the program needs {_size(self.memory())}, more than the {_size(memory)} it may take: trace it "
                f"on fewer rows, or give it more memory"
            )

    def __repr__(self) -> str:
        graph = self.graph
        return (
            f"<program of {len(graph.operations)} operations, {len(graph.inputs)} inputs and "
            f"{len(graph.parameters)} parameters, {_size(self.memory())}>"
        )

    def value(self, *inputs: Any) -> Any:
        """What the function returns for these inputs.

        >>> from autograd_lite import trace
        >>> trace(lambda x: x * x + 1.0, 2.0).value(3.0)
        10.0

        Raises OperandError and ShapeError for inputs of another form, shape or dtype than the example's.
        """
        return self._result(self._backend.value(self._leaves(inputs)))

    def value_and_grad(self, *inputs: Any) -> tuple[Any, Any]:
        """The function's one number and its gradient by the arguments `argnums`, in their form.

        >>> from autograd_lite import trace
        >>> trace(lambda x, y: x * y, 2.0, 3.0, argnums=(0, 1)).value_and_grad(4.0, 5.0)
        (20.0, (5.0, 4.0))

        Raises what `value` raises, and DerivativeError when the function returns more than one number.
        """
        self._refuse_many()
        places = [place for tree in self._by for place in tree_leaves(tree)]
        values, adjoints = self._pull(inputs, [1.0], places)
        if _has_nan(adjoints):  # an exact zero may mask a pole: see docs/no_derivative.md
            return derivatives.value_and_grad(self._f, self.argnums)(*inputs)  # type: ignore[no-any-return]
        found = dict(zip(places, adjoints, strict=True))
        slopes = tuple(self._formed(tree, found) for tree in self._by)
        is_one = not isinstance(self.argnums, (tuple, list))
        return self._result(values), slopes[0] if is_one else slopes

    def backward(self, *inputs: Any) -> Any:
        """The function's one number; its gradient is left on the parameters, as `y.backward()` does.

        It adds up in their `.grad`: call `zero_grad()` between passes.

        >>> from autograd_lite import Value, trace
        >>> w = Value(3.0, name="w")
        >>> program = trace(lambda x: w * x, 2.0)
        >>> program.backward(5.0), w.grad
        (15.0, 5.0)

        Raises what `value_and_grad` raises, and DerivativeError when the function has no parameters.
        """
        self._refuse_many()
        if not self._parameters:
            raise DerivativeError(
                "the function closes over no leaf with derivatives, so there is nothing to leave a gradient "
                "on: value_and_grad gives that by its arguments"
            )
        values, adjoints = self._pull(inputs, [1.0], self._parameters)
        if _has_nan(adjoints):
            return self._backward_eagerly(inputs)
        for node, g in zip(self.graph.parameters, adjoints, strict=True):
            node._grad = g if node._grad is None else node._grad + g
        return self._result(values)

    def vjp(self, *inputs: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        """The value, and the function that pulls a gradient of its form back to each argument.

        ȳ ↦ (ȳᵀ·∂y/∂x₁, ȳᵀ·∂y/∂x₂, …), each in its argument's form.

        >>> from autograd_lite import trace
        >>> y, pull = trace(lambda a, b: a * b, 2.0, 3.0).vjp(4.0, 5.0)
        >>> y, pull(1.0)
        (20.0, (5.0, 4.0))

        Raises what `value` raises; the second function raises ShapeError for a gradient of another shape.
        """
        leaves = [
            np.array(x) for x in self._leaves(inputs)
        ]  # as they are now, whatever comes after
        places = range(len(self.graph.inputs))

        def pull(gradient: Any) -> tuple[Any, ...]:
            seeds = _seeds(self.graph, gradient)
            _, adjoints = self._backend.pull(self._unboxed(leaves), seeds, tuple(places))
            if _has_nan(adjoints):
                return derivatives.vjp(self._f, *inputs)[1](gradient)
            found = dict(enumerate(adjoints))
            return tuple(self._formed(tree, found) for tree in _numbered(self.graph))

        return self._result(self._backend.value(self._unboxed(leaves))), pull

    def jvp(self, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
        """The value and its derivative along `tangents`, ẏ = Σ ∂y/∂xᵢ·ẋᵢ.

        primals, tangents  tuples of the arguments and of their directions, alike in form and shape

        >>> from autograd_lite import trace
        >>> trace(lambda x: x * x, 2.0).jvp((3.0,), (1.0,))
        (9.0, 6.0)

        Raises what `value` raises, for tangents too.
        """
        refuse_other_count(primals, tangents)
        moved = checked(self.graph, tuple(tangents))[: len(self.graph.inputs)]
        still = [None] * len(self.graph.parameters)
        values, slopes = self._backend.push(self._leaves(tuple(primals)), [*moved, *still])
        if _has_nan(slopes):
            return derivatives.jvp(self._f, tuple(primals), tuple(tangents))
        return self._result(values), self._result(slopes, moves=0.0)

    def map(self, *batches: Any) -> Any:
        """The values at every entry of the batches' first axes, one below another.

        batches  the arguments, each array in them with one axis more, (n, …)

        >>> import numpy as np
        >>> from autograd_lite import trace
        >>> trace(lambda x: x * x, 2.0).map(np.array([1.0, 2.0, 3.0]))
        array([1., 4., 9.])

        Raises what `value` raises for a row, and ShapeError when there are not as many rows of each.
        """
        rows = [np.asarray(x) for x in tree_leaves(batches)]
        counts = {x.shape[0] if x.ndim else 1 for x in rows}
        if len(counts) != 1 or any(x.ndim == 0 for x in rows):
            raise ShapeError(
                f"each argument has one axis more, with as many rows as the others; here they have shapes "
                f"{', '.join(str(x.shape) for x in rows)}"
            )
        values = [self.value(*tree_map(lambda x, k=k: x[k], batches)) for k in range(counts.pop())]
        return tree_map(lambda *parts: np.stack(parts), *values)

    def memory(self) -> int:
        """How many bytes a call with all derivatives needs, besides its inputs; nothing is computed for it.

        >>> import numpy as np
        >>> from autograd_lite import trace
        >>> trace(lambda x: (x * x).sum(), np.zeros(1000)).memory() > 8000
        True
        """
        return self._backend.memory()

    def _leaves(self, inputs: Sequence[Any]) -> list[Any]:
        return checked(self.graph, inputs)

    def _unboxed(self, leaves: list[Any]) -> list[Any]:
        """Kept numbers as the backend takes them, with the parameters of now."""
        n = len(self.graph.inputs)
        kept = [x if x.ndim or not self.graph.is_of_numbers else x.item() for x in leaves[:n]]
        return [*kept, *(x._data for x in self.graph.parameters)]

    def _pull(
        self, inputs: Sequence[Any], seeds: Sequence[Any], places: Sequence[int]
    ) -> tuple[list[Any], list[Any]]:
        return self._backend.pull(self._leaves(inputs), seeds, tuple(places))

    def _result(self, values: Sequence[Any], moves: Any = None) -> Any:
        """What the function returned, with these in place of its nodes.

        moves  what stands in place of what is no node; None for itself
        """
        left = iter(values)
        nodes = set(self.graph.results)

        def put(x: Any) -> Any:
            if isinstance(x, Node) and x in nodes:
                return _handed_out(next(left))
            number = x._data if isinstance(x, Node) else x
            return _handed_out(number if moves is None else np.zeros_like(number))

        return tree_map(put, self.graph.result)

    def _formed(self, tree: Any, found: dict[int, Any]) -> Any:
        """Adjoints in the form of an argument, which `tree` has with the leaves' places."""
        return tree_map(lambda place: _handed_out(found[place]), tree)

    def _refuse_many(self) -> None:
        result = self.graph.result
        if not isinstance(result, Node) or np.size(result._data) != 1:
            derivatives._refuse_many(result)

    def _backward_eagerly(self, inputs: Sequence[Any]) -> Any:
        y = self._f(*tree_map(lambda leaf, x: type(leaf)(x), self.graph.arguments, tuple(inputs)))
        Tape(y).backward(keep=False)
        return _handed_out(y._data)


def _places(graph: Graph, argnums: Argnums) -> tuple[Any, ...]:
    """The arguments by which is differentiated, with the places of their leaves."""
    trees = _numbered(graph)
    return tuple(trees[i] for i in places_of(argnums, len(trees)))


def _numbered(graph: Graph) -> tuple[Any, ...]:
    places: Iterator[int] = iter(range(len(graph.inputs)))
    return tree_map(lambda _: next(places), graph.arguments)  # type: ignore[no-any-return]


def _seeds(graph: Graph, gradient: Any) -> list[Any]:
    """The gradient's parts for the nodes in the result, as arrays of their shapes."""
    seeds: list[Any] = []
    nodes = set(graph.results)

    def add(y: Any, g: Any) -> None:
        number = y._data if isinstance(y, Node) else y
        if np.shape(g) != np.shape(number):
            raise ShapeError(
                f"the gradient has shape {np.shape(g)}, and the value {np.shape(number)}"
            )
        if isinstance(y, Node) and y in nodes:
            seeds.append(g if type(number) is float else np.asarray(g, dtype=number.dtype))

    tree_map(add, graph.result, gradient)
    return seeds


def _handed_out(x: Any) -> Any:
    return float(x) if np.ndim(x) == 0 else x


def _has_nan(adjoints: Sequence[Any]) -> bool:
    """Whether an entry is nan: then the sum of squares is, which a product takes in one pass."""
    return any(math.isnan(_squared(g)) for g in adjoints)


def _squared(g: Any) -> float:
    rows = np.asarray(g).reshape(-1)
    return float(rows.dot(rows))


def _size(nbytes: int) -> str:
    """A number of bytes to be read: 3.4 MB."""
    for unit in ("bytes", "kB", "MB"):
        if nbytes < 1000:
            return f"{nbytes:.3g} {unit}"
        nbytes /= 1000  # type: ignore[assignment]
    return f"{nbytes:.3g} GB"
