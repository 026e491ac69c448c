"""`viz.step`: a page in which to step through a flow graph, forward and backward."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from autograd_lite.cut import Cut
from autograd_lite.errors import PictureError
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key, as_list
from viz._draw import draw
from viz.choose.arguments import flow_of, folded_to_fit
from viz.choose.sheet import Level, everything
from viz.content.domain import nan_notes
from viz.content.wording import plural
from viz.formulas.naming import names_of
from viz.layout.choose import Quick, layout_of
from viz.layout.graph import Layout
from viz.look import limits
from viz.picture import Picture
from viz.render import files
from viz.scene.compose import compose
from viz.stepper.glyphs import Glyphs

if TYPE_CHECKING:
    from viz.stepper.page_data import PageData

_WIDEST_IN_NOTEBOOK, _WIDEST_ON_PAGE = 900.0, 1160.0
_MOST_ENLARGED, _PANELS = 1.4, 720.0  # the page's; a frame too low would scroll inside the notebook


class Stepper:
    """A flow graph to step through, as one HTML page that needs nothing else.

    >>> from autograd_lite import Value
    >>> x = Value(3.0, name="x")
    >>> step((x * x).named("y"))
    Stepper(y, 2 variables, 4 steps)
    """

    def __init__(self, pages: Sequence[PageData], start: int, layout: Layout) -> None:
        self._pages, self._start, self._layout = pages, start, layout

    def __repr__(self) -> str:
        first = self._pages[self._start]
        count, edges = len(first.sheet.bubbles), len(first.sheet.arrows)
        name, modules = names_of(first.flow).given(first.flow.output), len(self._pages) - 1
        what = (
            f"{plural(count, 'bubble')}, {plural(modules, 'module')}"
            if modules
            else f"{count} variables"
        )
        return f"Stepper({name}, {what}, {count + 1 + edges} steps)"

    def html(self) -> str:
        """The page as text: no network, no library, no kernel."""
        return self._html

    def picture(self) -> Picture:
        """What is seen first as a picture that stands still."""
        first = self._pages[self._start]
        by = {"level": "modules", "opened": [first.module] if first.module else []}
        what = first.flow.output if len(self._pages) > 1 else first.flow
        return draw(
            what, layout=self._layout, **(by if len(self._pages) > 1 else {"wrt": [first.wrt]})
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page in the form its suffix names: html or htm; a failure leaves what was there.

        Raises
        ------
        PictureError
            For another suffix, or a place that cannot be written to.
        """
        return files.save(self, path, files.PAGE)

    @cached_property
    def _html(self) -> str:
        from viz.stepper import page  # sympy loads when a page is asked for

        pictures = []
        for data in self._pages:
            content = data.content()
            pictures.append(page.Picture(data, content, compose(content, self._layout)))
        return page.page(pictures, self._start, Glyphs())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _repr_html_(self) -> str:
        """A picture, and the live page over it.

        JupyterLab strips the frame from untrusted notebooks, and GitHub from all: there the picture shows.
        """
        picture = self.picture()
        source = base64.b64encode(picture.png()).decode("ascii")
        scene, natural = picture.scene, picture.scene.width * 96 / 72
        width = min(natural, _WIDEST_IN_NOTEBOOK)
        live = min(_MOST_ENLARGED * natural, _WIDEST_ON_PAGE)
        height = round(live * scene.height / scene.width + _PANELS)
        cell = "grid-area: 1 / 1; width: 100%;"
        return (
            '<div style="display: grid">'
            f'<img alt="{html.escape(scene.title)}" src="data:image/png;base64,{source}" '
            f'style="grid-area: 1 / 1; max-width: {width:.0f}px; width: 100%">'
            f'<iframe title="{html.escape(scene.title)}, step by step" sandbox="allow-scripts" '
            f'srcdoc="{html.escape(self.html())}" height="{height}" '
            f'style="{cell} height: {height}px; border: 0; z-index: 1"></iframe></div>'
        )


