"""Sums over time as they stand under a picture: of a state at a cut, and of a weight over its uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.node import Node
from viz.content.sums import members_moved
from viz.forms import words
from viz.forms.form import Asked
from viz.formulas import labels
from viz.formulas.mathtext import display, measure
from viz.look import limits

_WIDEST: Final = 760.0  # points
_PARTIAL: Final = r"\partial "
_DOTS: Final = r"\cdots"


def state_sum(asked: Asked, cut: Cut, x: Node) -> str | None:
    r"""dL/dx = Σ (dL/dh)(∂h/∂x) over the cut's members, with the numbers of short vectors."""
    if x not in set(cut.near):
        return None
    members = members_moved(cut, x)
    y, name = asked.output, asked.names.latex(x)
    symbols = [_product(y, asked.names.latex(h), name) for h in members]
    left = f"{asked.stacked(x)}={'+'.join(limits.shortened(symbols, str, _DOTS))}"
    products = [np.asarray(t.product) for t in cut.terms(x) if t.variable in set(members)]
    numbers = [words.listed(p) for p in products]
    total = words.listed(asked.total(x))
    if total is None or any(n is None for n in numbers):
        return display(left)
    whole = display(f"{left}={'+'.join(map(str, numbers))}={total}")
    return (
        whole if measure(whole, True, words.EQUATION)[0] <= _WIDEST else display(f"{left}={total}")
    )


def weight_sum(asked: Asked, weight: Node, parts: Sequence[Any]) -> str:
    """The norm of what each time step adds to dL/dW, and that of the sum."""
    name = asked.names.latex(weight)
    norms = r",\;".join(limits.shortened([words.norm(p) for p in parts], str, _DOTS))
    each = rf"\Vert d{asked.output}/d{name}^{{\,(t)}}\Vert={norms}"
    return (
        rf"{each}\quad(t=1,\ldots,{len(parts)}),\qquad\mathrm{{their\ sum:}}\;"
        rf"\Vert d{asked.output}/d{name}\Vert={words.norm(asked.total(weight))}"
    )


def _product(y: str, h: str, x: str) -> str:
    """(dy/dh)(∂h/∂x), without the first where h is y itself."""
    partial = labels.fraction(h, x, _PARTIAL)
    return partial if h == y else rf"{labels.fraction(y, h)}\,{partial}"
