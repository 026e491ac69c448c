"""The project itself as a flow graph, from its imports: `python -m examples.house docs/house.svg`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

import viz
from autograd_lite import FlowGraph, Value

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = {
    "rules": "autograd_lite.rules",
    "arithmetics": "autograd_lite.arithmetics",
    "composed": "autograd_lite.composed",
    "checks": "autograd_lite.checks",
    "engine": "autograd_lite",
    "nn": "nn",
    "choose": "viz.choose",
    "formulas": "viz.formulas",
    "content": "viz.content",
    "layout": "viz.layout",
    "scene": "viz.scene",
    "look": "viz.look",
    "render": "viz.render",
    "chainrule": "viz.chainrule",
    "stepper": "viz.stepper",
    "plots": "viz.plots",
    "viz": "viz",
    "examples": "examples",
}
"""What each bubble is called, and the package it stands for, without those named above it."""


def imports() -> dict[str, set[str]]:
    """Which rooms each room imports from, directly and not by way of another room."""
    found: dict[str, set[str]] = {room: set() for room in ROOMS}
    for path in ROOT.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if (room := room_of(module)) is not None:
            found[room] |= {other for other in map(room_of, _imported(path)) if other} - {room}
    return {room: {x for x in direct if not _passes(found, direct - {x}, x)}
            for room, direct in found.items()}  # fmt: skip


def room_of(module: str) -> str | None:
    """The room in which a module lives.

    >>> room_of("viz.scene.compose"), room_of("viz"), room_of("numpy")
    ('scene', 'viz', None)
    """
    inside = [(len(package), room) for room, package in ROOMS.items()
              if f"{module}.".startswith(f"{package}.")]  # fmt: skip
    return max(inside)[1] if inside else None


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _passes(arrows: dict[str, set[str]], start: set[str], end: str) -> bool:
    """Whether one comes from some room of `start` to `end` along the imports."""
    walk, seen = list(start), set(start)
    for room in walk:
        fresh = arrows[room] - seen
        seen |= fresh
        walk += fresh
    return end in seen


def house() -> viz.Picture:
    """The rooms, each computed from those it imports."""
    rooms: dict[str, Value] = {}
    arrows = imports()
    while waiting := [room for room in ROOMS if room not in rooms]:
        room = next(r for r in waiting if arrows[r] <= rooms.keys())
        below = [rooms[other] for other in ROOMS if other in arrows[room]]
        rooms[room] = sum(below[1:], below[0] + 0.0) if below else Value(1.0)
        rooms[room].named(room)
    return viz.draw(FlowGraph(rooms["examples"]), style="structure")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
def main(path: Path) -> None:
    """Draw the house into the file at PATH; the suffix decides the format."""
    house().save(path)


if __name__ == "__main__":
    main()
