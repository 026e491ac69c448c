"""From what a picture says to where everything stands: measure, lay out, put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from viz.content.content import Content, EdgeText, VariableText
from viz.formulas.escaping import drawable
from viz.layout.check import crossings
from viz.layout.geometry import Box, Curve, Point, bounds
from viz.layout.graph import Edge, Graph, Layout, Node, Placement
from viz.layout.permuted import permuted
from viz.layout.pieces import outside
from viz.look import limits, palette, strokes
from viz.look.heat import Heat
from viz.look.sizes import FREE, Sizes
from viz.scene.scene import Arrow, Bubble, CutLine, HeatMap, Scene, Text, TextBlock
from viz.scene.typeset import all_moved, around, axis, line, stack, strutted, wrap_pieces, wrapped

_MARGIN = 14.0
_NARROWEST_CAPTION = 460.0
_WIDEST_LINE = 120.0
_LIFT, _TAG_GAP, _HEAT_GAP = 5.0, 10.0, 4.0
_CLEAR = 4.0  # between the corner of a line and the outline
_ORIGIN = Point(0, 0)
_BOXED = frozenset({"parameter", "module"})


@dataclass(frozen=True)
class Shape:
    """A bubble: its outline and its lines, about its centre."""

    node: Node
    texts: tuple[Text, ...]
    tag: tuple[Text, ...]
    heat: Box | None = None
    center: Point = _ORIGIN

    def moved(self, by: Point) -> Shape:
        """The same bubble elsewhere."""
        texts, tag = all_moved(self.texts, by), all_moved(self.tag, by)
        heat, center = self.heat and self.heat.moved(by), self.center.moved(by)
        return replace(self, texts=texts, tag=tag, heat=heat, center=center)


def compose(content: Content, layout: Layout, sizes: Sizes = FREE) -> Scene:
    """Lay out a picture's content and put every part in its place."""
    shapes = [_shape(variable, sizes) for variable in content.variables]
    labels = [_label(edge, sizes) for edge in content.edges]
    edges = tuple(
        Edge(edge.source, edge.target, _label_box(edge, texts).grown(1.5) if texts else None)
        for edge, texts in zip(content.edges, labels, strict=True)
    )
    cuts = tuple(cut.near for cut in content.cuts)
    graph = Graph(tuple(shape.node for shape in shapes), edges, cuts)
    placed = (permuted(layout, content.order) if content.order else layout)(graph)
    room = _Page(content, shapes, labels, graph, placed, sizes).room()
    shift = Point(_MARGIN - room.left, _MARGIN - room.bottom)
    return _Page(content, shapes, labels, graph, placed.moved(shift), sizes).scene()


def bubbles(content: Content, sizes: Sizes = FREE) -> list[Node]:
    """How large each bubble is, before anything is laid out."""
    return [_shape(variable, sizes).node for variable in content.variables]


def _shape(variable: VariableText, sizes: Sizes = FREE) -> Shape:
    """An ellipse, or a box, in which everything has room above the tag."""
    texts, lift = stack(_lines(variable, sizes), 3.0), _LIFT if variable.total else 0.0
    room, boxed = around(texts), variable.role in _BOXED or variable.heat is not None
    map_ = _beneath(room, variable.heat)
    room = room.joined(map_ or room)
    by = Point(-room.center.x, -room.center.y + lift)
    texts, map_ = all_moved(texts, by), map_ and map_.moved(by)
    parts = [*(text.box for text in texts), *([map_] if map_ else [])]
    rx, ry = _box_radii(parts) if boxed else _ellipse_radii(parts)
    if not variable.total:
        return Shape(Node(rx, ry, None, not boxed), texts, (), map_)
    rows = (variable.total, *variable.total_rows)
    tag = _tag(rows, min(part.bottom for part in parts) - _TAG_GAP, sizes.tag)
    ry = max(ry, -around(tag).center.y)
    return Shape(Node(rx, ry, around(tag).grown(4.0), not boxed), texts, tag, map_)


