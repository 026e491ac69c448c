"""Reading and writing entries: NumPy's meaning of an index, its transpose, and who wrote last."""

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.errors import IndexingError, OperandError, ShapeError
from autograd_lite.rules import indexing
from autograd_lite.rules.indexing import at_add, at_set, getitem, scatter, take_along_axis
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.cases_shape import CUBE, INDEXING, INDICES, TABLE
from tests.autograd_lite.rules.maps import assert_affine, assert_single_precision, parts, pulled

every_index = pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)


def looped(x, v, index, write):
    """Write one entry after the other, in the order of x[index] read row by row."""
    y = x.copy()
    places = np.arange(x.size).reshape(x.shape)[index]
    for place, entry in zip(places.ravel(), np.broadcast_to(v, places.shape).ravel(), strict=True):
        y.flat[place] = write(y.flat[place], entry)
    return y


@every_index
def test_reading_is_numpys(index):
    for got in (getitem(CUBE, index), getitem(Tensor(CUBE), index), Tensor(CUBE)[index]):
        np.testing.assert_array_equal(np.asarray(got), CUBE[index])


@every_index
def test_writing_is_one_entry_after_the_other(index):
    v = numbers(*CUBE[index].shape, seed=5)
    written, added = looped(CUBE, v, index, lambda old, new: new), looped(CUBE, v, index, np.add)
    np.testing.assert_array_equal(at_set(CUBE, v, index), written)
    np.testing.assert_allclose(at_add(CUBE, v, index), added, rtol=1e-14)
    np.testing.assert_allclose(scatter(v, index, CUBE.shape), added - CUBE, atol=1e-14)
    t = Tensor(CUBE)
    np.testing.assert_array_equal(t.at[index].set(v).numpy(), written)
    np.testing.assert_array_equal(t.at[index].add(v).numpy(), at_add(CUBE, v, index))
    np.testing.assert_array_equal(t.numpy(), CUBE)


@pytest.mark.parametrize(
    "case", INDEXING, ids=lambda case: f"{case.rule}-{np.shape(case.operands[-1])}"
)
def test_derivatives_are_the_map_and_its_transpose(case):
    for f, x in parts(case):
        assert_affine(f, x)


@pytest.mark.parametrize(
    "case", INDEXING, ids=lambda case: f"{case.rule}-{np.shape(case.operands[-1])}"
)
def test_float32_stays_float32(case):
    assert_single_precision(case)


@every_index
def test_reading_has_the_gradient_of_a_sum_over_readings(index):
    g = numbers(*CUBE[index].shape, seed=6)
    wanted = looped(np.zeros_like(CUBE), g, index, np.add)
    np.testing.assert_allclose(pulled(lambda x: x[index], CUBE, g), wanted, rtol=1e-14)


@pytest.mark.parametrize("name", sorted(INDICES.keys() - {"a slice"}))  # torch steps only forward
def test_reading_has_torchs_gradient(name):
    torch = pytest.importorskip("torch")
    index = INDICES[name]
    parts_ = index if isinstance(index, tuple) else (index,)
    theirs = tuple(torch.tensor(i) if isinstance(i, np.ndarray) else i for i in parts_)
    x = torch.tensor(CUBE, requires_grad=True)
    g = numbers(*CUBE[index].shape, seed=6)
    x[theirs].backward(torch.tensor(g))
    np.testing.assert_allclose(pulled(lambda x: x[index], CUBE, g), x.grad.numpy(), rtol=1e-14)


def test_of_repeated_writes_the_last_wins_and_has_the_gradient():
    x, v = (
        Tensor([1.0, 2.0, 3.0], requires_grad=True),
        Tensor([10.0, 20.0, 30.0], requires_grad=True),
    )
    y = x.at[[0, 2, 0]].set(v)
    np.testing.assert_array_equal(y.numpy(), [30.0, 2.0, 20.0])
    y.backward(np.array([1.0, 10.0, 100.0]))
    np.testing.assert_array_equal(x.grad, [0.0, 10.0, 0.0])
    np.testing.assert_array_equal(v.grad, [0.0, 100.0, 1.0])


