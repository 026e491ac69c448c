"""Derivatives of Python functions, in JAX's conventions: grad, jacobian, hessian, jvp, vjp, hvp.

They return fresh numbers and arrays and leave no `.grad` behind. Called with nodes, or inside one another,
they return nodes, so they nest: `grad(grad(f))`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lite.arguments import refuse_no_flag
from autograd_lite.differentiable import (
    refuse_no_function,
    refuse_no_numbers,
    refuse_no_result,
    refuse_other_count,
)
from autograd_lite.errors import DerivativeError, OperandError, brief
from autograd_lite.functions import reshape, stack
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.sweeps import Adjoints
from autograd_lite.tape import unit_seeds
from autograd_lite.tracing import Argnums, Trace, tangent_of, tracing
from autograd_lite.trees import is_object_array, object_array, tree_map


def grad(f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The function that returns the gradient of f by its argument(s) `argnums`.

    f        returns one number y (with has_aux, a pair of it and anything)
    argnums  which argument, or a tuple of which; each may be a nested list, tuple or dict

    x (…): the gradient ∂y/∂x has x's shape, and its type: float for float, array for array, node for node.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0

    Raises DerivativeError when f returns more than one number, OperandError when f is no function or
    returns None.
    """
    refuse_no_function("grad", f)
    with_value = value_and_grad(f, argnums, has_aux)

    def gradient(*args: Any, **kwargs: object) -> Any:
        value, slopes = with_value(*args, **kwargs)
        return (slopes, value[1]) if has_aux else slopes

    return gradient


def value_and_grad(
    f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that returns f's value and its gradient in one forward and one backward pass; see `grad`.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    refuse_no_function("value_and_grad", f)
    refuse_no_flag("has_aux", has_aux, "with True f returns a pair (y, anything)")

    def evaluated(*args: Any, **kwargs: object) -> Any:
        with tracing(args, argnums) as trace:
            y, aux = _split(f(*trace.args, **kwargs), has_aux)
            refuse_no_result(y)
            refuse_many(y)
            slopes = trace.gradients(trace.adjoints(y))
            value = trace.finished(y)
            aux = tree_map(lambda x: trace.finished(x) if isinstance(x, Node) else x, aux)
        return ((value, aux) if has_aux else value), slopes

    return evaluated


def jacobian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """The function that returns the Jacobian of f by its argument(s): ∂yᵢ/∂xⱼ, in shape y.shape + x.shape.

    When f returns a list, tuple or dict, that holds one Jacobian for each of its entries. An object array
    of Values is a list of them; of another one its Jacobian is one in shape y.shape + x.shape again.

    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])

    Raises OperandError when f is no function, or returns None or another thing that is no number.
    """
    refuse_no_function("jacobian", f)

    def evaluated(*args: Any, **kwargs: object) -> Any:
        with tracing(args, argnums) as trace:
            y = f(*trace.args, **kwargs)
            refuse_no_result(y)
            return _jacobians(trace, y)

    return evaluated


def hessian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """The function that returns the Hessian of f: ∂²y/∂xᵢ∂xⱼ, in shape x.shape + x.shape.

    >>> hessian(lambda x: (x * x * x).sum())(np.array([1.0, 2.0]))
    array([[ 6.,  0.],
           [ 0., 12.]])

    Raises what `grad` raises.
    """
    refuse_no_function("hessian", f)
    return jacobian(grad(f, argnums), argnums)


def jvp(
    f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]
) -> tuple[Any, Any]:
    """F's value and its derivative along `tangents`, ẏ = Σ ∂y/∂xᵢ·ẋᵢ, in one forward sweep.

    primals, tangents  tuples of f's arguments and of their directions, alike in form and shape

    >>> jvp(lambda x: x * x, (3.0,), (1.0,))
    (9.0, 6.0)

    Raises DerivativeError when a tangent's shape is not its primal's, ShapeError when there is not one for
    each primal, OperandError when primals or tangents are no tuples, f is no function or returns None.
    """
    refuse_no_function("jvp", f)
    refuse_other_count(primals, tangents)
    with tracing(primals, tuple(range(len(primals)))) as trace:
        y = f(*trace.args)
        refuse_no_result(y)
        trace.nest_if_needed(y, tangents)
        seeds: Adjoints = {}
        tree_map(
            lambda x, t: seeds.update({x: tangent_of(x, t, trace.nested)}),
            trace.chosen,
            tuple(tangents),
        )
        return tree_map(trace.finished, y), tree_map(lambda part: trace.tangent(part, seeds), y)


