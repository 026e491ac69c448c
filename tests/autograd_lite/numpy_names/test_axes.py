"""Any axis of any shape: what NumPy takes is taken with its numbers, what it refuses is a ShapeError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from autograd_lite import Tensor, Value, grad, hessian
from autograd_lite.errors import AutogradError, OperandError, ShapeError

ONE_AXIS: dict[str, Callable[[Any, int], Any]] = {
    **{
        name: lambda x, axis, name=name: getattr(np, name)(x, axis=axis)
        for name in (
            "sum mean prod var std max min ptp average median cumsum cumprod sort argsort argmin flip diff "
            "expand_dims squeeze"
        ).split()
    },
    "quantile": lambda x, axis: np.quantile(x, 0.25, axis=axis),
    "take": lambda x, axis: np.take(x, 0, axis=axis),
    "moveaxis": lambda x, axis: np.moveaxis(x, axis, 0),
    "rollaxis": np.rollaxis,
    "array_split": lambda x, axis: np.array_split(x, 2, axis=axis)[0],
    "concatenate": lambda x, axis: np.concatenate([x, x], axis=axis),
    "stack": lambda x, axis: np.stack([x, x], axis=axis),
    "unstack": lambda x, axis: np.unstack(x, axis=axis)[0],
    "delete": lambda x, axis: np.delete(x, 0, axis=axis),
    "insert": lambda x, axis: np.insert(x, 0, 1.0, axis=axis),
    "append": lambda x, axis: np.append(x, x, axis=axis),
    "roll": lambda x, axis: np.roll(x, 1, axis=axis),
    "repeat": lambda x, axis: np.repeat(x, 2, axis=axis),
    "norm": lambda x, axis: np.linalg.norm(x, axis=axis),
    "norm 3": lambda x, axis: np.linalg.norm(x, 3, axis=axis),
    "vecdot": lambda x, axis: np.vecdot(x, x, axis=axis),
    "diagonal": lambda x, axis: np.diagonal(x, axis1=axis, axis2=1),
    "trace": lambda x, axis: np.trace(x, axis1=axis, axis2=1),
}


@pytest.mark.parametrize("name", ONE_AXIS)
@settings(max_examples=15)
@given(shape=array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3), axis=st.integers(-4, 4))
def test_an_axis_is_numpys_or_refused(name: str, shape: tuple[int, ...], axis: int) -> None:
    call, x = ONE_AXIS[name], np.random.default_rng(len(shape)).normal(size=shape)
    try:
        theirs = call(x, axis)
    except (ValueError, IndexError, TypeError):
        with pytest.raises(AutogradError):
            call(Tensor(x, requires_grad=True), axis)
        return
    ours = call(Tensor(x, requires_grad=True), axis)
    np.testing.assert_allclose(
        ours.numpy() if isinstance(ours, Tensor) else ours, theirs, rtol=1e-12, atol=1e-12
    )


@given(
    data=st.data(),
    shape=array_shapes(min_dims=1, max_dims=4, max_side=3),
    keepdims=st.booleans(),
    name=st.sampled_from(["sum", "mean", "prod", "max", "min", "var", "std", "median"]),
)
def test_several_axes_are_numpys(
    data: st.DataObject, shape: tuple[int, ...], keepdims: bool, name: str
) -> None:
    n = len(shape)
    axes = tuple(data.draw(st.lists(st.integers(0, n - 1), unique=True)))
    axes = tuple(i - n * data.draw(st.booleans()) for i in axes)
    x = np.random.default_rng(n).normal(size=shape)
    theirs = getattr(np, name)(x, axis=axes, keepdims=keepdims)
    ours = getattr(np, name)(Tensor(x, requires_grad=True), axis=axes, keepdims=keepdims)
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-12, atol=1e-12)


# --- Values, kinks, bad input ---------------------------------------------------------------------


def test_a_value_takes_the_operators_too() -> None:
    x = Value(7.5)
    y = (x % 2.0) + (x // 2.0) + (+x) + (9.0 % x)
    y.backward()
    assert y.data == 1.5 + 3.0 + 7.5 + 1.5
    assert x.grad == 1.0 + 0.0 + 1.0 - 1.0


@pytest.mark.parametrize(
    "name",
    (
        "log2 log10 exp2 cbrt reciprocal arcsinh arctanh sinc floor ceil trunc rint positive fabs degrees "
        "radians"
    ).split(),
)
def test_numpys_elementwise_names_work_on_values(name: str) -> None:
    x = Value(0.3)
    y = getattr(np, name)(x)
    y.backward()
    t = Tensor(0.3, requires_grad=True)
    np.testing.assert_allclose(y.data, getattr(np, name)(0.3), rtol=1e-15)
    np.testing.assert_allclose(x.grad, grad(getattr(np, name))(t.numpy()), rtol=1e-14)


def test_a_second_derivative_is_not_invented_at_a_kink() -> None:
    """√(a² + b²) has no second derivative at the origin, and a first of 0 by convention."""
    np.testing.assert_array_equal(grad(lambda a: np.hypot(a[0], a[1]))(np.zeros(2)), [0.0, 0.0])
    bent = hessian(lambda a: np.hypot(a[0], a[1]))(np.zeros(2))
    assert np.isnan(np.diag(bent)).all()


def test_ties_and_zeros_are_exact() -> None:
    np.testing.assert_array_equal(
        grad(lambda x: np.cumprod(x)[-1])(np.array([2.0, 0.0, 3.0])), [0.0, 6.0, 0.0]
    )
    np.testing.assert_array_equal(
        grad(lambda x: np.sort(x)[0])(np.array([1.0, 1.0, 2.0])), [1.0, 0.0, 0.0]
    )
    np.testing.assert_array_equal(
        grad(np.median)(np.array([4.0, 1.0, 3.0, 2.0])), [0.0, 0.0, 0.5, 0.5]
    )
    assert np.isnan(np.median(Tensor([1.0, np.nan, 2.0])).item())


def test_bad_arguments_are_refused_in_sentences() -> None:
    t = Tensor(np.ones((2, 2)), requires_grad=True)
    for call, error, words in (
        (lambda: np.sort(t, axis=2), ShapeError, "axis 2 is out of bounds"),
        (lambda: np.clip(t, 0.0, 1.0, min=0.0), ShapeError, "given twice"),
        (lambda: np.take(t, 0.5), AutogradError, "places are integers"),
        (lambda: np.take(t, 0, mode="round"), ShapeError, "'raise', 'wrap', 'clip'"),
        (lambda: np.quantile(t, 1.5), ShapeError, "from 0 to 1"),
        (lambda: np.quantile(t, 0.5, method="magic"), ShapeError, "none of 'linear'"),
        (lambda: np.var(t, ddof=1, correction=1), ShapeError, "two names for one number"),
        (lambda: np.max(t, where=np.eye(2) > 0), ShapeError, "say initial="),
        (lambda: np.cross(t, t), ShapeError, "3 entries"),
        (lambda: np.convolve(t, t), ShapeError, "two rows"),
        (lambda: np.average(t, weights=[1.0, 2.0, 3.0], axis=0), ShapeError, "weights of shape"),
        (lambda: np.einsum(t, [0, 99]), ShapeError, "numbers from 0 to 51"),
        (lambda: np.sum(t, dtype=int), OperandError, "float64 or float32, not int64"),
        (lambda: t.sum(no_such=1), OperandError, "does not take no_such"),
        (lambda: np.tensordot(t, np.ones(3), 1), ShapeError, "different lengths"),
    ):
        with pytest.raises(error, match=words):
            call()
