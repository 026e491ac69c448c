"""Moving numbers: NumPy's values, exact transposes to second order, NumPy's refusals."""

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.errors import ShapeError
from autograd_lite.rules import joining, shape
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.cases_shape import JOINING, SHAPE
from tests.autograd_lite.rules.maps import assert_affine, assert_single_precision, parts, pulled

SHAPES = [(4,), (2, 3), (2, 3, 4), (0, 3), ()]
ROW, TABLE, CUBE, EMPTY, POINT = (numbers(*s) for s in SHAPES)
ALL = (POINT, ROW, TABLE, EMPTY)

LIKE_NUMPY = [
    *((np.reshape, shape.reshape, x, s) for x, s in [(TABLE, -1), (EMPTY, (3, 0)), (POINT, (1,))]),
    *((np.transpose, shape.transpose, CUBE, axes) for axes in [(1, 0, 2), (-1, 0, 1), [2, 1, 0]]),
    *((np.transpose, shape.transpose, x) for x in (ROW, TABLE, EMPTY, POINT)),
    *((np.swapaxes, shape.swapaxes, CUBE, a, b) for a, b in [(0, 2), (-1, 1), (1, 1)]),
    *((np.expand_dims, shape.expand_dims, TABLE, a) for a in [0, -1, (1, -1)]),
    (np.expand_dims, shape.expand_dims, POINT, 0),
    *((np.squeeze, shape.squeeze, numbers(1, 2, 1), a) for a in [None, 0, -1, (0, 2)]),
    *((np.broadcast_to, shape.broadcast_to, x, (5, 2, 3)) for x in (TABLE, numbers(2, 1), POINT)),
    *((np.flip, shape.flip, CUBE, a) for a in [None, 0, -1, (0, 2)]),
    *((np.roll, shape.roll, CUBE, s, a) for s, a in [(1, None), (-5, 1), (7, -1)]),
    *((np.roll, shape.roll, CUBE, s, a) for s, a in [((1, 2), (0, 2)), ((3, -1), (0, 0))]),
    *((np.tile, joining.tile, x, r) for x in ALL for r in [2, (2, 3), (2, 1, 2), 0]),
    *((np.repeat, joining.repeat, x, 3) for x in ALL),
    *((np.repeat, joining.repeat, TABLE, r, a) for r, a in [(2, 0), ((1, 0, 2), -1), ([2], 1)]),
    *((np.pad, joining.pad, TABLE, w) for w in [0, 2, (1, 2), ((1, 0), (0, 2)), ((1,), (2,))]),
    *((np.pad, joining.pad, x, 1) for x in (EMPTY, POINT)),
    *((np.pad, joining.pad, CUBE, 2, mode) for mode in ("constant", "edge", "symmetric", "wrap")),
    (np.pad, joining.pad, numbers(4, 4), 3, "reflect"),
    *((np.stack, joining.stack, [TABLE, TABLE + 1], a) for a in (0, 1, 2, -1, -3)),
    *((np.concatenate, joining.concatenate, [TABLE, TABLE + 1], a) for a in (0, 1, -1, -2, None)),
    (np.concatenate, joining.concatenate, [EMPTY, TABLE]),
    *((np.split, joining.split, CUBE, n, a) for n, a in [(2, 0), (3, 1), (1, 2)]),
    *((np.split, joining.split, CUBE, n, a) for n, a in [([1, 3], 2), ([0, 2, 9], -1), ([], 0)]),
]  # fmt: skip


@pytest.mark.parametrize("case", LIKE_NUMPY, ids=lambda case: f"{case[0].__name__}{case[3:]}")
def test_values_and_shapes_are_numpys(case):
    numpys, ours, x, *options = case
    wanted = numpys(x, *options)
    nodes = [Tensor(part) for part in x] if isinstance(x, list) else Tensor(x)
    for got in (ours(x, *options), ours(nodes, *options)):
        assert len(got) == len(wanted) if isinstance(wanted, list) else got.shape == wanted.shape
        for g, w in zip(got, wanted, strict=True) if isinstance(wanted, list) else [(got, wanted)]:
            np.testing.assert_array_equal(np.asarray(g), w)


