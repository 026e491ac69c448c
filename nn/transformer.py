"""Transformer layers: attention, then a feed-forward network at every position, each added to its input."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from nn import init
from nn.broadcasting import as_operand
from nn.checks import at_least, choice, flag, function, number
from nn.dropout import Dropout
from nn.linear import Linear
from nn.module import Module
from nn.module_checks import checked_module
from nn.multihead import MultiheadAttention
from nn.normalization import LayerNorm
from nn.sequential import ModuleList

Activation: TypeAlias = "str | Callable[[Any], Any]"
ACTIVATIONS: Final = {"relu": f.relu, "gelu": f.gelu}


class TransformerLayer(Module):
    """What encoder and decoder layers share: the feed-forward network and the residual connections."""

    norm_first: bool

    def _set_options(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int,
        layer_norm_eps: float,
        norm_first: bool,
    ) -> float:
        """Check the options under their names here; layer_norm_eps comes back as a float."""
        at_least("d_model", d_model, 1)
        at_least("dim_feedforward", dim_feedforward, 1)
        if d_model % at_least("nhead", nhead, 1):
            raise OperandError(f"d_model={d_model} must be divisible by nhead={nhead}")
        self.norm_first = flag("norm_first", norm_first)
        return number("layer_norm_eps", layer_norm_eps, "[0, ∞)")

    def _build_feed_forward(
        self, d_model: int, dim_feedforward: int, activation: Activation, dropout: float,
        bias: bool, rng: Any,
    ) -> None:  # fmt: skip
        self.activation = _as_activation(activation)
        self.linear1 = Linear(d_model, dim_feedforward, bias, generator=rng)
        self.dropout = Dropout(dropout, generator=rng)
        self.linear2 = Linear(dim_feedforward, d_model, bias, generator=rng)

    def _feed_forward(self, x: Any) -> Any:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))

    def _residual(self, x: Any, part: Callable[[Any], Any], norm: Module, dropout: Module) -> Any:
        """The sum x + part(x), normalized: the part's input first, or the sum afterwards."""
        if self.norm_first:
            return x + dropout(part(norm(x)))
        return norm(x + dropout(part(x)))


class TransformerEncoderLayer(TransformerLayer):
    """One layer of a transformer's encoder: x' = N(x + A(x)), y = N(x' + F(x')).

    A is `MultiheadAttention` of x to itself, F(x) = W_2·φ(W_1·x + b_1) + b_2 at every position, N a
    `LayerNorm`. src and y (S, N, d_model), with batch_first (N, S, d_model), or without N.

    dim_feedforward  how many hidden numbers F has
    dropout          in A, in F, and of what is added
    activation       φ: "relu", "gelu" or a function
    norm_first       True: x' = x + A(N(x)), y = x' + F(N(x'))
    bias             False leaves all biases out

    Called with src and perhaps src_mask, src_key_padding_mask and is_causal, the masks of
    `MultiheadAttention`.

    >>> layer = TransformerEncoderLayer(4, 2, dim_feedforward=8, batch_first=True, generator=0)
    >>> layer([[[1.0, 2.0, 3.0, 4.0]] * 3] * 2).shape
    (2, 3, 4)

    Raises ShapeError when the shapes do not fit, OperandError for another activation.

    Source: Vaswani et al., "Attention is all you need", 2017; norm_first: Xiong et al., "On layer
    normalization in the transformer architecture", 2020.
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
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, generator=rng
        )
        self._build_feed_forward(d_model, dim_feedforward, activation, dropout, bias, rng)
        self.norm1 = LayerNorm(d_model, eps, bias=bias)
        self.norm2 = LayerNorm(d_model, eps, bias=bias)
        self.dropout1 = Dropout(dropout, generator=rng)
        self.dropout2 = Dropout(dropout, generator=rng)

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        def self_attention(x: Any) -> Any:
            return self.self_attn(
                x, x, x, attn_mask=src_mask, key_padding_mask=src_key_padding_mask,
                need_weights=False, is_causal=is_causal,
            )[0]  # fmt: skip

        x = self._residual(as_operand(src), self_attention, self.norm1, self.dropout1)
        return self._residual(x, self._feed_forward, self.norm2, self.dropout2)


class TransformerEncoder(Module):
    """Several encoder layers one after the other, all starting from copies of one.

    encoder_layer  the layer that is copied; its copies do not share weights
    norm           a module for the end, such as a `LayerNorm`

    Called with src and perhaps mask, src_key_padding_mask and is_causal, as a layer is.

    >>> layer = TransformerEncoderLayer(4, 2, dim_feedforward=8, batch_first=True, generator=0)
    >>> TransformerEncoder(layer, 3)([[[1.0, 2.0, 3.0, 4.0]] * 5]).shape
    (1, 5, 4)
    """

    def __init__(self, encoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        self.layers = copies(checked_module("encoder_layer is a Module", encoder_layer), num_layers)
        self.num_layers = num_layers
        self.norm = None if norm is None else checked_module("norm is a Module", norm)

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Any:
        for layer in self.layers:
            src = layer(
                src, src_mask=mask, src_key_padding_mask=src_key_padding_mask,
                is_causal=bool(is_causal),
            )  # fmt: skip
        return src if self.norm is None else self.norm(src)


def _as_activation(activation: Activation) -> Callable[[Any], Any]:
    if isinstance(activation, str) or not callable(activation):
        return ACTIVATIONS[choice("activation", activation, ACTIVATIONS)]
    return function("activation", activation)  # type: ignore[no-any-return]


def copies(layer: Module, n: int) -> ModuleList:
    """Copies of a layer with weights of their own, and one source of dropout for all."""
    row = []
    for _ in range(at_least("num_layers", n, 1, 10_000)):
        row.append(copy.deepcopy(layer))
        for own, copied in zip(layer.modules(), row[-1].modules(), strict=True):
            if "generator" in vars(own):  # a copied one would draw the same masks again
                copied.generator = own.generator
    return ModuleList(row)
