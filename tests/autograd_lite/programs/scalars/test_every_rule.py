"""Every elementwise rule as rows: the engine's value and partials, also at kinks, poles, ends and far out."""

from __future__ import annotations

import itertools
import math

import mpmath
import numpy as np
import pytest

from autograd_lite import Value, elementwise
from autograd_lite.arithmetics import FLOATS
from autograd_lite.errors import SourceError
from autograd_lite.programs.scalars.lowering import template
from autograd_lite.rules import RULES
from tests.autograd_lite.programs.scalars.ways import WAYS, rows_at, units

ORDINARY = [0.3, 0.75, 1.0, 1.9, 2.0, 3.5, -0.4, -1.0, -2.5, -6.5, 0.0]
HARD = [
    -0.0, math.inf, -math.inf, math.nan, 5e-324, 1e-310, 1e-20, 1e300, -1e300, 40.0, -40.0, 800.0, 0.9999999,
]  # fmt: skip
SCALAR = [rule for rule in RULES.values() if rule.is_elementwise]
UNITS = 8
"""In the last place: libraries differ by two or three, and a rule's value is made of several functions."""
TERMS = {
    "gelu": lambda x: max(abs(x), 1.0),
    "logaddexp2": lambda *xs: max(*map(abs, xs), 1.0),
}
"""How large the terms are whose difference a number is, where it has a zero that no term has."""


def is_by_convention(rule, xs):
    """Where the engine looks at an exponent between ±1 and takes another form, of a root n·y/a for n·aⁿ⁻¹.

    Source text has the general form too; they differ at a base whose reciprocal is no finite number, and
    where n - 1 is rounded to -1, which even a negative base has as a power.
    """
    if rule.name != "power" or not abs(xs[1]) < 1:
        return False
    a = abs(xs[0])
    return not (a == 0 or 1e-307 < a < math.inf) or xs[0] < 0 < abs(xs[1]) < 2.0**-53


def units_of(rule, got, want, xs):
    scale = TERMS[rule.name](*xs) if rule.name in TERMS and math.isfinite(want) else None
    # n - 1 is rounded, which is felt in the power of a base that is large or small
    wide = abs(math.log(abs(xs[0]))) if rule.name == "power" and xs[0] and abs(xs[1]) < 1 else 0.0
    return max(0.0, units(got, want, scale) - wide)


def points(rule):
    hard = HARD if rule.arity < 3 else HARD[:6]
    random = np.random.default_rng(rule.arity).normal(scale=3.0, size=(100, rule.arity))
    return [*itertools.product([*ORDINARY, *hard], repeat=rule.arity), *map(tuple, random.tolist())]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rule", SCALAR, ids=lambda rule: rule.name)
def test_rows_give_the_value_and_partials_of_the_record(rule, way):
    program = WAYS[way](rows_at(rule, *[1.3] * rule.arity))
    for xs in points(rule):
        if is_by_convention(rule, xs):
            continue
        node = rule(*map(Value, xs))
        (y,), partials = program.pull(xs, [1.0])
        assert units_of(rule, y, node.data, xs) <= UNITS, xs
        for i, d in enumerate(partials):
            want = FLOATS.partial(node, i) or 0.0
            assert units_of(rule, d, want, xs) <= UNITS, (i, xs)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rule", SCALAR, ids=lambda rule: rule.name)
def test_rows_beside_constants_are_those_of_the_record(rule, way):
    """A rule may take a shorter form where it knows a number: x² for a power."""
    for constant in (0.0, 0.5, 1.0, 2.0, 3.0, -1.0, -2.0):
        for i in range(rule.arity if rule.arity > 1 else 0):

            def f(x, i=i, constant=constant):
                return rule(*[x if k == i else constant for k in range(rule.arity)])

            program = WAYS[way](rows_at(f, 1.3))
            for x in (0.3, 1.0, 2.5, -0.4, -1.0, 0.0, -0.0, math.inf, math.nan, 1e200):
                node = f(Value(x))
                xs = [x if k == i else constant for k in range(rule.arity)]
                if is_by_convention(rule, xs):
                    continue
                (y,), (d,) = program.pull([x], [1.0])
                want = FLOATS.partial(node, i) or 0.0
                assert units_of(rule, y, node.value, xs) <= UNITS, (i, xs)
                assert units_of(rule, d, want, xs) <= UNITS, (i, xs)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("tanh", lambda x: mpmath.sech(x) ** 2),
        ("sigmoid", lambda x: mpmath.exp(-abs(x)) / (1 + mpmath.exp(-abs(x))) ** 2),
        ("erf", lambda x: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-(x**2))),
        ("arctanh", lambda x: 1 / (1 - x**2)),
        ("arcsin", lambda x: 1 / mpmath.sqrt(1 - x**2)),
    ],
)
def test_slopes_keep_their_digits_in_the_tails(name, slope, way):
    """Against forty digits, where 1 - y² or y·(1 - y) would have lost theirs."""
    program = WAYS[way](rows_at(RULES[name], 0.5))
    near_one = [1.0 - 2.0**-k for k in range(2, 50, 5)]
    far = near_one if name.startswith("arc") else [0.1, 0.9, 1.5, 3.0, 8.0, 19.0, 25.0]
    with mpmath.workdps(40):
        for x in [*far, *(-x for x in far)]:
            (d,) = program.pull([x], [1.0])[1]
            assert units(d, float(slope(mpmath.mpf(x)))) <= 6, x


