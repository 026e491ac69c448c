"""Linear algebra: NumPy's values, PyTorch's gradients, and both by the maps' own values."""

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.derivatives import hessian, jacobian
from autograd_lite.errors import ShapeError
from autograd_lite.rules import einsum as sums
from autograd_lite.rules import linalg
from autograd_lite.rules.einsum import einsum
from autograd_lite.rules.linalg import diag, matmul, outer, trace
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.cases_linalg import CASES, EINSUMS, MATMUL_SHAPES, MATRIX, VECTOR
from tests.autograd_lite.rules.maps import assert_affine, assert_single_precision, parts, pulled

WRITTEN = [
    *EINSUMS,
    ("ab,bc", (2, 3), (3, 4)), ("ba", (2, 3)), ("ii", (3, 3)), ("ii->i", (3, 3)),
    ("iij,jk->ik", (2, 2, 3), (3, 4)), ("iji->j", (2, 3, 2)), (" i j , j -> i ", (2, 3), (3,)),
    ("...ij,...jk->...ik", (5, 2, 3), (3, 4)), ("...ij,...jk", (5, 1, 2, 3), (4, 3, 2)),
    ("i...->...", (2, 3, 4)), ("...,...", (2, 3), (3,)), ("...i->i...", (2, 3, 4)),
    ("...ii->...i", (2, 3, 3)), ("i,...->...i", (2,), ()),
]  # fmt: skip
written = pytest.mark.parametrize("case", WRITTEN, ids=str)


def operands(shapes):
    return [numbers(*shape, seed=i) for i, shape in enumerate(shapes)]


def torchs_gradients(f, xs, g):
    torch = pytest.importorskip("torch")
    leaves = [torch.tensor(x, requires_grad=True) for x in xs]
    f(torch, *leaves).backward(torch.tensor(g))
    return [leaf.grad.numpy() for leaf in leaves]


def our_gradients(f, xs, g):
    leaves = [Tensor(x, requires_grad=True) for x in xs]
    f(*leaves).backward(g)
    return [leaf.grad for leaf in leaves]


def assert_like(got, wanted):
    for mine, theirs in zip(got, wanted, strict=True):
        assert mine.shape == theirs.shape
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_derivatives_are_the_map_and_its_transpose(case):
    for f, x in parts(case):
        assert_affine(f, x)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_float32_stays_float32(case):
    assert_single_precision(case)


@pytest.mark.parametrize("shapes", MATMUL_SHAPES, ids=str)
def test_matmul_has_numpys_values_and_torchs_gradients(shapes):
    a, b = operands(shapes)
    y = matmul(Tensor(a), b)
    np.testing.assert_allclose(y.numpy(), a @ b, rtol=1e-14)
    g = numbers(*y.shape, seed=9)
    theirs = torchs_gradients(lambda torch, a, b: torch.matmul(a, b), [a, b], g)
    assert_like(our_gradients(matmul, [a, b], g), theirs)
    assert_like(our_gradients(lambda a, b: a @ b, [a, b], g), theirs)


def test_a_matrix_product_with_strided_and_transposed_operands():
    a, b = numbers(6, 8)[::2, ::2].T, np.asfortranarray(numbers(3, 5))
    g = numbers(4, 5, seed=3)
    assert_like([matmul(a, b), *our_gradients(matmul, [a, b], g)], [a @ b, g @ b.T, a.T @ g])


def test_a_square_reused_has_both_gradients():
    a = numbers(3, 3)
    grad = pulled(lambda a: matmul(a, a), a, np.eye(3))
    np.testing.assert_allclose(grad, 2 * a.T)  # d tr(A²) = 2 tr(A dA)


def test_the_quadratic_form_has_its_hessian():
    A, x = numbers(3, 3), VECTOR
    wanted = A + A.T
    np.testing.assert_allclose(hessian(lambda x: matmul(x, matmul(A, x)))(x), wanted, rtol=1e-12)


MISFITS = [((2, 3), (2, 3)), ((), (3,)), ((2, 3), (2,)), ((5, 2, 3), (4, 3, 2))]


@pytest.mark.parametrize("shapes", MISFITS, ids=str)
def test_matrices_that_do_not_fit_are_named(shapes):
    a, b = operands(shapes)
    with pytest.raises(ShapeError, match=r"matmul.*A \(node") as error:
        matmul(Tensor(a, name="A"), Tensor(b))
    assert all(str(shape) in str(error.value) for shape in shapes)


