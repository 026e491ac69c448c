"""Rows of A: mistakes made by hand on the third lecture's example and others are candidates of their rows."""

from math import cos, exp, pi, sin, sqrt, tanh

import pytest

from autograd_lite import example
from tests.grading.scalars.planting import asked, assert_planted, values_of

X = 1.0
H0 = cos(X)
H1 = (H0**3 + sin(X)) / sqrt(2)
Y = sqrt(H0**2 + H1**2)
A, B, C = -sin(X), cos(X) / sqrt(2), 3 * H0**2 / sqrt(2)
"""∂h_0/∂x, ∂h_1/∂x, ∂h_1/∂h_0"""
D, E = H0 / Y, H1 / Y
"""∂ŷ/∂h_0, ∂ŷ/∂h_1"""
P1, P2, P3 = A * D, B * E, A * C * E
"""The three paths"""
T = P1 + P2 + P3

BY_X = {
    "A1": [0.0],  # x does not occur in ŷ's own formula
    "A2": [P1, P2],
    "A3": [T - P1, T - P2, T - P3],
    "A4": [P1, P2, P3, P1 + P3],
    "A5": [P1 * P2 * P3],
    "A6": [T / 3],
    "A7": [A * C * E + B * E, A * D + B * E, A * (D + C * E), B * E, A * C * E],
    "A8": [T + P1, T + P2, T + P3, T + A * C * E],
    "A10": [D + C * E + B * E, P1 + E + P3, A * D + B + A * C, P1 + P2 + A * E],
    "A16": [A + D + P2 + P3, P1 + B + E + P3, P1 + P2 + A + C + E],
    "A17": [-P1 + P2 - P3, T - 2 * P2, T - 2 * P3],
    "A18": [-T],
    "A19": [P1 + P2 + A / C * E, (D + C * E) / A + P2],
    "A20": [1 / T],
    "A21": [A, B + A * C],
    "A22": [D + C * E, E],
    "A24": [Y, H0, H1],
    "A25": [P1 + P2 + A * C**2 * E, A**2 * (D + C * E) + P2],
    "A26": [0.0],
    "A28": [-0.1 * T, X - 0.1 * T, X - 0.01 * T, X - 0.5 * T],
    "A30": [2 * T, 3 * T],
    "A31": [A * (D + C * E), B * E, T / 2],
    "B1": [-A * (D + C * E) + B * E, A * (D + C * E) - B * E],
    "B5a": [2 * T],
    "B6a": [A * (D + 3 * H0**3 / sqrt(2) * E) + B * E],
    "B6b": [A * (D + H0**2 / sqrt(2) * E) + B * E],
    "K1": [-T, A * (D + C * E) - B * E],
    "K2": [D + P2 + P3, P1 + P2 + C * E, P1 + P2 + A * E, P1 + P2 + A * C],
    "K6": [A, B, C, D, E],
    "A23": [T, D + C * E],
}


@pytest.mark.parametrize("row", [r for r in BY_X if r != "A23"])
def test_rows_on_the_three_step_example(row):
    question = asked(example("three_step"), "x", "yhat")
    assert question.right[0] == pytest.approx(T)
    for value in BY_X[row]:
        assert_planted(question, row, value)


def test_the_path_through_h_1_alone_is_named_so_that_a_student_sees_what_is_missing():
    question = asked(example("three_step"), "h_0", "yhat")
    found = [c for c in question.candidates if c.identifier == "A4:h_0>h_1>ŷ"]
    assert [c.says for c in found] == [
        "You gave only the path through h_1: the direct effect of h_0 on ŷ is missing."
    ]
    assert found[0].value[0] == pytest.approx(C * E)
    assert round(C * E, 4) == 0.4919


def test_several_paths_are_named_by_what_they_lead_through():
    question = asked("a = 2*x\nb = a + 3*x\ny = a*b*x", "x", "y", x=1.5)
    says = {c.identifier: c.says for c in question.candidates}
    assert says["A4:x>a>b>y"] == (
        "You gave only the path through a and b: the other paths from x to y are missing."
    )
    assert says["A3:x>y"] == "A path is missing: the direct effect of x on y is not in your sum."
    assert says["A1"] == (
        "You gave the partial derivative where the total was asked: y depends on x also through a and b."
    )


def test_where_only_the_last_loss_or_term_is_differentiated():
    """y = a² + 3a + sin a, of which one or two parts are left."""
    question = asked("y = a**2 + 3*a + sin(a)", "a", "y", a=0.7)
    parts = (1.4, 3.0, cos(0.7))
    for part in parts:
        assert_planted(question, "A33", part)
        assert_planted(question, "A31", part)
        assert_planted(question, "A3", sum(parts) - part)
    assert_planted(question, "A33", parts[0] + parts[2])
    assert_planted(question, "B14b", sum(parts) / 3)


def test_terms_behind_a_common_factor_are_those_of_a_mean():
    question = asked("y = ((a - 1)**2 + (2*a - 1)**2) / 2", "a", "y", a=0.7)
    assert_planted(question, "A33", (0.7 - 1))
    assert_planted(question, "A33", 2 * (1.4 - 1))
    assert_planted(question, "B14a", 2 * ((0.7 - 1) + 2 * (1.4 - 1)))
    assert_planted(question, "D14a", ((0.7 - 1) + 2 * (1.4 - 1)) / 2)


