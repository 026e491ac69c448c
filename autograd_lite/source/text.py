"""Source text in the place of a number: a rule that is run on it writes itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Protocol

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_lite.errors import SourceError
from autograd_lite.record import Record

_OF_ONE_NUMBER: Final = {"ndim": 0, "shape": (), "size": 1}
"""What NumPy's questions about an array's form answer."""


class Precedence(IntEnum):
    """How tightly a piece of source text holds together, loosest first."""

    CHOICE = 0  # a if c else b
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    SIGN = 7  # -x
    POWER = 8
    ATOM = 9


class Language(Protocol):
    """What a text asks of the dialect that it is written in."""

    @property
    def language(self) -> str: ...
    def function(self, name: str) -> Callable[..., Text]: ...
    def apply(self, rule: Record, *xs: Any) -> Any: ...


@dataclass(frozen=True, eq=False, repr=False)
class Text(NDArrayOperatorsMixin):
    """A piece of source text that stands for a number, or for true or false.

    Operators and NumPy's functions give the text that computes the same; what would need the number itself
    raises SourceError.

    >>> import numpy as np
    >>> from autograd_lite.source import PYTHON
    >>> x = PYTHON.name("x")
    >>> 2.0 * (x + 1.0), np.exp(-x)
    (2.0 * (x + 1.0), math.exp(-x))
    """

    source: str
    dialect: Language
    precedence: Precedence = Precedence.ATOM
    is_truth: bool = False

    def __repr__(self) -> str:
        return self.source

    def __bool__(self) -> bool:
        raise SourceError(
            "it decides with `if` what to compute, where xp.where would say it in the formula"
        )

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *xs: Any, **options: Any) -> Text:
        if method != "__call__" or options:
            raise SourceError(
                f"np.{ufunc.__name__}.{method} has no counterpart in {self.dialect.language}"
            )
        return self.dialect.function(ufunc.__name__)(*xs)

    def __array_function__(
        self, function: Callable[..., Any], _: Any, xs: Any, options: Any
    ) -> Any:
        if function.__name__ in _OF_ONE_NUMBER:
            return _OF_ONE_NUMBER[function.__name__]
        return self.dialect.function(function.__name__)(*xs, **options)
