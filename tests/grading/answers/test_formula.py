"""A student's formula: every way to write the right one is accepted, and nothing in it is ever run."""

import numpy as np
import pytest

from autograd_lite import elementwise
from autograd_lite.errors import AnswerError
from grading.answers import draw_points, equivalent, read, read_formula

RANGES = {"x": (0.3, 1.2), "h_0": (0.5, 2.0), "ŷ": (0.4, 0.9)}


def right(p):
    return p["h_0"] / np.sqrt(1 + p["h_0"] ** 2) * -np.sin(2 * p["x"]) + p["ŷ"] ** 2 / 2


EQUIVALENT = [
    "h_0/sqrt(1+h_0^2) * -sin(2x) + ŷ^2/2",
    "h0/√(1+h0²)·(−sin 2x) + ½ŷ²",
    "-h_0 sin(2 x)/sqrt(h_0**2 + 1) + yhat*yhat/2",
    "-2 h0 sin x cos x (1+h0^2)^(-1/2) + 0.5 \\hat{y}^2",
    "0,5ŷ^2 - 2h₀ sin x cos x/√(1 + h₀^2)",
    r"-\frac{h_{0} \sin(2x)}{\sqrt{1 + h_0^{2}}} + \frac{\hat{y}^2}{2}",
    "-(h_0/sqrt(1+h_0^2))(sin 2x) + y_hat²÷2",
    "$\\frac{1}{2} \\hat y^2 - \\frac{h_0}{\\left(1+h_0^2\\right)^{1/2}} \\cdot 2 \\sin x \\cos x$",
    "dŷ/dx = ŷ²/2 − h_0·exp(−ln(1+h_0²)/2)·sin(2x)",
    "|ŷ|*ŷ/2 - |h_0| sin 2x / |√(1+h_0^2)|",
    "ŷŷ/2-h0sin(2x)/sqrt(1+h0h0)",
    "ŷ^2/2 - (h_0 sin(2x)) e^(-0.5 ln(1+h_0^2))",
    "[ŷ^2]/2 - h_0 sin[2x]/sqrt[1+h_0^2]",
]


@pytest.mark.parametrize("text", EQUIVALENT)
def test_every_equivalent_formula_is_right(text):
    points = draw_points(right, RANGES, seed=3)
    assert equivalent(read_formula(text, RANGES), right(points), points).status == "right"


@pytest.mark.parametrize(
    "text",
    [
        "h_0/sqrt(1+h_0^2) * sin(2x) + ŷ^2/2",
        "h_0/sqrt(1+h_0^2) * -cos(2x) + ŷ^2/2",
        "0",
        "ŷ^2/2 - h_0 sin(2x)/sqrt(1+h_0)",
        "1e300^2",
    ],
)
def test_another_formula_is_wrong(text):
    points = draw_points(right, RANGES, seed=3)
    try:
        formula = read_formula(text, RANGES)
    except AnswerError:
        assert text == "1e300^2"
        return
    assert equivalent(formula, right(points), points).status == "wrong"


READINGS = [
    ("a/2b", "(a/2)·b"),
    ("1/2x", "(1/2)·x"),
    ("a/(2b)", "a/(2·b)"),
    ("-x^2", "-x^2"),
    ("(-x)^2", "(-x)^2"),
    ("2^3^2", "2^(3^2)"),
    ("x^-1 y", "x^(-1)·y"),
    ("e^2x", "e^2·x"),
    ("sin 2x", "sin(2·x)"),
    ("sin 2πx", "sin(2·π·x)"),
    ("sin x^2", "sin(x^2)"),
    ("sin^2 x", "sin(x)^2"),
    ("sin²(x)", "sin(x)^2"),
    ("sin x cos y", "sin(x)·cos(y)"),
    ("sin x + y", "sin(x) + y"),
    ("sin x (1+y)", "sin(x)·(1 + y)"),
    ("sin(x) y", "sin(x)·y"),
    ("ln x/y", "ln(x)/y"),
    ("sin -x", "sin(-x)"),
    ("sinx", "sin(x)"),
    ("xsinx", "x·sin(x)"),
    ("√2x", "sqrt(2)·x"),
    ("√(2x)", "sqrt(2·x)"),
    ("2|x - |y||", "2·|x - |y||"),
    ("|x|y|a|", "|x|·y·|a|"),
    ("0,5x", "0.5·x"),
    ("max(0,5)", "max(0, 5)"),
    ("max(a,b)", "max(a, b)"),
    ("max(0,5; x)", "max(0.5, x)"),
    ("max(a, 0.5)", "max(a, 0.5)"),
    ("x - (y - a)", "x - (y - a)"),
    ("x - (y + a)", "x - (y + a)"),
    ("x/(y/a)", "x/(y/a)"),
    ("x/y/a", "(x/y)/a"),
    ("x(y/a)", "x·(y/a)"),
    ("(x+y)(x-y)", "(x + y)·(x - y)"),
    ("--x", "-(-x)"),
    ("2·-x", "2·(-x)"),
    ("cot x", "1/tan(x)"),
    ("e", "e"),
    ("2e3 x", "2000·x"),
    ("σ(x)", "sigmoid(x)"),
    ("ReLU(x)", "relu(x)"),
]


