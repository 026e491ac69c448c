"""A notebook's cells, run statement by statement, so that one that fails costs only itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any


def run(cells: Sequence[str], space: dict[str, Any]) -> Iterator[tuple[str, BaseException]]:
    """Runs the cells in order; yields where something was raised, and what."""
    for number, cell in enumerate(cells, 1):
        where = f"cell {number}"
        try:
            statements = _statements(cell)
        except BaseException as error:  # noqa: BLE001 – deep text may raise more than SyntaxError
            yield where, error
            continue
        for statement in statements:
            try:
                code = compile(ast.Module([statement], []), f"<{where}>", "exec", dont_inherit=True)
                exec(code, space)  # noqa: S102 – this process is here for it
            except BaseException as error:  # noqa: BLE001, PERF203 – it may raise anything
                yield f"{where}, line {statement.lineno}", error


def _statements(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except SyntaxError:
        return ast.parse(python(cell)).body


def python(cell: str) -> str:
    r"""The cell without the lines that are for IPython.

    >>> print(python("%matplotlib inline\nif x:\n    !ls\ny = 1"))
    pass
    if x:
        pass
    y = 1
    """
    lines = cell.splitlines()
    first = lines[0].strip() if lines else ""
    if first.startswith("%%") and first.split()[0] not in ("%%time", "%%timeit", "%%capture"):
        return ""
    return "\n".join(_line(line) for line in lines)


def _line(line: str) -> str:
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + "pass" if bare[:1] in ("%", "!") else line