def vjp(f: Callable[..., Any], *primals: object) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """F's value and the function that pulls a gradient back: ȳ ↦ (ȳᵀ·∂y/∂x₁, ȳᵀ·∂y/∂x₂, …).

    The gradient has the form and shape of y.

    >>> y, pull = vjp(lambda x: x * x, 3.0)
    >>> y, pull(1.0)
    (9.0, (6.0,))

    Raises OperandError when f is no function or returns None; the second function raises ShapeError and
    DerivativeError for a gradient of another form or shape.
    """
    refuse_no_function("vjp", f)
    with tracing(primals, tuple(range(len(primals)))) as trace:
        y = f(*trace.args)
        refuse_no_result(y)
        trace.nest_if_needed(y)
        value = tree_map(trace.finished, y)

    def pull(gradient: object) -> tuple[Any, ...]:
        trace.nest_if_needed(y, gradient)
        parts: list[Any] = []

        def add(part: object, g: Any) -> None:
            refuse_no_numbers("a gradient", g)
            parts.append(trace.gradients(trace.adjoints(part, g)))

        tree_map(add, y, gradient)
        return tree_map(lambda *slopes: sum(slopes[1:], slopes[0]), *parts)  # type: ignore[no-any-return]

    return value, pull


def hvp(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """The Hessian of f times a vector, H·v, without the Hessian: the gradient's derivative along `tangents`.

    In the form of the argument; a tuple of them, one for each, when there are several.

    >>> hvp(lambda x: (x * x * x).sum(), (np.array([1.0, 2.0]),), (np.array([1.0, 1.0]),))
    array([ 6., 12.])

    Raises what `grad` and `jvp` raise.
    """
    refuse_no_function("hvp", f)
    refuse_other_count(primals, tangents)
    argnums = 0 if len(primals) == 1 else tuple(range(len(primals)))
    return jvp(grad(f, argnums), primals, tangents)[1]


def refuse_many(y: object) -> None:
    """Raise DerivativeError unless y is one number.

    >>> refuse_many(3.0)
    """
    is_tree = isinstance(y, (list, tuple, dict)) or is_object_array(y)
    if is_tree or np.size(plain(y)) != 1:
        what = f"a {type(y).__name__}" if is_tree else f"shape {np.shape(plain(y))}"
        raise DerivativeError(
            f"grad is of a function that returns one number; this one returned {what}: "
            f"sum it, use jacobian, or has_aux=True when the second of two is no part of it"
        )


def _split(result: Any, has_aux: bool) -> tuple[Any, Any]:
    if not has_aux:
        return result, None
    if result is None:
        refuse_no_result(result)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise OperandError(
            f"with has_aux=True f returns a pair (y, anything), and this one returned {brief(result)}"
        )
    return result[0], result[1]


def _jacobians(trace: Trace, y: Any) -> Any:
    """One Jacobian for each entry of y, in lists nested as y is."""
    if not is_object_array(y):
        return tree_map(lambda part: _jacobian(trace, part), y)
    rows = [_jacobian(trace, part) for part in y.flat]
    if rows and all(map(is_object_array, rows)):
        return np.stack(rows).reshape(y.shape + rows[0].shape)
    return object_array(rows, y.shape).tolist()


def _jacobian(trace: Trace, y: object) -> Any:
    shape, data = np.shape(plain(y)), np.asarray(plain(y), dtype=float)
    rows = [trace.gradients(trace.adjoints(y, seed)) for seed in unit_seeds(data)]
    if rows:
        return tree_map(lambda *entries: _stacked(entries, shape), *rows)
    chosen = trace.chosen[0] if trace.single else trace.chosen
    return tree_map(lambda x: np.zeros(shape + np.shape(plain(x))), chosen)


def _stacked(entries: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    if not any(isinstance(entry, Node) for entry in entries):
        stacked = np.stack([np.asarray(entry) for entry in entries])
        full = stacked.reshape(shape + stacked.shape[1:])
        return float(full) if full.ndim == 0 and isinstance(entries[0], float) else full
    if shape == ():
        return entries[0]
    return reshape(stack(entries), shape + np.shape(plain(entries[0])))
