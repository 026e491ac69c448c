"""From back-propagation to a scene that is revealed step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from autograd_lite.cut import Cut
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.chainrule.steps import Chain, Step
from viz.chainrule.telling import is_scalar
from viz.chainrule.writer import Writer
from viz.choose.style import Style
from viz.content.content import Content, CutText, Listing
from viz.content.describe import Description
from viz.formulas.latex import LATEX
from viz.formulas.mathtext import display
from viz.layout.geometry import Point
from viz.layout.graph import Layout
from viz.scene.compose import CAPTION, compose
from viz.scene.scene import Scene, Text, TextBlock
from viz.scene.schedule import COLOR, Reveal
from viz.scene.typeset import all_moved, around, wrap_pieces

_NEVER: Final = 1_000_000
_MARGINS: Final = 28.0
_NARROWEST: Final = 460.0


def revealed(whole: FlowGraph, chain: Chain, style: Style, place: Layout) -> tuple[Reveal, Listing]:
    """The scene with every cut and sum in it, when each is seen, and what the picture says."""
    flow = chain.flow
    cuts = list(reversed(flow.cuts()))
    passed = [_behind(cuts, v) for v in chain.order]
    used = [cuts[j] for j in sorted(set(passed))]
    content = Description(whole, used, [], style).content(flow)  # with a note if it is not all
    content = replace(content, cuts=tuple(CutText(cut.near) for cut in content.cuts), at_once=False)
    writer = Writer(flow, LATEX, style.digits)
    scene = _composed(content, [_sum(writer, chain.step(v)) for v in chain.order], place)
    during: dict[str, tuple[int, ...]]
    during = {f"caption-{k}": (k + 1,) for k in range(len(passed))}
    for number, j in enumerate(sorted(set(passed))):
        during[f"cut-{number}"] = tuple(k + 1 for k, at in enumerate(passed) if at == j)
    listing = Description(flow, used, [], style).listing(flow)
    return Reveal(scene, _first(chain), during, len(passed) + 1), listing


def _behind(cuts: Sequence[Cut], v: Node) -> int:
    """The cut just after a variable: what lies beyond has its total derivative."""
    return next(j for j, cut in enumerate(cuts) if v in set(cut.near))


def _first(chain: Chain) -> dict[str, int]:
    """By key, the picture in which each part is worked out."""
    flow = chain.flow
    reached = {v: k + 1 for k, v in enumerate(chain.order)} | {chain.y: 1}
    first: dict[str, int] = {}
    for k, v in enumerate(flow.variables):
        first[f"node-{k}"] = first[f"tag-{k}"] = reached.get(v, _NEVER)
    for k, edge in enumerate(flow.edges):
        passes = any(edge.target is t for t in chain.targets.get(edge.source, ()))
        first[f"edge-{k}"] = first[f"label-{k}"] = reached[edge.source] if passes else _NEVER
    return first


def _sum(writer: Writer, step: Step) -> tuple[str, ...]:
    """dy/dv as chain rule and in numbers, in pieces that wrap."""
    numbers = (writer.numbers(step), writer.result(step))
    rows = (writer.chain_rule(step), *(numbers if is_scalar(step) else (writer.length(step),)))
    found: list[str] = [writer.ratio(step.left)]
    for row, before in zip(rows, ((), *rows), strict=False):
        found += row if row != before else ()
    return tuple(map(display, found))


def _composed(content: Content, sums: Sequence[tuple[str, ...]], place: Layout) -> Scene:
    """The scene with all sums in the same place, which has room for the tallest."""
    if not sums:
        return compose(content, place)
    widest = max(compose(content, place).width - _MARGINS, _NARROWEST)
    blocks = [wrap_pieces(pieces, CAPTION, COLOR, widest) for pieces in sums]
    tallest = max(range(len(sums)), key=lambda k: around(blocks[k]).height)
    scene = compose(replace(content, captions=(sums[tallest],)), place)
    room, *notes = scene.captions
    captions = [_placed(f"caption-{k}", block, room) for k, block in enumerate(blocks)]
    captions += [replace(note, key=f"note-{k}") for k, note in enumerate(notes)]
    return replace(scene, captions=tuple(captions))


def _placed(key: str, block: tuple[Text, ...], room: TextBlock) -> TextBlock:
    box = around(block)
    texts = all_moved(block, Point(room.box.left - box.left, room.box.top - box.top))
    return TextBlock(key, around(texts), texts)
