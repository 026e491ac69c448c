"""What a gated cell's picture says: names, equations, values and totals, each as short as its place asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms import words
from viz.forms.cell import Cell, Factor, Gate
from viz.forms.excitations import Summand
from viz.forms.form import Asked
from viz.forms.rows import Beside, Row, largest, strip
from viz.formulas.labels import fraction
from viz.formulas.mathtext import measure
from viz.look import limits, palette
from viz.scene.scene import Text
from viz.scene.typeset import line

VALUE: Final = words.SMALLEST
_EQUATION: Final = 15.5
_LONGEST: Final = 60.0  # points of a parameter's name in an equation
_MATRICES: Final = ("W", "U", "V", "Q")


class Speech:
    """The words for one cell; numbers of a batch are those of its first example."""

    def __init__(self, asked: Asked, cell: Cell) -> None:
        self.asked, self.cell = asked, cell
        self._called = self._names()
        shown = [cell.state, cell.previous, *(gate.node for gate in cell.gates)]
        if cell.readout is not None:
            shown.append(cell.readout.node)
        self.values = largest(example(v.value) for v in shown)
        self.totals = largest(self.total(v) for v in shown if self.has_total(v))

    def name(self, v: Node) -> str:
        """In LaTeX; a variable that its author did not name gets the cell's usual letter."""
        return self._called.get(v.number) or self.asked.names.latex(v)

    def total(self, v: Node) -> Any:
        """dy/dv of the example that is shown."""
        return example(self.asked.total(v))

    def has_total(self, v: Node) -> bool:
        """Whether there is a gradient that has the variable's shape: the output is one number."""
        return v.requires_grad and np.size(self.asked.flow.output.value) == 1

    def fraction(self, v: Node) -> str:
        """dy/dv on one line."""
        return rf"d{self.asked.output}/d{self.name(v)}"

    def stacked(self, v: Node) -> str:
        """dy/dv as a fraction."""
        return fraction(self.asked.output, self.name(v))

    # --- rows ----------------------------------------------------------------------------------------

    def value(self, v: Node) -> Row:
        """The numbers, or where they are many a strip of colours and their length."""
        numbers = example(v.value)
        shown = words.listed(numbers)
        if shown is not None:
            return line(shown, VALUE, palette.VALUE)
        length = float(np.linalg.norm(numbers))
        text = rf"\|\cdot\|={words.decimal(length, min(words.places(length), 3))}"
        norm = line(text, VALUE, palette.VALUE)
        return Beside((strip(numbers, self.values), norm)) if self._fits(numbers) else norm

    def tag(self, v: Node, widest: float, short: bool = False) -> list[Row]:
        """dy/dv in one row if it fits, else two; `short`, as colours whatever fits."""
        if not self.has_total(v):
            return []
        numbers, left = self.total(v), self.fraction(v)
        shown = None if short and np.size(numbers) > 1 else words.listed(numbers)
        if shown is None and self._fits(numbers):
            return [Beside((words.total(left), strip(numbers, self.totals)))]
        if shown is None:
            shown = words.norm(numbers)
            left = rf"\|{left}\|"
        whole = words.total(f"{left}={shown}")
        if whole.box.width <= widest:
            return [whole]
        below = line(shown, VALUE, palette.TAG.text)
        if below.box.width > widest + 8 and np.size(numbers) > 1:
            return self.tag(v, widest, short=True)
        return [words.total(f"{left}="), below]

    @staticmethod
    def _fits(numbers: Any) -> bool:
        """Whether each number has a cell that can be seen."""
        return np.size(numbers) <= limits.HEAT_SIDE

    def state(self) -> Text:
        """c_t = f_t⊙c_{t-1} + i_t⊙c̃_t."""
        cell = self.cell
        carried = rf"{self.factor(cell.keep)}\odot {self.name(cell.previous)}"
        entry = r"\odot ".join(self.factor(f) for f in cell.entry)
        return self.equation(f"{self.name(cell.state)}={carried}+{entry}")

    def readout(self) -> Text:
        """h_t = o_t⊙tanh c_t."""
        out = self.cell.readout
        if out is None:
            return self.equation("")
        state = self.name(self.cell.state)
        inner = state if out.squash is None else rf"{function(out.squash)}\,{state}"
        return self.equation(rf"{self.name(out.node)}={self.name(out.gate)}\odot {inner}")

    def equation(self, source: str) -> Text:
        """A formula in a bubble."""
        return line(source, _EQUATION, palette.TEXT)

    def factor(self, factor: Factor) -> str:
        """A gate, or one minus a gate."""
        name = self.name(factor.gate)
        return f"(1-{name})" if factor.complement else name

    def gate(self, gate: Gate, widest: float) -> list[Text]:
        """G = φ(W·x + U·h + b), broken before plus signs."""
        pieces = self.summands(gate)
        if gate.squashed:
            pieces[0] = f"{function(gate.node)}({pieces[0]}"
            pieces[-1] += ")"
        pieces[0] = f"{self.name(gate.node)}={pieces[0]}"
        rows = ["".join(pieces)]
        if measure(rows[0], True, _EQUATION)[0] > widest and len(pieces) > 1:
            breaks = [self._broken(pieces, k) for k in range(1, len(pieces))]
            rows = min(breaks, key=lambda r: max(measure(x, True, _EQUATION)[0] for x in r))
        return [self.equation(row) for row in rows]

    @staticmethod
    def _broken(pieces: list[str], k: int) -> list[str]:
        """The equation on two lines, the second from summand k on."""
        return ["".join(pieces[:k]), f"{pieces[k][0]}\\,{pieces[k][1:]}" + "".join(pieces[k + 1 :])]

    def summands(self, gate: Gate) -> list[str]:
        """Each with its sign; those times one gate are in its brackets."""
        plain_ones = [s for s in gate.reading.summands if s.gate is None]
        found = [self._signed(s, self._product(gate, s), k) for k, s in enumerate(plain_ones)]
        for inner in gate.reading.gates:
            inside = [s for s in gate.reading.summands if s.gate is inner]
            texts = [self._signed(s, self._product(gate, s), k) for k, s in enumerate(inside)]
            whole = "".join(texts)
            bracketed = f"({whole})" if len(texts) > 1 else whole
            found.append(("+" if found else "") + rf"{self.name(inner)}\odot {bracketed}")
        return found

    def _signed(self, s: Summand, text: str, place: int) -> str:
        return f"-{text}" if s.sign < 0 else f"+{text}" if place else text

    def _product(self, gate: Gate, s: Summand) -> str:
        source = None if s.source is None else self.name(s.source)
        if s.weight is None:
            return source or ""
        weight = self._weight(gate, s)
        if source is None:
            return weight
        return rf"{weight}\odot {source}" if s.elementwise else rf"{weight}\,{source}"

    def _weight(self, gate: Gate, s: Summand) -> str:
        """The parameter's name, or a letter for this gate's block of a stacked one."""
        own = self.asked.names.latex(s.weight) if s.weight is not None else ""
        if not s.sliced and measure(own, True, _EQUATION)[0] <= _LONGEST:
            return own
        index = self._index(gate)
        if s.source is None:
            alone = [t for t in gate.reading.summands if t.source is None]
            dash = "'" * alone.index(s)
            return f"b{dash}_{{{index}}}"
        at = [v.number for v in gate.reading.sources].index(s.source.number)
        return f"{_MATRICES[min(at, 3)]}_{{{index}}}"

    def has_blocks(self) -> bool:
        """Whether some gate's weights are blocks of stacked ones, or named too long to be shown."""
        return any(
            s.weight is not None and self._weight(gate, s) != self.asked.names.latex(s.weight)
            for gate in self.cell.gates
            for s in gate.reading.summands
        )

    def _index(self, gate: Gate) -> str:
        bare = self.name(gate.node).partition("_")
        return bare[0] if gate.node.name else bare[2].strip("{}")

    @staticmethod
    def function(v: Node) -> str:
        """What a squashing function is called in formulas."""
        return function(v)

    # --- names ---------------------------------------------------------------------------------------

    def _names(self) -> dict[int, str]:
        """Letters for those that have no name of their own."""
        cell = self.cell
        taken = set(self.asked.names.all_latex())
        found: dict[int, str] = {}
        for k, gate in enumerate(cell.gates):
            if gate.node.name is None:
                found[gate.node.number] = f"g_{{{k + 1}}}"
        letters = self._letters(taken)
        others = [(cell.previous, "s"), (cell.state, "s'")]
        others += [(cell.readout.node, "y")] if cell.readout is not None else []
        for v, letter in others:
            if v.name is None:
                found[v.number] = letter if letter not in taken else next(letters)
        for k, v in enumerate(cell.sources):
            if v.name is None:
                found[v.number] = f"u_{{{k + 1}}}"
        if cell.state.name is None and cell.previous.name is not None:
            before = self.asked.names.latex(cell.previous)
            found[cell.state.number] = f"{{{before}}}'" if "'" not in before else "s'"
        return found

    @staticmethod
    def _letters(taken: set[str]) -> Iterator[str]:
        return (letter for letter in "suvyq" if letter not in taken)


def example(data: Any) -> Any:
    """The numbers of one example: of a batch, the first."""
    array = np.asarray(plain(data), dtype=float)
    while array.ndim > 1:
        array = array[0]
    return np.atleast_1d(array)


def function(v: Node) -> str:
    """What a squashing function is called in formulas."""
    return {"sigmoid": r"\sigma", "tanh": r"\tanh", "relu": r"\mathrm{ReLU}"}.get(
        v.rule.name, rf"\mathrm{{{v.rule.name}}}".replace("_", "")
    )
