"""Every function that a recording notes, and how its nodes are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from autograd_lite.errors import SourceError
from autograd_lite.interop.onnx_writing.elementwise import ELEMENTWISE, Translation
from autograd_lite.interop.onnx_writing.eliminating import ELIMINATING
from autograd_lite.interop.onnx_writing.indexing import INDEXING
from autograd_lite.interop.onnx_writing.own import OWN
from autograd_lite.interop.onnx_writing.scattering import SCATTERING
from autograd_lite.interop.onnx_writing.shapes import SHAPES
from autograd_lite.interop.onnx_writing.special import SPECIAL
from autograd_lite.interop.onnx_writing.sums import SUMS
from autograd_lite.interop.onnx_writing.windows import WINDOWS
from autograd_lite.source.looking import AsItRuns

TRANSLATIONS: Final[Mapping[Any, Translation]] = {
    **ELEMENTWISE, **SHAPES, **SUMS, **INDEXING, **SCATTERING, **WINDOWS, **SPECIAL, **ELIMINATING, **OWN,
}  # fmt: skip

_ASKING: Final = {
    f.__wrapped__: f for f in TRANSLATIONS if callable(f) and hasattr(f, "__wrapped__")
}


def translation(function: Callable[..., Any]) -> Translation:
    """What makes the nodes of a call of this function.

    >>> translation(np.add.reduce) is translation(np.add.reduce)
    True

    Raises SourceError, with its name, for one that is not written in ONNX.
    """
    of = getattr(function, "__self__", None)  # np.add.reduce is new each time
    key: Any = (of, function.__name__) if isinstance(of, np.ufunc) else _itself(function)
    if isinstance(function, AsItRuns):
        key = function.rule, function.kind
    if key not in TRANSLATIONS:
        raise SourceError(
            f"ONNX has no operator for {name_of(function)}, and it is not written in others"
        )
    return TRANSLATIONS[key]


def _itself(function: Any) -> Any:
    """The function that a recording was asked to note, of one that asks its first argument what to do."""
    return _ASKING.get(function, function)


def name_of(function: Any) -> str:
    """What a person calls it: np.linalg.eigh."""
    module = getattr(function, "__module__", None) or ""
    name = getattr(function, "__name__", repr(function))
    return f"np{module.removeprefix('numpy')}.{name}" if module.startswith("numpy") else str(name)
