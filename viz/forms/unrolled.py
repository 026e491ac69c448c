"""Unrolled loops: which form the picture of one takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from viz.forms import loop_drawing, memory_drawing
from viz.forms.form import Asked, Form
from viz.forms.loop import Loop, loops
from viz.scene.scene import Scene


def find(asked: Asked) -> list[Loop] | None:
    """The loops of a graph, one for each layer; None where nothing repeats."""
    return loops(asked) or None


def draw(asked: Asked, found: Sequence[Loop]) -> list[Scene]:
    """A page for each loop, the last layer's first."""
    return [
        (memory_drawing if loop.memory else loop_drawing).draw(asked, loop)
        for loop in reversed(found)
    ]


UNROLLED: Final = Form("unrolled", find, draw)
