"""In and out: your own PyTorch model or ONNX file as a flow graph, a graph as an ONNX file.

Nothing in the engine imports this package. Each door needs an extra, loaded when the door is first used:
`pip install autograd_lite[torch]`, `pip install autograd_lite[onnx]`.
"""

from autograd_lite.interop.imported import ImportedGraph

__all__ = ["ImportedGraph"]
