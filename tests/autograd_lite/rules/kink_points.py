"""Where each record has a kink, tie, pole or end of its domain: the points of test_second_at_kinks.py.

A record whose `kinks` say something must have a point here; functions composed of records may have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autograd_lite as ag
from autograd_lite import linalg
from autograd_lite.rules import RULES


@dataclass(frozen=True)
class Point:
    """One application of a function where its derivatives are conventions or poles.

    name      the record's or the function's
    function  of the operands
    operands  numbers or arrays, all of them moving
    cautious  whether nan is given where a second derivative exists, too
    piece     whether one of the pieces that meet stands for all of them, by the record's words: then
              what is composed with it has the second derivative of that piece
    """

    name: str
    function: Callable[..., Any]
    operands: tuple[Any, ...]
    cautious: bool = False
    piece: bool = False
    static: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, *operands: Any) -> Any:
        return self.function(*operands, **self.static)

    def __str__(self) -> str:
        """The test's id: maximum-1.0-1.0."""
        parts = [self.name, *(str(np.asarray(x).tolist()).replace(" ", "") for x in self.operands)]
        return "-".join([*parts, *(f"{key}={value}" for key, value in self.static.items())])


STRAIGHT = {
    "absolute", "relu", "leaky_relu", "maximum", "minimum", "clip", "max", "min", "max_pool1d",
    "max_pool2d", "floor", "ceil", "trunc", "rint", "floor_divide", "remainder", "fmod", "arctan2",
    "fmax", "fmin", "modf", "sort", "median", "quantile", "ptp",
}  # fmt: skip
"""Functions of straight pieces, or that jump."""


def of(
    name: str, *operands: Any, cautious: bool = False, piece: bool = False, **static: Any
) -> Point:
    """A point of a record."""
    return Point(name, RULES[name], operands, cautious, piece or name in STRAIGHT, static)


SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])
TIED = np.array([1.0, 3.0, 3.0])
ZEROS = np.zeros(2)
ROWS = np.array([[0.0, 0.0], [3.0, 4.0]])
IMAGE = np.array([[[1.0, 1.0, 0.5, 2.0]]])
GRID = np.array([[[[1.0, 1.0], [0.5, 1.0]]]])

