"""A model and an example of its input, made a flow graph: what is called, what ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node

Loss = Callable[..., Any]


def flow(model: Callable[..., Any], *example: Any, loss: Loss | None = None) -> FlowGraph:
    r"""Call a model, and give the flow graph of its loss.

    Derivatives need one number at the end. It is what the model gives, if that is one number; the mean over
    the batch, if it gives one number for each example, as a VAE its ELBO; else E = ½‖y‖², summed over all
    numbers of y, the error against a target of 0. Where a model gives several arrays, y is the first.

    model    a module of `nn`, or any function of Tensors
    example  its inputs: arrays of floats become the variables x, or x_1, x_2, …; nodes and all else stay
    loss     a function from the model's result to one number, instead

    >>> import nn
    >>> flow(nn.Sequential(nn.Linear(2, 3, generator=0), nn.Tanh()), [[1.0, 2.0]])
    FlowGraph(0.weight, 0.bias, x, ξ_1, h_1, E)

    Raises PictureError when the model cannot be called, or gives no node, or the loss is not one number.
    """
    if not callable(model):
        raise PictureError(
            f"{type(model).__name__} {model!r:.40} is no model: give a module, or a function of Tensors, "
            "and an example of its input"
        )
    inputs = _named(example)
    result = model(*inputs)
    if loss is not None:
        return FlowGraph(_one_number(loss(result), "the loss"))
    return FlowGraph(_ended(_first(model, result), inputs))


def _named(example: Sequence[Any]) -> list[Any]:
    """The inputs, arrays of floats among them as variables."""
    arrays = [k for k, x in enumerate(example) if _is_array(x)]
    names = {k: "x" if len(arrays) == 1 else f"x_{n}" for n, k in enumerate(arrays, 1)}
    return [
        Tensor(np.asarray(x), requires_grad=True, name=names[k]) if k in names else x
        for k, x in enumerate(example)
    ]


def _is_array(x: Any) -> bool:
    if isinstance(x, Node) or not isinstance(x, (np.ndarray, list, tuple, float)):
        return False
    try:
        return bool(np.issubdtype(np.asarray(x).dtype, np.floating))
    except ValueError:  # rows of several lengths
        return False


def _first(model: Any, result: Any) -> Node:
    """The node that a model gives, or the first of several."""
    parts = list(result.values()) if isinstance(result, Mapping) else result
    while isinstance(parts, (list, tuple)) and parts:
        parts = parts[0]
    if not isinstance(parts, Node):
        called = getattr(model, "__name__", type(model).__name__)
        raise PictureError(
            f"{called} gives {type(result).__name__} {result!r:.40}, which is no Value and no Tensor: "
            "a picture needs what a derivative exists of"
        )
    return parts


def _ended(y: Node, example: Sequence[Any]) -> Node:
    """The number at the end."""
    if np.size(y.value) == 1:
        return y if y.name is not None else y.named("y")
    batch: tuple[int, ...] = np.shape(getattr(example[0], "value", example[0])) if example else ()
    if np.ndim(y.value) == 1 and len(batch) > 1 and batch[0] == len(y.value):
        mean: Node = f.mean(y).named("L")
        return mean
    named = y if y.name is not None else y.named("y")
    error: Node = (0.5 * f.sum(f.square(named))).named("E")
    return error


def _one_number(y: Any, what: str) -> Node:
    if not isinstance(y, Node) or np.size(y.value) != 1:
        raise PictureError(f"{what} is to be one number, a Value or a Tensor, not {y!r:.60}")
    return y if y.name is not None else y.named("L")
