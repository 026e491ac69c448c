"""Questions on graphs of Values, at many points at once: every derivative a row of numbers, one a point."""

from grading.scalars.asked import ScalarAsked

__all__ = ["ScalarAsked"]
