"""What the picture of a latent variable says: names, numbers, equations, partials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms import words
from viz.forms.form import Asked
from viz.forms.latent import Latent
from viz.forms.rows import Beside, Cells, Row, largest, strip
from viz.formulas.labels import differential
from viz.layout.geometry import Box, Point
from viz.look import limits, palette
from viz.scene.scene import Text
from viz.scene.typeset import line, moved

_NUMBERED: Final = 3  # rows of a matrix with numbers
_CELL: Final = 40.0
_TALLEST: Final = 132.0
_MOST_PARTIALS: Final = 4096


class Speech:
    """The words for one model; numbers of a batch are those of its first example."""

    def __init__(self, asked: Asked, latent: Latent) -> None:
        self.asked, self.latent = asked, latent
        is_bound = latent.signs == (1, -1)
        known = [
            (latent.mu, r"\mu"), (latent.z, "z"), (latent.decoded, r"\hat{x}"),
            (latent.spread, "L" if latent.full else "s"),
            (latent.likelihood, r"\log p" if is_bound else r"\ell"),
            (latent.divergence, r"\mathrm{KL}"),
            (latent.bound, r"\mathrm{ELBO}" if is_bound else "J"),
        ]  # fmt: skip
        self._called = {v.number: letter for v, letter in known if v.name is None}
        if latent.data is not None and latent.data.name is None:
            self._called[latent.data.number] = "x"
        self.totals = largest(
            self.total(v)
            for v in (latent.mu, latent.spread, latent.z, latent.decoded)
            if self.has_total(v)
        )
        self.shades = largest([latent.data.value] if latent.data is not None else [])

    def name(self, v: Node) -> str:
        """In LaTeX; without a name of its own, the letter that lectures use."""
        return self._called.get(v.number) or self.asked.names.latex(v)

    def has_total(self, v: Node) -> bool:
        """Whether there is a gradient: the output is one number."""
        return v.requires_grad and np.size(self.asked.flow.output.value) == 1

    def total(self, v: Node) -> Any:
        """dy/dv of the example that is shown."""
        return example(self.asked.total(v), self._axes(v))

    def _axes(self, v: Node) -> int:
        if v is self.latent.spread and self.latent.full:
            return 2
        latent = self.latent
        return (
            0
            if any(v is one for one in (latent.likelihood, latent.divergence, latent.bound))
            else 1
        )

    def fraction(self, v: Node) -> str:
        """dy/dv on one line; a name of several parts stands in brackets."""
        return rf"{differential(self.asked.output)}/{differential(self.name(v))}"

    # --- numbers -------------------------------------------------------------------------------------

    def value(self, v: Node) -> Row:
        """A short list, a strip of colours with its length, or the length."""
        return self._numbers(example(v.value, self._axes(v)))

    def held(self, noise: Any) -> Row:
        """The numbers of ε."""
        data = np.asarray(plain(noise), dtype=float)
        shape = np.shape(plain(self.latent.mu.value))
        return self._numbers(
            example(data.reshape(shape) if data.size == np.prod(shape) else data, 1)
        )

    def _numbers(self, numbers: Any) -> Row:
        shown = words.listed(numbers)
        if shown is not None:
            return words.value(shown)
        length = words.value(rf"\|\cdot\|={words.norm(numbers)}")
        if np.size(numbers) > limits.HEAT_SIDE:
            return length
        return Beside((strip(numbers, largest([numbers])), length))

    def tag(self, v: Node, widest: float) -> list[Row]:
        """dy/dv, in one row where it fits."""
        if not self.has_total(v):
            return []
        numbers, left = self.total(v), self.fraction(v)
        shown = words.listed(numbers)
        if shown is None and np.size(numbers) > limits.HEAT_SIDE:
            return [words.total(rf"\|{left}\|={words.norm(numbers)}")]
        if shown is None:
            return [Beside((words.total(left), strip(numbers, self.totals)))]
        whole = words.total(f"{left}={shown}")
        if whole.box.width <= widest:
            return [whole]
        below = words.total(shown)
        if below.box.width > widest + 8 and np.size(numbers) > 1:
            return [Beside((words.total(left), strip(numbers, self.totals)))]
        return [words.total(f"{left}="), below]

    def column_tag(self, v: Node) -> list[Row]:
        """dy/dv under a column: its name, and below it the colours or the length."""
        numbers = self.total(v)
        if np.size(numbers) > limits.HEAT_SIDE:
            return [words.total(rf"\|{self.fraction(v)}\|"), words.total(words.norm(numbers))]
        return [words.total(self.fraction(v)), strip(numbers, self.totals)]

    def matrix_tag(self, v: Node) -> list[Row]:
        """dy/dL in its rows."""
        if not self.has_total(v):
            return []
        return matrix_total(self.total(v), example(v.value, 2), self.fraction(v))

    def cells(self, data: Any) -> list[Row]:
        """The column of x or x̂ as colours; many numbers as their count and length."""
        numbers = example(data, 1).ravel()
        if numbers.size > limits.HEAT_SIDE:
            return [
                words.value(str(numbers.size)),
                words.value(r"\|\cdot\|"),
                words.value(words.norm(numbers)),
            ]
        high = min(20.0, _TALLEST / numbers.size)
        return [Cells(tuple((float(a),) for a in numbers), largest([numbers]), (20.0, high))]

    # --- formulas ------------------------------------------------------------------------------------

    def noise_name(self) -> str:
        """ε, as its author called it."""
        noise = self.latent.noise
        named = isinstance(noise, Node) and noise.name is not None
        return self.asked.names.latex(noise) if named else r"\varepsilon"

    def noise(self) -> str:
        """ε ~ N(0, I)."""
        return rf"{self.noise_name()}\sim\mathcal{{N}}(0,\,I)"

    def sample(self) -> str:
        """The sample z = μ + σ⊙ε."""
        latent, noise = self.latent, self.noise_name()
        scale = rf"{self.name(latent.spread)}\,{noise}" if latent.full else rf"\sigma\odot {noise}"
        return f"{self.name(latent.z)}={self.name(latent.mu)}+{scale}"

    def bound(self) -> str:
        """ELBO = log p - KL."""
        latent = self.latent
        first, second = latent.signs
        p, kl = (self.name(v).partition("(")[0] for v in (latent.likelihood, latent.divergence))
        terms = ("" if first > 0 else "-") + p + ("+" if second > 0 else "-") + kl
        return f"{self.name(latent.bound)}={terms}"

    def bound_numbers(self) -> str:
        """The sum with its numbers."""
        latent = self.latent
        p, kl, whole = (
            words.decimal(float(example(v.value, 0).ravel()[0]), 3)
            for v in (latent.likelihood, latent.divergence, latent.bound)
        )
        first, second = latent.signs
        lead = p if first > 0 else f"-({p})"
        tail = f"({kl})" if kl.startswith("-") else kl
        return f"{lead}{'+' if second > 0 else '-'}{tail}={whole}"

    def partial_mu(self) -> str:
        """∂z/∂μ = I, as z is the sum of μ and what does not depend on it."""
        return rf"\partial {self.name(self.latent.z)}/\partial {self.name(self.latent.mu)}=I"

    def partial_spread(self) -> list[str]:
        """∂z/∂log σ² with its numbers, or ε^T of a matrix."""
        latent = self.latent
        if latent.full:
            return [rf"{self.noise_name()}^{{\top}}"]
        numbers = self._partial(latent.z, latent.spread)
        if numbers is None:
            return []
        shown = words.listed(np.diag(np.atleast_2d(numbers)))
        below = differential(self.name(latent.spread), r"\partial ")
        left = rf"\partial {self.name(latent.z)}/{below}="
        return [left, rf"\mathrm{{diag}}({shown.strip('[]')})"] if shown is not None else []

    def divergence_partials(self) -> Iterator[str]:
        """∂KL/∂μ and ∂KL/∂log σ² with their numbers."""
        latent = self.latent
        for v in (latent.mu, latent.spread):
            numbers = self._partial(latent.divergence, v)
            shown = words.listed(numbers) if numbers is not None else None
            if shown is not None:
                top = differential(self.name(latent.divergence), r"\partial ")
                yield rf"{top}/{differential(self.name(v), chr(92) + 'partial ')}={shown}"

    def _partial(self, y: Node, x: Node) -> Any:
        """∂y/∂x of the first example, from the flow graph; None where it is too large to look at."""
        if np.size(y.value) * np.size(x.value) > _MOST_PARTIALS:
            return None
        data = np.asarray(FlowGraph(y, variables=[x]).partial(y, x), dtype=float)
        data = data.reshape(*np.shape(y.value), *np.shape(x.value))
        batch = np.ndim(y.value) - self._axes(y)
        data = data[(0,) * batch]
        return data[(slice(None),) * self._axes(y) + (0,) * (np.ndim(x.value) - self._axes(x))]


def example(data: Any, axes: int) -> Any:
    """The numbers of one example, which has so many axes: of a batch, the first."""
    array = np.asarray(plain(data), dtype=float)
    while array.ndim > axes:
        array = array[0]
    return array


def matrix(data: Any, name: str, color: str) -> list[Row]:
    """A matrix row by row, what is zero above its diagonal in grey; a larger one as colours."""
    array = np.atleast_2d(data)
    left = words.equation(f"{name}=")
    if len(array) > limits.HEAT_SIDE:
        return [words.value(rf"\|{name}\|={words.norm(array)}", color)]
    if len(array) > _NUMBERED:
        return [Beside((left, _squares(array)))]
    digits = words.places(float(np.abs(array).max()))
    rows = [
        _numbers(row, digits, color, i if _is_triangular(array) else None)
        for i, row in enumerate(array)
    ]
    if len(array) > 2:
        return [words.equation(name), *(Beside(row, 4.0) for row in rows)]
    return [Beside((left if i == 0 else _blank(left), *row), 4.0) for i, row in enumerate(rows)]


def matrix_total(data: Any, of: Any, name: str) -> list[Row]:
    """dy/dL in its rows; where L is always zero there is no variable, and a grey dot."""
    array, color = np.atleast_2d(data), palette.TAG.text
    if len(array) > limits.HEAT_SIDE:
        return [words.total(rf"\|{name}\|={words.norm(array)}")]
    if len(array) > 2:
        return [
            Beside((words.total(name), _squares(np.tril(array) if _is_triangular(of) else array)))
        ]
    digits, left = words.places(float(np.abs(array).max())), words.total(f"{name}=")
    rows = [
        _numbers(row, digits, color, i if _is_triangular(of) else None, r"\cdot")
        for i, row in enumerate(array)
    ]
    return [Beside((left if i == 0 else _blank(left), *row), 4.0) for i, row in enumerate(rows)]


def _is_triangular(data: Any) -> bool:
    return not np.triu(np.atleast_2d(data), 1).any()


def _squares(array: Any) -> Cells:
    side = min(15.0, 46.0 / len(array))
    return Cells(tuple(tuple(map(float, row)) for row in array), largest([array]), (side, side))


def _numbers(
    row: Any, digits: int, color: str, last: int | None, zero: str = "0"
) -> tuple[Text, ...]:
    """A row of a matrix; what is beyond its column `last` is zero by the matrix's making."""
    return tuple(
        _cell(zero if last is not None and j > last else words.decimal(float(x), digits),
              palette.NOTE if last is not None and j > last else color)
        for j, x in enumerate(row)
    )  # fmt: skip


def _cell(source: str, color: str) -> Text:
    text = line(source, words.SMALLEST, color)
    middle = Point(_CELL / 2 - text.box.center.x, 0)
    return replace(moved(text, middle), box=Box(0, text.box.bottom, _CELL, text.box.top))


def _blank(text: Text) -> Text:
    return replace(text, source=r"\,", box=text.box)
