"""Models written in numbers: softmax, an LSTM's cell, a VAE's terms, a filter, deep chains."""

from __future__ import annotations

from collections.abc import Iterator
from math import cosh, exp, log, tanh

from benchmarks.diagnosis.question import Answer, asked


def logistic(z: float) -> float:
    return 1 / (1 + exp(-z))


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
        k: float = k,
        df: float = df,
        di: float = di,
        dg: float = dg,
        do: float = do,
        c0: float = c_0,
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
def vae_in_numbers(l: float, m: float, e: float, w: float, x: float) -> Iterator[Answer]:
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
def vae_in_numbers_by_its_mean(
    l: float,
    m: float,
    e: float,
    w: float,
    x: float,
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
