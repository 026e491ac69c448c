"""A page onto which a form puts the parts of a model's picture, each by its place and its words."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Final

from viz.forms import words
from viz.forms.ground import Ground
from viz.forms.rows import Row, place, size
from viz.layout.check import crossings
from viz.layout.geometry import Box, Curve, Point, straight
from viz.layout.graph import Node
from viz.layout.rounded import circle, rounded
from viz.look import palette, strokes
from viz.scene.scene import (
    Arrow,
    Bubble,
    CutLine,
    Dot,
    Scene,
    Text,
    TextBlock,
    Wire,
)
from viz.scene.typeset import all_moved, line

WIDTH, HEIGHT = 960.0, 540.0
DOT: Final = 4.2
BADGE: Final = 12.5  # half the height of a badge
HEAVY: Final = 3.6  # the stroke of a path that matters
_PAD: Final = (9.0, 7.0)
_TAG_PAD: Final = (6.0, 4.0)
_ROUND: Final = 1.22  # how much wider an ellipse is than the box of its words
_OPERATOR: Final = 14.0  # radius of a circle with a sign


class Board(Ground):
    """Collects the parts of a picture; `scene()` gives them as a Scene.

    title  of the document, for readers that cannot see the picture

    Places are points from the lower left corner. A part's key is what its method returns, and arrows are
    given the keys of the bubbles or boxes that they join.
    """

    def __init__(self, title: str, width: float = WIDTH, height: float = HEIGHT) -> None:
        super().__init__()
        self.title, self.width, self.height = title, width, height
        self._bubbles: list[Bubble] = []
        self._tags: list[TextBlock] = []
        self._arrows: list[Arrow] = []
        self._cuts: list[CutLine] = []
        self._wires: list[Wire] = []
        self._dots: list[Dot] = []
        self._badges: list[Bubble] = []

    # --- bubbles and boxes ---------------------------------------------------------------------------

    def bubble(  # noqa: PLR0913 - keywords, each a question of its own
        self,
        at: Point,
        rows: Sequence[Row],
        role: str = "inner",
        *,
        is_round: bool = True,
        least: tuple[float, float] = (0.0, 0.0),
        accent: bool = False,
        tag: Sequence[Row] = (),
        grow: float = _ROUND,
    ) -> str:
        """An ellipse (or a box) about a point, large enough for its rows and at least `least`.

        tag   rows for its total derivative, on the lower edge
        grow  how much wider an ellipse is than its rows
        """
        key = f"node-{len(self._bubbles)}"
        wide, high = size(rows) if rows else (0.0, 0.0)
        grow, lift = grow if is_round else 1.0, _tag_height(tag) / 4
        rx = max(wide / 2 * grow + _PAD[0], least[0] / 2)
        ry = max(high / 2 * grow + _PAD[1] + (0.0 if is_round else lift), least[1] / 2)
        body = Box(at.x - rx, at.y - ry, at.x + rx, at.y + ry)
        texts = self._placed(rows, at.moved(Point(0, lift)), key.replace("node", "heat"))
        self._bubbles.append(Bubble(key, role, body, is_round, texts, accent))
        if tag:
            self.tag(key, Point(at.x, body.bottom), tag)
        return key

    def box(
        self,
        at: Point,
        rows: Sequence[Row],
        role: str = "inner",
        *,
        least: tuple[float, float] = (0.0, 0.0),
        tag: Sequence[Row] = (),
    ) -> str:
        """A rounded box about a point."""
        return self.bubble(at, rows, role, is_round=False, least=least, tag=tag)

    def operator(self, at: Point, sign: str, color: str | None = None) -> str:
        r"""A small circle that adds or multiplies: sign is LaTeX, as r"\times" or "+"."""
        key = f"node-{len(self._bubbles)}"
        text = line(sign, words.NAME, color or palette.BUBBLES["operator"].text)
        middle = text.box.center
        texts = all_moved([text], Point(at.x - middle.x, at.y - middle.y))
        body = Box(at.x, at.y, at.x, at.y).grown(_OPERATOR)
        self._bubbles.append(Bubble(key, "operator", body, True, texts, color == palette.ACCENT))
        return key

    def tag(self, owner: str, at: Point, rows: Sequence[Row]) -> None:
        """A total derivative on the lower edge of a bubble or box, about a point."""
        wide, high = size(rows, 3.0)
        box = Box(at.x - wide / 2, at.y - high / 2, at.x + wide / 2, at.y + high / 2)
        box = Box(
            box.left - _TAG_PAD[0], box.bottom - _TAG_PAD[1],
            box.right + _TAG_PAD[0], box.top + _TAG_PAD[1],
        )  # fmt: skip
        key = owner.replace("node", "tag")
        made = place(rows, at, f"{key}-heat", 3.0)
        self._heats += made.heats
        self._tags.append(TextBlock(key, box, made.texts))

    def badge(self, at: Point, source: str) -> None:
        """A small golden box about a point: what a box does to its sum, as σ or tanh."""
        text = line(source, words.EQUATION, palette.TEXT)
        half = Point(max(text.box.width / 2 + 7, 20.0), BADGE)
        middle = text.box.center
        texts = all_moved([text], Point(at.x - middle.x, at.y - middle.y))
        box = Box(at.x - half.x, at.y - half.y, at.x + half.x, at.y + half.y)
        key = f"badge-{len(self._badges)}"
        self._badges.append(Bubble(key, "activation", box, False, texts))

    def box_of(self, key: str) -> Box:
        """The outline of a bubble or box, without its tag."""
        return self._find(key).box

    def whole(self, key: str) -> Box:
        """The outline of a bubble or box with its tag."""
        tags = [tag.box for tag in self._tags if tag.key == key.replace("node", "tag")]
        box = self.box_of(key)
        return box.joined(tags[0]) if tags else box

    def edge(self, key: str, toward: Point) -> Point:
        """Where a line from the bubble's middle to a point leaves it, or its tag."""
        bubble = self._find(key)
        at, outline = bubble.box.center, self.whole(key).moved(Point(0, 0))
        tag = Box(
            outline.left - at.x, outline.bottom - at.y, outline.right - at.x, outline.top - at.y
        )
        tagged = tag if outline != bubble.box and not bubble.round else None
        node = Node(bubble.box.width / 2, bubble.box.height / 2, tagged, bubble.round)
        way = Point(toward.x - at.x, toward.y - at.y)
        if not bubble.round and (abs(way.x) < bubble.box.width / 2) != (
            abs(way.y) < bubble.box.height / 2
        ):
            return _straight_out(outline, toward)  # along an axis: at a right angle
        share = node.reach(way) / ((way.x**2 + way.y**2) ** 0.5 or 1.0)
        return Point(at.x + way.x * share, at.y + way.y * share)

    # --- lines ---------------------------------------------------------------------------------------

    def arrow(
        self,
        source: str,
        target: str,
        *,
        via: Sequence[Point] = (),
        color: str = palette.EDGE,
        width: float = strokes.LINE,
    ) -> Curve:
        """An arrow from bubble to bubble, along the axes through `via`; between two it is straight."""
        first = via[0] if via else self.box_of(target).center
        last = via[-1] if via else self.box_of(source).center
        start, end = self.edge(source, first), self.edge(target, last)
        curve = rounded([start, *via, end]) if via else (straight(start, end),)
        return self.curve(source, target, curve, color, width)

    def curve(
        self,
        source: str,
        target: str,
        curve: Curve,
        color: str = palette.EDGE,
        width: float = strokes.LINE,
    ) -> Curve:
        """An arrow from bubble to bubble along a curve that is given whole."""
        key = f"edge-{len(self._arrows)}"
        self._arrows.append(Arrow(key, source, target, curve, (curve,), color, width))
        return curve

    def wire(
        self,
        points: Sequence[Point],
        color: str,
        *,
        width: float = strokes.LINE,
        head: bool = False,
        dash: tuple[float, float] | None = None,
        corner: float = 10.0,
    ) -> Curve:
        """A line through points, with rounded corners, that joins no two bubbles."""
        curve = rounded(list(points), corner)
        self._wires.append(Wire(f"wire-{len(self._wires)}", curve, color, width, head, dash))
        return curve

    def ring(
        self,
        at: Point,
        radius: float,
        color: str,
        *,
        width: float = strokes.LINE,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """A circle that is no bubble."""
        key = f"wire-{len(self._wires)}"
        self._wires.append(Wire(key, circle(at, radius), color, width, False, dash))

    def dot(self, at: Point, color: str, radius: float = DOT) -> None:
        """A filled point: a branch of a bus, or a use of a shared weight."""
        self._dots.append(Dot(f"dot-{len(self._dots)}", at, radius, color))

    def cut(self, points: Sequence[Point], crossings: Sequence[Point], color: str) -> None:
        """A dashed line, with a circle at each of the crossings that carry something of the sum."""
        key = f"cut-{len(self._cuts)}"
        self._cuts.append(CutLine(key, tuple(points), tuple(crossings), color))

    def crossed(self, line: Sequence[Point], sources: Set[str], color: str) -> list[Point]:
        """Where a line crosses the arrows that leave some bubbles; these arrows get its colour."""
        met: list[Point] = []
        for k, arrow in enumerate(self._arrows):
            at = crossings(arrow.curve, tuple(line)) if arrow.source in sources else []
            met += at
            if at:
                self._arrows[k] = replace(arrow, color=color, width=strokes.CUT)
        return met

    def scene(self) -> Scene:
        """Everything on its page."""
        return Scene(
            self.width, self.height, self.title,
            tuple(self._bubbles), tuple(self._tags), tuple(self._arrows), tuple(self._labels),
            tuple(self._cuts), tuple(self._captions), tuple(self._heats), tuple(self._plates),
            tuple(self._wires), tuple(self._dots), tuple(self._badges), tuple(self._frames),
        )  # fmt: skip

    # --- inside --------------------------------------------------------------------------------------

    def _placed(self, rows: Sequence[Row], center: Point, key: str) -> tuple[Text, ...]:
        if not rows:
            return ()
        made = place(rows, center, key)
        self._heats += made.heats
        return made.texts

    def _find(self, key: str) -> Bubble:
        return next(bubble for bubble in self._bubbles if bubble.key == key)


def _straight_out(box: Box, toward: Point) -> Point:
    if box.left < toward.x < box.right:
        return Point(toward.x, box.top if toward.y > box.center.y else box.bottom)
    return Point(box.right if toward.x > box.center.x else box.left, toward.y)


def _tag_height(tag: Sequence[Row]) -> float:
    return size(tag, 3.0)[1] + 2 * _TAG_PAD[1] if tag else 0.0
