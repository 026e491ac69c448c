"""`grading.design`: input numbers for which the mistakes give different answers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import GraphError, OperandError, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.tape import Tape
from autograd_lite.value import Value
from autograd_lite.variables import Key, as_list
from grading.asking import Asked, prepare
from grading.chance import chance, full_width

Ranges: TypeAlias = Mapping[str, tuple[float, float]]
Builder: TypeAlias = Callable[..., FlowGraph]

_LOOKS_RIGHT: Final = 25.0
"""A mistake that looks right weighs as much as so many ties of likely mistakes."""
_SAME: Final = 1e-9


@dataclass(frozen=True)
class Design:
    """Numbers for a question, and what they cannot tell apart.

    values       {input: its number}
    collisions   for each tie the mistakes that give different answers, but the same at so many digits
    looks_right  mistakes whose answer is the right one at so many digits
    flow         the graph with these numbers
    chance       the share of unrelated numbers that would be diagnosed

    >>> print(Design({"x": 0.7}, collisions=(("A4:x>h>y", "A18"),)))
    x = 0.7. Tied: A4:x>h>y = A18. Looks right: none.
    """

    values: Mapping[str, float]
    collisions: tuple[tuple[str, ...], ...] = ()
    looks_right: tuple[str, ...] = ()
    flow: FlowGraph | None = field(default=None, repr=False, compare=False)
    chance: float = 0.0

    def __str__(self) -> str:
        numbers = ", ".join(f"{name} = {x:g}" for name, x in self.values.items())
        ties = "; ".join(" = ".join(tie) for tie in self.collisions) or "none"
        right = ", ".join(self.looks_right) or "none"
        return f"{numbers}. Tied: {ties}. Looks right: {right}."


def design(  # noqa: PLR0913 - keywords, each a question of its own
    flow_builder: FlowGraph | Builder,
    *,
    wrt: Key | Iterable[Key],
    of: Key | None = None,
    hold: Iterable[Key] | None = None,
    inputs: Ranges | None = None,
    decimals: int = 1,
    draws: int = 400,
    digits: int = 4,
    seed: int = 0,
) -> Design:
    """The numbers, of many drawn, for which the fewest mistakes can be mistaken for each other.

    Each pair of mistakes whose answers agree at `digits` counts with the product of their priors; a
    mistake that looks right counts most. All draws are evaluated at once.

    flow_builder  a graph, or a function that makes one of its inputs' numbers: lambda x, w: FlowGraph(…)
    wrt           the variable to differentiate by, or several, of a table; of, hold  as in `diagnose`
    inputs        {name: (low, high)}; by default from half the recorded number to twice it
    decimals      of the numbers; one input alone has two, since else there are few of them
    digits        significant digits of the answers

    >>> from autograd_lite import Value, sin
    >>> def build(x):
    ...     x = Value(x, name="x")
    ...     return FlowGraph((sin(x) * x**2).named("y"))
    >>> found = design(build, wrt="x", inputs={"x": (0.5, 1.4)})
    >>> list(found.values), found.looks_right, found.flow.output.name
    (['x'], (), 'y')

    Raises OperandError for a range that is none or a name that no input has, GraphError where nothing drawn
    has a derivative.
    """
    return designs(
        flow_builder, 1, wrt=wrt, of=of, hold=hold, inputs=inputs, decimals=decimals, draws=draws,
        digits=digits, seed=seed,
    )[0]  # fmt: skip


def designs(  # noqa: PLR0913 - keywords, each a question of its own
    flow_builder: FlowGraph | Builder,
    count: int,
    *,
    wrt: Key | Iterable[Key],
    of: Key | None = None,
    hold: Iterable[Key] | None = None,
    inputs: Ranges | None = None,
    decimals: int = 1,
    draws: int = 400,
    digits: int = 4,
    seed: int = 0,
) -> list[Design]:
    """The best `count` of the numbers drawn, one for each variant of a question: see `design`."""
    flow, ranges = _start(flow_builder, inputs)
    numbers = _drawn(ranges, decimals, draws, seed)
    asked = [prepare(flow, v, of=of, hold=hold, values=numbers) for v in as_list(wrt)]
    scores = np.sum([scored(q, digits) for q in asked], axis=0)
    order = np.argsort(scores, kind="stable")
    order = order[np.isfinite(scores[order])][:count]
    if not order.size:
        raise GraphError(
            "for none of the numbers drawn is the derivative defined: give other ranges"
        )
    return [_designed(flow_builder, asked, numbers, int(k), digits) for k in order]


def scored(asked: Asked, digits: int) -> NDArray[Any]:
    """For each of the K points the prior-weighted collisions; infinite where the answer is undefined or 0."""
    classes = _classes(asked)
    values, priors = asked.numbers[classes], asked.priors[classes].astype(float)
    right = np.asarray(asked.right, float)
    unit = full_width(values, digits)
    with np.errstate(invalid="ignore"):
        looks_right = (np.abs(values - right) <= unit) * priors[:, None] * _LOOKS_RIGHT
        order = np.argsort(values, axis=0)
        ordered = np.take_along_axis(values, order, axis=0)
        close = np.diff(ordered, axis=0) <= np.take_along_axis(unit, order, axis=0)[1:]
        weight = priors[order][1:] * priors[order][:-1]
    scores = looks_right.sum(axis=0) + (close * weight).sum(axis=0)
    defined = np.isfinite(right) & np.isfinite(asked.rows[asked.of])
    return np.where(defined & (right != 0), scores, np.inf)


def _classes(asked: Asked) -> NDArray[np.int_]:
    """One candidate, the likeliest, of each mistake that has several names; none that is always right."""
    first: dict[int, int] = {}
    for i in np.argsort(asked.ranks):
        synonym = asked.candidates[i].synonym
        first.setdefault(synonym if synonym >= 0 else -1 - int(i), int(i))
    chosen = np.array(sorted(first.values()), int)
    right = np.asarray(asked.right, float)
    with np.errstate(invalid="ignore"):
        always = np.abs(asked.numbers[chosen] - right) <= _SAME * np.abs(right)
    return np.asarray(chosen[~(always | ~np.isfinite(right)).all(axis=1)])


def _start(
    flow_builder: FlowGraph | Builder, inputs: Ranges | None
) -> tuple[FlowGraph, dict[str, tuple[float, float]]]:
    """A graph to draw numbers for, and the range of each of its inputs that vary."""
    if isinstance(flow_builder, FlowGraph):
        flow = _of_values(flow_builder)
        ranges = (
            dict(inputs) if inputs else {str(v.name): _around(v) for v in flow.inputs if v.name}
        )
    elif not inputs:
        raise OperandError("a function that builds a graph needs inputs={name: (low, high)}")
    else:
        ranges = dict(inputs)
        middle = {name: sum(_checked(name, r)) / 2 for name, r in ranges.items()}
        flow = _of_values(flow_builder(**middle))
    for name, limits in ranges.items():
        _checked(name, limits)
        if name not in (known := [str(v.name) for v in flow.inputs]):
            raise OperandError(f"no input is called {name!r}; {did_you_mean(name, known)}")
    return flow, ranges


def _of_values(flow: FlowGraph) -> FlowGraph:
    if not isinstance(flow.output, Value):
        raise OperandError(
            "numbers are designed for graphs of Values; arrays tell mistakes apart anyway"
        )
    return flow


def _around(v: Node) -> tuple[float, float]:
    x = float(plain(v)) or 1.0
    return (x / 2, 2 * x) if x > 0 else (2 * x, x / 2)


def _checked(name: str, limits: Sequence[float]) -> tuple[float, float]:
    try:
        low, high = (float(x) for x in limits)
    except (TypeError, ValueError):
        low = high = np.nan
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise OperandError(
            f"the range of {name} is (low, high) with low < high, not {limits!r:.40}"
        )
    return low, high


def _drawn(ranges: Ranges, decimals: int, draws: int, seed: int) -> dict[str, NDArray[Any]]:
    """Random numbers with so many decimals, none of them zero, each set once."""
    random = np.random.default_rng(seed)
    places = max(decimals, 2) if len(ranges) == 1 else decimals
    found = {}
    for name, (low, high) in ranges.items():
        step = 10.0**-places
        numbers = np.round(random.uniform(low, high, draws), places)
        numbers = np.where(numbers == 0, step if high > 0 else -step, numbers)
        found[name] = np.clip(numbers, low, high)
    _, first = np.unique(np.array([*found.values()]), axis=1, return_index=True)
    return {name: numbers[np.sort(first)] for name, numbers in found.items()}


def _designed(
    flow_builder: FlowGraph | Builder,
    asked: Sequence[Asked],
    numbers: Mapping[str, NDArray[Any]],
    k: int,
    digits: int,
) -> Design:
    values = {name: float(np.round(x[k], 12)) for name, x in numbers.items()}
    ties = [tie for q in asked for tie in tied(q, digits, k)]
    right = [c for q in asked for c in looking_right(q, digits, k)]
    risk = max(chance(q, digits, k) for q in asked)
    return Design(values, tuple(ties), tuple(right), _at(flow_builder, values), risk)


def tied(asked: Asked, digits: int, k: int = 0) -> list[tuple[str, ...]]:
    """The classes of mistakes whose answers are different numbers, but the same at so many digits."""
    classes = _classes(asked)
    values = asked.numbers[classes, k]
    order = np.argsort(values)
    unit = full_width(values, digits)
    groups: list[list[int]] = []
    for i in order[np.isfinite(values[order])]:
        if groups and values[i] - values[groups[-1][-1]] <= unit[i]:
            groups[-1].append(int(i))
        else:
            groups.append([int(i)])
    return [tuple(asked.candidates[classes[i]].identifier for i in g) for g in groups if len(g) > 1]


def looking_right(asked: Asked, digits: int, k: int = 0) -> list[str]:
    """The mistakes whose answer is the right one at so many digits, though not whatever the numbers."""
    classes = _classes(asked)
    right = float(asked.right[k])
    near = np.abs(asked.numbers[classes, k] - right) <= full_width(right, digits)
    return [asked.candidates[i].identifier for i in classes[near]]


def _at(flow_builder: FlowGraph | Builder, values: Mapping[str, float]) -> FlowGraph:
    """The graph with these numbers; the one that was given is left as it is."""
    if not isinstance(flow_builder, FlowGraph):
        return flow_builder(**values)
    flow = copy.deepcopy(flow_builder)
    for v in flow.inputs:
        if v.name in values:
            v.data = values[v.name]  # type: ignore[attr-defined]
    Tape(flow.output).evaluate()
    return FlowGraph(flow.output, flow.variables)


__all__ = ["Design", "design", "designs", "looking_right", "scored", "tied"]
