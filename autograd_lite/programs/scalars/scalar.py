"""A number to come, in the place of a number: a rule that is run on it notes the rows that compute it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_lite.errors import SourceError
from autograd_lite.record import Record

_OF_ONE_NUMBER: Final = {"ndim": 0, "shape": (), "size": 1}
"""What NumPy's questions about an array's form answer."""


class Notes(Protocol):
    """What a scalar asks of the lowering that it stands in."""

    def function(self, name: str) -> Callable[..., Any]: ...
    def apply(self, rule: Record, *xs: Any) -> Any: ...


@dataclass(frozen=True, eq=False)
class Scalar(NDArrayOperatorsMixin):
    """A number to come: an operand of the rule that is lowered, or the result of a row.

    place  of an operand its place among them; the rows' results follow the operands
    """

    notes: Notes
    place: int

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *xs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise SourceError(f"np.{ufunc.__name__}.{method} is no function of single numbers")
        return self.notes.function(ufunc.__name__)(*xs)

    def __array_function__(
        self, function: Callable[..., Any], _: Any, xs: Any, options: Any
    ) -> Any:
        if function.__name__ in _OF_ONE_NUMBER:
            return _OF_ONE_NUMBER[function.__name__]
        return self.notes.function(function.__name__)(*xs, **options)

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise SourceError(
            "it looks at a number that is still to come: xp.where says in the formula what is computed "
            "where, and functions are those of xp"
        )

    __bool__ = __float__ = __int__ = __index__ = __array__ = _refuse
