"""Second derivatives at every kink, tie and pole of every record: the limit from all sides, or nan or inf."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import grad, hessian, jvp
from autograd_lite.errors import AutogradError
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import plain
from tests.autograd_lite.rules.kink_points import POINTS, RECORDS, Point

Function = Callable[..., Any]
OUTER: dict[str, Function] = {
    "itself": lambda y: y,
    "thrice": lambda y: 3.0 * y,
    "squared": lambda y: y * y,
}


def flat(point: Point, outer: Function) -> tuple[Function, np.ndarray]:
    """The point as a function of one vector that returns one number, generic weights on its entries."""
    shapes = [np.shape(x) for x in point.operands]
    ends = np.cumsum([0, *(np.prod(s, dtype=int) for s in shapes)])

    def f(x: Any) -> Any:
        parts = (x[a:b].reshape(s) for a, b, s in zip(ends, ends[1:], shapes, strict=False))
        y = outer(point(*parts))
        weights = 0.7 + 0.3 * np.arange(max(np.size(y), 1)).reshape(np.shape(y))
        return ag.sum(weights * y)

    return f, np.concatenate([np.ravel(np.asarray(x, float)) for x in point.operands])


def slope(f: Function, v: np.ndarray) -> Function:
    return lambda x: jvp(f, (x,), (v,))[1]


WAYS: dict[str, Function] = {
    "reverse over reverse": lambda f, x, e: hessian(f)(x),
    "forward over reverse": lambda f, x, e: np.stack([jvp(grad(f), (x,), (v,))[1] for v in e]),
    "reverse over forward": lambda f, x, e: np.stack([grad(slope(f, v))(x) for v in e]),
    "forward over forward": lambda f, x, e: np.array(
        [[jvp(slope(f, u), (x,), (v,))[1] for v in e] for u in e]
    ),
}


def curvature_along(f: Function, x: np.ndarray, ray: np.ndarray, t: float) -> np.ndarray:
    """The Hessian at x + t·ray, from central differences of the exact gradient."""
    step, at = t / 100, x + t * ray
    sides = [(grad(f)(at + step * e), grad(f)(at - step * e)) for e in np.eye(x.size)]
    return np.stack([(above - below) / (2 * step) for above, below in sides])


def limits(f: Function, x: np.ndarray) -> np.ndarray:
    """Each entry of the Hessian as x is approached along several rays, nan without a common limit.

    Rays on which there is no derivative leave the domain and do not count.
    """
    rays = np.random.default_rng(7).uniform(0.5, 1.5, (3, x.size))
    rays *= np.array([[1.0], [1.0], [-1.0]]) * np.where(np.arange(x.size) % 2, [[1], [-1], [1]], 1)
    seen = []
    for ray in (*rays, *-rays):
        near, nearer = (curvature_along(f, x, ray, t) for t in (1e-7, 1e-9))
        if np.isfinite(near).all() and np.isfinite(nearer).all():
            settled = np.abs(near - nearer) <= 0.02 * (1 + np.abs(nearer))
            seen.append(np.where(settled, nearer, np.nan))
    if not seen:
        return np.full((x.size, x.size), np.nan)
    spread = np.ptp(seen, axis=0)
    return np.where(spread <= 0.02 * (1 + np.abs(seen[0])), np.mean(seen, axis=0), np.nan)


def cases() -> Iterator[Any]:
    """Every point within every function; of straight pieces the square is that of the piece that is taken."""
    for point, outer in itertools.product(POINTS, OUTER):
        if not (point.piece and outer == "squared"):
            yield pytest.param(point, outer, id=f"{point}-{outer}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("point", "outer"), list(cases()))
def test_no_second_derivative_is_invented(point: Point, outer: str, way: str) -> None:
    f, x = flat(point, OUTER[outer])
    with np.errstate(all="ignore"):
        try:
            if not np.isfinite(plain(f(x))).all():
                outer = "itself"  # the square of an infinite number moves with nothing
                f, x = flat(point, OUTER[outer])
            found = WAYS[way](f, x, np.eye(x.size))
        except AutogradError:
            return  # refused with words
        expected = limits(f, x)
    said = np.isfinite(found)
    np.testing.assert_allclose(found[said], expected[said], rtol=0.02, atol=0.02)
    if not point.cautious and outer in ("itself", "thrice"):
        np.testing.assert_array_equal(said[np.isfinite(expected)], True)


def test_every_record_with_kinks_has_a_point() -> None:
    assert {name for name, rule in RULES.items() if rule.kinks} - {p.name for p in RECORDS} == set()
