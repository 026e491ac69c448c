"""Examples of the rules under NumPy's names: logarithms, rounding, running sums, matrices."""

import numpy as np

from tests.autograd_lite.rules.cases import Case, numbers

A, ROW, CUBE = numbers(2, 3), numbers(3, seed=1), numbers(2, 3, 4, seed=1)
POSITIVE = numbers(2, 3, low=0.3, high=3.0)
INSIDE = numbers(2, 3, low=-0.9, high=0.9)
APART = np.array([[-2.7, -1.6, -0.3], [0.4, 1.3, 2.6]])  # from whole numbers and halves
DIVISOR = np.array([1.1, -0.7, 1.7])  # whose multiples are apart from those numbers too


def symmetric(*shape: int, seed: int = 0) -> np.ndarray:
    """A stack of symmetric matrices, their eigenvalues apart."""
    m = numbers(*shape, seed=seed)
    return (m + m.swapaxes(-1, -2)) / 2 + 3.0 * np.diag(np.arange(shape[-1]) + 1.0)


def singular(*shape: int) -> np.ndarray:
    """A matrix whose last row is the sum of the others."""
    m = numbers(*shape)
    m[..., -1, :] = m[..., :-1, :].sum(axis=-2)
    return m


REGULAR = numbers(3, 3) + 3.0 * np.eye(3)
STACK = numbers(2, 2, 2, seed=4) + 3.0 * np.eye(2)

ELEMENTWISE = [
    *(Case(name, (POSITIVE,)) for name in ("log2", "log10")),
    *(Case(name, (A,)) for name in ("exp2", "arcsinh", "positive")),
    *(Case(name, (A, ROW)) for name in ("logaddexp", "logaddexp2", "hypot", "arctan2")),
    Case("arccosh", (POSITIVE + 1.0,)),
    Case("arctanh", (INSIDE,)),
    Case("reciprocal", (POSITIVE,)),
    Case("cbrt", (POSITIVE,)),
    Case("cbrt", (-POSITIVE,)),
    *(Case(name, (APART,)) for name in ("floor", "ceil", "trunc", "rint")),
    *(Case(name, (APART, DIVISOR)) for name in ("floor_divide", "remainder", "fmod")),
    Case("remainder", (APART, 0.7), differentiable=(True, False)),
]

CUMULATIVE = [
    *(
        Case(name, (x,), {"axis": axis})
        for name in ("cumsum", "cumprod")
        for x, axis in ((A, 0), (A, -1), (CUBE, 1), (np.array([2.0, 0.0, 3.0, 0.0]), 0))
    ),
    *(Case("recurrence", (A, numbers(2, 3, seed=5)), {"axis": axis}) for axis in (0, -1)),
]

MATRICES = [
    *(Case(name, (REGULAR,)) for name in ("inv", "det", "logabsdet")),
    *(Case(name, (STACK,)) for name in ("inv", "det", "logabsdet")),
    *(Case("det", (singular(n, n),)) for n in (1, 2, 3)),
    Case("det", (np.zeros((3, 3)),), smooth=False),
    *(
        Case("solve", (a, b))
        for a, b in (
            (REGULAR, ROW),
            (REGULAR, numbers(3, 2)),
            (STACK, numbers(2, 2, 3)),
            (STACK, numbers(2)),
            (STACK[0], numbers(2, 2, 1)),
        )
    ),
    Case("cholesky", (symmetric(3, 3),)),
    Case("cholesky", (symmetric(2, 2, 2),)),
    *(Case("pinv", (numbers(*shape),)) for shape in ((3, 2), (2, 3), (2, 3, 2))),
    *(Case(n, (symmetric(*s),)) for n in ("eigvalsh", "eigenvectors") for s in ((3, 3), (2, 2, 2))),
    *(Case("svdvals", (numbers(*shape, seed=3),)) for shape in ((2, 3), (3, 2), (2, 2, 2))),
    *(
        Case("singular_vectors", (numbers(*shape, seed=3),), {"side": side})
        for shape in ((2, 3), (3, 2), (2, 2, 2))
        for side in ("left", "right")
    ),
]

CASES = [*ELEMENTWISE, *CUMULATIVE, *MATRICES]
