"""matplotlib draws a scene, into a figure of its own or into axes that exist.

All type is drawn as outlines in the scene's coordinates: it looks the same in PDF, SVG and PNG, at
any size.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from viz.formulas.mathtext import MATPLOTLIB, SCALE, outline
from viz.layout.geometry import Box, Curve, Point, straight
from viz.layout.rounded import rounded
from viz.look import palette, strokes
from viz.scene.scene import (
    Arrow,
    Bubble,
    CutLine,
    Dot,
    HeatMap,
    Plate,
    Scene,
    Text,
    TextBlock,
    Wire,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

PNG_DPI: Final = 144  # twice the usual 72, for sharp notebooks


def figure(scene: Scene) -> Figure:
    """A matplotlib figure of the scene's size, made without pyplot: no global state is touched."""
    from matplotlib.figure import Figure  # loaded when a picture is asked for

    made = Figure(figsize=(scene.width / 72, scene.height / 72))
    paint(scene, made.add_axes((0, 0, 1, 1)))
    return made


def render(scene: Scene, suffix: str) -> bytes:
    """The scene as a file's bytes; the same scene gives the same bytes."""
    import matplotlib as mpl

    settings: Any = {"svg.hashsalt": "flowgraph", "svg.fonttype": "path", "path.simplify": False}
    out = io.BytesIO()
    with MATPLOTLIB, mpl.rc_context(settings):
        figure(scene).savefig(
            out, format=suffix, dpi=PNG_DPI, metadata=_metadata(scene, suffix), facecolor="white"
        )
    return out.getvalue()


