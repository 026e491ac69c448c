"""How much is shown, and how much is computed for it: every limit once, with what it protects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

# --- a sheet that can be read ----------------------------------------------------------------------

VARIABLES: Final = 40
"""Variables on one picture, or on a page with formulas; as `Style` has it."""
ARROWS_EACH: Final = 4
"""Arrows for each of these variables: more cross everywhere."""
ARROWS: Final = ARROWS_EACH * VARIABLES
VARIABLES_ON_A_SLIDE: Final = 16
VARIABLES_ON_A_PAGE: Final = 1000
"""The page of `viz.step` draws each of them again at every step."""
WEIGHTS: Final = 160
"""Arrows of a picture of single neurons, none of which is folded."""
LONGEST_SIDE: Final = 3600.0
"""Points of a picture's longer side: 50 inches. More variables are folded until it fits."""
FEWEST_VARIABLES: Final = 8
"""So many stay, however long the side."""

# --- lines that can be read ------------------------------------------------------------------------

TERMS: Final = 8
"""Terms of one sum; of more the first four and the last two are written."""
SUMS: Final = 3
"""Inputs whose sums are shown if none are asked for."""
CUTS: Final = 12
"""Cuts in a table if none is asked for."""
NAMES: Final = 5
"""Names in one sentence."""
NAME: Final = 40
"""Characters of a name; a longer one is no symbol, and is cut off in a title."""
SENTENCE: Final = 80
"""Characters of what stands on a picture in place of a formula that cannot be set."""
NOTE: Final = 160
"""Characters of a note under a picture."""
HEAT_SIDE: Final = 32
"""Rows or columns of a heat map in a picture."""
FORMULA: Final = 600
"""Characters of one formula, in LaTeX: a longer one is not read, and takes seconds to set."""

# --- derivations -----------------------------------------------------------------------------------

STEPS: Final = 30
"""Steps of a derivation, those of a recursion counted as one."""
STEPS_IN_A_RECURSION: Final = 12
"""The same of one recursion; and variables named in one remark."""
PATHS: Final = 64
EQUATIONS: Final = 16
"""Equations in front of a derivation."""

# --- work ------------------------------------------------------------------------------------------

JACOBIAN: Final = 4096
"""Entries of a derivative that is only looked at, not asked for."""
PARTIALS: Final = 1000
"""Arrows whose partial derivatives are listed: each takes a sweep."""
PRODUCTS: Final = 300
"""Arrows whose contributions are listed for a page of arrays: each takes a sweep."""


def first_and_last(
    items: Sequence[Any], most: int = TERMS, last: int = 2
) -> tuple[Sequence[Any], Sequence[Any]]:
    """What is shown of a row: all of it and nothing, or the first few and the last few.

    >>> first_and_last("abcd"), first_and_last("abcdefghij")
    (('abcd', ''), ('abcd', 'ij'))
    """
    return (items, items[:0]) if len(items) <= most else (items[: most - 4], items[-last:])


def shortened(items: Sequence[Any], write: Callable[[Any], str], dots: str) -> list[str]:
    """Every item as it is written, with dots for the middle of many.

    >>> shortened("abcdefghij", str.upper, "…")
    ['A', 'B', 'C', 'D', '…', 'I', 'J']
    """
    first, last = first_and_last(items)
    return [*map(write, first), *([dots] if last else []), *map(write, last)]