RECORDS = [
    of("divide", 1.0, 0.0),
    of("divide", 0.0, 0.0),
    of("reciprocal", 0.0),
    *(
        of(name, 0.0)
        for name in ("log", "log2", "log10", "sqrt", "cbrt", "absolute", "sign", "relu")
    ),
    of("log1p", -1.0),
    *(of(name, x) for name in ("arcsin", "arccos", "arctanh") for x in (-1.0, 1.0)),
    of("arccosh", 1.0),
    of("masked_product", 0.0, 2.0),
    *(of("power", 0.0, n) for n in (0.0, 1.0, 1.5, 2.0, 3.0, -1.0)),
    of("hypot", 0.0, 0.0),
    of("hypot", 0.0, 2.0),
    of("arctan2", 0.0, -1.0),
    of("arctan2", 0.0, 0.0),
    of("leaky_relu", 0.0, 0.25),
    of("elu", 0.0, 1.0),
    of("elu", 0.0, 0.5),
    of("maximum", 1.0, 1.0),
    of("minimum", 1.0, 1.0),
    of("clip", 1.0, -1.0, 1.0),
    of("clip", -1.0, -1.0, 1.0),
    of("clip", 1.0, 1.0, 1.0),
    Point("where", lambda a, b: RULES["where"](True, a, b), (1.0, 1.0)),
    *(of(name, x) for name in ("floor", "ceil", "trunc", "rint") for x in (0.0, 1.0, 0.5)),
    *(of(name, 6.0, 2.0) for name in ("floor_divide", "remainder", "fmod")),
    of("floor_divide", 1.0, 0.0),
    of("max", TIED),
    of("max", ROWS, axis=1),
    of("min", -TIED),
    of("std", np.ones(3)),
    of("std", np.ones((2, 3)), axis=1),
    of("std", np.array([[1.0], [2.0]]), axis=1),
    of("norm", ZEROS),
    of("norm", ROWS, axis=1),
    of("norm", ZEROS, ord=1, piece=True),
    of("norm", ZEROS, ord=np.inf, piece=True),
    of("norm", np.array([2.0, -2.0]), ord=np.inf, piece=True),
    of("norm", np.zeros(1), cautious=True),
    of("logsumexp", np.array([1.0, -np.inf])),
    of("softmax", np.array([1.0, -np.inf, 0.0])),
    of("log_softmax", np.array([1.0, -np.inf, 0.0])),
    of("at_set", np.zeros(3), np.array([1.0, 2.0]), index=[0, 0]),
    of("inv", SINGULAR),
    of("solve", SINGULAR, ZEROS),
    of("logabsdet", SINGULAR),
    of("cholesky", np.array([[1.0, 2.0], [2.0, 5.0]])),
    of("pinv", np.array([[1.0], [2.0]])),  # where the rank changes its derivative is a convention
    of("eigvalsh", np.eye(2)),
    of("eigenvectors", np.eye(2)),
    of("svdvals", np.eye(2)),
    of("svdvals", np.zeros((2, 2))),
    of("svdvals", SINGULAR),
    of("singular_vectors", np.eye(2)),
    of("max_pool1d", IMAGE, kernel_size=2),
    of("max_pool2d", GRID, kernel_size=2),
    of("logistic_cost", 0.0, 1.0, 0.5),
    of("softplus_to_line", 0.5, beta=2.0, threshold=1.0),
    # without a kink of their own, but where others' would be
    of("prod", np.array([0.0, 2.0, 0.0])),
    of("cumprod", np.array([0.0, 2.0, 0.0]), axis=0),
    of("var", np.ones(2)),
    of("logaddexp", np.inf, np.inf),
    of("logaddexp", -np.inf, 1.0),
    of("logaddexp", -np.inf, -np.inf),
    of("logaddexp2", -np.inf, 1.0),
    of("det", SINGULAR),
    of("det", np.zeros((3, 3))),
]


def composed(name: str, function: Callable[..., Any], *operands: Any, **options: Any) -> Point:
    """A point of a function that is composed of records."""
    cautious = options.pop("cautious", False)
    piece = name in STRAIGHT or ("norm" in name and options.get("ord") in (1, -1, np.inf, -np.inf))
    return Point(name, function, operands, cautious, piece, options)


COMPOSED = [
    *(composed("norm", linalg.norm, ZEROS, ord=p) for p in (-np.inf, 0, 0.5, 1.5, 3)),
    *(
        composed("norm", linalg.norm, np.array([0.0, 2.0]), ord=p, cautious=p < 1)
        for p in (0.5, 1.5, 3, 4, -1)
    ),
    *(
        composed("norm", linalg.norm, m, ord=p)
        for m in (np.zeros((2, 2)), np.eye(2), SINGULAR)
        for p in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
    ),
    composed("vector_norm", linalg.vector_norm, np.zeros((2, 2))),
    composed("cond", linalg.cond, np.eye(2)),
    composed("x**0.75 squared", lambda x: (x**0.75) ** 2, 0.0),
    *(composed(f"x**{n}", lambda x, n=n: x**n, 0.0) for n in (0.5, 0.75, 1.0, 1.5, 2.5, 3.5, -1.0)),
    composed("root of a square", lambda x: ag.sqrt(x * x), 0.0, cautious=True),
    composed("cube root of a cube", lambda x: ag.cbrt(x**3), 0.0, cautious=True),
    composed("sinc", ag.sinc, 0.0),
    composed("fmax", ag.fmax, 1.0, 1.0),
    composed("fmin", ag.fmin, 1.0, 1.0),
    composed("round", ag.round, 0.25, decimals=1),
    composed("modf", lambda x: ag.modf(x)[0], 1.0),
    composed("sort", ag.sort, TIED),
    composed("median", ag.median, TIED),
    composed("quantile", ag.quantile, TIED, q=0.5),
    composed("ptp", ag.ptp, np.ones(3)),
]
POINTS = [*RECORDS, *COMPOSED]
