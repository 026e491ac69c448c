"""The lecture's examples worked out on paper: every intermediate number is rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, sin, sqrt, tanh
from typing import Final, NamedTuple

Round = Callable[[float], float]
Carried = tuple[str, float]


class OnPaper(NamedTuple):
    """A question, where its inputs are drawn from, and what is worked out with rounded numbers."""

    equations: str
    of: str
    wrt: str
    inputs: dict[str, tuple[float, float]]
    work: Callable[..., Iterator[Carried]]


def _by_h_0(r: Round, x: float) -> Iterator[Carried]:
    h0 = r(cos(x))
    h1 = r(r(r(h0**3) + r(sin(x))) / r(sqrt(2)))
    y = r(sqrt(r(r(h0**2) + r(h1**2))))
    d0, d1, e = r(h0 / y), r(h1 / y), r(r(3 * r(h0**2)) / r(sqrt(2)))
    yield "right", d0 + r(d1 * e)
    yield "A1", d0
    yield "A4", r(d1 * e)
    yield "A8", r(2 * d0) + r(d1 * e)
    yield "A10 K2", d0 + d1
    yield "A16", d0 + r(d1 + e)
    yield "A17", d0 - r(d1 * e)
    yield "A18", -(d0 + r(d1 * e))
    yield "A6", r(d0 + r(d1 * e)) / 2
    yield "B6", d0 + r(d1 * r(r(h0**2) / r(sqrt(2))))


def _by_x(r: Round, x: float) -> Iterator[Carried]:
    h0 = r(cos(x))
    h1 = r(r(r(h0**3) + r(sin(x))) / r(sqrt(2)))
    y = r(sqrt(r(r(h0**2) + r(h1**2))))
    d0, d1, e = r(h0 / y), r(h1 / y), r(r(3 * r(h0**2)) / r(sqrt(2)))
    a, b = -r(sin(x)), r(h0 / r(sqrt(2)))
    g0 = r(d0 + r(d1 * e))
    yield "right", r(a * g0) + r(b * d1)
    yield "A2 A3", r(a * g0)
    yield "A3 A7", r(a * d0) + r(b * d1)
    yield "A2 A4 A3", r(b * d1)
    yield "B1 A17", -r(a * g0) + r(b * d1)
    yield "A22", g0
    yield "A18 K1", -r(a * g0) - r(b * d1)


def _written(r: Round, u: float, a: float, b: float, c: float, d: float) -> Iterator[Carried]:
    ca, ba = r(d * c), r(d * r(b * a))
    yield "right", 0.4 + r(0.7 * a) + ca + ba
    yield "A1 A4", 0.4
    yield "A3", 0.4 + r(0.7 * a) + ca
    yield "A3", 0.4 + ca + ba
    yield "A17", 0.4 + r(0.7 * a) - ca + ba
    yield "A4", ba
    yield "A6", r(0.4 + r(0.7 * a) + ca + ba) / 4
    yield "A8", 0.4 + r(0.7 * a) + 2 * ca + ba


def _perceptron(r: Round, x: float, w: float, b: float, v: float) -> Iterator[Carried]:
    h = r(tanh(r(r(w * x) + b)))
    e, s = r(r(v * h) - 0.3), r(1 - r(h * h))
    yield "right", r(r(e * v) * s) * x
    yield "A10 B10", r(e * v) * x
    yield "A10", r(e * s) * x
    yield "A10 A22", r(e * v) * s
    yield "B10", r(r(e * v) * r(1 - h)) * x
    yield "A21", r(v * s) * x
    yield "A18", -r(r(e * v) * s) * x
    yield "A23", e * h
    yield "A30 A8", 2 * r(r(r(e * v) * s) * x)


THREE_STEP: Final = "h_0 = cos(x)\nh_1 = (h_0**3 + sin(x)) / sqrt(2)\nyhat = sqrt(h_0**2 + h_1**2)"

ON_PAPER: Final = (
    OnPaper(THREE_STEP, "yhat", "h_0", {"x": (0.3, 1.3)}, _by_h_0),
    OnPaper(THREE_STEP, "yhat", "x", {"x": (0.3, 1.3)}, _by_x),
    OnPaper(
        "v = a*u + 0.5\nw = b*v + c*u + 0.3\nz = d*w + 0.7*v + 0.4*u", "z", "u",
        {"u": (0.5, 1.5), "a": (0.2, 1.9), "b": (0.2, 1.9), "c": (0.2, 1.9), "d": (0.2, 1.9)}, _written,
    ),
    OnPaper(
        "h = tanh(w*x + b)\nyhat = v*h\nE = 0.5*(yhat - 0.3)**2", "E", "w",
        {"x": (0.3, 1.4), "w": (0.2, 1.2), "b": (0.1, 0.9), "v": (0.6, 1.9)}, _perceptron,
    ),
)  # fmt: skip
