"""Rows of F and the families, on a recurrent net of single numbers with T = 4, unrolled by hand."""

from math import cos, exp, sin, tanh

import numpy as np
import pytest

from tests.grading.scalars.planting import asked, assert_planted, values_of

W, U, B, START = 0.7, 0.4, 0.1, 0.25
XS, TARGETS = (0.5, -0.8, 0.9, 0.3), (0.2, 0.1, -0.3, 0.4)
TEXT = "\n".join(
    ["h_0 = s"]
    + [
        line
        for t in range(1, 5)
        for line in (
            f"h_{t} = tanh(w*h_{t - 1} + u*{XS[t - 1]} + b)",
            f"l_{t} = 0.5*(h_{t} - {TARGETS[t - 1]})**2",
        )
    ]
    + ["L = l_1 + l_2 + l_3 + l_4"]
)


def states():
    h = [START]
    for x in XS:
        h.append(tanh(W * h[-1] + U * x + B))
    return h


def terms(wrt, slope=lambda h, t: 1 - h[t] ** 2, before=lambda h, t: h[t - 1], carry=1.0):
    """C(t, s) by hand: the loss at step t through the use of the parameter at step s."""
    h = states()
    use = {"w": lambda s: before(h, s), "u": lambda s: XS[s - 1], "b": lambda s: 1.0}[wrt]
    found = np.zeros((5, 5))
    for t in range(1, 5):
        for s in range(1, t + 1):
            chain = np.prod([slope(h, r) for r in range(s, t + 1)]) * (W * carry) ** (t - s)
            found[t, s] = (h[t] - TARGETS[t - 1]) * chain * use(s)
    return found[1:, 1:]


T, S = np.meshgrid(range(1, 5), range(1, 5), indexing="ij")
ROWS = {
    "F1": lambda p: [terms(p)[T == S].sum()],
    "F2": lambda p: [terms(p)[k > T - S].sum() for k in (2, 3)],
    "F3": lambda p: [terms(p)[:, -1].sum(), terms(p)[:, 0].sum()],
    "F4": lambda p: [terms(p)[-1].sum()],
    "F5": lambda p: [terms(p).sum() / 4],
    "F6": lambda p: [terms(p, slope=lambda h, t: 1.0).sum()],
    "F7": lambda p: [terms(p, slope=lambda h, t: 1 - h[t - 1] ** 2).sum()],
    "F10": lambda p: [terms(p, carry=2.0).sum()],
    "F11": lambda p: [terms(p)[:, 1:].sum()],
    "A31": lambda p: [terms(p)[:, 1].sum(), terms(p)[:, :2].sum(), terms(p).sum() / 4],
    "A33": lambda p: [terms(p)[1].sum(), terms(p)[:2].sum()],
    "B10a": lambda p: [terms(p, slope=lambda h, t: 1 - h[t]).sum()],
    "K1": lambda p: [terms(p, slope=lambda h, t: h[t]).sum()],
    "K7": lambda p: [terms(p, slope=lambda h, t: 1.0).sum()],
    "K8": lambda p: [terms(p)[T == S].sum()],
}


def recurrent(wrt):
    return asked(TEXT, wrt, "L", w=W, u=U, b=B, s=START)


@pytest.mark.parametrize("wrt", ["w", "u", "b"])
def test_backpropagation_through_time_gone_wrong(wrt):
    question = recurrent(wrt)
    assert question.right[0] == pytest.approx(terms(wrt).sum())
    for row, by_hand in ROWS.items():
        for value in by_hand(wrt):
            assert_planted(question, row, value)


def test_the_state_of_the_same_time_stands_with_the_weight():
    assert_planted(recurrent("w"), "F9", terms("w", before=lambda h, t: h[t]).sum())


def test_the_first_state_reached_by_the_first_loss_alone():
    h = states()
    first = (h[1] - TARGETS[0]) * (1 - h[1] ** 2) * W
    assert_planted(recurrent("s"), "F12", first)
    question = recurrent("s")
    whole = sum(
        (h[t] - TARGETS[t - 1]) * np.prod([(1 - h[r] ** 2) * W for r in range(1, t + 1)])
        for t in range(1, 5)
    )
    assert question.right[0] == pytest.approx(whole)


