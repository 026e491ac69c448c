"""A function or a module as an ONNX model, forward and backward.

trace → graph → noted calls → a draft of nodes (→ one for every size of batch) → ONNX's form
"""

from autograd_lite.interop.onnx_writing.exporting import to_onnx

__all__ = ["to_onnx"]
