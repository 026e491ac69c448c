"""Random functions of arrays as programs: loops over time, deep nets, broadcasting, gradients used further.

The eager engine is the reference; each is called at other numbers than it was recorded with.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as al
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves, tree_map

COUNT = int(os.environ.get("PROGRAMS", "12"))
Function = Callable[..., Any]
Rng = np.random.Generator

SLOPED = [al.tanh, al.sigmoid, al.relu, al.sin, al.softplus, al.gelu, lambda x: x / (1.0 + x * x)]


def pick(rng: Rng, options: list[Any]) -> Any:
    return options[rng.integers(len(options))]


def loop_over_time(rng: Rng) -> tuple[Function, tuple[Any, ...]]:
    """h = σ(x[t]·W + h·U + b), with gates, several outputs, rows in any order."""
    steps, batch, width, inner = (int(k) for k in rng.integers((1, 1, 1, 1), (14, 5, 5, 5)))
    f, g, kind, order = (
        pick(rng, SLOPED),
        pick(rng, SLOPED),
        rng.integers(5),
        rng.permutation(steps),
    )
    if rng.random() < 0.5:
        order = np.arange(steps)

    def run(x: Any, weights: Any, h: Any) -> Any:
        W, U, b = weights
        outputs = []
        for t in order.tolist():
            p = x[t] @ W
            q = p + h @ U + b if kind != 2 else p + b + h @ U
            if kind == 1:
                gate = al.sigmoid(x[t - steps] @ W)
                h = gate * h + (1.0 - gate) * f(q)
            elif kind == 3:
                h = f(al.concatenate([p, h], axis=1) @ al.concatenate([U, U])) + 0.5 * h
            else:
                h = f(q)
            outputs.append(h)
        every = al.stack(outputs)
        if kind == 4:
            return al.mean(g(every[::-1]) * every), h, al.concatenate(outputs)
        return al.sum(g(every @ U)) + al.sum(h * h), every[-1]

    return run, (
        rng.normal(size=(steps, batch, width)),
        [rng.normal(size=(width, inner)), rng.normal(size=(inner, inner)), rng.normal(size=inner)],
        rng.normal(size=(batch, inner)),
    )


def deep_net(rng: Rng) -> tuple[Function, tuple[Any, ...]]:
    """Residual layers with normalisation, softmax, shared weights and a transposed use of them."""
    depth, batch, width = (int(k) for k in rng.integers((1, 1, 1), (9, 6, 6)))
    layers = [(pick(rng, SLOPED), int(rng.integers(6)), int(rng.integers(3))) for _ in range(depth)]

    def run(x: Any, W: dict[str, Any]) -> Any:
        for f, kind, k in layers:
            y = f(x @ W["many"][k])
            if kind == 0:
                y = y @ W["many"][k].T
            elif kind == 1:
                y = (y - al.mean(y, axis=-1, keepdims=True)) / al.sqrt(
                    al.var(y, axis=-1, keepdims=True) + 1.0
                )
            elif kind == 2:
                y = al.softmax(y, axis=-1) * W["scale"]
            elif kind == 3:
                y = al.where(y > 0.1, y, -0.2 * y)
            elif kind == 4:
                y = al.max(y, axis=0) + al.concatenate([y[:1], x[1:]])
            x = 0.7 * x + y
        return {"loss": al.logsumexp(x) + al.sum(x * x), "out": x, "rows": (x[0], x)}

    return run, (
        rng.normal(size=(batch, width)),
        {"many": rng.normal(size=(3, width, width)), "scale": rng.normal(size=(width,))},
    )


def broadcasting(rng: Rng) -> tuple[Function, tuple[Any, ...]]:
    """Operands of shapes that broadcast, axes of one and none among them, sums along any."""
    full = tuple(int(k) for k in rng.integers(1, 4, size=3))
    narrow = [
        tuple(n if rng.random() < 0.5 else 1 for n in full)[int(rng.integers(4)) :]
        for _ in range(4)
    ]
    plan = [
        (int(rng.integers(6)), int(rng.integers(4)), int(rng.integers(3)), pick(rng, SLOPED))
        for _ in range(8)
    ]

    def run(*xs: Any) -> Any:
        y = xs[0] + xs[1] * xs[2]
        for which, k, axis, f in plan:
            x = xs[k]
            if which == 0:
                y = f(y) + x
            elif which == 1:
                y = x * y - f(x)
            elif which == 2:
                y = y / (1.0 + x * x)
            elif which == 3 and y.ndim > axis:
                y = y - al.sum(f(y), axis=axis, keepdims=True)
            elif which == 4:
                y = al.maximum(y, x) * 0.5 * (0.25 * x)
            else:
                y = f(al.broadcast_to(y, np.broadcast_shapes(y.shape, full)))
        return al.sum(y), y

    return run, tuple(rng.normal(size=shape) for shape in narrow)


def gradient_inside(rng: Rng) -> tuple[Function, tuple[Any, ...]]:
    """A gradient that is computed with further: a step of descent, a penalty of its norm."""
    f, g, kind = pick(rng, SLOPED[:2] + SLOPED[3:5]), pick(rng, SLOPED), int(rng.integers(3))
    n, m = (int(k) for k in rng.integers((1, 1), (5, 5)))

    def loss(W: Any, x: Any) -> Any:
        return al.sum(f(x @ W) * f(x @ W))

    def run(W: Any, x: Any) -> Any:
        slope = al.grad(loss)(W, x)
        if kind == 0:
            return loss(W - 0.1 * slope, x), slope
        if kind == 1:
            return loss(W, x) + al.sum(slope * slope), g(slope)
        return al.sum(g(al.grad(lambda v: al.sum(al.grad(loss)(v, x) * W))(W))), W

    return run, (rng.normal(size=(n, m)), rng.normal(size=(int(rng.integers(1, 5)), n)))


MADE = [loop_over_time, deep_net, broadcasting, gradient_inside]


def anew(rng: Rng, tree: Any) -> Any:
    return tree_map(lambda x: rng.normal(size=x.shape).astype(x.dtype), tree)


def close(got: Any, want: Any, eps: float) -> None:
    pairs = list(zip(tree_leaves(got), map(plain, tree_leaves(want)), strict=True))
    scale = max((np.abs(w).max(initial=1.0) for _, w in pairs), default=1.0)
    for a, b in pairs:
        assert np.shape(a) == np.shape(b)
        np.testing.assert_allclose(a, b, rtol=eps, atol=eps * scale)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("seed", range(COUNT))
@pytest.mark.parametrize("make", MADE)
def test_it_gives_the_engines_numbers(make: Any, seed: int, dtype: str) -> None:
    rng = np.random.default_rng(seed)
    f, example = make(rng)
    example = tree_map(lambda x: x.astype(dtype), example)
    program, eps = al.trace(f, *example), 1e-10 if dtype == "float64" else 2e-3
    kept: list[Any] = []
    for _ in range(3):
        inputs = anew(rng, example)
        before = [x.copy() for x in tree_leaves(inputs)]
        want, pull = al.vjp(f, *inputs)
        gradient = anew(rng, tree_map(lambda y: np.asarray(plain(y)), want))
        got, own = program.vjp(*inputs)
        close(got, want, eps)
        close(program.value(*inputs), want, eps)
        close(own(gradient), pull(gradient), eps)
        tangents = anew(rng, inputs)
        value, slope = program.jvp(inputs, tangents)
        close(value, want, eps)
        close(slope, al.jvp(f, inputs, tangents)[1], eps)
        close(own(gradient), pull(gradient), eps)  # again, after other calls
        kept += [(y, np.copy(y)) for y in tree_leaves((got, value, slope))]
        assert all(map(np.array_equal, tree_leaves(inputs), before))
    assert all(np.array_equal(y, copy) for y, copy in kept)
