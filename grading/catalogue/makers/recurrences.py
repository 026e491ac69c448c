"""Recurrent graphs: h_1, …, h_T found by their names, and the terms that backpropagation through time sums.

C(t, s) is what the loss at step t contributes through the use of x at step s: with L(t) = ∂y/∂h_t,
M(t, s) = dh_t/dh_s and U(s) = ∂h_s/∂x, the states held in ∂, it is L(t)·M(t, s)·U(s).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from grading.catalogue.makers.each import Row, Swept
from grading.catalogue.mistake import Found, Generator

_NUMBERED: Final = re.compile(r"(.*?)_?\{?\(?(\d+)\)?\}?")
_SLOPE_OF_OUTPUT: Final[dict[str, Callable[[Row], Row]]] = {
    "tanh": lambda y: 1.0 - y * y,
    "sigmoid": lambda y: y * (1.0 - y),
    "relu": lambda y: np.where(y > 0, 1.0, 0.0),
}
"""Activations, and their derivative as a function of their own value."""


@dataclass(frozen=True, eq=False)
class States:
    """The states of one recurrence, by time; those on the way from x to y are `moved`.

    members  every variable of the name, the constant h_0 among them
    """

    q: Any
    members: tuple[Node, ...]

    @cached_property
    def moved(self) -> list[Node]:
        """The states that move with x, without x itself."""
        return [h for h in self.members if h in self.q.on and h is not self.q.x]

    @property
    def repeated(self) -> bool:
        """Whether one equation makes each of them, but for the first, which may have no state before it."""
        owner = self.q.graph.owner
        made = {
            h: [v.rule.name for v in self.q.graph.operations if owner.get(v) is h]
            for h in self.moved
        }
        first, *later = made.values()
        return all(rules == later[0] for rules in later) and (len(later) > 1 or first == later[0])

    @cached_property
    def following(self) -> dict[Node, Node]:
        """For each state the next one."""
        return dict(zip(self.members, self.members[1:], strict=False))

    @cached_property
    def before(self) -> dict[Node, Row]:
        """For each state what the one before is: a variable, a named constant, or a number at the start."""
        found = {b: self.q.value(a) for a, b in self.following.items()}
        return found | {h: start for start, h in self.weighted.values() if h not in found}

    @cached_property
    def weighted(self) -> dict[Node, tuple[Row, Node]]:
        """The products of a weight and the state before: what that is, and the state of the same time."""
        found = {}
        for node, _, other in self._products():
            if isinstance(other, Node) and other in self.following:
                found[node] = self.q.value(other), self.following[other]
        weights = {weight for node, weight, _ in self._products() if node in found}
        first = self.moved[0]
        for node, weight, other in self._products():
            at_start = weight in weights and node not in found and not isinstance(other, Node)
            if at_start and self.q.graph.owner.get(node) is first:
                found[node] = self.q.zero + float(other), first
        return found

    def _products(self) -> Iterator[tuple[Node, Node, Any]]:
        """Each product in either order: itself, one operand, which is a node, and the other."""
        for node in self.q.graph.operations:
            if node.rule.name == "multiply":
                a, b = node.operands
                yield from ((node, u, v) for u, v in ((a, b), (b, a)) if isinstance(u, Node))

    @cached_property
    def _arrived(self) -> list[Any]:
        number, ends = self.q.graph.number, [self.q.x, *self.moved]
        ones = np.eye(len(ends))[:, :, None]
        seeds = {number[v]: ones[j] for j, v in enumerate(ends)}
        arrived: list[Any] = self.q.graph.fine.tangents(seeds, blocked=True)
        return arrived

    def _by(self, node: Node) -> Any:
        return self._arrived[self.q.graph.number[node]]

    @cached_property
    def terms(self) -> Any:
        """C(t, s), shape (T, T, K)."""
        steps = len(self.moved)
        uses = np.array([self._by(h)[0] for h in self.moved])
        moves = np.zeros((steps, steps, self.q.k))
        for t, h in enumerate(self.moved):
            moves[t] = np.einsum("rk,rsk->sk", self._by(h)[1:], moves)
            moves[t, t] += 1.0
        return self._losses[:, None] * moves * uses[None]

    @cached_property
    def _losses(self) -> Any:
        last = np.array([h is self.q.y for h in self.moved])
        if last.any():
            return last[:, None] * np.ones(self.q.k)
        return np.array(self._by(self.q.y)[1:])

    @cached_property
    def beside(self) -> Row:
        """What reaches y past all states."""
        return self.q.right - self.terms.sum((0, 1))


def recurrences(q: Any) -> list[States]:
    """The families of variables h_1, h_2, … of which each is computed from the one before."""
    return q.once("recurrences", lambda: _recurrences(q))  # type: ignore[no-any-return]


def _recurrences(q: Any) -> list[States]:
    families: dict[str, list[tuple[int, Node]]] = {}
    for v in q.graph.order:
        if v.name is not None and (match := _NUMBERED.fullmatch(q.name(v))):
            families.setdefault(match[1], []).append((int(match[2]), v))
    found = [States(q, _chained(q, sorted(f, key=lambda p: p[0]))) for f in families.values()]
    return [states for states in found if len(states.moved) > 1 and states.repeated]


def _chained(q: Any, family: list[tuple[int, Node]]) -> tuple[Node, ...]:
    """The longest run of numbers of which each variable leads to the next."""
    runs: list[list[tuple[int, Node]]] = [[]]
    for time, v in family:
        last = runs[-1][-1] if runs[-1] else None
        if last is not None and (time != last[0] + 1 or not _leads(q, last[1], v)):
            runs.append([])
        runs[-1].append((time, v))
    return tuple(v for _, v in max(runs, key=len))


def _leads(q: Any, a: Node, b: Node) -> bool:
    """Whether b is computed from a; a constant leads on as well."""
    walk, seen = [b], {b}
    for node in walk:
        fresh = [v for v in dict.fromkeys(node.parents) if v not in seen]
        if any(v is a for v in fresh):
            return True
        seen.update(fresh)
        walk.extend(v for v in fresh if q.graph.number[v] > q.graph.number[a])
    return False


def some_terms(weights: Callable[[Any, Any], Any]) -> Generator:
    """The terms C(t, s) with other weights than 1, functions of the grids t and s, which count from 1."""

    def generate(q: Any) -> Iterator[Found]:
        for states in recurrences(q):
            steps = len(states.moved)
            t, s = np.meshgrid(np.arange(1, steps + 1), np.arange(1, steps + 1), indexing="ij")
            for weight in weights(t, s):
                value = np.einsum("tsk,ts->k", states.terms, weight * 1.0) + states.beside
                yield Found(_where(q, states), value, tuple(states.moved), q.ends)

    return generate


def over_steps(q: Any) -> Iterator[Found]:
    """The mean over time."""
    for states in recurrences(q):
        yield Found(_where(q, states), q.right / len(states.moved), tuple(states.moved), q.ends)


# --- a factor at every time step -------------------------------------------------------------------


def activations(q: Any, states: States) -> Iterator[tuple[Any, Node]]:
    """The steps into activations, each with the state that it makes."""
    for step in q.steps:
        if step.target.rule.name in _SLOPE_OF_OUTPUT:
            h = next((h for h in states.moved if _makes(q, step.target, h)), None)
            if h is not None:
                yield step, h


def _makes(q: Any, node: Node, h: Node) -> bool:
    return node is h or q.graph.owner.get(node) is h


def not_squashed(q: Any) -> Iterator[Swept]:
    """The derivative of the activation forgotten at every step."""
    for states in recurrences(q):
        edit = {step.edge: q.zero + 1.0 for step, _ in activations(q, states)}
        if edit:
            yield Swept(_where(q, states), tuple(states.moved), edit)


def squashed_one_step_early(q: Any) -> Iterator[Swept]:
    """The derivative of the activation at the state before, at every step."""
    for states in recurrences(q):
        edit = {
            step.edge: _SLOPE_OF_OUTPUT[step.target.rule.name](states.before[h])
            for step, h in activations(q, states)
            if h in states.before
        }
        if edit:
            yield Swept(_where(q, states), tuple(states.moved), edit)


def state_one_step_late(q: Any) -> Iterator[Swept]:
    """x·h_(t-1) differentiated as if it were x·h_t, at every step."""
    for states in recurrences(q):
        edit = {
            step.edge: q.value(states.weighted[step.target][1])
            for step in q.steps
            if step.source is q.x and step.target in states.weighted
        }
        if edit:
            yield Swept(_where(q, states), tuple(states.moved), edit)


def _where(q: Any, states: States) -> tuple[str, ...]:
    """Which recurrence, where there are several."""
    only = len(recurrences(q)) == 1
    return () if only else (q.name(states.moved[0]), q.name(states.moved[-1]))
