"""`from_onnx`: a model in ONNX's form, and inputs, as a flow graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.errors import AutogradError, GraphError, OperandError
from autograd_lite.interop.imported import ImportedGraph
from autograd_lite.interop.onnx_reading.arguments import (
    Lengths,
    declared_dtype_fits,
    given_inputs,
    leaf,
    tensor_type,
)
from autograd_lite.interop.onnx_reading.environment import Environment, Frame, Result
from autograd_lite.interop.onnx_reading.model import Model, load
from autograd_lite.interop.onnx_reading.names import in_short, shown
from autograd_lite.interop.onnx_reading.running import Run
from autograd_lite.interop.onnx_reading.structure import initialisers
from autograd_lite.interop.onnx_reading.values import Given

_EXACT: Final = 2**53
"""Up to here every whole number is a float64."""


def from_onnx(model: object, *inputs: object) -> ImportedGraph:
    """The flow graph of an ONNX model for these inputs: its values, with all that they are computed from.

    model   the path of an .onnx file, or an onnx.ModelProto
    inputs  arrays, numbers or lists, as many as the model takes, of the types and shapes that it declares

    Inputs and initialisers of floating numbers are leaves: variables, by the model's names. Whole numbers
    and truth values are constants. Nodes whose outputs are called by a word are variables of that name.

    >>> import pytest
    >>> helper = pytest.importorskip("onnx").helper
    >>> node = helper.make_node("Tanh", ["x"], ["h"])
    >>> x, h = (helper.make_tensor_value_info(name, 11, [2]) for name in "xh")
    >>> opset = [helper.make_opsetid("", 20)]
    >>> model = helper.make_model(helper.make_graph([node], "g", [x], [h]), opset_imports=opset)
    >>> graph = from_onnx(model, [0.0, 1.0])
    >>> graph
    <imported graph: x (2,) → h (2,); parameters 0>
    >>> graph.outputs[0].sum().backward()
    >>> graph.inputs[0].grad.round(4).tolist()
    [1.0, 0.42]

    Raises GraphError for a file that is no model, or a broken one, and OperandError for operators, types
    and options that are not read, both naming the node; ShapeError and OperandError for inputs that are
    not as declared; ImportError without the library onnx.

    Source: the ONNX standard, https://onnx.ai/onnx/operators/.
    """
    try:
        return _imported(load(model), inputs)
    except AutogradError as error:  # what a file says is in it: no signs that a terminal obeys
        raise type(error)(in_short(str(error))) from error


def _imported(model: Model, inputs: Sequence[object]) -> ImportedGraph:
    own = initialisers(model.graph)
    declared = [x for x in model.graph.input if x.name not in own]
    lengths = Lengths()
    values = given_inputs(declared, inputs, lengths)
    parameters = {name: leaf(array, name) for name, array in own.items()}
    names = [x.name for x in declared]
    env = _computed(model, {**dict(zip(names, values, strict=True)), **parameters})
    outputs = [_output(env.read(out.name), out, lengths) for out in model.graph.output]
    return ImportedGraph(
        tuple(_as_tensor(x, name) for x, name in zip(values, names, strict=True)),
        tuple(outputs),
        {name: x for name, x in parameters.items() if isinstance(x, Tensor)},
    )


def _computed(model: Model, leaves: dict[str, Given]) -> Environment:
    """The model's values by their names."""
    env = Environment()
    for name, value in leaves.items():
        env.write(name, Result(value))
    Run(model).nodes(model.graph.node, Frame(env, model.opsets, {}, names=True))
    return env


def _output(result: Result, declared: Any, lengths: Lengths) -> Tensor:
    what, y = f"the output {shown(declared.name)}", result.value
    kind = tensor_type(declared, what)
    if y is None or not declared_dtype_fits(kind, y):
        raise GraphError(
            f"{what} is declared otherwise than it is computed: {getattr(y, 'dtype', y)}"
        )
    lengths.check(kind, y.shape, what)
    return _as_tensor(y, declared.name)


def _as_tensor(x: Given, name: str) -> Tensor:
    """A value at the border of the graph as a Tensor; whole numbers and truth values as a constant one."""
    if isinstance(x, Tensor) and x.dtype.kind == "f":
        return x if x.name is not None else x.named(name)
    array = np.asarray(x.value if isinstance(x, Tensor) else x)
    if (
        array.dtype.kind in "iu"
        and array.size
        and max(abs(int(array.max())), abs(int(array.min()))) > _EXACT
    ):
        raise OperandError(f"{shown(name)} has whole numbers beyond 2⁵³, which no float64 holds")
    return Tensor(array, name=name)
