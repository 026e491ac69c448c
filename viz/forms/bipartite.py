"""Two layers of units that an energy joins, as in a restricted Boltzmann machine: found in the graph."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms.bipartite_drawing import Machine, draw
from viz.forms.form import Asked, Form
from viz.formulas.layer_names import leaf_behind


def find(asked: Asked) -> Machine | None:
    """The weights, biases and states of F(v) = -aᵀv - Σ_j log(1 + e^{b_j + Σ_i w_ij v_i}), or None.

    Of several such terms the first is the data's; another one, or log Z, is the model's.
    """
    hidden = [n for n in asked.nodes if n.rule.name == "softplus" and _excitation(n) is not None]
    if not hidden:
        return None
    terms = [_term(asked, n) for n in hidden]
    data = next((term for term in terms if term is not None), None)
    if data is None:
        return None
    energy, states, weight, hidden_bias, visible_bias = data
    others = [t[0] for t in terms if t is not None and t[0] is not energy]
    partition = [n for n in asked.nodes if n.rule.name == "logsumexp"]
    model = next(iter([*others, *partition]), None)
    return Machine(energy, states, weight, visible_bias, hidden_bias, model)


def _excitation(softplus: Node) -> tuple[Node, Node, Node] | None:
    """The states, W and b of b + Wᵀv, if that is behind it."""
    inside = softplus.operands[0]
    if not isinstance(inside, Node) or inside.rule.name != "affine":
        return None
    states, weight, bias = inside.operands
    leaf = leaf_behind(weight)
    held = not isinstance(states, Node) or not states.requires_grad
    if leaf is None or bias is None or not isinstance(bias, Node) or not held:
        return None
    is_machine = np.ndim(leaf.value) == 2 and leaf.requires_grad and leaf is not weight
    return (states, leaf, bias) if is_machine and np.ndim(plain(states)) in (1, 2) else None


def _term(asked: Asked, softplus: Node) -> tuple[Node, Any, Node, Node, Node] | None:
    """The free energy that a softplus is part of: the sum with -aᵀv, of one row or the mean of all."""
    found = _excitation(softplus)
    if found is None:
        return None
    states, weight, bias = found
    products = [
        n for n in asked.nodes
        if n.rule.name == "matmul" and n.operands[0] is states and _is_leaf(n.operands[1], len(weight.value))
    ]  # fmt: skip
    energy = _joined(asked, softplus, products[0]) if products else None
    return None if energy is None else (energy, states, weight, bias, products[0].operands[1])


def _is_leaf(x: Any, size: int) -> bool:
    return isinstance(x, Node) and x.is_leaf and np.shape(x.value) == (size,)


def _joined(asked: Asked, a: Node, b: Node) -> Node | None:
    """The first node that is computed from both."""
    from_a, from_b = {a}, {b}
    for node in asked.nodes:
        operands = [x for x in node.operands if isinstance(x, Node)]
        if any(x in from_a for x in operands):
            from_a.add(node)
        if any(x in from_b for x in operands):
            from_b.add(node)
        if node in from_a and node in from_b:
            return node
    return None


BIPARTITE: Final = Form("bipartite", find, draw)