@pytest.mark.parametrize("case", [*SHAPE, *JOINING], ids=str)
def test_derivatives_are_the_map_and_its_transpose(case):
    for f, x in parts(case):
        assert_affine(f, x)


@pytest.mark.parametrize("case", [*SHAPE, *JOINING], ids=str)
def test_float32_stays_float32(case):
    assert_single_precision(case)


@pytest.mark.parametrize(("ours", "x"), [
    (lambda x: shape.reshape(x, (3, 0)), EMPTY),
    (lambda x: joining.tile(x, (2, 0)), TABLE),
    (lambda x: joining.repeat(x, 0), TABLE),
    (lambda x: joining.concatenate([x, TABLE]), EMPTY),
    (lambda x: joining.pad(x, 1), EMPTY),
    (lambda x: joining.stack([x, x]), POINT),
])  # fmt: skip
def test_empty_and_0d_arrays_have_gradients_of_their_shape(ours, x):
    y = ours(x)
    assert pulled(ours, x, np.ones(y.shape)).shape == x.shape


def test_an_operand_that_is_joined_twice_gets_both_gradients():
    x = Tensor([1.0, 2.0], requires_grad=True)
    joining.concatenate([x, x * 3.0, x]).backward(np.arange(6.0))
    np.testing.assert_array_equal(x.grad, [0 + 3 * 2 + 4, 1 + 3 * 3 + 5])


def test_the_parts_of_a_split_send_their_gradients_back_to_their_places():
    x = Tensor(ROW, requires_grad=True)
    first, second = joining.split(x, 2)
    (first * 2.0 + second * 5.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 2.0, 5.0, 5.0])


def test_numpys_own_functions_come_here():
    x = Tensor(TABLE, requires_grad=True)
    for y in (np.concatenate([x, x]), np.stack([x, x]), np.tile(x, 2), np.roll(x, 1), np.pad(x, 1)):
        assert isinstance(y, Tensor)
        assert y.requires_grad
    assert [part.shape for part in np.split(x, 3, axis=1)] == 3 * [(2, 1)]


BAD = {
    "reshape": (lambda t: shape.reshape(t, (4, 2)), "cannot reshape"),
    "transpose": (lambda t: shape.transpose(t, (0, 0)), "repeated axis"),
    "squeeze": (lambda t: shape.squeeze(t, 0), "cannot select an axis"),
    "expand_dims": (lambda t: shape.expand_dims(t, 7), "out of bounds"),
    "broadcast_to": (lambda t: shape.broadcast_to(t, (4, 3)), "broadcast"),
    "concatenate": (lambda t: joining.concatenate([t, ROW]), "same number of dimensions"),
    "stack": (lambda t: joining.stack([t, ROW]), "same shape"),
    "pad": (lambda t: joining.pad(t, -1), "negative"),
    "pad mode": (lambda t: joining.pad(t, 1, mode="linear_ramp"), "'constant', 'edge'"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_fit_names_the_operation_the_shapes_and_the_reason(name):
    wrong, reason = BAD[name]
    with pytest.raises(ShapeError, match=reason) as error:
        wrong(Tensor(TABLE, name="h"))
    assert name.split()[0] in str(error.value)
    assert "(2, 3)" in str(error.value)


@pytest.mark.parametrize(("parts_", "axis", "reason"), [
    (2, 1, "not 2 equal"), (0, 0, "not 0 equal"), (-1, 0, "not -1"), (1, 2, "out of bounds"),
])  # fmt: skip
def test_a_split_that_cannot_be_says_why(parts_, axis, reason):
    with pytest.raises(ValueError, match=reason):
        joining.split(Tensor(TABLE), parts_, axis)


def test_nothing_cannot_be_joined():
    for join in (joining.concatenate, joining.stack):
        with pytest.raises(ValueError, match="need at least one array"):
            join([])
