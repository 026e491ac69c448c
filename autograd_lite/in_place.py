"""`w -= 0.1 * w.grad`: what the augmented operators do to a node.

a leaf variable, under no_grad()          is written to: the textbook update
a Tensor's leaf variable, while recording is refused: w would silently become an inner node
everything else                           makes a new node, as w = w - … does
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

from autograd_lite.errors import OperandError
from autograd_lite.modes import MODES
from autograd_lite.rules.leaves import variable

Operator: TypeAlias = Callable[[Any, Any], Any]


def _augmented(sign: str, operate: Operator) -> Operator:
    def method(self: Any, other: object) -> Any:
        if self.left is not None or self.rule is not variable or _is_argument(self):
            return operate(self, other)
        if not MODES.recording:
            self.overwrite(operate(self, other))
            return self
        if self.refuses_while_recording:
            raise _refusal(self, sign)
        return operate(self, other)

    return method


def _is_argument(leaf: Any) -> bool:
    """Whether `leaf` stands for an argument of `grad` or its like, which the function may rebind."""
    return any(leaf in trace.sources for trace in MODES.traces)


def _refusal(leaf: Any, sign: str) -> OperandError:
    return OperandError(
        f"{leaf.describe()} is a variable, and {sign} while recording would make it an inner node of a "
        f"graph that grows with each step: write `with no_grad(): w {sign} …` to write into it, "
        f"or w = w {sign[:-1]} … for a new node"
    )


class AugmentedOperators:
    """Gives a class of nodes `+= -= *= /= //= %= **= @=`; see this file's first lines.

    A subclass says how a leaf is written to, by `overwrite`, and whether that may be while recording.

    >>> from autograd_lite import Value, no_grad
    >>> w, total = Value(2.0), Value(0.0)
    >>> total += w * w
    >>> total.backward()
    >>> with no_grad():
    ...     w -= 0.1 * w.grad
    >>> w.item(), total.is_leaf
    (1.6, False)
    """

    __slots__ = ()

    refuses_while_recording = False

    def overwrite(self, result: Any) -> None:
        """Put the number or array of `result` in this leaf; what was computed from the old one is stale."""
        raise NotImplementedError

    __iadd__, __isub__ = _augmented("+=", operator.add), _augmented("-=", operator.sub)
    __imul__, __itruediv__ = _augmented("*=", operator.mul), _augmented("/=", operator.truediv)
    __ifloordiv__, __imod__ = _augmented("//=", operator.floordiv), _augmented("%=", operator.mod)
    __ipow__, __imatmul__ = _augmented("**=", operator.pow), _augmented("@=", operator.matmul)
