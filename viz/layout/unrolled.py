"""A recurrence unrolled over time: the states on one line, each time step a column of its own.

A step is a state of the chain h_0 → h_1 → …, a tower of what is computed from it (ŷ_t, ℓ_t), and the
leaves of both: the input below the state, the weights' copies to the left. Every tower ends in one
output, the sum at the end. So a cut between two steps is a vertical line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograd_lite.errors import PictureError
from viz.layout.cuts import check_cuts
from viz.layout.geometry import Box, Curve, Point, bounds, hermite, straight
from viz.layout.graph import Graph, Placement
from viz.layout.recurrence import Recurrence, Step, recurrence

_START, _END = 2.0, 2.5
_ROOM, _CUT_ROOM, _LEAF_GAP, _ROW_GAP, _BAND = 14.0, 26.0, 12.0, 26.0, 10.0
_REACH, _ARC_ROOM = 34.0, 18.0
_SHALLOW, _STEEP = math.radians(160), math.radians(108)


def unrolled(graph: Graph) -> Placement:
    """Place a recurrence, a column for each time step.

    Raises
    ------
    PictureError
        When the graph is none, or a cut does not fall between two steps: use another layout.
    """
    check_cuts(graph)
    found = recurrence(graph)
    if found is None:
        raise PictureError(
            "unrolling needs states that follow each other, each with its own inputs and outputs, and one "
            'output at the end; write layout="layered" for other graphs'
        )
    return _Unrolled(graph, found).placement()


class _Unrolled:
    """Rows of equal height, columns of the width they need; then one arrow after the other."""

    def __init__(self, graph: Graph, found: Recurrence) -> None:
        self.graph, self.found = graph, found
        self.edge = {(e.source, e.target): k for k, e in enumerate(graph.edges)}
        self.at: dict[int, Point] = {}
        self.curves: dict[int, Curve] = {}
        self.labels: dict[int, Point] = {}
        self.cut_x: dict[int, float] = {}

    def placement(self) -> Placement:
        """Everything in place."""
        height = self._heights()
        x = 0.0
        for number, step in enumerate(self.found.steps):
            x = self._place(number, step, height, x)
        self._place_end(height, x)
        for number, step in enumerate(self.found.steps):
            self._join_inside(step)
            if number:
                self._join_states(self.found.steps[number - 1].state, step.state, number)
        self._join_end()
        numbers = range(len(self.graph.edges))
        return Placement(
            tuple(self.at[v] for v in range(len(self.graph.nodes))),
            tuple(self.curves[k] for k in numbers),
            tuple(self.labels.get(k) for k in numbers),
            self._cut_lines(),
        )

    # --- rows and columns ----------------------------------------------------------------------

    def _box(self, v: int) -> Box:
        return self.graph.nodes[v].box

    def _label(self, a: int, b: int) -> Box:
        return self.graph.edges[self.edge[a, b]].label or Box(0, 0, 0, 0)

    def _below(self, step: Step) -> list[int]:
        """The input: the first of the state's leaves that is a bubble and no box."""
        return [v for v in step.leaves[step.state] if self.graph.nodes[v].round][:1]

    def _beside(self, step: Step, host: int) -> list[int]:
        """The leaves to the left of a host."""
        return [v for v in step.leaves[host] if v not in self._below(step)]

    def _stack(self, leaves: Sequence[int]) -> float:
        return sum(self._box(v).height + _LEAF_GAP for v in leaves) - _LEAF_GAP if leaves else 0.0

    def _halves(self, step: Step) -> tuple[list[int], list[int]]:
        """The state's leaves above and below the arrow that arrives at it."""
        leaves = self._beside(step, step.state)
        return leaves[: (len(leaves) + 1) // 2], leaves[(len(leaves) + 1) // 2 :]

    def _band(self) -> float:
        """Half of the height that the arrows between states and their labels take."""
        pairs = pairwise(self.found.steps)
        boxes = [self._label(a.state, b.state) for a, b in pairs]
        return max(max(box.top, -box.bottom) for box in boxes) + _BAND

    def _heights(self) -> list[float]:
        """The height of the row below the states, of the states and of each floor of the towers."""
        steps, band = self.found.steps, self._band()
        halves = [(self._box(s.state), [self._stack(v) for v in self._halves(s)]) for s in steps]
        up = max(max(box.top, band + above) for box, (above, _) in halves)
        down = max(max(-box.bottom, band + below) for box, (_, below) in halves)
        height = [0.0]
        for floor in range(max(len(s.tower) for s in steps)):
            high = [s for s in steps if len(s.tower) > floor]
            gap = max(self._label(*s.hosts[floor : floor + 2]).height for s in high) + _ROW_GAP
            boxes = [(self._box(s.tower[floor]), self._stack(self._beside(s, s.tower[floor])) / 2)
                     for s in high]  # fmt: skip
            height.append(height[-1] + up + gap + max(max(-b.bottom, h) for b, h in boxes))
            up = max(max(box.top, half) for box, half in boxes)
        self.top = height[-1] + up
        inputs = [(v, s.state) for s in steps for v in self._below(s)]
        room = max((self._label(a, b).height + self._box(a).top for a, b in inputs), default=0.0)
        return [-down - _ROW_GAP - room, *height]

    def _place(self, number: int, step: Step, height: Sequence[float], x: float) -> float:
        """Place one step from x on; the answer is where it ends."""
        left = [v for host in step.hosts for v in self._beside(step, host)]
        wide = max((self._box(v).width for v in left), default=0.0)
        half = max(self._half_widths(step))
        reach = max([_REACH, *(self._label(v, h).width + 2 * _ROOM for h in step.hosts
                               for v in self._beside(step, h))]) if left else 0.0  # fmt: skip
        if number:
            self.cut_x[number] = x + _CUT_ROOM
            before = self.found.steps[number - 1].state
            room = self._label(before, step.state).width + 2 * _ROOM
            reach = max(reach, room - wide)
            x += 2 * _CUT_ROOM
        middle = x + wide + reach + half
        for floor, host in enumerate(step.hosts):
            self.at[host] = Point(middle, height[floor + 1])
        for v in self._below(step):
            self.at[v] = Point(middle, height[0])
        self._place_leaves(step, x + wide)
        return middle + half

    def _half_widths(self, step: Step) -> Iterator[float]:
        for v in [*step.hosts, *self._below(step)]:
            yield max(self._box(v).right, -self._box(v).left)
        for a, b in zip(step.hosts, step.tower, strict=False):
            yield self._label(a, b).width / 2
        for v in self._below(step):
            yield self._label(v, step.state).width / 2

    def _place_leaves(self, step: Step, right: float) -> None:
        upper, lower = self._halves(step)
        band = self._band()
        self._pile(upper, right, band + self._stack(upper))
        self._pile(lower, right, -band)
        for host in step.tower:
            leaves = self._beside(step, host)
            self._pile(leaves, right, self.at[host].y + self._stack(leaves) / 2)

    def _pile(self, leaves: Sequence[int], right: float, top: float) -> None:
        for v in leaves:
            box = self._box(v)
            self.at[v] = Point(right - box.right, top - box.top)
            top -= box.height + _LEAF_GAP

    def _place_end(self, height: Sequence[float], x: float) -> None:
        """The output behind the last step, its own leaves below it side by side."""
        last, end = self.found.steps[-1], self.found.end
        room = self._label(last.hosts[-1], end).width + 2 * _ROOM
        self.cut_x[len(self.found.steps)] = x + _CUT_ROOM
        wide = sum(self._berth(v) for v in self.found.rest)
        left = x + 2 * _CUT_ROOM + max(room, _REACH) + max(0.0, wide / 2 + self._box(end).left)
        middle = left - self._box(end).left
        self.at[end] = Point(middle, height[len(last.hosts)])
        at = middle - wide / 2
        for v in self.found.rest:
            low = self._label(v, end).height + 3 * _ROW_GAP
            y = self.at[end].y + self._box(end).bottom - low - self._box(v).top
            self.at[v] = Point(at + self._berth(v) / 2 - self._box(v).center.x, y)
            at += self._berth(v)

    def _berth(self, v: int) -> float:
        """How wide a leaf of the end is, with a label on the slanted arrow above it."""
        return max(self._box(v).width, 1.6 * self._label(v, self.found.end).width) + _LEAF_GAP

    # --- arrows --------------------------------------------------------------------------------

    def _out(self, v: int, towards: Point, gap: float) -> Point:
        """Just outside of a bubble, in the direction of a point."""
        at = self.at[v]
        direction = Point(towards.x - at.x, towards.y - at.y)
        reach = (self.graph.nodes[v].reach(direction) + gap) / math.hypot(*direction)
        return Point(at.x + direction.x * reach, at.y + direction.y * reach)

    def _join(self, a: int, b: int, way: float = 0.5) -> None:
        """A straight arrow from outline to outline."""
        self._line(a, b, self._out(a, self.at[b], _START), self._out(b, self.at[a], _END), way)

    def _line(self, a: int, b: int, start: Point, end: Point, way: float = 0.5) -> None:
        """A straight arrow, with its label so far along the way."""
        number, label = self.edge[a, b], self._label(a, b)
        self.curves[number] = (straight(start, end),)
        if self.graph.edges[number].label:
            center, middle = label.center, self.curves[number][0].at(way)
            flat = abs(end.y - start.y) < 1
            self.labels[number] = Point(middle.x - center.x, middle.y - (0 if flat else center.y))

    def _join_states(self, a: int, b: int, number: int) -> None:
        """The arrow from one state to the next, its label behind the cut."""
        self._join(a, b)
        k, label = self.edge[a, b], self._label(a, b)
        if self.graph.edges[k].label:
            line = self.curves[k][0]
            middle = (self.cut_x[number] + line.p3.x) / 2
            self.labels[k] = Point(middle - label.center.x, line.p0.y)

    def _join_inside(self, step: Step) -> None:
        for a, b in zip(step.hosts, step.tower, strict=False):
            self._join(a, b)
        for v in self._below(step):
            self._join(v, step.state)
        for host in step.hosts:
            for v in self._beside(step, host):
                start = self._right_of(v)
                self._line(v, host, start, self._out(host, start, _END))

    def _right_of(self, v: int) -> Point:
        """Where an arrow to the right leaves a leaf: at its tag if that is wider."""
        box, tag = self._box(v), self.graph.nodes[v].tag
        wide = tag is not None and tag.right == box.right
        return self.at[v].moved(Point(box.right + _START, tag.center.y if tag and wide else 0.0))

    def _join_end(self) -> None:
        """From the top of each step over all others to the end, the first one highest."""
        end = self.found.end
        for v in self.found.rest:
            self._join(v, end, 0.35)
        tops = [s.hosts[-1] for s in self.found.steps if (s.hosts[-1], end) in self.edge]
        last = tops.pop()
        self._join(last, end)
        apart = max((self._label(v, end).height for v in tops), default=0.0) + _LEAF_GAP
        low = max((-self._label(v, end).bottom for v in tops), default=0.0)
        high = max(self.top, self.at[end].y + self._box(end).top) + max(_ARC_ROOM, low + _LEAF_GAP)
        for place, v in enumerate(reversed(tops)):
            share = (place + 1) / (len(tops) + 1)
            angle = _SHALLOW + (_STEEP - _SHALLOW) * share
            self._arc(v, high + apart * place, angle)

    def _arc(self, v: int, height: float, angle: float) -> None:
        end = self.found.end
        number, label, at = self.edge[v, end], self._label(v, end), self.at[end]
        start = self._out(v, Point(self.at[v].x + 1, self.at[v].y + 1), _START)
        stop = self._out(end, Point(at.x + math.cos(angle), at.y + math.sin(angle)), _END)
        left = Point(start.x + 2 * _CUT_ROOM, height)
        right = Point(stop.x - 1.2 * (height - stop.y) - _ROOM, height)
        right = right if right.x > left.x else left
        rise, fall = 1.6 * (height - start.y) / (left.x - start.x), -1.3
        flat = (straight(left, right),) if right.x > left.x else ()
        self.curves[number] = (
            hermite(start, rise, left, 0.0),
            *flat,
            hermite(right, 0.0, stop, fall),
        )
        if self.graph.edges[number].label:
            self.labels[number] = Point(
                self._beside_cuts(left.x + _ROOM, label.width) - label.left, height
            )

    def _beside_cuts(self, x: float, width: float) -> float:
        """The first place from x on where a label of this width touches no cut."""
        for cut in sorted(self.cut_x[self._boundary(near)] for near in self.graph.cuts):
            if x - _LEAF_GAP / 2 < cut < x + width + _LEAF_GAP / 2:
                x = cut + _LEAF_GAP
        return x

    # --- cuts ----------------------------------------------------------------------------------

    def _cut_lines(self) -> tuple[tuple[Point, ...], ...]:
        boxes = [self._box(v).moved(at) for v, at in self.at.items()]
        boxes += [bounds(curve) for curve in self.curves.values()]
        top, bottom = max(b.top for b in boxes) + _ROOM, min(b.bottom for b in boxes) - _ROOM
        xs = (self.cut_x[self._boundary(near)] for near in self.graph.cuts)
        return tuple((Point(x, bottom), Point(x, top)) for x in xs)

    def _boundary(self, near: frozenset[int]) -> int:
        """The first step that is wholly beyond the cut; all before it must be on the near side."""
        whole = [
            {*step.hosts, *(v for leaves in step.leaves.values() for v in leaves)}
            for step in self.found.steps
        ]
        count = sum(nodes <= near for nodes in whole)
        if near != frozenset().union(*whole[:count]):
            raise PictureError(
                "this cut runs through a time step, so no vertical line shows it: cut between two steps, "
                'or write layout="layered"'
            )
        return count
