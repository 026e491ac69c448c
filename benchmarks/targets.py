"""What is to reach in the works on arrays: programs, and the eager engine."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.outcome import Goal, Limit, Race

FLOOR = {"T1": 1.05, "T2": 1.10, "T3": 1.05, "T4": 1.05, "T5": 1.05, "T6": 1.0}
FLOOR_32 = 1.10
AHEAD_OF_TORCH = {"float64": 6, "float32": 5}  # of the works T1 … T6
WORKS = 6
AHEAD_OF_JAX = {"T1", "T3", "T4"}
EAGER_TORCH = {"T1": 1.0, "T3": 0.9, "T4": 1.2, "T5": 1.0}
EAGER_OTHERS = {"mygrad": 1 / 1.5, "autograd": 1 / 1.5}
EAGER_T2 = 2.85  # times the floor: where the eager engine stood when programs were begun


def of_sweeps(work: str, dtype: str) -> list[Limit]:
    """A program's value and gradient against the floor and the compiled peers."""
    if dtype == "float32":
        return [Limit("program", "floor", FLOOR_32)] if work != "T6" else []
    limits = [Limit("program", "floor", FLOOR[work]), Limit("program", "torch", 1.0)]
    if work in AHEAD_OF_JAX:
        limits.append(Limit("program", "jax", 1.0))
    return limits


def of_eager(work: str, dtype: str = "float64") -> list[Limit]:
    """The eager engine against those that keep no program either."""
    if dtype == "float32":
        return []
    others = [Limit("eager", name, limit) for name, limit in EAGER_OTHERS.items() if work != "T4"]
    if work == "T2":
        return [Limit("eager", "floor", EAGER_T2), *others]
    return [Limit("eager", "torch", EAGER_TORCH[work]), *others]


def ahead_of_torch(races: Iterable[Race]) -> list[Goal]:
    """On how many of the works T1 … T6 a program's value and gradient takes less time than torch's.

    Nothing where none of them was run.
    """
    goals, raced = [], False
    for dtype, wanted in AHEAD_OF_TORCH.items():
        ratios = {
            race.work.split()[0]: race.times.ratio("program", "torch")
            for race in races
            if race.what == "value and gradient"
            and race.work.endswith(dtype)
            and race.times.taken.keys() >= {"program", "torch"}
        }
        ahead = [work for work, ratio in ratios.items() if ratio <= 1.0]
        told = f"program ahead of torch, {dtype}: {_listed(ahead)} of {_listed(ratios)}"
        found = len(ahead) if len(ratios) == WORKS else None
        goals.append(Goal("T1–T6", told, wanted, found, "works", at_least=True))
        raced = raced or bool(ratios)
    return goals if raced else []


def _listed(works: Iterable[str]) -> str:
    return " ".join(works) or "none"
