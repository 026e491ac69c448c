"""What is said of mistakes that an answer cannot tell apart."""

import math

import numpy as np

from autograd_lite import FlowGraph, Value, sin
from grading import diagnose
from grading.asking import prepare, rank
from grading.recognizers.naming import likely, sentence_of


def test_two_mistakes_that_tie_are_both_said():
    """The path through a and the path through b weigh alike by chance."""
    x = Value(1.5, name="x")
    a, b, c = (x * x).named("a"), (3.0 * x).named("b"), sin(x * 0.37).named("c")
    flow = FlowGraph((a + b + c).named("y"))
    d = diagnose(flow, "x", f"{6 + 0.37 * math.cos(0.37 * 1.5) - 3:.5f}")
    assert d.status == "diagnosed"
    assert 1 <= len(d.says) <= 3
    assert len(d.says) <= len(d.ids) <= 3
    assert set(d.ids) <= set(d.synonyms)
    if len(d.says) > 1:
        assert str(d).startswith(("Either", "Perhaps either"))


def test_what_hardly_anybody_does_is_not_weighed_against_what_many_do():
    asked = prepare(FlowGraph((Value(1.7, name="x") ** 2).named("y")), "x")
    by_prior = {c.prior: [c] for c in asked.candidates}
    classes = [by_prior[p] for p in sorted(by_prior, reverse=True)]
    assert {5, 3, 2} <= by_prior.keys()
    assert [members[0].prior for members in likely(classes)] == [
        p for p in (5, 4, 3) if p in by_prior
    ]


def test_the_likeliest_is_said_first():
    asked = prepare(FlowGraph((Value(1.7, name="x") ** 2).named("y")), "x")
    ordered = sorted(asked.candidates, key=rank)
    assert [c.prior for c in ordered] == sorted((c.prior for c in ordered), reverse=True)
    groups = {}
    for c in ordered:
        groups.setdefault(np.round(c.value[0], 9), []).append(c)
    for members in groups.values():
        assert sentence_of(members).startswith(members[0].says.rstrip("."))
