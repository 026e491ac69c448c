"""Rows of B, and those of A about single factors: formulas differentiated wrongly by hand."""

from math import cos, exp, log, pi, sin, sqrt, tanh

import pytest

from autograd_lite import FlowGraph, Malrule, Value, elementwise
from grading.scalars import ScalarAsked
from tests.grading.scalars.planting import asked, assert_planted

X = 0.7


def sigmoid(u):
    return 1 / (1 + exp(-u))


S = sigmoid(2 * X)
H = tanh(2 * X)
ONE_OPERATION = [
    ("sin(2*x)", {
        "B1": 2 * -cos(2 * X), "B2a": 2 * cos(2 * X * pi / 180), "B2b": 2 * pi / 180 * cos(2 * X * pi / 180),
        "A11": cos(2 * X), "A12b": cos(2), "A13": 2 * cos(X), "A14": 2.0, "A15": cos(X) * 2 * X + sin(X) * 2,
        "A16": cos(2 * X) + 2, "B1b": 2 * sin(2 * X),
    }),
    ("exp(2*x)", {"B3": 2 * 2 * X * exp(2 * X - 1), "A11": exp(2 * X), "B3b": 2 * exp(2 * X - 1)}),
    ("exp(x**2)", {"A11": exp(X * X), "B3b": 2 * X * exp(X * X - 1), "B3": 2 * X * X**2 * exp(X * X - 1)}),
    ("log(2*x)", {"B4a": 2 / (2 * X * log(10)), "B4b": 2 / log(2 * X), "A11": 1 / (2 * X)}),
    ("sqrt(2*x)", {
        "B5a": 2 / sqrt(2 * X), "B5b": 2 * 2 * sqrt(2 * X), "B5c": 2 * sqrt(2 * X) / 2,
        "A11": 0.5 / sqrt(2 * X),
    }),
    ("(2*x)**3", {"B6a": 2 * 3 * (2 * X) ** 3, "B6b": 2 * (2 * X) ** 2, "A11": 3 * (2 * X) ** 2}),
    ("2**x", {"B6c": X * 2 ** (X - 1), "B6d": 2**X}),
    ("1/(2*x)", {"B9": 2 / (2 * X) ** 2, "B9d": 2 * log(2 * X)}),
    ("tanh(2*x)", {
        "B10a": 2 * (1 - H), "B10b": 2 * (1 - (2 * X) ** 2), "B10c": 2 * (1 - tanh(H) ** 2),
        "B10d": 2 * sqrt(1 - H * H), "B10e": 2.0, "B10f": 2 * H,
    }),
    ("sigmoid(2*x)", {
        "B11a": 2 * (1 - S), "B11b": 2 * S, "B11c": 2 * 2 * X * (1 - 2 * X),
        "B11d": 2 * sigmoid(S) * (1 - sigmoid(S)), "B11e": 2 * S * (1 + S),
    }),
    ("relu(-2*x)", {"B12a": -2.0, "B12e": -2.0}),
    ("3*relu(2*x)", {"B12b": 3 * 2 * 2 * X}),
    ("maximum(2*x, 5*x)", {"B13a": 7.0}),
    ("x**2*sin(x)*exp(2*x)", {"B7e": 2 * X * cos(X) * 2 * exp(2 * X)}),
    ("softplus(2*x)", {"B17a": 2 * S * (1 - S), "B17b": 2 * exp(2 * X), "B17c": 2 * log(1 + exp(2 * X))}),
    ("x**2*sin(x)", {
        "B7a": 2 * X * cos(X), "B7c": X**2 * cos(X), "B7b": X**2 * 2 * X + X**2 * cos(X),
        "B7d": 2 * X + cos(X),
    }),
    ("sin(x)/x**2", {
        "B8a": cos(X) / X**2 + sin(X) * 2 * X / X**4, "B8b": cos(X) / X**2 - sin(X) * 2 * X / X**2,
        "B8c": cos(X) / (2 * X), "B8d": cos(X) * X**2 + sin(X) * 2 * X, "B8e": cos(X) * X**2 - sin(X) * 2 * X,
        "B8f": (sin(X) * 2 * X - cos(X) * X**2) / X**4, "B8g": (cos(X) * X**2 - sin(X) * 2 * X) / X**2,
        "B7c": cos(X) / X**2,
    }),
    ("sqrt(x**2 + 9)", {"B16": X, "A10": 2 * X}),
    ("sin(2*x) + cos(3*x)", {"K3": cos(2 * X) - sin(3 * X), "A11": cos(2 * X) - 3 * sin(3 * X)}),
    ("sin(x**2 + x)", {
        "A11": cos(X * X + X), "A12b": cos(2 * X + 1), "A12": cos(2 * X + 1) * (2 * X + 1),
        "A13": cos(X) * (2 * X + 1), "A15": cos(X) * (X * X + X) + sin(X) * (2 * X + 1),
    }),
    ("sin(x)**2 + sin(3*x)", {
        "K1": -2 * sin(X) * cos(X) - 3 * cos(3 * X), "B1": -2 * sin(X) * cos(X) - 3 * cos(3 * X),
    }),
]  # fmt: skip
CASES = [(text, row, value) for text, rows in ONE_OPERATION for row, value in rows.items()]


