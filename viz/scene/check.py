"""Is a scene fit to print? What is wrong with it, found on the scene and not on pixels."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from viz.layout.check import crossings
from viz.layout.geometry import Box, Curve, Point, samples, straight
from viz.scene.scene import Arrow, Scene

_REACH, _NEAR = 4.0, 1.5


def faults(scene: Scene) -> list[str]:
    """Everything that is wrong with a scene; an empty list if nothing is."""
    return [
        *off_page(scene),
        *overlaps(scene),
        *loose_ends(scene),
        *struck(scene),
        *wrong_crossings(scene),
    ]


def off_page(scene: Scene) -> list[str]:
    """Parts that stick out of the page."""
    boxes = [(key, text.box) for key, text in scene.texts()]
    boxes += [(bubble.key, bubble.box) for bubble in scene.bubbles]
    boxes += [(tag.key, tag.box) for tag in scene.tags]
    boxes += [(cut.key, Box(*p, *p)) for cut in scene.cuts for p in cut.points]
    return [f"{key} is off the page" for key, box in boxes if not scene.page.holds(box)]


def overlaps(scene: Scene) -> list[str]:
    """Bubbles, labels and captions that share room; a tag belongs to its bubble."""
    solid = {**_bubbles(scene), **{part.key: part.box for part in scene.labels}}
    solid |= {part.key: part.box for part in scene.captions}
    pairs = combinations(solid.items(), 2)
    return [f"{a} overlaps {b}" for (a, p), (b, q) in pairs if p.overlaps(q)]


def _bubbles(scene: Scene) -> dict[str, Box]:
    found = {bubble.key: bubble.box for bubble in scene.bubbles}
    for tag in scene.tags:
        owner = tag.key.replace("tag", "node")
        found[owner] = found[owner].joined(tag.box)
    return found


def struck(scene: Scene) -> list[str]:
    """Words that a cut's line, a wire or an arrow between other bubbles runs through."""
    words = [(key, text.box.grown(-1.0)) for key, text in scene.texts()]
    ways = {
        cut.key: [p for a, b in pairwise(cut.points) for p in samples((straight(a, b),))]
        for cut in scene.cuts
    }
    ways |= {wire.key: list(samples(wire.curve)) for wire in scene.wires}
    ways |= {arrow.key: [p for c in arrow.pieces for p in samples(c)] for arrow in scene.arrows}
    return [
        f"{line} runs through the words of {key}"
        for line, way in ways.items()
        for key, box in words
        if any(box.contains(point) for point in way)
    ]


def loose_ends(scene: Scene) -> list[str]:
    """Arrows whose ends are not at their bubbles."""
    return [
        f"{arrow.key} does not end at {key}"
        for arrow in scene.arrows
        for key, point in _ends(arrow)
        if not _bubbles(scene)[key].grown(_REACH).contains(point)
    ]


def _ends(arrow: Arrow) -> tuple[tuple[str, Point], ...]:
    return (arrow.source, arrow.curve[0].p0), (arrow.target, arrow.curve[-1].p3)


def wrong_crossings(scene: Scene) -> list[str]:
    """Cut lines that meet an arrow twice, or whose circles are not where arrows cross."""
    wrong = []
    lines = [line.curve for line in scene.arrows] + [wire.curve for wire in scene.wires]
    for cut in scene.cuts:
        met = {arrow.key: len(crossings(arrow.curve, cut.points)) for arrow in scene.arrows}
        wrong += [f"{cut.key} meets {key} {n} times" for key, n in met.items() if n > 1]
        if not scene.wires and sum(met.values()) != len(cut.crossings):
            wrong.append(
                f"{cut.key} has {len(cut.crossings)} circles on {sum(met.values())} arrows"
            )
        loose = [at for at in cut.crossings if not any(_passes(way, at) for way in lines)]
        wrong += [f"{cut.key} has a circle on no line, at {at.x:.0f}, {at.y:.0f}" for at in loose]
    return wrong


def _passes(curve: Curve, at: Point) -> bool:
    """Whether the curve passes through this place."""
    return any(math.dist(p, at) < _NEAR for p in samples(curve, 0.5 * _NEAR))
