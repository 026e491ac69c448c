"""Colours and styles at the top of a TikZ picture: what one wants to change stands there once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from viz.look import palette, strokes
from viz.scene.scene import Arrow, Scene, Text

LIBRARIES: Final = r"\usetikzlibrary{arrows.meta,shapes.geometric}"
NEEDS: Final = (r"\usepackage{tikz,amsmath}", LIBRARIES)

_PLAIN: Final = frozenset(("input", "inner", "output", "parameter", "module", "held", "later"))
_NAMED: Final = {
    palette.TEXT: "flowtext", palette.VALUE: "flowvalue", palette.EDGE: "flowedge",
    palette.TAG.line: "flowtotal", palette.TAG.fill: "flowtotalfill", palette.ACCENT: "flowaccent",
    **{ink.fill: f"flow{role}fill" for role, ink in palette.BUBBLES.items() if role in _PLAIN},
    **{ink.line: f"flow{role}" for role, ink in palette.BUBBLES.items() if role in _PLAIN - {"held"}},
    **{code: f"flowcut{letter}" for code, letter in zip(palette.CUTS, "ABCDE", strict=True)},
}  # fmt: skip
_LETTERING: Final = {
    (17, palette.TEXT): "name", (14, palette.TEXT): "equation", (11.5, palette.VALUE): "value",
    (10, palette.TAG.text): "total", (11.5, palette.TEXT): "formula",
    (11, palette.VALUE): "number", (10, palette.NOTE): "note",
}  # fmt: skip
_THICK: Final = {strokes.CUT: "crossing edge", strokes.ACCENT: "accent edge"}


def styles(scene: Scene) -> Iterator[str]:
    """The colours, once each, and the styles made of them."""
    yield from (
        rf"\definecolor{{{color(code)}}}{{HTML}}{{{code[1:].upper()}}}" for code in _colors(scene)
    )
    yield r"\tikzset{"
    yield from (f"  flow/{name}/.style={{{options}}}," for name, options in _styles(scene))
    yield "}"


def color(code: str) -> str:
    """What a colour is called."""
    return _NAMED.get(code, f"flow{code[1:].lower()}")


def edge(arrow: Arrow) -> str:
    """The style of an arrow."""
    if arrow.width not in {strokes.LINE, *_THICK}:
        return f"flow/edge, {_arrow(arrow.width)}"
    return f"flow/{_THICK.get(arrow.width, 'edge')}"


def lettering(text: Text) -> str:
    """The style of a line of type."""
    name = _LETTERING.get((text.size, text.color))
    return f"flow/{name}" if name else f"flow/type={text.size:g}, text={color(text.color)}"


def _colors(scene: Scene) -> list[str]:
    """Every colour in the picture, in order of appearance."""
    inks = [palette.BUBBLES[bubble.role] for bubble in (*scene.bubbles, *scene.badges)]
    inks += [plate.ink for plate in scene.plates]
    inks += [palette.TAG] if scene.tags else []
    found = [code for ink in inks for code in (ink.line, ink.fill)]
    found += [palette.ACCENT] if any(bubble.accent for bubble in scene.bubbles) else []
    found += [palette.NOTE] if scene.heats else []
    found += [heat.frame for heat in scene.heats]
    found += [line.color for line in scene.arrows] + [
        line.color for line in (*scene.wires, *scene.frames)
    ]
    found += [dot.color for dot in scene.dots] + [cut.color for cut in scene.cuts]
    found += [text.color for _, text in scene.texts()]
    return list(dict.fromkeys([palette.TEXT, palette.EDGE, *found]))


def _styles(scene: Scene) -> Iterator[tuple[str, str]]:
    for role in dict.fromkeys(bubble.role for bubble in (*scene.bubbles, *scene.badges)):
        dashed = f", {_dashed(strokes.HELD_DASH)}" if role == "held" else ""
        yield role, f"{_inked(palette.BUBBLES[role])}{dashed}"
    if any(bubble.accent for bubble in scene.bubbles):
        yield "accent", f"draw={color(palette.ACCENT)}, {_wide(strokes.ACCENT)}"
    corner = f"rectangle, rounded corners={strokes.TAG_CORNER:g}bp"
    yield "tag", f"{_inked(palette.TAG)}, {corner}, inner sep=0"
    yield "edge", f"draw={color(palette.EDGE)}, line cap=round, {_arrow(strokes.LINE)}"
    for width in sorted({arrow.width for arrow in scene.arrows} & set(_THICK)):
        yield _THICK[width], f"flow/edge, {_arrow(width)}"
    yield "cut", f"{_wide(strokes.CUT)}, {_dashed(strokes.CUT_DASH)}"
    yield "crossing", f"fill=white, {_wide(strokes.CIRCLE_LINE)}"
    if scene.heats:
        yield "frame", f"draw={color(palette.NOTE)}, {_wide(strokes.FRAME)}"
    yield "type", "anchor=base, inner sep=0, font=\\fontsize{#1bp}{#1bp}\\selectfont"
    yield "on line", "fill=white, inner sep=1.5bp"
    for (size, code), name in _LETTERING.items():
        yield name, f"flow/type={size}, text={color(code)}"
    yield "sum", "flow/type=14, anchor=base west"


def _inked(ink: palette.Ink) -> str:
    return f"draw={color(ink.line)}, fill={color(ink.fill)}, {_wide(strokes.LINE)}"


def _wide(width: float) -> str:
    return f"line width={width:g}bp"


def _dashed(dash: tuple[float, float]) -> str:
    return "dash pattern=on {:g}bp off {:g}bp".format(*dash)


def _arrow(width: float) -> str:
    """A line of this width with its arrowhead."""
    long = strokes.head(width)
    sizes = {"length": long, "width": 2 * strokes.BARB * long, "inset": strokes.NOTCH * long}
    head = ", ".join(f"{name}={size:.1f}bp" for name, size in sizes.items())
    return f"{_wide(width)}, -{{Stealth[{head}]}}"
