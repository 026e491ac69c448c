"""If, Loop and Scan, where what is chosen and how often is fixed: their graphs are run in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import GraphError, OperandError
from autograd_lite.interop.onnx_reading.environment import Frame, Result
from autograd_lite.interop.onnx_reading.functions import Runner
from autograd_lite.interop.onnx_reading.values import (
    Given,
    at_axis,
    axis_of,
    moves,
    room_for,
    single,
)

_WITHOUT_END: Final = 2**62


class Choice(NamedTuple):
    """An If, a Loop or a Scan, the version since which it is as it is, and its attributes."""

    operator: str
    since: int
    given: Mapping[str, Any]


def run_control(
    run: Runner, choice: Choice, inputs: Sequence[Result], frame: Frame
) -> list[Result]:
    """What an If, a Loop or a Scan gives.

    Raises OperandError when its condition depends on numbers that may change, or it is of a form that is
    not read.
    """
    given = choice.given
    if choice.operator == "If":
        return _chosen(run, inputs, given, frame)
    if choice.operator == "Loop":
        return _looped(run, inputs, given["body"].g, frame)
    if choice.since < 9:
        raise OperandError("Scan is read as it is since version 9, without sequence_lens")
    return _scanned(run, inputs, given, frame)


def decided(x: Result, what: str) -> Any:
    """A number that decides what is computed, as Python's.

    Raises OperandError when it would be another one for other numbers of inputs or parameters.
    """
    if x.value is None:
        raise OperandError(f"{what} is left out")
    if x.may_change:
        raise OperandError(
            f"{what} depends on the numbers of inputs or parameters: a flow graph has one shape for all "
            f"numbers, so what is chosen must be fixed; write it with Where"
        )
    return single(x.value, what)


def _chosen(
    run: Runner, inputs: Sequence[Result], given: Mapping[str, Any], frame: Frame
) -> list[Result]:
    branch = "then_branch" if decided(inputs[0], "the condition of the If") else "else_branch"
    return _run_graph(run, given[branch].g, [], frame)


def _run_graph(run: Runner, graph: Any, inputs: Sequence[Result], frame: Frame) -> list[Result]:
    """The outputs of a graph that stands in an attribute, for its inputs."""
    if len(graph.input) != len(inputs):
        raise GraphError(f"the graph inside has {len(graph.input)} inputs, and gets {len(inputs)}")
    inner = frame.inner()
    for name, array in run.initialisers(graph).items():
        inner.values.write(name, Result(array))
    for formal, x in zip(graph.input, inputs, strict=True):
        inner.values.write(formal.name, x)
    with run.inside():
        run.nodes(graph.node, inner)
    return [inner.values.read(out.name) for out in graph.output]


def _looped(run: Runner, inputs: Sequence[Result], body: Any, frame: Frame) -> list[Result]:
    times, condition, *carried = inputs
    if len(body.output) <= len(carried):
        raise GraphError(
            f"its graph gives {len(body.output)} values, and has to say whether it goes on, and the "
            f"{len(carried)} that are carried on"
        )
    n = _WITHOUT_END if times.value is None else int(decided(times, "the number of turns"))
    goes_on = condition.value is None or bool(decided(condition, "the condition of the Loop"))
    collected, turn = list[list[Result]](), 0
    while turn < n and goes_on:
        given = [Result(np.array(turn, np.int64)), Result(np.array(True)), *carried]
        after, *results = _run_graph(run, body, given, frame)
        goes_on = bool(decided(after, "the condition of the Loop"))
        carried, rest = results[: len(carried)], results[len(carried) :]
        collected.append(rest)
        turn += 1
    if len(body.output) - 1 > len(carried) and not collected:
        raise OperandError("a Loop of no turns has collected values of unknown shape")
    columns = zip(*collected, strict=True) if collected else ()
    return [*carried, *(stacked(list(column), 0) for column in columns)]


def stacked(results: Sequence[Result], axis: int, backwards: bool = False) -> Result:
    """Values of one shape along a new axis."""
    values = [x.value for x in results if x.value is not None]
    values = values[::-1] if backwards else values
    k = axis_of(axis, values[0].ndim + 1)
    room_for((len(values), *values[0].shape))
    y = (
        f.stack(values, axis=k)
        if moves(*values)
        else np.stack([np.asarray(v) for v in values], axis=k)
    )
    return Result(y, any(x.frozen for x in results))


def _scanned(
    run: Runner, inputs: Sequence[Result], given: Mapping[str, Any], frame: Frame
) -> list[Result]:
    body, n = given["body"].g, given["num_scan_inputs"].i
    count = len(inputs) - n
    outputs = len(body.output) - count
    if not 1 <= n <= len(inputs) or outputs < 0:
        raise OperandError(f"num_scan_inputs={n} does not fit {len(inputs)} inputs")
    state, sequences = list(inputs[:count]), inputs[count:]
    values = _scannable(sequences)
    pairs = zip(values, _listed(given, "scan_input_axes", n), strict=True)
    axes = [axis_of(k, x.ndim) for x, k in pairs]
    backwards = _listed(given, "scan_input_directions", n)
    turns = {x.shape[k] for x, k in zip(values, axes, strict=True)}
    if len(turns) != 1 or turns == {0}:
        raise OperandError("what is scanned has different lengths, or none")
    collected: list[list[Result]] = []
    for turn in range(*turns):
        places = [-1 - turn if back else turn for back in backwards]
        rows = [x[at_axis(*at)] for x, *at in zip(values, axes, places, strict=True)]
        now = [Result(row, x.frozen) for row, x in zip(rows, sequences, strict=True)]
        after = _run_graph(run, body, [*state, *now], frame)
        state, rest = after[:count], after[count:]
        collected.append(rest)
    return [*state, *_columns(collected, given, outputs)]


def _columns(collected: list[list[Result]], given: Mapping[str, Any], n: int) -> list[Result]:
    """What a Scan has collected, each value of all turns as one."""
    places = _listed(given, "scan_output_axes", n)
    turned = _listed(given, "scan_output_directions", n)
    columns = zip(zip(*collected, strict=True), places, turned, strict=True)
    return [stacked(list(c), k, bool(back)) for c, k, back in columns]


def _listed(given: Mapping[str, Any], name: str, n: int) -> list[int]:
    found = list(given[name].ints) if name in given else [0] * n
    if len(found) != n:
        raise OperandError(f"{name} has {len(found)} numbers, not {n}")
    return found


def _scannable(sequences: Sequence[Result]) -> list[Given]:
    values = [x.value for x in sequences if x.value is not None]
    if len(values) < len(sequences):
        raise OperandError("what is scanned is left out")
    return values
