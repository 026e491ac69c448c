"""Homework judged against the graph, which wrong answers are derived from: each student learns what went wrong."""

__all__: list[str] = []
