"""Programs at many points: what each point gives alone, by NumPy and one by one."""

from __future__ import annotations

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.errors import ShapeError
from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.scalars import ScalarBackend, points
from autograd_lite.programs.scalars.points import AtPoints
from tests.autograd_lite.programs.scalars.ways import WAYS, rows_at


def f(x, y):
    return ag.tanh(x * y) + ag.maximum(x, 0.0) ** 3, ag.sin(x) / y


X = np.random.default_rng(0).normal(size=2_500)


def expected(x, y):
    """By hand, entry by entry: the results, and the adjoints for the seeds 1 and -2."""
    t = np.tanh(x * y)
    results = t + np.maximum(x, 0.0) ** 3, np.sin(x) / y
    by_x = (1.0 - t * t) * y + 3.0 * np.maximum(x, 0.0) ** 2 - 2.0 * np.cos(x) / y
    by_y = (1.0 - t * t) * x + 2.0 * np.sin(x) / y**2
    return results, (by_x, by_y)


@pytest.mark.parametrize("at_once", [1, 1_000, 10**9], ids=["one", "portions", "all"])
@pytest.mark.parametrize("name", WAYS)
def test_results_and_adjoints_at_all_points(name, at_once, monkeypatch):
    monkeypatch.setattr(points, "_AT_ONCE", at_once)
    rows = rows_at(f, 1.0, 2.0)
    many = AtPoints(rows, WAYS[name](rows))
    results, adjoints = expected(X, 1.7)
    np.testing.assert_allclose(many.value([X, 1.7]), results, rtol=1e-13)
    found, pulled = many.pull([X, 1.7], [1.0, np.full(len(X), -2.0)])
    np.testing.assert_allclose(found, results, rtol=1e-13)
    np.testing.assert_allclose(pulled, adjoints, rtol=1e-11, atol=1e-14)


def test_the_backend_answers_in_lists_of_arrays():
    backend = ScalarBackend(graph_of(f, (1.0, 2.0)))
    results, (by_x, by_y) = expected(X, 1.7)
    for got, want in zip(backend.map([X, 1.7]), results, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-13)
    _, pulled = backend.map_pull([X, 1.7], [1.0, -2.0], [1, 0])
    np.testing.assert_allclose(pulled, [by_y, by_x], rtol=1e-11, atol=1e-14)
    _, pulled = backend.map_pull([X, 1.7], [None, -2.0], [1])
    np.testing.assert_allclose(pulled[0], 2.0 * np.sin(X) / 1.7**2, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", WAYS)
def test_no_points_and_one(name):
    rows = rows_at(f, 1.0, 2.0)
    many = AtPoints(rows, WAYS[name](rows))
    assert many.value([[], 1.0]).shape == (2, 0)
    results, adjoints = many.pull([np.zeros(0), np.zeros(0)], [1.0, 1.0])
    assert (results.shape, adjoints.shape) == ((2, 0), (2, 0))
    assert many.value([[3.0], [1.0]]).shape == (2, 1)


def test_poles_among_the_points_are_infinities(recwarn):
    backend = ScalarBackend(graph_of(ag.log, (1.0,)))
    assert backend.map([[0.0, 1.0]])[0].tolist() == [-np.inf, 0.0]
    assert not recwarn


@pytest.mark.parametrize(
    ("leaves", "told"),
    [
        ([1.0, 2.0], "numbers alone"),
        ([np.zeros(2), np.zeros(3)], r"\(2,\), \(3,\)"),
        ([np.zeros((2, 2)), 1.0], r"\(2, 2\)"),
    ],
    ids=["none", "different", "two axes"],
)
def test_leaves_without_points_or_with_different_ones_are_refused(leaves, told):
    with pytest.raises(ShapeError, match=told):
        ScalarBackend(graph_of(f, (1.0, 2.0))).map(leaves)
