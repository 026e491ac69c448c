"""A wide scene on several pages: each seam is a cut of the graph, and what crosses it says where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from viz.layout.geometry import Box, Cubic, Curve, Point
from viz.look import palette
from viz.scene.scaled import moved
from viz.scene.scene import Arrow, CutLine, Scene, Text, TextBlock, Wire
from viz.scene.typeset import all_moved, line

_STUB: Final = 62.0  # points beside a seam, for the names of what goes on
_CLEAR: Final = 8.0  # between a seam and what stands beside it
_STEPS: Final = 24  # places tried on each piece of a curve
_HALVINGS: Final = 30


def split(scene: Scene, width: float) -> list[Scene]:
    """The scene from left to right on pages of this width; the scene alone where it fits or has no seam.

    A seam runs where no bubble and no word stands. The arrows that cross it are those of the cut with
    everything to its left on the near side.
    """
    if scene.width <= width:
        return [scene]
    seams = list(_seams(scene, width))
    if not seams:
        return [scene]
    ends = list(pairwise([0.0, *seams, scene.width]))
    last = len(ends) - 1
    return [_Part(scene, a, b, k == 0, k == last).scene(width) for k, (a, b) in enumerate(ends)]


def _seams(scene: Scene, width: float) -> Iterator[float]:
    """Places of the seams, each page as full as it can be; none where a page cannot end."""
    boxes = [box.grown(_CLEAR) for box in _solid(scene)]
    places = sorted({box.right for box in boxes})
    free = [x for x in places if not any(box.left < x < box.right for box in boxes)]
    start, room, found = 0.0, width - _STUB, []
    while scene.width - start > width - (_STUB if start else 0.0):
        fitting = [x for x in free if start + _STUB < x <= start + room]
        if not fitting:
            return
        start, room = fitting[-1], width - 2 * _STUB
        found.append(start)
    yield from found


def _solid(scene: Scene) -> Iterator[Box]:
    yield from (bubble.box for bubble in scene.bubbles)
    yield from (block.box for block in (*scene.tags, *scene.labels))
    yield from (heat.box for heat in scene.heats)


@dataclass(frozen=True)
class _Part:
    """What stands between two seams."""

    whole: Scene
    left: float
    right: float
    is_first: bool
    is_last: bool

    def scene(self, width: float) -> Scene:
        """On a page of its own, everything moved to the left; captions stand on the first."""
        whole, inside = self.whole, [a for a in self.whole.arrows if self._is_inside(a)]
        crossing = [a for a in whole.arrows if not self._is_inside(a)]
        wires = tuple(self._wires(crossing))
        out, into = self._names(crossing)
        part = replace(
            whole,
            bubbles=tuple(b for b in whole.bubbles if self._has(b.box)),
            tags=tuple(t for t in whole.tags if self._has(t.box)),
            arrows=tuple(inside),
            labels=(*(l for l in whole.labels if self._has(l.box)), *out, *into),
            cuts=(*(c for c in whole.cuts if self._holds(c)), *self._lines(crossing)),
            captions=whole.captions if self.is_first else (),
            heats=tuple(h for h in whole.heats if self._has(h.box)),
            wires=wires,
        )
        return _moved(part, Point((0.0 if self.is_first else _STUB) - self.left, 0.0), width)

    def _has(self, box: Box) -> bool:
        return self.left <= box.center.x < self.right

    def _holds(self, cut: CutLine) -> bool:
        return all(self.left <= p.x < self.right for p in cut.points)

    def _is_inside(self, arrow: Arrow) -> bool:
        return all(self.left <= p.x < self.right for p in (arrow.curve[0].p0, arrow.curve[-1].p3))

    def _wires(self, arrows: Iterable[Arrow]) -> Iterator[Wire]:
        """The parts of arrows that lie between the seams; one that arrives here has its head."""
        for arrow in arrows:
            tip = arrow.curve[-1].p3
            for number, piece in enumerate(arrow.pieces):
                curve = _between(piece, self.left, self.right)
                if curve:
                    head = curve[-1].p3 == tip
                    yield Wire(f"{arrow.key}-{number}", curve, arrow.color, arrow.width, head)

    def _names(self, arrows: Sequence[Arrow]) -> tuple[list[TextBlock], list[TextBlock]]:
        """Where arrows go to that leave, beside the right seam; where they come from, beside the left one."""
        out = [] if self.is_last else self._ends(arrows, self.right, "target")
        into = [] if self.is_first else self._ends(arrows, self.left, "source")
        room = self._room()
        return (
            _beside(out, self.right + _CLEAR, False, room),
            _beside(into, self.left - _CLEAR, True, room),
        )

    def _ends(self, arrows: Sequence[Arrow], x: float, end: str) -> list[tuple[float, str, Text]]:
        """Height, bubble and name at each crossing, from the top; neighbours of one name once."""
        names = {bubble.key: bubble.texts[0] for bubble in self.whole.bubbles if bubble.texts}
        met = [(_crossing(arrow.curve, x), getattr(arrow, end)) for arrow in arrows]
        ends = sorted((-at.y, key) for at, key in met if at is not None and key in names)
        kept = [k for k, one in enumerate(ends) if not k or one[1] != ends[k - 1][1]]
        return [(-ends[k][0], ends[k][1], names[ends[k][1]]) for k in kept]

    def _room(self) -> tuple[float, float]:
        """The heights between which the graph stands."""
        boxes = list(_solid(self.whole))
        return min(box.bottom for box in boxes), max(box.top for box in boxes)

    def _lines(self, arrows: Sequence[Arrow]) -> Iterator[CutLine]:
        """The seams as dashed lines, with a circle for each arrow."""
        low, high = self._room()
        seams = [] if self.is_first else [("left", self.left)]
        seams += [] if self.is_last else [("right", self.right)]
        for name, x in seams:
            met = (_crossing(arrow.curve, x) for arrow in arrows)
            points = (Point(x, low), Point(x, high))
            yield CutLine(f"seam-{name}", points, tuple(p for p in met if p), palette.NOTE)


def _beside(
    ends: Sequence[tuple[float, str, Text]], x: float, is_left: bool, room: tuple[float, float]
) -> list[TextBlock]:
    """Names beside a seam at the height of their arrows, moved apart where they would meet."""
    texts = [_name(named) for _, _, named in ends]
    heights = [text.box.height + 2.0 for text in texts]
    made: list[TextBlock] = []
    for number, (text, (_, key, _)) in enumerate(zip(texts, ends, strict=True)):
        below = sum(heights[number + 1 :])
        top = max(ends[number][0] + text.box.height / 2, room[0] + below + heights[number])
        top = min(top, made[-1].box.bottom - 2.0) if made else top
        left = x - text.box.width if is_left else x
        placed = all_moved([text], Point(left - text.box.left, top - text.box.top))
        side = "in" if is_left else "out"
        made.append(TextBlock(f"label-{side}-{number}-{key}", placed[0].box, placed))
    return made


def _name(text: Text) -> Text:
    """A bubble's name without its equation; dots where it has no room beside the seam."""
    shown = line(text.source.partition("=")[0].strip(), text.size, palette.NOTE, text.math)
    fits = shown.box.width <= _STUB - _CLEAR
    return shown if fits else line(r"\cdots", text.size, palette.NOTE)


def _moved(scene: Scene, by: Point, width: float) -> Scene:
    return replace(moved(scene, by), width=width)


def _crossing(curve: Curve, x: float) -> Point | None:
    """Where the curve first passes this x, if it does."""
    for piece in curve:
        t = _parameter(piece, x)
        if t is not None:
            return piece.at(t)
    return None


def _between(curve: Curve, left: float, right: float) -> Curve:
    """The part of a curve, which runs to the right, between two places."""
    found: list[Cubic] = []
    for piece in curve:
        a, b = piece.p0.x, piece.p3.x
        if max(a, b) <= left or min(a, b) >= right:
            continue
        start, stop = _parameter(piece, left) or 0.0, _parameter(piece, right) or 1.0
        found.append(piece.part(start, stop) if (start, stop) != (0.0, 1.0) else piece)
    return tuple(found)


def _parameter(piece: Cubic, x: float) -> float | None:
    """The t in (0, 1) at which the piece first passes this x from left to right."""
    for k in range(_STEPS):
        low, high = k / _STEPS, (k + 1) / _STEPS
        if piece.at(low).x < x <= piece.at(high).x:
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                low, high = (middle, high) if piece.at(middle).x < x else (low, middle)
            return high
    return None
