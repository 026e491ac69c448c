"""The smooth rectifier of torch, which goes over into a line above a threshold."""

from __future__ import annotations

from typing import Any

from autograd_lite.operands import Operand
from autograd_lite.rules.kinks import marked
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import operation
from autograd_lite.rules.zeros import chained, moves


def _is_line(x: Operand, beta: float, threshold: float) -> Any:
    return plain(x) * beta > threshold


def _times_slope(
    xp: Namespace, g: Operand, y: Operand, x: Operand, *, beta: float, threshold: float
) -> Any:
    # entry by entry, so vjp and jvp are one
    d = xp.where(_is_line(x, beta, threshold), 1.0, xp.sigmoid(beta * x))
    return chained(xp, g, marked(d, x, plain(x) * beta == threshold) if moves(x) else d)


@operation(
    [_times_slope],
    [_times_slope],
    kinks="above the threshold the line y = x takes over, with a jump of e^-threshold/β; "
    "at the threshold there is no second derivative (nan)",
)
def softplus_to_line(xp: Namespace, x: Operand, *, beta: float, threshold: float) -> Any:
    """The smooth rectifier of sharpness β: y = log(1 + e^(βx))/β, and y = x where βx > threshold.

    ∂y/∂x = 1/(1 + e^(-βx)), and 1 above the threshold.

    >>> softplus_to_line([0.0, 11.0], beta=2.0, threshold=20.0).round(4)
    array([ 0.3466, 11.    ])
    """
    return xp.where(_is_line(x, beta, threshold), x, xp.softplus(beta * x) / beta)
