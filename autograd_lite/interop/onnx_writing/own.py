"""Operations of the project that ONNX has too, as the one node; and slopes in the form that keeps its digits.

Elsewhere an operation is written as the NumPy calls that its record makes.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.interop.onnx_writing.elementwise import Translation
from autograd_lite.interop.onnx_writing.operators import absolute, exp, unary
from autograd_lite.interop.onnx_writing.wires import Wire
from autograd_lite.operands import Axis
from autograd_lite.record import Record
from autograd_lite.rules import RULES

Key = tuple[Record, str]
"""A record, and what of it: "value", "partial", …"""


def _softmax(operator: str) -> Translation:
    def along(x: Wire, axis: Axis = -1) -> Wire:
        return x.draft.node(operator, x, like=x, axis=int(axis))  # type: ignore[arg-type]

    return along


def _along_one(args: tuple[Any, ...], static: dict[str, Any]) -> bool:
    axis = static.get("axis", -1)
    return isinstance(axis, (int, np.integer)) and args[0].ndim > 0


def _slope(scale: float, factor: float) -> Translation:
    """Factor/cosh²(scale·x) = 4·factor·e/(1 + e)² with e = e^(-2·scale·|x|): no digits are lost far out."""

    def slope(y: Any, x: Wire) -> Wire:
        e = exp(-2.0 * scale * absolute(x))
        total = 1.0 + e
        return 4.0 * factor * e / (total * total)

    return slope


def _relu(x: Wire) -> Wire:
    return unary("Relu", x)


OWN: Final[dict[Key, Translation]] = {
    (RULES["relu"], "value"): _relu,
    (RULES["sigmoid"], "value"): lambda x: unary("Sigmoid", x),
    (RULES["softmax"], "value"): _softmax("Softmax"),
    (RULES["log_softmax"], "value"): _softmax("LogSoftmax"),
    (RULES["tanh"], "partial"): _slope(1.0, 1.0),
    (RULES["sigmoid"], "partial"): _slope(0.5, 0.25),
}
FITS: Final[dict[Key, Any]] = {
    (RULES["softmax"], "value"): _along_one,
    (RULES["log_softmax"], "value"): _along_one,
}
"""Where an operation is more than ONNX's: when one node says it."""
