"""`viz.draw`: a flow graph as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd_lite.cut import Cut
from autograd_lite.flow import FlowGraph, Key
from autograd_lite.node import Node
from viz import request
from viz import style as _style
from viz.layout.graph import Layout
from viz.picture import Picture
from viz.request import CutLike
from viz.style import Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw(
    graph: FlowGraph | Node | Cut,
    *,
    cut: CutLike | None = None,
    wrt: Sequence[Key] | Key | None = None,
    style: str | Style = "derivatives",
    layout: str | Layout = "auto",
    ax: Axes | None = None,
) -> Picture:
    r"""Draw a flow graph: a bubble per variable, an arrow per partial derivative, a line per cut.

    Each bubble has its equation, its value and a tag with the total derivative dy/dv; each arrow
    has ∂b/∂a as formula and number; the dashed line of a cut crosses exactly the cut's arrows, and
    under the picture stands dy/dx = Σᵢ (dy/dhᵢ)·(∂hᵢ/∂x), summed over the variables they end in.

    Parameters
    ----------
    graph
        A FlowGraph, or the Value or Tensor at its end, or a Cut of it.
    cut
        The members of a cut, or a Cut, or several nested Cuts.
    wrt
        The variables x of the sum; by default the inputs in front of the cut.
    style
        "structure", "values", "derivatives", or a Style.
    layout
        "auto", "dot", "layered", "arcs", or a function from Graph to Placement.
    ax
        matplotlib axes to draw into, beside returning the picture.

    Returns
    -------
    Picture
        It shows itself in a notebook; `.save("flow.pdf")` writes pdf, svg, png, dot or txt.

    Raises
    ------
    PictureError
        When the graph, style or layout is none, or two cuts cross.
    CutError
        When the members are no cut.

    Examples
    --------
    >>> from autograd_lite import FlowGraph, Value, cos, sqrt
    >>> x = Value(1.0, name="x")
    >>> h = cos(x).named("h")
    >>> picture = draw(FlowGraph(sqrt(1 + h**2).named("\\hat{y}")), cut=[h])
    >>> print(picture.text(), end="")
    flow graph of ŷ: 3 variables, 2 arrows
      x = 1          dŷ/dx = -0.399997
      h = 0.540302   dŷ/dh = 0.475355
      ŷ = 1.13663    dŷ/dŷ = 1
      x → h   ∂h/∂x = -0.841471
      h → ŷ   ∂ŷ/∂h = 0.475355
    cut after x, at h
    dŷ/dx = 0.475355·(-0.841471) = -0.399997
    """
    from viz.compose import compose  # matplotlib loads when a picture is asked for
    from viz.describe import Description
    from viz.layout.choose import chosen

    place, settings = chosen(layout), _style.chosen(style)
    flow = request.flow_of(graph)
    cuts = request.cuts_of(flow, graph if cut is None and isinstance(graph, Cut) else cut)
    interest = request.wrt_of(flow, wrt, cuts)
    shown = request.drawn(flow, cuts, interest, settings.most)
    said = Description(flow, cuts, interest, settings)
    picture = Picture(compose(said.content(shown), place), said.listing(shown))
    if ax is not None:
        picture.paint(ax)
    return picture
