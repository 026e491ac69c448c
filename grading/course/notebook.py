"""A notebook's cells of Python: outputs and metadata are never looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from autograd_lite.errors import SubmissionError
from grading.course.form import parsed
from grading.course.part import Part

MOST_CELLS: Final = 1_000
LONGEST: Final = 1_000_000
_MAGIC: Final = re.compile(r"^\s*[%!?].*$", re.MULTILINE)


def read_notebook(name: str, text: str) -> Part:
    r"""The code cells in order, without lines that only Jupyter understands.

    >>> cell = r'{"cell_type": "code", "source": ["%matplotlib inline\n", "h_0 = 0.49"]}'
    >>> read_notebook("a.ipynb", '{"cells": [' + cell + "]}").cells
    ('\nh_0 = 0.49',)

    Raises SubmissionError for what is no notebook, or is too long.
    """
    notebook = parsed(name, text)
    cells = tuple(_code(_cells(name, notebook)))
    if sum(map(len, cells)) > LONGEST:
        raise SubmissionError(f"{name} holds more than {LONGEST // 1_000_000} MB of code")
    plain = tuple("" if cell.lstrip().startswith("%%") else _MAGIC.sub("", cell) for cell in cells)
    said = (f"{name}: lines for Jupyter alone (%, !) are left out",) if plain != cells else ()
    return Part(cells=tuple(cell for cell in plain if cell.strip()), warnings=said)


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
            yield "".join(line for line in lines if isinstance(line, str))
