"""Questions on graphs of Tensors, whose answers are arrays: their wrong answers from edited sweeps."""

from grading.arrays.asked import ArrayAsked

__all__ = ["ArrayAsked"]
