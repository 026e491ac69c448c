"""Which zeros are exact: 0·inf is 0 where nothing can move the zero, and nan where it is that of one point.

A branch not taken, an entry not read, a constant factor of 0: the path is masked out, and nothing comes
through it, whatever pole lies behind. So it is with what swallows an overflow, as 1/(1 + e^-x) does far
below 0. Any other zero is an accident of the numbers: near by the product is anything, as in d log(x²)/dx
at 0, or in d log(1 - tanh x)/dx at 400.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.operands import Operand
from autograd_lite.rules.namespaces import Namespace, arrays, graph, plain

GOLDEN: Final = 0.6180339887498949
NEAR: Final = 1e-6
"""How far from a pole, relative to the operand, a number is finite again; after an overflow it is not."""

Known = dict[Node, Any]


def moves(x: object) -> bool:
    """Whether x is a node that depends on a variable: then what is computed with it is recorded."""
    return isinstance(x, Node) and x.requires_grad


def chained(
    xp: Namespace, g: Operand, d: Operand, known: Known | None = None, flat: Any = False
) -> Any:
    """The product g·d of an adjoint and a partial; on the graph it is 0 where either is an exact zero.

    Off the graph it cannot be told which are, and 0·inf is nan: a sweep that ends so is repeated on it.

    known  what `exact_zeros` found before
    flat   where d is an exact zero for other reasons
    """
    c = g * d
    if xp is not graph:
        return c
    if np.isnan(plain(c)).any():
        flat = flat | exact_zeros(g, known) | exact_zeros(d, known)
    return xp.where(flat, 0.0, c) if np.any(flat) else c


def exact_zeros(x: Any, known: Known | None = None) -> Any:
    """Where x is 0 and stays 0 however the variables move: a boolean array of x's shape.

    It is read off the graph: rules that are sums of products say where their zeros come from (`Rule.zeros`,
    `Rule.linear_in`), and of any other rule that moves no zero is exact.

    known  what was found before, added to here

    >>> from autograd_lite import Tensor
    >>> x = Tensor([0.0, 2.0, 0.0], requires_grad=True)
    >>> exact_zeros(x * np.array([1.0, 0.0, 0.0]))
    array([False,  True,  True])
    """
    if not moves(x):
        return np.equal(plain(x), 0.0)
    return _along_operands(x, _passes_zeros_on, _zeros_of, {} if known is None else known)


def poles_in_sums(
    derivative: Callable[..., Any], node: Node, g: object, known: Known
) -> tuple[Any, list[Any]]:
    """Where a pole comes through in g·∂y/∂x, a sum of products; g and operands without poles.

    A term that has both a pole and an exact zero is 0. So what no pole reaches is the sum without them.
    """
    factors = [g, *node.operands]
    linear = {0, *(k + 1 for k in _sums_over(node.rule, len(node.operands)))}
    y = _sample(exact_zeros(node, known), len(factors))
    samples = [
        _sample(exact_zeros(f, known), k) if k in linear else plain(f)
        for k, f in enumerate(factors)
    ]
    reached: Any = np.False_
    for k in linear:
        at = ~np.isfinite(plain(factors[k]))
        if at.any():
            only = [*samples[:k], samples[k] * at, *samples[k + 1 :]]
            c = derivative(arrays, only[0], y, *only[1:], **node.static)
            reached = reached | np.not_equal(c, 0.0)
            xp = graph if moves(factors[k]) else arrays
            factors[k] = xp.where(at, 0.0, factors[k])
    return reached, factors


def absorbs_overflow(y: Node, x: Any, d: object, known: Known | None = None) -> Any:
    """Where x is too large for a float and y, computed from it, is finite and does not move: ∂y/∂x = d = 0.

    known  where other nodes overflow, found before and added to here

    >>> from autograd_lite import Value, exp
    >>> x = Value(-1000.0)
    >>> u = 1.0 + exp(-x)
    >>> bool(absorbs_overflow(1.0 / u, u, -0.0))
    True
    """
    at = np.isinf(plain(x)) & np.isfinite(plain(y)) & np.equal(plain(d), 0.0)
    if not moves(x) or not np.any(at):
        return np.False_
    return at & _along_operands(x, _is_infinite, _overflow_of, {} if known is None else known)


def _along_operands(
    x: Node, goes_on: Callable[[Node], bool], found: Callable[[Node, Known], Any], known: Known
) -> Any:
    """found(x, known), with the same of each operand in `known` first, where a node `goes_on` to them."""
    walk = [x]
    while walk:  # operands first: a chain may be longer than Python's stack
        node = walk[-1]
        missing = [p for p in node.operands if moves(p) and p not in known] if goes_on(node) else []
        if missing:
            walk.extend(missing)
        else:
            known[walk.pop()] = found(node, known)
    return known[x]


def _passes_zeros_on(node: Node) -> bool:
    return node.rule.zeros is not None or bool(node.rule.linear_in)


def _zeros_of(node: Node, known: Known) -> Any:
    rule = node.rule
    if not _passes_zeros_on(node):
        return np.zeros(np.shape(plain(node)), bool)
    zeros = [known[p] if moves(p) else np.equal(plain(p), 0.0) for p in node.operands]
    if rule.zeros is not None:
        return np.broadcast_to(rule.zeros(*zeros), np.shape(plain(node)))
    linear = _sums_over(rule, len(zeros))
    samples = [
        _sample(z, i) if i in linear else plain(p)
        for i, (z, p) in enumerate(zip(zeros, node.operands, strict=True))
    ]
    return np.equal(rule.value(arrays, *samples, **node.static), 0.0)


def _sums_over(rule: Any, operands: int) -> Collection[int]:
    """The operands in whose entries a rule is a sum of products."""
    return range(operands) if rule.variadic and rule.linear_in else rule.linear_in


def _sample(zeros: Any, i: int) -> Any:
    """Numbers that are 0 where these zeros are, and elsewhere too different to cancel by accident."""
    size = np.size(zeros)
    spread = 0.5 + np.modf(GOLDEN * np.arange(1 + i * size, 1 + (i + 1) * size))[0]
    return np.where(zeros, 0.0, spread.reshape(np.shape(zeros)))


def _is_infinite(node: Node) -> bool:
    return bool(np.isinf(plain(node)).any())


def _overflow_of(node: Node, known: Known) -> Any:
    """Where a node is inf, and was so near by too or got it from an operand that was: this is no pole."""
    at = np.isinf(plain(node))
    if not at.any() or not node.operands:
        return np.zeros_like(at)
    passed_on = [np.any(known[p]) for p in node.operands if moves(p) and p in known]
    return at & (np.any(passed_on) or (_value_near(node, NEAR) & _value_near(node, -NEAR)))


def _value_near(node: Node, step: float) -> Any:
    operands = [
        x + step * (1.0 + np.abs(x)) if moves(p) else x
        for p, x in ((p, plain(p)) for p in node.operands)
    ]
    with np.errstate(all="ignore"):
        return np.isinf(node.rule.value(arrays, *operands, **node.static))
