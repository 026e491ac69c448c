"""A flow graph on a page of fixed size: type never shrinks below what can be read, so what is said folds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from autograd_lite.errors import PictureError, did_you_mean
from autograd_lite.flow import FlowGraph
from viz.choose.arguments import folded_to_fit
from viz.content.content import Content
from viz.content.describe import Description
from viz.layout.graph import Layout
from viz.look import limits
from viz.look.sizes import SLIDE
from viz.scene.compose import compose
from viz.scene.scaled import on_page, smallest_type
from viz.scene.scene import Scene

Fit: TypeAlias = Literal["slide", "page", "cell"]


@dataclass(frozen=True)
class Page:
    """A page's room in points, and the smallest base size of type on it."""

    width: float
    height: float
    least: float


PAGES: Final[dict[str, Page]] = {
    "slide": Page(960, 540, 12.0),  # 13.33 × 7.5 inches
    "page": Page(728, 481, 9.0),  # A4 across, with margins of 2 cm
    "cell": Page(750, 750, 9.0),  # 1000 pixels of a notebook's cell
}


def page_of(fit: str) -> Page:
    """The page of this name; raises PictureError when there is none.

    >>> page_of("slide").width
    960
    """
    if fit not in PAGES:
        raise PictureError(f"nothing is called fit={fit!r:.60}: {did_you_mean(str(fit), PAGES)}")
    return PAGES[fit]


def fitted(description: Description, place: Layout, page: Page) -> tuple[Scene, FlowGraph]:
    """The scene that says most with type that can be read, and the variables in it.

    First words are left out, of all bubbles or arrows alike; then variables fold into the arrows, which a
    note says; what still does not fit is as large as the page allows.
    """
    most = description.style.max_variables
    while True:
        shown = folded_to_fit(description.level, description.cuts, description.wrt, most)
        scenes = (
            on_page(compose(content, place, SLIDE), page.width, page.height)
            for content in _shorter(description.content(shown))
        )
        scene = _first_readable(scenes, page.least)
        few = len(shown.variables) <= limits.FEWEST_VARIABLES
        if few or smallest_type(scene) >= page.least:
            return scene, shown
        most = len(shown.variables) * 2 // 3


def _first_readable(scenes: Iterable[Scene], least: float) -> Scene:
    """The first whose type is large enough, or the one with the largest."""
    tried: list[Scene] = []
    for scene in scenes:
        tried.append(scene)
        if smallest_type(scene) >= least:
            break
    return max(tried, key=smallest_type)


def _shorter(content: Content) -> Iterator[Content]:
    """The same with fewer and fewer words."""
    yield content
    for fold in (_number_alone, _no_heat, _name_alone, _bare):
        shorter = fold(content)
        if shorter != content:
            yield (content := shorter)


def _number_alone(content: Content) -> Content:
    """On arrows the number without its formula."""
    edges = (replace(e, formula=None) if e.number else e for e in content.edges)
    return replace(content, edges=tuple(edges))


def _no_heat(content: Content) -> Content:
    """Arrays as sizes and norm, without their numbers or colours."""
    edges = tuple(replace(e, heat=None) for e in content.edges)
    variables = tuple(replace(v, heat=None, rows=()) for v in content.variables)
    return replace(content, edges=edges, variables=variables)


def _name_alone(content: Content) -> Content:
    """In bubbles the name without its equation."""
    named = (
        replace(v, equation=v.equation.partition("=")[0].strip()) if v.equation else v
        for v in content.variables
    )
    return replace(content, variables=tuple(named))


def _bare(content: Content) -> Content:
    """Arrows without words."""
    return replace(
        content, edges=tuple(replace(e, formula=None, number=None) for e in content.edges)
    )
