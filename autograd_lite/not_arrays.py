"""What NumPy would make an array of without a word, and is none: masked arrays, lists of nodes."""

from __future__ import annotations

import sys
from typing import Any

from autograd_lite.errors import OperandError
from autograd_lite.node import Node
from autograd_lite.trees import is_object_array, tree_leaves


def refuse_masked(*parts: Any) -> None:
    """Raise when one of these is a masked array: nothing here knows masks, so the mask would be dropped."""
    ma = sys.modules.get("numpy.ma")  # not loaded, there are no masks
    if ma is not None:
        for part in parts:
            if isinstance(part, ma.MaskedArray):
                refuse_mask()


def refuse_mask() -> None:
    """Raise what is said of masked arrays."""
    raise OperandError(
        "a masked array does not mix with the graph, which knows no masks: write m.filled(0.0) for a number "
        "in place of what is masked, or where(mask, 0.0, x)"
    )


def refuse_nodes_in(data: object) -> None:
    """Raise for what NumPy would turn into an array without a word: a list of nodes, a masked array."""
    if not isinstance(data, (list, tuple)) and not is_object_array(data):
        return refuse_masked(data)
    for x in tree_leaves(data):
        if isinstance(x, Node) and x.requires_grad:
            raise OperandError(
                f"a list that holds {x.describe()} is no array on the graph: write stack([…]) for Tensors, "
                f"NumPy's function for Values (np.sum([…])), or x.item() for the numbers alone"
            )
        refuse_masked(x)
    return None
