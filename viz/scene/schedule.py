"""Which part of a picture is seen when: one scene, and for each part the first picture with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from viz.look import palette, strokes
from viz.scene.scene import Arrow, Bubble, Scene, Text, TextBlock

COLOR: Final = palette.cut_color(0)
"""Of the cut, the arrows that cross it into the variable at hand, and their sum."""

_HIDDEN: Final = frozenset({"total", "label"})
_STYLED: Final = frozenset({"node", "tag", "edge"})


@dataclass(frozen=True)
class Reveal:
    """A scene part by part; picture 0 is the forward pass and has every bubble and arrow.

    first   by key, the first picture in which a bubble, arrow, tag or label is worked out
    during  by key, the only pictures with a cut or caption
    count   how many pictures there are
    """

    scene: Scene
    first: Mapping[str, int]
    during: Mapping[str, tuple[int, ...]]
    count: int

    def at(self, k: int) -> Scene:
        """The scene of picture k."""
        scene = self.scene
        return replace(
            scene,
            bubbles=tuple(self._bubble(bubble, k) for bubble in scene.bubbles),
            tags=tuple(self._tag(tag, k) for tag in scene.tags),
            arrows=tuple(self._arrow(arrow, k) for arrow in scene.arrows),
            labels=tuple(label for label in scene.labels if self.first[label.key] <= k),
            cuts=tuple(cut for cut in scene.cuts if k in self.during[cut.key]),
            captions=tuple(c for c in scene.captions if k in self.during.get(c.key, (k,))),
        )

    def _bubble(self, bubble: Bubble, k: int) -> Bubble:
        if k == 0 or self.first[bubble.key] <= k:
            return bubble
        return replace(bubble, role="later", texts=tuple(map(_pale, bubble.texts)))

    def _tag(self, tag: TextBlock, k: int) -> TextBlock:
        """Empty until its derivative is known."""
        return tag if self.first[tag.key] <= k else replace(tag, texts=())

    def _arrow(self, arrow: Arrow, k: int) -> Arrow:
        if k < self.first[arrow.key]:
            arrow = replace(arrow, pieces=(arrow.curve,))  # its label is not there yet
        if k and self.first[arrow.key] == k:
            return replace(arrow, color=COLOR, width=strokes.CUT)
        if k == 0 or self.first[arrow.key] < k:
            return arrow
        return replace(arrow, color=palette.BUBBLES["later"].line)

    def overlay(self, key: str) -> str:
        """The same for Beamer, whose overlays count from 1."""
        if key in self.during:
            return f"<{','.join(str(k + 1) for k in self.during[key])}>"
        kind, first = key.partition("-")[0], self.first.get(key.replace("total", "tag"), 0) + 1
        if kind not in _STYLED | _HIDDEN:
            return ""
        first = 0 if first > self.count else first  # never worked out
        if kind == "tag":
            return f", flow/slot={first}"
        if kind in _HIDDEN:
            return f"<{first}->" if first else "<0>"
        return f", flow/from={first}" + (f", flow/now={first}" if kind == "edge" else "")


def _pale(text: Text) -> Text:
    return replace(text, color=palette.BUBBLES["later"].text)
