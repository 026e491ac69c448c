"""The project itself as a flow graph, from its imports: `python -m examples.house docs/house.svg`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

import click

import viz
from autograd_lite import FlowGraph, Value

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = {
    "words": "errors automatic names spellings habits bits trees differences frames",
    "record": "record",
    "node": "node watches modes operands origins not_arrays",
    "rules": "rules",
    "arithmetics": "arithmetics",
    "sweeps": "order malrules edits sweeps",
    "functions": "arguments composed functions linalg",
    "values": """real_numbers in_place indexing numpy_calls ways_out copying dlpack written node_methods value
              array_node _tensor""",
    "tape": "tape",
    "derivatives": "differentiable tracing derivatives transposing",
    "flow": "variables dependence between roundoff paths cut limits flow",
    "equations": "syntax expressions _equations",
    "checks": "checks",
    "source": "source",
    "programs": "programs",
    "interop": "interop",
}
"""Rooms of the engine, and which of its modules live there; each package of viz is a room of its own."""

OUTSIDE: Final = ("nn", "examples", "grading", "viz")
UPWARD: Final = {("node", "tape"), ("record", "derivatives")}
"""What reaches up from inside a function, so that `y.backward()` and `rule.vjp(i)` can be written."""


def imports() -> dict[str, set[str]]:
    """From which rooms each room imports."""
    found: dict[str, set[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if module != "autograd_lite" and (room := room_of(module)):
            others = {other for other in map(room_of, _imported(path)) if other}
            found[room] = found.get(room, set()) | others - {room}
    return {room: {x for x in others if (room, x) not in UPWARD} for room, others in found.items()}


def room_of(module: str) -> str | None:
    """The room in which a module lives; None for what is not the project's.

    >>> room_of("viz.scene.compose"), room_of("viz"), room_of("autograd_lite.edits"), room_of("numpy")
    ('scene', 'viz', 'sweeps', None)
    """
    package, _, inner = module.partition(".")
    first = inner.partition(".")[0]
    if package == "autograd_lite":
        return next((room for room, names in ROOMS.items() if first in names.split()), None)
    if package == "viz" and (ROOT / "viz" / first).is_dir() and first:
        return first
    return package if package in OUTSIDE else None


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def direct(arrows: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """The arrows that no detour of others replaces, from the bottom up.

    >>> direct({"a": set(), "b": {"a"}, "c": {"a", "b"}})
    {'a': [], 'b': ['a'], 'c': ['b']}
    """
    below: dict[str, set[str]] = {}
    kept = {}
    for room in TopologicalSorter(arrows).static_order():
        known = arrows.get(room, set())
        through = set().union(*(below[other] for other in known))
        kept[room] = sorted(known - through)
        below[room] = known | through
    return kept


def house() -> viz.Picture:
    """The rooms, each computed from those it imports."""
    rooms: dict[str, Value] = {}
    for room, others in direct(imports()).items():
        known = [rooms[other] for other in others]
        rooms[room] = (sum(known[1:], known[0] * 1.0) if known else Value(1.0)).named(room)
    return viz.draw(FlowGraph(rooms["examples"]), style="structure")


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
def main(paths: tuple[Path, ...]) -> None:
    """Draw the house into the files at PATHS; the suffix decides the format."""
    picture = house()
    for path in paths:
        picture.save(path)


if __name__ == "__main__":
    main()
