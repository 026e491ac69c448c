"""nn's modules over their options as programs: output and gradients are the eager ones, in both dtypes.

Each is called at other inputs, and with other weights, than it was recorded with.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_lite as al
import nn
from autograd_lite import Tensor
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves, tree_map

COUNT = int(os.environ.get("PROGRAMS", "6"))
Rng = np.random.Generator
Made = tuple[Any, list[tuple[int, ...]]]
"""A module, and the shapes of what it takes."""


def pick(rng: Rng, *options: Any) -> Any:
    return options[rng.integers(len(options))]


def truth(rng: Rng) -> bool:
    return bool(rng.random() < 0.5)


def convolution(rng: Rng) -> Made:
    axes, groups = pick(rng, 1, 2), pick(rng, 1, 2)
    kind = {1: nn.Conv1d, 2: nn.Conv2d}[axes]
    module = kind(
        2 * groups, 2 * groups, pick(rng, 1, 2, 3), stride=pick(rng, 1, 2), padding=pick(rng, 0, 1, 2),
        dilation=pick(rng, 1, 2), groups=groups, bias=truth(rng),
        padding_mode=pick(rng, "zeros", "zeros", "reflect", "circular", "replicate"),
    )  # fmt: skip
    return module, [(pick(rng, 1, 3), 2 * groups, *(8, 7)[:axes])]


def transposed_convolution(rng: Rng) -> Made:
    axes, groups = pick(rng, 1, 2), pick(rng, 1, 2)
    kind = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d}[axes]
    module = kind(
        2 * groups, groups, pick(rng, 2, 3), stride=(stride := pick(rng, 1, 2)), padding=pick(rng, 0, 1),
        output_padding=pick(rng, 0, stride - 1), groups=groups, bias=truth(rng),
    )  # fmt: skip
    return module, [(pick(rng, 1, 3), 2 * groups, *(5, 4)[:axes])]


def pooling(rng: Rng) -> Made:
    axes = pick(rng, 1, 2)
    mean, largest = ((nn.AvgPool1d, nn.MaxPool1d), (nn.AvgPool2d, nn.MaxPool2d))[axes - 1]
    options = {"stride": pick(rng, None, 1, 2), "padding": pick(rng, 0, 1), "ceil_mode": truth(rng)}
    if truth(rng):
        module = mean(pick(rng, 2, 3), count_include_pad=truth(rng), **options)
    else:
        module = largest(pick(rng, 2, 3), dilation=pick(rng, 1, 2), **options)
    return module, [(2, 3, *(9, 8)[:axes])]


def adaptive(rng: Rng) -> Made:
    axes = pick(rng, 1, 2)
    kinds = (
        (nn.AdaptiveAvgPool1d, nn.AdaptiveMaxPool1d),
        (nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d),
    )
    return pick(rng, *kinds[axes - 1])(pick(rng, 1, 2, 3)), [(2, 3, *(7, 6)[:axes])]


def normalisation(rng: Rng) -> Made:
    module = pick(
        rng, nn.LayerNorm(4, elementwise_affine=truth(rng), bias=truth(rng)), nn.LayerNorm((5, 4)),
        nn.RMSNorm(4, elementwise_affine=truth(rng)), nn.GroupNorm(2, 6, affine=truth(rng)),
        nn.InstanceNorm1d(6, affine=truth(rng)), nn.BatchNorm1d(6).eval(),
        nn.BatchNorm1d(6, track_running_stats=False, affine=truth(rng)),
    )  # fmt: skip
    return module, [
        (3, 6, 5, 4)[: (4 if isinstance(module, (nn.LayerNorm, nn.RMSNorm, nn.GroupNorm)) else 3)]
    ]


def recurrent(rng: Rng) -> Made:
    kind, first = pick(rng, nn.RNN, nn.GRU, nn.LSTM), truth(rng)
    options: dict[str, Any] = {"nonlinearity": pick(rng, "tanh", "relu")} if kind is nn.RNN else {}
    if kind is nn.LSTM and truth(rng):
        options["output_size"] = 2
    module = kind(
        3,
        4,
        num_layers=pick(rng, 1, 2),
        bias=truth(rng),
        batch_first=first,
        bidirectional=truth(rng),
        **options,
    )
    return module, [pick(rng, (2, 5, 3), (1, 2, 3), (5, 1, 3))]


def attention(rng: Rng) -> Made:
    if truth(rng):
        layer = nn.TransformerEncoderLayer(
            4, 2, dim_feedforward=5, dropout=0.0, norm_first=truth(rng), batch_first=truth(rng)
        )
        return pick(rng, layer, nn.TransformerEncoder(layer, 2)), [(2, 3, 4)]
    module = nn.MultiheadAttention(4, pick(rng, 1, 2), bias=truth(rng), batch_first=truth(rng))
    return module, [(3, 3, 4)] * 3


def dense(rng: Rng) -> Made:
    slope = pick(
        rng, nn.Tanh(), nn.ReLU(), nn.ELU(0.7), nn.GELU(), nn.SiLU(), nn.Mish(), nn.Softplus(2.0), nn.PReLU(),
        nn.LeakyReLU(0.2), nn.Hardswish(), nn.Softshrink(), nn.LogSoftmax(-1), nn.Softmin(-1), nn.CELU(1.2),
    )  # fmt: skip
    module = nn.Sequential(nn.Linear(4, 6, bias=truth(rng)), slope, nn.GLU(), nn.Linear(3, 2))
    return module, [pick(rng, (4,), (3, 4), (1, 4), (2, 3, 4))]


def other(rng: Rng) -> Made:
    return pick(
        rng,
        (nn.Upsample(scale_factor=2, mode="nearest"), [(2, 3, 4, 5)]),
        (nn.Upsample(size=(5, 7), mode="bilinear"), [(1, 2, 3, 4)]),
        (nn.FIRFilter(np.array([0.5, 0.3, 0.2])), [(2, 9)]),
        (nn.TiedAutoencoder(5, 3), [(4, 5)]),
        (nn.Sequential(nn.Flatten(), nn.Unflatten(1, (3, 2))), [(2, 2, 3)]),
    )


def loss(rng: Rng) -> Made:
    how, weight = pick(rng, "mean", "sum", "none"), pick(rng, None, np.array([0.5, 2.0, 1.0]))
    classes = rng.integers(0, 3, size=4)
    signs, two = np.array([1.0, -1.0, 1.0]), [(4, 3), (4, 3)]
    return pick(
        rng,
        (nn.MSELoss(reduction=how), two),
        (nn.L1Loss(reduction=how), two),
        (nn.HuberLoss(reduction=how, delta=0.6), two),
        (nn.SmoothL1Loss(reduction=how, beta=0.6), two),
        (nn.BCEWithLogitsLoss(weight, reduction=how, pos_weight=weight), two),
        (nn.PoissonNLLLoss(full=truth(rng), reduction=how), two),
        (nn.KLDivLoss(reduction=how, log_target=True), two),
        (lambda x, y: nn.cosine_embedding_loss(x, y, signs, 0.1, reduction=how), [(3, 4), (3, 4)]),
        (nn.TripletMarginLoss(swap=truth(rng), reduction=how), [(3, 4)] * 3),
        (
            lambda x: nn.cross_entropy(x, classes, weight, reduction=how, label_smoothing=0.1),
            [(4, 3)],
        ),
        (lambda x: nn.cross_entropy(x, classes, ignore_index=1, reduction=how), [(4, 3)]),
        (lambda x: nn.nll_loss(al.log_softmax(x), classes, weight, reduction=how), [(4, 3)]),
        (lambda q, k, v: nn.scaled_dot_product_attention(q, k, v, is_causal=True), [(2, 3, 4)] * 3),
    )


MAKERS: list[Callable[[Rng], Made]] = [
    convolution, transposed_convolution, pooling, adaptive, normalisation, recurrent, attention, dense, other,
    loss,
]  # fmt: skip


def parameters(module: Any) -> Iterator[Tensor]:
    return iter(module.parameters()) if isinstance(module, nn.Module) else iter(())


def eager(
    f: Any, weights: list[Tensor], inputs: list[Any], gradient: Any = None
) -> tuple[Any, Any, Any]:
    """The value, a gradient of its form, and what that leaves on inputs and weights."""
    xs = [Tensor(x, requires_grad=True) for x in inputs]
    y = f(*xs)
    parts = list(tree_leaves(y))
    total = sum(
        (al.sum(part * g) for part, g in zip(parts, tree_leaves(gradient), strict=True)),
        Tensor(0.0),
    )
    total.backward()
    slopes = [np.zeros(x.shape) if x.grad is None else x.grad for x in (*xs, *weights)]
    for w in weights:
        w.grad = None
    return tree_map(plain, y), slopes[: len(xs)], slopes[len(xs) :]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("seed", range(COUNT))
@pytest.mark.parametrize("make", MAKERS)
def test_a_module_is_the_eager_one(make: Any, seed: int, dtype: str) -> None:
    rng, eps = np.random.default_rng(seed), 1e-10 if dtype == "float64" else 2e-3
    module, shapes = make(rng)
    if dtype == "float32" and isinstance(module, nn.Module):
        module.astype("float32")
    weights, example = list(parameters(module)), [rng.normal(size=s).astype(dtype) for s in shapes]
    seeds: list[Any] = []

    def total(*xs: Any) -> Any:
        return sum(
            (al.sum(part * g) for part, g in zip(tree_leaves(module(*xs)), seeds, strict=True)), 0.0
        )

    seeds += [
        rng.normal(size=np.shape(y)).astype(dtype)
        for y in tree_leaves(module(*map(Tensor, example)))
    ]
    whole, program = al.trace(total, *example), al.trace(module, *example)
    for _ in range(2):
        inputs = [rng.normal(size=s).astype(dtype) for s in shapes]
        for w in weights:
            w.data = w.value + 0.1 * rng.normal(size=w.shape).astype(dtype)
        gradient = iter(seeds)
        like = tree_map(lambda _: next(gradient), module(*map(Tensor, inputs)))  # noqa: B023
        value, by_inputs, by_weights = eager(module, weights, inputs, like)
        close([program.value(*inputs)], [value], eps)
        close(program.vjp(*inputs)[1](like), by_inputs, eps)
        if weights:
            whole.backward(*inputs)
            close(
                [w.grad if w.grad is not None else np.zeros(w.shape) for w in weights],
                by_weights,
                eps,
            )
            for w in weights:
                w.grad = None


def close(got: Any, want: Any, eps: float) -> None:
    for a, b in zip(tree_leaves(got), tree_leaves(want), strict=True):
        assert np.shape(a) == np.shape(b)
        np.testing.assert_allclose(a, b, rtol=eps, atol=eps * np.abs(b).max(initial=1.0))
