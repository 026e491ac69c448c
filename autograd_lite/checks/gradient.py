"""gradcheck: both sweeps against finite differences, to any order, and which operation is to blame.

The whole function is compared first. When it fails, each recorded operation is compared by itself,
at the operands it had, so one wrong rule is named however large the graph is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, Final

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.checks import blame
from autograd_lite.checks.agreement import Disagreement, check_one_direction, disagreement
from autograd_lite.checks.nans import trace_nan
from autograd_lite.checks.vectorized import (
    OfNodes,
    Sweep,
    VectorMap,
    forward_sweep,
    operations,
    reverse_sweep,
)
from autograd_lite.differentiable import (
    refuse_no_argument,
    refuse_no_function,
    refuse_no_result,
)
from autograd_lite.errors import CheckError, OperandError, brief
from autograd_lite.modes import record_lines, traced
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves, tree_map

TOLERANCE: Final = 1e-7


def gradcheck(
    f: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    tolerance: float = TOLERANCE,
    seed: int = 0,
) -> bool:
    """True when f's derivatives agree with finite differences; else CheckError names what is wrong.

    f          takes nodes in the form of the inputs; returns a node, or nested ones
    inputs     float64 numbers and arrays, in nested lists, tuples and dicts if f likes; integers
               become float64, a Value stays a Value
    order      1: the gradient; 2: also the derivatives of both sweeps; and so on
    tolerance  the relative error that passes, entry by entry
    seed       of the upstream gradients ȳ and tangents ẋ, which are random normal numbers

    The reverse sweep must give ȳᵀ·∂y/∂x and the forward sweep ∂y/∂x·ẋ, with every entry of ∂y/∂x by
    differences. That takes eight or more evaluations of f per number in the inputs, so keep them
    small: shape (2, 3) says as much as (200, 300).

    >>> from autograd_lite import elementwise, sin
    >>> gradcheck(lambda x: sin(x) * x, np.array([1.0, 2.0]), order=2)
    True
    >>> @elementwise(lambda xp, y, x: x)
    ... def squared(xp, x):
    ...     return x * x
    >>> gradcheck(lambda x: sin(squared(x)), np.array([2.0, 3.0]))
    Traceback (most recent call last):
    autograd_lite.errors.CheckError: squared, operand 0, index (1,): rule says 3.0, differences say 6.0...

    Raises OperandError for float32, and when f is no function or returns None; CheckError for a wrong
    derivative or a value that is not finite.
    """
    refuse_no_function("gradcheck", f)
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise OperandError(f"order is 1 for the gradient, 2 for its derivative, …, not {order!r}")
    if (
        isinstance(tolerance, bool)
        or not isinstance(tolerance, (int, float))
        or not 0 < tolerance < np.inf
    ):
        raise OperandError(f"tolerance is a finite number above 0, not {brief(tolerance)}")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise OperandError(f"seed is a whole number of at least 0, not {brief(seed)}")
    for x in tree_leaves(inputs):
        refuse_no_argument(x)
    _refuse_single_precision(inputs)
    leaves = [x if isinstance(x, Node) else Tensor(x) for x in tree_leaves(inputs)]
    labels = tuple(f"input {i}" for i in range(len(leaves)))
    whole = VectorMap(_of_leaves(f, inputs), leaves, labels)
    with np.errstate(all="ignore"):
        _refuse_unfit(whole)
        for sweeps in _levels(order):
            random = np.random.default_rng(seed)
            found = _compared(disagreement, whole, sweeps, random, tolerance)
            if found is not None:
                raise CheckError(_explained(whole, sweeps, found, random, tolerance))
    return True


def _levels(order: int) -> Iterator[tuple[Sweep, ...]]:
    """What is compared: f, then each sweep of it, then each sweep of those, …"""
    for k in range(order):
        yield from product((reverse_sweep, forward_sweep), repeat=k)


def _compared(
    compare: Callable[[VectorMap, np.random.Generator, float], Disagreement | None],
    f: VectorMap,
    sweeps: Sequence[Sweep],
    random: np.random.Generator,
    tolerance: float,
) -> Disagreement | None:
    """Compare what `sweeps` make of f; what a rule raises meanwhile counts as the worst of all."""
    try:
        for sweep in sweeps:
            f = sweep(f, random)
        return compare(f, random, tolerance)
    except Exception as error:  # noqa: BLE001 - whatever it is, the operation is to be named
        return Disagreement(f, "recorded", np.inf, raised=error)


def _of_leaves(f: Callable[..., Any], inputs: tuple[Any, ...]) -> OfNodes:
    """F as a function of the flat list of the leaves of its arguments."""

    def call(leaves: Sequence[Any]) -> list[Any]:
        given = iter(leaves)
        with traced(set(leaves)):
            y = f(*tree_map(lambda _: next(given), inputs))
        refuse_no_result(y)
        return list(tree_leaves(y))

    return call


# --- which operation it was ----------------------------------------------------------------------


def _explained(
    whole: VectorMap,
    sweeps: Sequence[Sweep],
    found: Disagreement,
    random: np.random.Generator,
    tolerance: float,
) -> str:
    """The message of the error: about the worst operation, if one is wrong by itself."""
    suspects = [
        (node, wrong)
        for node in operations(whole.outputs, whole.inputs)
        if np.isfinite(plain(node)).all()
        and (wrong := _compared(check_one_direction, _alone(node), sweeps, random, tolerance))
        is not None
    ]
    node, worst = max(suspects, key=lambda s: s[1].weight, default=(None, found))
    if worst.hidden:
        return blame.rounding_message(node, worst)
    if node is None:
        return blame.path_message(found)
    names = ["vjp" if sweep is reverse_sweep else "jvp" for sweep in sweeps]
    return blame.rule_message(node, worst, names, tolerance)


def _alone(node: Node) -> VectorMap:
    """The operation of `node` by itself, as a function of those operands that are variable."""
    places = [i for i, x in enumerate(node.operands) if isinstance(x, Node) and x.requires_grad]

    def applied(inputs: Sequence[Any]) -> list[Any]:
        operands = list(node.operands)
        for i, x in zip(places, inputs, strict=True):
            operands[i] = x
        return [type(node).record(node.rule, tuple(operands), dict(node.static))]

    labels = tuple(f"operand {i}" for i in places)
    return VectorMap(applied, [node.operands[i] for i in places], labels)


# --- what is refused -----------------------------------------------------------------------------


def _refuse_single_precision(parts: Any) -> None:
    for x in tree_leaves(parts):
        dtype = np.asarray(plain(x)).dtype
        if dtype.kind == "f" and dtype.itemsize < 8:
            where = x.describe() if isinstance(x, Node) and x.operands else "an input"
            raise OperandError(
                f"gradcheck: {where} is {dtype}, in which finite differences carry three or four "
                f"digits and cannot tell right from wrong; pass float64, x.astype('float64'): the "
                f"rules are the same"
            )


def _refuse_unfit(whole: VectorMap) -> None:
    with record_lines():
        whole.evaluate()
    _refuse_single_precision([*operations(whole.outputs), *whole.outputs])
    if not np.isfinite(whole.value).all():
        reports = (trace_nan(y) for y in whole.outputs if isinstance(y, Node))
        reason = next((f": {report}" for report in reports if report is not None), "")
        raise CheckError(f"f is not finite here, so there is nothing to compare{reason}")
    if not np.array_equal(whole(whole.point), whole.value):
        raise CheckError(
            "f gives another value each time it is called: draw random numbers before, not in it"
        )
