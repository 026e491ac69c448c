"""Examples of every rule of linear algebra: one axis, matrices, batches that broadcast."""

from tests.autograd_lite.rules.cases import Case, numbers

VECTOR, MATRIX = numbers(3), numbers(2, 3)

MATMUL_SHAPES = [
    ((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((1, 3), (3, 1)),
    ((3,), (2, 3, 4)), ((2, 4, 3), (3,)), ((2, 5, 3), (3, 4)), ((5, 3), (2, 3, 4)),
    ((2, 1, 5, 3), (4, 3, 2)), ((1, 2, 3), (4, 3, 1)), ((2, 0), (0, 3)), ((2, 2, 0), (0, 3)),
]  # fmt: skip

EINSUMS = [
    ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("ij->ji", (2, 3)), ("ij->", (2, 3)),
    ("ij->i", (2, 3)), ("i,j->ij", (2,), (3,)), ("i,i->", (3,), (3,)),
    ("ij,kj->ikj", (2, 3), (4, 3)),
    ("ijk,il,lk->jl", (2, 3, 2), (2, 4), (4, 2)), (",i->i", (), (3,)),
    ("ij,ij,ij->j", *3 * [(2, 3)]),
    ("ij,kl->il", (2, 3), (2, 2)), ("ij,jk->ik", (2, 1), (3, 4)),
]  # fmt: skip

CASES = [
    *(Case("matmul", (numbers(*a), numbers(*b, seed=1))) for a, b in MATMUL_SHAPES),
    Case("outer", (VECTOR, numbers(2, seed=1))),
    Case("outer", (MATRIX, numbers(2, 2, seed=1))),
    Case("trace", (MATRIX,)),
    Case("trace", (MATRIX,), {"offset": 1}),
    Case("trace", (numbers(2, 3, 4),), {"offset": -1, "axis1": -1, "axis2": 0}),
    Case("diag", (VECTOR,)),
    Case("diag", (VECTOR,), {"k": -2}),
    Case("diag", (MATRIX,)),
    Case("diag", (MATRIX,), {"k": 1}),
    Case("diag", (numbers(4, 2),), {"k": -1}),
    *(Case(name, (numbers(2, 3, 4),), {"k": k}) for name in ("tril", "triu") for k in (0, 1, -1)),
    *(
        Case(
            "einsum", tuple(numbers(*s, seed=i) for i, s in enumerate(shapes)), {"subscripts": text}
        )
        for text, *shapes in EINSUMS
        if "->" in text
    ),
]
