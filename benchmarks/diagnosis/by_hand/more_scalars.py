"""More questions on graphs of numbers: other kinds of formula, and the mistakes they invite."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, cosh, exp, log, pi, sin, sqrt, tanh

from benchmarks.diagnosis.question import Answer, asked


def logistic(z: float) -> float:
    return 1 / (1 + exp(-z))


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


@asked(
    "n = sqrt(x**2 + y**2 + z**2)\nu = x/n", "u", "x", x=(0.5, 1.8), y=(0.4, 1.9), z=(0.3, 1.7)
)
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


@asked(
    "s = exp(z_1) + exp(z_2) + exp(z_3)\np = exp(z_1)/s\nL = -log(p)", "L", "z_1",
    z_1=(0.2, 1.5), z_2=(0.3, 1.6), z_3=(-0.9, 0.7),
)  # fmt: skip
def softmax_in_numbers(z_1: float, z_2: float, z_3: float) -> Iterator[Answer]:
    e = exp(z_1)
    p = e / (e + exp(z_2) + exp(z_3))
    yield "right", p - 1
    yield "D2 A18 A17", 1 - p
    yield "D3 A3 A4 A2", p
    yield "D7 A2 A3 A4 A1", -1.0
    yield "D8 A22", -1 / p
    yield "D5", (p - 1) * p * (1 - p)
    yield "A21", p * (1 - p)
    yield "A24", -log(p)
    yield "A20", 1 / (p - 1)
    yield "A17 B8", -1 - p
    yield "A23", exp(z_2) / (e + exp(z_2) + exp(z_3))
    yield "B4", (p - 1) / log(10)


@asked(
    "i = sigmoid(u*x)\nf = sigmoid(v*x)\ng = tanh(w*x)\nc = f*c_0 + i*g\no = sigmoid(r*x)\nh = o*tanh(c)",
    "h", "x",
    x=(0.3, 1.6), u=(0.4, 1.3), v=(0.5, 1.7), w=(0.3, 1.4), r=(-0.9, 0.8), c_0=(0.3, 1.5),
)  # fmt: skip
def lstm_cell_in_numbers(
    x: float, u: float, v: float, w: float, r: float, c_0: float
) -> Iterator[Answer]:
    i, f, g, o = logistic(u * x), logistic(v * x), tanh(w * x), logistic(r * x)
    c = f * c_0 + i * g
    t = tanh(c)
    k = o * (1 - t * t)
    df, di, dg, do = f * (1 - f) * v, i * (1 - i) * u, (1 - g * g) * w, o * (1 - o) * r

    def summed(
        k: float = k, df: float = df, di: float = di, dg: float = dg, do: float = do, c0: float = c_0
    ) -> float:
        return do * t + k * (df * c0 + di * g + dg * i)

    yield "right", summed()
    yield "A2 A3 F15", summed(k=0)
    yield "A4 A2 A1", k * (df * c_0 + di * g + dg * i)
    yield "A2 A3", summed(di=0)
    yield "A2 A3", summed(df=0)
    yield "A2 A3", summed(dg=0)
    yield "F18 B10 A10", summed(k=o)
    yield "B10", summed(k=o * (1 - t))
    yield "B10", summed(k=o * (1 - c * c))
    yield "F19 B11 A10", summed(df=v)
    yield "F19 B11 A10", summed(di=u)
    yield "F19 K1 B11", summed(df=v, di=u, do=r)
    yield "F20", summed(c0=c)
    yield "F20 A10", do * c + k * (df * c_0 + di * g + dg * i)
    yield "B11", summed(df=f * v)
    yield "A11 A10", summed(df=f * (1 - f))
    yield "A17", summed(di=-di)
    yield "A4", k * i * dg
    yield "A18", -summed()
    yield "A24", o * t


@asked(
    "s = exp(0.5*l)\nz = m + s*e\nrec = 0.5*(w*z - x)**2\nkl = 0.5*(m**2 + exp(l) - l - 1)\nL = rec + kl",
    "L", "l",
    l=(-0.9, 0.8), m=(0.4, 1.6), e=(0.3, 1.4), w=(0.5, 1.8), x=(-0.9, 0.7),
)  # fmt: skip
def vae_in_numbers(l: float, m: float, e: float, w: float, x: float) -> Iterator[Answer]:  # noqa: E741
    s = exp(l / 2)
    R = (w * (m + s * e) - x) * w
    rec, kl = R * e * s / 2, (exp(l) - 1) / 2
    yield "right", rec + kl
    yield "H1 A17", rec - kl
    yield "H2 A2 A3 A33 A4", rec
    yield "H2 A2 A3 A33", kl
    yield "H3 A10", rec + 2 * kl
    yield "H6 A10 A11", 2 * rec + kl
    yield "H6 A10", rec / e + kl
    yield "H6 A10 A11", R * e / 2 + kl
    yield "H9 A3 A31", rec + exp(l) / 2
    yield "H7", R * e + s - 1 / s
    yield "H4 A25", rec + (exp(2 * l) - 1) / 2
    yield "H5", R * e * exp(l) + kl
    yield "H8", rec + (l - 1) / 2
    yield "A10", R / w * e * s / 2 + kl
    yield "A17", -rec + kl
    yield "A18", -rec - kl
    yield "B6", rec / 2 + kl
    yield "A27 K6", rec + kl - 0.5


@asked(
    "s = exp(0.5*l)\nz = m + s*e\nrec = 0.5*(w*z - x)**2\nkl = 0.5*(m**2 + exp(l) - l - 1)\nL = rec + kl",
    "L", "m",
    l=(-0.9, 0.8), m=(0.4, 1.6), e=(0.3, 1.4), w=(0.5, 1.8), x=(-0.9, 0.7),
)  # fmt: skip
def vae_in_numbers_by_its_mean(  # noqa: E741
    l: float, m: float, e: float, w: float, x: float  # noqa: E741
) -> Iterator[Answer]:
    R = (w * (m + exp(l / 2) * e) - x) * w
    yield "right", R + m
    yield "H1 A17", R - m
    yield "H2 A2 A3 A4", R
    yield "H2 A2 A3 A1 A4", m
    yield "H3 A10 A8", R + 2 * m
    yield "H3 B6", R + m / 2
    yield "A10", R / w + m
    yield "A25", R * w + m
    yield "B6", R / 2 + m
    yield "A5", R * m
    yield "A6", (R + m) / 2
    yield "A30", 2 * (R + m)


@asked(
    "y_1 = a*1.0 + b*0.5 + x_1\ny_2 = a*y_1 + b*1.0 + x_2\ny_3 = a*y_2 + b*y_1 + x_3\n"
    "y_4 = a*y_3 + b*y_2 + x_4\nE = 0.5*(y_4 - 1.5)**2",
    "E", "a",
    a=(0.3, 0.9), b=(-0.8, -0.2), x_1=(0.2, 0.9), x_2=(-0.8, -0.2), x_3=(0.3, 1.2), x_4=(0.1, 0.9),
)  # fmt: skip
def second_order_filter_by_a(
    a: float, b: float, x_1: float, x_2: float, x_3: float, x_4: float
) -> Iterator[Answer]:
    y1 = a + b / 2 + x_1
    y2 = a * y1 + b + x_2
    y3 = a * y2 + b * y1 + x_3
    y4 = a * y3 + b * y2 + x_4
    e = y4 - 1.5
    d1 = 1.0
    d2 = y1 + a * d1
    d3 = y2 + a * d2 + b * d1
    d4 = y3 + a * d3 + b * d2
    yield "right", e * d4
    yield "F1 A1 F3 A31", e * y3
    yield "A2", e * (y3 + b * d2)
    yield "A2", e * (y3 + a * d3)
    yield "F11 A31", e * (y3 + a * (y2 + a * y1) + b * y1)
    yield "A18", -e * d4
    yield "A21", d4
    yield "A22", e
    yield "A6", e * d4 / 7
    yield "B6 A10", e * d4 / 2
    yield "A8 A30 D14", 2 * e * d4
    yield "A17", e * (y3 + a * d3 - b * d2)
    yield "A24", e * e / 2
    yield "A28", a - 0.1 * e * d4
    yield "D3", y4 * d4
    yield "A23", e * (y2 + a * (y1 + a * (1 + a / 2) + b / 2) + b * (1 + a / 2))


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
    "u = w*x + b\na = softplus(u)\nE = (a - t)**2", "E", "w",
    x=(0.4, 1.6), w=(0.3, 1.3), b=(-0.6, 0.7), t=(0.2, 0.6),
)  # fmt: skip
def softplus_neuron(x: float, w: float, b: float, t: float) -> Iterator[Answer]:
    u = w * x + b
    a, s = log(1 + exp(u)), logistic(u)
    e = 2 * (a - t)
    yield "right", e * s * x
    yield "A10 B17", e * x
    yield "B17", e * a * x
    yield "B17", e * s * (1 - s) * x
    yield "B17", e * exp(u) * x
    yield "B6 D14 A10", (a - t) * s * x
    yield "B6", 2 * (a - t) ** 2 * s * x
    yield "A22", e
    yield "A22", e * s
    yield "A21", s * x
    yield "A18", -e * s * x
    yield "D3", 2 * a * s * x
    yield "A28", w - 0.1 * e * s * x
    yield "A20", 1 / (e * s * x)


@asked(
    "h_1 = tanh(w_1*x)\nh_2 = tanh(w_2*h_1)\ny = w_3*h_2\nE = 0.5*(y - t)**2", "E", "w_1",
    x=(0.4, 1.6), w_1=(0.4, 1.4), w_2=(0.6, 1.7), w_3=(0.5, 1.8), t=(-0.9, -0.2),
)  # fmt: skip
def deep_chain(x: float, w_1: float, w_2: float, w_3: float, t: float) -> Iterator[Answer]:
    h1 = tanh(w_1 * x)
    u2 = w_2 * h1
    h2 = tanh(u2)
    e = w_3 * h2 - t
    s1, s2 = 1 - h1 * h1, 1 - h2 * h2
    yield "right", e * w_3 * s2 * w_2 * s1 * x
    yield "B10 A10", e * w_3 * w_2 * s1 * x
    yield "B10 A10", e * w_3 * s2 * w_2 * x
    yield "K1 B10 F6", e * w_3 * w_2 * x
    yield "B10", e * w_3 * (1 - h2) * w_2 * s1 * x
    yield "K1 B10", e * w_3 * (1 - h2) * w_2 * (1 - h1) * x
    yield "K1 B10", e * w_3 / cosh(u2) * w_2 / cosh(w_1 * x) * x
    yield "A10", e * w_3 * s2 * s1 * x
    yield "A10", e * s2 * w_2 * s1 * x
    yield "A22", e * w_3 * s2 * w_2
    yield "A22", e * w_3
    yield "A21", w_3 * s2 * w_2 * s1 * x
    yield "A21", s2 * w_2 * s1 * x
    new_3, new_2 = w_3 - 0.1 * e * h2, w_2 - 0.1 * e * w_3 * s2 * h1
    yield "A29", e * new_3 * s2 * new_2 * s1 * x
    yield "A23", e * w_3 * s2 * h1
    yield "A23", e * h2
    yield "A25", e * w_3 * s2 * w_2 * w_2 * s1 * x
    yield "D3", w_3 * h2 * w_3 * s2 * w_2 * s1 * x
    yield "A16", e + w_3 + s2 * w_2 + s1 * x
