"""Programs of arrays: a graph of Tensors as NumPy calls with the memory that they write to.

To be read in this order:

sharing, shortcuts          what is computed twice, or need not be, is noted once, or not
lowering, reverse, forward  values, adjoints and tangents as noted calls
lifting, products           one call for all rows of an array; sums of products
batching, chains, stacks    one call for many equal ones on small arrays, and for a long sum
kinds, lying, memory        what kind of call it is, what lies inside what, and in which buffer
prepared, writing_to        a call made ready: it computes into given memory
handing, masked             memory that is handed out; nan in a derivative
running, backend            the loop over them
"""

from autograd_lite.programs.arrays.backend import ArrayBackend

__all__ = ["ArrayBackend"]
