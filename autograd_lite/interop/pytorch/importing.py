"""`from_torch`: a model of PyTorch as a graph of this project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.interop.imported import ImportedGraph
from autograd_lite.interop.pytorch.exporting import exported
from autograd_lite.interop.pytorch.leaves import Parameters, argument, constant, numbered
from autograd_lite.interop.pytorch.naming import name_states
from autograd_lite.interop.pytorch.running import Run


def from_torch(module: Any, *inputs: Any, **keywords: Any) -> ImportedGraph:
    """The graph of what a `torch.nn.Module` computes for example inputs.

    Its numbers and derivatives are torch's, in the model's own dtype. torch exports the model, and its
    operators are run here one by one; the model itself is not changed.

    inputs, keywords  what `module` would be called with; float tensors become the variables
                      `graph.inputs`, everything else (integers, masks, flags) is fixed

    `graph.inputs` are called as forward's arguments are, and after them come the model's random draws.
    `graph.parameters` has them by qualified names; tied ones are one leaf. `graph.outputs` are the tensors
    that forward returns, those in tuples and dicts too, in order. What forward assigns is called as there:
    `h = …` in a loop gives h_1, h_2, … The scope of each node is the path of its module.

    >>> import torch
    >>> graph = from_torch(torch.nn.Linear(2, 1).double(), torch.ones(3, 2, dtype=torch.float64))
    >>> graph
    <imported graph: input (3, 2) → output (3, 1); parameters 2>
    >>> graph.outputs[0].sum().backward()
    >>> graph.parameters["bias"].grad
    array([3.])

    Raises OperandError for what is no module or no real number; TraceError when torch cannot export the
    model, as when numbers decide what is computed; GraphError for an operator that there is not here.
    """
    program = exported(module, inputs, keywords)
    parameters = Parameters(module)
    arguments, values = _leaves(program, parameters)
    run = Run(type(module).__name__, values)
    given = run.over(program.graph)
    drawn = run.draws.leaves
    leaves = [*arguments, *dict.fromkeys(parameters.by_name.values())]
    name_states(run.marks, [leaf.name for leaf in leaves if leaf.name])
    numbered(drawn, "draw")
    kinds = program.graph_signature.output_specs
    users = [y for y, spec in zip(given, kinds, strict=True) if spec.kind.name == "USER_OUTPUT"]
    outputs = _outputs(users)
    numbered([y for y in outputs if y.requires_grad], "output")
    return ImportedGraph((*arguments, *drawn), outputs, parameters.by_name)


def _leaves(program: Any, parameters: Parameters) -> tuple[list[Tensor], Mapping[str, Any]]:
    """The variables among the arguments, and what every placeholder of torch's graph stands for."""
    given = iter(_flat(program))
    arguments: dict[str, Any] = {}
    known: dict[int, Any] = {}
    values: dict[str, Any] = {}
    for spec in program.graph_signature.input_specs:
        kind, name = spec.kind.name, spec.arg.name
        if kind == "PARAMETER":
            values[name] = parameters.by_name[spec.target]
        elif kind == "USER_INPUT":
            value = next(given)
            if id(value) not in known:  # what is given twice is one variable
                known[id(value)] = _argument(name, value)
            values[name] = arguments[name] = known[id(value)]
        elif spec.target is not None:  # not what only keeps an order of effects
            values[name] = constant(spec.target or "", _stored(program, spec.target))
    return [x for x in arguments.values() if isinstance(x, Tensor)], values


def _flat(program: Any) -> Any:
    """The example inputs in the order of torch's placeholders."""
    import torch

    return torch.utils._pytree.tree_leaves(program.example_inputs)


def _argument(name: str, value: Any) -> Any:
    return argument(name, value) if hasattr(value, "dtype") else value


def _stored(program: Any, target: str) -> Any:
    """A buffer, or a constant that forward took from elsewhere."""
    state = program.state_dict
    return state[target] if target in state else program.constants[target]


def _outputs(values: list[Any]) -> tuple[Tensor, ...]:
    """Tensors of all numbers; None and text are left out."""
    numbers = [y for y in values if isinstance(y, (Tensor, np.ndarray, int, float))]
    return tuple(y if isinstance(y, Tensor) else Tensor(y) for y in numbers)
