"""A VAE's terms in numbers, differentiated wrongly by hand."""

from math import exp

import pytest

from tests.grading.scalars.planting import asked, assert_planted, values_of

VAE = """s = exp(0.5*l)
z = m + s*e
L = 0.5*(w*z - x)**2 + 0.5*(m**2 + exp(l) - l - 1)"""
L, M, E, W, X = 0.3, 0.7, 1.2, 1.5, -0.4
S = exp(L / 2)
R = (W * (M + S * E) - X) * W
KL = (exp(L) - 1) / 2


@pytest.mark.parametrize("half", ["0.5*l", "l/2", "l*0.5"])
def test_mistakes_with_the_code(half):
    question = asked(VAE.replace("0.5*l", half), "l", "L", l=L, m=M, e=E, w=W, x=X)
    assert question.right[0] == pytest.approx(R * E * S / 2 + KL)
    assert_planted(question, "H5", R * E * exp(L) + KL)
    assert_planted(question, "H7", R * E + S - 1 / S)
    assert_planted(question, "H7", R * E / (2 * S) + (1 - 1 / S**2) / 2)
    assert_planted(question, "H8", R * E * S / 2 + (L - 1) / 2)


def test_an_exponential_that_is_no_standard_deviation_has_none_of_them():
    question = asked("y = exp(2*x) + exp(x)", "x", "y", x=0.4)
    assert not any(values_of(question, row) for row in ("H5", "H7", "H8"))
