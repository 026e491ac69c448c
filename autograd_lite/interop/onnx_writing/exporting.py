"""to_onnx: a function or a module, recorded as a program is, as an ONNX model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.errors import OperandError, brief
from autograd_lite.interop.imported import ImportedGraph
from autograd_lite.interop.onnx_writing.batch import FrozenError, Sized, for_every_size
from autograd_lite.interop.onnx_writing.drafting import Drafted, DType, drafted
from autograd_lite.interop.onnx_writing.model import loaded, model_of
from autograd_lite.interop.onnx_writing.naming import leaf_names
from autograd_lite.interop.onnx_writing.nodes import of_nodes
from autograd_lite.node import Node
from autograd_lite.programs.trace import checked_graph
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves, tree_map

if TYPE_CHECKING:
    import onnx

Axes = int | tuple[int, ...] | None


def to_onnx(
    f: Callable[..., Any] | Node | ImportedGraph,
    *example: Any,
    gradients: bool = False,
    batch: Axes = (0, 1),
) -> onnx.ModelProto:
    """The function or module f as an ONNX model, recorded at an example of its arguments.

    example    numbers, arrays, and nested lists, tuples and dicts of them; their dtypes are the model's
    gradients  also the gradient of the one number that f returns, by each input of floating numbers and each
               parameter: outputs d_<name>
    batch      the axis of the inputs whose length may be any, or axes to try in this order; None for none

    Inputs are called as f calls its arguments, parameters by their dotted names in a module. In the place of
    f may stand a node that has been computed, whose leaves are the inputs, or an `ImportedGraph`.

    >>> from autograd_lite.interop import to_onnx
    >>> model = to_onnx(lambda x: (x * x).sum(), np.ones(3), gradients=True)
    >>> [x.name for x in model.graph.input], [y.name for y in model.graph.output]
    (['x'], ['output', 'd_x'])

    Raises what `trace` raises, as TraceError for random draws and for decisions by a number; SourceError for
    an operation that is not written in ONNX, and where onnx is not installed; DerivativeError for gradients
    of more than one number.
    """
    loaded()
    if isinstance(f, (Node, ImportedGraph)):
        if example:
            raise OperandError(
                f"a graph that has been computed has its own inputs: leave the example away, "
                f"here {brief(example)}"
            )
        return of_nodes(f, gradients)
    export = _Export(f, example, gradients)
    return export.model(axes_to_try(batch))


def axes_to_try(batch: Axes) -> tuple[int, ...]:
    """The axes that may be as long as a batch, in order.

    Raises OperandError for what is no axis, counted from the front.
    """
    axes = () if batch is None else batch if isinstance(batch, tuple) else (batch,)
    if any(type(axis) is not int or axis < 0 for axis in axes):
        raise OperandError(
            f"batch is an axis of the inputs, 0 or 1, several to try, (0, 1), or None, not {brief(batch)}"
        )
    return axes


class _Export:
    """One function with its example; at other sizes of batch it is recorded again."""

    def __init__(self, f: Callable[..., Any], example: tuple[Any, ...], gradients: bool) -> None:
        self.f, self.gradients = f, gradients
        self.kinds = tuple(_kind(x) for x in tree_leaves(example))
        self.example = tree_map(_floating, example)
        self.whole = self.drafted(self.example)

    def drafted(self, example: tuple[Any, ...]) -> Drafted:
        graph = checked_graph(self.f, example)
        return drafted(graph, leaf_names(self.f, graph), self.kinds, self.gradients)

    def model(self, axes: tuple[int, ...]) -> onnx.ModelProto:
        """The model: for every size of batch, if there is an axis along which that holds."""
        name = getattr(self.f, "__name__", type(self.f).__name__).strip("<>")
        why = ""
        for axis, which in self._ways(axes):
            sized = self._sized(axis, which)
            if isinstance(sized, FrozenError):
                why = why or str(sized)
                continue
            names = ", ".join(self.whole.inputs[k].name for k in which)
            said = f"The size of the batch is any: axis {axis} of {names}."
            return model_of(sized.drafted, name, sized.dims, {"batch": said})
        why = why or ("no input has such an axis" if axes else "batch=None was asked for")
        return model_of(self.whole, name, {}, {"batch": f"All shapes are the example's: {why}."})

    def _ways(self, axes: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """By axis: all inputs that are as long along it as the first one, or else that one alone."""
        shapes = [np.shape(plain(x)) for x in tree_leaves(self.example)]
        for axis in axes:
            # behind time steps a batch stands in front of features
            least = axis + 1 if axis == 0 or len(axes) == 1 else axis + 2
            lengths = {k: shape[axis] for k, shape in enumerate(shapes) if len(shape) >= least}
            if lengths:
                first = next(iter(lengths))
                same = tuple(k for k, n in lengths.items() if n == lengths[first])
                yield from dict.fromkeys([(axis, same), (axis, (first,))])

    def _sized(self, axis: int, which: tuple[int, ...]) -> Sized | FrozenError:
        """The draft for every length of an axis of some inputs, or why there is none."""
        first = np.shape(plain(list(tree_leaves(self.example))[which[0]]))[axis]
        # at length one NumPy would broadcast, so what was recorded there holds for no other
        start = max(first, 2)
        sizes = (start, start + 1, start + 3)
        try:
            drafts = (self.whole if n == first else self._at(n, axis, which) for n in sizes)
            return for_every_size(drafts, sizes, axis)
        except FrozenError as frozen:
            return frozen

    def _at(self, n: int, axis: int, which: tuple[int, ...]) -> Drafted:
        places = iter(range(len(self.kinds)))
        example = tree_map(
            lambda x: _resized(x, n, axis) if next(places) in which else x, self.example
        )
        try:
            with np.errstate(all="ignore"):
                return self.drafted(example)
        except Exception as error:  # whatever f says to a batch that is not its own
            raise FrozenError(f"at another size it does not run, {brief(str(error))}") from error


def _kind(x: Any) -> DType:
    """The dtype of an input in the model: the example's, but float64 where the engine makes that of it."""
    if isinstance(x, (bool, int, float)):
        return np.dtype(np.float64)
    kind = np.asarray(plain(x)).dtype
    return kind if kind.kind in "iub" or kind == np.float32 else np.dtype(np.float64)


def _floating(x: Any) -> Any:
    """An example as the engine takes it: truths are 0.0 and 1.0."""
    is_truths = isinstance(x, np.ndarray) and x.dtype == bool
    return x.astype(np.float64) if is_truths else x


def _resized(x: Any, n: int, axis: int) -> Any:
    """An array with its entries repeated along an axis, or without some."""
    array = np.asarray(plain(x))
    if not array.shape[axis]:
        found = np.ones((*array.shape[:axis], n, *array.shape[axis + 1 :]), array.dtype)
    else:
        found = np.take(array, np.arange(n) % array.shape[axis], axis)
    return Tensor(found, name=x.name) if isinstance(x, Node) else found
