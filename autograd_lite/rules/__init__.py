"""One record per operation: a rule lives in the file of its kind, and adding it there is enough."""

from typing import Final

from autograd_lite.rules import (
    activations,
    affine,
    convolution,
    einsum,
    elementwise,
    indexing,
    joining,
    leaves,
    linalg,
    pooling,
    reductions,
    selection,
    shape,
    softmax,
    statistics,
    thresholded,
    trigonometric,
)
from autograd_lite.rules.namespaces import enter
from autograd_lite.rules.rule import Rule

KINDS: Final = (
    leaves, elementwise, trigonometric, activations, selection, reductions, statistics, softmax,
    shape, indexing, joining, linalg, affine, einsum, convolution, pooling, thresholded,
)  # fmt: skip
RULES: Final = {
    rule.name: rule for module in KINDS for rule in vars(module).values() if isinstance(rule, Rule)
}
for _rule in RULES.values():
    enter(_rule)
