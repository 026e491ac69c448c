"""The smooth rectifier of torch, which goes over into a line above a threshold."""

from __future__ import annotations

from typing import Any

from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.rule import elementwise


def _is_line(x: Any, beta: Any, threshold: Any) -> Any:
    return plain(x) * beta > threshold


@elementwise(
    lambda xp, y, x, beta, threshold: xp.where(
        _is_line(x, beta, threshold), 1.0, xp.sigmoid(beta * x)
    ),
    None,
    None,
    formula=lambda xp, x, beta, threshold: xp.log(1 + xp.exp(beta * x)) / beta,
    latex=r"\mathrm{{softplus}}_{{{1}}}({0})",
    kinks="above the threshold the line y = x takes over, with a jump of e^-threshold/β",
)
def softplus_to_line(xp: Any, x: Any, beta: Any, threshold: Any) -> Any:
    """The smooth rectifier of sharpness β: y = log(1 + e^(βx))/β, and y = x where βx > threshold.

    ∂y/∂x = 1/(1 + e^(-βx)), and 1 above the threshold.

    >>> softplus_to_line(0.0, 2.0, 20.0), softplus_to_line(11.0, 2.0, 20.0)
    (0.34657359027997264, 11.0)
    """
    return xp.where(_is_line(x, beta, threshold), x, xp.softplus(beta * x) / beta)
