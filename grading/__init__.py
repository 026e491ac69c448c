"""Homework judged against the graph, which wrong answers are derived from: each student learns what went wrong."""

from grading._check import check

__all__ = ["check"]
