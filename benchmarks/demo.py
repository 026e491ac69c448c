"""micrograd's demo on Values: `python -m benchmarks.demo [--without-fast]` trains it and prints its seconds.

A perceptron 2-16-16-1 of scalar nodes tells two moons of 100 points apart: hinge loss with a little
regularisation, 100 steps on all points.

Source: karpathy/micrograd, demo.ipynb.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.moons import moons
from benchmarks.race import once

SIZES = (2, 16, 16, 1)
STEPS = 100
ALPHA = 1e-4


def first_weights(seed: int = 1337) -> list[float]:
    """The numbers micrograd's MLP begins with: each neuron's weights, then its bias 0."""
    draw, found = random.Random(seed), list[float]()  # noqa: S311 - a benchmark keeps no secrets
    for inputs, outputs in itertools.pairwise(SIZES):
        for _ in range(outputs):
            found += [draw.uniform(-1, 1) for _ in range(inputs)] + [0.0]
    return found


def score(relu: Callable[[Any], Any], weights: Sequence[Any], x: Sequence[Any]) -> Any:
    """The perceptron's output, as micrograd writes its neurons."""
    left: Iterator[Any] = iter(weights)
    for outputs in SIZES[1:]:
        layer = []
        for _ in range(outputs):
            w, b = [next(left) for _ in x], next(left)
            layer.append(sum((wi * xi for wi, xi in zip(w, x, strict=True)), b))
        x = layer if outputs == 1 else [relu(a) for a in layer]
    return x[0]


def loss(relu: Callable[[Any], Any], weights: Sequence[Any], points: int = 100) -> Any:
    """The demo's total loss: the mean hinge loss and α·Σ w²."""
    inputs, classes = moons(points)
    scores = [score(relu, weights, x) for x in inputs.tolist()]
    losses = [relu(1 + -t * s) for t, s in zip(classes.tolist(), scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    return data_loss + ALPHA * sum(w * w for w in weights)


def train(points: int = 100, steps: int = STEPS) -> float:
    """Record the loss, train, give the last loss."""
    from autograd_lite import Value, relu, trace

    weights = [Value(w) for w in first_weights()]
    program = trace(lambda: loss(relu, weights, points), argnums=())
    total = 0.0
    for k in range(steps):
        for w in weights:
            w.grad = None
        total = program.backward()
        rate = 1.0 - 0.9 * k / 100
        for w in weights:
            w.data -= rate * w.grad
    return float(total)


def main(points: int = 100, steps: int = STEPS) -> None:
    """Train twice: what only the first time costs is loading."""
    if "--without-fast" in sys.argv:
        sys.modules["numba"] = None  # type: ignore[assignment] - its import fails, as where it is absent
    import autograd_lite  # noqa: F401 - loaded before the clock, as every notebook's first line does

    last, first = once(lambda: train(points, steps))
    _, again = once(lambda: train(points, steps))
    _, recording = once(lambda: train(points, 1))
    iteration = (again - recording) / (steps - 1)
    print(json.dumps({"loss": last, "first": first, "again": again, "iteration": iteration}))


if __name__ == "__main__":
    main()
