"""Which paths were counted how often is read off an array, without trying combinations."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tensor, tanh
from grading import diagnose

T, N, H = 4, 3, 5


def recurrent():
    """A recurrent net with a loss at each step, and what each use of W contributes to each loss, by hand."""
    random = np.random.default_rng(4)
    start, weights = random.normal(size=(N, H)), random.normal(size=(H, H)) * 0.6
    inputs, targets = random.normal(size=(T, N, H)), random.normal(size=(T, N, H))
    w = Tensor(weights, requires_grad=True, name="W")
    h, total, states = Tensor(start), 0.0, [start]
    for t in range(T):
        h = tanh(Tensor(inputs[t]) + h @ w).named(f"h_{t + 1}")
        total = ((h - Tensor(targets[t])) ** 2).sum().named(f"L_{t + 1}") + total
        states.append(np.tanh(inputs[t] + states[-1] @ weights))
    parts = {}
    for t in range(1, T + 1):
        g = 2 * (states[t] - targets[t - 1])
        for s in range(t, 0, -1):
            dz = g * (1 - states[s] ** 2)
            parts[t, s] = states[s - 1].T @ dz
            g = dz @ weights.T
    return FlowGraph(total.named("L")), parts


FLOW, PARTS = recurrent()


def shown(array):
    """Rounded to 4 significant digits."""
    return [[float(f"{x:.4g}") for x in row] for row in array]


def test_the_contributions_add_up():
    assert diagnose(FLOW, "W", sum(PARTS.values())).status == "right"


@pytest.mark.parametrize("seed", range(12))
def test_every_pattern_of_coefficients_is_read_at_four_digits(seed):
    random = np.random.default_rng(seed)
    coefficients = random.choice(
        [0.0, 1.0, 2.0, -1.0, 1 / T], size=len(PARTS), p=[0.3, 0.4, 0.1, 0.1, 0.1]
    )
    answer = sum(c * part for c, part in zip(coefficients, PARTS.values(), strict=True))
    d = diagnose(FLOW, "W", shown(answer))
    assert d.status == "diagnosed"
    assert any(i.startswith("K10") for i in d.synonyms)
    # each time that a coefficient is said it is one that is there
    assert ("twice" in str(d)) <= (2.0 in coefficients)
    assert ("wrong sign" in str(d)) <= (-1.0 in coefficients)


@pytest.mark.parametrize(
    "chosen",
    [
        lambda t, s: t == s,  # h as a constant
        lambda t, s: t - s < 2,  # truncated
        lambda t, s: t == T,  # the last loss alone
        lambda t, s: s > 1,  # the step with the first state left out
    ],
)
def test_what_recurrences_lose_is_named(chosen):
    answer = sum(part for key, part in PARTS.items() if chosen(*key))
    assert diagnose(FLOW, "W", shown(answer)).status == "diagnosed"


def test_arrays_without_meaning_are_unknown():
    random = np.random.default_rng(8)
    for _ in range(20):
        assert diagnose(FLOW, "W", shown(random.normal(size=(H, H)))).status == "unknown"


def test_three_digits_are_too_few():
    answer = sum(
        c * p for c, p in zip([1, 2, 0, 1, -1, 1, 2, 1, 0, 1], PARTS.values(), strict=True)
    )
    rounded = [[float(f"{x:.3g}") for x in row] for row in answer]
    assert not any(i.startswith("K10") for i in diagnose(FLOW, "W", rounded).ids)


@pytest.mark.parametrize(("coefficient", "row"), [(0.0, "A3"), (-1.0, "A17"), (2.0, "A8")])
def test_one_wrong_coefficient_goes_by_its_row_too(coefficient, row):
    answer = sum(PARTS.values()) + (coefficient - 1.0) * PARTS[3, 2]
    assert row in diagnose(FLOW, "W", shown(answer)).synonyms


def test_a_loss_of_digits_is_no_factor():
    x = Tensor([0.3, -1.2, 0.7], requires_grad=True, name="x")
    flow = FlowGraph((tanh(x) ** 2).sum().named("L"))
    right = 2 * np.tanh(x.numpy()) * (1 - np.tanh(x.numpy()) ** 2)
    assert diagnose(flow, "x", right * (1 + 3e-8)).status == "right"
    assert diagnose(flow, "x", right * 1.5).status == "diagnosed"
