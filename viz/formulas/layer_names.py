"""What formulas call the parameters of layers: W_l and b_l beside the excitation ξ_l."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from autograd_lite.automatic import Automatic
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.tape import Tape

_LAYERS: Final = frozenset(
    ("affine", "matmul", "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d")
)
_TURNING: Final = frozenset(("transpose", "swapaxes", "reshape"))
_EXCITATION: Final = re.compile(r"\\?xi(?P<at>_\w+|\^\{\(\d+\)\})")
_FREE: Final = {"L_z": "L"}  # names that are longer only so that none has the same
_LETTER: Final = {"weight": "W", "bias": "b"}


def layer_symbols(flow: FlowGraph) -> Mapping[Node, str]:
    r"""Short names for what layers call weight and bias: W_1, b_1, W_2, …, as their ξ_1, ξ_2, ….

    The factor L_z of a variational autoencoder is L, where nothing else is. Names that a user gave stay;
    where a short name of the layers is taken, all of theirs stay.

    >>> from autograd_lite import Tensor, functions as f
    >>> w, x = Tensor([[2.0]], requires_grad=True, name=Automatic("net.0.weight")), Tensor([1.0])
    >>> list(layer_symbols(FlowGraph(f.affine(x, w, [0.0]).named(r"\xi_3"))).values())
    ['W_3']
    """
    nodes = Tape(flow.output).nodes
    names = {v.name for v in nodes}
    factors = {v: _FREE[v.name] for v in nodes if v.name in _FREE and _is_given(v)}
    is_alone = len(set(factors.values())) == len(factors)
    found = {v: short for v, short in factors.items() if is_alone and short not in names}
    layers: dict[Node, str] = {}
    for leaf, at in _numbered(nodes):
        letter = _LETTER[str(leaf.name).rpartition(".")[2]]
        layers.setdefault(leaf, letter + at)
    others = {v.name for v in nodes if v not in layers}
    is_free = others.isdisjoint(layers.values()) and len(set(layers.values())) == len(layers)
    return {**found, **layers} if is_free else found


def _is_given(v: Node) -> bool:
    """Whether a module named it, and no user."""
    return isinstance(v.name, Automatic)


def _numbered(nodes: Sequence[Node]) -> Iterator[tuple[Node, str]]:
    """Each parameter of a layer, and what its symbol ends in."""
    calls = [
        node for node in nodes if node.rule.name in _LAYERS and _leaf(node, "weight") is not None
    ]
    users = _users(nodes)
    last = 0
    for call in calls:
        run = list(_alone(call, users))
        at = next((m["at"] for n in run if (m := _EXCITATION.fullmatch(n.name or ""))), None)
        if at is None:
            last += 1
            at = f"_{last}" if len(calls) > 1 else ""
        elif at[1:].isdigit():
            last = int(at[1:])
        yield from ((leaf, at) for leaf in _parameters(run, call.scope))


def _parameters(run: list[Node], scope: str | None) -> Iterator[Node]:
    """The weight of a call, and its bias, which may be added afterwards."""
    for node in run:
        if node.scope == scope:
            found = (_leaf(node, kind) for kind in _LETTER)
            yield from (leaf for leaf in found if leaf is not None)


def _alone(node: Node, users: Mapping[Node, list[Node]]) -> Iterator[Node]:
    """A node and what follows it, up to the first that has a name."""
    at: Node | None = node
    while at is not None:
        yield at
        after = users[at]
        at = after[0] if at.name is None and len(after) == 1 else None


def _users(nodes: Sequence[Node]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = {node: [] for node in nodes}
    for node in found:
        for x in dict.fromkeys(x for x in node.operands if isinstance(x, Node)):
            found[x].append(node)
    return found


def leaf_behind(x: Any) -> Node | None:
    """The leaf that x is, or is the transpose or another shape of."""
    while isinstance(x, Node) and x.rule.name in _TURNING:
        (x,) = x.operands
    return x if isinstance(x, Node) and x.is_leaf else None


def _leaf(node: Node, kind: str) -> Node | None:
    """The operand that is a layer's parameter of this kind, behind a transpose too."""
    leaves = map(leaf_behind, node.operands)
    return next((leaf for leaf in leaves if leaf is not None and _is_called(leaf, kind)), None)


def _is_called(leaf: Node, kind: str) -> bool:
    """Whether its layer called it so, and no user."""
    name = leaf.name or ""
    return name.rpartition(".")[2] == kind and _is_given(leaf)
