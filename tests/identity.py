"""Nodes are compared by identity in this project's own files: there `==` between two nodes is an error.

For a user `==` compares numbers, as a float's does, so an algorithm that writes `a == b` or `b in nodes`
takes another variable of the same number for b: nothing fails, and the answer is wrong.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from autograd_lite import Tensor, Value
from autograd_lite.node import Node

ROOT = Path(__file__).resolve().parent.parent
OURS = tuple(f"{ROOT / name}/" for name in ("autograd_lite", "nn", "viz", "examples", "grading"))
THEIRS = f"{ROOT / 'tests'}/"
RULES = f"{ROOT / 'autograd_lite' / 'rules'}/"
"""A rule computes with its operands, whatever they are: there `a == b` is a question about numbers."""


class ComparedError(AssertionError):
    """An algorithm of this project compared two nodes by their numbers."""


def asker(frame: FrameType | None) -> str:
    """The nearest file of this project or its tests on the stack: through dataclasses, NumPy, functools."""
    while frame is not None and not frame.f_code.co_filename.startswith((*OURS, THEIRS)):
        frame = frame.f_back
    return "" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _guarded(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def compare(self: Node, other: object) -> Any:
        if isinstance(other, Node):
            where = asker(sys._getframe(1))
            if where.startswith(OURS) and not where.startswith(RULES):
                raise ComparedError(f"{where}: two nodes are compared by number; write `a is b`")
        return method(self, other)

    return compare


@pytest.fixture(autouse=True)
def by_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    """`==`, `!=`, `in`, `index`, `count`, `remove` between two nodes raise in this project's files."""
    for kind in (Value, Tensor):
        monkeypatch.setattr(kind, "__eq__", _guarded(kind.__eq__))
        if kind.__ne__ is not object.__ne__:  # object's own asks __eq__
            monkeypatch.setattr(kind, "__ne__", _guarded(kind.__ne__))
