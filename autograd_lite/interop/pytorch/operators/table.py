"""The table of all operators, and how one is found in it by what torch calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from autograd_lite.interop.pytorch.operators.attending import ATTENDING
from autograd_lite.interop.pytorch.operators.comparing import COMPARING
from autograd_lite.interop.pytorch.operators.convolving import CONVOLVING
from autograd_lite.interop.pytorch.operators.creating import CREATING
from autograd_lite.interop.pytorch.operators.drawing import DRAWING
from autograd_lite.interop.pytorch.operators.elementwise import ELEMENTWISE
from autograd_lite.interop.pytorch.operators.indexing import INDEXING
from autograd_lite.interop.pytorch.operators.normalizing import NORMALIZING
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.interop.pytorch.operators.pooling import POOLING
from autograd_lite.interop.pytorch.operators.products import PRODUCTS
from autograd_lite.interop.pytorch.operators.recurrent import RECURRENT
from autograd_lite.interop.pytorch.operators.reducing import REDUCING
from autograd_lite.interop.pytorch.operators.resampling import RESAMPLING
from autograd_lite.interop.pytorch.operators.shaping import SHAPING

KINDS: Final[dict[str, Operators]] = {
    "entry by entry": ELEMENTWISE,
    "comparisons": COMPARING,
    "shapes": SHAPING,
    "indices": INDEXING,
    "reductions": REDUCING,
    "products, linear algebra": PRODUCTS,
    "convolution": CONVOLVING,
    "pooling": POOLING,
    "upsampling": RESAMPLING,
    "normalization": NORMALIZING,
    "attention": ATTENDING,
    "recurrence": RECURRENT,
    "random": DRAWING,
    "made from nothing": CREATING,
}
"""All that is supported, by kind, as docs/from_torch.md lists it."""

_ALL: Final[dict[str, Callable[..., Any]]] = {
    name: function for operators in KINDS.values() for name, function in operators.items()
}
_OTHERS: Final = frozenset(["where.default"])
"""Overloads that do something else than their bare name: the places where a condition holds."""

_WITH_DRAWS: Final = frozenset([*ATTENDING, *RECURRENT, *DRAWING])


def known(target: str) -> str | None:
    """The name in the table of what torch calls "aten.add.Tensor", or None.

    >>> known("aten.add.Tensor"), known("aten.max.dim"), known("aten.max.default"), known("aten.svd")
    ('add', 'max', 'max.default', None)
    """
    name = target.removeprefix("aten.")
    bare = name.rpartition(".")[0]
    return next((form for form in (name, bare) if form in _ALL and name not in _OTHERS), None)


def operator(name: str) -> Callable[..., Any]:
    """The function of a name that `known` gave."""
    return _ALL[name]


def draws(name: str) -> bool:
    """Whether the function takes, before its operands, the `Draws` to which it may add."""
    return name in _WITH_DRAWS


def is_random(name: str) -> bool:
    """Whether it is one draw, in the shape of its operand."""
    return name in DRAWING
