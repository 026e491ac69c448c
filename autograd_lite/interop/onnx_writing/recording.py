"""Where a graph's calls are noted for ONNX: what ONNX has as one node is noted as one call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from autograd_lite.interop.onnx_writing.own import FITS, OWN
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.record import Record
from autograd_lite.source.looking import as_it_runs
from autograd_lite.source.recorded import Recorded

_AT_PLACES: Final = {"max_pool1d", "max_pool2d"}
"""Whose derivatives read and write at places still to come, what is known too: it has to be noted."""


@dataclass(eq=False)
class OnnxRecording(SharedRecording):
    """Calculations on arrays to come; see `SharedRecording`.

    Nothing looks at its numbers: a model cannot. An operation that ONNX has is one call.

    >>> import numpy as np
    >>> from autograd_lite.rules import RULES
    >>> recording = OnnxRecording()
    >>> y = recording.note_rule(RULES["relu"], "value", 0, recording.input("x", np.ones(2)))
    >>> [call.function.__name__ for call in recording.calls]
    ['relu_value']
    """

    looks: bool = field(default=False, kw_only=True)

    def note_rule(self, rule: Record, kind: str, i: int, *args: Any, **static: Any) -> Any:
        """As its base notes it, but for what ONNX has."""
        if isinstance(args[-1], Recorded) and str(args[-1].dtype).startswith("float"):
            key = (rule, kind)
            if key in OWN and (key not in FITS or FITS[key](args, static)):
                return self.note(as_it_runs(rule, kind, i), *args, **static)
        if kind != "value" and rule.name in _AT_PLACES and isinstance(args[0], np.ndarray):
            args = (self.note(np.positive, args[0]), *args[1:])
        return super().note_rule(rule, kind, i, *args, **static)
