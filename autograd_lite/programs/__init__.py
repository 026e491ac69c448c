"""Recorded programs: a function's graph as straight-line code, run at the speed of hand-written NumPy.

trace    runs a function, keeps its graph, and sees that the graph holds for other numbers too
Program  the graph as source, and its values and derivatives
"""
