"""Programs of arrays: a graph of Tensors as NumPy calls with the memory that they write to."""

from autograd_lite.programs.arrays.backend import ArrayBackend

__all__ = ["ArrayBackend"]
