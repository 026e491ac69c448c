"""A recorded program: the graph of a function, run on other numbers without being built again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from autograd_lite import derivatives
from autograd_lite.differentiable import is_numeric, refuse_other_count
from autograd_lite.errors import DerivativeError, OperandError, ShapeError, brief
from autograd_lite.node import Node
from autograd_lite.programs.arguments import checked, form_of
from autograd_lite.programs.backend import Backend, backend_of
from autograd_lite.programs.forms import (
    Builder,
    builder,
    handed_out,
    in_numbers,
    numbered,
    result_builder,
    seeds_of,
)
from autograd_lite.programs.graph import Graph
from autograd_lite.programs.scalars import ScalarBackend
from autograd_lite.programs.writing import Source, source
from autograd_lite.rules.namespaces import plain
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
        self._f, self._form = f, form_of(graph)
        self._backend: Backend = backend_of(graph)
        self._result, self._tangent = result_builder(graph), result_builder(graph, moved=True)
        self._numbered = numbered(graph)
        self._parameters = tuple(range(len(graph.inputs), len(graph.leaves)))
        if memory is None:
            return
        if not is_numeric(memory) or np.ndim(memory) or not memory > 0:
            raise OperandError(f"memory is how many bytes a call may take, not {brief(memory)}")
        if self.memory() > memory:
            raise OperandError(
                f"the program needs {_size(self.memory())}, more than the {_size(memory)} it may take: trace "
                f"it on fewer rows, or give it more memory"
            )

    def __repr__(self) -> str:
        graph = self.graph
        return (
            f"<program: operations {len(graph.operations)}, inputs {len(graph.inputs)}, "
            f"parameters {len(graph.parameters)}, {_size(self.memory())}>"
        )

    def __reduce__(self) -> NoReturn:
        raise OperandError(
            "a program is neither copied nor pickled: it reads the leaves that its function closes over, and "
            "a copy of these would be others; trace the function again where it is needed"
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
        places, gradient = self._by
        leaves = self._leaves(inputs)
        values, adjoints, has_nan = self._backend.pull(leaves, [1.0], places)
        if has_nan:  # an exact zero may mask a pole: see docs/no_derivative.md
            eager = derivatives.value_and_grad(self._f, self.argnums)
            return self._result(values), in_numbers(eager(*self._arguments(leaves))[1])
        return self._result(values), gradient(adjoints)

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
        leaves = self._leaves(inputs)
        values, adjoints, has_nan = self._backend.pull(leaves, [1.0], self._parameters)
        if has_nan:
            return self._backward_eagerly(leaves)
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
        # the numbers of now, whatever is written into the arrays later
        kept = [x if type(x) is float else x.copy() for x in self._leaves(inputs)]
        places, build = tuple(range(len(self.graph.inputs))), builder(self._numbered)

        def pull(gradient: Any) -> tuple[Any, ...]:
            _, adjoints, has_nan = self._backend.pull(kept, seeds_of(self.graph, gradient), places)
            if has_nan:
                return in_numbers(derivatives.vjp(self._f, *self._arguments(kept))[1](gradient))  # type: ignore[no-any-return]
            return build(adjoints)  # type: ignore[no-any-return]

        return self._result(self._backend.value(kept)), pull

    def jvp(self, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
        """The value and its derivative along `tangents`, ẏ = Σ ∂y/∂xᵢ·ẋᵢ.

        primals, tangents  tuples of the arguments and of their directions, alike in form and shape

        >>> from autograd_lite import trace
        >>> trace(lambda x: x * x, 2.0).jvp((3.0,), (1.0,))
        (9.0, 6.0)

        Raises what `value` raises, for tangents too.
        """
        refuse_other_count(primals, tangents)
        moved = self._leaves(tuple(tangents))[: len(self.graph.inputs)]
        leaves = self._leaves(tuple(primals))
        values, slopes, has_nan = self._backend.push(
            leaves, [*moved, *(None for _ in self._parameters)]
        )
        if has_nan:
            eager = derivatives.jvp(self._f, self._arguments(leaves), self._arguments(moved))
            return self._result(values), in_numbers(eager[1])
        return self._result(values), self._tangent(slopes)

    def map(self, *batches: Any) -> Any:
        """The values at every entry of the batches' first axes, one below another.

        batches  the arguments, each number in them as n of them, (n,), each array as (n, …)

        >>> import numpy as np
        >>> from autograd_lite import trace
        >>> trace(lambda x: x * x, 2.0).map(np.array([1.0, 2.0, 3.0]))
        array([1., 4., 9.])

        Raises what `value` raises for a row, and ShapeError when there are not as many rows of each.
        """
        rows = tree_map(lambda x: np.asarray(plain(x)), batches)
        shapes = [np.shape(x) for x in tree_leaves(rows)]
        if len({shape[:1] for shape in shapes}) != 1 or () in shapes:
            raise ShapeError(
                f"each argument has one axis more, with as many rows as the others; here they have shapes "
                f"{', '.join(map(str, shapes))}"
            )
        if shapes[0][0] == 0:
            return tree_map(
                lambda y: np.zeros((0, *np.shape(plain(y))), np.asarray(plain(y)).dtype),
                self.graph.result,
            )
        if isinstance(self._backend, ScalarBackend) and {len(shape) for shape in shapes} == {1}:
            return self._at_points(self._backend, rows)
        values = [self.value(*tree_map(lambda x, k=k: x[k], rows)) for k in range(shapes[0][0])]
        return tree_map(lambda *parts: np.stack(parts), *values)

    def memory(self) -> int:
        """How many bytes a call with all derivatives needs; nothing is computed for it.

        >>> import numpy as np
        >>> from autograd_lite import trace
        >>> trace(lambda x: (x * x).sum(), np.zeros(1000)).memory() > 8000
        True
        """
        return self._backend.memory()

    def source(self, language: str = "python") -> Source:
        """The program as a person would write it: forward, then backward by the arguments `argnums`.

        By the parameters too. language  "python", a function that needs NumPy alone; "latex", equations;
        "javascript", of numbers alone

        >>> from autograd_lite import sin, trace
        >>> print(trace(lambda x: sin(x), 0.0).source())
        import numpy as np
        <BLANKLINE>
        <BLANKLINE>
        def program(x):
            # forward
            result = np.sin(x)
        <BLANKLINE>
            # backward
            d_x = np.cos(x)
            return result, (d_x,)
        <BLANKLINE>

        Raises SourceError for an operation that cannot be written in the language, by name.
        """
        places, _ = self._by
        wanted = [self.graph.leaves[k] for k in (*places, *self._parameters)]
        return source(self.graph, language, wanted)

    def _leaves(self, inputs: Sequence[Any]) -> list[Any]:
        return checked(self.graph, self._form, inputs)

    def _at_points(self, backend: ScalarBackend, rows: Any) -> Any:
        """The values of a graph of Values at many points at once."""
        first = self._leaves(tree_map(lambda x: float(x[0]), rows))  # the form, the parameters
        points = [x.astype(float) for x in tree_leaves(rows)]
        found = backend.map([*points, *first[len(points) :]])
        n, moved = len(points[0]), iter(found)
        nodes = set(self.graph.results)
        return tree_map(
            lambda y: next(moved) if y in nodes else np.full(n, plain(y)), self.graph.result
        )

    @cached_property
    def _by(self) -> tuple[tuple[int, ...], Builder]:
        """The places of the leaves for value_and_grad, and what gives their adjoints the arguments' form."""
        picked = places_of(self.argnums, len(self._numbered))
        places = [place for i in picked for place in tree_leaves(self._numbered[i])]
        order = {place: k for k, place in enumerate(places)}
        trees = tuple(tree_map(order.__getitem__, self._numbered[i]) for i in picked)
        tree = trees if isinstance(self.argnums, (tuple, list)) else trees[0]
        return tuple(places), builder(tree, of_floats=isinstance(self._backend, ScalarBackend))

    def _refuse_many(self) -> None:
        result = self.graph.result
        if not isinstance(result, Node) or np.size(plain(result)) != 1:
            derivatives.refuse_many(result)

    def _arguments(self, leaves: Sequence[Any]) -> Any:
        """The arguments with these numbers, arrays where they were recorded as arrays."""
        return tree_map(leaves.__getitem__, self._numbered)

    def _backward_eagerly(self, leaves: Sequence[Any]) -> Any:
        given = iter(leaves)
        y = self._f(*tree_map(lambda leaf: type(leaf)(next(given)), self.graph.arguments))
        Tape(y).backward(keep=False)
        return handed_out(plain(y))


def _size(nbytes: float) -> str:
    """A number of bytes to be read: 3.4 MB."""
    for unit in ("bytes", "kB", "MB"):
        if nbytes < 1000:
            return f"{nbytes:.3g} {unit}"
        nbytes /= 1000
    return f"{nbytes:.3g} GB"
