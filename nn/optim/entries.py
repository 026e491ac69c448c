"""An update rule of single entries on large arrays: in blocks that stay in the cache, or compiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from nn.optim.compiled import ran_compiled

Array: TypeAlias = np.ndarray[Any, Any]

Rule: TypeAlias = Callable[[Sequence[Array], Any, Array], None]
"""(arrays, numbers, scratch): writes to arrays of one shape, by NumPy's calls."""

Loop: TypeAlias = Callable[[Any, Any], None]
"""(arrays, numbers): the same numbers in plain Python, one entry after the other."""

BLOCK: Final = 32_768
"""Entries of a block: a rule goes over them about ten times, and five arrays of them fit in the cache."""


def entry_by_entry(
    rule: Rule, loop: Loop, arrays: Sequence[Array], numbers: Any, scratch: Array
) -> None:
    """Apply a rule that changes each entry by itself to arrays of one shape, in place.

    numbers  a named tuple of what is the same for each entry
    scratch  an array for what the rule computes on the way

    What comes out does not depend on how: a small array at once, a large one in blocks, or by the
    compiled loop where the extra `fast` is installed.
    """
    if scratch.size <= BLOCK or not all(array.flags.carray for array in (*arrays, scratch)):
        rule(arrays, numbers, scratch)
        return
    flat, flat_scratch = tuple(array.reshape(-1) for array in arrays), scratch.reshape(-1)
    if ran_compiled(loop, flat, _as_in_array(numbers, scratch.dtype.type)):
        return
    for start in range(0, scratch.size, BLOCK):
        block = slice(start, start + BLOCK)
        rule([array[block] for array in flat], numbers, flat_scratch[block])


def _as_in_array(numbers: Any, kind: Any) -> Any:
    """The numbers as NumPy takes them in arithmetic with an array: in the array's own precision."""
    return type(numbers)._make(kind(x) if isinstance(x, float) else x for x in numbers)
