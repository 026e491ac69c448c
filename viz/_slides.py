"""`viz.slides`: back-propagation as a sequence of pictures, one for each variable it reaches."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.choose.arguments import flow_of, folded_to_fit, wrt_of
from viz.choose.style import Style, style_of
from viz.content.content import Listing
from viz.layout.choose import layout_of
from viz.layout.graph import Layout
from viz.look import limits
from viz.picture import Picture
from viz.render import canvas, files
from viz.render.beamer import beamer
from viz.scene.schedule import Reveal


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
        A sequence of Pictures. `.save("steps.pdf")` writes a page for each, `.save("steps.tex")` a
        Beamer frame with an overlay for each.

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
    from viz.chainrule.slides import revealed
    from viz.chainrule.steps import Chain  # sympy and matplotlib load when pictures are asked for

    place, settings = layout_of(layout), replace(style_of(style), copies=False)
    whole = flow_of(graph)
    xs = list(whole.inputs) if wrt is None else wrt_of(whole, wrt, ())
    flow = folded_to_fit(whole, (), xs, min(settings.max_variables, limits.VARIABLES_ON_A_SLIDE))
    chain = Chain(flow, flow.output, [x for x in xs if x in flow.sources])
    return Slides(*revealed(whole, chain, settings, place))


class Slides(Sequence[Picture]):
    """Back-propagation as a sequence of pictures of one size."""

    def __init__(self, reveal: Reveal, listing: Listing) -> None:
        self._reveal, self._listing = reveal, listing

    def __repr__(self) -> str:
        return f"Slides({len(self)} pictures)"

    def __len__(self) -> int:
        return self._reveal.count

    @overload
    def __getitem__(self, k: int) -> Picture: ...
    @overload
    def __getitem__(self, k: slice) -> list[Picture]: ...
    def __getitem__(self, k: int | slice) -> Picture | list[Picture]:
        if isinstance(k, slice):
            return [self[i] for i in range(len(self))[k]]
        return Picture(self._reveal.at(range(len(self))[k]), self._listing)

    def pdf(self) -> bytes:
        """One page for each picture."""
        return canvas.pages([self._reveal.at(k) for k in range(len(self))])

    def tex(self, standalone: bool = False) -> str:
        r"""A Beamer frame with one overlay for each picture; `standalone`, a whole document."""
        return beamer(self._reveal, standalone)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write all pictures in the form its suffix names: pdf (pages) or tex (a Beamer frame).

        Raises PictureError for another suffix, or a place that cannot be written to.
        """
        return files.save(self, path, files.SLIDES)
