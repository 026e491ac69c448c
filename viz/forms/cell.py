"""Cells with gates, as LSTM and GRU: the state that is carried along, and what is let into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from autograd_lite.node import Node
from viz.forms.elementwise import RULES, Sum, divided, expanded
from viz.forms.excitations import Reading, argument
from viz.forms.form import Asked

_MOST_NODES: Final = 20_000
_MOST_GATES: Final = 5


@dataclass(frozen=True)
class Gate:
    """g = φ(W·x + U·h + b); squashed is False where φ is absent."""

    node: Node
    reading: Reading
    squashed: bool


@dataclass(frozen=True)
class Factor:
    """A gate g in a product, or 1 - g."""

    gate: Node
    complement: bool = False


@dataclass(frozen=True)
class Readout:
    """h = gate ⊙ φ(state); squash is the node φ(state), or None."""

    node: Node
    gate: Node
    squash: Node | None


@dataclass(frozen=True)
class Cell:
    """One time step: state = keep⊙previous + Π entry.

    gates    in the order of their columns
    sources  what the gates look at, besides `previous`
    readout  what is shown of the state, or None
    """

    state: Node
    previous: Node
    keep: Factor
    entry: tuple[Factor, ...]
    gates: tuple[Gate, ...]
    sources: tuple[Node, ...]
    readout: Readout | None


def find(asked: Asked) -> Cell | None:
    """The last time step of a gated cell, or the one that `wrt` names; None when there is none."""
    nodes = asked.nodes
    if len(nodes) > _MOST_NODES or not any(argument(v) is not None for v in nodes):
        return None
    search = _Search(nodes)
    cells = list(filter(None, (search.cell(v) for v in reversed(nodes))))
    wanted = {v.number for v in asked.wrt}
    named = [c for c in cells if {c.previous.number, c.state.number} & wanted]
    before = [c for c in named if c.previous.number in wanted]
    return next(iter([*before, *named, *cells]), None)


class _Search:
    """Looks for cells among the nodes of a graph."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.users: dict[int, list[Node]] = {v.number: [] for v in nodes}
        for v in nodes:
            for x in {x.number for x in v.operands if isinstance(x, Node)}:
                self.users[x].append(v)

    def cell(self, state: Node) -> Cell | None:
        """The cell whose state this is."""
        expansion = expanded(state, self._is_atom)
        if expansion is None or not 2 <= len(expansion.sum) <= 3:
            return None
        gates = {k: gate for k, v in expansion.atoms.items() if (gate := gate_of(v)) is not None}
        carried = [v for k, v in expansion.atoms.items() if k not in gates]
        if len(carried) != 1 or np.shape(carried[0].value) != np.shape(state.value):
            return None
        previous = carried[0]
        keep, rest = divided(expansion.sum, previous.number)
        kept, entry = _coefficient(keep, gates), _entry(rest, gates)
        if kept is None or not entry:
            return None
        return self._joined(state, previous, kept, entry, gates)

    def _joined(
        self,
        state: Node,
        previous: Node,
        keep: Factor,
        entry: tuple[Factor, ...],
        gates: dict[int, Gate],
    ) -> Cell | None:
        readout = self._readout(state)
        order = [keep.gate, *(factor.gate for factor in entry)]
        if readout is not None:
            order.append(readout.gate)
        columns = list(_columns(order, gates))
        if len(columns) > _MOST_GATES:
            return None
        known = {state.number, previous.number}
        found = {
            s.number: s for gate in columns for s in gate.reading.sources if s.number not in known
        }
        sources = _ordered(list(found.values()), state)
        if len(sources) > 3:
            return None
        return Cell(state, previous, keep, entry, tuple(columns), sources, readout)

    def _readout(self, state: Node) -> Readout | None:
        for user in self.users[state.number]:
            if argument(user) is state:
                for product in self.users[user.number]:
                    if (gate := _other(product, user)) is not None:
                        return Readout(product, gate, user)
            elif (gate := _other(user, state)) is not None and not self._is_summed(user):
                return Readout(user, gate, None)
        return None

    def _is_summed(self, product: Node) -> bool:
        return any(user.rule.name in RULES for user in self.users[product.number])

    def _is_atom(self, v: Node) -> bool:
        """Whether something else than sums and products looks at it, as at a state."""
        return any(
            user.rule.name not in RULES or np.shape(user.value) != np.shape(v.value)
            for user in self.users[v.number]
        )


def gate_of(v: Node) -> Gate | None:
    """A node as a gate: a squashed affine sum, or the affine sum alone."""
    inside = argument(v)
    if v.is_leaf:
        return None
    reading = Reading(v if inside is None else inside)
    is_gate = reading.is_affine if inside is not None else reading.is_linear
    return Gate(v, reading, inside is not None) if is_gate else None


def _other(product: Node, of: Node) -> Node | None:
    """The gate that a node is multiplied with."""
    if product.rule.name != "multiply":
        return None
    others = [x for x in product.operands if isinstance(x, Node) and x is not of]
    alone = len(others) == 1 and argument(others[0]) is not None
    return others[0] if alone and gate_of(others[0]) is not None else None


def _coefficient(found: Sum, gates: dict[int, Gate]) -> Factor | None:
    """G or 1 - g, for a squashed gate g."""
    numbers = [k for product in found for k in product]
    if len(numbers) != 1 or not gates[numbers[0]].squashed:
        return None
    gate = gates[numbers[0]].node
    if found == {(gate.number,): 1.0}:
        return Factor(gate)
    return Factor(gate, True) if found == {(): 1.0, (gate.number,): -1.0} else None


def _entry(rest: Sum, gates: dict[int, Gate]) -> tuple[Factor, ...] | None:
    """The factors of the only other product: i⊙c̃, (1 - z)⊙n, or a sum alone."""
    numbers = list(dict.fromkeys(k for product in rest for k in product))
    if list(rest.values()) == [1.0] and 1 <= len(numbers) <= 2:
        squashed = sorted(numbers, key=lambda k: gates[k].node.rule.name != "sigmoid")
        return tuple(Factor(gates[k].node) for k in squashed)
    for k in numbers:
        first, second = divided(rest, k)
        factor = _coefficient(first, gates) if not second and (k,) in rest else None
        if factor is not None:
            return factor, Factor(gates[k].node)
    return None


def _columns(order: list[Node], gates: dict[int, Gate]) -> Iterator[Gate]:
    """Each gate once, and before it those that multiply something inside it."""
    seen: set[int] = set()
    for node in order:
        gate = gates.get(node.number) or gate_of(node)
        for inner in gate.reading.gates if gate is not None else ():
            first = gate_of(inner)
            if first is not None and inner.number not in seen:
                seen.add(inner.number)
                yield first
        if gate is not None and node.number not in seen:
            seen.add(node.number)
            yield gate


def _ordered(sources: list[Node], state: Node) -> tuple[Node, ...]:
    """Those of the state's size first: h before x; of several the last that the sums have."""

    def key(v: Node) -> bool:
        return bool(np.shape(v.value) != np.shape(state.value))

    last_first = sources[::-1]
    return tuple(sorted(last_first, key=key))
