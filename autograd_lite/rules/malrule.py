"""A wrong rule that a student applies: it stands beside the right derivative, and the engine ignores it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Malrule:
    """What somebody takes for the derivative by an operand, such as -cos for that of the sine.

    identifier  the mistake's name in a catalogue, where the sentences about it stand
    operand     by which operand; a mistake may have one malrule for each
    partial     of an elementwise operation: (xp, y, *operands) -> what is taken for ∂y/∂operand
    vjp         of any other: (xp, g, y, *operands, **static) -> what is taken for gᵀ·∂y/∂operand, linear in g

    `with_malrule` makes a sweep take it at chosen nodes:

    >>> from autograd_lite import Tape, Value, elementwise
    >>> from autograd_lite.edits import with_malrule
    >>> @elementwise(
    ...     lambda xp, y, x: 3.0 * x * x,
    ...     malrules=[Malrule("exponent kept", 0, partial=lambda xp, y, x: 3.0 * y)],
    ... )
    ... def cube(xp, x):
    ...     "y = x³."
    ...     return x * x * x
    >>> x = Value(2.0)
    >>> y = cube(x)
    >>> Tape(y).adjoints()[x], Tape(y).adjoints(edit=with_malrule("exponent kept", y))[x]
    (12.0, 24.0)
    """

    identifier: str
    operand: int
    partial: Callable[..., Any] | None = None
    vjp: Callable[..., Any] | None = None
