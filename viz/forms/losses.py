r"""Losses of arrays as a person writes them: ½‖ŷ − t‖², (1/n)‖x̂ − x‖²."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms.form import Asked

_TARGET: Final = "t"


def squared_error(asked: Asked, image: Any = None) -> str | None:
    r"""The right side of an output that is a squared difference, summed or averaged; None for others.

    image  what a target with the same numbers is called x for

    ‖a‖² = Σ a_i² over all n numbers of a.

    >>> from autograd_lite import FlowGraph, Tensor, functions as f
    >>> y = Tensor([1.0, 2.0], requires_grad=True, name="y")
    >>> squared_error(Asked(FlowGraph((0.5 * f.sum((y - [0.0, 1.0]) ** 2)).named("E"))))
    '\\frac{1}{2}\\Vert y-t\\Vert^2'
    """
    factor, node = _scaled(asked.flow.output)
    if node.rule.name not in ("mean", "sum") or node.static.get("axis") is not None:
        return None
    (squared,) = node.operands
    difference = _squared(squared)
    if difference is None or difference.rule.name != "subtract":
        return None
    if node.rule.name == "mean":
        factor /= np.size(difference.value)
    a, b = (_called(asked, x, image) for x in difference.operands)
    return None if a is None or b is None else rf"{_written(factor)}\Vert {a}-{b}\Vert^2"


def _scaled(node: Node) -> tuple[float, Node]:
    """A number and what it multiplies: of 0.5·S that is 0.5 and S."""
    factor = 1.0
    while node.rule.name == "multiply":
        numbers = [x for x in node.operands if not isinstance(x, Node)]
        nodes = [x for x in node.operands if isinstance(x, Node)]
        if len(nodes) != 1 or np.size(numbers[0]) != 1:
            break
        factor, node = factor * float(np.reshape(numbers[0], ())), nodes[0]
    return factor, node


def _squared(x: Any) -> Any:
    """What x is the square of, if it is one."""
    if not isinstance(x, Node):
        return None
    if x.rule.name == "square":
        return x.operands[0]
    is_square = (
        x.rule.name == "power" and not isinstance(x.operands[1], Node) and x.operands[1] == 2
    )
    return x.operands[0] if is_square else None


def _called(asked: Asked, x: Any, image: Any) -> str | None:
    if isinstance(x, Node) and x.name is not None:
        return asked.names.latex(x)
    if isinstance(x, Node) and x.requires_grad:
        return None
    same = image is not None and np.array_equal(plain(x), plain(image))
    if same:
        return asked.names.latex(image) if isinstance(image, Node) and image.name else "x"
    return _TARGET


def _written(factor: float) -> str:
    """1/n, or the number."""
    if factor == 1:
        return ""
    whole = round(1 / factor)
    if np.isclose(whole * factor, 1.0, rtol=1e-12):
        return rf"\frac{{1}}{{{whole}}}"
    return rf"{factor:g}\,"
