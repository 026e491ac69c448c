"""Numbers as a person writes them: 2/3 and 3/√2 instead of their decimals."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

SHORT: Final = 8
"""How many characters of a number are no trouble to read."""


def is_whole(x: float) -> bool:
    """Whether a number may lose its decimal point.

    >>> is_whole(2.0), is_whole(0.5), is_whole(-0.0)
    (True, False, False)
    """
    return (
        math.isfinite(x)
        and x == int(x)
        and abs(x) < 1e6
        and math.copysign(1.0, x) == (x >= 0 or -1)
    )


def factors(c: float) -> tuple[float, str]:
    """A number as p over a text, where that is shorter; the text is "" where nothing is below.

    >>> factors(2 / 3), factors(3 / math.sqrt(2)), factors(0.5)
    ((2, '3'), (3, 'np.sqrt(2)'), (0.5, ''))
    """
    short = float(f"{c:.12g}")
    if math.isclose(short, c, rel_tol=1e-15):
        c = short  # 0.1·0.1, without the digits of rounding
    if not math.isfinite(c) or len(repr(c)) <= SHORT:
        return (int(c) if math.isfinite(c) and is_whole(c) else c), ""
    found = Fraction(c).limit_denominator(100_000)
    p, q = found.numerator, found.denominator
    if found and p / q == c and abs(p) < 1000:
        return p, str(q)
    if (n := squared(1 / c)) is not None:
        return int(math.copysign(1, c)), f"np.sqrt({n})"
    for n in (2, 3, 5):
        p = round(c * math.sqrt(n))
        if 0 < abs(p) < 1000 and math.isclose(p / math.sqrt(n), c, rel_tol=1e-15):
            return p, f"np.sqrt({n})"
    return c, ""


def squared(x: float) -> int | None:
    """The whole number of which |x| is the root."""
    n = round(x * x) if abs(x) < 1e3 else 0
    if n and math.isqrt(n) ** 2 == n:
        return None
    return n if n and math.isclose(math.sqrt(n), abs(x), rel_tol=1e-15) else None
