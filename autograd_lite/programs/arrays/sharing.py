"""A recording in which what is computed twice is noted once, and what changes nothing is not noted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from autograd_lite.programs.arrays.shortcuts import shortcut
from autograd_lite.source.recorded import Recorded, recorded_in
from autograd_lite.source.recording import Call, Recording

_LARGE = 1 << 10


@dataclass(eq=False)
class SharedRecording(Recording):
    """Calculations on arrays to come; an equal call of the same arguments has the same result.

    has_numbers  whether each example has the numbers that the calls give; without them all large examples of
                 one form share their memory
    has_shortcuts  whether calls are spared as in `shortcuts`; source for people is simplified otherwise

    >>> x = (recording := SharedRecording()).input("x", [1.0, 2.0])
    >>> np.exp(x) is np.exp(x), len(recording.calls)
    (True, 1)
    """

    looks: bool = field(default=True, kw_only=True)
    has_numbers: bool = True
    has_shortcuts: bool = True
    made: dict[Recorded, Call] = field(default_factory=dict, init=False, repr=False)
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    _examples: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def note(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        args, options = self.kept(args), self.kept(options)
        key = (key_of(function), key_of(args), key_of(options))
        if key not in self._known:
            is_direct = bool(options) or not self.has_shortcuts
            result = None if is_direct else shortcut(self.made, function, args)
            if result is None:
                result = self._noted(function, args, options)
            # arguments are kept with the result: while they live, no other has their identity
            self._known[key] = result, function, args, options
        return self._known[key][0]

    def forget(self) -> None:
        """Let go of the calls: each array to come knows its recording, and all would wait for the collector.

        Of the examples the form is left.
        """
        forms: dict[Hashable, Any] = {}
        for x in self.made:
            if isinstance(y := x.example, np.ndarray):
                key = y.dtype.str, y.shape, y.strides
                if key not in forms:
                    forms[key] = as_strided(np.zeros((), y.dtype), y.shape, y.strides)
                x.example = forms[key]
        for noted in (self.inputs, self.calls, self.made, self._known, self._examples):
            noted.clear()

    def _noted(self, function: Callable[..., Any], args: Any, options: Any) -> Any:
        place = len(self.calls)
        result = super().note(function, *args, **options)
        call = self.calls[place]
        self.made[call.result] = call
        if not self.has_numbers:
            self._share_example(call.result, call.args)
        return result

    def _share_example(self, x: Recorded, args: Any) -> None:
        example = x.example
        if isinstance(example, np.ndarray) and example.base is None and example.size > _LARGE:
            read = [y.example for y in recorded_in(args)]
            for k in count():  # a copy does not share memory with its array: that would be a view
                key = k, example.shape, example.dtype.str, example.strides
                x.example = self._examples.setdefault(key, example)
                if not any(_shares(x.example, y) for y in read):
                    return


def _shares(x: Any, y: Any) -> bool:
    return isinstance(y, np.ndarray) and np.may_share_memory(x, y)


def key_of(x: Any) -> Hashable:
    """What two arguments have in common exactly when they are the same to every function."""
    if isinstance(x, (tuple, list)):
        return type(x), tuple(map(key_of, x))
    if isinstance(x, dict):
        return tuple((name, key_of(part)) for name, part in sorted(x.items()))
    if isinstance(x, slice):
        return slice, key_of((x.start, x.stop, x.step))
    if isinstance(getattr(x, "__self__", None), np.ufunc):  # np.add.reduce is new each time
        return id(x.__self__), str(x.__name__)
    if isinstance(x, np.dtype):
        return str(x.str)
    if isinstance(x, (bool, int, float, str, type(None), np.generic)):
        return type(x), repr(x)  # 1 is not True, nor 0.0 -0.0; nan is nan
    if isinstance(x, np.ndarray) and x.ndim == 0:
        return str(x.dtype.str), x.tobytes()
    return id(x)
