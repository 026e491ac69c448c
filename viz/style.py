"""How much a picture says: three presets, and `dataclasses.replace` for anything between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from autograd_lite.errors import PictureError, did_you_mean


@dataclass(frozen=True)
class Style:
    """What is written on a picture.

    values    each variable's equation and number
    totals    its total derivative
    partials  each arrow's partial derivative, as number
    formulas  equations and partial derivatives as formulas too
    digits    decimals (and at least so many significant digits)
    most      the most variables drawn; more are folded into the arrows, with a note
    """

    values: bool = True
    totals: bool = True
    partials: bool = True
    formulas: bool = True
    digits: int = 3
    most: int = 40


STRUCTURE: Final = Style(values=False, totals=False, partials=False, formulas=False)
VALUES: Final = Style(totals=False, partials=False)
DERIVATIVES: Final = Style()
_PRESETS: Final = {"structure": STRUCTURE, "values": VALUES, "derivatives": DERIVATIVES}


def chosen(style: str | Style) -> Style:
    """The style meant by a name, or the style itself.

    >>> chosen("values") is VALUES
    True
    """
    if isinstance(style, Style):
        return style
    if style not in _PRESETS:
        raise PictureError(f"no style is called {style!r}: {did_you_mean(str(style), _PRESETS)}")
    return _PRESETS[style]
