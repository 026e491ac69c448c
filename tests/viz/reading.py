"""Numbers read back from the LaTeX of a picture."""

from __future__ import annotations

import re

_LAST = re.compile(r"(?:^|=|\s)\(?(-?\d+(?:\.(\d+))?)(?:\\times 10\^\{(-?\d+)\})?\)?$")


def last_number(source: str) -> tuple[float, float]:
    r"""The number at the end of a formula, and half a unit of its last digit.

    >>> last_number("x=-0.41"), last_number(r"= 2.5\times 10^{2}")
    ((-0.41, 0.005), (250.0, 5.0))
    """
    found = _LAST.search(source)
    assert found, f"no number at the end of {source!r}"
    scale = 10.0 ** int(found[3] or 0)
    return float(found[1]) * scale, 0.5 * 10.0 ** -len(found[2] or "") * scale
