"""Cases for a student's function: inputs, and the gradients that the engine gives for them.

A mistake can hide behind a batch of one, a square matrix, an upstream of ones or a single time step. So
every size differs from every other and is above 1, there are four time steps or more, and the upstream is
drawn at random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograd_lite import FlowGraph
from autograd_lite.errors import AssignmentError
from autograd_lite.node import Node
from autograd_lite.tape import Tape
from grading.code.asked import CodeQuestion, Point
from grading.code.seeds import generator

CASES: Final = 6
UPSTREAM: Final = "G"
_FIXED: Final = {"stride", "padding", "kernel_size", "dilation", "groups"}
"""what a function may be written for; all other sizes vary"""
_STEPS: Final = (4, 6)
_TRIES: Final = 50


@dataclass(frozen=True, eq=False)
class Case:
    """One set of inputs of a student's function, and what is right.

    inputs   by name, in order: numbers or arrays
    forward  what a forward pass returns
    flow     the graph, whose output is the number that is differentiated: L, or Σ G ⊙ y
    wrt      by what is differentiated, in the order of return
    right    the gradients by these
    """

    inputs: Mapping[str, Any]
    forward: NDArray[Any]
    output: Node
    nodes: Mapping[str, Node]
    wrt: tuple[str, ...]

    @cached_property
    def flow(self) -> FlowGraph:
        """The graph of the number that is differentiated."""
        return FlowGraph(self.output)

    @cached_property
    def right(self) -> dict[str, NDArray[Any]]:
        """The gradients by name."""
        adjoints = Tape(self.output).adjoints()
        return {name: np.asarray(adjoints[self.nodes[name]], float) for name in self.wrt}


def cases(question: CodeQuestion, seed: int, submission: str = "") -> list[Case]:
    """The cases that a submission is called with; the first has the sizes of the question, others vary.

    Raises AssignmentError where the right answer is not finite whatever is drawn.
    """
    count = int(question.settings.get("cases", CASES))
    return [
        case(question, generator(seed, submission, f"{question.name} {i}"), vary=i > 0)
        for i in range(count)
    ]


def case(question: CodeQuestion, rng: np.random.Generator, *, vary: bool) -> Case:
    """One case, with sizes of its own if they are to vary."""
    for _ in range(_TRIES):
        graph = varied(question.graph, rng) if vary and question.graph.is_array else question.graph
        made = _made(question, graph, graph.draw(rng), rng)
        if all(np.all(np.isfinite(x)) and np.any(x) for x in made.right.values()):
            return made
    raise AssignmentError(
        f"question {question.name}: the gradient is not finite, or 0, for all inputs drawn"
    )


def _made(question: CodeQuestion, graph: Any, point: Point, rng: np.random.Generator) -> Case:
    nodes = graph.nodes(point)
    of = nodes[question.parts[0].of]
    wrt = tuple(question.settings["wrt"])
    inputs = _inputs(point, nodes)
    output = of
    if question.ask in ("operation", "module") and UPSTREAM not in point:
        upstream = rng.normal(size=np.shape(of.value))
        output = (upstream * of).sum() if np.shape(upstream) else float(upstream) * of
        output = output.named("L")
        inputs[UPSTREAM] = upstream if np.shape(upstream) else float(upstream)
    if question.ask == "operation":
        first = [UPSTREAM, *wrt]
        inputs = {name: inputs[name] for name in [*first, *(x for x in inputs if x not in first)]}
    return Case(
        inputs, np.asarray(_forward(question, point, nodes).value, float), output, nodes, wrt
    )


def _forward(question: CodeQuestion, point: Point, nodes: Mapping[str, Node]) -> Node:
    """What a module's forward returns: y, where L = Σ G ⊙ y is differentiated, and else that itself."""
    of = nodes[question.parts[0].of]
    if UPSTREAM not in point or np.shape(of.value):
        return of
    shape = np.shape(point[UPSTREAM])
    return [x for x in nodes.values() if x.operands and np.shape(x.value) == shape][-1]


def _inputs(point: Point, nodes: Mapping[str, Node]) -> dict[str, Any]:
    """What is drawn, and of equations also the numbers that they state."""
    stated = {
        name: float(x.value)
        for name, x in nodes.items()
        if not x.operands and not np.shape(x.value)
    }
    drawn = {name: np.asarray(x) if np.shape(x) else float(x) for name, x in point.items()}
    return {**stated, **drawn} if stated else drawn


def varied(graph: Any, rng: np.random.Generator) -> Any:
    """The same model with other sizes: all different, all above 2, time steps at least four.

    Of two examples normalised together one is the other's negative, and hides much.
    """
    found: dict[str, Any] = {}
    free = iter(rng.permutation(np.arange(3, 11)).tolist())
    long = iter(rng.permutation(np.arange(11, 17)).tolist())  # of what is convolved
    for name, size in graph.sizes.items():
        if name in _FIXED or not isinstance(size, (int, tuple, list)) or isinstance(size, bool):
            found[name] = size
        elif name == "T":
            found[name] = int(rng.integers(*_STEPS))
        elif name in ("H", "width"):
            found[name] = next(long)
        else:
            found[name] = next(free) if isinstance(size, int) else tuple(next(free) for _ in size)
    return replace(graph, sizes=found)
