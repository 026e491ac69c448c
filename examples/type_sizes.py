"""How large the smallest type of each picture is on a slide of 13.33 × 7.5 inches, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import viz
from viz.scene.scaled import on_page, smallest_type
from viz.scene.scene import Scene

WIDTH, HEIGHT = 960.0, 540.0
LEAST: Final = 12.0
_HEAD: Final = """# Sizes of type

The smallest base size of a line of type in each picture of the gallery, in points, on a slide of
13.33 × 7.5 inches; scripts of formulas are 0.7 of it. `make gallery` prints this table, `make docs` writes
it. Pictures for a page of fixed size (`fit="slide"`, and models in a form of their own) have 12 points and
more; the others are as large as their graph, and what a slide makes of them stands here.

| picture | for a page of fixed size | pages | width × height | smallest type on a slide |
|---|---|---|---|---|
"""


def on_slide(scene: Scene) -> float:
    """The smallest base size of a picture that is shown as large as a slide holds it, in points."""
    return smallest_type(on_page(scene, WIDTH, HEIGHT, largest=1e9))


def is_fixed(scene: Scene) -> bool:
    """Whether a picture was made for a slide."""
    return (scene.width, scene.height) == (WIDTH, HEIGHT)


def row(name: str, picture: viz.Picture) -> str:
    """A line of the table."""
    scenes = [page.scene for page in picture.pages]
    size = min(map(on_slide, scenes))
    fixed = "yes" if is_fixed(scenes[0]) else ""
    wide, high = scenes[0].width, scenes[0].height
    return f"| {name} | {fixed} | {len(scenes)} | {wide:.0f} × {high:.0f} | {size:.1f} |"


def write(rows: Iterable[str], path: Path) -> None:
    """The whole table as a page of the docs."""
    path.write_text(_HEAD + "\n".join(rows) + "\n", encoding="utf-8")
