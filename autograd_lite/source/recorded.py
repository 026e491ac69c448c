"""An array to come, with an example of it: what is computed with it is noted, call by call."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NoReturn, Protocol

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_lite.errors import NamespaceError, SourceError
from autograd_lite.operands import Array, DType

_OF_THE_FORM: Final = {np.shape, np.size, np.zeros_like, np.ones_like}
"""What NumPy answers by shape and dtype alone: one answer for all arrays of this form."""
_OF_THE_KIND: Final = {np.ndim, np.result_type}
"""What it answers whatever the lengths are."""
_PICKS: Final = {
    np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.compress, np.extract, np.trim_zeros,
    np.bincount, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
}  # fmt: skip
"""Functions whose results are as long as the numbers say."""
_METHODS: Final = "all any argmax dot max min prod ravel squeeze sum swapaxes".split()
"""Methods of arrays that are NumPy's functions of the same names."""


class Notes(Protocol):
    """Where what is computed with an array to come is noted."""

    looks: bool

    def note(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any: ...


class Recorded(NDArrayOperatorsMixin):
    """An array in a `Recording`: operators, indexing and NumPy's functions note what they would compute.

    name     what it is called in lines of source
    example  numbers of its shape and dtype
    is_open  whether its lengths depend on numbers, as those of a[a > 0] do: then they are not told

    >>> from autograd_lite.source import Recording
    >>> x = Recording().input("x", [[1.0, 2.0]])
    >>> x.shape, np.exp(x.T) * 2.0
    ((1, 2), <recorded t3, float64 (2, 1)>)
    """

    def __init__(self, recording: Notes, name: str, example: Any, is_open: bool = False) -> None:
        self.recording, self.name, self.example, self.is_open = recording, name, example, is_open
        form: Any = () if isinstance(example, tuple) else example  # several arrays have no form
        self._shape: tuple[int, ...] = np.shape(form)
        self.ndim = len(self._shape)
        self.dtype = getattr(example, "dtype", None)

    def __repr__(self) -> str:
        return f"<recorded {self.name}, {self.dtype} {'…' if self.is_open else self._shape}>"

    @property
    def shape(self) -> tuple[int, ...]:
        """Its lengths, the same for all arrays of the example's form.

        Raises SourceError where they depend on numbers.
        """
        if self.is_open:
            raise SourceError(
                f"it asks how long {self.name} is, which depends on numbers that are still to come: np.where "
                f"keeps the length, with 0.0 for what is left out"
            )
        return self._shape

    @property
    def size(self) -> int:
        """How many entries it has."""
        return math.prod(self.shape)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **options: Any) -> Any:
        if method == "at" or "out" in options:
            self.__setitem__()
        return self._noted(
            ufunc if method == "__call__" else getattr(ufunc, method), *args, **options
        )

    def __array_function__(
        self, function: Callable[..., Any], _: Any, args: Any, options: Any
    ) -> Any:
        if function in _OF_THE_FORM:
            for x in recorded_in((args, options)):
                _ = x.shape  # refuses where there is none to tell
        if function in _OF_THE_FORM or function in _OF_THE_KIND:
            return function(*filled_in(args, _example), **filled_in(options, _example))
        return self._noted(function, *args, **options)

    def __len__(self) -> int:
        return len(self.example) if isinstance(self.example, tuple) else self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        return self._noted(operator.getitem, self, index)

    def __pow__(self, exponent: object) -> Any:
        # the operator, as of an array: np.power has no short way for 2 and 0.5
        return self._noted(operator.pow, self, exponent)

    @property
    def T(self) -> Any:
        return np.transpose(self)

    def astype(self, dtype: DType, copy: bool = True) -> Any:
        """The same numbers as another dtype."""
        if np.dtype(dtype) == self.dtype:
            return self
        return self._noted(astype, self, np.dtype(dtype))

    def reshape(self, *shape: Any) -> Any:
        """The same numbers in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order."""
        return np.transpose(self, axes or None)

    def __getattr__(self, name: str) -> Any:
        if name in _METHODS:
            return partial(self._noted, getattr(np, name), self)
        raise NamespaceError(f"it asks an array to come for .{name}, which is not noted")

    def _noted(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        return self.recording.note(function, *args, **options)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise SourceError(
            "it looks at the numbers of an array, which are still to come: xp.where says in the formula "
            "what is computed where"
        )

    __hash__ = object.__hash__  # two arrays to come are never the same one

    __bool__ = __float__ = __int__ = __index__ = __array__ = item = tolist = _refuse

    def __setitem__(self, *_: Any) -> NoReturn:
        raise SourceError(
            "it writes into an array, and what is noted are arrays that stay as they are"
        )


def astype(x: Array, dtype: DType) -> Any:
    """The method `astype` as a function."""
    return x.astype(dtype)


def filled_in(
    x: Any, value: Callable[[Recorded], Any], constant: Callable[[Any], Any] = lambda x: x
) -> Any:
    """Arguments with value(array) in place of each recorded array, and constant(x) of what is none."""
    if isinstance(x, Recorded):
        return value(x)
    if isinstance(x, (tuple, list)):
        parts = [
            value(part) if isinstance(part, Recorded) else filled_in(part, value, constant)
            for part in x
        ]
        return parts if type(x) is list else type(x)(parts)
    if isinstance(x, dict):
        return {key: filled_in(part, value, constant) for key, part in x.items()}
    return constant(x)


def is_open(function: Callable[..., Any], args: Any, options: Any) -> bool:
    """Whether the lengths of a call's result depend on numbers."""
    inside = recorded_in((args, options))
    picks = function in _PICKS or (function is np.where and len(args) == 1)
    picks = picks or (function is np.repeat and bool(recorded_in((args[1:], options))))
    by_truth = function is operator.getitem and any(x.dtype == bool for x in recorded_in(args[1:]))
    return picks or by_truth or any(x.is_open for x in inside)


def recorded_in(x: object) -> list[Recorded]:
    """The recorded arrays among arguments, in order."""
    found: list[Recorded] = []
    walk = [x]
    while walk:
        part = walk.pop()
        if isinstance(part, Recorded):
            found.append(part)
        elif isinstance(part, (tuple, list)):
            walk += part[::-1]
        elif isinstance(part, dict):
            walk += list(part.values())[::-1]
    return found


def _example(x: Recorded) -> Any:
    return x.example
