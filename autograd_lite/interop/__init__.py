"""In and out: your own PyTorch model or ONNX file as a flow graph, a graph as an ONNX file.

Nothing in the engine imports this package. Each door needs an extra, loaded when the door is first used:
`pip install autograd_lite[torch]`, `pip install autograd_lite[onnx]`.
"""

import typing as _typing
from importlib import import_module as _import_module

from autograd_lite.errors import did_you_mean as _did_you_mean
from autograd_lite.interop.imported import ImportedGraph

if _typing.TYPE_CHECKING:
    from autograd_lite.interop.onnx_reading.reading import from_onnx
    from autograd_lite.interop.onnx_writing.exporting import to_onnx
    from autograd_lite.interop.pytorch.importing import from_torch

__all__ = ["ImportedGraph", "from_onnx", "from_torch", "to_onnx"]

# each door loads when it is first asked for
_LATER = {
    "from_onnx": "onnx_reading.reading",
    "from_torch": "pytorch.importing",
    "to_onnx": "onnx_writing.exporting",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        hint = _did_you_mean(name, __all__)
        raise AttributeError(f"autograd_lite.interop has no attribute {name!r}; {hint}", name=name)
    value = getattr(_import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value
