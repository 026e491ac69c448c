"""`viz.scalars`: layers zoomed in to single neurons, as in the lecture notes on deep learning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograd_lite.errors import PictureError
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.tape import Tape
from viz.choose.neurons import Bias, Layer, Weight, dense_parts, layers
from viz.choose.style import Style
from viz.content.content import Content, EdgeText, Listing, VariableText
from viz.content.neuron_sums import captions
from viz.formulas import labels, numbers
from viz.formulas.naming import Names
from viz.formulas.numbers import as_text
from viz.layout.columns import NODE, Columns, spread
from viz.layout.graph import Graph, Placement
from viz.layout.route import route
from viz.layout.straighten import heights
from viz.look import limits, palette
from viz.picture import Picture
from viz.scene.compose import compose


def scalars(
    tensor: Node,
    *,
    example: int = 0,
    of: Node | None = None,
    digits: int = 2,
    neuron: tuple[int, int] | None = None,
) -> Picture:
    r"""Draw the layers that end in `tensor` neuron by neuron: z_{l,i}, w_{l,i,j}, b_{l,j}.

    z_{l+1,j} = φ(b_{l,j} + Σᵢ w_{l,i,j} z_{l,i}). The weights of a 1-d convolution are its kernel's:
    each ω_{l,k} is drawn in one colour wherever it is used. Of a 2-d convolution the image, the kernel and
    the result are drawn, and one neuron's window with its sum.

    Parameters
    ----------
    tensor
        The result of a dense layer or a 1-d convolution, with or without an activation; the layers
        before it are drawn too.
    example
        Which row of a batch has its numbers shown.
    of
        The end of the graph, such as the loss E: each neuron gets a tag with dE/dz.
    digits
        Decimals of the numbers.
    neuron
        Of a 2-d convolution, row and column of the neuron, from 1; by default that with the largest
        |dE/dψ|, or without an E the largest number.

    Returns
    -------
    Picture
        As `viz.draw`.

    Raises
    ------
    PictureError
        When `tensor` is no layer, there is no such example, or there are more weights than a picture holds.

    Examples
    --------
    >>> from autograd_lite import Tensor, functions as f
    >>> x, W = Tensor([[1.0, 2.0]], requires_grad=True), Tensor([[3.0, 4.0]], requires_grad=True)
    >>> print(scalars(f.tanh(f.affine(x, W, [0.5])).named("y")).text(), end="")
    flow graph of y: 3 variables, 2 arrows
      z_1,1 = 1
      z_1,2 = 2
      z_2,1 = 1
      z_1,1 → z_2,1
      z_1,2 → z_2,1
    w_1,1,1 = 3
    w_1,2,1 = 4
    b_1 = 0.5

    Source: lecture notes on deep learning, equations (8), (21) and (30).
    """
    if (parts := dense_parts(tensor)) is not None and parts[1].rule.name == "conv2d":
        return _convolution(tensor, parts[1], parts[2], example, neuron, of)
    found = layers(tensor)
    count = sum(len(layer.weights) for layer in found)
    if count > limits.WEIGHTS:
        raise PictureError(
            f"{count} weights are more than a picture of single neurons holds ({limits.WEIGHTS}): draw "
            'a smaller layer, or the graph with viz.draw(..., level="modules")'
        )
    net = _Net(found, example, of, digits)
    return Picture(compose(net.content(), _in_order), net.listing())


def _convolution(
    tensor: Node,
    product: Node,
    bias: Any,
    example: int,
    neuron: tuple[int, int] | None,
    of: Node | None,
) -> Picture:
    """One neuron of a 2-d convolution."""
    from viz.content.describe import Description
    from viz.forms.window import Error, window
    from viz.forms.window_drawing import draw

    error = Error() if of is None else Error(Names([of]).latex(of), Tape(of).adjoints())
    found = window(product, bias, tensor, example=example, neuron=neuron, error=error)
    flow = FlowGraph(tensor if of is None else of)
    listing = Description(flow, (), (), Style()).listing(flow)
    return Picture(draw(found), listing)


class _Net:
    """Neurons and biases numbered for a picture."""

    def __init__(self, found: Sequence[Layer], example: int, of: Node | None, digits: int) -> None:
        self.layers, self.digits, self.of = found, digits, of
        self.adjoints = {} if of is None else Tape(of).adjoints()
        self.states = [found[0].before, *(layer.after for layer in found)]
        self.values = [_row(x, x, example) for x in self.states]
        self.totals = [self._totals(x, example) for x in self.states]
        self.first = np.cumsum([0, *(len(v) for v in self.values)])

    def _totals(self, state: Any, example: int) -> Any:
        """dE/dz for each neuron of a layer; None where that was not asked or does not exist."""
        if self.of is None or not isinstance(state, Node) or not state.requires_grad:
            return None
        return _row(self.adjoints.get(state), state, example)

    def neuron(self, l: int, i: int) -> int:
        """The number of neuron i of layer l, both from 0."""
        return int(self.first[l]) + i

    def content(self) -> Content:
        """What the picture says."""
        return Content(
            title=self._title(),
            variables=tuple(self._neurons()),
            edges=tuple(self._arrows()),
            captions=captions(self.layers),
        )

    def listing(self) -> Listing:
        """The same in plain text."""
        content, end = self.content(), self.layers[-1].after if self.of is None else self.of
        labelled = [(w.label, w.value) for layer in self.layers for w in layer.weights]
        labelled += [(b.label, b.value) for layer in self.layers for b in layer.biases]
        return Listing(
            output=Names([end]).given(end) if end.name else self._title(),
            variables=tuple(variable.name for variable in content.variables),
            values=tuple(as_text(x) for row in self.values for x in row),
            totals=tuple(self._totals_as_text()),
            roles=tuple(variable.role for variable in content.variables),
            arrows=tuple((a.source, a.target, "") for a in content.edges),
            sums=tuple(f"{_plain(label)} = {as_text(value)}" for label, value in labelled),
        )

    def _totals_as_text(self) -> Iterator[str]:
        for row, totals in zip(self.values, self.totals, strict=True):
            yield from [""] * len(row) if totals is None else map(as_text, totals)

    def _title(self) -> str:
        return f"layers of {', '.join(str(len(v)) for v in self.values)} neurons"

    def _weights(self) -> Iterator[tuple[int, Weight]]:
        return ((l, w) for l, layer in enumerate(self.layers) for w in layer.weights)

    def _neurons(self) -> Iterator[VariableText]:
        last = len(self.values) - 1
        for l, row in enumerate(self.values):
            role = "input" if l == 0 else "output" if l == last else "inner"
            added = {b.j: (f"{b.label}={self._number(b.value)}",) for b in self._biases(l)}
            for i, x in enumerate(row):
                name, rows = f"z_{{{l + 1},{i + 1}}}", added.get(i, ())
                tag = self._tag(l, i, name)
                yield VariableText(_plain(name), name, self._number(x), tag, role, rows)

    def _biases(self, l: int) -> tuple[Bias, ...]:
        return self.layers[l - 1].biases if l else ()

    def _tag(self, l: int, i: int, name: str) -> str | None:
        totals = self.totals[l]
        if totals is None or self.of is None:
            return None
        end = Names([self.of]).latex(self.of)
        return f"{labels.fraction(end, name)}={self._number(totals[i])}"

    def _arrows(self) -> Iterator[EdgeText]:
        for l, w in self._weights():
            ends, color = (self.neuron(l, w.i), self.neuron(l + 1, w.j)), None
            if w.shared is not None:
                color = palette.cut_color(w.shared)
            yield EdgeText(*ends, w.label, self._number(w.value), color=color)

    def _number(self, x: float) -> str:
        return numbers.number(float(x), self.digits)


def _row(data: Any, state: Any, example: int) -> Any:
    """One example of a batch as a flat list of numbers; None for a missing derivative gives zeros."""
    shape = np.shape(plain(state))
    array = np.zeros(shape) if data is None else np.asarray(plain(data))
    if array.ndim < 2:
        return np.ravel(array)
    if not -len(array) <= example < len(array):
        raise PictureError(f"example={example}: the batch has {len(array)} examples")
    return np.ravel(array[example])


def _plain(label: str) -> str:
    return label.replace("{", "").replace("}", "").replace("\\omega", "ω")


def _in_order(graph: Graph) -> Placement:
    """Columns from left to right in which the neurons stand in order, and so do the arrows between."""
    made = spread(graph)
    return route(graph, made, heights(made, _columns(graph, made)))


def _columns(graph: Graph, made: Columns) -> list[list[int]]:
    """Each column's slots by where they lie on the straight way between the neurons they join."""
    column_of = {slot: k for k, column in enumerate(made.columns) for slot in column}
    key: dict[int, float] = {}
    for column in made.columns:
        nodes = [slot for slot in column if made.slots[slot].kind == NODE]
        key.update({slot: k - (len(nodes) - 1) / 2 for k, slot in enumerate(nodes)})
    for edge, chain in zip(graph.edges, made.chains, strict=True):
        start, stop = column_of[edge.source], column_of[edge.target]
        for slot in chain[1:-1]:
            way = (column_of[slot] - start) / (stop - start)
            key[slot] = key[edge.source] * (1 - way) + key[edge.target] * way
    return [sorted(column, key=lambda s: (key[s], s)) for column in made.columns]
