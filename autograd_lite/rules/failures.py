"""What an operation says when NumPy refuses its operands: which operation, shapes, options, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd_lite.errors import (
    AutogradError,
    IndexingError,
    MatrixError,
    OperandError,
    ShapeError,
)
from autograd_lite.node import Node
from autograd_lite.record import Record


def project_error(
    rule: Record, operands: tuple[Any, ...], static: Mapping[str, Any], error: Exception
) -> Exception:
    """NumPy's error in this project's words: OperandError for what has the wrong type, else ShapeError."""
    if isinstance(error, AutogradError) and not any(isinstance(x, Node) for x in operands):
        return error
    shapes = " and ".join(str(_shape(x)) for x in operands) or "none"
    names = ", ".join(x.describe() for x in operands if isinstance(x, Node))
    options = "".join(f", {key}={value!r:.60}" for key, value in static.items())
    message = f"{rule.name}: operands of shape {shapes}{options} do not fit ({error})"
    kinds = {IndexError: IndexingError, TypeError: OperandError, np.linalg.LinAlgError: MatrixError}
    return kinds.get(type(error), ShapeError)(message + (f"; operands: {names}" if names else ""))


def _shape(x: Any) -> tuple[int, ...]:
    return np.shape(getattr(x, "_data", x))
