"""One record per operation: a rule lives in the file of its kind, and adding it there is enough."""

from typing import Final

from autograd_lite.rules import (
    activations,
    affine,
    convolution,
    cumulative,
    einsum,
    elementwise,
    hyperbolic,
    indexing,
    joining,
    kinks,
    leaves,
    linalg,
    linear_solvers,
    logarithms,
    logistic,
    normal,
    polar,
    pooling,
    powers,
    reductions,
    rounding,
    selection,
    shape,
    softmax,
    spectral,
    statistics,
    thresholded,
    trigonometric,
)
from autograd_lite.rules.namespaces import register
from autograd_lite.rules.rule import Rule

KINDS: Final = (
    leaves, kinks, elementwise, normal, logarithms, powers, trigonometric, hyperbolic, polar, activations,
    selection, rounding, reductions, cumulative, statistics, softmax, shape, indexing, joining, linalg,
    linear_solvers, spectral, affine, einsum, convolution, pooling, logistic, thresholded,
)  # fmt: skip
RULES: Final = {
    rule.name: rule for module in KINDS for rule in vars(module).values() if isinstance(rule, Rule)
}
for _rule in RULES.values():
    register(_rule)
