"""Questions about programs, made here: the least that the code room asks of a question and its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

import nn
from autograd_lite import Tensor, conv1d, equations


@dataclass(frozen=True)
class Equations:
    """Equations whose inputs are drawn between 0.3 and 1.7."""

    text: str
    inputs: tuple[str, ...]
    is_array: bool = False

    def draw(self, rng):
        return {name: float(rng.uniform(0.3, 1.7)) for name in self.inputs}

    def nodes(self, point):
        return dict(equations(self.text, **point))


@dataclass(frozen=True)
class Model:
    """A model of nn on arrays: how it is drawn, and how it is computed from what was drawn."""

    sizes: Mapping[str, int]
    shapes: Callable[[Mapping[str, int]], Mapping[str, tuple[int, ...]]]
    compute: Callable[[Mapping[str, Tensor]], Tensor]
    is_array: bool = True

    def draw(self, rng):
        return {name: rng.normal(size=shape) for name, shape in self.shapes(self.sizes).items()}

    def nodes(self, point):
        given = {name: Tensor(x, requires_grad=True, name=name) for name, x in point.items()}
        computed = self.compute(given)
        return {**given, **(computed if isinstance(computed, dict) else {"y": computed.named("y")})}


@dataclass(frozen=True)
class Question:
    ask: str
    graph: Any
    name: str = "q"
    of: str = "y"
    function: str = "f"
    feedback: str = "path"
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parts(self):
        return (SimpleNamespace(field=SimpleNamespace(name=self.function, points=6.0), of=self.of),)


SCALAR = Question(
    "function",
    Equations("h_0 = x**2\nh_1 = sin(h_0) + x\ny = h_1*h_0", ("x",)),
    settings={"wrt": ("x", "h_0")},
)
CONVOLUTION = Question(
    "operation",
    Model(
        {
            "in_channels": 2,
            "out_channels": 3,
            "kernel_size": 3,
            "stride": 2,
            "padding": 1,
            "H": 7,
            "N": 2,
        },
        lambda s: {
            "x": (s["N"], s["in_channels"], s["H"]),
            "W": (s["out_channels"], s["in_channels"], s["kernel_size"]),
            "b": (s["out_channels"],),
        },
        lambda g: conv1d(g["x"], g["W"], stride=2, padding=1) + g["b"].reshape(1, -1, 1),
    ),
    settings={"wrt": ("x", "W", "b"), "cases": 4},
)
BATCH_NORM = Question(
    "operation",
    Model(
        {"num_features": 3, "N": 5},
        lambda s: {
            "x": (s["N"], s["num_features"]),
            "gamma": (s["num_features"],),
            "beta": (s["num_features"],),
        },
        lambda g: (
            (g["x"] - g["x"].mean(axis=0)) / (g["x"].var(axis=0) + 1e-5) ** 0.5 * g["gamma"]
            + g["beta"]
        ),
    ),
    settings={"wrt": ("x", "gamma", "beta"), "cases": 4},
)
LINEAR = Question(
    "module",
    Model(
        {"in_features": 3, "out_features": 2, "N": 4},
        lambda s: {
            "x": (s["N"], s["in_features"]),
            "W": (s["out_features"], s["in_features"]),
            "b": (s["out_features"],),
        },
        lambda g: nn.tanh(g["x"] @ g["W"].T + g["b"]),
    ),
    settings={"wrt": ("x", "W", "b"), "cases": 4},
    function="Layer",
)  # fmt: skip
ENGINE = Question("engine", None, function="Value")


def rnn(s):
    return {
        "x": (s["T"], s["N"], s["input_size"]),
        "W_xh": (s["hidden_size"], s["input_size"]),
        "W_hh": (s["hidden_size"], s["hidden_size"]),
        "b_h": (s["hidden_size"],),
        "t": (s["T"], s["N"], s["hidden_size"]),
    }


def unrolled(g):
    h, loss = Tensor(np.zeros((g["x"].shape[1], g["b_h"].shape[0]))), 0.0
    for s in range(g["x"].shape[0]):
        h = nn.tanh(g["x"][s] @ g["W_xh"].T + h @ g["W_hh"].T + g["b_h"])
        loss = loss + 0.5 * ((h - g["t"][s]) ** 2).sum()
    return loss


RNN = Question(
    "function",
    Model({"input_size": 3, "hidden_size": 4, "T": 4, "N": 2}, rnn, unrolled),
    settings={"wrt": ("W_xh", "W_hh", "b_h"), "cases": 4},
)
