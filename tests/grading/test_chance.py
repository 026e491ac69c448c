"""The chance that an unrelated number is diagnosed: what is computed is what happens, and at most 1 %."""

import math

import numpy as np
import pytest

from autograd_lite import FlowGraph, Value, sin
from grading._diagnose import judge
from grading.answers import read
from grading.asking import prepare
from grading.chance import MOST, chance, full_width, kept, share_of
from tests.grading.graphs import three_step


def wide():
    """A graph with many paths, and so with many mistakes."""
    v = [Value(0.7, name="x"), Value(1.3, name="u")]
    for i in range(9):
        v.append((sin(v[-1] * v[-2]) + v[0] * 0.5 * v[-1]).named(f"h_{i}"))
    return FlowGraph((v[-1] * v[-3] + v[2]).named("y"))


@pytest.mark.parametrize("digits", [3, 4, 5])
@pytest.mark.parametrize("hand", [False, True])
def test_it_is_at_most_one_percent(digits, hand):
    for flow in (three_step(), wide()):
        assert 0 < chance(prepare(flow, "x"), digits, hand=hand) <= MOST


def test_unlikely_mistakes_are_left_out_first():
    asked = prepare(wide(), "x")
    named = kept(asked, 0, 4)
    assert not named.all()
    priors = np.array([c.prior for c in asked.candidates])
    assert priors[named].mean() > priors[~named].mean()
    assert kept(asked, 0, 9).all()


def test_of_mistakes_as_likely_those_that_claim_fewer_numbers_are_named():
    """0.9143 stands for a tenth as many numbers as 0.1143 does, so that more mistakes can be named."""
    asked = prepare(wide(), "x")
    named, right = kept(asked, 0, 4), float(asked.right[0])
    shares = share_of(asked.numbers[:, 0], right, 4)
    for prior in (2, 3):
        same = (asked.priors == prior) & (shares > 0)
        if named[same].any() and not named[same].all():
            assert shares[same & named].mean() < shares[same & ~named].mean()
    likeliest_first = np.argsort(-asked.priors, kind="stable")
    _, once = np.unique(asked.numbers[likeliest_first, 0].round(9), return_index=True)
    in_order = likeliest_first[np.sort(once)]
    assert named.sum() > (np.cumsum(shares[in_order]) <= MOST).sum()


def test_a_second_mistake_with_the_same_answer_costs_nothing():
    asked = prepare(three_step(), "x")
    named = kept(asked, 0, 4)
    answers = {f"{v:.3e}": v for v in asked.numbers[named, 0] if v}
    each = share_of(list(answers.values()), float(asked.right[0]), 4)
    assert chance(asked, 4) == pytest.approx(each.sum(), rel=0.02)
    for text in answers:
        agree = [
            bool(n) for v, n in zip(asked.numbers[:, 0], named, strict=True) if f"{v:.3e}" == text
        ]
        assert all(agree)


def test_what_is_computed_is_what_happens():
    asked, random = prepare(three_step(), "x"), np.random.default_rng(0)
    right = float(asked.right[0])
    sizes = abs(right) * 10 ** random.uniform(-1, 1, 3000) * random.choice([-1, 1], 3000)
    met = np.mean([judge(asked, 0, read(f"{x:.4g}")).status == "diagnosed" for x in sizes])
    assert met <= 0.01
    assert abs(met - chance(asked, 4)) < 0.004


def test_the_share_of_one_value_is_its_width():
    # of all numbers within a factor of 10, on both sides: one unit in the last of 4 digits
    assert math.isclose(share_of(2.0, 2.0, 4), 0.001 / 2 / (4 * math.log(10)))
    assert share_of(2000.0, 2.0, 4) == 0
    assert list(full_width([0.4919, 12.34, 0.0], 4)) == pytest.approx([1e-4, 1e-2, 0.0])
