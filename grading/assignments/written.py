"""An assignment written in Python: the same keys as in a file, checked in the same way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grading.assignments.assignment import Assignment, read_assignment
from grading.assignments.toml_file import Place, TomlFile


class _Written(TomlFile):
    """What was written in Python: there are no lines to point at."""

    def __init__(self, name: str, content: dict[str, Any]) -> None:
        super().__init__(name, json.dumps(content, sort_keys=True, default=repr, skipkeys=True))
        object.__setattr__(self, "content", content)
        object.__setattr__(self, "lines", {})

    def where(self, place: Place, offset: int) -> str:
        """The assignment's name, and the line of its equations where one is meant."""
        return f"{self.name}, line {offset}" if offset else self.name

    def row(self, place: Place) -> str:
        """Nothing: the first line of a text is its first."""
        del place
        return '"""'


def asked(name: str, ask: str, **said: Any) -> dict[str, Any]:
    """A question, for `assignment`.

    name  what files and forms call it
    ask   its kind: "value", "partial", "total", "cut", "table", "formula", "array", "function", "module",
          "operation" or "engine"
    said  its other keys, as in a file

    >>> asked("q1", "total", wrt="x", points=2)
    {'name': 'q1', 'ask': 'total', 'wrt': 'x', 'points': 2}
    """
    return {"name": name, "ask": ask, **said}


def between(low: float, high: float, decimals: int = 2) -> dict[str, Any]:
    """The range that an input is drawn from, for `design`.

    >>> between(0.2, 1.4)
    {'from': 0.2, 'to': 1.4, 'decimals': 2}
    """
    return {"from": low, "to": high, "decimals": decimals}


def assignment(
    title: str, *questions: dict[str, Any], graph: dict[str, Any] | str | None = None, **said: Any
) -> Assignment:
    """An assignment of a few lines of Python.

    questions  each from `asked`
    graph      equations as text, or the keys of a graph: {"equations": …, "design": …} or {"model": …}
    said       the other keys of a file: feedback, visibility, numbers, secret, graphs, text, name, …

    >>> homework = assignment(
    ...     "A square",
    ...     asked("q1", "total", wrt="x", points=2),
    ...     graph={"equations": "y = x**2", "design": {"x": between(1, 3)}},
    ...     secret="between us",
    ... )
    >>> homework.questions[0].text
    'Compute the total derivative dy/dx: everything that depends on the variable moves with it.'

    Raises AssignmentError: key and what was expected there.
    """
    content: dict[str, Any] = {"title": title, "question": list(questions), **said}
    if graph is not None:
        content["graph"] = {"equations": graph} if isinstance(graph, str) else graph
    return read_assignment(_Written(said.get("name", "") or "assignment", content), Path())
