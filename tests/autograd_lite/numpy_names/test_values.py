"""np.f(t) is np.f(array): the same numbers, dtype and shape, and derivatives by differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor, grad
from autograd_lite.checks.gradient import gradcheck
from tests.autograd_lite.numpy_names.calls import CALLS, WIDENED, Call

EXAMPLES = [
    pytest.param(call, shape, id=f"{call.name}-{shape}".replace(" ", ""))
    for call in CALLS
    for shape in call.shapes
]
examples = pytest.mark.parametrize(("call", "shape"), EXAMPLES)


def parts(y: Any) -> list[Any]:
    """The arrays in what a call returned: itself, or those of a tuple or list."""
    return list(y) if isinstance(y, (tuple, list)) else [y]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@examples
def test_values_and_dtypes_are_numpys(call: Call, shape: tuple[int, ...], dtype: str) -> None:
    x = call.operand(shape, dtype)
    theirs, ours = parts(call.f(x)), parts(call.f(Tensor(x, requires_grad=True)))
    assert len(ours) == len(theirs)
    rtol = 1e-11 if dtype == "float64" else 2e-4
    for found, wanted in zip(ours, map(np.asarray, theirs), strict=True):
        array = found.numpy() if isinstance(found, Tensor) else np.asarray(found)
        assert array.shape == wanted.shape
        assert array.dtype == (dtype if call.name in WIDENED else wanted.dtype)
        np.testing.assert_allclose(array, wanted, rtol=rtol, atol=rtol)


FIRST = {call.name: next((s for s in call.shapes if s), ()) for call in CALLS}
"""The shape at which second derivatives are tried too."""


@examples
def test_derivatives_agree_with_differences(call: Call, shape: tuple[int, ...]) -> None:
    x = call.operand(shape)
    if any(isinstance(y, Tensor) for y in parts(call.f(Tensor(x, requires_grad=True)))):
        order = 2 if shape == FIRST[call.name] else 1
        assert gradcheck(lambda t: nodes(call.f(t)), x, order=order, tolerance=1e-5)


def nodes(y: Any) -> list[Tensor]:
    """Those of the results that are on the graph."""
    return [part for part in parts(y) if isinstance(part, Tensor)]


def test_the_names_that_were_asked_for_have_a_call() -> None:
    tried = " ".join(call.name for call in CALLS)
    for name in (
        "dot mod cumsum cumprod vstack hstack column_stack append ravel flatten trace diagonal inner vdot "
        "tensordot kron cross log2 log10 exp2 cbrt reciprocal arcsinh arccosh arctanh arctan2 hypot "
        "logaddexp sort take argmin diff average median moveaxis floor ceil round copy clip fliplr flipud "
        "array_split nan_to_num sinc convolve inv solve det slogdet cholesky eigh svd norm"
    ).split():
        assert name in tried, name


def test_a_running_sum_counts_how_often_each_entry_is_summed() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(grad(lambda t: np.sum(np.cumsum(t)))(x), [4.0, 3.0, 2.0, 1.0])
