"""Two mistakes at once: what both give together is what a sweep with both edits gives."""

import math

import numpy as np

from autograd_lite import FlowGraph, Value, sin
from grading._diagnose import judge
from grading.answers import read
from grading.asking import prepare
from grading.recognizers.pairs import pairs_of


def question():
    x = Value(0.7, name="x")
    u = (x**3).named("u")
    v = sin(u * x).named("v")
    return prepare(FlowGraph((v * v + u).named("y")), "x")


def test_both_together_are_what_is_worked_out_by_hand():
    """sin' = -cos, and the exponent 3 kept: 3u for 3x²."""
    asked, x = question(), 0.7
    u, dv = x**3, -math.cos(x**4)
    wrong = 2 * math.sin(x**4) * dv * (u + x * 3 * u) + 3 * u
    pairs = pairs_of(asked, 0)
    assert np.isclose(pairs.values, wrong, rtol=1e-12).any()
    d = judge(asked, 0, read(repr(wrong)))
    assert d.ids[0].startswith("K11:")
    assert "two mistakes" in str(d)


def test_few_digits_name_no_pairs():
    asked = question()
    pairs = pairs_of(asked, 0)
    named = [judge(asked, 0, read(f"{v:.3g}")).ids for v in pairs.values[::50] if abs(v) > 1e-3]
    assert not any(i.startswith("K11") for ids in named for i in ids)