def test_outer_trace_diag_and_triangles_are_numpys():
    for offset in (-3, -1, 0, 1, 2, 5):
        np.testing.assert_array_equal(trace(MATRIX, offset), np.trace(MATRIX, offset))
        np.testing.assert_array_equal(diag(VECTOR, offset), np.diag(VECTOR, offset))
        np.testing.assert_array_equal(diag(Tensor(MATRIX), offset).numpy(), np.diag(MATRIX, offset))
        for name in ("tril", "triu"):
            ours = getattr(linalg, name)(Tensor(MATRIX), offset)
            np.testing.assert_array_equal(ours.numpy(), getattr(np, name)(MATRIX, offset))
    cube = numbers(2, 3, 4)
    np.testing.assert_array_equal(trace(cube, 1, 2, 0), np.trace(cube, 1, 2, 0))
    np.testing.assert_array_equal(outer(MATRIX, VECTOR), np.outer(MATRIX, VECTOR))


def test_trace_of_a_product_has_the_textbook_gradient():
    A, B = numbers(2, 3), numbers(3, 2, seed=1)
    np.testing.assert_allclose(jacobian(lambda A: trace(matmul(A, B)))(A), B.T)


@pytest.mark.parametrize(
    "wrong", [lambda: trace(Tensor(VECTOR)), lambda: diag(Tensor(numbers(2, 2, 2)))]
)
def test_too_few_or_too_many_axes_are_refused(wrong):
    with pytest.raises(ShapeError, match=r"trace|diag"):
        wrong()


# --- einsum --------------------------------------------------------------------------------------


@written
def test_einsum_is_numpys(case):
    subscripts, *shapes = case
    xs = operands(shapes)
    wanted = np.einsum(subscripts, *xs)
    for got in (einsum(subscripts, *xs), einsum(subscripts, *map(Tensor, xs))):
        np.testing.assert_allclose(np.asarray(got), wanted, rtol=1e-12, atol=1e-13)


@written
def test_einsum_has_torchs_gradients(case):
    subscripts, *shapes = case
    xs = operands(shapes)
    g = numbers(*np.einsum(subscripts, *xs).shape, seed=9)
    theirs = torchs_gradients(lambda torch, *xs: torch.einsum(subscripts, *xs), xs, g)
    assert_like(our_gradients(lambda *xs: einsum(subscripts, *xs), xs, g), theirs)


@written
def test_einsum_has_its_tangents_and_second_derivatives(case):
    subscripts, *shapes = case
    xs = operands(shapes)
    for i, x in enumerate(xs):
        assert_affine(lambda x, i=i: einsum(subscripts, *xs[:i], x, *xs[i + 1 :]), x)


def test_the_same_tensor_twice_gets_both_gradients():
    x = Tensor(VECTOR, requires_grad=True)
    einsum("i,i->", x, x).backward()
    np.testing.assert_allclose(x.grad, 2 * VECTOR)


def test_numpys_einsum_of_tensors_comes_here():
    y = np.einsum("ij,j->i", Tensor(MATRIX, requires_grad=True), VECTOR)
    assert isinstance(y, Tensor)
    assert y.requires_grad


@pytest.mark.parametrize(
    ("subscripts", "shapes", "reason"),
    [
        ("ij,jk->ik", [(2, 3)], "names 2 operands, not 1"),
        ("ij->i", [(2, 3, 4)], r"'ij'.*does not fit shape \(2, 3, 4\)"),
        ("ijk->i", [(2, 3)], r"does not fit shape \(2, 3\)"),
        ("...ij->i", [(2,)], r"does not fit shape \(2,\)"),
        ("i.j->i", [(2, 3)], "does not fit"),
        ("i1->i", [(2, 3)], "does not fit"),
        ("ij->ii", [(2, 3)], "each once"),
        ("ij->k", [(2, 3)], "letters of the operands"),
        ("ij,jk->ik", [(2, 3), (4, 2)], "einsum"),
        ("ii->i", [(2, 3)], "'ii' wants equal lengths"),
    ],
)
def test_einsum_that_does_not_fit_says_why(subscripts, shapes, reason):
    with pytest.raises(ValueError, match=reason):
        einsum(subscripts, *map(Tensor, operands(shapes)))


def test_as_many_letters_as_there_are_leave_room_for_an_ellipsis():
    assert sums._written_out("...a,b...", [(2, 3), (4, 2)]) == (["Za", "bZ"], "Zab")
