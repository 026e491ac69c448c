"""All operators that are read, by name."""

from __future__ import annotations

from typing import Final

from autograd_lite.interop.onnx_reading.operators import (
    activations,
    casting,
    convolving,
    dropout,
    entrywise,
    indexing,
    losses,
    normalizing,
    padding,
    pooling,
    products,
    quantities,
    recurrent,
    reducing,
    resizing,
    shaping,
    truths,
)
from autograd_lite.interop.onnx_reading.operators.versions import Table

_KINDS: Final = (
    activations, casting, convolving, dropout, entrywise, indexing, losses, normalizing, padding, pooling,
    products, quantities, recurrent, reducing, resizing, shaping, truths,
)  # fmt: skip

OPERATORS: Final[Table] = {
    name: function for kind in _KINDS for name, function in kind.OPERATORS.items()
}
"""What a node of the standard operators is computed by; what is not here may have a body in ONNX's schema."""

EXPANDED: Final = frozenset({
    "AffineGrid", "Attention", "BlackmanWindow", "CausalConvWithState", "CenterCropPad", "HammingWindow",
    "HannWindow", "LinearAttention", "MeanVarianceNormalization", "RotaryEmbedding", "SwiGLU",
})  # fmt: skip
"""Operators that are read as the functions of simpler ones that ONNX's schema says they are."""

CONTROL: Final = frozenset({"If", "Loop", "Scan"})
"""Operators with a graph inside, which are read where the choice is fixed."""


def supported() -> list[str]:
    """The names of all operators that are read.

    >>> {"Conv", "LSTM", "Attention", "If"} <= set(supported())
    True
    """
    return sorted({*OPERATORS, *EXPANDED, *CONTROL})
