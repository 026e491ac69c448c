"""The transformer's decoder: self-attention, attention to the encoder's output, feed-forward network."""

from __future__ import annotations

from typing import Any

from autograd_lite import functions as f
from nn import init
from nn.broadcasting import as_operand
from nn.dropout import Dropout
from nn.module import Module
from nn.module_checks import checked_module
from nn.multihead import MultiheadAttention
from nn.normalization import LayerNorm
from nn.transformer import Activation, TransformerLayer, copies


class TransformerDecoderLayer(TransformerLayer):
    """One layer of a transformer's decoder: x' = N(x + A(x)), x'' = N(x' + B(x', m)), y = N(x'' + F(x'')).

    A is attention of x to itself, B that of x' to the encoder's output m, and F, N and the options
    are those of `TransformerEncoderLayer`. tgt and y (T, N, d_model), memory (S, N, d_model).

    Called with tgt, memory and perhaps masks of A, tgt_mask and tgt_key_padding_mask, and of B,
    memory_mask and memory_key_padding_mask; tgt_is_causal lets a position see only those before it.

    >>> layer = TransformerDecoderLayer(4, 2, dim_feedforward=8, batch_first=True, generator=0)
    >>> layer([[[1.0, 2.0, 3.0, 4.0]] * 3], [[[4.0, 3.0, 2.0, 1.0]] * 5], tgt_is_causal=True).shape
    (1, 3, 4)

    Raises ShapeError when the shapes do not fit, OperandError for another activation.

    Source: Vaswani et al., "Attention is all you need", 2017.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = f.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        generator: init.Generator = None,
    ) -> None:
        rng = init.as_generator(generator)
        eps = self._set_options(d_model, nhead, dim_feedforward, layer_norm_eps, norm_first)
        self.self_attn, self.multihead_attn = (
            MultiheadAttention(
                d_model, nhead, dropout, bias, batch_first=batch_first, generator=rng
            )
            for _ in range(2)
        )
        self._build_feed_forward(d_model, dim_feedforward, activation, dropout, bias, rng)
        for i in (1, 2, 3):
            setattr(self, f"norm{i}", LayerNorm(d_model, eps, bias=bias))
        for i in (1, 2, 3):
            setattr(self, f"dropout{i}", Dropout(dropout, generator=rng))

    def forward(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        def self_attention(x: Any) -> Any:
            return self.self_attn(
                x, x, x, attn_mask=tgt_mask, key_padding_mask=tgt_key_padding_mask,
                need_weights=False, is_causal=tgt_is_causal,
            )[0]  # fmt: skip

        def cross_attention(x: Any) -> Any:
            return self.multihead_attn(
                x, memory, memory, attn_mask=memory_mask, need_weights=False,
                key_padding_mask=memory_key_padding_mask, is_causal=memory_is_causal,
            )[0]  # fmt: skip

        memory = as_operand(memory)
        x = self._residual(as_operand(tgt), self_attention, self.norm1, self.dropout1)
        x = self._residual(x, cross_attention, self.norm2, self.dropout2)
        return self._residual(x, self._feed_forward, self.norm3, self.dropout3)


class TransformerDecoder(Module):
    """Several decoder layers one after the other, all starting from copies of one.

    decoder_layer  the layer that is copied; its copies do not share weights
    norm           a module for the end, such as a `LayerNorm`

    Called as a layer is, with tgt, memory and perhaps masks.

    >>> layer = TransformerDecoderLayer(4, 2, dim_feedforward=8, batch_first=True, generator=0)
    >>> x = [[[1.0, 2.0, 3.0, 4.0]] * 3]
    >>> TransformerDecoder(layer, 2)(x, x).shape
    (1, 3, 4)
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        self.layers = copies(checked_module("decoder_layer is a Module", decoder_layer), num_layers)
        self.num_layers = num_layers
        self.norm = None if norm is None else checked_module("norm is a Module", norm)

    def forward(self, tgt: Any, memory: Any, *masks: Any, **options: Any) -> Any:
        for layer in self.layers:
            tgt = layer(tgt, memory, *masks, **options)
        return tgt if self.norm is None else self.norm(tgt)
