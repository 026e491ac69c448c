"""`viz.slides`: back-propagation as a sequence of pictures, one for each variable it reaches."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.choose.arguments import flow_of, folded_to_fit, wrt_of
from viz.choose.style import Style, style_of
from viz.content.content import Listing
from viz.forms.form import Asked
from viz.forms.revealed import Still, revealed_pages
from viz.layout.choose import layout_of
from viz.layout.graph import Layout
from viz.look import limits
from viz.picture import Picture
from viz.render import animation, canvas, files
from viz.render.beamer import beamer
from viz.scene.scene import Scene

if TYPE_CHECKING:
    from viz.chainrule.slides import Page


def slides(
    graph: FlowGraph | Node,
    wrt: Sequence[Key] | Key | None = None,
    *,
    style: str | Style = "derivatives",
    layout: str | Layout = "auto",
) -> Slides:
    r"""Back-propagation step by step: each picture has one more total derivative, the cut further left.

    The first picture is the forward pass. Then, from the output back, each variable gets its dy/dv:
    the arrows of its sum are coloured, the sum stands below, and what is still to come is pale.

    Type keeps its size: a graph that is too wide for a slide goes over several, with a cut as the
    seam between each two. The members of that cut stand on both; leaves that are used on several pages,
    such as the weights of a recurrent network, come last, each with all that is computed from it.

    Back to the state that a cell with gates carries along (c_{t-1} of an LSTM, h_{t-1} of a GRU), the
    slides are those of the cell: forward gate by gate, then the gradient back along the conveyor.

    Parameters
    ----------
    graph
        A FlowGraph, or the Value or Tensor at its end.
    wrt
        The variables to go back to; by default all inputs.
    style, layout
        As in `viz.draw`.

    Returns
    -------
    Slides
        A sequence of Pictures of 960 × 540 points. `.save("steps.pdf")` writes a page for each,
        `.save("steps.tex")` a Beamer overlay for each, `.save("steps.gif")` and `.save("steps.mp4")`
        an animation.

    Raises
    ------
    PictureError
        When the graph, style or layout is none.

    Examples
    --------
    >>> from autograd_lite import Value, cos, sqrt
    >>> x = Value(1.0, name="x")
    >>> h = cos(x).named("h")
    >>> steps = slides(sqrt(1 + h**2).named("yhat"))
    >>> len(steps), steps[1]
    (3, Picture(ŷ, 3 variables))

    Source: lecture "Partial and Total Derivatives", back-prop example: First …, Second …, Third ….
    """
    from viz.chainrule.slides import Page, revealed
    from viz.chainrule.steps import Chain
    from viz.content.describe import (
        Description,
    )  # sympy and matplotlib load when pictures are asked for

    place, settings = layout_of(layout), replace(style_of(style), copies=False)
    whole = flow_of(graph)
    xs = list(whole.inputs) if wrt is None else wrt_of(whole, wrt, ())
    told = None if wrt is None else revealed_pages(Asked(whole, wrt=xs))
    if told is not None:
        listing = Description(whole, (), xs, settings).listing(whole)
        return Slides([Page(Still(scene), True) for scene in told], listing)
    flow = folded_to_fit(whole, (), xs, min(settings.max_variables, limits.VARIABLES_IN_SLIDES))
    chain = Chain(flow, flow.output, [x for x in xs if x in flow.sources])
    return Slides(*revealed(whole, chain, settings, place))


class Slides(Sequence[Picture]):
    """Back-propagation as a sequence of pictures of one size."""

    def __init__(self, pages: Sequence[Page], listing: Listing) -> None:
        self._pages, self._listing = pages, listing
        forward = [(page.reveal, 0) for page in pages if page.forward]
        main = [page for page in pages if page.forward]
        self._shown = forward + [
            (page.reveal, k)
            for page in (*reversed(main), *(page for page in pages if not page.forward))
            for k in range(1, page.reveal.count)
        ]

    def __repr__(self) -> str:
        return f"Slides({len(self)} pictures)"

    def __len__(self) -> int:
        return len(self._shown)

    @overload
    def __getitem__(self, k: int) -> Picture: ...
    @overload
    def __getitem__(self, k: slice) -> list[Picture]: ...
    def __getitem__(self, k: int | slice) -> Picture | list[Picture]:
        if isinstance(k, slice):
            return [self[i] for i in range(len(self))[k]]
        return Picture(self._scenes[range(len(self))[k]], self._listing)

    @cached_property
    def _scenes(self) -> list[Scene]:
        return [reveal.at(k) for reveal, k in self._shown]

    def pdf(self) -> bytes:
        """One page for each picture, 960 × 540 points."""
        return canvas.pages(self._scenes)

    def tex(self, standalone: bool = False) -> str:
        r"""Beamer frames with an overlay for each picture; `standalone`, a whole document."""
        return beamer(self._shown, standalone)

    def gif(self, seconds: float = 2.0) -> bytes:
        """An animation for pages that cannot run `viz.step`: each picture for this long."""
        return animation.gif(self._scenes, seconds)

    def mp4(self, seconds: float = 2.0) -> bytes:
        """The same as a film, which needs the program ffmpeg.

        Raises PictureError where ffmpeg is not on PATH.
        """
        return animation.mp4(self._scenes, seconds)

    def save(self, path: str | os.PathLike[str], *, standalone: bool = True) -> Path:
        r"""Write all pictures in the form its suffix names: pdf, tex (Beamer) or gif.

        Where ffmpeg is installed, mp4 as well.

        A tex file is a document that compiles as it is; without `standalone` it has the frames alone,
        for \input. Its first line says which.

        Raises PictureError for another suffix, a place that cannot be written to, `standalone=False`
        where the file is no tex file, and for mp4 where ffmpeg is not on PATH.
        """
        if files.ready(path, files.SLIDES) == "mp4":
            animation.encoder()  # asked for before the work begins
        return files.save(self, path, files.SLIDES, standalone=standalone)
