"""A program as source text: which values get lines, what they are called, which time steps are a loop."""
