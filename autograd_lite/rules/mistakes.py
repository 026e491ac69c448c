"""Wrong partials of elementwise operations, as homework shows them; those of array operations stand there.

Identifiers are rows of the catalogue of mistakes, with a letter where a row has several values.
"""

from __future__ import annotations

import math
from typing import Any, Final

from autograd_lite.operands import Operand
from autograd_lite.record import Malrule
from autograd_lite.rules.namespaces import Namespace

_PER_DEGREE: Final = math.pi / 180.0
_LOG_10: Final = math.log(10.0)

SIN: Final = (
    Malrule("B1", 0, lambda xp, y, x: -xp.cos(x)),
    Malrule("B2a", 0, lambda xp, y, x: xp.cos(_PER_DEGREE * x)),  # x taken for degrees
    Malrule("B2b", 0, lambda xp, y, x: _PER_DEGREE * xp.cos(_PER_DEGREE * x)),
)
COS: Final = (
    Malrule("B1", 0, lambda xp, y, x: xp.sin(x)),
    Malrule("B2a", 0, lambda xp, y, x: -xp.sin(_PER_DEGREE * x)),
    Malrule("B2b", 0, lambda xp, y, x: -_PER_DEGREE * xp.sin(_PER_DEGREE * x)),
)
EXP: Final = (Malrule("B3", 0, lambda xp, y, x: x * xp.exp(x - 1.0)),)  # as of a power
LOG: Final = (
    Malrule("B4a", 0, lambda xp, y, x: 1.0 / (_LOG_10 * x)),  # that of log₁₀
    Malrule("B4b", 0, lambda xp, y, x: 1.0 / y),
)
SQRT: Final = (
    Malrule("B5a", 0, lambda xp, y, x: 1.0 / y),  # ½ lost
    Malrule("B5b", 0, lambda xp, y, x: 2.0 * y),
    Malrule("B5c", 0, lambda xp, y, x: 0.5 * y),
)
POWER: Final = (
    Malrule("B6a", 0, lambda xp, y, a, n: n * y),  # the exponent kept
    Malrule("B6b", 0, lambda xp, y, a, n: xp.power(a, n - 1)),  # its factor lost
    Malrule("B6c", 1, lambda xp, y, a, n: n * xp.power(a, n - 1)),  # an exponential as a power
)
SQUARE: Final = (
    Malrule("B6a", 0, lambda xp, y, x: 2.0 * y),
    Malrule("B6b", 0, lambda xp, y, x: x),
)
MULTIPLY: Final = (
    Malrule("B7b", 0, lambda xp, y, a, b: a),  # its own factor in place of the other
    Malrule("B7b", 1, lambda xp, y, a, b: b),
)
DIVIDE: Final = (
    Malrule("B8a", 1, lambda xp, y, a, b: y / b),  # the sign lost
    Malrule("B8b", 1, lambda xp, y, a, b: -y),  # the denominator not squared
    Malrule("B8d", 0, lambda xp, y, a, b: b),  # the product rule
    Malrule("B8d", 1, lambda xp, y, a, b: a),
)
RECIPROCAL: Final = (
    Malrule("B9a", 0, lambda xp, y, x: y * y),  # the sign lost
    Malrule("B9b", 0, lambda xp, y, x: xp.log(x)),  # integrated
)
TANH: Final = (
    Malrule("B10a", 0, lambda xp, y, x: 1.0 - y),
    Malrule("B10b", 0, lambda xp, y, x: 1.0 - x * x),  # of the excitation
    Malrule("B10c", 0, lambda xp, y, x: 1.0 - xp.square(xp.tanh(y))),  # of the activation once more
    Malrule("B10d", 0, lambda xp, y, x: 1.0 / xp.cosh(x)),  # not squared
    Malrule("B10e", 0, lambda xp, y, x: 1.0),
    Malrule("B10f", 0, lambda xp, y, x: y),
)


def _of_the_output(xp: Namespace, y: Operand, x: Operand) -> Any:
    s = xp.sigmoid(y)
    return s * (1.0 - s)


SIGMOID: Final = (
    Malrule("B11a", 0, lambda xp, y, x: 1.0 - y),
    Malrule("B11b", 0, lambda xp, y, x: y),
    Malrule("B11c", 0, lambda xp, y, x: x * (1.0 - x)),  # of the excitation
    Malrule("B11d", 0, _of_the_output),
    Malrule("B11e", 0, lambda xp, y, x: y * (1.0 + y)),
)
RELU: Final = (
    Malrule("B12a", 0, lambda xp, y, x: 1.0),
    Malrule("B12b", 0, lambda xp, y, x: y),
    Malrule("B12e", 0, lambda xp, y, x: xp.where(x > 0, 0.0, 1.0)),  # the mask inverted
)
EXTREME: Final = (  # to both operands
    Malrule("B13a", 0, lambda xp, y, a, b: 1.0),
    Malrule("B13a", 1, lambda xp, y, a, b: 1.0),
)
SILU: Final = (Malrule("B17", 0, lambda xp, y, x: xp.sigmoid(x)),)  # x·φ' lost
GELU: Final = (Malrule("B17", 0, lambda xp, y, x: xp.ncdf(x)),)
SOFTPLUS: Final = (
    Malrule("B17a", 0, lambda xp, y, x: xp.sigmoid(x) * (1.0 - xp.sigmoid(x))),  # once more
    Malrule("B17b", 0, lambda xp, y, x: xp.exp(x)),  # the denominator lost
    Malrule("B17c", 0, lambda xp, y, x: y),
)
CLIP: Final = (Malrule("B18a", 0, lambda xp, y, x, low, high: 1.0),)  # through the clipped part too
