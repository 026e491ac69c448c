"""Examples of every reduction: over all axes, one, several, and with the reduced axes kept."""

import numpy as np

from tests.autograd_lite.rules.cases import Case, numbers

A = numbers(2, 3)
CUBE = numbers(2, 3, 2, seed=1)
WITH_ZEROS = np.array([[0.0, 2.0, 3.0], [0.0, -1.0, 0.0]])

ALONG = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": ()}]
NAMES = ("sum", "mean", "prod", "max", "min", "var", "std", "logsumexp", "norm")

CASES = [
    *(Case(name, (A,), static) for name in NAMES for static in ALONG[:3]),
    *(Case(name, (CUBE,), {"axis": (0, -1)}) for name in NAMES),
    *(Case(name, (CUBE,), {"axis": (2, 0), "keepdims": True}) for name in NAMES),
    *(Case(name, (A,), ALONG[3]) for name in ("sum", "mean", "prod", "max", "min", "logsumexp")),
    *(Case("prod", (WITH_ZEROS,), static) for static in ALONG),
    Case("prod", (numbers(7),)),
    *(Case(name, (A,), {"axis": 1, "ddof": 1}) for name in ("var", "std")),
    *(Case("norm", (A,), {"axis": 1, "ord": order}) for order in (1, 2, np.inf)),
    *(
        Case(name, (A,), static)
        for name in ("softmax", "log_softmax")
        for static in ({}, {"axis": 0}, {"axis": None})
    ),
    Case("softmax", (CUBE,), {"axis": (0, 2)}),
    Case("unsmooth", (A, 1.0), differentiable=(False, False)),
    Case("unsmooth_along", (A, np.array([[True]])), differentiable=(False, False)),
    Case("corner", (A, np.array([[True]])), differentiable=(False, False)),
    Case("softplus_to_line", (np.array([-1.5, 0.5, 2.5]),), {"beta": 2.0, "threshold": 2.0}),
    Case("argmax", (A,), {"axis": 1}, differentiable=(False,)),
]
