r"""A scene as a TikZ picture: named nodes, formulas left to LaTeX, colours and styles at the top.

It needs `\usepackage{tikz,amsmath}`. Untrusted text is printed and never obeyed: a
formula is only written as such if all in it is on the list of harmless commands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from viz.formulas.escaping import latex_text
from viz.formulas.mathtext import display
from viz.layout.geometry import Box, Point
from viz.look import palette, strokes
from viz.render.tex import document
from viz.scene.scene import Arrow, Bubble, Caption, CutLine, HeatMap, Label, Scene, Tag, Text
from viz.scene.schedule import Reveal

_LIBRARIES: Final = r"\usetikzlibrary{arrows.meta,shapes.geometric}"
_ROUND, _BOXED = "ellipse", f"rectangle, rounded corners={strokes.CORNER:g}bp"
_BEAMER: Final = "\n".join(
    [r"\usepackage{tikz}", _LIBRARIES, r"\usefonttheme[onlymath]{serif}",
     r"\setbeamertemplate{navigation symbols}{}",
     r"\setbeamersize{text margin left=5mm, text margin right=5mm}"]
)  # fmt: skip
_BEAMER_SHAPE: Final = 1.9
_OVERLAYS: Final = (
    r"\tikzset{",
    r"  flow/onslide/.code args={<#1>#2}{\only<#1>{\pgfkeysalso{#2}}},",
    r"  flow/from/.style={flow/slot=#1, flow/onslide={<1>{opacity=1}}},",
    r"  flow/slot/.style={opacity=.18, flow/since=#1},",
    r"  flow/since/.code={\ifnum#1>0\pgfkeysalso{flow/onslide={<#1->{opacity=1}}}\fi},",
    rf"  flow/now/.style={{flow/onslide={{<#1>{{draw=flowcutA, line width={strokes.CUT:g}bp}}}}}},",
    "}",
)
When = Callable[[str], str]
"""On which overlays a part is seen: `<3->`, or for bubbles and arrows a style that depends on it."""


def always(key: str) -> str:
    """On every overlay."""
    return ""


def tikz(scene: Scene, standalone: bool = False) -> str:
    r"""The scene as a `tikzpicture`; `standalone`, a whole document of the scene's size.

    >>> from autograd_lite import Value
    >>> from viz import draw
    >>> x = Value(3.0, name="x")
    >>> picture = draw((x * x).named("y"), style="structure", layout="layered")
    >>> print(picture.tex().splitlines()[-2].strip())  # it follows when a node is moved
    \draw[flow/edge] ([shift={(36.0,0.0)}]x.center) .. controls ... .. ([shift={(-36.5,0.0)}]y.center);
    """
    picture = "\n".join([*styles(scene), *body(scene)]) + "\n"
    return page(picture, scene.width, scene.height) if standalone else picture


def page(picture: str, width: float, height: float) -> str:
    """A document of one page of this size."""
    preamble = [
        r"\usepackage{fix-cm,tikz}",
        _LIBRARIES,
        rf"\usepackage[paperwidth={width:.1f}bp,paperheight={height:.1f}bp,margin=0bp]{{geometry}}",
        r"\pagestyle{empty}\parindent=0pt",
    ]
    return document(picture.rstrip() + "%", "\n".join(preamble))


def beamer(reveal: Reveal, standalone: bool = False) -> str:
    r"""A Beamer frame that reveals the scene step by step; `standalone`, a whole document."""
    scene = reveal.scene
    wide = scene.width / scene.height > _BEAMER_SHAPE
    size = (r"\linewidth", "!") if wide else ("!", r"0.9\textheight")
    lines = [
        *styles(scene),
        *_OVERLAYS,
        r"\begin{frame}",
        rf"\centering\resizebox{{{size[0]}}}{{{size[1]}}}{{%",
    ]
    frame = "\n".join([*lines, *body(scene, reveal.overlay), "}", r"\end{frame}"]) + "\n"
    return document(frame, _BEAMER, "beamer") if standalone else frame


def styles(scene: Scene) -> Iterator[str]:
    """The colours, once each, and the styles made of them."""
    yield r"% needs \usepackage{tikz,amsmath} and " + _LIBRARIES
    yield from (
        rf"\definecolor{{{_color(code)}}}{{HTML}}{{{code[1:].upper()}}}" for code in _colors(scene)
    )
    yield r"\tikzset{"
    yield from (f"  flow/{name}/.style={{{options}}}," for name, options in _styles(scene))
    yield "}"


def body(scene: Scene, when: When = always) -> Iterator[str]:
    """The `tikzpicture`: bubbles first, since arrows are drawn from one to the other."""
    names = _names(scene.bubbles)
    tags = {tag.key.replace("tag", "node"): tag for tag in scene.tags}
    yield r"\begin{tikzpicture}[x=1bp, y=1bp]"
    yield rf"  \path[use as bounding box] (0,0) rectangle {_at(Point(scene.width, scene.height))};"
    for bubble in scene.bubbles:
        yield from _bubble(bubble, names[bubble.key], when)
        if bubble.key in tags:
            yield from _tag(tags[bubble.key], bubble, names[bubble.key], when)
    centers = {bubble.key: bubble.box.center for bubble in scene.bubbles}
    for arrow in scene.arrows:
        yield f"  {_arrow(arrow, names, centers, when)}"
    for heat in scene.heats:
        yield from _heat(heat)
    for label in scene.labels:
        yield from _label(label, when)
    for cut in scene.cuts:
        yield from _cut(cut, when)
    for caption in scene.captions:
        yield from _caption(caption, when)
    yield r"\end{tikzpicture}"


# --- colours and styles ----------------------------------------------------------------------------

_NAMED: Final = {
    palette.TEXT: "flowtext",
    palette.VALUE: "flowvalue",
    palette.EDGE: "flowedge",
    palette.TAG.line: "flowtotal",
    palette.TAG.fill: "flowtotalfill",
    palette.ACCENT: "flowaccent",
    **{ink.fill: f"flow{role}fill" for role, ink in palette.BUBBLES.items()},
    **{ink.line: f"flow{role}" for role, ink in palette.BUBBLES.items() if role != "held"},
    **{code: f"flowcut{letter}" for code, letter in zip(palette.CUTS, "ABCDE", strict=True)},
}
_LETTERING: Final = {
    (17, palette.TEXT): "name",
    (14, palette.TEXT): "equation",
    (11.5, palette.VALUE): "value",
    (10, palette.TAG.text): "total",
    (11.5, palette.TEXT): "formula",
    (11, palette.VALUE): "number",
    (10, palette.NOTE): "note",
}


def _color(code: str) -> str:
    return _NAMED.get(code, f"flow{code[1:].lower()}")


def _colors(scene: Scene) -> list[str]:
    """Every colour in the picture, in order of appearance."""
    inks = [palette.BUBBLES[bubble.role] for bubble in scene.bubbles]
    inks += [palette.TAG] if scene.tags else []
    found = [code for ink in inks for code in (ink.line, ink.fill)]
    found += [palette.ACCENT] if any(bubble.accent for bubble in scene.bubbles) else []
    found += [palette.NOTE] if scene.heats else []
    found += [arrow.color for arrow in scene.arrows] + [cut.color for cut in scene.cuts]
    found += [text.color for text in _texts(scene)]
    return list(dict.fromkeys([palette.TEXT, palette.EDGE, *found]))


def _texts(scene: Scene) -> Iterator[Text]:
    parts: tuple[Iterable[Bubble | Tag | Label | Caption], ...]
    parts = (scene.bubbles, scene.tags, scene.labels, scene.captions)
    return (text for group in parts for part in group for text in part.texts)


def _styles(scene: Scene) -> Iterator[tuple[str, str]]:
    for role in dict.fromkeys(bubble.role for bubble in scene.bubbles):
        dashed = f", {_dashed(strokes.HELD_DASH)}" if role == "held" else ""
        yield role, f"{_inked(palette.BUBBLES[role])}{dashed}"
    if any(bubble.accent for bubble in scene.bubbles):
        yield "accent", f"draw={_color(palette.ACCENT)}, {_wide(strokes.ACCENT)}"
    corner = f"rectangle, rounded corners={strokes.TAG_CORNER:g}bp"
    yield "tag", f"{_inked(palette.TAG)}, {corner}, inner sep=0"
    yield "edge", f"draw={_color(palette.EDGE)}, line cap=round, {_arrow_style(strokes.LINE)}"
    for width in sorted({arrow.width for arrow in scene.arrows} & set(_THICK)):
        yield _THICK[width], f"flow/edge, {_arrow_style(width)}"
    yield "cut", f"{_wide(strokes.CUT)}, {_dashed(strokes.CUT_DASH)}"
    yield "crossing", f"fill=white, {_wide(strokes.CIRCLE_LINE)}"
    if scene.heats:
        yield "frame", f"draw={_color(palette.NOTE)}, {_wide(strokes.FRAME)}"
    yield "type", "anchor=base, inner sep=0, font=\\fontsize{#1bp}{#1bp}\\selectfont"
    yield "on line", "fill=white, inner sep=1.5bp"
    for (size, code), name in _LETTERING.items():
        yield name, f"flow/type={size}, text={_color(code)}"
    yield "sum", "flow/type=14, anchor=base west"


_THICK: Final = {strokes.CUT: "crossing edge", strokes.ACCENT: "accent edge"}


def _inked(ink: palette.Ink) -> str:
    return f"draw={_color(ink.line)}, fill={_color(ink.fill)}, {_wide(strokes.LINE)}"


def _wide(width: float) -> str:
    return f"line width={width:g}bp"


def _dashed(dash: tuple[float, float]) -> str:
    return "dash pattern=on {:g}bp off {:g}bp".format(*dash)


def _arrow_style(width: float) -> str:
    """A line of this width with its arrowhead."""
    long = strokes.head(width)
    sizes = {"length": long, "width": 2 * strokes.BARB * long, "inset": strokes.NOTCH * long}
    head = ", ".join(f"{name}={size:.1f}bp" for name, size in sizes.items())
    return f"{_wide(width)}, -{{Stealth[{head}]}}"


# --- parts -----------------------------------------------------------------------------------------


def _bubble(bubble: Bubble, name: str, when: When) -> Iterator[str]:
    box, shape = bubble.box, _ROUND if bubble.round else _BOXED
    accent = ", flow/accent" if bubble.accent else ""
    size = f"minimum width={box.width:.1f}bp, minimum height={box.height:.1f}bp"
    fades = when(bubble.key)
    yield (
        rf"  \node[flow/{bubble.role}{accent}, {shape}, inner sep=0, {size}{fades}] "
        f"({name}) at {_at(box.center)} {{}};"
    )
    for text in bubble.texts:
        yield rf"    \node[{_lettering(text)}{fades}] at {_from(name, box.center, text)} {_set(text)};"


def _tag(tag: Tag, bubble: Bubble, name: str, when: When) -> Iterator[str]:
    box, center, only = tag.box, bubble.box.center, when(tag.key.replace("tag", "total"))
    size = f"minimum width={box.width:.1f}bp, minimum height={box.height:.1f}bp"
    yield (
        rf"    \node[flow/tag, {size}{when(tag.key)}] ({name}-total) "
        f"at {_beside(name, center, box.center)} {{}};"
    )
    for text in tag.texts:
        yield rf"    \node{only}[{_lettering(text)}] at {_from(name, center, text)} {_set(text)};"


def _arrow(arrow: Arrow, names: dict[str, str], centers: dict[str, Point], when: When) -> str:
    r"""Its ends are given from the centres of the two bubbles, so that it follows when one moves."""
    kind = _THICK.get(arrow.width, "edge")
    color = f", draw={_color(arrow.color)}" if arrow.color != palette.EDGE else ""
    start, end = arrow.curve[0].p0, arrow.curve[-1].p3
    path = _beside(names[arrow.source], centers[arrow.source], start)
    for piece in arrow.curve:
        last = piece is arrow.curve[-1]
        there = _beside(names[arrow.target], centers[arrow.target], end) if last else _at(piece.p3)
        path += f" .. controls +{_by(piece.p0, piece.p1)} and +{_by(piece.p3, piece.p2)} .. {there}"
    return rf"\draw[flow/{kind}{color}{when(arrow.key)}] {path};"


def _label(label: Label, when: When) -> Iterator[str]:
    for number, text in enumerate(label.texts):
        back = ", flow/on line" if number == 0 else ""
        at = _at(Point(text.box.center.x, text.at.y))
        yield rf"  \node{when(label.key)}[{_lettering(text)}{back}] at {at} {_set(text)};"


def _cut(cut: CutLine, when: When) -> Iterator[str]:
    only, color = when(cut.key), _color(cut.color)
    yield rf"  \draw{only}[flow/cut, draw={color}] {' -- '.join(map(_at, cut.points))};"
    for at in cut.crossings:
        yield rf"  \draw{only}[flow/crossing, draw={color}] {_at(at)} circle ({strokes.CIRCLE:g});"


def _caption(caption: Caption, when: When) -> Iterator[str]:
    for text in caption.texts:
        kind = _lettering(text) if not text.math else f"flow/sum, text={_color(text.color)}"
        west = "" if text.math else ", anchor=base west"
        yield rf"  \node{when(caption.key)}[{kind}{west}] at {_at(text.at)} {_set(text, True)};"


def _heat(part: HeatMap) -> Iterator[str]:
    for _, cell, shade in part.cells():
        red, green, blue = (int(shade[k : k + 2], 16) for k in (1, 3, 5))
        ink = f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"
        yield rf"  \fill[color={ink}] {_room(cell)};"
    yield rf"  \draw[flow/frame] {_room(part.box)};"


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


def _lettering(text: Text) -> str:
    kind = _LETTERING.get((text.size, text.color))
    return f"flow/{kind}" if kind else f"flow/type={text.size:g}, text={_color(text.color)}"


def _set(text: Text, displayed: bool = False) -> str:
    if not text.math:
        return f"{{{latex_text(text.source)}}}"
    source = display(text.source)
    return rf"{{$\displaystyle {source}$}}" if displayed else f"{{${source}$}}"


def _at(p: Point) -> str:
    return f"({p.x:.1f},{p.y:.1f})"


def _room(box: Box) -> str:
    return f"{_at(Point(box.left, box.bottom))} rectangle +({box.width:.2f},{box.height:.2f})"


def _by(a: Point, b: Point) -> str:
    return f"({b.x - a.x:.1f},{b.y - a.y:.1f})"


def _beside(name: str, center: Point, p: Point) -> str:
    """A place given from a bubble's centre."""
    return f"([shift={{{_by(center, p)}}}]{name}.center)"


def _from(name: str, center: Point, text: Text) -> str:
    return _beside(name, center, Point(text.box.center.x, text.at.y))
