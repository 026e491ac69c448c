"""A graph of ONNX is run once, node by node, and what is computed is recorded as a flow graph."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any, Final

from autograd_lite._tensor import Tensor
from autograd_lite.errors import AutogradError, GraphError, OperandError, did_you_mean
from autograd_lite.interop.onnx_reading.attributes import as_python, own_attributes
from autograd_lite.interop.onnx_reading.budget import Budget
from autograd_lite.interop.onnx_reading.control import Choice, run_control
from autograd_lite.interop.onnx_reading.environment import Frame, Result
from autograd_lite.interop.onnx_reading.functions import called, of_schema
from autograd_lite.interop.onnx_reading.model import Model
from autograd_lite.interop.onnx_reading.names import (
    as_variable,
    described,
    in_short,
    scope_of,
    shown,
)
from autograd_lite.interop.onnx_reading.operators.quantities import OF_SHAPES
from autograd_lite.interop.onnx_reading.operators.table import (
    CONTROL,
    EXPANDED,
    OPERATORS,
    supported,
)
from autograd_lite.interop.onnx_reading.operators.versions import Function, function_for
from autograd_lite.interop.onnx_reading.schemas import (
    check_attributes,
    check_inputs,
    conformed,
    schema_of,
)
from autograd_lite.interop.onnx_reading.structure import DEEPEST, initialisers
from autograd_lite.interop.onnx_reading.values import Given, NDArray, moves
from autograd_lite.modes import scope
from autograd_lite.rules.leaves import alias

_FOREIGN: Final = (TypeError, ValueError, LookupError, ArithmeticError, MemoryError)
"""What Python and NumPy raise of values that do not fit."""
_RECURRENCES: Final = ("RNN", "GRU", "LSTM")
_STANDARD: Final = ("", "ai.onnx")


class Run:
    """One reading of a model."""

    def __init__(self, model: Model) -> None:
        self.model, self.budget = model, Budget()
        self._depth = self._recurrences = 0
        self._initialisers: dict[int, tuple[Any, dict[str, NDArray]]] = {}

    def initialisers(self, graph: Any) -> dict[str, NDArray]:
        """The arrays that a graph has in itself, read once, however often it is run."""
        if id(graph) not in self._initialisers:
            # beside the graph itself, so that no other one gets its place in memory
            self._initialisers[id(graph)] = graph, initialisers(graph)
        return self._initialisers[id(graph)][1]

    def nodes(self, nodes: Iterable[Any], frame: Frame) -> None:
        """Run nodes in their order; what they compute gets its names in the frame."""
        for place, node in enumerate(nodes):
            with located(described(node, place)):
                self.budget.step()
                self._node(node, frame)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """One function or graph deeper.

        Raises GraphError where that is too deep.
        """
        self.budget.step()  # a body without nodes would be run without end
        self._depth += 1
        if self._depth > DEEPEST:
            raise GraphError(f"functions and graphs stand more than {DEEPEST} deep in one another")
        try:
            yield
        finally:
            self._depth -= 1

    def _node(self, node: Any, frame: Frame) -> None:
        inputs = frame.values.read_all(node.input)
        while inputs and inputs[-1].value is None:
            inputs.pop()
        path = scope_of(node.name) if frame.names else None
        with scope(path) if path else nullcontext():
            results = self._results(node, inputs, frame)
            if len(results) < sum(1 for name in node.output if name):
                name = node.output[len(results)]
                raise OperandError(f"its output {shown(name)} is not computed here")
            for name, result in zip(node.output, results, strict=False):
                if name and result.value is not None:
                    named = _named(result, name, inputs) if frame.names else result
                    self.budget.keep([result.value])
                    frame.values.write(name, named)

    def _results(self, node: Any, inputs: Sequence[Result], frame: Frame) -> Sequence[Result]:
        attributes = own_attributes(node, frame.bound)
        body = self.model.functions.get((node.domain, node.op_type, node.overload))
        if body is not None:
            return called(self, body, inputs, attributes, node.output)
        if node.domain not in _STANDARD:
            raise OperandError(
                f"the operators of the domain {shown(node.domain)} are not read, those of ONNX itself "
                f"(ai.onnx) and the model's own functions alone"
            )
        return self._standard(node, inputs, attributes, frame)

    def _standard(
        self, node: Any, inputs: Sequence[Result], attributes: Mapping[str, Any], frame: Frame
    ) -> Sequence[Result]:
        """What one of ONNX's own operators gives."""
        schema = schema_of(node.op_type, frame.opsets.get("", 0))
        letters = check_inputs(schema, [x.value for x in inputs])
        given = check_attributes(schema, attributes)
        _count_outputs(schema, node)
        if node.op_type in CONTROL:
            return run_control(
                self, Choice(node.op_type, schema.since_version, given), inputs, frame
            )
        if node.op_type in EXPANDED:
            body = of_schema(schema, node, frame.opsets[""], inputs, given)
            known = {**dict.fromkeys(schema.attributes), **given}
            return called(self, body, inputs, known, node.output)
        values = self._values(node, schema, [x.value for x in inputs], given)
        fixed = [conformed(schema, k, y, letters) for k, y in enumerate(values)]
        moving = any(x.may_change for x in inputs) and node.op_type not in OF_SHAPES
        frozen = any(x.frozen for x in inputs)
        return [Result(y, frozen or (moving and not moves(y))) for y in fixed]

    def _values(
        self, node: Any, schema: Any, inputs: Sequence[Given | None], given: Mapping[str, Any]
    ) -> Sequence[Any]:
        function = function_for(OPERATORS, node.op_type, schema.since_version)
        if function is None:
            raise OperandError(
                f"the operator {node.op_type} is not read; {did_you_mean(node.op_type, supported())}"
            )
        present = [x for x in inputs if x is not None]
        self.budget.read(present)
        if moves(*present):  # a graph keeps a copy of every constant that it reads
            self.budget.keep(x for x in present if not isinstance(x, Tensor))
        arguments = arguments_for(function, given, {a.name for a in node.attribute})
        here = {"outputs": len(node.output), "budget": self.budget}
        arguments |= {k: here[k] for k in keywords_of(function)[0] & here.keys()}
        if node.op_type in _RECURRENCES:
            self._recurrences += 1
            arguments["nth"] = self._recurrences
        result = function(*inputs, **arguments)
        return result if isinstance(result, (tuple, list)) else (result,)


