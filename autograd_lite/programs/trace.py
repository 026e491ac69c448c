"""trace: a function is run, its graph kept, and looked at whether that graph holds for other numbers too.

The function runs three times: twice with the example, where randomness shows, and once with other numbers of
its form. While it runs, whatever takes a number out of the graph is noted (`watching`); afterwards the three
graphs are compared (`comparing`). What neither can show is in `docs/programs.md`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from autograd_lite.differentiable import refuse_no_function
from autograd_lite.errors import TraceError, brief
from autograd_lite.modes import collector_paused, record_lines, traced, watched
from autograd_lite.node import next_number
from autograd_lite.programs.another import others
from autograd_lite.programs.arguments import form_of
from autograd_lite.programs.comparing import Difference, differences, line_and_module
from autograd_lite.programs.forgetting import forgetting
from autograd_lite.programs.graph import Graph, arguments_of, graph_at
from autograd_lite.programs.program import Program
from autograd_lite.programs.surroundings import Bindings, generators_put_back
from autograd_lite.programs.watching import Watching, listed
from autograd_lite.rules.namespaces import plain
from autograd_lite.tracing import Argnums
from autograd_lite.trees import tree_leaves


def trace(
    f: Callable[..., Any], *example: Any, argnums: Argnums = 0, memory: int | None = None
) -> Program:
    """The function f as a program, recorded at an example of its arguments; see `Program`.

    f        takes numbers, arrays, and nested lists, tuples and dicts of them
    example  numbers at which f runs; the program takes others of their form, shapes and dtypes
    argnums  by which argument(s) `program.value_and_grad` differentiates
    memory   how many bytes a call may take

    Numbers become Values where no argument is an array, else all are Tensors. Leaves with derivatives that
    f closes over, such as a model's weights, are parameters: their numbers are read at each call.

    >>> from autograd_lite import trace, where
    >>> program = trace(lambda x: where(x > 0, x, 0.1 * x), 3.0)
    >>> program.value_and_grad(-2.0)
    (-0.2, 0.1)

    f runs three times (twice if it takes no argument), so what it does beside computing is done three times;
    random generators that it reaches are left as they were.

    Raises TraceError where other numbers would need another program, with the lines: where f decides by a
    number, takes one out of the graph, or draws one; OperandError for what `grad` does not take either.
    """
    graph = checked_graph(f, example)
    return Program(f, graph, argnums=argnums if example else (), memory=memory)


def checked_graph(f: Callable[..., Any], example: tuple[Any, ...]) -> Graph:
    """The graph of f(*example), of which three recordings agree.

    Raises what `trace` raises.
    """
    refuse_no_function("trace", f)
    with generators_put_back(f), collector_paused():
        graph = forgetting(_recorded(f, example))
        _compare(f, graph, example, example)
        if graph.inputs:
            with np.errstate(all="ignore"):
                _compare(f, graph, example, None)
    graph = replace(graph, bindings=Bindings(f, graph.parameters))
    form_of(graph)
    return graph


def _recorded(f: Callable[..., Any], example: tuple[Any, ...]) -> Graph:
    """The graph of one call, out of which no number was taken."""
    since = next_number()
    arguments = arguments_of(f, example)
    inputs = set(tree_leaves(arguments))
    watch = Watching(inputs, since)
    try:
        with traced(inputs), watched(watch):
            graph = graph_at(f, arguments)
    except Exception as error:
        try:
            watch.refuse()
        except TraceError as noted:  # f may have failed by what it decided
            raise noted from error
        raise
    watch.refuse()
    return graph


def _compare(
    f: Callable[..., Any], graph: Graph, example: tuple[Any, ...], again: tuple[Any, ...] | None
) -> None:
    """Raise TraceError unless a call with `again`, or else with other numbers, gives this graph."""
    other, inputs = _elsewhere(f, example) if again is None else (_recorded(f, again), again)
    if next(differences(graph, other), None) is None:
        return
    with record_lines():
        first, second = _recorded(f, example), _recorded(f, inputs)
    found = list(itertools.islice(differences(first, second), _SHOWN))
    words = _RANDOM if again is not None else _OTHER
    said = dict.fromkeys(_said(difference, words) for difference in found)
    raise TraceError(listed([*said] or [_SOMETIMES]))


def _elsewhere(f: Callable[..., Any], example: tuple[Any, ...]) -> tuple[Graph, tuple[Any, ...]]:
    """The graph at other numbers, the first at which f runs, and these numbers."""
    failures: list[Exception] = []
    for inputs in others(example):
        try:
            return _recorded(f, inputs), inputs
        except TraceError:  # noqa: PERF203 - few are tried
            raise
        except Exception as error:  # noqa: BLE001 - whatever f says to numbers that are not its own
            failures.append(error)
    if not failures:  # no other numbers are to be had
        return _recorded(f, example), example
    raise TraceError(
        f"the function runs at the example, and at none of {len(failures)} others like it, so it cannot be "
        f"seen whether its program holds there; the first of them gave: {brief(str(failures[0]))}. Give an "
        f"example from the midst of what the function takes, and close over what has to be just so"
    ) from failures[0]


# --- words -------------------------------------------------------------------------------------------

_SHOWN: Final = 8
_SOMETIMES: Final = (
    "two calls differed, but not when they were repeated: something beside the input decides"
)
_RANDOM: Final = {
    "operation": "two calls with the same input run other operations here: {what}",
    "static": "{what} was another in two calls with the same input",
    "constant": "{what} was another in two calls with the same input: it is drawn, or counted",
    "result": "what is returned was another in two calls with the same input",
    "instead": "give what is drawn as an input of the function, or call eval() of the module that draws it",
}
_OTHER: Final = {
    "operation": "another input runs other operations here: {what}",
    "static": "{what} depends on the input, and the program would keep the example's",
    "constant": "{what} depends on the input, and was computed from it outside of the graph",
    "result": "what is returned depends on the input, and was computed from it outside of the graph",
    "instead": "write where(c, a, b) for a choice, and operations on nodes for what is computed; or give it "
    "as an input, or close over what it is computed from",
}
_MADE: Final = (
    "each call makes an operation {name} of its own; define it once, outside of the function"
)
_INDEX: Final = (
    "close over the index or classes in place of giving them as an input, or give a one-hot array"
)


def _said(difference: Difference, words: dict[str, str]) -> str:
    """A line of the message for one difference."""
    kind, node, other, _ = difference
    line = line_and_module(node if node is not None else other)
    if kind == "rule":
        return f"{line}: {_MADE.format(name=_name(node))}"
    what = words[kind].format(what=_what(difference))
    is_index = kind == "static" and difference.what in ("index", "indices")
    instead = _INDEX if is_index and words is _OTHER else words["instead"]
    return f"{line}: {what}; {instead}"


def _what(difference: Difference) -> str:
    kind, node, other, what = difference
    if kind == "static":
        return f"the parameter {what} of {_name(node)}"
    if kind == "constant":
        return f"operand {what} of {_name(node)}, a {_form(node, what)},"
    if _name(node) == _name(other):
        return f"{_name(node)} of other operands"
    return f"{_name(node)} in one call, {_name(other)} in the other"


def _name(node: Any) -> str:
    return "nothing" if node is None else str(node.rule.name)


def _form(node: Any, place: int) -> str:
    shape = np.shape(plain(node.operands[place]))
    return f"plain array of shape {shape}" if shape else "plain number"
