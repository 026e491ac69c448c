"""A flow graph on a page of fixed size: type never shrinks below what can be read, so what is said folds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from autograd_lite.errors import PictureError, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.choose.arguments import CutLike, cuts_of, flow_of, folded_to_fit, wrt_of
from viz.choose.style import Style
from viz.content.content import Content
from viz.content.describe import Description
from viz.forms.form import Asked
from viz.forms.known import GRAPH, pages_of
from viz.layout.graph import Layout
from viz.look import limits
from viz.look.sizes import SLIDE
from viz.picture import Picture
from viz.scene.compose import compose
from viz.scene.scaled import on_page, smallest_type
from viz.scene.scene import Scene
from viz.scene.seams import split

_MOST_PAGES: Final = 4
_FEWEST: Final = 4  # variables on a page, however large they are

Fit: TypeAlias = Literal["slide", "page", "cell"]


@dataclass(frozen=True)
class Page:
    """A page's room in points, and the smallest base size of type on it."""

    width: float
    height: float
    least: float

    def holding(self, scene: Scene) -> Scene:
        """The scene on this page, as large as it fits."""
        return on_page(scene, self.width, self.height)

    def shows(self, scene: Scene) -> bool:
        """Whether all of its type can be read there."""
        return smallest_type(self.holding(scene)) >= self.least


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


def model(
    ended: FlowGraph | Node,
    cut: CutLike | None,
    wrt: Sequence[Key] | Key | None,
    form: str | None,
    fit: str | None,
) -> Picture | None:
    """The picture of a model in the form of this name, or in the first that suits; None for the plain graph.

    Raises PictureError for a form or a page that does not exist, or a form that the graph has not.
    """
    page = None if fit is None else page_of(fit)
    if form == GRAPH:
        return None
    flow = flow_of(ended)
    cuts = cuts_of(flow, cut)
    interest = wrt_of(flow, wrt, cuts)
    scenes = pages_of(Asked(flow, cuts, interest), form)
    if scenes is None:
        return None
    if page is not None:
        scenes = list(map(page.holding, scenes))
    listing = Description(flow, cuts, interest, Style()).listing(flow)
    return Picture(scenes[0], listing, scenes[1:])


def graph(description: Description, place: Layout, fit: str | None) -> Picture:
    """The picture of a flow graph, on a page that fits it or one of fixed size."""
    if fit is None:
        scene, shown = _free(description, place)
        return Picture(scene, description.listing(shown))
    scenes, shown = _fitted(description, place, page_of(fit))
    return Picture(scenes[0], description.listing(shown), scenes[1:])


def _free(description: Description, place: Layout) -> tuple[Scene, FlowGraph]:
    """The scene and the variables in it: all, or when they are too many, as many as fit a sheet."""
    most = description.style.max_variables
    while True:
        shown = folded_to_fit(description.level, description.cuts, description.wrt, most)
        scene = compose(description.content(shown), place)
        whole = shown is description.flow or len(shown.variables) <= limits.FEWEST_VARIABLES
        if whole or max(scene.width, scene.height) <= limits.LONGEST_SIDE:
            return scene, shown
        most = len(shown.variables) * 2 // 3


def _fitted(
    description: Description, place: Layout, page: Page
) -> tuple[Sequence[Scene], FlowGraph]:
    """The scenes that say most with type that can be read, and the variables in them.

    First words are left out, of all bubbles or arrows alike; then the graph goes on on further pages; then
    variables fold into the arrows, which a note says. What still does not fit is as large as it can be.
    """
    most = description.style.max_variables
    while True:
        shown = folded_to_fit(description.level, description.cuts, description.wrt, most)
        tried = []
        for content in _shorter(description.content(shown)):
            tried.append(compose(content, place, SLIDE))
            if page.shows(tried[-1]):
                return [page.holding(tried[-1])], shown
        for scene in tried:
            if pages := _continued(scene, page):
                return pages, shown
        if len(shown.variables) <= _FEWEST:
            return [max(map(page.holding, tried), key=smallest_type)], shown
        most = len(shown.variables) * 2 // 3


def _continued(scene: Scene, page: Page) -> list[Scene]:
    """The scene on several pages, or none where they would be too many or their type too small."""
    by = min(page.height / scene.height, 1.0)
    if by * smallest_type(scene) < page.least:
        return []
    parts = split(scene, page.width / by)
    return [page.holding(part) for part in parts] if 1 < len(parts) <= _MOST_PAGES else []


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
