r"""A scene as a TikZ picture: named nodes, formulas left to LaTeX, colours and styles at the top.

It needs `\usepackage{tikz,amsmath}`. Untrusted text is printed and never obeyed: a formula is only
written as such if all in it is on the list of harmless commands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from viz.formulas.escaping import latex_text
from viz.formulas.mathtext import display
from viz.layout.geometry import Box, Point
from viz.look import palette, strokes
from viz.render import tikz_marks as marks
from viz.render.tex import at_most_as_wide_as_a_line, document, part
from viz.render.tikz_styles import LIBRARIES, NEEDS, color, edge, lettering, styles
from viz.scene.scene import Arrow, Bubble, CutLine, HeatMap, Scene, Text, TextBlock

_ROUND, _BOXED = "ellipse", f"rectangle, rounded corners={strokes.CORNER:g}bp"
_PREAMBLE: Final = r"""\usepackage{{fix-cm,tikz}}
{libraries}
\usepackage[paperwidth={width:.1f}bp,paperheight={height:.1f}bp,margin=0bp]{{geometry}}
\pagestyle{{empty}}\parindent=0pt"""

When = Callable[[str], str]
"""On which overlays a part is seen: `<3->`, or for bubbles and arrows a style that depends on it."""


def always(key: str) -> str:
    """On every overlay."""
    return ""


def tikz(scene: Scene, standalone: bool = False) -> str:
    r"""The scene as a `tikzpicture` that is at most \linewidth wide; or a document of one page.

    An arrow follows when one of its nodes is moved:

    >>> from autograd_lite import Value
    >>> from viz import draw
    >>> x = Value(3.0, name="x")
    >>> picture = draw((x * x).named("y"), style="structure", layout="layered")
    >>> print(next(line for line in picture.tex().splitlines() if "[flow/edge]" in line).strip())
    \draw[flow/edge] ([shift={(36.0,0.0)}]x.center) .. controls ... .. ([shift={(-36.5,0.0)}]y.center);
    """
    # no end of a line is a space beside the picture
    look, picture = "%\n".join([*styles(scene), ""]), "\n".join(body(scene))
    if not standalone:
        return part(f"{look}{at_most_as_wide_as_a_line(picture)}", NEEDS)
    size = {"width": scene.width, "height": scene.height}
    return document(f"{look}{picture}%", _PREAMBLE.format(libraries=LIBRARIES, **size))


def body(scene: Scene, when: When = always) -> Iterator[str]:
    """The `tikzpicture`: bubbles first, since arrows are drawn from one to the other."""
    names = _names(scene.bubbles)
    tags = {tag.key.replace("tag", "node"): tag for tag in scene.tags}
    yield r"\begin{tikzpicture}[x=1bp, y=1bp]"
    yield rf"  \path[use as bounding box] (0,0) rectangle {_at(Point(scene.width, scene.height))};"
    yield from map(marks.plate, scene.plates)
    yield from map(marks.wire, scene.wires)
    for bubble in scene.bubbles:
        yield from _bubble(bubble, names[bubble.key], when)
        if bubble.key in tags:
            yield from _tag(tags[bubble.key], bubble, names[bubble.key], when)
    centers = {bubble.key: bubble.box.center for bubble in scene.bubbles}
    for arrow in scene.arrows:
        yield f"  {_arrow(arrow, names, centers, when)}"
    yield from map(marks.dot, scene.dots)
    for badge in scene.badges:
        yield from _bubble(badge, badge.key, when)
    for heat in scene.heats:
        yield from _heat(heat)
    yield from map(marks.wire, scene.frames)
    for label in scene.labels:
        yield from _label(label, when, bool(scene.plates))
    for cut in scene.cuts:
        yield from _cut(cut, when)
    for caption in scene.captions:
        yield from _caption(caption, when)
    yield r"\end{tikzpicture}"


# --- parts -----------------------------------------------------------------------------------------


def _bubble(bubble: Bubble, name: str, when: When) -> Iterator[str]:
    box, shape = bubble.box, _ROUND if bubble.round else _BOXED
    accent, fades = ", flow/accent" if bubble.accent else "", when(bubble.key)
    yield (
        rf"  \node[flow/{bubble.role}{accent}, {shape}, inner sep=0, {_size(box)}{fades}] "
        f"({name}) at {_at(box.center)} {{}};"
    )
    for text in bubble.texts:
        yield rf"    \node[{lettering(text)}{fades}] at {_from(name, box.center, text)} {_set(text)};"


def _tag(tag: TextBlock, bubble: Bubble, name: str, when: When) -> Iterator[str]:
    center, only = bubble.box.center, when(tag.key.replace("tag", "total"))
    yield (
        rf"    \node[flow/tag, {_size(tag.box)}{when(tag.key)}] ({name}-total) "
        f"at {_beside(name, center, tag.box.center)} {{}};"
    )
    for text in tag.texts:
        yield rf"    \node{only}[{lettering(text)}] at {_from(name, center, text)} {_set(text)};"


def _arrow(arrow: Arrow, names: dict[str, str], centers: dict[str, Point], when: When) -> str:
    r"""Its ends are given from the centres of the two bubbles, so that it follows when one moves."""
    drawn = f", draw={color(arrow.color)}" if arrow.color != palette.EDGE else ""
    start, end = arrow.curve[0].p0, arrow.curve[-1].p3
    path = _beside(names[arrow.source], centers[arrow.source], start)
    for piece in arrow.curve:
        last = piece is arrow.curve[-1]
        there = _beside(names[arrow.target], centers[arrow.target], end) if last else _at(piece.p3)
        path += f" .. controls +{_by(piece.p0, piece.p1)} and +{_by(piece.p3, piece.p2)} .. {there}"
    return rf"\draw[{edge(arrow)}{drawn}{when(arrow.key)}] {path};"


def _label(label: TextBlock, when: When, is_on_surface: bool) -> Iterator[str]:
    """Its first line has a white ground, for the arrow behind it, unless surfaces would show its edges."""
    for number, text in enumerate(label.texts):
        back = ", flow/on line" if number == 0 and not is_on_surface else ""
        at = _at(Point(text.box.center.x, text.at.y))
        yield rf"  \node{when(label.key)}[{lettering(text)}{back}] at {at} {_set(text)};"


def _cut(cut: CutLine, when: When) -> Iterator[str]:
    only, ink = when(cut.key), color(cut.color)
    yield rf"  \draw{only}[flow/cut, draw={ink}] {' -- '.join(map(_at, cut.points))};"
    for at in cut.crossings:
        yield rf"  \draw{only}[flow/crossing, draw={ink}] {_at(at)} circle ({strokes.CIRCLE:g});"


def _caption(caption: TextBlock, when: When) -> Iterator[str]:
    for text in caption.texts:
        kind = lettering(text) if not text.math else f"flow/sum, text={color(text.color)}"
        west = "" if text.math else ", anchor=base west"
        yield rf"  \node{when(caption.key)}[{kind}{west}] at {_at(text.at)} {_set(text, True)};"


def _heat(part: HeatMap) -> Iterator[str]:
    for _, cell, shade in part.cells():
        red, green, blue = (int(shade[k : k + 2], 16) for k in (1, 3, 5))
        ink = f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"
        yield rf"  \fill[color={ink}] {_rectangle(cell)};"
    own = f", draw={color(part.frame)}" if part.frame != palette.NOTE else ""
    yield rf"  \draw[flow/frame{own}] {_rectangle(part.box)};"
    for text in part.texts:
        place = _at(Point(text.box.center.x, text.at.y))
        yield rf"  \node[{lettering(text)}] at {place} {_set(text)};"


# --- pieces of TikZ --------------------------------------------------------------------------------


def _names(bubbles: Iterable[Bubble]) -> dict[str, str]:
    r"""A name for each bubble that a reader knows: h-0 for h_0, hat-y for \hat{y}."""
    found: dict[str, str] = {}
    for bubble in bubbles:
        source = bubble.texts[0].source if bubble.texts and bubble.texts[0].math else ""
        words = re.findall(r"[A-Za-z]+|\d+", source.partition("=")[0].replace(r"\mathrm", ""))
        name = "-".join(words)[:40] or bubble.key
        found[bubble.key] = name if name not in found.values() else f"{name}-{bubble.key}"
    return found


def _set(text: Text, displayed: bool = False) -> str:
    if not text.math:
        return f"{{{latex_text(text.source)}}}"
    source = display(text.source)
    return rf"{{$\displaystyle {source}$}}" if displayed else f"{{${source}$}}"


def _size(box: Box) -> str:
    return f"minimum width={box.width:.1f}bp, minimum height={box.height:.1f}bp"


def _rectangle(box: Box) -> str:
    return f"{_at(Point(box.left, box.bottom))} rectangle +({box.width:.2f},{box.height:.2f})"


def _at(p: Point) -> str:
    return f"({p.x:.1f},{p.y:.1f})"


def _by(a: Point, b: Point) -> str:
    return f"({b.x - a.x:.1f},{b.y - a.y:.1f})"


def _beside(name: str, center: Point, p: Point) -> str:
    """A place given from a bubble's centre."""
    return f"([shift={{{_by(center, p)}}}]{name}.center)"


def _from(name: str, center: Point, text: Text) -> str:
    return _beside(name, center, Point(text.box.center.x, text.at.y))
