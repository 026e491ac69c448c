"""The rows run by the compiled loops of `kernels`; and what is said where these cannot be had."""

from __future__ import annotations

import ctypes
import logging
import math
import os
from functools import cache, cached_property
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import numpy as np

from autograd_lite.programs.scalars.levels import run, steps
from autograd_lite.programs.scalars.primitives import CALLS, CALLS_2, Op
from autograd_lite.programs.scalars.rows import Block, Rows

_LOG: Final = logging.getLogger("autograd_lite")
_GAIN: Final = "with the extra `fast` scalar programs run some ten to forty times as fast"


class CompiledLoops:
    """The loops over one graph's rows."""

    def __init__(self, rows: Rows, kernels: ModuleType) -> None:
        self.rows, self.kernels = rows, kernels
        self.functions = functions()

    def values(self, v: Any) -> None:
        """The rows of the nodes' values."""
        self.kernels.evaluate(self.rows.values.rows, v, self.rows.first, *self.functions)

    def slopes(self, v: Any) -> None:
        """The further rows that partials need."""
        first = self.rows.first + len(self.rows.values)
        self.kernels.evaluate(self.rows.slopes.rows, v, first, *self.functions)

    def pull(self, v: Any, g: Any) -> None:
        """Adjoints from the results back."""
        self.kernels.sweep(self._back, v, g)

    def push(self, v: Any, t: Any) -> None:
        """Tangents from the leaves on."""
        self.kernels.sweep(self._onwards, v, t)

    @cached_property
    def _back(self) -> Any:
        return spread(self.rows.edges)

    @cached_property
    def _onwards(self) -> Any:
        return np.ascontiguousarray(self.rows.edges.rows[::-1, [1, 0, 2]])


def spread(edges: Block) -> Any:
    """Edges to the same start as far apart as their level allows: no sum has to wait for the one just before.

    What is added to a start keeps its order, so the sums stay the same to the last bit.
    """
    starts, level = edges.rows[:, 1], np.repeat(np.arange(len(edges.cuts) - 1), np.diff(edges.cuts))
    order = np.lexsort((starts, level))
    is_first = np.diff(starts[order], prepend=-1) != 0
    is_first |= np.diff(level[order], prepend=-1) != 0
    n = np.arange(len(order))
    turn = np.empty(len(order), int)
    turn[order] = n - np.maximum.accumulate(np.where(is_first, n, 0))
    return np.ascontiguousarray(edges.rows[np.lexsort((turn, level))])


@cache
def kernels() -> ModuleType | None:
    """The compiled loops, from the disk where they were compiled before; None where they cannot be had.

    Why they cannot is said once, in one line.
    """
    try:
        found = import_module("autograd_lite.programs.scalars.kernels")
        _refuse_stale(found)
        return found
    except ImportError as error:
        _LOG.warning(
            "%s, and the same numbers: pip install 'autograd_lite[fast]' (%s)", _GAIN, error
        )
    except Exception as error:  # noqa: BLE001 - whatever Numba raises, the other ways give the numbers
        reason = str(error).strip().partition("\n")[0]
        _LOG.warning(
            "%s, and the same numbers, but its compiled loops cannot be had here: set NUMBA_CACHE_DIR to "
            "an empty folder that can be written to (%s)", _GAIN, reason,
        )  # fmt: skip
    return None


def _refuse_stale(kernels: ModuleType) -> None:
    """Raise unless each operation gives NumPy's number.

    Numba's cache asks only whether the file of the loops has changed, and neither the numbers of the
    operations nor those of the functions stand there.
    """
    calls = [(Op.CALL, CALLS), (Op.CALL_2, CALLS_2)]
    rows: list[tuple[int, ...]] = [(op, 0, 1, 2) for op in Op if op not in (Op.CALL, Op.CALL_2)]
    rows += [(op, 0, 1, k) for op, names in calls for k in range(len(names))]
    block = Block(np.array(rows, np.uint32), np.arange(len(rows) + 1))
    for a, b, c in ((0.5, 0.25, 2.0), (0.25, 0.25, 2.0), (0.25, 0.5, -2.0)):
        v = np.array([a, b, c] + [0.0] * len(rows))
        ours = v.copy()
        run(steps(block, 3), v)
        kernels.evaluate(block.rows, ours, 3, *functions())
        if not np.allclose(v, ours, rtol=1e-12, equal_nan=True):
            raise ValueError("the compiled loops on the disk are those of another version")


@cache
def functions() -> tuple[Any, Any]:
    """The addresses of C's functions of one and of two numbers, those that Python's math calls."""
    library = ctypes.CDLL("ucrtbase" if os.name == "nt" else getattr(math, "__file__", None))

    def addresses(names: dict[str, str]) -> Any:
        pointers = [ctypes.cast(getattr(library, name), ctypes.c_void_p) for name in names.values()]
        return np.array([pointer.value for pointer in pointers], np.int64)

    return addresses(CALLS), addresses(CALLS_2)
