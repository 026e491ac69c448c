"""Names with a place in them: y[3] of a signal, p(h|v) of other variables, 0.weight of a module's layer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from viz.formulas.escaping import upright

Set: TypeAlias = Callable[[str], "str | None"]
"""A name as LaTeX, or None when it can only be shown as plain text."""

_SAMPLE: Final = re.compile(r"([^\[\]()|]+)\[([A-Za-z0-9+-]{1,12})\]")
_OF_OTHERS: Final = re.compile(r"([^\[\]()|,]+)\(([^\[\]()]{1,24})\)")
_SIGNS: Final = re.compile(r"([|,])")
_IN_LAYERS: Final = re.compile(r"((?:\w+\.)*[0-9]+(?:\.\w+)*)\.([A-Za-z]\w*)", re.ASCII)


def with_place(name: str, latex: Set) -> str | None:
    r"""A name with samples, arguments or a path through numbered layers; None for any other.

    latex  sets the names inside of it

    >>> from viz.formulas.labels import latex
    >>> with_place("y[3]", latex), with_place("p(h|v)", latex), with_place("F(v')", latex)
    ('y[3]', 'p(h|v)', "F(v')")
    >>> print(with_place("0.weight", latex), with_place("encoder.0.W_f", latex))
    \mathrm{weight}_{0} W_{f,\mathrm{encoder.0}}
    """
    if found := _SAMPLE.fullmatch(name):
        head = latex(found[1])
        return head and f"{head}[{found[2]}]"
    if found := _OF_OTHERS.fullmatch(name):
        parts = [latex(x) if k % 2 == 0 else x for k, x in enumerate(_SIGNS.split(found[2]))]
        head = latex(found[1])
        return None if head is None or None in parts else f"{head}({''.join(map(str, parts))})"
    if found := _IN_LAYERS.fullmatch(name):
        return _indexed(latex(found[2]), upright(found[1]))
    return None


def _indexed(symbol: str | None, place: str) -> str | None:
    """A symbol with one more index: 0 stands as it is, a path in upright type."""
    place = re.sub(r"\\mathrm\{([0-9]+)\}", r"\1", place)
    inner = re.fullmatch(r"(.*)_\{(.*)\}", symbol or "")
    return f"{inner[1]}_{{{inner[2]},{place}}}" if inner else symbol and f"{symbol}_{{{place}}}"
