"""Along what cost grows: the number of scalar nodes, the length of a sequence, the size of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks import engines, recorded, s1, sequences, t1
from benchmarks.engines import Engine
from benchmarks.race import Run


@dataclass(frozen=True)
class Axis:
    """One quantity, and how everybody's value and gradient is made at one size of it.

    most  the largest size for who would take minutes beyond it
    """

    title: str
    sizes: tuple[int, ...]
    makers: Mapping[str, Callable[[int], Run]]
    most: Mapping[str, int]

    def sizes_of(self, name: str) -> list[int]:
        """The sizes at which one of them is measured."""
        return [size for size in self.sizes if size <= self.most.get(name, size)]


def _built(load: Callable[[], Engine]) -> Callable[[int], Run]:
    return lambda size: s1.work(load(), size)


def _recorded(make: Callable[..., recorded.Recorded]) -> Callable[[int], Run]:
    def run(size: int) -> Run:
        made = make(s1.chain(size), s1.INPUTS)
        return lambda: (made.run(), made)  # whose buffers must live as long

    return run


def _length(name: str) -> Callable[[int], Run]:
    return lambda T: sequences.Work("RNN", (T, 32, 16, 64)).makers[name]().sweep


def _batch(name: str) -> Callable[[int], Run]:
    return lambda n: t1.Work("float64", n).makers[name]().sweep


WITH_ARRAYS = ("eager", "program", "floor", "torch", "jax")
AXES = {
    "nodes": Axis(
        "scalar nodes (S1)",
        (100, 1_000, 10_000, 100_000, 1_000_000),
        {
            "eager": _built(lambda: engines.here(arrays=False)),
            "program": _recorded(recorded.program),
            "torch": _built(engines.PEERS["torch"]),
            "micrograd": _built(engines.PEERS["micrograd"]),
            "casadi": _recorded(recorded.casadi),
        },
        {"torch": 100_000, "micrograd": 100_000, "casadi": 100_000},
    ),
    "length": Axis(
        "length of the sequence (T2)",
        (10, 30, 100, 300, 1_000),
        {name: _length(name) for name in WITH_ARRAYS},
        {},
    ),
    "batch": Axis(
        "batch (T1)",
        (1, 4, 16, 64, 256, 1_024),
        {name: _batch(name) for name in WITH_ARRAYS},
        {},
    ),
}
