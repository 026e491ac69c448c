"""Every product takes the shapes that NumPy's takes, and refuses those that NumPy's refuses."""

from itertools import product

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.errors import AutogradError
from tests.autograd_lite.rules.cases import numbers

SHAPES = [
    (), (1,), (2,), (3,), (1, 1), (1, 2), (2, 2), (2, 3), (2, 1), (0,), (0, 2), (2, 2, 2), (2, 3, 2),
]  # fmt: skip
NAMES = [
    "dot",
    "inner",
    "outer",
    "vdot",
    "vecdot",
    "matvec",
    "vecmat",
    "matmul",
    "tensordot",
    "kron",
]
PRODUCTS = {name: getattr(np, name) for name in NAMES if hasattr(np, name)} | {
    "tensordot 1": lambda a, b: np.tensordot(a, b, 1),
    "tensordot of first axes": lambda a, b: np.tensordot(a, b, ((0,), (0,))),
    "linalg.outer": np.linalg.outer,
    "linalg.matmul": np.linalg.matmul,
    "linalg.cross": np.linalg.cross,
    "multi_dot": lambda a, b: np.linalg.multi_dot([a, b]),
    "multi_dot of three": lambda a, b: np.linalg.multi_dot([a, b, b]),
    "multi_dot of three, ending otherwise": lambda a, b: np.linalg.multi_dot([b, b, a]),
    "einsum": lambda a, b: np.einsum("ij,j->i", a, b),
    "correlate": np.correlate,
}


def _numpys(f, *xs):
    try:
        return np.asarray(f(*xs))
    except (ValueError, TypeError, IndexError):
        return None


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_takes_numpys_shapes_alone(name):
    f = PRODUCTS[name]
    for first, second in product(SHAPES, repeat=2):
        a, b = numbers(*first), numbers(*second, seed=1)
        wanted = _numpys(f, a, b)
        for mine in ((Tensor(a), b), (a, Tensor(b)), (Tensor(a), Tensor(b))):
            if wanted is None:
                with pytest.raises((AutogradError, ValueError)):
                    f(*mine)
            else:
                found = f(*mine).numpy()
                assert found.shape == wanted.shape, (first, second)
                np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-13)
