"""What a question takes of a model's output: one number, L."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import nn


@dataclass(frozen=True)
class Loss:
    """What is taken of y: L, a single number.

    says   as the student reads it, {y} being what it is taken of
    given  the name of the array that it needs beside y
    value  (y, what is given, x) -> L
    """

    says: str
    given: str
    value: Callable[[Any, Any, Mapping[str, Any]], Any]


def _mean_error(x_hat: Any, _: Any, inputs: Mapping[str, Any]) -> Any:
    return nn.mse_loss(x_hat, inputs["x"].detach())


def _half_error(x_hat: Any, _: Any, inputs: Mapping[str, Any]) -> Any:
    return nn.half_squared_error(x_hat, inputs["x"].detach())


LOSSES: Final[dict[str, Loss]] = {
    "half_squared_error": Loss(
        "L = ½ Σ ({y} − t)²", "t", lambda y, t, _: nn.half_squared_error(y, t)
    ),
    "mse_loss": Loss(
        "L = (1/n) Σ ({y} − t)², n the number of entries of {y}", "t", lambda y, t, _: nn.mse_loss(y, t)
    ),
    "bce_with_logits": Loss(
        "L = −(1/n) Σ (t·log p + (1 − t)·log(1 − p)), p = σ({y}), n the number of entries of {y}",
        "t", lambda y, t, _: nn.bce_with_logits(y, t),
    ),
    "cross_entropy": Loss(
        "L = −(1/N) Σ_n log p[n, class of n], p = softmax({y}) for each of the N rows",
        "classes", lambda y, t, _: nn.cross_entropy(y, t),
    ),
    "upstream": Loss("L = Σ G ⊙ {y}: G arrives from behind, dL/d{y} = G", "G", lambda y, g, _: (g * y).sum()),
    "reconstruction": Loss("L = (1/n) Σ (x̂ − x)², n the number of entries of x", "", _mean_error),
    "half_reconstruction": Loss("L = ½ Σ (x̂ − x)²", "", _half_error),
    "negative_elbo": Loss(
        "L = (1/N) Σ_n (½ ‖x − x̂‖² + ½ D log 2π + KL), D the number of entries of x", "",
        lambda y, _, __: nn.negative_elbo(y),
    ),
    "contrastive": Loss(
        "L = (1/N) Σ_n F(v_n) − (1/N) Σ_n F(w_n)", "", lambda y, _, __: y[0].mean() - y[1].mean()
    ),
}  # fmt: skip
_ONLY: Final = {"VAE": ("negative_elbo",), "RBM": ("contrastive",)}
_AUTOENCODERS: Final = ("reconstruction", "half_reconstruction")


def losses_of(model: str) -> tuple[str, ...]:
    """The losses that fit a model."""
    if model in _ONLY:
        return _ONLY[model]
    special = {*sum(_ONLY.values(), ()), *_AUTOENCODERS}
    if model.endswith("Autoencoder"):
        return _AUTOENCODERS
    flat = [name for name in LOSSES if name not in special]
    if model in {"RNN", "GRU", "LSTM", "Conv1d", "Conv2d"}:  # y has no rows of class scores
        flat.remove("cross_entropy")
    return tuple(flat)
