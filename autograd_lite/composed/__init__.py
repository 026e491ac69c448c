"""Functions under NumPy's names that are short compositions of rules, by kind.

None has a derivative of its own: what they call records itself.
"""
