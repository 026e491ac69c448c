"""A program as source text: which values get lines, what they are called, which time steps are a loop.

lowered graph → terms → statements → a plan with loops → Python, LaTeX or JavaScript
"""

from autograd_lite.programs.writing.printed import Source, source, source_of

__all__ = ["Source", "source", "source_of"]
