"""Pictures and tables of flow graphs: `viz.draw`. No derivative is computed here; the engine's are shown.

>>> import viz
>>> from autograd_lite import Value
>>> viz.draw((Value(3.0, name="x") ** 2).named("y"))
Picture(y, 2 variables)
"""

from viz import plots
from viz._derive import derive
from viz._draw import draw
from viz._scalars import scalars
from viz._slides import slides
from viz._step import Stepper, step
from viz._table import table
from viz.picture import Picture
from viz.style import DERIVATIVES, STRUCTURE, VALUES, Style

__all__ = [
    "DERIVATIVES",
    "STRUCTURE",
    "VALUES",
    "Picture",
    "Stepper",
    "Style",
    "derive",
    "draw",
    "plots",
    "scalars",
    "slides",
    "step",
    "table",
]