@pytest.mark.parametrize("way", WAYS)
def test_tanh_is_that_of_forty_digits(way):
    program = WAYS[way](rows_at(RULES["tanh"], 0.5))
    with mpmath.workdps(40):
        for x in np.random.default_rng(0).uniform(-3.0, 3.0, 500).tolist():
            assert units(*program.value([x]), float(mpmath.tanh(x))) <= 3, x
    for x, y in [(0.0, 0.0), (-0.0, -0.0), (400.0, 1.0), (-math.inf, -1.0), (5e-324, 5e-324)]:
        (found,) = program.value([x])
        assert found == y
        assert math.copysign(1.0, found) == math.copysign(1.0, y)


@pytest.mark.parametrize("way", WAYS)
def test_an_operation_of_ones_own_needs_nothing_more(way):
    @elementwise(
        lambda xp, y, x, t: xp.where(x > t, 2.0 * (x - t), 0.0),
        lambda xp, y, x, t: xp.where(x > t, -2.0 * (x - t), 0.0),
    )
    def excess(xp, x, t):
        """y = max(x - t, 0)²."""
        return xp.square(xp.maximum(x - t, 0.0))

    program = WAYS[way](rows_at(lambda x, t: excess(x, t) * 3.0, 1.0, 2.0))
    assert program.pull([4.0, 1.5], [1.0]) == ([18.75], [15.0, -15.0])
    assert program.pull([1.0, 1.5], [1.0]) == ([0.0], [0.0, 0.0])


@pytest.mark.parametrize("way", WAYS)
def test_fixed_parameters_are_the_rules_own(way):
    @elementwise(lambda xp, y, x, *, factor, offset=0.0: factor)
    def scaled(xp, x, *, factor, offset=0.0):
        """y = factor·x + offset."""
        return factor * x + offset

    def f(x):
        return scaled(x, factor=3.0) * scaled(x, factor=-2.0, offset=1.0)

    assert WAYS[way](rows_at(f, 1.0)).pull([2.0], [1.0]) == ([-18.0], [-21.0])


def test_four_operands_and_more():
    @elementwise(*[lambda xp, y, *xs, k=k: float(k + 1) for k in range(5)])
    def weighted(xp, a, b, c, d, e):
        """y = a + 2b + 3c + 4d + 5e."""
        return a + 2.0 * b + 3.0 * c + 4.0 * d + 5.0 * e

    rows = rows_at(lambda a, d, e: weighted(a, 10.0, a, d, e), 1.0, 2.0, 3.0)
    for way in WAYS.values():
        assert way(rows).pull([1.0, 2.0, 3.0], [1.0]) == ([47.0], [4.0, 4.0, 5.0])


def test_a_formula_is_taken_where_the_value_looks_at_its_numbers():
    @elementwise(
        lambda xp, y, x: xp.where(x > 0, 1.0, 0.5),
        formula=lambda xp, x: xp.where(x > 0, x, 0.5 * x),
    )
    def leaning(xp, x):
        """y = x where x > 0, else x/2."""
        return x if x > 0 else 0.5 * x

    for way in WAYS.values():
        assert way(rows_at(leaning, 1.0)).pull([-3.0], [1.0]) == ([-1.5], [0.5])


def refused():
    @elementwise(lambda xp, y, x: 1.0)
    def branching(xp, x):
        """y = x or -x."""
        return x if x > 0 else -x

    @elementwise(lambda xp, y, x: math.cos(x))
    def by_math(xp, x):
        """y = sin x."""
        return math.sin(x)

    @elementwise(lambda xp, y, x: xp.sinc(x))
    def strange(xp, x):
        """y = sinc x."""
        return xp.sinc(x)

    return [(branching, "xp.where"), (by_math, "those of xp"), (strange, "uses sinc")]


@pytest.mark.parametrize(("rule", "hint"), refused(), ids=lambda x: getattr(x, "name", ""))
def test_a_rule_that_looks_at_its_numbers_is_refused_by_its_name(rule, hint):
    with pytest.raises(SourceError, match=rf"the rule {rule.name} has no form .*{hint}"):
        rows_at(rule, 1.0)


def test_a_rule_of_arrays_is_refused_by_its_name():
    with pytest.raises(SourceError, match="the rule softmax has no form"):
        template(RULES["softmax"], [None], [True])


def test_no_row_leads_nowhere():
    """The short form of a slope that a rule computes, and then leaves, is not kept."""
    for rule in SCALAR:
        found = template(rule, [None] * rule.arity, [True] * rule.arity)
        used = {found.result, *found.partials, *(p for row in found.rows for p in row.places)}
        assert {found.arity + k for k in range(len(found.rows))} <= used, rule.name
