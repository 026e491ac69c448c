"""`viz.draw`: a flow graph as a picture."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from autograd_lite.cut import Cut
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.choose import levels
from viz.choose.arguments import CutLike, cuts_of, graph_of, wrt_of
from viz.choose.model import flow
from viz.choose.style import Style, style_of
from viz.layout.choose import layout_of
from viz.layout.graph import Layout
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from viz.fitting import Fit


def draw(  # noqa: PLR0913 - keywords, each a question of its own
    graph: FlowGraph | Node | Cut | Callable[..., Any],
    *example: Any,
    cut: CutLike | None = None,
    wrt: Sequence[Key] | Key | None = None,
    level: levels.Name | None = None,
    opened: Collection[str] = (),
    fold: levels.Fold | None = None,
    style: str | Style | Callable[[Node], Style | None] = "derivatives",
    layout: str | Layout = "auto",
    form: str | None = None,
    fit: Fit | None = None,
    ax: Axes | None = None,
) -> Picture:
    r"""Draw a flow graph: a bubble per variable, an arrow per partial derivative, a line per cut.

    Each bubble has its equation, its value and a tag with the total derivative dy/dv; each arrow
    has ∂b/∂a as formula and number; the dashed line of a cut crosses exactly the cut's arrows, and
    under the picture stands dy/dx = Σᵢ (dy/dhᵢ)·(∂hᵢ/∂x), summed over the variables they end in.

    Parameters
    ----------
    graph
        A FlowGraph, or the Value or Tensor at its end, or a Cut of it; or a model: a module, or a function
        of Tensors.
    example
        Of a model, an example of its input: the graph is that of `viz.flow(model, *example)`, and the
        model is drawn in its own form.
    cut
        The members of a cut, or a Cut, or several nested Cuts.
    wrt
        The variables x of the sum; by default the inputs in front of the cut.
    level
        "variables", the named nodes; "operations", every node; "modules", one bubble for each call
        of a module, and one, "× n", for a chain of calls that are all alike. None chooses the
        variables, or the modules when those are more than fit a sheet, and says so.
    opened
        Modules that are not collapsed, by dotted name or the last part of it.
    fold
        A function from node to bool: variables that it says yes to are folded into the arrows.
    style
        "structure", "values", "derivatives", a Style, or a function from node to Style.
    layout
        "auto", "dot", "layered", "arcs", "unrolled", "row", or a function from Graph to Placement.
        Graphviz's `dot` may take 20 seconds, or what FLOWGRAPH_DOT_SECONDS in the environment says; then
        the built-in layout takes over and a warning says so.
    form
        "graph", bubbles and arrows; or the form of a model, on a slide of its own: "chain", the layers of a
        perceptron; "unrolled", a loop through time; "cell", the gates of an LSTM or GRU (the step whose state
        `wrt` names, or the last one); "volumes", feature maps; "latent", a variational autoencoder;
        "bipartite", a Boltzmann machine; "filter", weighted sums of delayed samples. None takes the first
        form that suits where the page is fixed, else "graph".
    fit
        A page of fixed size on which the type stays large enough to read: "slide", 960 × 540 points, with
        type of 12 points and more; "page", A4 across; "cell", 1000 pixels of a notebook. What does not fit
        is folded, or continued on further `pages`. None makes the page as large as the picture.
    ax
        matplotlib axes to draw into, beside returning the picture.

    Returns
    -------
    Picture
        It shows itself in a notebook; `.save("flow.pdf")` writes pdf, svg, png, tex, dot or txt.

    Raises
    ------
    PictureError
        When the graph, level, module, style or layout is none, or two cuts cross.
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
    from viz import fitting
    from viz.content.describe import Description  # sympy loads when formulas are asked for

    place, settings = layout_of(layout), style_of(style)
    is_model = callable(graph)
    ended = flow(graph, *example) if callable(graph) else graph_of(graph)
    if cut is None and isinstance(graph, Cut):
        cut = graph
    is_plain = level is not None or opened or fold is not None or layout != "auto"
    if form is None and (is_plain or (fit is None and not is_model)):
        form = "graph"
    picture = fitting.model(ended, cut, wrt, form, fit)
    if picture is None:
        known = levels.level_of(ended, level, opened, fold, settings.max_variables)
        cuts = cuts_of(known.flow, cut)
        interest = wrt_of(known.flow, wrt, cuts)
        picture = fitting.graph(Description(known, cuts, interest, settings), place, fit)
    if ax is not None:
        picture.paint(ax)
    return picture