def pages(scenes: Sequence[Scene]) -> bytes:
    """Scenes as the pages of one PDF; the same scenes give the same bytes."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    out, metadata = io.BytesIO(), _metadata(scenes[0], "pdf")
    settings: Any = {"path.simplify": False}
    with MATPLOTLIB, mpl.rc_context(settings), PdfPages(out, metadata=metadata) as file:
        for scene in scenes:
            file.savefig(figure(scene), facecolor="white")
    return out.getvalue()


def _metadata(scene: Scene, suffix: str) -> dict[str, str | None]:
    """A title, and no date: pictures can be compared and kept under version control."""
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}
    return {"Title": scene.title, **undated[suffix]}


def paint(scene: Scene, ax: Axes) -> None:
    """Draw the scene into axes, scaled to fit them."""
    ax.set_xlim(0, scene.width)
    ax.set_ylim(0, scene.height)
    ax.set_aspect("equal")
    ax.set_axis_off()
    _Painter(ax, _scale(scene, ax)).scene(scene)


def _scale(scene: Scene, ax: Axes) -> float:
    """Points on paper per point of the scene, so that lines shrink with the type."""
    extent = ax.get_window_extent()
    dpi = ax.figure.dpi
    return float(min(extent.width / scene.width, extent.height / scene.height) * 72 / dpi)


class _Painter:
    """Puts the parts of a scene into axes, from the back to the front."""

    def __init__(self, ax: Axes, scale: float) -> None:
        from matplotlib import patches
        from matplotlib.path import Path

        self.ax, self.scale, self.patches, self.Path = ax, scale, patches, Path

    def scene(self, scene: Scene) -> None:
        """All of it."""
        self._each(self._plate, scene.plates)
        self._each(self._wire, scene.wires)
        self._each(self._arrow, scene.arrows)
        self._each(self._dot, scene.dots)
        self._each(self._bubble, (*scene.bubbles, *scene.badges))
        self._each(self._tag, scene.tags)
        self._each(self._cut, scene.cuts)
        self._each(self._heat, scene.heats)
        self._each(self._wire, scene.frames)
        self._each(self._write, (*scene.labels, *scene.captions))

    def _each(self, draw: Callable[[Any], None], parts: Iterable[Any]) -> None:
        for part in parts:
            draw(part)

    def _dot(self, dot: Dot) -> None:
        self._add(self.patches.Circle(dot.at, dot.radius, facecolor=dot.color), dot.key)

    def _tag(self, tag: TextBlock) -> None:
        ink = palette.TAG if tag.texts else palette.BUBBLES["later"]
        self._filled(self._rounded(tag.box, strokes.TAG_CORNER), tag.key, ink)
        self._write(tag)

    def _add(self, patch: Patch, key: str, width: float = 0.0) -> None:
        """In the order of the calls, and never the reason to move the axes' limits."""
        patch.set(gid=key, linewidth=width * self.scale, clip_on=False)
        patch.set_zorder(2 + 1e-4 * len(self.ax.patches))
        self.ax.add_artist(patch)

    def _filled(
        self, patch: Patch, key: str, ink: palette.Ink, width: float = strokes.LINE
    ) -> None:
        patch.set(facecolor=ink.fill, edgecolor=ink.line)
        self._add(patch, key, width)

    def _bubble(self, bubble: Bubble) -> None:
        box, ink = bubble.box, palette.BUBBLES[bubble.role]
        if bubble.round:
            body = self.patches.Ellipse(box.center, box.width, box.height)
        else:
            body = self._rounded(box, strokes.CORNER)
        if bubble.role == "held":
            body.set_linestyle(_dashes(strokes.HELD_DASH, strokes.LINE))
        if bubble.accent:
            ink = replace(ink, line=palette.ACCENT)
        self._filled(body, bubble.key, ink, strokes.ACCENT if bubble.accent else strokes.LINE)
        self._write(bubble)

    def _rounded(self, box: Box, radius: float) -> Any:
        style = f"round,pad=0,rounding_size={min(radius, box.height / 2)}"
        corner = (box.left, box.bottom)
        return self.patches.FancyBboxPatch(corner, box.width, box.height, boxstyle=style)

    def _heat(self, part: HeatMap) -> None:
        """A cell for each number; its colour is drawn a little over its edge, so that no gaps show."""
        for key, cell, shade in part.cells():
            self._add(self._rectangle(cell, color=shade), key, 0.1)
        frame = self._rectangle(part.box, fill=False, edgecolor=part.frame)
        width = strokes.FRAME if part.frame == palette.NOTE else strokes.LINE
        self._add(frame, part.key, width)
        self._write(part)

    def _rectangle(self, box: Box, **look: Any) -> Any:
        return self.patches.Rectangle((box.left, box.bottom), box.width, box.height, **look)

    def _plate(self, plate: Plate) -> None:
        ways = rounded((*plate.points, *plate.points[:2]), plate.corner)[1:-1]
        ring = (*ways, straight(ways[-1].p3, ways[0].p0))
        body = self.patches.PathPatch(self._curve(ring), joinstyle="miter")
        self._filled(body, plate.key, plate.ink, plate.width)

    def _wire(self, wire: Wire) -> None:
        curve, head = wire.curve, strokes.head(wire.width)
        seen = shortened(curve, curve[-1].p3, 0.7 * head) if wire.head else curve
        line = self._line(self._curve(seen), edgecolor=wire.color, capstyle="butt")
        if wire.dash:
            line.set_linestyle(_dashes(wire.dash, wire.width))
        self._add(line, wire.key, wire.width)
        if wire.head:
            shape = self.patches.Polygon(arrowhead(curve, head), closed=True, facecolor=wire.color)
            self._add(shape, f"{wire.key}-head")

    def _write(self, block: Bubble | TextBlock | HeatMap) -> None:
        """Type as outlines, one patch a line."""
        for number, text in enumerate(block.texts):
            shape = self.patches.PathPatch(self._outline(text), facecolor=text.color)
            self._add(shape, f"{block.key}-text-{number}")

    def _outline(self, text: Text) -> Any:
        vertices, codes = outline(text.source, text.math)
        if not len(vertices):
            return self.Path([text.at], [self.Path.MOVETO])
        return self.Path(vertices * (text.size / SCALE) + text.at, codes)

    def _arrow(self, arrow: Arrow) -> None:
        tip, head = arrow.curve[-1].p3, strokes.head(arrow.width)
        for number, piece in enumerate(arrow.pieces):
            seen = self._curve(shortened(piece, tip, 0.7 * head))
            line = self._line(seen, edgecolor=arrow.color, capstyle="round")
            self._add(line, f"{arrow.key}-line-{number}", arrow.width)
        corners = arrowhead(arrow.curve, head)
        shape = self.patches.Polygon(corners, closed=True, facecolor=arrow.color)
        self._add(shape, f"{arrow.key}-head")

    def _line(self, path: Any, **look: Any) -> Any:
        return self.patches.PathPatch(path, fill=False, **look)

    def _curve(self, curve: Curve) -> Any:
        points = [curve[0].p0] + [p for piece in curve for p in piece.points[1:]]
        return self.Path(points, [self.Path.MOVETO] + [self.Path.CURVE4] * (len(points) - 1))

    def _cut(self, cut: CutLine) -> None:
        dashes = _dashes(strokes.CUT_DASH, strokes.CUT)
        line = self._line(self.Path(cut.points), edgecolor=cut.color, linestyle=dashes)
        self._add(line, cut.key, strokes.CUT)
        for number, at in enumerate(cut.crossings):
            dot = self.patches.Circle(at, strokes.CIRCLE, facecolor="white", edgecolor=cut.color)
            self._add(dot, f"{cut.key}-crossing-{number}", strokes.CIRCLE_LINE)


def _dashes(dash: tuple[float, float], width: float) -> Any:
    """A dash in points as matplotlib counts it, in widths of the line."""
    return 0, tuple(x / width for x in dash)


def shortened(curve: Curve, tip: Point, by: float) -> Curve:
    """The curve without the last stretch, which the arrowhead covers."""
    last = curve[-1]
    length = sum(math.dist(a, b) for a, b in pairwise(last.points))
    if last.p3 != tip or length <= by:
        return curve
    return (*curve[:-1], last.part(0.0, 1 - by / length))


def arrowhead(curve: Curve, size: float) -> list[tuple[float, float]]:
    """A barbed arrowhead at the end of the curve, along its last direction."""
    last = curve[-1]
    back = last.at(1 - min(1.0, size / max(math.dist(last.p0, last.p3), size)))
    tip = last.p3
    length = math.dist(back, tip) or 1.0
    ux, uy = (tip.x - back.x) / length, (tip.y - back.y) / length
    half, notch = strokes.BARB * size, (strokes.NOTCH - 1) * size
    corners = ((0, 0), (-size, half), (notch, 0), (-size, -half))
    return [(tip.x + a * ux - b * uy, tip.y + a * uy + b * ux) for a, b in corners]