@pytest.mark.parametrize(("text", "read_as"), READINGS)
def test_the_reading_is_echoed_with_its_parentheses(text, read_as):
    assert read_formula(text, ["x", "y", "a", "b"]).read_as == read_as


@pytest.mark.parametrize(("text", "_"), READINGS)
def test_the_echo_is_read_as_the_same_formula(text, _):
    """So that a student who copies it gets what was shown."""
    points = {name: np.linspace(0.2, 0.9, 7) ** k for k, name in enumerate(("x", "y", "a", "b"), 1)}
    formula = read_formula(text, points)
    again = read_formula(formula.read_as, points)
    np.testing.assert_array_equal(again(points), formula(points))


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        (["h_1"], "h1 + h_1 + h_{1} + h₁"),
        (["h1"], "h1 + h_1 + h_{1} + h₁"),
        (["ŷ"], "ŷ + yhat + y_hat + \\hat{y} + \\hat y + y\u0302"),
        (["yhat"], "ŷ + yhat + \\hat{y}"),
        ([r"\hat{y}"], "ŷ + yhat + \\hat{y}"),
        (["epsilon_u"], "ε_u + epsilon_u + \\epsilon_u + εu"),
        (["lambda"], "λ + lambda + \\lambda"),
        (["e"], "e + e"),
    ],
)  # fmt: skip
def test_a_variable_has_all_its_spellings(variables, text):
    count = text.count("+") + 1
    formula = read_formula(text, variables)
    assert formula({variables[0]: 2.0}) == 2.0 * count
    assert formula.names == tuple(variables)


def test_a_spelling_that_two_variables_share_is_neithers():
    formula = read_formula("h_1 - h1", ["h_1", "h1"])
    assert formula(h_1=3.0, h1=1.0) == 2.0
    with pytest.raises(AnswerError):
        read_formula("h_{1}₁", ["h_1", "h1"])


def test_a_variable_hides_a_constant_and_an_own_function_another():
    @elementwise(lambda xp, y, x: 2.0)
    def doubled(xp, x):
        return 2.0 * x

    assert read_formula("sin(x) + e", ["x", "e"], functions={"sin": doubled})(x=1.0, e=5.0) == 7.0