def test_last_means_last_by_rows_however_index_and_values_lie_in_memory():
    index, v = np.array([[0, 1], [1, 0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
    for like in (np.ascontiguousarray, np.asfortranarray):
        places = like(index)
        np.testing.assert_array_equal(at_set(np.zeros(2), like(v), places), [4.0, 3.0])
        grad = pulled(lambda v, i=places: at_set(np.zeros(2), v, i), like(v), np.ones(2))
        np.testing.assert_array_equal(grad, [[0.0, 0.0], [1.0, 1.0]])


def test_a_value_written_to_many_entries_gets_the_sum_of_their_gradients():
    v = Tensor(2.0, requires_grad=True)
    Tensor(TABLE).at[:, 1].set(v).backward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    np.testing.assert_array_equal(v.grad, 7.0)


def test_writing_to_memory_in_any_order_leaves_the_original_alone():
    x = np.asfortranarray(TABLE)
    y = at_add(x, 1.0, (np.array([0, 0]), np.array([1, 1])))
    np.testing.assert_array_equal(y - TABLE, [[0, 2, 0], [0, 0, 0]])
    np.testing.assert_array_equal(x, TABLE)


@pytest.mark.parametrize("axis", [0, 1, -1, None])
def test_take_along_axis_is_numpys(axis):
    order = np.argsort(TABLE, axis=axis)
    wanted = np.take_along_axis(TABLE, order, axis)
    np.testing.assert_array_equal(take_along_axis(TABLE, order, axis), wanted)
    g = numbers(*wanted.shape, seed=2)
    back = pulled(lambda x: take_along_axis(x, order, axis), TABLE, g)
    np.testing.assert_allclose(np.take_along_axis(back, order, axis), g)


def test_indices_broadcast_along_the_other_axes():
    y = take_along_axis(CUBE, np.zeros((1, 1, 1), int), 1)
    np.testing.assert_array_equal(y, CUBE[:, :1, :])
    grad = pulled(lambda x: take_along_axis(x, np.zeros((1, 1, 1), int), 1), CUBE, np.ones(y.shape))
    np.testing.assert_array_equal(grad[:, 0, :], 1.0)
    np.testing.assert_array_equal(grad[:, 1:, :], 0.0)


def test_only_integer_arrays_can_repeat():
    quick = [3, np.int64(3), slice(1, 4), (..., None, 2), CUBE > 0, np.array([True, False])]
    assert not any(map(indexing.may_repeat, quick))
    assert all(map(indexing.may_repeat, [[0, 1], np.array([2]), (slice(None), [0])]))


@pytest.mark.parametrize(
    "index", [5, (0, 3), [0, 9], (slice(None), np.array([3])), (0, 0, 0, 0), 1.5]
)
def test_an_index_outside_names_operation_and_shape(index):
    t = Tensor(TABLE, requires_grad=True, name="h")
    for wrong in (lambda: t[index], lambda: t.at[index].set(0.0), lambda: t.at[index].add(0.0)):
        with pytest.raises(IndexingError, match=r"\(2, 3\).*h \(node"):
            wrong()


@pytest.mark.parametrize("index", [0, [0, 1, 1], TABLE > 0])
def test_a_value_that_does_not_broadcast_is_refused(index):
    for write in ("set", "add"):
        with pytest.raises(ShapeError, match=rf"(?s)at_{write}.*broadcast"):
            getattr(Tensor(TABLE).at[index], write)(np.ones(7))


def test_indices_to_take_must_be_whole_numbers():
    with pytest.raises((IndexingError, OperandError), match="integer"):
        take_along_axis(Tensor(TABLE), np.array([[0.5]]), 0)