def test_a_partial_derivative_for_which_the_total_is_given_or_other_variables_are_held():
    text = "r = sqrt(x**2 + y**2)\ns = r*x\nz = exp(-r)*x*s"
    x, y = 0.8, 1.1
    r = sqrt(x * x + y * y)
    s, e = r * x, exp(-r)
    r_x, z_r, z_s = x / r, -e * x * s, e * x
    question = asked(text, "x", "z", hold=["r", "s"], x=x, y=y)
    assert question.right[0] == pytest.approx(e * s)
    assert_planted(question, "A1b", e * s + z_r * r_x + z_s * (r + x * r_x))
    assert_planted(question, "A1c", e * s + z_s * r)  # s moves
    assert_planted(question, "A1c", e * s + z_r * r_x)  # r moves, s is held


def test_with_every_variable_held_where_one_was_asked_no_sentence_speaks_of_a_total():
    text = "r = x**2\ns = sin(x)\nz = r*s + x*s"
    question = asked(text, "x", "z", hold=["r"], x=0.8)
    assert_planted(question, "A1c", sin(0.8))
    assert not values_of(question, "A1").keys() & {"A1"}


def test_constants_that_were_differentiated_or_kept():
    """h = 2x + 5, y = h² + t with the named constant t."""
    text = "t: constant = 3.0\nh = 2*x + 5\ny = h**2*t"
    x = 0.4
    h = 2 * x + 5
    right = 2 * h * 2 * 3
    question = asked(text, "x", "y", x=x)
    assert_planted(question, "A27", right + 2 * h * 3 * 1)  # d5 = dx
    assert_planted(question, "A27", right + h**2)  # dt = dx
    assert_planted(question, "A27", right + 2 * h * 3 * 5)  # (2x + 5)' = 2 + 5
    assert_planted(question, "K6a", right + 2 * h * 3 * 5)


def test_every_constant_of_a_system_kept_at_once():
    """z' = (0.7 + 0.5)·(0.3 + 0.4) for z = 0.3v + 0.4 and v = 0.7u + 0.5."""
    question = asked("v = 0.7*u + 0.5\nz = 0.3*v + 0.4", "u", "z", u=1.3)
    assert_planted(question, "K6a", (0.7 + 0.5) * (0.3 + 0.4))
    assert_planted(question, "K6a", (0.7 + 0.5) * 0.3)
    assert_planted(question, "K6a", 0.7 * (0.3 + 0.4))


def test_going_back_through_weights_that_were_updated_already():
    """A two-layer net by hand: v is updated first, then w's gradient goes back through the new v."""
    x, w, v, t, eta = 1.2, 0.7, -0.6, 0.3, 0.5
    h = tanh(w * x)
    e = v * h - t
    new = v - eta * e * h
    question = asked("h = tanh(w*x)\no = v*h\nE = 0.5*(o - t)**2", "w", "E", x=x, w=w, v=v, t=t)
    assert_planted(question, "A29", e * new * (1 - h * h) * x)


def test_the_learning_rate_that_the_graph_names_is_the_one_that_was_used():
    question = asked("y = (w*2 - 1)**2 + eta*0", "w", "y", w=0.9, eta=0.3)
    assert_planted(question, "A28b", 0.9 - 0.3 * 2 * (0.9 * 2 - 1) * 2)


def test_wrong_orders_of_the_sweep():
    """Recursion that sends what has arrived so far, on a diamond with a tail, written out by hand.

    y = b·c with b = a², c = a·b, a = 3x: at b arrives c from y, then a·y_c from c.
    """
    x = 0.5
    a = 3 * x
    b, c = a * a, a * a * a
    y_b, y_c = c, b
    right = (y_b * 2 * a + y_c * (a * 2 * a + b)) * 3
    text = "a = 3*x\nb = a**2\nc = a*b\ny = b*c"
    question = asked(text, "x", "y", x=x)
    assert question.right[0] == pytest.approx(right)
    # visited once, operands as soon as they got something: y → b (before c sent to it) → a → x, then c
    assert_planted(question, "A9a", y_b * 2 * a * 3)
    # sent again at each visit: b sends c, then c + a·b; a sends its sum each time
    a_1 = y_b * 2 * a
    x_1 = a_1 * 3
    a_2 = a_1 + y_c * b
    x_2 = x_1 + a_2 * 3
    b_2 = y_b + y_c * a
    a_3 = a_2 + b_2 * 2 * a
    assert_planted(question, "A9d", x_2 + a_3 * 3)


def test_degrees_from_the_first_value_on():
    """h = sin x and y = h² + x·h on a calculator in degrees."""
    x = 40.0
    u = x * pi / 180
    s, c = sin(u), cos(u)
    question = asked("h = sin(x)\ny = h**2 + x*h", "x", "y", x=x)
    for slope in (c, c * pi / 180):
        assert_planted(question, "K5", (2 * s + x) * slope + s)
    of_value = asked("h = sin(x)\ny = h**2 + x*h", None, "y", x=x)
    assert_planted(of_value, "K5", s * s + x * s)


def test_a_value_that_was_asked_and_another_one_given():
    question = asked("h = 3*x\ny = h**2 - x", None, "y", x=0.7)
    assert question.right[0] == pytest.approx(2.1**2 - 0.7)
    assert_planted(question, "A24", 2.1)
    assert_planted(question, "A18", 0.7 - 2.1**2)
    assert_planted(question, "A10", 2.1 - 0.7)  # not squared
    assert_planted(question, "A17", 2.1**2 + 0.7)


def test_a_squared_error_whose_target_was_lost_or_taken_for_the_output():
    question = asked("o = 3*x\nE = 0.5*(o - t)**2", "x", "E", x=0.4, t=0.7)
    assert_planted(question, "D3", 3 * 1.2)
    assert_planted(question, "D16", -3 * (1.2 - 0.7))
    assert_planted(question, "D14a", 3 * (1.2 - 0.7) / 2)
    assert_planted(question, "D14b", 2 * 3 * (1.2 - 0.7))
