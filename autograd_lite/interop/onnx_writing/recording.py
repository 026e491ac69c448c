"""Where a graph's calls are noted for ONNX: what ONNX says otherwise than NumPy is one call of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograd_lite.programs.arrays.sharing import SharedRecording


@dataclass(eq=False)
class OnnxRecording(SharedRecording):
    looks: bool = field(default=False, kw_only=True)
