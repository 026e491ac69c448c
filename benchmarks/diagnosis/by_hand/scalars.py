"""Questions on graphs of numbers, and what students answer, worked out without the engine.

Each answer is written as a student would get it: with the formula of the mistake, in plain Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, exp, log, pi, sin, sqrt, tanh

from benchmarks.diagnosis.question import Answer, asked

THREE_STEP = "h_0 = cos(x)\nh_1 = (h_0**3 + sin(x)) / sqrt(2)\nyhat = sqrt(h_0**2 + h_1**2)"


@asked(THREE_STEP, "yhat", "h_0", x=(0.3, 1.3))
def third_lecture_by_h_0(x: float) -> Iterator[Answer]:
    h0 = cos(x)
    h1 = (h0**3 + sin(x)) / sqrt(2)
    y = sqrt(h0**2 + h1**2)
    d0, d1, e = h0 / y, h1 / y, 3 * h0**2 / sqrt(2)
    yield "right", d0 + d1 * e
    yield "A1", d0
    yield "A4", d1 * e
    yield "A5", d0 * d1 * e
    yield "A6", (d0 + d1 * e) / 2
    yield "A8", 2 * d0 + d1 * e
    yield "A10", d0 + d1
    yield "A16", d0 + d1 + e
    yield "A17", d0 - d1 * e
    yield "A18", -d0 - d1 * e
    yield "A19", d0 + d1 / e
    yield "A20", 1 / (d0 + d1 * e)
    yield "A24", y
    yield "A25", d0 + d1 * e**2
    yield "B5", 2 * (d0 + d1 * e)  # ½ of both
    yield "B6", d0 + d1 * 3 * h0**3 / sqrt(2)
    yield "B6", d0 + d1 * h0**2 / sqrt(2)


@asked(THREE_STEP, "yhat", "x", x=(0.3, 1.3))
def third_lecture_by_x(x: float) -> Iterator[Answer]:
    h0 = cos(x)
    h1 = (h0**3 + sin(x)) / sqrt(2)
    y = sqrt(h0**2 + h1**2)
    d0, d1, e = h0 / y, h1 / y, 3 * h0**2 / sqrt(2)
    a, b = -sin(x), cos(x) / sqrt(2)
    yield "right", a * (d0 + d1 * e) + b * d1
    yield "A2", a * d0  # h_1 as a constant
    yield "A2", b * d1  # h_0 as a constant
    yield "A3", a * d0 + b * d1
    yield "A4", a * d1 * e
    yield "A3", a * d1 * e + b * d1
    yield "A7", a * d0 + b * d1  # what arrives at h_0 from h_1 is overwritten
    yield "A26", 0.0
    yield "B1", -a * (d0 + d1 * e) + b * d1
    yield "B1", a * (d0 + d1 * e) - b * d1
    yield "K1", -a * (d0 + d1 * e) - b * d1
    yield "A10", d0 + d1 * e + b * d1
    yield "A16", a + d0 + a * d1 * e + b * d1
    yield "A6", (a * (d0 + d1 * e) + b * d1) / 3
    yield "A22", d0 + d1 * e


WRITTEN = """v = a*u + 0.5
w = b*v + c*u + 0.3
z = d*w + 0.7*v + 0.4*u"""


@asked(WRITTEN, "z", "u", u=(0.5, 1.5), a=(0.2, 1.9), b=(0.2, 1.9), c=(0.2, 1.9), d=(0.2, 1.9))
def written_example_by_u(u: float, a: float, b: float, c: float, d: float) -> Iterator[Answer]:
    right = 0.4 + 0.7 * a + d * c + d * b * a
    v = a * u + 0.5
    w = b * v + c * u + 0.3
    z = d * w + 0.7 * v + 0.4 * u
    yield "right", right
    yield "A1", 0.4
    yield "A2", right - d * c - d * b * a
    yield "A2", right - 0.7 * a - d * b * a
    for path in (0.4, 0.7 * a, d * c, d * b * a):
        yield "A3", right - path
        yield "A4", path
    yield "A5", 0.4 * 0.7 * a * d * c * d * b * a
    yield "A6", right / 4
    yield "A8", right + d * c
    yield "A16", 0.4 + 0.7 * a + d * c + d + b + a
    yield "A16", 0.4 + 0.7 * a + d + c + d * b * a
    yield "A17", 0.4 + 0.7 * a - d * c + d * b * a
    yield "A19", 0.4 + 0.7 * a + d * c + d / b * a
    yield "A25", 0.4 + 0.7 * a + d * c + d * b * b * a
    yield "A20", 1 / right
    yield "A24", z
    yield "A22", d
    yield "A21", a
    yield "A21", c + b * a
    yield "K6", b
    yield "A27", right + 0.5 * (0.7 + d * b)


@asked(
    "h = tanh(w*x + b)\nyhat = v*h + c\nE = 0.5*(yhat - 0.3)**2", "E", "w",
    x=(0.3, 1.4), w=(0.2, 1.2), b=(0.1, 0.9), v=(0.5, 1.9), c=(0.1, 0.7),
)  # fmt: skip
def perceptron_by_w(x: float, w: float, b: float, v: float, c: float) -> Iterator[Answer]:
    u = w * x + b
    h = tanh(u)
    e = v * h + c - 0.3
    right = e * v * (1 - h * h) * x
    yield "right", right
    yield "A10", e * v * x
    yield "B10", e * v * (1 - h) * x
    yield "B10", e * v * (1 - u * u) * x
    yield "B10", e * v * (1 - tanh(h) ** 2) * x
    yield "B10", e * v * sqrt(1 - h * h) * x
    yield "B10", e * v * x
    yield "B10", e * v * h * x
    yield "A10", e * (1 - h * h) * x
    yield "A10", e * v * (1 - h * h)
    yield "A21", v * (1 - h * h) * x
    yield "A18", -right
    yield "A22", e * v
    yield "A23", e * v * (1 - h * h)
    yield "A23", e * h
    yield "A24", 0.5 * e * e
    yield "A25", e * v * v * (1 - h * h) * x
    yield "A28", -0.1 * right
    yield "A28", w - 0.1 * right
    yield "A30", 2 * right
    yield "B7", e * v * (1 - h * h) * w
    yield "B6", e / 2 * v * (1 - h * h) * x


@asked(
    "s = sigmoid(w*x)\np = sigmoid(v*s)\nL = -t*log(p) - (1 - t)*log(1 - p)", "L", "w",
    x=(0.4, 1.9), w=(0.2, 1.4), v=(0.5, 1.8), t=(0.2, 0.8),
)  # fmt: skip
def logistic_net_by_w(x: float, w: float, v: float, t: float) -> Iterator[Answer]:
    def logistic(z: float) -> float:
        return 1 / (1 + exp(-z))

    s = logistic(w * x)
    p = logistic(v * s)
    right = (p - t) * v * s * (1 - s) * x
    yield "right", right
    yield "B11", (p - t) * v * (1 - s) * x
    yield "B11", (p - t) * v * s * x
    yield "B11", (p - t) * v * (w * x) * (1 - w * x) * x
    q = logistic(s)
    yield "B11", (p - t) * v * q * (1 - q) * x
    yield "B11", (p - t) * v * s * (1 + s) * x
    yield "A10", (p - t) * v * x
    yield "A18", -right
    yield "A10", (p - t) * v * s * (1 - s)
    yield "A22", (p - t) * v
    yield "D3", p * v * s * (1 - s) * x
    yield "D9", (v * s - t) * v * s * (1 - s) * x
    yield "D12 D5", (p - t) * p * (1 - p) * v * s * (1 - s) * x
    yield "D13", 2 * (p - t) * p * (1 - p) * v * s * (1 - s) * x
    yield "A2", 0.0


@asked("y = exp(a*x) * sin(b*x)", "y", "x", x=(0.3, 1.2), a=(0.4, 1.3), b=(1.1, 1.9))
def damped_sine(x: float, a: float, b: float) -> Iterator[Answer]:
    f, g = exp(a * x), sin(b * x)
    df, dg = a * f, b * cos(b * x)
    yield "right", df * g + f * dg
    yield "B7", df * dg
    yield "B7", df * g
    yield "B7", f * dg
    yield "A11", f * g + f * dg
    yield "A11", df * g + f * cos(b * x)
    yield "K3", f * g + f * cos(b * x)
    yield "B1", df * g - f * dg
    yield "B3", a * (a * x) * exp(a * x - 1) * g + f * dg
    yield "A16", df * g + f + cos(b * x) + b
    yield "B2", df * g + f * b * cos(b * x * pi / 180)


@asked("y = sin(x) / (1 + k*x**2)", "y", "x", x=(0.4, 1.3), k=(0.3, 1.7))
def quotient(x: float, k: float) -> Iterator[Answer]:
    f, g, df, dg = sin(x), 1 + k * x * x, cos(x), 2 * k * x
    yield "right", (df * g - f * dg) / g**2
    yield "B8", (df * g + f * dg) / g**2
    yield "B8", df / g - f * dg / g
    yield "B8", df / dg
    yield "B8", df * g + f * dg
    yield "A3", df / g
    yield "B1", (-df * g - f * dg) / g**2
    yield "B6", (df * g - f * 2 * k * x * x) / g**2
    yield "B6", (df * g - f * k * x) / g**2
    yield "A27", (df * g - f * (1 + dg)) / g**2


@asked("y = log(1 + exp(a*x)) * x", "y", "x", x=(0.3, 1.4), a=(0.5, 1.8))
def softplus_by_hand(x: float, a: float) -> Iterator[Answer]:
    e = exp(a * x)
    u = 1 + e
    yield "right", log(u) + x * a * e / u
    yield "B4", log(u) + x * a * e / (u * log(10))
    yield "B4", log(u) + x * a * e / log(u)
    yield "A11", log(u) + x / u
    yield "A10", log(u) + x * e / u
    yield "A4", log(u)
    yield "A4", x * a * e / u
    yield "B7", a * e / u
    yield "A27", log(u) + x * (1 + a * e) / u


@asked("r = sqrt(x**2 + y**2)\nz = exp(-r) * x", "z", "x", x=(0.4, 1.6), y=(0.3, 1.7))
def decay_total(x: float, y: float) -> Iterator[Answer]:
    r = sqrt(x * x + y * y)
    right = exp(-r) - x * exp(-r) * x / r
    yield "right", right
    yield "A1", exp(-r)
    yield "A4", -x * exp(-r) * x / r
    yield "A17", exp(-r) + x * exp(-r) * x / r
    yield "B5", exp(-r) - x * exp(-r) * 2 * x / r
    yield "B5", exp(-r) - x * exp(-r) * 2 * r * 2 * x
    yield "A23", -x * exp(-r) * y / r
    yield "A11", exp(-r) - x * exp(-r) / (2 * r)
    yield "A20", 1 / right
    yield "A6", right / 2
    yield "A21", x / r


@asked("r = sqrt(x**2 + y**2)\nz = exp(-r) * x", "z", "x", hold=("r",), x=(0.4, 1.6), y=(0.3, 1.7))
def decay_partial(x: float, y: float) -> Iterator[Answer]:
    r = sqrt(x * x + y * y)
    yield "right", exp(-r)
    yield "A1", exp(-r) - x * exp(-r) * x / r  # the total where the partial was asked
    yield "A18", -exp(-r)
    yield "A24", x * exp(-r)


RECURRENT = """h_1 = tanh(w*0.5 + x_1)
h_2 = tanh(w*h_1 + x_2)
h_3 = tanh(w*h_2 + x_3)
h_4 = tanh(w*h_3 + x_4)
L = h_2**2 + h_4"""


@asked(
    RECURRENT, "L", "w",
    w=(0.4, 1.4), x_1=(0.1, 0.9), x_2=(-0.9, -0.1), x_3=(0.1, 0.9), x_4=(-0.7, 0.3),
)  # fmt: skip
def recurrent_net_by_w(
    w: float, x_1: float, x_2: float, x_3: float, x_4: float
) -> Iterator[Answer]:
    h = [0.5]
    for x in (x_1, x_2, x_3, x_4):
        h.append(tanh(w * h[-1] + x))

    def back(  # noqa: PLR0913 - each an edit
        slope=lambda t: 1 - h[t] ** 2, before=lambda t: h[t - 1], w=w, last=True, first=True, times=1.0,
        start=4, stop=1, truncated=9,
    ) -> float:  # fmt: skip
        total, delta = 0.0, 0.0
        for t in range(4, 0, -1):
            delta = times * delta * w + (last if t == 4 else 2 * h[2] * first if t == 2 else 0.0)
            delta *= slope(t)
            total += delta * before(t) * (stop <= t <= start)
        return total

    right = back()
    yield "right", right
    yield "F1", 2 * h[2] * (1 - h[2] ** 2) * h[1] + (1 - h[4] ** 2) * h[3]
    yield "F3", back(stop=4)
    yield "F3", back(start=1)
    yield "F4", back(first=False)
    yield "A33", back(last=False)
    yield "F5", right / 4
    yield "F6", back(slope=lambda t: 1.0)
    yield "F7", back(slope=lambda t: 1 - h[t - 1] ** 2)
    yield "F9", back(before=lambda t: h[t])
    yield "F10", back(times=2.0)
    yield "F11", back(stop=2)
    yield "A18", -right
    yield "A30", 2 * right
    yield "B10", back(slope=lambda t: 1 - h[t])
    yield "B10", back(slope=lambda t: h[t])


@asked(
    "h_1 = relu(w*x + b)\nh_2 = relu(h_1 - c)\ny = h_1*h_2", "y", "w",
    x=(0.7, 1.9), w=(0.6, 1.9), b=(0.1, 0.9), c=(0.1, 0.3),
)  # fmt: skip
def two_rectifiers(x: float, w: float, b: float, c: float) -> Iterator[Answer]:
    h1 = w * x + b
    h2 = h1 - c
    yield "right", (h2 + h1) * x
    yield "A4", h2 * x
    yield "A4", h1 * x
    yield "B7", x * x
    yield "B12", (h2 * h1 + h1 * h1) * x  # relu(u) for its derivative, at h_1
    yield "A10", h2 + h1
    yield "A22", h2 + h1
    yield "A5", h2 * x * h1 * x
    yield "A6", (h2 + h1) * x / 2
