"""Examples of the affine maps: one row, rows, rows below leading axes, no rows."""

from tests.autograd_lite.rules.cases import Case, numbers

SHAPES = [((3,), 2), ((4, 3), 2), ((2, 4, 3), 5), ((1, 1), 1), ((0, 3), 2), ((2, 0), 3)]

CASES = [
    Case("affine", (numbers(*x), numbers(m, x[-1], seed=1), numbers(m, seed=2))) for x, m in SHAPES
]
CASES += [
    Case(
        "excitation",
        (
            numbers(*x),
            numbers(m, x[-1], seed=1),
            numbers(*x[:-1], m, seed=2),
            numbers(m, m, seed=3),
            numbers(m, seed=4),
        ),
    )
    for x, m in SHAPES
]
