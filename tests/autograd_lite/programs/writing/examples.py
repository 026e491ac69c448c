"""Programs that source is written for: the lectures' networks, small, and what a course asks for besides.

Each is (function, example): what `graph_of` takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import nn
from autograd_lite import functions as f

Example = tuple[Callable[..., Any], tuple[Any, ...]]


def random(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def mlp() -> Example:
    model = nn.Sequential(nn.Linear(3, 4, generator=0), nn.Tanh(), nn.Linear(4, 1, generator=1))
    return lambda x, y: nn.mse_loss(model(x), y), (random(5, 3), random(5, 1))


def recurrent(kind: Any, steps: int = 20) -> Example:
    """A recurrent network with an output at every time step."""
    model = kind(3, 4, output_size=2, generator=0)
    return lambda x, y: nn.mse_loss(model(x)[0], y), (random(steps, 2, 3), random(steps, 2, 2))


def last_state(kind: Any, steps: int = 20) -> Example:
    """A recurrent network of which the last state is judged."""
    model = kind(3, 4, generator=0)

    def loss(x: Any, y: Any) -> Any:
        states, _ = model(x)
        return nn.mse_loss(states[-1], y)

    return loss, (random(steps, 2, 3), random(2, 4))


def two_layers() -> Example:
    model = nn.RNN(3, 4, num_layers=2, generator=0)
    return lambda x: (model(x)[0] ** 2).mean(), (random(6, 2, 3),)


def both_directions() -> Example:
    model = nn.GRU(3, 2, bidirectional=True, generator=0)
    return lambda x: (model(x)[0] ** 2).mean(), (random(6, 2, 3),)


def convolutional_autoencoder() -> Example:
    encoder = nn.Conv2d(1, 3, 3, stride=2, padding=1, generator=0)
    decoder = nn.ConvTranspose2d(3, 1, 3, stride=2, padding=1, output_padding=1, generator=1)
    return lambda x: nn.mse_loss(decoder(f.relu(encoder(x))), x), (random(2, 1, 6, 6),)


def vae() -> Example:
    encoder, decoder = nn.Linear(6, 4, generator=0), nn.Linear(2, 6, generator=3)
    mean, log_variance = nn.Linear(4, 2, generator=1), nn.Linear(4, 2, generator=2)

    def loss(x: Any, epsilon: Any) -> Any:
        h = f.tanh(encoder(x)).named("h")
        mu, s = mean(h).named(r"\mu"), log_variance(h).named("s")
        z = (mu + f.exp(0.5 * s) * epsilon).named("z")
        xhat = f.sigmoid(decoder(z)).named(r"\hat{x}")
        rebuilt = -(x * f.log(xhat) + (1 - x) * f.log(1 - xhat)).sum()
        return rebuilt - 0.5 * (1 + s - mu**2 - f.exp(s)).sum()

    return loss, (f.sigmoid(random(4, 6)), random(4, 2))


def attention() -> Example:
    def loss(q: Any, k: Any, v: Any) -> Any:
        s = (f.matmul(q, k.T) / np.sqrt(8)).named("s")
        p = f.softmax(s, axis=-1).named("p")
        return (f.matmul(p, v) ** 2).sum().named("loss")

    return loss, (random(5, 8), random(6, 8), random(6, 3))


def multihead() -> Example:
    model = nn.MultiheadAttention(8, 2, generator=0)
    return lambda x: (model(x, x, x)[0] ** 2).mean(), (random(2, 5, 8),)


def transformer() -> Example:
    model = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0)
    return lambda x: (model(x) ** 2).mean(), (random(2, 5, 8),)


def cross_entropy() -> Example:
    model, targets = nn.Linear(3, 4, generator=0), np.array([0, 1, 3, 2, 1])
    return lambda x: nn.cross_entropy(model(x), targets), (random(5, 3),)


def embedding() -> Example:
    table, index = nn.Embedding(7, 3, generator=0), np.array([1, 2, 2, 5])
    return lambda w: (table(index) * w).sum(), (random(4, 3),)


def normalized() -> Example:
    model = nn.LayerNorm(6)
    return lambda x: (model(x) ** 3).sum(), (random(4, 6),)


def list_of_arrays() -> Example:
    def loss(xs: Any, W: Any) -> Any:
        h: Any = 0.0
        for x in xs:
            h = f.tanh(f.matmul(W, x) + h)
        return h.sum()

    return loss, ([random(3, seed=k) for k in range(6)], random(3, 3))


def vector_valued() -> Example:
    return lambda x, W: {"y": f.tanh(f.matmul(W, x)), "z": [x * 2.0, 3.0]}, (
        random(3),
        random(2, 3),
    )


def with_a_mask() -> Example:
    mask = random(4, 6) > 0
    weights = random(4, 6, seed=1)
    return lambda x: f.where(mask, x * weights, 0.0).sum(), (random(4, 6),)


def three_steps() -> Example:
    def yhat(x: Any) -> Any:
        h_0 = f.cos(x).named("h_0")
        h_1 = ((h_0**3 + f.sin(x)) / np.sqrt(2)).named("h_1")
        return f.sqrt(h_0**2 + h_1**2).named(r"\hat{y}")

    return yhat, (1.0,)


def squares() -> Example:
    def loss(w: Any, xs: Any, ys: Any) -> Any:
        total: Any = 0.0
        for x, y in zip(xs, ys, strict=True):
            total = total + (w * x - y) ** 2
        return total.named("loss")

    return loss, (0.3, [*map(float, random(8))], [*map(float, random(8, seed=1))])


def logistic_map() -> Example:
    def last(x: Any, k: Any) -> Any:
        for _ in range(10):
            x = x + 0.1 * (k * x * (1 - x))
        return x

    return last, (0.2, 1.5)


def two_steps_back() -> Example:
    def last(a: Any, b: Any, x: Any) -> Any:
        before, now = x, 2 * x
        for _ in range(10):
            before, now = now, f.tanh(a * now + b * before)
        return now

    return last, (0.3, 0.4, 1.0)


def dict_of_numbers() -> Example:
    return lambda p, x: f.sigmoid(p["w"] * x + p["b"]), ({"w": 2.0, "b": 0.5}, 3.0)


ARRAYS: dict[str, Callable[[], Example]] = {
    "mlp": mlp,
    "rnn": lambda: recurrent(nn.RNN),
    "lstm": lambda: recurrent(nn.LSTM),
    "gru": lambda: recurrent(nn.GRU),
    "rnn's last state": lambda: last_state(nn.RNN),
    "lstm's last state": lambda: last_state(nn.LSTM),
    "gru's last state": lambda: last_state(nn.GRU),
    "two layers": two_layers,
    "both directions": both_directions,
    "convolutional autoencoder": convolutional_autoencoder,
    "vae": vae,
    "attention": attention,
    "multihead": multihead,
    "transformer": transformer,
    "cross entropy": cross_entropy,
    "embedding": embedding,
    "normalized": normalized,
    "list of arrays": list_of_arrays,
    "vector valued": vector_valued,
    "with a mask": with_a_mask,
}
NUMBERS: dict[str, Callable[[], Example]] = {
    "three steps": three_steps,
    "squares": squares,
    "logistic map": logistic_map,
    "two steps back": two_steps_back,
    "dict of numbers": dict_of_numbers,
}
