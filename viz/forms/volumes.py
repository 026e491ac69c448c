"""Chains of feature maps, as in a convolutional autoencoder: found in the graph, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms import layers
from viz.forms.form import Asked, Form
from viz.forms.volumes_drawing import Block, Volumes, draw

_FEWEST: Final = 2  # blocks that make a chain


def find(asked: Asked) -> Volumes | None:
    """The blocks between the first image and the output, or None when the graph is no chain of maps.

    A block has one convolution or dense layer, with the pooling and upsampling beside it and the activation
    behind it; every state has one further use, but for the first and the last.
    """
    first = next((n for n in asked.nodes if _is_convolution(n)), None)
    if first is None:
        return None
    path = list(_path(asked, first))
    blocks = list(_blocks(path))
    if len(blocks) < _FEWEST or any(block.weight is None for block in blocks):
        return None
    image = path[0]
    return Volumes(image, tuple(blocks), asked.flow.output, _compares(asked, image, path[-1]))


def _is_convolution(node: Node) -> bool:
    return node.rule.name.startswith("conv") and layers.is_weighted(node)


def _path(asked: Asked, first: Node) -> Iterator[Any]:
    """The image, then each node that is computed from the one before and from parameters alone."""
    fixed = _of_parameters(asked.nodes, first.operands[0])
    yield first.operands[0]
    at: Node | None = first
    while at is not None:
        yield at
        after = asked.users[at]
        at = after[0] if len(after) == 1 and _continues(after[0], at, fixed) else None


def _of_parameters(nodes: Sequence[Node], image: Any) -> set[Node]:
    """Leaves other than the image that are learned, and what is computed from them alone."""
    found: set[Node] = set()
    for node in nodes:
        operands = [x for x in node.operands if isinstance(x, Node)]
        learned = node.is_leaf and node.requires_grad and node is not image
        if learned or (operands and all(x in found for x in operands)):
            found.add(node)
    return found


def _continues(node: Node, before: Node, fixed: set[Node]) -> bool:
    """Whether a node is the next state: it has other operands from parameters or small constants alone."""
    size = np.size(before.value)
    others = [x for x in node.operands if x is not before]
    small = all(
        x in fixed if isinstance(x, Node) else 2 * np.size(plain(x)) <= size for x in others
    )
    batch = np.shape(before.value)[:1]
    return small and np.ndim(node.value) > 1 and np.shape(node.value)[:1] == batch


def _blocks(path: Sequence[Any]) -> Iterator[Block]:
    """The path in blocks: a new one begins at a second layer with weights, or at upsampling before it."""
    before, start = path[0], 1
    for end in _ends(path):
        named = [k for k in range(start, end) if path[k].name is not None]
        stop = named[-1] + 1 if named else end  # what has no name belongs to what follows
        if start < stop:
            yield Block(before, tuple(path[start:stop]))
            before, start = path[stop - 1], stop


def _ends(path: Sequence[Any]) -> Iterator[int]:
    has_weights = False
    for k in range(1, len(path)):
        begins = layers.is_weighted(path[k]) or layers.widens(
            path[k], path[k - 1].value if k > 1 else path[0]
        )
        if begins and has_weights:
            yield k
            has_weights = False
        has_weights = has_weights or layers.is_weighted(path[k])
    yield len(path)


def _compares(asked: Asked, image: Any, last: Node) -> bool:
    """Whether the output compares the last state with the image, which may stand there as a constant."""
    data = plain(image)
    behind = [n for n in asked.nodes if n.number > last.number]
    return any(
        x is image
        or (not isinstance(x, Node) and np.shape(x) == np.shape(data) and np.array_equal(x, data))
        for node in behind
        for x in node.operands
    )


VOLUMES: Final = Form("volumes", find, draw)
