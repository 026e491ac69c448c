"""Attention: every query takes the values' average, weighted by how well it fits their keys.

L, S     how many queries, how many keys and values
E, Ev    entries of a query and of a key, entries of a value
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import asked, moves_in_program
from nn import init
from nn.broadcasting import as_operand
from nn.checks import flag, number
from nn.dropout import dropped


def scaled_dot_product_attention(  # noqa: PLR0913 - torch's arguments
    query: Any, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0,
    is_causal: bool = False, *, scale: float | None = None, enable_gqa: bool = False,
    generator: init.Generator = None,
) -> Any:  # fmt: skip
    """Attention: y = softmax(Q·Kᵀ·scale + mask)·V, the softmax over the keys.

    query (…, L, E), key (…, S, E), value (…, S, Ev), y (…, L, Ev)

    attn_mask   broadcast to (…, L, S): booleans, True where a query may look, or numbers to add
    dropout_p   the probability of leaving a weight out; here always, a module stops it in `eval()`
    is_causal   query i looks at keys 0 to i only
    scale       by default 1/√E
    enable_gqa  several heads of queries, on axis -3, share one of keys and values
    generator   a numpy.random.Generator or a seed, for the dropout

    A query that may look nowhere gets 0.

    >>> q, k, v = np.array([[0.0, 0.0]]), np.eye(2), np.array([[1.0], [3.0]])
    >>> scaled_dot_product_attention(q, k, v)
    array([[2.]])
    >>> scaled_dot_product_attention(q, k, v, is_causal=True)
    array([[1.]])

    Raises ShapeError when the shapes do not fit, OperandError when a mask and is_causal are given.

    Source: Vaswani et al., "Attention is all you need", 2017, equation (1).
    """
    query, key, value = as_operand(query), as_operand(key), as_operand(value)
    dropout_p = number("dropout_p", dropout_p, "[0, 1]")
    scale = None if scale is None else number("scale", scale)
    if flag("enable_gqa", enable_gqa):
        key, value = (_repeated_heads(query, x) for x in (key, value))
    _check(query, key, value)
    mask = None if attn_mask is None else additive_mask(attn_mask, plain(query).dtype, allowed=True)
    if flag("is_causal", is_causal):
        if mask is not None:
            raise OperandError("give attn_mask or is_causal=True, not both: the mask can be causal")
        mask = causal_mask(np.shape(plain(query))[-2], np.shape(plain(key))[-2], plain(query).dtype)
    weights = attention_weights(scores(query, key, scale, mask), mask)
    return f.matmul(dropped(weights, dropout_p, init.as_generator(generator)), value)


# --- shared --------------------------------------------------------------------------------------


def scores(query: Any, key: Any, scale: float | None, mask: Any) -> Any:
    """Q·Kᵀ·scale + mask, which says how well each query fits each key."""
    scale = 1.0 / math.sqrt(np.shape(plain(query))[-1]) if scale is None else scale
    fit = f.matmul(query * scale, f.swapaxes(key, -1, -2))
    return fit if mask is None else _masked(fit, mask)


def attention_weights(fit: Any, mask: Any) -> Any:
    """The softmax over the keys; zeros where the mask lets a query look nowhere."""
    no_key = _without_key(mask)
    if not isinstance(no_key, Node) and not np.any(no_key):
        return f.softmax(fit, axis=-1)
    return f.where(no_key, 0.0, f.softmax(f.where(no_key, 0.0, fit), axis=-1))


def _without_key(mask: Any) -> Any:
    """Where the mask lets a query look nowhere."""
    if mask is None:
        return False
    if moves_in_program(mask):
        return asked("equal", f.max(mask, axis=-1, keepdims=True), -np.inf)
    return np.all(plain(mask) == -np.inf, axis=-1, keepdims=True)


def additive_mask(mask: Any, dtype: Any, *, allowed: bool) -> Any:
    """A mask as numbers to add to the scores: booleans become 0, or -inf where a query may not look.

    allowed  which boolean lets a query look

    Raises OperandError for whole numbers, which could be either.
    """
    mask = as_operand(mask)
    kind = plain(mask).dtype
    if kind == np.bool_ and moves_in_program(mask):
        return f.where(mask, *(0.0, -np.inf) if allowed else (-np.inf, 0.0))
    if kind == np.bool_:
        return np.where(plain(mask) == allowed, 0.0, -np.inf).astype(dtype)
    if kind.kind != "f":
        raise OperandError(
            f"a mask holds booleans or floating-point numbers to add, not {kind}: write "
            f"np.asarray(mask, bool)"
        )
    return mask if mask is not plain(mask) else plain(mask).astype(dtype)


def causal_mask(L: int, S: int, dtype: Any) -> Any:
    """0 where a query looks at itself or back, else -inf."""
    return np.where(np.tri(L, S, dtype=bool), 0.0, -np.inf).astype(dtype)


def _masked(fit: Any, mask: Any) -> Any:
    shape, given = np.shape(plain(fit)), np.shape(plain(mask))
    try:
        fits = np.broadcast_shapes(shape, given) == shape
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"the mask has shape {given}, which does not broadcast to {shape}: a row for each "
            f"query, a column for each key"
        )
    return fit + mask


def _repeated_heads(query: Any, x: Any) -> Any:
    """Keys or values of few heads, once for each head of the queries."""
    of_query, of_x = np.shape(plain(query)), np.shape(plain(x))
    if len(of_x) < 3 or len(of_query) < 3 or of_query[-3] % of_x[-3]:
        raise ShapeError(
            f"enable_gqa shares heads on axis -3: those of the query {of_query} must be a multiple "
            f"of those of key and value {of_x}"
        )
    return f.repeat(x, of_query[-3] // of_x[-3], axis=-3)


def _check(query: Any, key: Any, value: Any) -> None:
    q, k, v = (np.shape(plain(x)) for x in (query, key, value))
    if min(len(q), len(k), len(v)) < 2 or q[-1] != k[-1] or k[-2] != v[-2]:
        raise ShapeError(
            f"attention takes query (..., L, E), key (..., S, E) and value (..., S, Ev), not "
            f"{q}, {k} and {v}"
        )
