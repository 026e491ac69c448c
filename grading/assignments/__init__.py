"""Assignments: one readable file each, checked numbers for each student, and what is said of a submission."""

from grading.assignments.assignment import Assignment, load, shipped
from grading.assignments.paper import Paper

__all__ = ["Assignment", "Paper", "load", "shipped"]
