"""Graphs of Values as rows of primitive operations, run by compiled loops, by level, or as Python.

extraction   the graph's nodes in flat arrays
lowering     a record as rows of primitives, its partials among them
rows         the rows of the whole graph
running      values, adjoints and tangents by loops over the rows:
compiled     Numba's, with the extra `fast`; the loops themselves are `kernels`
levels       NumPy's, many nodes at a time
generated    or without loops, as lines of Python
"""

from autograd_lite.programs.scalars.backend import ScalarBackend

__all__ = ["ScalarBackend"]
