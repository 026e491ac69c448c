"""What kind of call it is: a view, a row, a concatenation, entry by entry."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.programs.arrays.prepared import VIEWS
from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import Call

_VIEWS: Final = {
    np.transpose, np.swapaxes, np.moveaxis, np.reshape, np.ravel, np.squeeze, np.expand_dims,
    np.broadcast_to, np.flip, np.diagonal, operator.getitem, *VIEWS,
}  # fmt: skip
"""Functions whose result may be a view of their first argument."""


class Part(NamedTuple):
    """Rows of another result, in which a part of it is computed.

    rows  of a concatenation; of a stack the one row is the part itself
    """

    whole: Recorded
    rows: slice
    is_row: bool

    def of(self, whole: Any) -> Any:
        """The part of an array in the place of the whole."""
        return whole[self.rows.start, ...] if self.is_row else whole[self.rows]


def is_view(call: Call) -> bool:
    """Whether the result is a view of the first argument's memory."""
    return (
        call.function in _VIEWS
        and isinstance(call.args[0], Recorded)
        and isinstance(call.result.example, np.ndarray)
        and isinstance(call.args[0].example, np.ndarray)
        and np.may_share_memory(call.result.example, call.args[0].example)
    )


def is_elementwise(call: Call) -> bool:
    """Whether each entry of the result is computed from the arguments' entries at its own place."""
    f = call.function
    return isinstance(f, np.ufunc) and f.signature is None and f.nout == 1


def parts_of(call: Call) -> Iterator[tuple[Any, Part]]:
    """What a concatenation along the first axis consists of, and where each lies; nothing of other calls."""
    if call.function not in {np.concatenate, np.stack} or {*call.options} - {"axis"}:
        return
    if call.options.get("axis", call.args[1] if len(call.args) > 1 else 0) != 0:
        return
    begin, is_row = 0, call.function is np.stack
    for x in call.args[0]:
        end = begin + (1 if is_row else np.shape(x)[0])
        yield x, Part(call.result, slice(begin, end), is_row)
        begin = end


def row_of(call: Call) -> int | None:
    """Which row of its first argument a call gives, counted from the front; None where it gives none."""
    if call.function is not operator.getitem or not isinstance(call.args[0], Recorded):
        return None
    index = call.args[1]
    row = index[0] if isinstance(index, tuple) and len(index) == 1 else index
    is_inside = type(row) is int and not call.result.is_open and 0 <= row < len(call.args[0])
    return row if is_inside else None


def is_loose(call: Call, loose: Collection[Recorded]) -> bool:
    """Whether the result has no place: several arrays, or one whose length depends on numbers."""
    x = call.result
    if isinstance(x.example, (tuple, list)) or x.is_open or x.dtype is None:
        return True
    return is_view(call) and call.args[0] in loose
