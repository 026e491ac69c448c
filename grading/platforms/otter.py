"""An assignment as a notebook and an autograder for Otter, which grades by `otter run`, without Docker."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Final

from grading.assignments import Assignment
from grading.assignments.asked_of import AskedOf
from grading.platforms import notebook_cells
from grading.platforms.notebook_cells import CLASS, KERNEL
from grading.platforms.shipping import ASSIGNMENT

_WHEN: Final = (2020, 1, 1, 0, 0, 0)  # the same assignment gives the same file
_TEST: Final = '''"""Question {name}: one case for each of its parts, since a case is passed or failed."""

from grading import check
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = None

check.use({file!r}, student={student!r})
'''
_CASE: Final = """

@test_case(name={part!r}, points={points!r}, hidden={hidden})
def test_part_{number}(env):
    check.criterion({question!r}, {part!r}, env)
"""


def otter_notebook(assignment: Assignment, *, student: str = CLASS) -> dict[str, Any]:
    """The students' notebook, in nbformat 4.

    student  whose numbers it has: a notebook is the same for everybody
    """
    paper = assignment.paper(student)
    cells = [
        _cell("markdown", notebook_cells.opening(paper)),
        _cell("code", notebook_cells.setup()),
    ]
    for question in notebook_cells.question_cells(paper):
        cells += [_cell("markdown", question.text), _cell("code", question.answer)]
    return {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 4}


def otter_autograder(assignment: Assignment, text: str, *, student: str = CLASS) -> bytes:
    """The zip file that `otter run -a` takes: the assignment, and a file of tests for each question.

    text  of the assignment's own file

    Source: Otter-Grader's documentation, "Test files", exception-based format; "Grading locally".
    """
    files = {"otter_config.json": json.dumps({"lang": "python"}), f"files/{ASSIGNMENT}": text}
    for asked in assignment.paper(student).questions:
        files[f"tests/{asked.name}.py"] = _tests(asked, student)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), content)
    return packed.getvalue()


def _tests(asked: AskedOf, student: str) -> str:
    cases = (
        _CASE.format(
            question=asked.name,
            part=x.name,
            points=x.points,
            number=i,
            hidden=asked.question.visibility != "visible",
        )
        for i, x in enumerate(asked.fields, 1)
    )
    return _TEST.format(name=asked.name, file=ASSIGNMENT, student=student) + "".join(cases)


def _cell(kind: str, text: str) -> dict[str, Any]:
    of_code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text, **of_code}
