"""The gallery's pictures of graphs, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import viz
from autograd_lite import FlowGraph, equations, example
from autograd_lite.node import Node
from examples import graphs
from viz import scalars

PICTURES: Final[dict[str, Callable[[], viz.Picture]]] = {}
_BARE: Final = viz.Style(heat=False, formulas=False)


def picture(draw: Callable[[], viz.Picture]) -> Callable[[], viz.Picture]:
    """Hang a picture in the gallery under its function's name."""
    PICTURES[draw.__name__] = draw
    return draw


def _lecture(name: str, of: str) -> FlowGraph:
    return FlowGraph(equations(example(name))[of])


@picture
def one_step() -> viz.Picture:
    """Third lecture: one step."""
    flow = _lecture("one_step", "yhat")
    return viz.draw(flow, cut=flow.cut(after=["x"]), wrt="x")


@picture
def three_step() -> viz.Picture:
    """Third lecture: three steps."""
    flow = _lecture("three_step", "yhat")
    return viz.draw(flow, cut=flow.cut(after=["x"]), wrt="x")


@picture
def three_step_structure() -> viz.Picture:
    """The same without numbers."""
    return viz.draw(_lecture("three_step", "yhat"), style="structure")


@picture
def three_step_values() -> viz.Picture:
    """The same going forward only."""
    return viz.draw(_lecture("three_step", "yhat"), style="values")


@picture
def three_step_before_backward() -> viz.Picture:
    """What the nodes themselves know before a backward pass."""
    return viz.draw(_lecture("three_step", "yhat"), style=viz.Style(totals_from_grad=True))


@picture
def three_step_operations() -> viz.Picture:
    """Every operation of the three steps."""
    return viz.draw(_lecture("three_step", "yhat"), level="operations")


@picture
def written_example() -> viz.Picture:
    """Third lecture: the written example, with both readings of its gradient."""
    flow = _lecture("written_example", "z")
    return viz.draw(flow, cut=flow.cut(after=["u", "v"]), wrt=["u", "v"])


@picture
def written_example_cuts() -> viz.Picture:
    """Three nested cuts of the written example."""
    flow = _lecture("written_example", "z")
    cuts = [flow.cut(after=[flow.variables[k]]) for k in (1, 2, 4)]
    return viz.draw(flow, cut=cuts, style="structure")


@picture
def rnn_unrolled() -> viz.Picture:
    """Backpropagation through time: the weights once a step, δ_t, a cut, the sums over copies."""
    flow = graphs.unrolled_cell()
    cut = flow.cut(after=["h_2", r"\ell_1", r"\ell_2"])
    return viz.draw(flow, cut=cut, wrt="h_2", style=_through_time(), fold=_is_bias)


def _is_bias(v: Node) -> bool:
    return (v.name or "").startswith("b_")


def _through_time() -> viz.Style:
    base = replace(_BARE, copies=True, values=False)

    def style(v: Node) -> viz.Style | None:
        state = (v.name or "").partition("_")
        return replace(base, total_symbol=rf"\delta_{state[2]}") if state[0] == "h" else None

    return replace(base, per_node=style)


@picture
def rnn_module() -> viz.Picture:
    """The module nn.RNN, which names its states itself."""
    flow = graphs.rnn_module()
    cut = flow.cut(after=["h_2"])
    return viz.draw(flow, cut=cut, wrt="h_2", style=_through_time(), fold=_is_bias)


@picture
def lstm_cell() -> viz.Picture:
    """One step of an LSTM: the gates, and the path of the cell's state."""
    flow = graphs.lstm()
    return viz.draw(flow, fold=graphs.is_weight, style=_path("c_"))


@picture
def lstm_cell_weights() -> viz.Picture:
    """The same with its weights."""
    return viz.draw(graphs.lstm(), style=replace(_path("c_"), formulas=False))


@picture
def lstm_unrolled() -> viz.Picture:
    """Three steps of an LSTM: ∂c_t/∂c_{t-1} is the forget gate."""
    flow = graphs.lstm(3)
    style = replace(_path("c_"), formulas=False)
    return viz.draw(flow, fold=lambda v: graphs.is_weight(v) or v.name == "x", style=style)


@picture
def gru_cell() -> viz.Picture:
    """One step of a GRU."""
    return viz.draw(graphs.gru(), fold=graphs.is_weight, style=_path("h_"))


def _path(prefix: str) -> viz.Style:
    base = viz.Style(heat=False)

    def style(v: Node) -> viz.Style | None:
        return replace(base, accent=True) if (v.name or "").startswith(prefix) else None

    return replace(base, per_node=style)


@picture
def dense_neurons() -> viz.Picture:
    """Lecture notes: z_{l,i}, w_{l,i,j}, b_{l,j} and dE/dz."""
    y, error = graphs.dense()
    return scalars(y, of=error)


@picture
def convolution_neurons() -> viz.Picture:
    """Lecture notes: a 1-d convolution, its kernel's weights each in one colour."""
    return scalars(graphs.convolved())


@picture
def convolution_stride_neurons() -> viz.Picture:
    """The same with stride 2."""
    return scalars(graphs.convolved(stride=2))


@picture
def modules_collapsed() -> viz.Picture:
    """Six layers of single Values, a bubble each."""
    return viz.draw(graphs.scalar_layers(), level="modules")


@picture
def modules_repeated() -> viz.Picture:
    """Six blocks that are all alike, one bubble."""
    return viz.draw(graphs.blocks(), level="modules", opened={"blocks"})


@picture
def modules_opened() -> viz.Picture:
    """A network of modules, one of its blocks opened."""
    return viz.draw(graphs.blocks(2), level="modules", opened={"Net.blocks.0"})


@picture
def conv_autoencoder() -> viz.Picture:
    """Convolutions down and up again, with the sizes of the feature maps."""
    return viz.draw(graphs.conv_autoencoder(), level="modules", opened={"encoder", "decoder"})


@picture
def vae() -> viz.Picture:
    """The sampling node z = μ + σ ⊙ ε, with ε held."""
    return viz.draw(graphs.vae(), fold=graphs.is_weight, style=viz.Style(heat=False))


@picture
def lstm_gates() -> viz.Picture:
    """One step of an LSTM on a slide: what is carried along, and what the gates let in."""
    return viz.draw(graphs.lstm(), form="cell")


@picture
def gru_gates() -> viz.Picture:
    """The last of three steps of a GRU on a slide."""
    return viz.draw(graphs.gru(3), form="cell")


@picture
def vae_slide() -> viz.Picture:
    """A variational autoencoder on a slide: the noise that is held, and the two terms of the bound."""
    return viz.draw(graphs.vae(), form="latent")


@picture
def vae_full_slide() -> viz.Picture:
    """The same with a full covariance: z = μ + L·ε."""
    return viz.draw(graphs.vae(full=True), form="latent")


@picture
def vae_modules() -> viz.Picture:
    """The same, encoder and decoder a bubble each."""
    return viz.draw(graphs.vae(), level="modules")


@picture
def jacobians() -> viz.Picture:
    """Tensors and Jacobians as heat maps."""
    return viz.draw(graphs.attention_like(), style=viz.Style(jacobians=True))
