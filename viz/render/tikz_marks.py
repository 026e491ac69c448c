"""What models' pictures have beside bubbles and arrows, as TikZ: surfaces, wires and dots."""

from __future__ import annotations

from viz.layout.geometry import Curve, Point
from viz.look import strokes
from viz.render.tikz_styles import color
from viz.scene.scene import Dot, Plate, Wire


def plate(part: Plate) -> str:
    r"""A filled surface with its outline."""
    corner = f", rounded corners={part.corner:g}bp" if part.corner else ""
    ink = f"draw={color(part.ink.line)}, fill={color(part.ink.fill)}"
    way = " -- ".join(map(at, part.points))
    return rf"  \draw[{ink}, line width={part.width:g}bp{corner}] {way} -- cycle;"


def wire(part: Wire) -> str:
    r"""A line, with an arrowhead where it has one."""
    options = [f"draw={color(part.color)}", f"line width={part.width:g}bp"]
    if part.dash:
        options.append("dash pattern=on {:g}bp off {:g}bp".format(*part.dash))
    if part.head:
        long = strokes.head(part.width)
        sizes = f"length={long:.1f}bp, width={2 * strokes.BARB * long:.1f}bp"
        options.append(f"-{{Stealth[{sizes}, inset={strokes.NOTCH * long:.1f}bp]}}")
    return rf"  \draw[{', '.join(options)}] {path(part.curve)};"


def dot(part: Dot) -> str:
    r"""A filled point."""
    return rf"  \fill[color={color(part.color)}] {at(part.at)} circle ({part.radius:g});"


def path(curve: Curve) -> str:
    """A curve by its control points."""
    pieces = (f"controls {at(p.p1)} and {at(p.p2)} .. {at(p.p3)}" for p in curve)
    return " .. ".join([at(curve[0].p0), *pieces])


def at(p: Point) -> str:
    """A place on the page."""
    return f"({p.x:.1f},{p.y:.1f})"
