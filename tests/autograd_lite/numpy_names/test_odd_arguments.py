"""Argument forms at the rim: empty axes, places counted from the end, object arrays in place of lists."""

import numpy as np
import pytest

from autograd_lite import Tensor, Value, grad
from autograd_lite.errors import OperandError, ShapeError

RNG = np.random.default_rng(3)
CALLS = {
    "insert several at one place": lambda x: np.insert(x, [1], np.array([7.0, 8.0])),
    "insert layers at one place": lambda x: np.insert(x, [1], np.ones((2, 3)), axis=0),
    "split an empty axis": lambda x: np.split(x[:0], 2)[1],
    "array_split an empty axis": lambda x: np.array_split(x[:0], 2)[1],
    "hsplit an empty axis": lambda x: np.hsplit(x[:, :0], 2)[0],
    "norms of none": lambda x: np.linalg.vector_norm(x[:0], axis=1),
    "norms along an empty axis": lambda x: np.linalg.vector_norm(x[:0], ord=3, axis=0),
    "picked from the end": lambda x: np.take_along_axis(x, np.array([-1, 0, -6]), axis=None),
}


@pytest.mark.parametrize("name", CALLS)
def test_numbers_and_derivatives_are_numpys(name):
    call, x = CALLS[name], RNG.normal(size=(2, 3))
    theirs = call(x)
    weights = RNG.normal(size=theirs.shape)
    np.testing.assert_array_equal(call(Tensor(x, requires_grad=True)).numpy(), theirs)
    slope = grad(lambda t: (weights * call(t)).sum())(x)
    brute = [(weights * (call(x + e.reshape(2, 3)) - theirs)).sum() for e in np.eye(6)]
    if "norm" not in name:
        np.testing.assert_allclose(slope, np.reshape(brute, (2, 3)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("call", [np.vecmat, lambda a, b: np.matvec(b, a)])
def test_a_vector_is_no_matrix(call):
    with pytest.raises(ShapeError, match="no matrix"):
        call(Tensor([1.0, 2.0], requires_grad=True), np.ones(2))


@pytest.mark.parametrize(
    "call",
    [
        lambda a: np.choose(np.array([0, 1]), a)[1],
        lambda a: np.concatenate([a, a])[1],
        lambda a: np.stack(a)[1],
        lambda a: np.select([np.array([False, True])], [a])[1],
    ],
)
def test_an_object_array_in_place_of_a_list_stays_on_the_graph(call):
    x = Value(3.0)
    y = call(np.array([x, x * x]))
    y = y.item() if isinstance(y, np.ndarray) else y
    y.backward()
    assert (y.data, x.grad) == (9.0, 6.0)


@pytest.mark.parametrize("call", [np.hstack, np.vstack])
def test_an_object_array_whose_values_numpy_takes_one_by_one_is_refused(call):
    x = Value(3.0)
    with pytest.raises(OperandError, match="a Value is one number"):
        call(np.array([x, x * x]))


def test_a_value_is_divided_with_remainder():
    x = Value(7.5)
    whole, rest = divmod(x, 2.0)
    rest.backward()
    assert (whole.data, rest.data, x.grad) == (3.0, 1.5, 1.0)
    whole, rest = divmod(20.0, x)
    slope = grad(lambda u: divmod(20.0, u)[1])(7.5)
    assert (whole.data, rest.data, slope) == (2.0, 5.0, -2.0)
