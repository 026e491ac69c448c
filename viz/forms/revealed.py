"""Models whose form has pages of its own for `viz.slides`: forward part by part, then the gradient back."""

from __future__ import annotations

from collections.abc import Sequence

from viz.forms.cell import find
from viz.forms.cell_reveal import reveal
from viz.forms.form import Asked
from viz.scene.scene import Scene
from viz.scene.schedule import Reveal


def revealed_pages(asked: Asked) -> Sequence[Scene] | None:
    """The pages back to the one variable in `wrt`, when it is a state that a gated cell carries along.

    None for everything else: the usual slides tell that.
    """
    if len(asked.wrt) != 1:
        return None
    cell = find(asked)
    return reveal(asked, cell) if cell is not None and cell.previous is asked.wrt[0] else None


class Still(Reveal):
    """A scene as the only picture of a reveal, so that it is a page and a Beamer frame of its own."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene, {}, {}, 1)

    def at(self, k: int) -> Scene:
        """The scene as it is."""
        return self.scene

    def overlay(self, key: str) -> str:
        """Nothing comes or goes."""
        return ""
