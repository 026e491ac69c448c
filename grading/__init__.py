"""Homework judged against the graph: wrong answers are derived from it, so each student is told the mistake."""

__all__: list[str] = []
