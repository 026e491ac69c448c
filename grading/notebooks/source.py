"""The functions that were written in a notebook, as the text of a file that defines them again."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Mapping, Sequence
from typing import Any

_KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def source_here(answers: Mapping[str, object]) -> str:
    """The source of functions and classes in their own notebook or file; text is source already.

    Raises OSError where a function stands in no file that can be read.
    """
    texts = [answer for answer in answers.values() if isinstance(answer, str)]
    if texts or not answers:
        return "\n\n".join(texts)
    cells = _cells()
    if cells:
        return definitions(cells)
    files = {inspect.getmodule(answer): None for answer in answers.values()}
    return definitions([inspect.getsource(module) for module in files if module is not None])


def definitions(cells: Sequence[str]) -> str:
    r"""Imports, functions, classes and constants of some cells, in their order, and nothing that computes.

    >>> print(definitions(["import math\n%time f(2)", "c = 2; y = f(c)\ndef f(x): return c * x"]))
    import math
    c = 2
    def f(x):
        return c * x
    """
    kept = [node for cell in cells for node in _statements(cell) if _defines(node)]
    return "\n".join(map(ast.unparse, kept))


def _statements(cell: str) -> list[ast.stmt]:
    """What a cell does, without the lines that are for IPython; nothing of a cell that is no Python."""
    lines = ("" if _is_for_ipython(line.strip()) else line for line in cell.splitlines())
    try:
        return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _is_for_ipython(line: str) -> bool:
    return line[:1] in ("%", "!", "?") or line.endswith("?")


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(x, ast.Name) for x in node.targets) and _is_literal(node.value)
    return isinstance(node, _KEPT)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def _cells() -> list[str]:
    """The cells that this notebook has run so far; none outside of IPython."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return [str(cell) for cell in shell.user_ns.get("In", [])] if shell is not None else []
