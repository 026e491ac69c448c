"""trace: a function is run, and its graph kept as a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.program import Program
from autograd_lite.tracing import Argnums


def trace(
    f: Callable[..., Any], *example: Any, argnums: Argnums = 0, memory: int | None = None
) -> Program:
    """The program of f, recorded at an example of its arguments."""
    return Program(f, graph_of(f, example), argnums=argnums, memory=memory)
