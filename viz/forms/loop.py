"""Loops that a graph has unrolled, as recurrent networks do: equal steps found by their shared weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_lite.node import Node, Nodes
from viz.forms.form import Asked
from viz.formulas.layer_names import leaf_behind

_FEWEST = 2  # steps that make a loop


@dataclass(frozen=True)
class Loop:
    """Equal steps, each computed from the state of the one before.

    states     h_0, h_1, …, h_T: nodes, or an array for h_0
    memory     c_0, …, c_T, where a second state is carried along; () elsewhere
    inputs     x_1, …, x_T
    steps      the nodes of each step
    towers     for each step, the variables of its own that follow from its state, as y_t and ℓ_t
    recurrent  weights that multiply the state before
    entering   weights that multiply the input
    leaving    weights that multiply the state on the way to the tower
    """

    states: tuple[Any, ...]
    memory: tuple[Any, ...]
    inputs: tuple[Any, ...]
    steps: tuple[tuple[Node, ...], ...]
    towers: tuple[Nodes, ...]
    recurrent: Nodes
    entering: Nodes
    leaving: Nodes

    def functions(self) -> list[str]:
        """The rules of the activations inside a step, in order."""
        return [n.rule.name for n in self.steps[-1] if n.rule.name in _ACTIVATIONS]


_ACTIVATIONS = frozenset(("sigmoid", "tanh", "relu", "softmax", "identity"))
_PRODUCTS = frozenset(("excitation", "affine", "matmul"))


def loops(asked: Asked) -> list[Loop]:
    """Every loop of a graph, from the first on; none of fewer than two steps."""
    nodes = asked.nodes
    place = {node: k for k, node in enumerate(nodes)}
    uses = _uses(nodes)
    found: list[Loop] = []
    taken: set[Node] = set()
    for weight, pairs in uses.items():
        if weight in taken or len(pairs) < _FEWEST or not _is_recurrent(pairs, place):
            continue
        loop = _loop(asked, [use for use, _ in pairs], uses, place)
        if loop is not None and weight in loop.recurrent:
            found.append(loop)
            taken.update(loop.recurrent)
    return found


def _uses(nodes: Sequence[Node]) -> dict[Node, list[tuple[Node, Any]]]:
    """For each leaf that multiplies, where it does, and what it multiplies there."""
    found: dict[Node, list[tuple[Node, Any]]] = {}
    for node in nodes:
        if node.rule.name in _PRODUCTS:
            for leaf, other in _products(node):
                found.setdefault(leaf, []).append((node, other))
    return found


def _products(node: Node) -> Iterator[tuple[Node, Any]]:
    """The weights of a product, each with what it multiplies: (x, W) and (h, U) of W·x + U·h + b."""
    operands = node.operands
    pairs = list(zip(operands[::2], operands[1::2], strict=False))
    if node.rule.name == "matmul":
        pairs += [(b, a) for a, b in pairs]
    for other, weight in pairs:
        leaf = leaf_behind(weight)
        if leaf is not None and leaf.requires_grad and np.ndim(leaf.value) == 2:
            yield leaf, other


def _is_recurrent(pairs: Sequence[tuple[Node, Any]], place: dict[Node, int]) -> bool:
    """Whether what the weight multiplies in each use is computed after the use before."""
    return all(
        isinstance(other, Node) and not other.is_leaf and place[other] > place[before]
        for (before, _), (_, other) in pairwise(pairs)
    )


def _loop(asked: Asked, uses: Sequence[Node], products: Any, place: dict[Node, int]) -> Loop | None:
    """The loop whose steps begin like the uses of one recurrent weight, if its steps are equal."""
    starts = [place[use] for use in uses]
    (length,) = lengths if len(lengths := {b - a for a, b in pairwise(starts)}) == 1 else (0,)
    if not length:
        return None
    begin = _first_of_step(asked.nodes, starts[0], length)
    steps = [asked.nodes[s - begin : s - begin + length] for s in starts]
    if len({tuple(n.rule.name for n in step) for step in steps}) != 1 or len(steps[-1]) < length:
        return None
    computed = tuple(tuple(n for n in step if not n.is_leaf) for step in steps)
    offsets = _carried(computed)
    state = next((k for k in offsets if _multiplied(computed[1], computed[0][k])), None)
    if state is None:
        return None
    memory = [k for k in offsets if k != state]
    known = {node: t for t, step in enumerate(computed) for node in step}
    recurrent, entering, leaving = _weights(computed, known, state, products)
    before = [_before(computed, k) for k in (state, *memory[:1])]
    states = (before[0], *(step[state] for step in computed))
    inputs = tuple(_input(step, entering, products) for step in computed)
    return Loop(
        states,
        (before[1], *(step[memory[0]] for step in computed)) if memory else (),
        inputs,
        computed,
        tuple(Nodes(_tower(step, state, memory)) for step in computed),
        recurrent,
        entering,
        leaving,
    )


def _first_of_step(nodes: Sequence[Node], start: int, length: int) -> int:
    """How many nodes of a step come before the use: gates and inputs that were made first."""
    names = [n.rule.name for n in nodes]
    for back in range(min(start, length - 1), 0, -1):
        first = names[start - back : start - back + length]
        second = names[start - back + length : start - back + 2 * length]
        if first == second and not any(n == "variable" for n in first[:1]):
            return back
    return 0


def _carried(steps: Sequence[Sequence[Node]]) -> list[int]:
    """Places in a step whose node the next step computes with."""
    place = {node: k for k, node in enumerate(steps[0])}
    used = [x for node in steps[1] for x in node.operands if isinstance(x, Node)]
    return sorted({place[x] for x in used if x in place})


def _multiplied(step: Sequence[Node], node: Node) -> bool:
    """Whether a step multiplies this node by a weight."""
    return any(other is node for n in step if n.rule.name in _PRODUCTS for _, other in _products(n))


def _before(steps: Sequence[Sequence[Node]], k: int) -> Any:
    """What the first step has in the place where the second has node k of the first."""
    for first, second in zip(steps[0], steps[1], strict=True):
        for a, b in zip(first.operands, second.operands, strict=True):
            if b is steps[0][k]:
                return a
    return None


def _weights(
    steps: Sequence[Sequence[Node]], known: dict[Node, int], state: int, products: Any
) -> tuple[Nodes, Nodes, Nodes]:
    """The weights of a step by what they multiply: the state before, an input, or the step's own state."""
    recurrent: list[Node] = []
    entering: list[Node] = []
    leaving: list[Node] = []
    for weight, pairs in products.items():
        inside = [other for use, other in pairs if known.get(use) == 1]
        if not inside:
            continue
        other = inside[0]
        if other is steps[0][state]:
            recurrent.append(weight)
        elif isinstance(other, Node) and known.get(other) == 1:
            leaving.append(weight)
        else:
            entering.append(weight)
    return Nodes(recurrent), Nodes(entering), Nodes(leaving)


def _input(step: Sequence[Node], entering: Nodes, products: Any) -> Any:
    inside = set(step)
    for weight in entering:
        for use, other in products[weight]:
            if use in inside:
                return other
    return None


def _tower(step: Sequence[Node], state: int, memory: Sequence[int]) -> Iterator[Node]:
    """The named nodes of a step that follow from its state."""
    reached = {step[state]}
    for k, node in enumerate(step):
        if any(isinstance(x, Node) and x in reached for x in node.operands):
            reached.add(node)
            if node.name is not None and k not in memory:
                yield node
