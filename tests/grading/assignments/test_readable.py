"""Equations and labels in plain Unicode and in HTML; what strangers wrote stays text."""

import pytest

from grading.assignments import load, shipped
from grading.assignments.readable import as_html, equation, prose


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("yhat = sqrt(h_0**2 + h_1**2)", "ŷ = √(h_0² + h_1²)"),
        ("k = (exp(s) + mu**2 - 1 - s) / 2", "k = (exp(s) + μ² − 1 − s) / 2"),
        ("y = x**-2 * sqrt(2)", "y = x⁻² · √2".replace(" · ", "·")),
        ("y = x**n + x**0.5 + x**12", "y = x^n + x^0.5 + x¹²"),
        ("epsilon_u = sin(2*pi*x)", "ε_u = sin(2·π·x)"),
        ("E = 1e-3*x", "E = 1e−3·x"),
    ],
)
def test_an_equation_is_one_readable_line(text, shown):
    assert equation(text) == shown


@pytest.mark.parametrize("name", shipped())
def test_what_is_readable_stays_as_it_is(name):
    for q in load(name).paper("ada").questions:
        assert tuple(map(equation, q.says)) == q.says


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("dL/dW_hh", "dL/dW<sub>hh</sub>"),
        ("h_(t−1)", "h<sub>t−1</sub>"),
        ("h_0² + x¹²", "h<sub>0</sub><sup>2</sup> + x<sup>12</sup>"),
        ("<script>_x", "&lt;script&gt;_x"),
        ("a & b", "a &amp; b"),
    ],
)
def test_indices_are_lowered_and_powers_raised(text, shown):
    assert as_html(text) == shown


def test_prose_keeps_words_and_lowers_the_indices_of_symbols():
    assert prose("Give dŷ/dh_0 of student_id in W_xh.") == (
        "<p>Give dŷ/dh<sub>0</sub> of student_id in W<sub>xh</sub>.</p>"
    )
    assert prose("`h_0 < 1` & <b>") == "<p><code>h_0 &lt; 1</code> &amp; &lt;b&gt;</p>"
    assert prose("") == ""
