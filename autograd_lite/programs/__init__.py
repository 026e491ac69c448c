"""Recorded programs: a function's graph as straight-line code, run at the speed of hand-written NumPy.

To be read in this order:

graph        what a function computes in one call
trace        runs it three times and compares, with `watching` and `comparing`
arrays       a graph of Tensors as NumPy calls, and the memory that they write to
scalars      a graph of Values as rows of primitive operations
writing      a graph as source text
program      what `trace` returns: `arguments` checks a call, `forms` gives results their form
"""
