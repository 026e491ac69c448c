"""Handing numbers to another library by DLPack, the protocol behind `torch.as_tensor` and `np.from_dlpack`.

What is handed over is always a copy: a library writes into what it was given, and the graph has recorded the
numbers as they were. What leaves the graph keeps the rule of `np.asarray(t)`, see `ways_out`.

Source: the Python array API standard 2024.12, `__dlpack__` and `__dlpack_device__`.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

import numpy as np

from autograd_lite.errors import ExportError, brief
from autograd_lite.modes import ACTIVE
from autograd_lite.node import Node
from autograd_lite.watches import note
from autograd_lite.ways_out import refuse_elsewhere

CPU: Final = (1, 0)
"""Main memory, the only device here: DLPack's kDLCPU and its first."""

_HAS_VERSIONS: Final = np.lib.NumpyVersion(np.__version__) >= "2.1.0"


def capsule(
    node: Node, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: Any = None
) -> Any:
    """A copy of the node's numbers as a DLPack capsule, which another library makes its own.

    stream       None: main memory has no streams
    max_version  the newest version of DLPack that the library reads, (major, minor); None: one before 1.0
    dl_device    None or (1, 0), main memory
    copy         None or True; without a copy nothing is handed over

    Raises OperandError where a derivative would be lost, ExportError (a BufferError) for other arguments.
    """
    refuse_elsewhere(node)
    if stream is not None:
        _refuse(node, f"stream={brief(stream)}", "main memory has no streams: leave stream out")
    if dl_device is not None and not (isinstance(dl_device, tuple) and dl_device == CPU):
        _refuse(
            node,
            f"dl_device={brief(dl_device)}",
            "the numbers lie in main memory, (1, 0): move what comes back",
        )
    if not (max_version is None or _is_version(max_version)):
        _refuse(node, f"max_version={brief(max_version)}", "a version is (major, minor)")
    if copy is not None and copy is not True:
        _refuse(
            node,
            f"copy={brief(copy)}",
            "what another library writes must not change recorded numbers: leave copy out",
        )
    if ACTIVE:
        note(node, "numpy")
    data = np.asarray(node._data)
    if not _HAS_VERSIONS:
        return np.array(data).__dlpack__()
    return data.__dlpack__(max_version=max_version, copy=True)


def _is_version(x: Any) -> bool:
    return isinstance(x, tuple) and len(x) == 2 and all(isinstance(n, int) and n >= 0 for n in x)


def _refuse(node: Node, asked: str, why: str) -> NoReturn:
    raise ExportError(f"{node.describe()} is not handed over with {asked}: {why}")
