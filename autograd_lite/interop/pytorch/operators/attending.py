"""Scaled dot-product attention, which torch would hand to a fast path of its own."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.drawing import Draws, dropped
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.interop.pytorch.operators.reducing import safe_softmax
from autograd_lite.operands import Array
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of


def _attended(  # noqa: PLR0913, PLR0917 - torch's parameters
    draws: Draws, q: Array, k: Array, v: Array, attn_mask: Array | None = None,
    dropout_p: float = 0.0, is_causal: bool = False, *, scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:  # fmt: skip
    """softmax(q·kᵀ·scale + mask)·v, with q (…, L, E), k (…, S, E) and v (…, S, V)."""
    if enable_gqa:
        k, v = (_shared(t, shape_of(q)[-3]) for t in (k, v))
    scale = 1 / math.sqrt(shape_of(q)[-1]) if scale is None else scale
    scores = f.multiply(f.matmul(q, f.swapaxes(k, axis1=-1, axis2=-2)), scale)
    if is_causal:
        scores = f.where(np.tril(np.ones(shape_of(scores)[-2:], bool)), scores, -np.inf)
    if attn_mask is not None:
        scores = _masked(scores, attn_mask)
    return f.matmul(dropped(draws, safe_softmax(scores), dropout_p, True), v)


def _shared(t: Array, heads: int) -> Any:
    """Keys or values of groups of queries, repeated for each query of the group."""
    return f.repeat(t, repeats=heads // shape_of(t)[-3], axis=-3)


def _masked(scores: Array, mask: Array) -> Any:
    """A mask of truth values says what is seen; one of numbers is added."""
    if plain(mask).dtype == bool:
        return f.where(mask, scores, -np.inf)
    return f.add(scores, mask)


ATTENDING: Final[Operators] = {"scaled_dot_product_attention": _attended}
