"""Programs that students hand in: functions, modules and engines, judged by what they return.

::

    grade_code                      one question of one submission: runs it in the sandbox, judges here
      functions  engines            gradients against the engine's, and behaviours in closed form
        cases  checking  returned   inputs drawn after submission; type, shape, finiteness, closeness
    ------------------------------- the wall
      driver_calls  driver_engine   text that runs beside the student's file, and knows nothing
"""

from grading.code.cases import Case, cases
from grading.code.engines import BEHAVIOURS, Behaviour
from grading.code.graded import grade_code
from grading.code.linting import lint_code

__all__ = ["BEHAVIOURS", "Behaviour", "Case", "cases", "grade_code", "lint_code"]
