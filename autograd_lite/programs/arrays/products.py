"""What a matrix product gives without an array in between: sums of products, rows that are zero or there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite.programs.arrays.kinds import parts_of
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import Call


def with_products(
    recording: SharedRecording, calls: Sequence[Call], wanted: Sequence[Recorded]
) -> list[Call]:
    """The calls that lead to the wanted results, with shorter ones in three places.

    Σ a·b          in one pass, where a·b is not needed otherwise
    A·[0; B]       as the columns of A that meet B, times B
    [h₁; h₂; …]    as rows of a stack that has them and comes before: a view
    """
    rewriting = _Rewriting(recording, calls)
    for call in calls:
        shorter = rewriting.shorter(call)
        if shorter is None:
            rewriting.add(call)
        else:
            rewriting.add_as(call.result, shorter)
    return _needed(rewriting.calls, wanted)


class _Rewriting:
    """Calls so far, and which of them computes what."""

    def __init__(self, recording: SharedRecording, calls: Sequence[Call]) -> None:
        self.recording = recording
        self.uses = Counter(x for call in calls for x in call.reads)
        self.calls: list[Call] = []
        self.made: dict[Recorded, Call] = {}

    def add(self, call: Call) -> None:
        """Add a call behind those whose results it reads."""
        for x in call.reads:
            if x not in self.made and x in self.recording.made:
                self.add(self.recording.made[x])
        self.calls.append(call)
        self.made[call.result] = call

    def add_as(self, result: Recorded, x: Recorded) -> None:
        """Add the call that computes x, as the one that computes `result`."""
        call = self.recording.made[x]
        self.add(Call(call.function, call.args, call.options, result))

    def shorter(self, call: Call) -> Any:
        """What the call computes, written shorter; None where there is nothing shorter."""
        f = call.function
        if getattr(f, "__self__", None) is np.add and f.__name__ == "reduce":
            return self._sum_of_products(call)
        if f is np.dot or (f is np.matmul and call.args[1].ndim == 2):
            return self._without_zero_rows(call)
        if f is np.concatenate:
            parts = [x for x, _ in parts_of(call)]
            return self._rows_of_stack(parts, call.result.dtype) if parts else None
        return None

    def _sum_of_products(self, call: Call) -> Any:
        product = self.made.get(call.args[0]) if isinstance(call.args[0], Recorded) else None
        if product is None or product.options or self.uses[product.result] > 1:
            return None
        if call.options.get("axis", 0) is not None or call.options.get("keepdims"):
            return None
        factors = product.args * 2 if product.function is np.square else product.args
        if product.function not in (np.square, np.multiply) or not all(map(_is_row_like, factors)):
            return None
        a, b = factors
        if a.shape != b.shape or a.dtype != b.dtype:
            return None
        return np.dot(np.reshape(a, (a.size,)), np.reshape(b, (b.size,)))

    def _without_zero_rows(self, call: Call) -> Any:
        a, b = call.args
        joined = self.made.get(b) if isinstance(b, Recorded) else None
        if joined is None or joined.function is not np.concatenate or not isinstance(a, Recorded):
            return None
        parts: list[Any] = [x for x, _ in parts_of(joined)]
        if len(parts) < 2 or isinstance(parts[0], Recorded) or np.any(parts[0]):
            return None
        first, *rest = parts
        kept = rest[0] if len(rest) == 1 else self._rows_of_stack(rest, b.dtype)
        is_same = isinstance(kept, Recorded) and kept.dtype == b.dtype
        return np.dot(a[..., len(first) :], kept) if is_same else None

    def _rows_of_stack(self, parts: Sequence[Any], dtype: Any) -> Any:
        stack = next((c for c in self._stacks() if any(x is parts[0] for x in c.args[0])), None)
        if stack is None or np.ndim(parts[0]) == 0 or stack.result.dtype != dtype:
            return None
        rows = list(map(id, stack.args[0]))
        begin = rows.index(id(parts[0]))
        if rows[begin : begin + len(parts)] != list(map(id, parts)):
            return None
        whole, shape = stack.result[begin : begin + len(parts)], parts[0].shape
        return np.reshape(whole, (len(parts) * shape[0], *shape[1:]))

    def _stacks(self) -> list[Call]:
        return [c for c in self.made.values() if c.function is np.stack and list(parts_of(c))]


def _is_row_like(x: Any) -> bool:
    """Whether an array's entries lie one after another in memory, so that it is a row without a copy."""
    is_array = isinstance(x, Recorded) and isinstance(x.example, np.ndarray)
    return is_array and x.example.dtype.kind == "f" and bool(x.example.flags.c_contiguous)


def _needed(calls: Sequence[Call], wanted: Sequence[Recorded]) -> list[Call]:
    needed, kept = set(wanted), list[Call]()
    for call in reversed(calls):
        if call.result in needed:
            kept.append(call)
            needed.update(call.reads)
    return kept[::-1]