def arguments_for(
    function: Function, given: Mapping[str, Any], written: Collection[str]
) -> dict[str, Any]:
    """Attributes as a function's keywords.

    written  those that the node itself has: none of them is left unread

    Raises OperandError, naming the one that would be.
    """
    keywords, takes_any = keywords_of(function)
    found = {}
    for name, attribute in given.items():
        if takes_any or name in keywords:
            found[name] = as_python(name, attribute)
        elif name in written:
            raise OperandError(f"its attribute {name} is not read")
    return found


def _named(result: Result, name: str, inputs: Sequence[Result]) -> Result:
    """The value under its name, where the project takes it; what has a name already under another node."""
    word, y = as_variable(name), result.value
    if word is None or not isinstance(y, Tensor) or y.dtype.kind != "f":
        return result
    taken = y.name is not None or y.is_leaf or any(y is x.value for x in inputs)
    return Result((alias(y) if taken and y.requires_grad else y).named(word), result.frozen)


def _count_outputs(schema: Any, node: Any) -> None:
    if not schema.min_output <= len(node.output) <= schema.max_output:
        raise OperandError(
            f"it has {len(node.output)} outputs, and gives {schema.min_output} to {schema.max_output}"
        )


@lru_cache(maxsize=1024)
def keywords_of(function: Function) -> tuple[frozenset[str], bool]:
    """The keywords that a function takes, and whether it takes any."""
    parameters = inspect.signature(function).parameters.values()
    known = frozenset(
        p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)
    )
    return known, any(p.kind is p.VAR_KEYWORD for p in parameters)


@contextmanager
def located(where: str) -> Iterator[None]:
    """Say in every error where it happened; Python's and NumPy's become this project's.

    >>> with located("node 3 (Conv)"):
    ...     raise ValueError("no such axis")
    Traceback (most recent call last):
    ...
    autograd_lite.errors.GraphError: node 3 (Conv): no such axis
    """
    try:
        yield
    except AutogradError as error:
        raise type(error)(in_short(f"{where}: {error}")) from error
    except _FOREIGN as error:
        raise GraphError(in_short(f"{where}: {error}")) from error