@pytest.mark.parametrize(("text", "row", "value"), CASES, ids=[f"{t} {r}" for t, r, _ in CASES])
def test_one_formula_differentiated_wrongly(text, row, value):
    assert_planted(asked(f"y = {text}", "x", "y", x=X), row, value)


def test_rectifiers_by_the_sign_of_what_arrives():
    """y = -relu(2x) + relu(-x): what arrives is negative at the first, and masks it by mistake."""
    question = asked("y = -relu(2*x) + relu(-x)", "x", "y", x=X)
    assert question.right[0] == -2.0
    assert_planted(question, "B12c", 0.0)
    assert_planted(question, "B12c", -2.0 - 1.0)
    assert_planted(question, "B12d", 0.0)


def test_a_rectifier_at_its_kink():
    assert_planted(asked("y = relu(2*x)", "x", "y", x=0.0), "B12f", 2.0)


def test_an_equation_taken_at_another_variable():
    """g = x² + x and y = sin g as two named equations."""
    question = asked("g = x**2 + x\ny = sin(3*g)", "x", "y", x=X)
    g, d = X * X + X, 2 * X + 1
    for row in ("K4a", "A13"):
        assert_planted(question, row, 3 * cos(3 * X) * d)
    for row in ("K4b", "A12"):
        assert_planted(question, row, 3 * cos(3 * d))
    for row in ("K4c", "A12"):
        assert_planted(question, row, 3 * cos(3 * d) * d)
    for row in ("K4d", "A15"):
        assert_planted(question, row, 3 * cos(3 * X) * g + sin(3 * X) * d)


def test_a_factor_is_forgotten_on_one_path_and_not_on_the_others():
    """Both paths go through y = sin(3h): the 3 is lost on one of them."""
    question = asked("a = 2*x\nb = x**2\nh = a + b\ny = sin(3*h)", "x", "y", x=X)
    c = cos(3 * (2 * X + X * X))
    assert_planted(question, "K2", c * 2 + 3 * c * 2 * X)
    assert_planted(question, "K2", 3 * c * 2 + c * 2 * X)
    assert_planted(question, "K2", 3 * 2 + 3 * c * 2 * X)


def test_inner_derivatives_forgotten_in_all_equations():
    question = asked("h = sin(2*x)\ny = exp(3*h)", "x", "y", x=X)
    h = sin(2 * X)
    assert_planted(question, "K3b", exp(3 * h) * cos(2 * X))


def test_operations_of_ones_own_bring_their_own_mistakes():
    @elementwise(
        lambda xp, y, x: 3.0 * x * x,
        malrules=[Malrule("exponent kept", 0, partial=lambda xp, y, x: 3.0 * y)],
    )
    def cube(xp, x):
        return x * x * x

    x = Value(2.0, name="x")
    question = ScalarAsked(FlowGraph(cube(x).named("y")), "x")
    (found,) = [c for c in question.candidates if c.mistake.identifier == "B"]
    assert found.value[0] == 24.0
    assert found.identifier == "B:exponent kept>y"
    assert "exponent kept" in found.says
