"""A step of gradient descent where the gradient is asked, or taken before the way back has ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays, plain
from grading.arrays.found import found, scaled
from grading.arrays.region import Region
from grading.arrays.uses import leaf_of, uses_in
from grading.catalogue.mistake import Found

RATES: Final = (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
"""Learning rates that homework has"""


class Updates:
    """What steps of gradient descent make of a region's answer."""

    def __init__(self, region: Region) -> None:
        self.region, self.right = region, region.right

    def update(self) -> Iterable[Found]:
        """The step of gradient descent in place of the gradient."""
        yield from scaled(self.right, [(-eta, "step") for eta in RATES])

    def updated(self) -> Iterable[Found]:
        """The parameter after a step of gradient descent."""
        for eta in RATES:
            yield found(plain(self.region.x) - eta * self.right)

    def after_update(self) -> Iterable[Found]:
        """What goes back through a layer whose weight was already updated."""
        gradients = self.region.gradients
        uses = [u for u in uses_in(self.region.nodes) if (u.node, u.data) in self.region.known]
        for eta in RATES if uses else ():
            changes = {
                (u.node, u.data): _with_weight(u.node, u.data, u.weight, eta, gradients)
                for u in uses if u.leaf in gradients and u.leaf is not self.region.x
            }  # fmt: skip
            if changes:
                yield found(self.region.swept(changes))


def _with_weight(node: Node, data: int, weight: int, eta: float, gradients: Any) -> Any:
    """A pull with the weight one step of gradient descent further."""
    xs = list(map(plain, node.operands))
    leaf = leaf_of(node.operands[weight])
    xs[weight] = xs[weight] - eta * _as_used(node.operands[weight], gradients[leaf])
    return lambda g, seen: node.rule.vjp(data)(arrays, g, node.value, *xs, **node.static)


def _as_used(weight: Node, g: Any) -> Any:
    """A parameter's gradient turned as the parameter is where it is used."""
    if weight.is_leaf:
        return g
    return weight.rule.value(arrays, _as_used(weight.operands[0], g), **weight.static)
