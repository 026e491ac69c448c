"""MultiheadAttention: several attentions side by side, each on its own projection of the input."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.attention import additive_mask, attention_weights, causal_mask, scores
from nn.broadcasting import as_operand
from nn.checks import at_least, flag, number
from nn.dropout import dropped
from nn.linear import Linear, check_features
from nn.module import Module
from nn.parameters import Parameter


class MultiheadAttention(Module):
    """Attention in several heads: y = [head_1 … head_h]·W_oᵀ + b_o, on rows of length embed_dim = E.

    head_i = softmax(Q_i·K_iᵀ/√d)·V_i with d = E/num_heads, and Q_i, K_i, V_i the i-th d columns of
    query·W_qᵀ + b_q, key·W_kᵀ + b_k, value·W_vᵀ + b_v. W_q, W_k, W_v lie one under another in
    in_proj_weight (3E, E), the biases in in_proj_bias (3E,); out_proj is W_o (E, E) and b_o.

    query (L, N, E), key (S, N, kdim), value (S, N, vdim), y (L, N, E); with batch_first (N, L, E), …;
    one example comes without N.

    dropout      the probability of leaving out a weight of the attention while training
    kdim, vdim   entries of a key and of a value, by default E; else three weights stand for
                 in_proj_weight: q_proj_weight, k_proj_weight, v_proj_weight

    Called with (query, key, value), it returns y and the weights (N, L, S) of the attention:

    key_padding_mask      (N, S), True at keys that no query may look at, or numbers to add
    need_weights          False returns None for the weights
    attn_mask             (L, S) or (N·num_heads, L, S), True where a query may not look (of
                          `scaled_dot_product_attention` it is where it may), or numbers to add
    average_attn_weights  False returns the weights of each head, (N, num_heads, L, S)
    is_causal             query i looks at keys 0 to i only; beside a mask a hint that changes nothing

    >>> attention = MultiheadAttention(4, 2, batch_first=True, generator=0)
    >>> y, weights = attention(*(np.ones((1, 3, 4)) for _ in range(3)))
    >>> y.shape, weights.numpy().round(3)
    ((1, 3, 4), array([[[0.333, 0.333, 0.333], [0.333, 0.333, 0.333], [0.333, 0.333, 0.333]]]))

    Raises ShapeError when the shapes do not fit, OperandError when num_heads does not divide E.

    Source: Vaswani et al., "Attention is all you need", 2017.
    """

    in_proj_weight: Tensor | None
    in_proj_bias: Tensor | None

    def __init__(  # noqa: PLR0913 - torch's arguments
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        generator: init.Generator = None,
    ) -> None:
        self.embed_dim = at_least("embed_dim", embed_dim, 1)
        self.num_heads = at_least("num_heads", num_heads, 1)
        if embed_dim % num_heads:
            raise OperandError(f"embed_dim={embed_dim} must be divisible by num_heads={num_heads}")
        self.head_dim = embed_dim // num_heads
        self.kdim = embed_dim if kdim is None else at_least("kdim", kdim, 1)
        self.vdim = embed_dim if vdim is None else at_least("vdim", vdim, 1)
        self.dropout = number("dropout", dropout, "[0, 1]")
        self.batch_first = flag("batch_first", batch_first)
        self.generator = init.as_generator(generator)
        self._build(bias)

    def _build(self, bias: bool) -> None:
        """Make the parameters: weights after Glorot, biases 0."""
        E, rng = self.embed_dim, self.generator
        if self.kdim == self.vdim == E:
            self.in_proj_weight = Parameter(init.xavier_uniform((3 * E, E), generator=rng))
        else:
            self.in_proj_weight = None
            self.q_proj_weight = Parameter(init.xavier_uniform((E, E), generator=rng))
            self.k_proj_weight = Parameter(init.xavier_uniform((E, self.kdim), generator=rng))
            self.v_proj_weight = Parameter(init.xavier_uniform((E, self.vdim), generator=rng))
        self.in_proj_bias = Parameter(init.zeros((3 * E,))) if bias else None
        self.out_proj = Linear(E, E, bias, generator=rng)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data = np.zeros(E)

    def forward(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        alone = np.ndim(plain(query)) == 2
        inputs = self._batch_first(query, key, value)
        q, k, v = (self._split_heads(x) for x in self._projected(*inputs))
        mask = self._mask(q, k, key_padding_mask, attn_mask, is_causal)
        fit = scores(q, k, None, mask)
        # asked for weights, torch gives nan to a query that may look nowhere, and else 0
        weights = f.softmax(fit, axis=-1) if need_weights else attention_weights(fit, mask)
        if self.training:
            weights = dropped(weights, self.dropout, self.generator)
        y = self.out_proj(self._merged_heads(f.matmul(weights, v)))
        if not need_weights:
            return self._in_given_axes(y, alone), None
        shown = f.mean(weights, axis=1) if average_attn_weights else weights
        return self._in_given_axes(y, alone), shown[0] if alone else shown

    def _batch_first(self, *inputs: Any) -> list[Any]:
        """Query, key and value as (N, L, E), (N, S, kdim), (N, S, vdim)."""
        found = [as_operand(x) for x in inputs]
        shapes = [np.shape(plain(x)) for x in found]
        if {len(shape) for shape in shapes} not in ({2}, {3}):
            wanted = "(N, L, E)" if self.batch_first else "(L, N, E)"
            raise ShapeError(
                f"{self.label} expected query, key and value of shape {wanted}, or all without N, "
                f"got {', '.join(map(str, shapes))}"
            )
        for x, features in zip(found, (self.embed_dim, self.kdim, self.vdim), strict=True):
            check_features(self, x, features)
        if len(shapes[0]) == 2 or not self.batch_first:
            turn = f.expand_dims if len(shapes[0]) == 2 else _swapped
            # one node for what is given several times: self-attention is seen as such
            turned = {id(x): turn(x, axis=0) for x in found}
            found = [turned[id(x)] for x in found]
        self._check_examples(*(np.shape(plain(x)) for x in found))
        return found

    def _check_examples(self, query: Any, key: Any, value: Any) -> None:
        if key[:2] != value[:2] or query[0] != key[0]:
            raise ShapeError(
                f"{self.label} got {query[0]} examples of {query[1]} queries, {key[0]} of {key[1]} "
                f"keys and {value[0]} of {value[1]} values: one value belongs to each key, and the "
                f"examples must be as many (batch_first={self.batch_first})"
            )

    def _projected(self, query: Any, key: Any, value: Any) -> list[Any]:
        """query·W_qᵀ + b_q, key·W_kᵀ + b_k, value·W_vᵀ + b_v."""
        E, b = self.embed_dim, self.in_proj_bias
        if self.in_proj_weight is None:
            weights = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        elif query is key and key is value:
            return list(f.split(_affine(query, self.in_proj_weight, b), 3, axis=-1))
        else:
            weights = [self.in_proj_weight[i * E : (i + 1) * E] for i in range(3)]
        biases = [None if b is None else b[i * E : (i + 1) * E] for i in range(3)]
        return [_affine(*each) for each in zip((query, key, value), weights, biases, strict=True)]

    def _split_heads(self, x: Any) -> Any:
        """(N, L, E) as (N, num_heads, L, d)."""
        n, length, _ = np.shape(plain(x))
        return f.swapaxes(f.reshape(x, (n, length, self.num_heads, self.head_dim)), 1, 2)

    def _merged_heads(self, y: Any) -> Any:
        """(N, num_heads, L, d) as (N, L, E)."""
        n, _, length, _ = np.shape(plain(y))
        return f.reshape(f.swapaxes(y, 1, 2), (n, length, self.embed_dim))

    def _in_given_axes(self, y: Any, alone: bool) -> Any:
        if alone:
            return y[0]
        return y if self.batch_first else f.swapaxes(y, 0, 1)

    def _mask(self, q: Any, k: Any, padding: Any, mask: Any, is_causal: bool) -> Any:
        """What is added to the scores (N, num_heads, L, S); None for nothing."""
        (n, h, L, _), S, dtype = np.shape(plain(q)), np.shape(plain(k))[2], plain(q).dtype
        if mask is None and is_causal:
            mask = causal_mask(L, S, dtype)
        elif mask is not None:
            mask = additive_mask(mask, dtype, allowed=False)
            mask = self._of_shape("attn_mask", mask, [(L, S), (n * h, L, S)])
            if np.ndim(plain(mask)) == 3:
                mask = f.reshape(mask, (n, h, L, S))
        if padding is None:
            return mask
        padding = additive_mask(padding, dtype, allowed=False)
        padding = self._of_shape("key_padding_mask", padding, [(n, S), *[(S,)] * (n == 1)])
        padding = f.reshape(padding, (n, 1, 1, S))
        return padding if mask is None else mask + padding

    def _of_shape(self, name: str, mask: Any, wanted: list[tuple[int, ...]]) -> Any:
        if np.shape(plain(mask)) not in wanted:
            either = " or ".join(map(str, wanted))
            raise ShapeError(
                f"{self.label} expected {name} of shape {either}, got {np.shape(plain(mask))}"
            )
        return mask

    def extra_repr(self) -> str:
        return f"{self.embed_dim}, num_heads={self.num_heads}"


def _swapped(x: Any, axis: int) -> Any:
    return f.swapaxes(x, axis, axis + 1)


def _affine(x: Any, weight: Any, bias: Any) -> Any:
    return f.matmul(x, weight.T) if bias is None else f.affine(x, weight, bias)
