"""What stands on a model's picture, for tests: faults, type, words, and the numbers behind coloured cells."""

from __future__ import annotations

from typing import Any

import numpy as np

import viz
from viz.forms.words import SMALLEST
from viz.scene.check import faults
from viz.scene.scaled import smallest_type
from viz.scene.scene import Scene


def scenes(picture: viz.Picture) -> list[Scene]:
    """The pages of a picture, each free of faults and with type that can be read on a slide."""
    found = [page.scene for page in picture.pages]
    for scene in found:
        assert (scene.width, scene.height) == (960, 540)
        assert not faults(scene)
        assert smallest_type(scene) >= SMALLEST
    return found


def words(scene: Scene) -> list[str]:
    """Every line of type, as its source."""
    return [text.source for _, text in scene.texts()]


def shades(scene: Scene, key: str) -> Any:
    """The numbers of a heat map, as shares of the deepest colour."""
    heat = next(heat for heat in scene.heats if heat.key == key)
    return np.array(heat.heat.rows)
