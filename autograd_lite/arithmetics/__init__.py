"""What a sweep computes with: floats (for Values), arrays (for Tensors) or the graph itself (for both).

Each says the same about an operand of a node: what an adjoint of the node contributes to it (`pull`), what
a tangent of it contributes to the node (`push`), and how contributions add up (`pull_all`). The derivatives
come from the rules' records; what is here is broadcasting, dtypes and 0·inf = 0: an adjoint of zero comes
from a path that is masked out, and stays zero whatever pole lies behind the mask.
"""

from autograd_lite.arithmetics.arithmetic import Adjoints, Arithmetic, summed_axes
from autograd_lite.arithmetics.of_arrays import Arrays
from autograd_lite.arithmetics.of_floats import FLOATS, Floats
from autograd_lite.arithmetics.of_nodes import GRAPH, Graph

__all__ = ["FLOATS", "GRAPH", "Adjoints", "Arithmetic", "Arrays", "Floats", "Graph", "summed_axes"]
