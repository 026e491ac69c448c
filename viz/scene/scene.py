"""A picture as data: what stands where, for any renderer.

Units are points (1/72 inch); the origin is the page's lower left corner and y points upwards.
Everything carries a `key` that is safe in any format (`node-0`, `edge-3`, `cut-0`), never a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from viz.layout.geometry import Box, Curve, Point
from viz.look.heat import Heat
from viz.look.palette import NOTE, Ink


@dataclass(frozen=True)
class Text:
    """One line of type; `source` is LaTeX mathematics if `math`, else to be shown as it is."""

    source: str
    math: bool
    size: float
    color: str
    at: Point  # the left end of the baseline
    box: Box


@dataclass(frozen=True)
class Bubble:
    """A variable or module: an ellipse or a rounded box, thicker where it stands out."""

    key: str
    role: str
    box: Box
    round: bool
    texts: tuple[Text, ...]
    accent: bool = False


@dataclass(frozen=True)
class TextBlock:
    """Lines of type: a bubble's tag, an arrow's label, or a caption under the picture."""

    key: str
    box: Box
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Arrow:
    """An edge: `curve` is all of it, `pieces` what is seen beside its label."""

    key: str
    source: str
    target: str
    curve: Curve
    pieces: tuple[Curve, ...]
    color: str
    width: float


@dataclass(frozen=True)
class CutLine:
    """A dashed line across the graph, with a circle where each of its edges crosses."""

    key: str
    points: tuple[Point, ...]
    crossings: tuple[Point, ...]
    color: str


@dataclass(frozen=True)
class Plate:
    """A surface behind everything: a module's ground, a trapezoid, a feature map; `corner` rounds it."""

    key: str
    points: tuple[Point, ...]
    ink: Ink
    width: float
    corner: float = 0.0


@dataclass(frozen=True)
class Wire:
    """A line that is no arrow between two bubbles: a bus, a rail of shared weights, a gradient's way."""

    key: str
    curve: Curve
    color: str
    width: float
    head: bool = False
    dash: tuple[float, float] | None = None


@dataclass(frozen=True)
class Dot:
    """A filled point on a line, where it branches or where a weight is used."""

    key: str
    at: Point
    radius: float
    color: str


@dataclass(frozen=True)
class HeatMap:
    """An array as colours, in a bubble or at an arrow; `box` is divided evenly, first row on top.

    texts  the numbers in its cells, if they are written
    frame  the colour of its outline
    """

    key: str
    box: Box
    heat: Heat
    texts: tuple[Text, ...] = ()
    frame: str = NOTE

    def cells(self) -> Iterator[tuple[str, Box, str]]:
        """A key, a place and a colour for each number."""
        rows = self.heat.rows
        wide, high = self.box.width / len(rows[0]), self.box.height / len(rows)
        for i, row in enumerate(rows):
            for j, x in enumerate(row):
                left, top = self.box.left + j * wide, self.box.top - i * high
                yield (
                    f"{self.key}-{i}-{j}",
                    Box(left, top - high, left + wide, top),
                    self.heat.color(x),
                )


@dataclass(frozen=True)
class Scene:
    """A page and everything on it.

    tags      the total derivative of each bubble, on its lower edge
    labels    the partial derivative of each arrow, as formula and number
    captions  the sums at cuts, and notes

    plates    surfaces behind everything
    wires     lines that join no two bubbles, behind the bubbles
    dots      where such lines branch, or meet an arrow
    frames    outlines in front of coloured cells
    badges    what a box does to its sum (σ, tanh), on its upper edge
    """

    width: float
    height: float
    title: str
    bubbles: tuple[Bubble, ...] = ()
    tags: tuple[TextBlock, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    labels: tuple[TextBlock, ...] = ()
    cuts: tuple[CutLine, ...] = ()
    captions: tuple[TextBlock, ...] = ()
    heats: tuple[HeatMap, ...] = ()
    plates: tuple[Plate, ...] = ()
    wires: tuple[Wire, ...] = ()
    dots: tuple[Dot, ...] = ()
    badges: tuple[Bubble, ...] = ()
    frames: tuple[Wire, ...] = ()

    @property
    def page(self) -> Box:
        """The page's own box."""
        return Box(0, 0, self.width, self.height)

    def texts(self) -> list[tuple[str, Text]]:
        """All type on the page, with the key of what it belongs to."""
        parts: tuple[Bubble | TextBlock | HeatMap, ...]
        parts = (*self.bubbles, *self.badges, *self.tags, *self.heats, *self.labels, *self.captions)
        return [(part.key, text) for part in parts for text in part.texts]
