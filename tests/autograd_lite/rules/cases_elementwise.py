"""Examples of every elementwise rule: arithmetic, elementary functions, activations, selection."""

import numpy as np

from tests.autograd_lite.rules.cases import Case, numbers

A = numbers(2, 3)
ROW = numbers(3, seed=1)
COLUMN = numbers(2, 1, seed=2)
POSITIVE = numbers(2, 3, low=0.3, high=3.0)
INSIDE = numbers(2, 3, low=-0.9, high=0.9)  # between the poles at ±1
APART = np.array([[-2.5, -1.5, -0.5], [0.5, 1.5, 2.5]])  # from each other and from 0, ±1, ±2

ARITHMETIC = [
    Case("alias", (A,)),
    Case("add", (A, ROW)),
    Case("add", (A, 2.0), differentiable=(True, False)),
    Case("subtract", (A, COLUMN)),
    Case("subtract", (2.0, A), differentiable=(False, True)),
    Case("multiply", (COLUMN, ROW)),
    Case("multiply", (A, -3.0), differentiable=(True, False)),
    Case("multiply_add", (COLUMN, ROW, A)),
    Case("multiply_add", (A, -3.0, ROW), differentiable=(True, False, True)),
    Case("divide", (A, POSITIVE)),
    Case("divide", (1.0, POSITIVE), differentiable=(False, True)),
    Case("masked_product", (A, ROW)),
    Case("power", (POSITIVE, ROW)),
    *(Case("power", (A, n), differentiable=(True, False)) for n in (0, 1, 2, 3, 4, 7, -2)),
    Case("power", (POSITIVE, 0.5), differentiable=(True, False)),
    Case("power", (2.0, A), differentiable=(False, True)),
    Case("negative", (A,)),
    Case("square", (A,)),
]

ELEMENTARY = [
    *(
        Case(name, (A,))
        for name in ("exp", "expm1", "sin", "cos", "arctan", "sinh", "cosh", "tanh", "sech2", "erf")
    ),
    *(Case(name, (POSITIVE,)) for name in ("log", "log1p", "sqrt")),
    *(Case(name, (INSIDE,)) for name in ("tan", "arcsin", "arccos", "square_to_one")),
    Case("absolute", (APART,)),
]

ACTIVATIONS = [
    *(Case(name, (A,)) for name in ("sigmoid", "softplus", "gelu", "silu")),
    Case("logistic_cost", (A, POSITIVE, ROW)),
    Case("ncdf", (A,)),
    Case("bell", (A, 0.5), differentiable=(True, False)),
    Case("bell", (A, POSITIVE)),
    Case("relu", (APART,)),
    Case("leaky_relu", (APART, 0.01), differentiable=(True, False)),
    Case("leaky_relu", (APART, numbers(3))),
    Case("elu", (APART, 1.0), differentiable=(True, False)),
    Case("elu", (APART, numbers(3))),
]

SELECTION = [
    Case("maximum", (APART, np.array([0.0, 1.0, -1.0]))),
    Case("maximum", (APART, 1.0), differentiable=(True, False)),
    Case("minimum", (APART, np.array([[0.0], [2.0]]))),
    Case("minimum", (0.0, APART), differentiable=(False, True)),
    Case("clip", (APART, np.array([-2.0, 0.0, -1.0]), np.array([[0.2], [2.0]]))),
    Case("clip", (APART, -1.0, 1.0), differentiable=(True, False, False)),
    Case("where", (APART > 0, A, ROW), differentiable=(False, True, True)),
    Case("where", (np.array([True, False, True]), A, 0.0), differentiable=(False, True, False)),
    Case("sign", (APART,)),
]

CASES = [*ARITHMETIC, *ELEMENTARY, *ACTIVATIONS, *SELECTION]