def step(
    graph: FlowGraph | Node | Cut,
    *,
    wrt: Key | None = None,
    hold: Iterable[Key] = (),
    level: Literal["variables", "modules"] | None = None,
    opened: str | None = None,
    layout: str | Layout = "auto",
) -> Stepper:
    r"""A page in which to step through a flow graph: values forward, then derivatives backward.

    Backward goes one contribution at a time, dy/da += (dy/db)·(∂b/∂a), while the cut moves to the
    left. Inputs of Values can be moved, variables held, the cut dragged: the page computes by itself.

    Parameters
    ----------
    graph
        A FlowGraph, or the Value or Tensor at its end.
    wrt
        The variable by which to differentiate at first; by default the first input.
    hold
        Variables held constant at first.
    level
        "variables", one bubble for each; "modules", one for each call of a module, where a click opens
        one module and the others stay closed. None takes the modules, if there are any, of a Value or
        Tensor, and of a FlowGraph with more variables than fit a sheet.
    opened
        The module that is open at first, by dotted name or the last part of it.
    layout
        As in `viz.draw`.

    Returns
    -------
    Stepper
        It shows itself in a notebook; `.save("step.html")` writes a page that opens anywhere.

    Raises
    ------
    PictureError
        When the graph, the level, the module or the layout is none.

    Examples
    --------
    >>> from autograd_lite import FlowGraph, Value, cos, sqrt
    >>> x = Value(1.0, name="x")
    >>> h = cos(x).named("h")
    >>> stepper = step(FlowGraph(sqrt(1 + h**2).named("\\hat{y}")))
    >>> stepper
    Stepper(ŷ, 3 variables, 6 steps)
    >>> stepper.html().startswith("<!doctype html>")
    True
    """
    from viz.stepper.page_data import PageData
    from viz.stepper.views import start, views

    place = Quick() if layout == "auto" else layout_of(layout)
    whole = flow_of(graph)
    held = [whole.variable(key) for key in as_list(hold)]
    asked = None if wrt is None else whole.variable(wrt)
    if _by_module(graph, whole, level, opened):
        pages = views(whole.output, asked, _notes(whole, whole))
        wanted = [*([] if asked is None else [asked]), *held]
        first_shown = start(pages, opened, wanted)
        return Stepper([replace(p, hold=[v for v in held if v in p.flow.variables]) for p in pages],
                       first_shown, place)  # fmt: skip
    first = whole.inputs[0] if asked is None else asked
    flow = folded_to_fit(whole, (), [first, *held], limits.VARIABLES_ON_A_PAGE)
    data = PageData(Level(flow, hides=everything), first, held, _notes(whole, flow))
    return Stepper([data], 0, place)


def _by_module(
    graph: FlowGraph | Node | Cut, whole: FlowGraph, level: str | None, opened: str | None
) -> bool:
    """Whether bubbles are modules; PictureError for another level, or where there are no modules."""
    from viz.stepper.views import has_modules

    if level not in (None, "variables", "modules"):
        raise PictureError(
            f'no level of a page is called {level!r:.60}: write "variables" or "modules"'
        )
    if level == "variables" and opened is not None:
        raise PictureError(f'opened={opened!r} opens a module: write level="modules"')
    if level == "variables":
        return False
    found = has_modules(whole.output)
    if not found and (level == "modules" or opened is not None):
        raise PictureError(
            "no module of one output made this graph, so there is none to open: "
            'write level="variables"'
        )
    is_free = isinstance(graph, Node) or len(whole.variables) > limits.VARIABLES
    return found and (is_free or level == "modules" or opened is not None)


def _notes(whole: FlowGraph, shown: FlowGraph) -> list[str]:
    """What was folded away, if anything; where no derivative exists at the recorded point."""
    from viz.content import constants  # sympy loads when a page is asked for

    lost = [f"As recorded: {note}" for note in nan_notes(whole, names_of(whole).given)]
    lost += [f"{note[0].upper()}{note[1:]}." for note in constants.notes(whole)]
    if shown is whole:
        return lost
    return [
        *lost,
        f"{len(shown.variables)} of {len(whole.variables)} variables are shown; the others are "
        "folded into the arrows, so every derivative is that of the whole graph.",
    ]
