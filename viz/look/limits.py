"""How much is shown, and how much is computed for it: every limit once, with what it protects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

# a sheet that can be read
VARIABLES: Final = 40  # on a picture, or on a page with formulas; the default of `Style`
ARROWS_EACH: Final = 4  # for each of these variables: more cross everywhere
ARROWS: Final = ARROWS_EACH * VARIABLES
VARIABLES_ON_A_SLIDE: Final = 16
VARIABLES_IN_SLIDES: Final = 60  # on all pages together: nobody sits through more
VARIABLES_ON_A_PAGE: Final = 1000  # of `viz.step`, which shows each of them at every step
WEIGHTS: Final = 160  # arrows between single neurons, none of which is folded
LONGEST_SIDE: Final = 3600.0  # points, 50 inches: more variables are folded until a picture fits
FEWEST_VARIABLES: Final = 8  # stay on it, however long the side
HEAT_SIDE: Final = 32  # rows or columns of a heat map

# lines that can be read
TERMS: Final = 8  # of a sum; of more the first four and the last two are written
SUMS: Final = 3  # inputs whose sums are shown, if none are asked for
CUTS: Final = 12  # in a table, if none is asked for
NAMES: Final = 5  # in one sentence
NAME: Final = 40  # characters; a longer name is no symbol, and is cut off in a title
SENTENCE: Final = 80  # characters in place of a formula that cannot be set
NOTE: Final = 160  # characters of a note under a picture
FORMULA: Final = 600  # characters of LaTeX; a longer one is not read, and takes seconds to set

# derivations
STEPS: Final = 30  # those of a recursion counted as one
STEPS_IN_A_RECURSION: Final = 12  # and variables named in one remark
PATHS: Final = 64  # terms of the sum over all paths
EQUATIONS: Final = 16  # in front of the steps

# work for what is only looked at
JACOBIAN: Final = 4096  # entries of a derivative
PARTIALS: Final = 1000  # arrows whose partial derivatives are listed, a sweep for each
PRODUCTS: Final = 300  # arrows of arrays whose contributions a page lists, a sweep for each


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
