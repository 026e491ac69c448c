"""Checks generated from the records: what must hold of every rule, at every example of its use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from autograd_lite import Rule, Tape, Tensor, Value, multiply, subtract
from autograd_lite.checks.gradient import gradcheck
from autograd_lite.checks.nans import trace_nan
from autograd_lite.errors import CheckError
from autograd_lite.rules import RULES
from tests.autograd_lite.rules import mutants
from tests.autograd_lite.rules.cases import Case
from tests.autograd_lite.rules.examples import (
    CASES,
    DIFFERENTIABLE,
    LEAVES,
    SMOOTH,
    applied,
    as_dtype,
    first_of_each,
    leaves,
    moving,
    size,
)

ELEMENTWISE = [case for case in DIFFERENTIABLE if RULES[case.rule].is_elementwise]
FLAT = {"sign", "floor", "ceil", "trunc", "rint", "floor_divide"}  # the derivative is 0 everywhere
FEW = settings(max_examples=6)


def by_case(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=str)


def test_every_rule_has_a_case() -> None:
    assert set(RULES) - LEAVES - {case.rule for case in CASES} == set()


def test_every_rule_that_has_a_derivative_is_differentiated() -> None:
    """A case that calls all operands constant would hide its rule from everything below."""
    assert {case.rule for case in CASES} - {case.rule for case in DIFFERENTIABLE} <= {
        "argmax",
        "unsmooth",  # whose derivative is nan: test_second_at_kinks.py
        "unsmooth_along",
        "corner",
    }


# --- derivatives ---------------------------------------------------------------------------------


@by_case(DIFFERENTIABLE)
def test_both_sweeps_agree_with_differences(case: Case) -> None:
    """ȳᵀ·∂y/∂x and ∂y/∂x·ẋ, every entry, for random normal ȳ and ẋ."""
    assert gradcheck(applied(case), *moving(case))


@by_case(SMOOTH)
def test_second_derivatives_agree_with_differences(case: Case) -> None:
    """Both sweeps of both sweeps: by the operands, the upstream gradient and the tangent."""
    assert gradcheck(applied(case), *moving(case), order=2)


@by_case([case for case in first_of_each(SMOOTH) if size(case) <= 6])
def test_third_derivatives_agree_with_differences(case: Case) -> None:
    assert gradcheck(applied(case), *moving(case), order=3)


@by_case(first_of_each(DIFFERENTIABLE))
def test_contributions_of_a_diamond_add_up(case: Case) -> None:
    """x reaches y by two routes through the rule."""
    f = applied(case)

    def diamond(*xs: Any) -> Any:
        left, right = f(*(multiply(x, 1.0) for x in xs)), f(*(subtract(x, 0.0) for x in xs))
        return left * right + left

    assert gradcheck(diamond, *moving(case))


@by_case(first_of_each(DIFFERENTIABLE))
def test_contributions_of_several_uses_of_one_leaf_add_up(case: Case) -> None:
    """The same rule uses the same leaf three times, with another adjoint each time."""
    f = applied(case)
    assert gradcheck(lambda *xs: 2.0 * f(*xs) - f(*xs) * f(*xs), *moving(case))


def has_equal_places(case: Case) -> bool:
    """Whether one array fits every differentiable place."""
    shapes = {np.shape(x) for x in moving(case)}
    return len(moving(case)) > 1 and (RULES[case.rule].is_elementwise or len(shapes) == 1)


@by_case([case for case in DIFFERENTIABLE if has_equal_places(case)])
def test_one_leaf_in_every_place(case: Case) -> None:
    """f(x, x): every operand contributes."""
    assert gradcheck(lambda x: applied(case)(*(x for _ in moving(case))), moving(case)[0])


# --- shapes --------------------------------------------------------------------------------------


@by_case(first_of_each(ELEMENTWISE))
@FEW
@given(st.data())
def test_elementwise_rules_broadcast_in_any_shape(case: Case, data: st.DataObject) -> None:
    """0-d, size 1, empty, prepended and stretched axes; the gradient has the operand's shape."""
    resized = in_other_shapes(case, data)
    assert gradcheck(applied(resized), *moving(resized))
    y = applied(resized)(*(xs := leaves(resized)))
    adjoints = Tape(y).adjoints(np.ones(y.shape))
    assert y.shape == np.broadcast_shapes(*map(np.shape, resized.operands))
    assert [adjoints[x].shape for x in xs] == [x.shape for x in xs]


def in_other_shapes(case: Case, data: st.DataObject) -> Case:
    """The case's numbers, which lie away from kinks and poles, in shapes that broadcast."""
    n = len(case.operands)
    drawn = data.draw(mutually_broadcastable_shapes(num_shapes=n, max_dims=3, max_side=2))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    operands = tuple(
        random.choice(np.ravel(x), shape) if isinstance(x, np.ndarray) else x
        for x, shape in zip(case.operands, drawn.input_shapes, strict=True)
    )
    return Case(case.rule, operands, case.static, case.differentiable)


# --- numbers -------------------------------------------------------------------------------------


@by_case(DIFFERENTIABLE)
def test_float32_stays_float32_and_is_as_accurate(case: Case) -> None:
    """Value, gradient and tangent; the reference is float64 at the very same numbers."""
    single = as_dtype(case, "float32")
    found, reference = everything(single, "float32"), everything(single, "float64")
    for ours, exact in zip(found, reference, strict=True):
        assert ours.dtype == np.float32 or case.rule == "astype"
        assert ours.shape == exact.shape
        assert (abs(ours - exact) <= 1e-5 * np.max(abs(exact), initial=1.0)).all()


