"""matplotlib draws a scene, into a figure of its own or into axes that exist.

All type is drawn as outlines in the scene's coordinates: it looks the same in PDF, SVG and PNG, at
any size.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from viz.formulas.mathtext import MATPLOTLIB, font, mathtext
from viz.layout.geometry import Box, Curve, Point
from viz.look import palette, strokes
from viz.scene.scene import Arrow, Bubble, CutLine, HeatMap, Scene, Text

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
    scale = _scale(scene, ax)
    for arrow in scene.arrows:
        _arrow(ax, arrow, scale)
    for bubble in scene.bubbles:
        _bubble(ax, bubble, scale)
    for tag in scene.tags:
        ink = palette.TAG if tag.texts else palette.BUBBLES["later"]
        _add(ax, _rounded(tag.box, strokes.TAG_CORNER), tag.key, ink, scale)
        _write(ax, tag.texts, tag.key)
    for cut in scene.cuts:
        _cut(ax, cut, scale)
    for part in scene.heats:
        _heat(ax, part, scale)
    for label in scene.labels:
        _write(ax, label.texts, label.key)
    for caption in scene.captions:
        _write(ax, caption.texts, caption.key)


def _scale(scene: Scene, ax: Axes) -> float:
    """Points on paper per point of the scene, so that lines shrink with the type."""
    extent = ax.get_window_extent()
    dpi = ax.figure.dpi
    return float(min(extent.width / scene.width, extent.height / scene.height) * 72 / dpi)


def _bubble(ax: Axes, bubble: Bubble, scale: float) -> None:
    from matplotlib.patches import Ellipse

    box = bubble.box
    body = (
        Ellipse(box.center, box.width, box.height)
        if bubble.round
        else _rounded(box, strokes.CORNER)
    )
    _add(ax, body, bubble.key, palette.BUBBLES[bubble.role], scale)
    if bubble.accent:
        body.set(edgecolor=palette.ACCENT, linewidth=strokes.ACCENT * scale)
    if bubble.role == "held":
        body.set_linestyle(_dashes(strokes.HELD_DASH, strokes.LINE))
    _write(ax, bubble.texts, bubble.key)


def _heat(ax: Axes, part: HeatMap, scale: float) -> None:
    """A cell for each number; its colour is drawn a little over its edge, so that no gaps show."""
    from matplotlib.patches import Rectangle

    for key, cell, shade in part.cells():
        square = Rectangle((cell.left, cell.bottom), cell.width, cell.height, color=shade)
        square.set(linewidth=0.1 * scale, gid=key)
        _keep(ax, square)
    box = part.box
    frame = Rectangle((box.left, box.bottom), box.width, box.height, fill=False)
    frame.set(edgecolor=palette.NOTE, linewidth=strokes.FRAME * scale, gid=part.key)
    _keep(ax, frame)


def _rounded(box: Box, radius: float) -> Patch:
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={min(radius, box.height / 2)}"
    return FancyBboxPatch((box.left, box.bottom), box.width, box.height, boxstyle=style)


def _add(ax: Axes, patch: Patch, key: str, ink: palette.Ink, scale: float) -> None:
    patch.set(facecolor=ink.fill, edgecolor=ink.line, linewidth=strokes.LINE * scale, gid=key)
    _keep(ax, patch)


def _keep(ax: Axes, patch: Patch) -> None:
    """Drawn in the order of the calls, and never the reason to move the axes' limits."""
    patch.set_zorder(2 + 1e-4 * len(ax.patches))
    patch.set_clip_on(False)
    ax.add_artist(patch)


def _write(ax: Axes, texts: Iterable[Text], key: str) -> None:
    """Type as outlines, one patch a line."""
    from matplotlib.patches import PathPatch

    for number, text in enumerate(texts):
        path = _outline(text)
        gid = f"{key}-text-{number}"
        _keep(ax, PathPatch(path, facecolor=text.color, linewidth=0, gid=gid))


def _outline(text: Text) -> Any:
    from matplotlib.path import Path
    from matplotlib.textpath import text_to_path

    source = mathtext(text.source) if text.math else text.source
    vertices, codes = text_to_path.get_text_path(font(text.size), source, ismath=text.math)
    if not len(vertices):
        return Path([text.at], [Path.MOVETO])
    scale = text.size / text_to_path.FONT_SCALE
    shifted = [(x * scale + text.at.x, y * scale + text.at.y) for x, y in vertices]
    return Path(shifted, codes)


def _arrow(ax: Axes, arrow: Arrow, scale: float) -> None:
    from matplotlib.patches import PathPatch, Polygon

    tip = arrow.curve[-1].p3
    head = strokes.head(arrow.width)
    for number, piece in enumerate(arrow.pieces):
        seen = shortened(piece, tip, 0.7 * head)
        line = PathPatch(_path(seen), fill=False, edgecolor=arrow.color, capstyle="round")
        line.set(linewidth=arrow.width * scale, gid=f"{arrow.key}-line-{number}")
        _keep(ax, line)
    shape = Polygon(arrowhead(arrow.curve, head), closed=True, facecolor=arrow.color, linewidth=0)
    shape.set_gid(f"{arrow.key}-head")
    _keep(ax, shape)


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


def _path(curve: Curve) -> Any:
    from matplotlib.path import Path

    points = [curve[0].p0] + [p for piece in curve for p in piece.points[1:]]
    return Path(points, [Path.MOVETO] + [Path.CURVE4] * (len(points) - 1))


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


def _cut(ax: Axes, cut: CutLine, scale: float) -> None:
    from matplotlib.patches import Circle, PathPatch
    from matplotlib.path import Path

    line = PathPatch(Path(cut.points), fill=False, edgecolor=cut.color, gid=cut.key)
    line.set(linewidth=strokes.CUT * scale, linestyle=_dashes(strokes.CUT_DASH, strokes.CUT))
    _keep(ax, line)
    for number, at in enumerate(cut.crossings):
        dot = Circle(at, strokes.CIRCLE, facecolor="white", edgecolor=cut.color)
        dot.set(linewidth=strokes.CIRCLE_LINE * scale, gid=f"{cut.key}-crossing-{number}")
        _keep(ax, dot)