HOSTILE = [
    "", "()", "x+", "*x", "x*", "(x", "x)", "|x", "x|", "sin", "sin()", "sin^2", "2 3", "x,y", "x;y",
    "max(x)", "max(x,y,a)", "max x", "x.__class__", "().__class__.__bases__", "__import__('os')", "x.real",
    "x[0]", "lambda: x", "x if y else a", "[x for x in y]", "x := 2", "x = y = 2", "x == y", "x < y",
    "x and y", "not x", "x @ y", "x // y", "x % y", "~x", "x ! y", "f'{x}'", "x\\\ny", "q", "foo(x)",
    "sin^-1 x", "sin^y x", "x'", "∂x", "∫x", "∞", "9**9**9", "9^9^9^9", "1/0", "log(0)", "0^-1", "sqrt(-1)",
    "1e999", "٣x", "x\x00", "x\u202ey", "x\ud800", "𝟐x", "yield x", "print(x)", "exec(x)", "os", "x_" * 50,
    "x" * 41, "x" * 1001, "(" * 200 + "x" + ")" * 200, "-" * 900 + "x", "x^" * 300 + "x",
    "sin " * 240 + "x", "√" * 300 + "x", "|" * 600, "((x)" * 200, "1" * 900, "x+" * 450 + "x",
    "\\frac{" * 100, "\\foo{x}", "max(" * 90 + "x" + ",x)" * 90, "½½", "1½x", "**kwargs", "*args",
    "max(*x)", "max(a=x, b=y)", "x;import os",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_a_hostile_formula_is_refused_in_a_sentence_or_harmless(text):
    variables = ["x", "y", "a", "b"]
    try:
        formula = read_formula(text, variables)
    except AnswerError as refused:
        said = str(refused)
        assert 10 < len(said) < 400
        assert said.isprintable()
        assert "v0" not in said
    else:
        assert text[:2] in ("--", "x^", "si", "√√", "\\f", "½½", "xx", "|"), "was read"
        assert formula({name: np.ones(3) for name in variables}).shape == (3,)


def test_a_domain_error_is_told_apart_from_a_wrong_formula():
    points = {"x": np.array([-1.0, 0.5, 2.0])}
    reference = np.array([1.0, 0.25, 4.0])
    undefined = equivalent(read_formula("exp(2 ln x)", ["x"]), reference, points)
    assert undefined.status == "undefined"
    assert str(undefined) == "The formula is undefined at x = -1."
    wrong = equivalent(read_formula("exp(3 ln x)", ["x"]), reference, points)
    assert wrong.status == "wrong"
    nowhere = equivalent(read_formula("ln(-x^2)", ["x"]), reference, points)
    assert nowhere.status == "undefined"


def test_rounded_numbers_are_compared_with_as_many_digits():
    points = {"x": np.linspace(0.5, 2.0, 40)}
    reference = np.sqrt(0.5) * points["x"]
    rounded = read_formula("0.7071x", ["x"])
    assert rounded.digits == 4
    assert equivalent(rounded, reference, points).status == "right"
    assert equivalent(read_formula("0.7081x", ["x"]), reference, points).status == "wrong"
    assert equivalent(read_formula("0.7x", ["x"]), reference, points).status == "wrong"


@pytest.mark.parametrize(
    "text",
    ["2.01x", "1.99x", "2.001x", "2x + 0.0100", "2x + 0.0111 sin(100x)", "2.00x + 0.009",
     "(2 + 0.0100)x"],
)  # fmt: skip
def test_rounded_numbers_make_no_wrong_formula_right(text):
    x = np.linspace(0.5, 2.0, 40)
    assert equivalent(read_formula(text, ["x"]), 2 * x, {"x": x}).status == "wrong"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.667x", 2 / 3), ("0.666x", 2 / 3), ("x*1.41/1.73", np.sqrt(2 / 3)), ("1.41e-3*x", np.sqrt(2) / 1e3),
     ("x/0.333", 3), ("-0.577x", -1 / np.sqrt(3)), ("2.00x", 2)],
)  # fmt: skip
def test_each_rounded_number_may_be_off_in_its_last_place(text, number):
    x = np.linspace(0.5, 2.0, 40)
    assert equivalent(read_formula(text, ["x"]), number * x, {"x": x}).status == "right"


def test_a_formula_that_blows_its_own_rounding_up_gains_little():
    x = np.linspace(0.5, 2.0, 40)
    blown = read_formula("x + 1e9*(0.500 - 0.5)", ["x"])
    assert np.all(blown.roundoff({"x": x}, x) <= 0.005 * x * (1 + 1e-9))
    assert equivalent(blown, 1.1 * x, {"x": x}).status == "wrong"


def test_points_are_drawn_where_the_answer_is_smooth():
    points = draw_points(
        lambda p: np.sign(p["x"] - 0.1) / p["y"], {"x": (-1, 1), "y": (-1, 1)}, seed=1
    )
    assert all(x.shape == (40,) for x in points.values())
    again = draw_points(
        lambda p: np.sign(p["x"] - 0.1) / p["y"], {"x": (-1, 1), "y": (-1, 1)}, seed=1
    )
    assert np.array_equal(points["x"], again["x"])
    with pytest.raises(ValueError, match="undefined almost everywhere"):
        draw_points(lambda p: np.log(p["x"]), {"x": (-2.0, -1.0)}, seed=0)


def test_a_missing_number_is_named():
    with pytest.raises(AnswerError, match="h_0"):
        read_formula("x + h0", ["x", "h_0"])(x=1.0)


def test_read_takes_formulas_too():
    typed = read("a/2b", variables=["a", "b"])
    assert (typed.kind, typed.read_as) == ("formula", "(a/2)·b")
    assert typed.value(a=[2.0, 4.0], b=3.0).tolist() == [3.0, 6.0]
    with pytest.raises(AnswerError):
        read(3.0, variables=["a"])
