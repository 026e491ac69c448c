"""How much a picture says: three presets, and `dataclasses.replace` for anything between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from autograd_lite.errors import PictureError, did_you_mean
from autograd_lite.node import Node
from viz.look import limits


@dataclass(frozen=True)
class Style:
    r"""What is written on a picture.

    values         each variable's equation and number
    totals         its total derivative
    partials       each arrow's partial derivative, as number
    formulas       equations and partial derivatives as formulas too
    digits         decimals (and at least so many significant digits)
    max_variables  how many are drawn at most; the others are folded into the arrows, with a note

    heat              arrays as small heat maps
    jacobians         each arrow's Jacobian as a heat map too
    totals_from_grad  totals as the last backward pass left them on the nodes, "—" before one
    copies            a leaf that several variables use is drawn once for each, with the sum over the copies
    accent            the variable stands out, and so does an arrow between two that do
    total_symbol      what its tag calls the total derivative, such as \delta_{2}
    per_node          a function from node to Style (or None), for what differs from node to node

    >>> from autograd_lite import Value
    >>> x = Value(2.0, name="x")
    >>> style = Style(digits=5, per_node=lambda node: Style(accent=True) if node is x else None)
    >>> style.by(x).accent, style.by(x * x).accent
    (True, False)
    """

    values: bool = True
    totals: bool = True
    partials: bool = True
    formulas: bool = True
    digits: int = 3
    max_variables: int = limits.VARIABLES
    heat: bool = True
    jacobians: bool = False
    totals_from_grad: bool = False
    copies: bool = False
    accent: bool = False
    total_symbol: str | None = None
    per_node: Callable[[Node], Style | None] | None = None

    def __post_init__(self) -> None:
        for name, least, largest in (("digits", 0, 17), ("max_variables", 1, 10**6)):
            x = getattr(self, name)
            if type(x) is not int or not least <= x <= largest:
                raise PictureError(
                    f"Style({name}={x!r}): {name} is a whole number from {least} to {largest}"
                )

    def by(self, node: Node) -> Style:
        """The style of one variable."""
        own = self.per_node(node) if self.per_node else None
        return self if own is None else own


STRUCTURE: Final = Style(values=False, totals=False, partials=False, formulas=False, heat=False)
VALUES: Final = Style(totals=False, partials=False)
DERIVATIVES: Final = Style()
_PRESETS: Final = {"structure": STRUCTURE, "values": VALUES, "derivatives": DERIVATIVES}


def style_of(style: str | Style | Callable[[Node], Style | None]) -> Style:
    """The style meant by a name or by a function of the node, or the style itself.

    >>> style_of("values") is VALUES
    True
    """
    if isinstance(style, Style):
        return style
    if callable(style):
        return Style(per_node=style)
    if style not in _PRESETS:
        raise PictureError(f"no style is called {style!r}: {did_you_mean(str(style), _PRESETS)}")
    return _PRESETS[style]