def _beneath(room: Box, heat: Heat | None) -> Box | None:
    """Where a heat map goes under the lines of a bubble or label."""
    if heat is None:
        return None
    left, top = room.center.x - heat.width / 2, room.bottom - _HEAT_GAP
    return Box(left, top - heat.height, left + heat.width, top)


def _label_box(edge: EdgeText, texts: tuple[Text, ...]) -> Box:
    """The room of a label, with the heat map under it."""
    room = around(texts)
    return room.joined(_beneath(room, edge.heat) or room)


def _tag(rows: tuple[str, ...], top: float, size: float) -> tuple[Text, ...]:
    texts = stack([line(row, size, palette.TAG.text) for row in rows], 2.0)
    room = around(texts)
    return all_moved(texts, Point(-room.center.x, top - room.top))


def _lines(variable: VariableText, sizes: Sizes) -> list[Text]:
    if variable.equation is None:
        name = drawable(variable.name)
        heads = [strutted(line(name, sizes.equation, palette.TEXT, is_math=False))]
    else:
        size = sizes.equation if "=" in variable.equation else sizes.name
        rows = wrapped(variable.equation, size, palette.TEXT, _WIDEST_LINE)
        heads = [strutted(row) for row in rows]
    values = [variable.value] if variable.value else []
    return [
        *heads,
        *(line(shown, sizes.value, palette.VALUE) for shown in [*values, *variable.rows]),
    ]


def _box_radii(parts: list[Box]) -> tuple[float, float]:
    high = max(max(part.top, -part.bottom) for part in parts)
    return max(part.width for part in parts) / 2 + 9, high + 7


def _ellipse_radii(parts: list[Box]) -> tuple[float, float]:
    """Half-axes of an ellipse that every line's corners are well inside of."""
    rx = max(max(part.width for part in parts) / 2 * 1.22 + 7, 34.0)
    corners = [(part.right / rx, max(part.top, -part.bottom)) for part in parts]
    return rx, max(26.0, *(y / (1 - x * x) ** 0.5 + _CLEAR for x, y in corners))


def _label(edge: EdgeText, sizes: Sizes) -> tuple[Text, ...]:
    """The formula on the line, its number beneath; a number alone sits on the line."""
    ink = edge.color or palette.TEXT
    rows = [line(edge.formula, sizes.formula, ink)] if edge.formula else []
    if edge.number:
        shown = rf"= {edge.number}" if rows else edge.number
        rows.append(line(shown, sizes.number, palette.VALUE))
    if not rows:
        return ()
    texts = stack(rows, 3.0)
    return all_moved(texts, Point(0, -texts[0].at.y - axis(texts[0].size)))


