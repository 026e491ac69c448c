"""Names are set as mathematics only when that is harmless; numbers round as Decimal does."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest

from viz.formulas.escaping import drawable
from viz.formulas.labels import copied, latex, symbol
from viz.formulas.mathtext import display, measure, parses
from viz.formulas.numbers import as_latex, as_text, fits, number


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x", "x"),
        ("h_0", "h_{0}"),
        ("h_12", "h_{12}"),
        ("b1", "b_{1}"),
        ("\\hat{y}", "\\hat{y}"),
        ("yhat", "\\hat{y}"),
        ("y_hat", "\\hat{y}"),
        ("ŷ", "\\hat{y}"),
        ("c_tilde", "\\tilde{c}"),
        ("W_hh", "W_{hh}"),
        ("W_xh_1", "W_{xh,1}"),
        ("epsilon_u", "\\epsilon_{u}"),
        ("ε_u", "\\epsilon_{u}"),
        ("mu", "\\mu"),
        ("Sigma", "\\Sigma"),
        ("x'", "x'"),
        ("c_{t-1}", "c_{t-1}"),
        ("loss", "\\mathrm{loss}"),
        ("enc.weight", "\\mathrm{enc.weight}"),
        ("x_max", "x_{\\mathrm{max}}"),
        ("learning_rate_1", "\\mathrm{learning\\_rate\\_1}"),
    ],
)
def test_names_of_the_lectures_are_set_as_mathematics(name: str, expected: str) -> None:
    assert latex(name) == expected
    assert parses(expected)


@pytest.mark.parametrize("name", ["x'", "x^{2}", "h_{1}'"])
def test_a_copy_of_a_name_with_a_superscript_stands_in_brackets(name: str) -> None:
    """LaTeX takes no second superscript."""
    assert copied(name, 2) == f"{{({name})}}^{{(2)}}"
    assert copied("W_{hh}", 2) == "W_{hh}^{(2)}"


def test_a_hostile_name_is_plain_text_or_harmless_mathematics(hostile: str) -> None:
    source = latex(hostile)
    if source is not None:
        commands = set(re.findall(r"\\([A-Za-z]+)", source))
        assert commands <= {"mathrm", "hat", "acute", "tilde"}
        assert "$" not in source
        assert source.count("{") == source.count("}")
        assert parses(rf"\dfrac{{d{source}}}{{d{source}}}=1")


def test_a_hostile_name_as_plain_text_is_short_printable_and_measurable(hostile: str) -> None:
    shown = drawable(hostile)
    assert shown.isprintable()
    assert len(shown) <= 40
    assert measure(shown, False, 10.0)[0] >= 0


def test_the_fallback_symbol_always_parses(hostile: str) -> None:
    assert parses(symbol(hostile, 7))


def test_mathtext_that_does_not_parse_is_known() -> None:
    assert not parses(r"\frac{1}")
    assert not parses("x$y")
    assert not parses("x" * 10_000)


@pytest.mark.parametrize(
    "x", [0.5403023059, -0.8414709848, 12.3456789123, 0.0, 999.9996123456, 0.1004912345]
)
@pytest.mark.parametrize("digits", [2, 3, 5])
def test_numbers_round_as_decimal_does(x: float, digits: int) -> None:
    nearest = Decimal(x).quantize(Decimal(1).scaleb(-digits))
    assert abs(Decimal(number(x, digits)) - nearest) <= 0


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (0.1 + 0.2 - 0.2, "0.1"),
        (0.14641, "0.14641"),
        (-0.5, "-0.5"),
        (1 / 3, "0.333"),
        (0.0, "0"),
        (1e-9, r"1.00\times 10^{-9}"),
        (-2.5e12, r"-2.50\times 10^{12}"),
        (0.01234567, "0.0123"),
        (float("inf"), r"\infty"),
        (float("-inf"), r"-\infty"),
        (float("nan"), r"\mathrm{nan}"),
    ],
)
def test_short_decimals_are_written_in_full_and_others_rounded(x: float, expected: str) -> None:
    assert number(x) == expected
    assert parses(expected)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (1e-3, "0.001"), (-1e-3, "-0.001"), (0.001234567, "0.00123"), (0.000999, r"9.99\times 10^{-4}"),
        (999_999.0, "999999"), (1e6, r"1.00\times 10^{6}"), (-2.5e-300, r"-2.50\times 10^{-300}"),
    ],
)  # fmt: skip
def test_powers_of_ten_begin_below_a_thousandth_and_at_a_million(x: float, expected: str) -> None:
    assert number(x) == expected


def test_negative_zero_is_zero() -> None:
    assert number(-0.0) == number(-1e-400) == "0"


def test_only_outer_fractions_grow() -> None:
    assert display(r"a=\frac{\frac{1}{x}}{2}") == r"a=\dfrac{\frac{1}{x}}{2}"


def test_arrays_are_short_vectors_or_shape_and_norm() -> None:
    assert fits(np.zeros(3))
    assert not fits(np.zeros((2, 2)))
    assert as_latex(np.array([1.0, -0.5]), 1) == r"[1,\,-0.5]"
    assert as_text(np.ones((2, 2))) == "2×2, norm 2"
    assert as_text(np.array([])) == "0, norm 0"