def everything(case: Case, dtype: str) -> list[Any]:
    """The value, every gradient and the tangent of a case computed in `dtype`."""
    xs, random = leaves(as_dtype(case, dtype), dtype), np.random.default_rng(0)
    y = applied(as_dtype(case, dtype))(*xs)
    g = random.standard_normal(y.shape).astype("float32")
    seeds = {x: random.standard_normal(x.shape).astype("float32").astype(dtype) for x in xs}
    adjoints, tangent = Tape(y).adjoints(g), Tape(y).tangents(seeds)
    return [y.numpy(), *(adjoints[x] for x in xs if x in adjoints), tangent.get(y, g * 0)]


@by_case(DIFFERENTIABLE)
def test_the_reverse_sweep_is_linear_in_the_upstream_gradient(case: Case) -> None:
    """x̄(a·ȳ₁ + b·ȳ₂) = a·x̄(ȳ₁) + b·x̄(ȳ₂)."""
    y = applied(case)(*(xs := leaves(case)))
    g, h = np.random.default_rng(1).standard_normal((2, *y.shape))
    mixed, of_g, of_h = (Tape(y).adjoints(seed) for seed in (2.0 * g - 3.0 * h, g, h))
    for x in xs:
        if x in mixed:
            np.testing.assert_allclose(mixed[x], 2.0 * of_g[x] - 3.0 * of_h[x], 1e-12, 1e-12)


@by_case(CASES)
def test_nothing_given_is_written_to(case: Case) -> None:
    """Operands, constants, upstream gradient and tangents are the same bytes afterwards."""
    xs = leaves(case)
    y = applied(case)(*xs)
    seeds = {x: np.ones(x.shape) for x in xs}
    g = np.random.default_rng(2).standard_normal(y.shape)
    given_ = [*(x for x in case.operands if isinstance(x, np.ndarray)), *seeds.values(), g]
    given_ += [x.value for x in xs]
    before = [x.tobytes() for x in given_]
    RULES[case.rule](*case.operands, **case.static)
    if xs:
        Tape(y).adjoints(g)
        Tape(y).tangents(seeds)
        y.backward(g)
    assert [x.tobytes() for x in given_] == before


SCALAR = [case for case in first_of_each(ELEMENTWISE) if not case.static]


@by_case(SCALAR)
def test_a_value_is_a_tensor_of_no_axes(case: Case) -> None:
    """The same value and the same derivatives, at several points."""
    for k in range(3):
        ours, theirs = at_entry(case, k, Value), at_entry(case, k, lambda x: Tensor(x, True))
        np.testing.assert_allclose(ours, theirs, rtol=1e-13, atol=1e-15)


@by_case(SCALAR)
def test_derivatives_of_values_agree_with_differences(case: Case) -> None:
    numbers = [Value(float(np.ravel(x)[0])) for x in moving(case)]
    scalars = tuple(np.ravel(x)[0].item() for x in case.operands)
    point = Case(case.rule, scalars, {}, case.differentiable)
    assert gradcheck(applied(point), *numbers, order=2 if case.smooth else 1)


def at_entry(case: Case, k: int, variable: Callable[[float], Any]) -> list[float]:
    """The rule's value and partial derivatives at the k-th number of each operand."""
    scalars = [np.ravel(x)[k % np.size(x)].item() for x in case.operands]
    point = Case(case.rule, tuple(scalars), {}, case.differentiable)
    xs = [variable(x) for x in moving(point)]
    y = applied(point)(*xs)
    y.backward(0.7)
    return [y.item(), *(float(x.grad) for x in xs if x.grad is not None)]


# --- the checkers themselves ---------------------------------------------------------------------


@by_case(first_of_each(DIFFERENTIABLE))
def test_gradcheck_catches_every_wrong_derivative(case: Case) -> None:
    """Wrong sign, missing factor, swapped operands, zero, nan: by name, among other operations."""
    for mistake, rule in mutants.of_first_derivatives(case):
        assert accused(case, rule, order=1) == case.rule, mistake


@by_case(first_of_each(SMOOTH))
def test_gradcheck_catches_every_wrong_second_derivative(case: Case) -> None:
    """A derivative written with plain numbers is right to first order and lost to second."""
    for mistake, rule in mutants.of_second_derivatives(case):
        assert accused(case, rule, order=1) is None, mistake
        assert accused(case, rule, order=2) == case.rule, mistake


def accused(case: Case, rule: Rule, order: int) -> str | None:
    """The operation that gradcheck names when `rule` stands between others; None when it passes."""
    f = applied(case, rule)
    try:
        gradcheck(lambda *xs: f(*(x * 1.0 for x in xs)) * 0.5 + 1.0, *moving(case), order=order)
    except CheckError as error:
        return re.split(r"\W", str(error))[0]
    return None


@by_case(first_of_each(DIFFERENTIABLE))
def test_trace_nan_names_the_rule_that_makes_nan(case: Case) -> None:
    """Between finite operations before it and operations behind it that pass it on."""
    f = applied(case, mutants.nan_in_value(case))
    report = trace_nan(lambda *xs: f(*(x * 1.0 for x in xs)) * 2.0 + 1.0, *moving(case))
    assert report is not None
    assert (report.operation, report.direction) == (case.rule, "forward")


@by_case([case for case in first_of_each(DIFFERENTIABLE) if case.rule not in FLAT])
def test_trace_nan_names_the_rule_whose_gradient_is_nan(case: Case) -> None:
    f = applied(case, mutants.nan_in_gradient(case))
    report = trace_nan(lambda *xs: f(*(x * 1.0 for x in xs)) * 2.0 + 1.0, *moving(case))
    assert report is not None
    assert (report.operation, report.direction) == (case.rule, "backward")


@by_case(first_of_each(DIFFERENTIABLE))
def test_trace_nan_finds_nothing_where_all_is_finite(case: Case) -> None:
    assert trace_nan(applied(case), *moving(case)) is None
