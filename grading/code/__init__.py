"""Programs that students hand in: functions, modules and engines, judged by what they return.

::

    grade_code                      one question of one submission: runs it in the sandbox, judges here
      functions  engines            gradients against our engine's; a student's engine by its behaviours
        case  seen  behaviours      inputs drawn after submission; what calls showed; what engines do
          checking  returned        type, then shape, then finiteness, then closeness
    ------------------------------- the wall
      driver_calls  driver_engine   text that runs beside the student's file, and knows nothing
"""

from grading.code.behaviours import BEHAVIOURS, Behaviour
from grading.code.case import Case, cases
from grading.code.graded import grade_code
from grading.code.linting import lint_code

__all__ = ["BEHAVIOURS", "Behaviour", "Case", "cases", "grade_code", "lint_code"]
