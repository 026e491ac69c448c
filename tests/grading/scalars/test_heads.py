"""Sigmoids before a cross-entropy, and products with gates, differentiated wrongly by hand."""

from math import exp, tanh

import pytest

from tests.grading.scalars.planting import asked, assert_planted, values_of

X, W, T = 0.8, 1.1, 0.3


def sigmoid(u):
    return 1 / (1 + exp(-u))


def test_a_sigmoid_with_its_cross_entropy():
    text = "p = sigmoid(w*x)\nL = -t*log(p) - (1 - t)*log(1 - p)"
    question = asked(text, "w", "L", x=X, w=W, t=T)
    p = sigmoid(W * X)
    assert question.right[0] == pytest.approx((p - T) * X)
    assert_planted(question, "D3", p * X)
    assert_planted(question, "D9", (W * X - T) * X)
    assert_planted(question, "D12", (p - T) * p * (1 - p) * X)
    assert_planted(question, "D13", 2 * (p - T) * p * (1 - p) * X)


@pytest.mark.parametrize("t", [0.0, 1.0])
@pytest.mark.parametrize("points", [None, {"x": [X, 0.5, -0.2]}])
def test_targets_are_mostly_zero_or_one(t, points):
    text = "p = sigmoid(w*x)\nL = -t*log(p) - (1 - t)*log(1 - p)"
    question = asked(text, "w", "L", x=X, w=W, t=t, points=points)
    p = sigmoid(W * X)
    assert_planted(question, "D9", (W * X - t) * X)
    assert_planted(question, "D12", (p - t) * p * (1 - p) * X)


@pytest.mark.parametrize(("loss", "t"), [("-log(p)", 1), ("-log(1 - p)", 0)])
def test_one_logarithm_alone(loss, t):
    question = asked(f"p = sigmoid(w*x)\nL = {loss}", "w", "L", x=X, w=W)
    p = sigmoid(W * X)
    assert_planted(question, "D12", (p - t) * p * (1 - p) * X)
    assert_planted(question, "D13", 2 * (p - t) * p * (1 - p) * X)


def test_the_mean_over_two_samples_divides_what_is_wrong_as_well():
    text = """p = sigmoid(w*x)
r = sigmoid(w*u)
L = (-t*log(p) - (1 - t)*log(1 - p) - log(r))/2"""
    question = asked(text, "w", "L", x=X, w=W, t=T, u=0.5)
    p, r = sigmoid(W * X), sigmoid(W * 0.5)
    rest = (r - 1) * 0.5 / 2
    assert question.right[0] == pytest.approx((p - T) * X / 2 + rest)
    assert_planted(question, "D3", p * X / 2 + rest)
    assert_planted(question, "D9", (W * X - T) * X / 2 + rest)


def test_a_difference_of_logarithms_is_no_cross_entropy():
    question = asked("p = sigmoid(w*x)\nL = log(p) - log(1 - p)", "w", "L", x=X, w=W)
    assert not any(values_of(question, row) for row in ("D9", "D12", "D13"))


def test_a_sigmoid_before_another_loss_is_no_head():
    question = asked("p = sigmoid(w*x)\nL = (p - 0.3)**2", "w", "L", x=X, w=W)
    assert not any(values_of(question, row) for row in ("D9", "D12", "D13"))


def test_states_at_the_gates_of_a_cell():
    text = "f = sigmoid(v*x)\nc = f*c_0 + x\no = sigmoid(r*x)\nh = o*tanh(c)"
    v, r, c_0 = 0.7, -0.4, 0.9
    question = asked(text, "x", "h", x=X, v=v, r=r, c_0=c_0)
    f, o = sigmoid(v * X), sigmoid(r * X)
    c = f * c_0 + X
    df, do, k = f * (1 - f) * v, o * (1 - o) * r, o * (1 - tanh(c) ** 2)
    assert question.right[0] == pytest.approx(do * tanh(c) + k * (df * c_0 + 1))
    assert_planted(question, "F20", do * tanh(c) + k * (df * c + 1))
    assert_planted(question, "F20", do * c + k * (df * c_0 + 1))
