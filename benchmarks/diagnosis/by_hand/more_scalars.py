"""More questions on graphs of numbers: other kinds of formula, and the mistakes they invite."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, exp, log, pi, sin, sqrt

from benchmarks.diagnosis.question import Answer, asked


@asked("y = x**2 * sin(a*x) * exp(b*x)", "y", "x", x=(0.4, 1.4), a=(0.6, 1.7), b=(0.3, 1.2))
def product_of_three(x: float, a: float, b: float) -> Iterator[Answer]:
    f, g, h = x * x, sin(a * x), exp(b * x)
    df, dg, dh = 2 * x, a * cos(a * x), b * h
    yield "right", df * g * h + f * dg * h + f * g * dh
    yield "A3 A31 B7", f * dg * h + f * g * dh
    yield "A3 A31 B7", df * g * h + f * g * dh
    yield "A3 A31 B7", df * g * h + f * dg * h
    yield "A4 A31 B7", df * g * h
    yield "B7", df * dg * dh
    yield "A11 A10", df * g * h + f * cos(a * x) * h + f * g * dh
    yield "A11 A10", df * g * h + f * dg * h + f * g * h
    yield "K3", df * g * h + f * cos(a * x) * h + f * g * h
    yield "B1", df * g * h - f * dg * h + f * g * dh
    yield "B6", 2 * x * x * g * h + f * dg * h + f * g * dh
    yield "B6", x * g * h + f * dg * h + f * g * dh
    yield "B3", df * g * h + f * dg * h + f * g * b * (b * x) * exp(b * x - 1)
    yield "A18", -(df * g * h + f * dg * h + f * g * dh)
    yield "A6 A31", (df * g * h + f * dg * h + f * g * dh) / 3
    yield "A24", f * g * h


@asked(
    "u = x**2 + a\nv = exp(b*x) + 1\ny = u/v", "y", "x", x=(0.4, 1.6), a=(0.3, 1.7), b=(0.4, 1.3)
)
def quotient_of_composites(x: float, a: float, b: float) -> Iterator[Answer]:
    u, v, du, dv = x * x + a, exp(b * x) + 1, 2 * x, b * exp(b * x)
    right = du / v - u * dv / v**2
    yield "right", right
    yield "B8", du / v + u * dv / v**2
    yield "B8", du / v - u * dv / v
    yield "B8", du / dv
    yield "B8", du * v + u * dv
    yield "A2 A3 A4", du / v
    yield "A2 A3 A4", -u * dv / v**2
    yield "A11 A10", du / v - u * exp(b * x) / v**2
    yield "A20", 1 / right
    yield "A21", du
    yield "A21", dv
    yield "A27 K6", du / v - u * (dv + 1) / v**2
    yield "A27 K6", (du + 1) / v - u * dv / v**2
    yield "A24", u / v
    yield "A22", 1 / v
    yield "A22", -u / v**2
    yield "A5", du / v * -u * dv / v**2
    yield "A6", right / 2


@asked("y = sqrt(log(1 + exp(a*x)))", "y", "x", x=(0.3, 1.5), a=(0.6, 1.8))
def root_of_a_logarithm_of_an_exponential(x: float, a: float) -> Iterator[Answer]:
    e = exp(a * x)
    s = log(1 + e)
    yield "right", a * e / (1 + e) / (2 * sqrt(s))
    yield "B5", a * e / (1 + e) / sqrt(s)
    yield "B5", a * e / (1 + e) * 2 * sqrt(s)
    yield "B5", a * e / (1 + e) * sqrt(s) / 2
    yield "B4", a * e / (1 + e) / log(10) / (2 * sqrt(s))
    yield "B4", a * e / s / (2 * sqrt(s))
    yield "A11 A10", e / (1 + e) / (2 * sqrt(s))
    yield "A11", 1 / (1 + e) / (2 * sqrt(s))
    yield "A11", 1 / (2 * sqrt(s))
    yield "A10", a * e / (2 * sqrt(s))
    yield "A10 A21", a * e / (1 + e)
    yield "A17 A18", -a * e / (1 + e) / (2 * sqrt(s))
    yield "A27 K6", (1 + a * e) / (1 + e) / (2 * sqrt(s))
    yield "B3", a * a * x * exp(a * x - 1) / (1 + e) / (2 * sqrt(s))


@asked("n = sqrt(x**2 + y**2 + z**2)\nu = x/n", "u", "x", x=(0.5, 1.8), y=(0.4, 1.9), z=(0.3, 1.7))
def component_of_a_unit_vector(x: float, y: float, z: float) -> Iterator[Answer]:
    n = sqrt(x * x + y * y + z * z)
    yield "right", 1 / n - x * x / n**3
    yield "A1 A3 A4", 1 / n
    yield "A3 A4 A2", -x * x / n**3
    yield "B8 A17", 1 / n + x * x / n**3
    yield "B8", 1 / n - x / n * x / n
    yield "B5", 1 / n - x / n**2 * 2 * x / n
    yield "B16 B6", 1 / n - x / n**2 * x / (2 * n)
    yield "A11", 1 / n - x / n**2 / (2 * n)
    yield "A21", x / n
    yield "A23", -x * y / n**3
    yield "A20", 1 / (1 / n - x * x / n**3)
    yield "A18", -1 / n + x * x / n**3
    yield "B5 A19", 1 / n - x / n**2 * 2 * x * 2 * n
    yield "A10", 1 / n - x / n**2 * 2 * x


@asked("y = a*x**3 - 2*x**2 + b*x - 5", "y", "x", x=(0.6, 1.9), a=(0.4, 1.7), b=(0.3, 1.9))
def polynomial(x: float, a: float, b: float) -> Iterator[Answer]:
    right = 3 * a * x * x - 4 * x + b
    yield "right", right
    yield "A3 A31", -4 * x + b
    yield "A3 A31", 3 * a * x * x + b
    yield "A3 A31", 3 * a * x * x - 4 * x
    yield "B6", 3 * a * x**3 - 4 * x + b
    yield "B6", 3 * a * x * x - 4 * x * x + b
    yield "B6", a * x * x - 4 * x + b
    yield "B6", 3 * a * x * x - 2 * x + b
    yield "K1 B6", 3 * a * x**3 - 4 * x * x + b
    yield "K1 B6", a * x * x - 2 * x + b
    yield "A17", 3 * a * x * x + 4 * x + b
    yield "A27 K6", right - 5
    yield "A27 K6", right - 1
    yield "A24", a * x**3 - 2 * x * x + b * x - 5
    yield "A10", 3 * x * x - 4 * x + b
    yield "A10", 3 * a * x * x - 4 * x + 1
    yield "A28", x - 0.1 * right


@asked("y = tan(a*x) + arctan(b*x)", "y", "x", x=(0.3, 0.9), a=(0.4, 1.1), b=(0.6, 1.9))
def tangent_and_its_inverse(x: float, a: float, b: float) -> Iterator[Answer]:
    t, u = cos(a * x) ** 2, b * x
    yield "right", a / t + b / (1 + u * u)
    yield "A11 A10", 1 / t + b / (1 + u * u)
    yield "A11 A10", a / t + 1 / (1 + u * u)
    yield "K3", 1 / t + 1 / (1 + u * u)
    yield "A3 A4 A31", a / t
    yield "A3 A4 A31", b / (1 + u * u)
    yield "A17", a / t - b / (1 + u * u)
    yield "A19", a * t + b / (1 + u * u)
    yield "A30 A8", 2 * (a / t + b / (1 + u * u))
    yield "A5", a / t * b / (1 + u * u)


@asked("y = sin(a*x)**2 + cos(x**2)", "y", "x", x=(0.4, 1.3), a=(0.6, 1.8))
def squares_of_waves(x: float, a: float) -> Iterator[Answer]:
    s, c = sin(a * x), cos(a * x)
    first, second = 2 * s * c * a, -sin(x * x) * 2 * x
    yield "right", first + second
    yield "A11 A10", 2 * s * a + second
    yield "A11", 2 * s + second
    yield "A11 A10", 2 * s * c + second
    yield "A11 A10", first - sin(x * x)
    yield "K3", 2 * s * c - sin(x * x)
    yield "B1", first - second
    yield "B1", -first + second
    yield "K1 B1", -first - second
    yield "B6", s * c * a + second
    yield "B6", 2 * s * s * c * a + second
    yield "B6", first - sin(x * x) * x
    yield "B6", first - sin(x * x) * 2 * x * x
    yield "A12", first - sin(2 * x)
    yield "A12", 2 * (a * c) + second
    yield "A13", first - sin(x) * 2 * x
    yield "A15", first - sin(x) * x * x + cos(x) * 2 * x
    yield "B2", first - sin(x * x * pi / 180) * 2 * x
    yield "A4 A31", first
    yield "A4 A31", second


@asked(
    "a = cos(x)\nb = a*x\nc = b + a**2\ny = c*b/a", "y", "x", x=(0.3, 1.3)
)  # several paths through every node
def many_paths(x: float) -> Iterator[Answer]:
    a, da = cos(x), -sin(x)
    b = a * x
    c = b + a * a
    y_a, y_b, y_c = -c * b / a**2, c / a, b / a
    b_a, b_x, c_a, c_b = x, a, 2 * a, 1.0
    g_b = y_b + y_c * c_b
    g_a = y_a + g_b * b_a + y_c * c_a
    yield "right", g_a * da + g_b * b_x
    yield "A2", (y_a + y_c * c_a) * da
    yield "A2", (y_a + y_b * b_a) * da + y_b * b_x
    yield "A2", g_b * b_x
    yield "A3", (g_a - y_c * c_a) * da + g_b * b_x
    yield "A4", y_a * da
    yield "A17", (g_a - 2 * y_c * c_a) * da + g_b * b_x
    yield "B1", -g_a * da + g_b * b_x
    yield "B6", (g_a - y_c * a) * da + g_b * b_x
    yield "B8", (g_a - 2 * y_a) * da + g_b * b_x


@asked("u = x**3\ny = sin(u)**2", "y", "x", x=(0.5, 1.2))
def chain_of_three(x: float) -> Iterator[Answer]:
    u = x**3
    yield "right", 2 * sin(u) * cos(u) * 3 * x**2
    yield "A11", 2 * sin(u) * cos(u)
    yield "A11", 2 * sin(u) * 3 * x**2
    yield "A12", 2 * cos(u) * 3 * x**2  # the square's derivative at the inner derivative
    yield "A13", 2 * sin(u) * cos(x) * 3 * x**2
    yield "A14", 3 * x**2
    yield "A16", 2 * sin(u) + cos(u) + 3 * x**2
    yield "A22", 2 * sin(u) * cos(u)
    yield "B6", 2 * sin(u) * cos(u) * 3 * x**3
    yield "B6", 2 * sin(u) * cos(u) * x**2
    yield "B1", -2 * sin(u) * cos(u) * 3 * x**2


@asked("q = a*x\np = x**q", "p", "q", x=(1.3, 1.9), a=(0.4, 1.4))
def power_by_its_exponent(x: float, a: float) -> Iterator[Answer]:
    q = a * x
    yield "right", x**q * log(x)
    yield "B6", q * x ** (q - 1)
    yield "A24", x**q
    yield "B6", x**q  # its logarithm lost
