"""Strangers' code run apart: it sees no reference, no test and no engine, and only values come back.

::

    run, run_cells                       a file or a notebook's cells, with calls: an Outcome
      tiers                              which of A, B and C this machine offers
        launching                        one run in one tier
          bubblewrap   process           the command of tier A; the child fed, drained and cleared away
          message                        the child's one message, read as if an enemy had written it
    ------------------------------------ the wall
      starting > inside > cells          the student's file, loaded and called
      confinement > landlock, seccomp    what the child first does to itself
      wire                               plain values as JSON, the same on both sides
"""

from grading.sandbox.calls import Call, Outcome, Result
from grading.sandbox.launching import Tier
from grading.sandbox.limits import Limits
from grading.sandbox.running import run, run_cells
from grading.sandbox.tiers import Availability, available, best_tier

__all__ = [
    "Availability",
    "Call",
    "Limits",
    "Outcome",
    "Result",
    "Tier",
    "available",
    "best_tier",
    "run",
    "run_cells",
]