class _Page:
    """Puts placed parts on a page whose corner is the origin."""

    def __init__(
        self,
        content: Content,
        shapes: list[Shape],
        labels: list[tuple[Text, ...]],
        graph: Graph,
        placed: Placement,
        sizes: Sizes,
    ) -> None:
        self.content, self.graph, self.placed, self.sizes = content, graph, placed, sizes
        ends = ((edge.source, edge.target) for edge in content.edges)
        self.crossing = palette.crossing_colors(ends, graph.cuts) if content.at_once else {}
        self.shapes = [shape.moved(at) for shape, at in zip(shapes, placed.centers, strict=True)]
        self.labels = [
            all_moved(texts, at) if at else ()
            for texts, at in zip(labels, placed.labels, strict=True)
        ]

    def scene(self) -> Scene:
        """Everything where it stands."""
        page = self.room().grown(_MARGIN)
        return Scene(
            page.right,
            page.top,
            self.content.title,
            self._bubbles(),
            self._tags(),
            self._arrows(),
            self._labels(),
            self._cuts(),
            self._captions(self._graph_room()),
            self._heats(),
        )

    def room(self) -> Box:
        """The box around graph and captions."""
        room = self._graph_room()
        return reduce(Box.joined, (caption.box for caption in self._captions(room)), room)

    def _graph_room(self) -> Box:
        boxes = [shape.node.box.moved(shape.center) for shape in self.shapes]
        boxes += [label.box for label in self._labels()]
        boxes += [bounds(curve) for curve in self.placed.curves]
        boxes += [Box(p.x, p.y, p.x, p.y) for cut in self.placed.cuts for p in cut]
        return reduce(Box.joined, boxes or [Box(0, 0, 60, 20)])

    def _bubbles(self) -> tuple[Bubble, ...]:
        made = []
        for v, (shape, of) in enumerate(zip(self.shapes, self.content.variables, strict=True)):
            rx, ry = shape.node.rx, shape.node.ry
            body = Box(-rx, -ry, rx, ry).moved(shape.center)
            bubble = Bubble(f"node-{v}", of.role, body, shape.node.round, shape.texts, of.accent)
            made.append(bubble)
        return tuple(made)

    def _heats(self) -> tuple[HeatMap, ...]:
        found = [
            (f"heat-{v}", shape.heat, of.heat)
            for v, (shape, of) in enumerate(zip(self.shapes, self.content.variables, strict=True))
        ]
        found += [
            (f"jacobian-{k}", _beneath(around(texts), edge.heat), edge.heat)
            for k, (edge, texts) in enumerate(zip(self.content.edges, self.labels, strict=True))
            if texts
        ]
        return tuple(HeatMap(key, box, heat) for key, box, heat in found if box and heat)

    def _tags(self) -> tuple[TextBlock, ...]:
        return tuple(
            TextBlock(f"tag-{v}", shape.node.tag.moved(shape.center), shape.tag)
            for v, shape in enumerate(self.shapes)
            if shape.node.tag
        )

    def _labels(self) -> tuple[TextBlock, ...]:
        return tuple(
            TextBlock(f"label-{k}", _label_box(edge, texts), texts)
            for k, (edge, texts) in enumerate(zip(self.content.edges, self.labels, strict=True))
            if texts
        )

    def _arrows(self) -> tuple[Arrow, ...]:
        return tuple(self._arrow(k, curve) for k, curve in enumerate(self.placed.curves))

    def _arrow(self, number: int, curve: Curve) -> Arrow:
        edge, texts = self.graph.edges[number], self.labels[number]
        pieces: tuple[Curve, ...] = (curve,)
        for text in texts:
            pieces = tuple(p for piece in pieces for p in outside(piece, text.box.grown(3.0)))
        ends = (f"node-{edge.source}", f"node-{edge.target}")
        return Arrow(f"edge-{number}", *ends, curve, pieces, *self._stroke(number))

    def _stroke(self, number: int) -> tuple[str, float]:
        """An arrow's colour and width."""
        edge = self.content.edges[number]
        if number in self.crossing:
            return self.crossing[number], strokes.CUT
        if edge.accent:
            return palette.ACCENT, strokes.ACCENT
        return edge.color or palette.EDGE, strokes.LINE

    def _cuts(self) -> tuple[CutLine, ...]:
        made = []
        for number, points in enumerate(self.placed.cuts):
            edges = sorted(self.graph.crossing(number))
            found = [p for k in edges for p in crossings(self.placed.curves[k], points)]
            color = palette.cut_color(number if self.content.at_once else 0)
            made.append(CutLine(f"cut-{number}", points, tuple(found), color))
        return tuple(made)

    def _captions(self, room: Box) -> tuple[TextBlock, ...]:
        widest = min(max(room.width, _NARROWEST_CAPTION), self.sizes.line)
        formulas = [
            (palette.cut_color(number), pieces)
            for number, cut in enumerate(self.content.cuts)
            for pieces in cut.captions
        ]
        formulas += [(palette.TEXT, pieces) for pieces in self.content.captions]
        rows = [
            wrap_pieces(pieces, self.sizes.caption, color, widest) for color, pieces in formulas
        ]
        for note in self.content.notes:
            shown = drawable(note, limits.NOTE)
            rows.append((line(shown, self.sizes.note, palette.NOTE, is_math=False),))
        made, top = [], room.bottom - 8.0
        for number, texts in enumerate(rows):
            block = around(texts)
            placed = all_moved(texts, Point(room.left - block.left, top - block.top))
            made.append(TextBlock(f"caption-{number}", around(placed), placed))
            top = made[-1].box.bottom - 9.0
        return tuple(made)
