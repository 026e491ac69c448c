"""Loops as machine code, where the extra `fast` (Numba) is installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pickle import PickleError
from typing import Any, Final

# no Numba, no folder for its cache, a file of that cache which is broken
FAILURES: Final = (ImportError, RuntimeError, OSError, EOFError, PickleError)

_FAILED: Final[set[Callable[..., Any]]] = set()


def ran_compiled(loop: Callable[..., Any], *arguments: Any) -> bool:
    """Run a loop as machine code, where that can be; whether it ran.

    Numba is loaded here and not before. It compiles at the first call and keeps the code on the disk;
    where it cannot, that call and all later ones leave everything as it was.
    """
    if loop in _FAILED:
        return False
    try:
        _machine_code(loop)(*arguments)
    except FAILURES:
        _FAILED.add(loop)
        return False
    return True


@cache
def _machine_code(loop: Callable[..., Any]) -> Callable[..., Any]:
    numba = import_module("numba")
    if numba.config.DISABLE_JIT:
        raise ImportError("Numba is switched off, and would run the loop in Python")
    # with Python's own error model it would look at each divisor, and not take several entries at once
    return numba.njit(cache=True, error_model="numpy", nogil=True)(loop)  # type: ignore[no-any-return]
