"""What derivatives can be asked of: a function, its arguments, its result; else a sentence says why not."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves


def refuse_no_function(asked: str, f: object) -> None:
    """Raise OperandError when f, given to the transform `asked`, is no function.

    >>> refuse_no_function("grad", abs)
    """
    if callable(f):
        return
    if isinstance(f, Node):
        raise OperandError(
            f"{asked} takes a function, and {f.describe()} is a node: write y.backward() and read "
            f"x.grad, or put what computes it into a function, lambda x: …"
        )
    raise OperandError(f"{asked} takes a function, such as lambda x: x * x, not {brief(f)}")


def refuse_no_result(y: object) -> None:
    """Raise OperandError when a part of what f returned is neither a number, an array nor a node.

    >>> refuse_no_result([1.0, np.ones(2)])
    >>> refuse_no_result(None)
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: f returned None: is a return missing?
    """
    for part in tree_leaves(y):
        if not is_numeric(part):
            inside = "" if part is y else f" in a {type(y).__name__}"
            raise OperandError(f"f returned {_said(part)}{inside}{_asked(part)}")


def refuse_no_argument(x: object) -> None:
    """Raise OperandError when an argument to be differentiated by is no number, array or node."""
    if not is_numeric(x):
        raise OperandError(
            f"derivatives are by numbers and arrays, not by {brief(x)}: leave it out of argnums, or "
            f"put it into the function, lambda x: f(x, …)"
        )


def refuse_no_arguments(name: str, given: object) -> None:
    """Raise OperandError when `given`, f's arguments or their directions, is no tuple of them.

    >>> refuse_no_arguments("primals", (3.0,))
    """
    if not isinstance(given, (tuple, list)):
        single = f": write ({brief(given)},)" if is_numeric(given) else ""
        raise OperandError(
            f"{name} is a tuple with one entry for each argument of f, not {brief(given)}{single}"
        )


def refuse_other_count(primals: Any, tangents: Any) -> None:
    """Raise when there is not one tangent for each primal: OperandError for no tuples, else ShapeError."""
    refuse_no_arguments("primals", primals)
    refuse_no_arguments("tangents", tangents)
    if len(primals) != len(tangents):
        raise ShapeError(
            f"tangents has one entry for each of the primals: {len(primals)}, not {len(tangents)}"
        )


def refuse_no_numbers(name: str, x: object) -> None:
    """Raise OperandError when a tangent or a gradient is no number, array or node.

    >>> refuse_no_numbers("a tangent", [1.0, 2.0])
    """
    if not is_numeric(x):
        raise OperandError(f"{name} is a number, an array or a node, not {brief(x)}")


def is_numeric(x: object) -> bool:
    """Whether x is a node, or real numbers in a form that NumPy takes; a truth value is no number.

    >>> [is_numeric(x) for x in (1, np.ones(2), True, None, "1", 1j)]
    [True, True, False, False, False, False]
    """
    if isinstance(x, (Node, float)):
        return True
    try:
        return np.asarray(plain(x)).dtype.kind in "fiu"
    except ValueError:  # lists of unequal lengths
        return False


def _said(part: object) -> str:
    return f"an array of {part.dtype}" if isinstance(part, np.ndarray) else brief(part)


def _asked(part: object) -> str:
    """What may have been meant instead of this result."""
    if part is None:
        return ": is a return missing?"
    if isinstance(part, (bool, np.bool_)) or getattr(part, "dtype", None) == np.bool_:
        return ", and truth values have no derivative: write where(x > 0, a, b) for a choice"
    return ", and derivatives are of numbers, arrays and nodes: return one of these"
