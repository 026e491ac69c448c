"""Values and derivatives of a graph of Tensors, by calls that are made ready when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np

from autograd_lite.programs.arrays.forward import lower_tangents
from autograd_lite.programs.arrays.lowering import Lowered, lower
from autograd_lite.programs.arrays.reverse import lower_adjoints
from autograd_lite.programs.arrays.running import Runner
from autograd_lite.programs.graph import Graph


class ArrayBackend:
    """A graph of Tensors, run on arrays; see `Backend`.

    One call runs at a time, since all write to the same memory.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.lock = Lock()
        self.runners: dict[tuple[Any, ...], Runner] = {}

    def value(self, leaves: Sequence[Any]) -> list[Any]:
        """The results."""
        with self.lock:
            return self._values(leaves)

    def pull(
        self, leaves: Sequence[Any], seeds: Sequence[Any], wanted: tuple[int, ...]
    ) -> tuple[list[Any], list[Any], bool]:
        """The results, the adjoints of the leaves at the places `wanted`, and whether nan is among these.

        seeds  the adjoint of each result: an array of its shape, or the number 1.0 for ones
        """
        key = ("pull", wanted, tuple(map(_is_one, seeds)))
        with self.lock:
            if key not in self.runners:
                self.runners[key] = self._puller(seeds, wanted)
            given = [seed for seed in seeds if not _is_one(seed)]
            return self._split(self.runners[key], [*leaves, *given])

    def push(
        self, leaves: Sequence[Any], tangents: Sequence[Any]
    ) -> tuple[list[Any], list[Any], bool]:
        """The results, their tangents, and whether nan is among these.

        tangents  how each leaf moves; None where it does not
        """
        key = ("push", tuple(t is None for t in tangents))
        with self.lock:
            if key not in self.runners:
                self.runners[key] = self._pusher(tangents)
            given = [t for t in tangents if t is not None]
            return self._split(self.runners[key], [*leaves, *given])

    def memory(self) -> int:
        """Bytes of a run with the gradient by all leaves."""
        return self._puller([1.0 for _ in self.graph.results], self._all).nbytes

    def _split(self, runner: Runner, leaves: Sequence[Any]) -> tuple[list[Any], list[Any], bool]:
        found, n = runner(leaves), self._count
        return found[:n], found[n:], runner.has_nan(found, n)

    @cached_property
    def _count(self) -> int:
        return len(self.graph.results)

    @cached_property
    def _all(self) -> tuple[int, ...]:
        return tuple(range(len(self.graph.leaves)))

    def _values(self, leaves: Sequence[Any]) -> list[Any]:
        if ("value",) not in self.runners:
            self.runners[("value",)] = self._runner(lambda _: [])
        return self.runners[("value",)](leaves)

    def _puller(self, seeds: Sequence[Any], wanted: tuple[int, ...]) -> Runner:
        nodes = [self.graph.leaves[k] for k in wanted]

        def adjoints(lowered: Lowered) -> list[Any]:
            given = {
                y: 1.0 if _is_one(seed) else lowered.recording.input(f"seed{k}", seed)
                for k, (y, seed) in enumerate(zip(self.graph.results, seeds, strict=True))
            }
            lower_adjoints(lowered, nodes, given)
            return [_spread(lowered.adjoints.get(x, 0.0), x._data) for x in nodes]

        return self._runner(adjoints)

    def _pusher(self, tangents: Sequence[Any]) -> Runner:
        def slopes(lowered: Lowered) -> list[Any]:
            seeds = {
                x: lowered.recording.input(f"tangent{k}", t)
                for k, (x, t) in enumerate(zip(self.graph.leaves, tangents, strict=True))
                if t is not None
            }
            lower_tangents(lowered, seeds)
            return [_spread(lowered.tangents.get(y, 0.0), y._data) for y in self.graph.results]

        return self._runner(slopes)

    def _runner(self, derivatives: Callable[[Lowered], list[Any]]) -> Runner:
        """A runner of the values and of these derivatives."""
        try:
            lowered = lower(self.graph, has_numbers=False)
            more = derivatives(lowered)
        except np.linalg.LinAlgError:  # a matrix that only its own numbers make regular
            lowered = lower(self.graph)
            more = derivatives(lowered)
        values = [lowered.values[y] for y in self.graph.results]
        kept = {lowered.leaves[x] for x in self.graph.parameters}
        runner = Runner(lowered.recording, [*values, *more], kept)
        lowered.recording.forget()
        return runner


def _is_one(seed: Any) -> bool:
    return type(seed) is float and seed == 1.0


def _spread(d: Any, x: Any) -> Any:
    """A derivative in the shape of x, where it may be one number for all entries."""
    return np.full(x.shape, d, x.dtype) if type(d) is float else d
