"""Pictures, pages, derivations and tables of flow graphs: the derivatives are the engine's.

A picture is made in stages, a folder each; each knows those before it, and none behind it::

    FlowGraph ─► choose ─► content ─► scene ─► render ─► PNG, PDF, SVG, TikZ, DOT, text
                              ▲         ▲        ▲
                          formulas    layout    look

    choose    which variables are drawn, and how much is shown of each
    formulas  names, numbers and equations as they are printed, in LaTeX and in text
    content   what the picture says: variables, edges, cuts, sums, notes
    layout    where a graph of sizes stands: pure geometry
    scene     everything in its place, as plain data
    forms     models, each kind found in the graph and put into a scene its own way
    look      colours, strokes, heat maps, and limits of what is shown: the same for every renderer
    render    one file a format

`chainrule` writes derivations and slides, `stepper` the page to step through, `plots` what stands beside
a graph, `symbols` takes formulas to sympy and from it. The functions below are in files of their names, with
an underscore in front.

>>> import viz
>>> from autograd_lite import Value
>>> viz.draw((Value(3.0, name="x") ** 2).named("y"))
Picture(y, 2 variables)
"""

from viz import plots, symbols
from viz._derive import derive
from viz._draw import draw
from viz._scalars import scalars
from viz._slides import slides
from viz._step import Stepper, step
from viz._table import table
from viz.choose.model import flow
from viz.choose.style import DERIVATIVES, STRUCTURE, VALUES, Style
from viz.picture import Picture

__all__ = [
    "DERIVATIVES",
    "STRUCTURE",
    "VALUES",
    "Picture",
    "Stepper",
    "Style",
    "derive",
    "draw",
    "flow",
    "plots",
    "scalars",
    "slides",
    "step",
    "symbols",
    "table",
]
