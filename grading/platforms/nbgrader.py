"""An assignment as an instructor's notebook for nbgrader."""

from __future__ import annotations

from typing import Any

from grading.assignments import Assignment
from grading.platforms import notebook_cells
from grading.platforms.notebook_cells import CLASS, KERNEL, QuestionCells


def nbgrader_notebook(assignment: Assignment, *, student: str = CLASS) -> dict[str, Any]:
    """The notebook that `nbgrader generate_assignment` makes the students' one of, in nbformat 4.

    Each question has an answer cell, and a locked test cell whose hidden line gives the points. Students
    practise on other numbers: those of the hidden line are not the ones that `check` shows them.

    student  whose numbers it has: a notebook is the same for everybody

    Source: nbgrader's documentation, "Creating and grading assignments"; cell metadata of schema version 3.
    """
    paper = assignment.paper(student)
    cells = [
        _markdown("opening", notebook_cells.opening(paper)),
        _code("setup", notebook_cells.setup()),
    ]
    for question in notebook_cells.question_cells(paper):
        cells += _question(question)
    return {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def _question(question: QuestionCells) -> list[dict[str, Any]]:
    name = question.name
    answer = f"{question.answer}\n### BEGIN SOLUTION\n### END SOLUTION"
    test = f"### BEGIN HIDDEN TESTS\n{question.test}\n### END HIDDEN TESTS"
    return [
        _markdown(f"{name}-text", question.text),
        _code(f"{name}-answer", answer, solution=True),
        _code(f"{name}-test", test, grade=True, locked=True, points=question.points),
    ]


def _markdown(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def _code(name: str, text: str, **roles: Any) -> dict[str, Any]:
    """A cell of code; roles are nbgrader's, and a cell without any is left alone."""
    none = {"grade": False, "solution": False, "locked": False, "task": False}
    said = {"schema_version": 3, "grade_id": name, **none, **roles}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"nbgrader": said} if roles else {},
        "source": text,
        "execution_count": None,
        "outputs": [],
    }
