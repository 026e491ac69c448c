"""In and out: your own PyTorch model or ONNX file as a flow graph, a graph as an ONNX file.

Nothing in the engine imports this package. Each door needs an extra, loaded when the door is first used:
`pip install autograd_lite[torch]`, `pip install autograd_lite[onnx]`.
"""

import typing as _typing
from importlib import import_module as _import_module

from autograd_lite.habits import missing_in_package as _missing
from autograd_lite.interop.imported import ImportedGraph

if _typing.TYPE_CHECKING:
    from autograd_lite.interop.onnx_writing import to_onnx

__all__ = ["ImportedGraph", "to_onnx"]

# each door loads when it is first asked for
_LATER = {"to_onnx": "onnx_writing"}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise _missing("autograd_lite.interop", name, __all__)
    value = getattr(_import_module(f"autograd_lite.interop.{_LATER[name]}"), name)
    globals()[name] = value
    return value
