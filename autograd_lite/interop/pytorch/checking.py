"""A model's own checks of its numbers, `if bad: raise …` and `assert good`: taken as passed, made here.

torch's export stops at a condition on numbers, since another branch would be another graph. A check has no
other branch: the condition becomes a mark in torch's graph, `autograd_lite::checked(tensor, expected)`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from linecache import getlines
from threading import get_ident
from typing import Any, Final

_CAUSAL: Final = "_detect_is_causal_mask"
"""Where torch's Transformer asks whether its mask is the causal one, for a faster way to the same numbers."""


@contextmanager
def checks_marked() -> Iterator[None]:
    """Mark the conditions of checks while this thread runs a model inside."""
    import torch

    truth, thread = torch.Tensor.__bool__, get_ident()

    def asked(x: Any) -> bool:
        frame = sys._getframe(1)
        place = frame.f_code.co_filename, frame.f_lineno
        if frame.f_code.co_name == _CAUSAL and get_ident() == thread:
            return False
        passes = _passes(place) if get_ident() == thread else None
        if passes is None:
            return bool(truth(x))
        torch.ops.autograd_lite.checked(x, passes)
        return passes

    # of the class, since what torch passes to its own functions goes round modes
    torch.Tensor.__bool__ = asked
    try:
        yield
    finally:
        torch.Tensor.__bool__ = truth


@lru_cache(maxsize=1024)
def _passes(place: tuple[str, int]) -> bool | None:
    r"""The truth with which the check at a line passes; None where there is no check.

    >>> import linecache
    >>> lines = ["if bad:\n", "    raise ValueError\n", "assert good\n", "if x:\n", "    y = 1\n"]
    >>> linecache.cache["<check>"] = (0, None, lines, "<check>")
    >>> [_passes(("<check>", line)) for line in (1, 3, 4)]
    [False, True, None]
    """
    path, line = place
    try:
        tree = ast.parse("".join(getlines(path)))
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, (ast.If, ast.Assert)) and _spans(node.test, line):
            if isinstance(node, ast.Assert):
                return True
            return False if isinstance(node.body[0], ast.Raise) else None
    return None


def _spans(test: ast.expr, line: int) -> bool:
    """Whether a condition, which is all of a check's or none, stands at the line."""
    alone = not isinstance(test, (ast.BoolOp, ast.UnaryOp))
    return alone and test.lineno <= line <= (test.end_lineno or test.lineno)