def test_a_net_that_starts_from_a_number_and_ends_in_its_last_state():
    """h_3 is the output itself, and 0.5 stands where h_0 would."""
    text = "h_1 = tanh(w*0.5 + x)\nh_2 = tanh(w*h_1 + x)\nh_3 = tanh(w*h_2 + x)"
    w, x = 0.8, 0.3
    h = [0.5]
    for _ in range(3):
        h.append(tanh(w * h[-1] + x))

    def back(slope=lambda t: 1 - h[t] ** 2, before=lambda t: h[t - 1], deepest=1):
        total, delta = 0.0, 1.0
        for t in range(3, deepest - 1, -1):
            total += delta * slope(t) * before(t)
            delta *= slope(t) * w
        return total

    question = asked(text, "w", "h_3", w=w, x=x)
    assert question.right[0] == pytest.approx(back())
    assert_planted(question, "F1", back(deepest=3))
    assert_planted(question, "F2", back(deepest=2))
    assert_planted(question, "F7", back(slope=lambda t: 1 - h[t - 1] ** 2))
    assert_planted(question, "F9", back(before=lambda t: h[t]))


def test_numbered_variables_that_are_no_recurrence_have_no_time():
    question = asked("h_0 = cos(x)\nh_1 = h_0**3 + x\ny = h_0*h_1", "x", "y", x=0.4)
    assert not any(c.mistake.identifier[:2] in ("F1", "F3", "F6") for c in question.candidates)


def test_the_same_wrong_rule_in_one_equation_or_in_all():
    """y = sqrt(x)·sqrt(2x), z = sqrt(3y): the half lost twice, or three times."""
    question = asked("y = sqrt(x)*sqrt(2*x)\nz = sqrt(3*y)", "x", "z", x=0.7)
    right = question.right[0]
    assert_planted(question, "B5a", 2 * right)
    assert_planted(question, "K1", 4 * right)
    assert_planted(question, "B5a", 4 * right)
    assert "K1:B5a>every square root in y" in values_of(question, "K1")


def test_the_product_rule_is_missed_at_every_product():
    """y = ab with a = x·sin x and b = x·eˣ: f'g' throughout."""
    x = 0.8
    question = asked("a = x*sin(x)\nb = x*exp(x)\ny = a*b", "x", "y", x=x)
    assert_planted(question, "B7a", cos(x) * exp(x))
    assert_planted(question, "K1", cos(x) * exp(x))
    assert_planted(question, "B7d", (1 + cos(x)) + (1 + exp(x)))


def test_the_quotient_rule_is_missed_at_every_quotient():
    """y = a/(x + 2) with a = x/(1 + x²)."""
    x = 0.8
    question = asked("a = x/(1 + x**2)\ny = a/(x + 2)", "x", "y", x=x)
    a, f, g = x / (1 + x * x), 1 - x * x, x + 2
    for row in ("B8", "K1"):
        assert_planted(question, row, f * g - a)  # no denominator
        assert_planted(question, row, (f / (1 + x * x) * g - a) / g)  # not squared
        assert_planted(question, row, (-f / (1 + x * x) ** 2 * g - a) / -(g**2))  # swapped
        assert_planted(question, row, 1 / (2 * x))  # f'/g'


def test_a_rule_of_one_step_is_missed_everywhere():
    x = 0.8
    a = 1 / (1 + x * x)
    question = asked("a = 1/(1 + x**2)\ny = 1/(a + x)", "x", "y", x=x)
    for row in ("B9c", "K1"):
        assert_planted(question, row, (2 * x * a**2 + 1) / (a + x) ** 2)
    question = asked("a = exp(3*x)\ny = exp(a)", "x", "y", x=x)
    for row in ("B3b", "K1"):
        assert_planted(question, row, exp(exp(3 * x) - 1) * exp(3 * x - 1) * 3)


def test_what_a_record_names_is_missed_everywhere_under_both_of_its_names():
    question = asked("h = sin(x)\ny = h*cos(x)", "x", "y", x=0.8)
    for row in ("B1", "K1"):
        assert_planted(question, row, sin(0.8) ** 2 - cos(0.8) ** 2)


def test_a_shared_factor_is_forgotten_on_any_one_of_the_paths():
    x = 0.8
    h = sin(x)
    question = asked("h = sin(x)\na = h**2\nb = exp(h)\nc = cos(h)\ny = a + b + c", "x", "y", x=x)
    outer = 2 * h, exp(h), -sin(h)
    for one in outer:
        assert_planted(question, "K2", sum(outer) * cos(x) + one * (1 - cos(x)))
