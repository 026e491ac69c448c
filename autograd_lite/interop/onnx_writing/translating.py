"""Noted calls as nodes of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograd_lite.errors import SourceError
from autograd_lite.interop.onnx_writing.table import name_of, translation
from autograd_lite.interop.onnx_writing.wires import Draft, Wire, as_wire, cast
from autograd_lite.source.recorded import Recorded, filled_in
from autograd_lite.source.recording import Call


class Translator:
    """Nodes of calls, in order; `known` has the array of each result, several for a call with several."""

    def __init__(self, draft: Draft, known: Mapping[Recorded, Any]) -> None:
        self.draft, self.known = draft, dict(known)

    def add(
        self, calls: Iterable[Call], topics: Mapping[Recorded, str], titles: Mapping[Recorded, str]
    ) -> None:
        """Nodes of these calls, each named after its topic; titles are the names of variables.

        Raises SourceError for a function that is not written in ONNX.
        """
        for call in calls:
            self.draft.topic = topics.get(call.result, "")
            found = self.known[call.result] = self._checked(call, self._translated(call))
            if call.result in titles and isinstance(found, Wire):
                self.draft.titles.setdefault(found.name, titles[call.result])

    def wire(self, x: Any) -> Wire:
        """The array that stands for a recorded one, or a constant."""
        return as_wire(self.draft, self.known[x] if isinstance(x, Recorded) else x)

    def _translated(self, call: Call) -> Any:
        args, options = (filled_in(x, self.known.__getitem__) for x in (call.args, call.options))
        return translation(call.function)(*args, **options)

    def _checked(self, call: Call, found: Any) -> Any:
        """The result in the dtype that NumPy gives it."""
        if isinstance(found, np.ndarray):
            found = as_wire(self.draft, found)
        if not isinstance(found, Wire):
            return found
        form = call.result
        if found.shape != form._shape:
            raise SourceError(
                f"the nodes for {name_of(call.function)} have the shape {found.shape} in place of "
                f"{form._shape}, which is a fault of this project: please report it"
            )
        return found if found.dtype == form.dtype else cast(found, form.dtype)
