"""A penalty on the asked weight, such as λ·Σ w²: its part of the answer, and mistakes in the rest alone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograd_lite.node import Node
from grading.arrays.found import Array, Factors, found, scaled
from grading.arrays.region import Edge, Region, pulled
from grading.arrays.uses import leaf_of
from grading.catalogue.mistake import Found

OF_A_WEIGHT = frozenset({"square", "multiply", "absolute", "power", "norm"})


def penalty_edges(region: Region) -> list[Edge]:
    """The edges over which a penalty on the asked weight itself sends something to it."""
    return [
        (n, i) for n, i in region.edges
        if n.operands[i] is region.x and n in region.adjoint and n.rule.name in OF_A_WEIGHT
        and leaf_only(n, region.x)
    ]  # fmt: skip


def penalty_of(region: Region) -> Array:
    """What a penalty sends to the asked weight; zeros where there is none."""
    total = np.zeros_like(region.right)
    for n, i in penalty_edges(region):
        total += pulled(n, i, region.adjoint[n])
    return total


def scaled_loss(region: Region, factors: Factors) -> Iterable[Found]:
    """The answer times each factor, and with a penalty the rest alone times it."""
    factors, penalty = list(factors), penalty_of(region)
    yield from scaled(region.right, factors)
    if np.any(penalty) and not np.allclose(penalty, region.right):
        for one in scaled(region.right - penalty, factors):
            yield found(one.value[0] + penalty, *one.where)


def leaf_only(node: Node, leaf: Node) -> bool:
    """Whether a node is computed from this parameter and from numbers alone."""
    return all(leaf_of(p) is leaf or not p.requires_grad for p in node.parents)
