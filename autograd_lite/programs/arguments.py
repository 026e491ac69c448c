"""What a program is called with, compared with what it was recorded with: a form, shapes and dtypes.

Of a call's leaves nothing is computed but what is asked here, a microsecond each or less: the shape and dtype
of each input, and of each parameter's array as it is now, also where another one was put in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.array_node import FLOATING
from autograd_lite.differentiable import is_numeric
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.modes import ACTIVE, MODES
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked, refuse_nodes_in
from autograd_lite.programs.constants import Constants
from autograd_lite.programs.graph import Graph
from autograd_lite.trees import is_object_array
from autograd_lite.value import Value
from autograd_lite.watches import note
from autograd_lite.ways_out import refuse_traced

_LEAVES: Final = {Tensor, Value}
AGAIN: Final = "trace again, with an example of that form"


class Recorded(NamedTuple):
    """What is known of a leaf: its name, and of a Tensor the shape and dtype; of a Value these are None."""

    name: str
    shape: tuple[int, ...] | None
    dtype: Any


class Form(NamedTuple):
    """What a graph's leaves and constants are like.

    is_flat  whether no argument is nested
    rows     the numbers of the arguments that are lists or tuples of leaves
    """

    inputs: list[Recorded]
    parameters: list[Recorded]
    constants: Constants
    is_flat: bool
    rows: frozenset[int]


def checked(graph: Graph, form: Form, inputs: Sequence[Any]) -> list[Any]:
    """The numbers of all leaves: those of the inputs, and of the parameters as they are now.

    >>> from autograd_lite import Value
    >>> from autograd_lite.programs.graph import graph_of
    >>> w = Value(3.0, name="w")
    >>> graph = graph_of(lambda x: w * x, (2.0,))
    >>> checked(graph, form_of(graph), (5,))
    [5.0, 3.0]

    Raises ShapeError and OperandError where an input is not what the program was recorded with, and inside
    grad and its like for what these differentiate by; TraceError where another leaf was put in place of one
    that the function had found, or a constant of its written to.
    """
    given = _leaves(graph, form, inputs)
    if ACTIVE or MODES.traces:
        refuse_cuts((*given, *graph.parameters))
    if graph.bindings is not None:
        graph.bindings.refuse_rebound()
    form.constants.refuse_written()
    numbers = _numbers(given, form.inputs)
    for p, known in zip(graph.parameters, form.parameters, strict=True):
        x = p._data
        if known.shape is not None and (x.shape != known.shape or x.dtype is not known.dtype):
            raise _other_array(known, x)
        numbers.append(x)
    return numbers


_FORMS: Final[WeakKeyDictionary[Graph, Form]] = WeakKeyDictionary()


def form_of(graph: Graph) -> Form:
    """What the arguments and parameters of a graph were like when this was first asked: as recorded."""
    if (form := _FORMS.get(graph)) is None:
        form = _FORMS[graph] = _form_of(graph)
    return form


def _form_of(graph: Graph) -> Form:
    is_flat = all(isinstance(x, Node) for x in graph.arguments)
    inputs, parameters = (list(map(_known, leaves)) for leaves in (graph.inputs, graph.parameters))
    rows = frozenset(i for i, x in enumerate(graph.arguments) if _is_row(x))
    return Form(inputs, parameters, Constants(graph), is_flat, rows)


def _known(leaf: Any) -> Recorded:
    name = leaf.describe() if leaf.name is None else pretty(leaf.name)
    is_array = isinstance(leaf._data, np.ndarray)
    return Recorded(name, *((leaf.shape, leaf.dtype) if is_array else (None, None)))


# --- form --------------------------------------------------------------------------------------------


def _leaves(graph: Graph, form: Form, inputs: Sequence[Any]) -> list[Any]:
    if len(inputs) != len(graph.arguments):
        raise OperandError(
            f"the program was recorded with {len(graph.arguments)} arguments, and called with "
            f"{len(inputs)}: {AGAIN}"
        )
    if form.is_flat:
        return list(inputs)
    found: list[Any] = []
    for i, (recorded, given) in enumerate(zip(graph.arguments, inputs, strict=True)):
        if i in form.rows and _are_alike(recorded, given):
            found.extend(given)  # many numbers in a list: no walk for each
        else:
            _collect(recorded, given, found, f"argument {i}")
    return found


def _is_row(tree: Any) -> bool:
    return type(tree) in (list, tuple) and {*map(type, tree)} <= _LEAVES


def _are_alike(recorded: Any, given: Any) -> bool:
    return type(given) is type(recorded) and len(given) == len(recorded)


def _collect(recorded: Any, given: Any, found: list[Any], where: str) -> None:
    """Add the leaves of `given` where it is nested as what was recorded."""
    if isinstance(recorded, Node):
        found.append(given)
        return
    if _is_row(recorded) and _are_alike(recorded, given):
        found.extend(given)
        return
    there = _entries_like(recorded, given, where)
    for (key, part), (_, x) in zip(_entries(recorded), there, strict=True):
        _collect(part, x, found, f"{where}[{key!r}]")


def _entries(tree: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(tree, dict):
        return iter(tree.items())
    return enumerate(tree.flat if is_object_array(tree) else tree)


def _entries_like(recorded: Any, given: Any, where: str) -> Iterator[tuple[Any, Any]]:
    if isinstance(recorded, dict):
        is_alike = isinstance(given, dict) and given.keys() == recorded.keys()
        entries = ((key, given[key]) for key in recorded) if is_alike else iter(())
    elif is_object_array(recorded):
        is_alike = is_object_array(given) and given.shape == recorded.shape
        entries = enumerate(given.flat) if is_alike else iter(())
    else:
        is_alike = isinstance(given, (list, tuple)) and len(given) == len(recorded)
        entries = enumerate(given) if is_alike else iter(())
    if not is_alike:
        raise ShapeError(
            f"{where} was recorded as {_said(recorded)}, and the program called with {_said(given)}: {AGAIN}"
        )
    return entries


def _said(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a dict with the keys {list(tree)}"
    if isinstance(tree, (list, tuple)):
        return f"a {type(tree).__name__} of {len(tree)}"
    if isinstance(tree, np.ndarray):
        return f"an array of shape {tree.shape} and dtype {tree.dtype}"
    return brief(tree)


# --- numbers -----------------------------------------------------------------------------------------


def _numbers(given: Sequence[Any], inputs: Sequence[Recorded]) -> list[Any]:
    """The numbers and arrays of the inputs; what is as recorded is looked at no further."""
    if len(given) > 1 and set(map(type, given)) == {float} and inputs[0].shape is None:
        return list(given)  # of a graph of Values, all of whose leaves are numbers
    return [
        x
        if (type(x) is np.ndarray and x.dtype is known.dtype and x.shape == known.shape)
        or (type(x) is float and known.shape is None)
        else _number(x, known)
        for x, known in zip(given, inputs, strict=True)
    ]


def _number(x: Any, known: Recorded) -> Any:
    """The number or array of an input, as the leaf that stands for it has it."""
    number = x._data if isinstance(x, Node) else x
    if isinstance(x, (list, tuple, dict)) or is_object_array(x):
        refuse_nodes_in(x)
        raise ShapeError(
            f"{known.name} was recorded as {_form(known)}, and the program called with {_said(x)}: write "
            f"np.array(…) for an array, or {AGAIN}"
        )
    refuse_masked(number)
    if not is_numeric(number):
        raise OperandError(f"a program takes numbers and arrays, and {known.name} is {brief(x)}")
    array = np.asarray(number)
    if array.shape != (known.shape or ()):
        raise _other_array(known, array)
    if known.shape is None:
        return float(array)
    if type(number) is float or type(number) is int:
        return np.asarray(number, known.dtype)
    array = array if array.dtype in FLOATING else array.astype(np.float64)
    if array.dtype != known.dtype:
        raise _other_array(known, np.asarray(number))
    return array


def _other_array(known: Recorded, x: Any) -> Exception:
    kind = ShapeError if x.shape != (known.shape or ()) else OperandError
    return kind(
        f"{known.name} was recorded as {_form(known)}, and is now an array of shape {x.shape} and dtype "
        f"{x.dtype}: {AGAIN}"
    )


def _form(known: Recorded) -> str:
    if known.shape is None:
        return "one number"
    return f"an array of shape {known.shape} and dtype {known.dtype}"


def refuse_cuts(leaves: Iterable[Any]) -> None:
    """Raise for what an enclosing grad differentiates by; tell an enclosing trace."""
    for x in leaves:
        if isinstance(x, Node) and not note(x, "program"):
            refuse_traced(
                x,
                "what a program returns, plain numbers,",
                "call the function itself here, or use the program's own value_and_grad, vjp and jvp",
            )
