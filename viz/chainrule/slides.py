"""From back-propagation to pages that are revealed step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from viz.chainrule import array_lines
from viz.chainrule.steps import Chain, Step, is_scalar
from viz.chainrule.writer import Writer
from viz.choose.seams import Part, parts
from viz.choose.style import Style
from viz.content import derivatives
from viz.content.content import Content, CutText, EdgeText, Listing, VariableText
from viz.content.describe import Description
from viz.formulas import labels
from viz.formulas.escaping import drawable
from viz.formulas.latex import LATEX
from viz.formulas.mathtext import display, displayed
from viz.formulas.naming import has_symbol, names_of
from viz.layout.graph import Layout
from viz.look import limits, palette
from viz.look.sizes import SLIDE, Sizes
from viz.scene.compose import compose
from viz.scene.scene import Scene
from viz.scene.schedule import COLOR, Reveal
from viz.scene.slide import HEIGHT, MARGIN, WIDTH, Lines, is_too_large, needed, on_slide
from viz.scene.typeset import line, wrap_pieces

_NEVER: Final = 1_000_000
_WIDEST_LABEL: Final = 130.0  # points of a Jacobian's formula
_LARGER: Final = (1.5, 1.25)  # type of a graph that leaves room for it


@dataclass(frozen=True)
class Page:
    """One page of the slides.

    reveal    what is seen when
    forward   whether its forward pass is shown
    """

    reveal: Reveal
    forward: bool


def revealed(
    whole: FlowGraph, chain: Chain, style: Style, place: Layout
) -> tuple[tuple[Page, ...], Listing]:
    """The pages from the inputs on, and what they say in all."""
    flow = chain.flow
    book = _Book(whole, chain, style, place)
    listing = Description(flow, flow.cuts(), [], style).listing(flow)
    return tuple(book.pages()), listing


class _Book:
    """One flow graph on pages of one size."""

    def __init__(self, whole: FlowGraph, chain: Chain, style: Style, place: Layout) -> None:
        self.chain, self.flow, self.place, self.style = chain, chain.flow, place, style
        self.writer = Writer(self.flow, LATEX, style.digits)
        said = Description(whole, [], [], style).content(self.flow)  # with a note if it is not all
        self.number = {v: k for k, v in enumerate(self.flow.variables)}
        self.content = replace(said, edges=tuple(map(self._edge, said.edges)), captions=())
        self.steps = {v: chain.step(v) for v in chain.order}
        self.known: dict[tuple[object, ...], Scene] = {}
        self.there = {*self.flow.variables}  # on a page of their own
        self.folded: list[Part] = []  # pages that say less, since they would be too large

    def pages(self) -> Iterator[Page]:
        """From the inputs on, shared leaves last."""
        whole, sizes = self._parts(), SLIDE
        found = [part for part in whole if self._shows_something(part)] or whole
        self.there = {v for part in found for v in part.own}
        if len(found) == 1:
            larger = (SLIDE.times(factor) for factor in _LARGER)
            sizes = next((s for s in larger if self._factor(found[0], s) <= 1), SLIDE)
        self.folded = [part for part in found if self._factor(part, sizes) > 1]
        factor = max([1.0, *(self._factor(part, sizes) for part in found)])
        for part in found:
            yield Page(self._reveal(part, sizes, factor), not part.is_shared)

    def _shows_something(self, part: Part) -> bool:
        """Not so of the output alone, which is behind the seam of another page."""
        made = any(v is not self.chain.y and self.flow.sources.get(v) for v in part.own)
        return made or bool(self._order(part))

    def _parts(self) -> tuple[Part, ...]:
        def fits(part: Part) -> bool:
            made = [v for v in part.own if self.flow.sources.get(v)]
            if len(made) > 1 and is_too_large(self._said(part), SLIDE):
                return False
            if self._factor(part, SLIDE) <= 1:
                return True
            if len(made) != 1 or part.is_shared:
                return False
            self.folded = [part]  # a variable and its leaves rather say less than go apart
            return self._factor(part, SLIDE) <= 1

        found = parts(self.flow.variables, self.flow.targets, fits)
        asked = [v for v in self.flow.variables if v in self.steps or self.flow.sources.get(v)]
        if len(found) == 1 or len(asked) == len(self.flow.variables):
            return found
        return parts(asked, self.flow.targets, fits)  # other inputs only stand in the equations

    def _factor(self, part: Part, sizes: Sizes) -> float:
        """How much larger than a slide it is."""
        width, height = needed(self._scene(part, sizes), *self._below(part, sizes))
        return max(width / WIDTH, height / (HEIGHT - MARGIN))

    # --- what a page says ------------------------------------------------------------------------

    def _edge(self, edge: EdgeText) -> EdgeText:
        """Of arrays diag(f) or W in place of the norm; where that is long, the symbol alone."""
        t, x = self.flow.variables[edge.target], self.flow.variables[edge.source]
        if edge.number is None or r"\Vert" not in edge.number:
            return edge
        name = names_of(self.flow).latex
        symbols = labels.ratio(name(t), name(x), r"\partial ")
        number = derivatives.partial(Edge(self.flow, x, t))
        found = array_lines.jacobian(self.writer, t, x, number)
        said = found and displayed(f"{symbols}={found}", _WIDEST_LABEL)
        return replace(edge, number=None, formula=said or symbols, heat=None)

    def _said(self, part: Part) -> Content:
        """The content of one page, its variables counted anew."""
        place = {self.number[v]: k for k, v in enumerate(part.variables)}
        own = {self.number[v] for v in part.own}
        edges = [e for e in self.content.edges if e.source in own and e.target in place]
        there = [k for k in self.content.order if k in place]
        rank = {k: n for n, k in enumerate(sorted(there))}
        return replace(
            self.content,
            variables=(
                *(self._own(part, v) for v in part.own),
                *(self._behind_seam(part, v) for v in part.seam),
            ),
            edges=tuple(
                replace(self._label(part, e), source=place[e.source], target=place[e.target])
                for e in edges
            ),
            cuts=tuple(CutText(near) for near in self._cuts(part)),
            notes=(),
            at_once=False,
            order=tuple(place[k] for k in there) if len(rank) == len(place) else (),
        )

    def _bubble(self, v: Node) -> VariableText:
        return self.content.variables[self.number[v]]

    def _own(self, part: Part, v: Node) -> VariableText:
        """On a page that says less, a leaf with its norm alone."""
        bubble = self._bubble(v)
        return (
            replace(bubble, rows=(), heat=None) if self._says_less(part) and v.is_leaf else bubble
        )

    def _behind_seam(self, part: Part, v: Node) -> VariableText:
        """Without its equation, which stands where it is computed."""
        bubble = self._bubble(v)
        if v in self.there or self._says_less(part):
            called = names_of(self.flow).latex(v) if has_symbol(v) or not v.name else None
            bubble = replace(bubble, equation=called)
        return replace(bubble, value=None, rows=(), heat=None) if self._says_less(part) else bubble

    def _label(self, part: Part, edge: EdgeText) -> EdgeText:
        """An arrow's formula and number; on a page that says less one of them."""
        says_less = self._says_less(part) and edge.number is not None
        return replace(edge, formula=None) if says_less else edge

    def _says_less(self, part: Part) -> bool:
        return any(part is other for other in self.folded)

    def _order(self, part: Part) -> list[Node]:
        """The variables whose derivatives a page finds, as it finds them."""
        return [v for v in reversed(part.own) if v in self.steps]

    def _near(self, part: Part, v: Node) -> frozenset[int]:
        """What lies in front of the first cut behind a variable."""
        at = next(k for k, u in enumerate(part.own, 1) if u is v)
        while at < len(part.own) and not self.flow.sources.get(part.own[at]):
            at += 1
        return frozenset(range(at))

    def _cuts(self, part: Part) -> list[frozenset[int]]:
        """The cuts of a page, from the inputs on."""
        return sorted({self._near(part, v) for v in self._order(part)}, key=len)

    def _below(self, part: Part, sizes: Sizes) -> tuple[list[Lines], list[Lines]]:
        """The sums, of which one is seen at a time, and the notes."""
        widest = WIDTH - 2 * MARGIN
        sums = [wrap_pieces(self._sums[v], sizes.caption, COLOR, widest) for v in self._order(part)]
        notes = [drawable(note, limits.NOTE) for note in self.content.notes]
        return sums, [(line(note, sizes.note, palette.NOTE, is_math=False),) for note in notes]

    @cached_property
    def _sums(self) -> Mapping[Node, tuple[str, ...]]:
        return {v: _sum(self.writer, step) for v, step in self.steps.items()}

    def _scene(self, part: Part, sizes: Sizes) -> Scene:
        numbers = tuple(self.number[v] for v in part.variables)
        key = (numbers, len(part.own), sizes, self._says_less(part), len(self.there))
        if key not in self.known:
            self.known[key] = compose(self._said(part), self.place, sizes)
        return self.known[key]

    # --- when it is seen -------------------------------------------------------------------------

    def _reveal(self, part: Part, sizes: Sizes, factor: float) -> Reveal:
        order, cuts = self._order(part), self._cuts(part)
        scene = on_slide(self._scene(part, sizes), *self._below(part, sizes), factor)
        during: dict[str, tuple[int, ...]]
        during = {f"caption-{k}": (k + 1,) for k in range(len(order))}
        for number, near in enumerate(cuts):
            at = (k + 1 for k, v in enumerate(order) if self._near(part, v) == near)
            during[f"cut-{number}"] = tuple(at)
        return Reveal(scene, self._first(part, order), during, len(order) + 1)

    def _first(self, part: Part, order: Sequence[Node]) -> dict[str, int]:
        """By key, the picture in which each part is worked out; what is behind the seam, before."""
        chain = self.chain
        reached = {v: k + 1 for k, v in enumerate(order)}
        reached |= {v: 1 for v in (*part.seam, chain.y) if v is chain.y or v in self.steps}
        first: dict[str, int] = {}
        for k, v in enumerate(part.variables):
            first[f"node-{k}"] = first[f"tag-{k}"] = reached.get(v, _NEVER)
        for k, edge in enumerate(self._said(part).edges):
            source, target = (part.variables[n] for n in (edge.source, edge.target))
            passes = any(target is t for t in chain.targets.get(source, ()))
            first[f"edge-{k}"] = first[f"label-{k}"] = reached[source] if passes else _NEVER
        return first


def _sum(writer: Writer, step: Step) -> tuple[str, ...]:
    """dy/dv as chain rule and in numbers, in pieces that wrap."""
    if is_scalar(step):
        rows = (writer.chain_rule(step), writer.numbers(step), writer.result(step))
    else:
        written, result = array_lines.formulas(writer, step), array_lines.result(writer, step)
        rows = (writer.chain_rule(step), written, result)
    found: list[str] = [writer.ratio(step.left)]
    for row, before in zip(rows, ((), *rows), strict=False):
        found += row if row != before else ()
    return tuple(map(display, found))
