"""A notebook's cells of Python: outputs and metadata are never looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from autograd_lite.errors import SubmissionError
from grading.course.form import parsed
from grading.course.part import Part

MOST_CELLS: Final = 1_000
LONGEST: Final = 1_000_000


def read_notebook(name: str, text: str) -> Part:
    """The code cells in order.

    >>> read_notebook("a.ipynb", '{"cells": [{"cell_type": "code", "source": ["h = 0.49"]}]}').cells
    ('h = 0.49',)

    Raises SubmissionError for what is no notebook, or is too long.
    """
    notebook = parsed(name, text)
    cells = tuple(_code(_cells(name, notebook)))
    if sum(map(len, cells)) > LONGEST:
        raise SubmissionError(f"{name} holds more than {LONGEST // 1_000_000} MB of code")
    return Part(cells=tuple(cell for cell in cells if cell.strip()))


def _cells(name: str, notebook: Any) -> list[Any]:
    """The cells of a notebook of today's form, or of the one before it."""
    if isinstance(notebook, dict):
        sheets = notebook.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else None
        for holder in (notebook, first):
            cells = holder.get("cells") if isinstance(holder, dict) else None
            if isinstance(cells, list):
                if len(cells) > MOST_CELLS:
                    raise SubmissionError(f"{name} has more than {MOST_CELLS} cells")
                return cells
    raise SubmissionError(f"{name} is no notebook: it has no list of cells")


def _code(cells: list[Any]) -> Iterator[str]:
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            lines = source if isinstance(source, list) else [source]
            yield "".join(line for line in lines if type(line) is str)
