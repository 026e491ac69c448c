"""What a sweep computes with: floats (for Values), arrays (for Tensors) or the graph itself (for both).

Each says the same about an operand of a node: what an adjoint of the node contributes to it (`pull`), what
a tangent of it contributes to the node (`push`), and how contributions add up (`pull_all`). The derivatives
come from the rules' records; what is here is broadcasting, dtypes, and which zeros mask a pole behind them.
"""

from autograd_lite.arithmetics.arithmetic import Adjoints, Arithmetic, summed_axes
from autograd_lite.arithmetics.of_arrays import Arrays
from autograd_lite.arithmetics.of_floats import FLOATS, Floats
from autograd_lite.arithmetics.of_nodes import RecordedArithmetic

__all__ = [
    "FLOATS",
    "Adjoints",
    "Arithmetic",
    "Arrays",
    "Floats",
    "RecordedArithmetic",
    "summed_axes",
]
