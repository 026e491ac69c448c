"""Sums over the numbers of one array, as they are written under a picture."""

from __future__ import annotations

from itertools import chain

import numpy as np

from autograd_lite.node import Node
from viz.forms import words
from viz.forms.form import Asked
from viz.formulas.numbers import as_factor
from viz.look import limits


def neuron_sum(asked: Asked, x: Node, h: Node, dx: str, dh: str) -> str:
    r"""dy/dx₁ = Σ_k (dy/dh_k)(∂h_k/∂x₁) in symbols and numbers, for the first number of x.

    x, h    arrays of one axis, or batches of them, of which the first example is taken
    dx, dh  what dy/dx and dy/dh are called

    Source: lecture "Backpropagation", the recursion of δ.
    """
    name_x, name_h = asked.names.latex(x), asked.names.latex(h)
    k = asked.names.free_letter("k")
    first = np.zeros(np.shape(x.value))
    first.flat[0] = 1.0
    slopes = np.asarray(asked.flow.total(x, of=h)).reshape(*np.shape(h.value), -1)[..., 0]
    totals = asked.total(h)
    if slopes.ndim == 2:
        slopes, totals = slopes[0], totals[0]
    terms = [f"{_factor(a)}\\cdot{_factor(b)}" for a, b in zip(totals, slopes, strict=True)]
    numbers = " + ".join(limits.shortened(terms, str, r"\dots"))
    of = rf"\dfrac{{\partial {_at(name_h, k)}}}{{\partial {_at(name_x, 1)}}}"
    value = words.decimal(float(asked.total(x).flat[0]))
    return rf"{_at(dx, 1)}=\sum_{{{k}}} {_at(dh, k)}\,{of}={numbers}={value}"


def _factor(x: float) -> str:
    return as_factor(words.decimal(float(x)))


def _at(name: str, index: object) -> str:
    r"""A name with one more index: ξ₂ and k give ξ_{2,k}."""
    head, mark, rest = name.partition("_")
    inside = rest.removeprefix("{").removesuffix("}") if mark else ""
    parts = ",\\,".join(chain([inside] if inside else [], [str(index)]))
    return f"{head}_{{{parts}}}"
