"""Formulas and numbers as they are printed: names, equations, partial derivatives, in LaTeX and in text."""
