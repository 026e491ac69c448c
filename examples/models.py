"""The gallery's pictures of models, each in its own form on a slide of 960 × 540 points, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import nn
import viz
from autograd_lite import FlowGraph, equations, example
from examples import graphs

MODELS: Final[dict[str, Callable[[], viz.Picture]]] = {}


def picture(draw: Callable[[], viz.Picture]) -> Callable[[], viz.Picture]:
    """Hang a picture in the gallery under its function's name."""
    MODELS[draw.__name__] = draw
    return draw


@picture
def perceptron() -> viz.Picture:
    """Lecture notes: layers forward, δ backward, and the sum at the cut between two of them."""
    flow = graphs.perceptron()
    return viz.draw(flow, fit="slide", cut=flow.cut(after=["h_1"]))


@picture
def perceptron_deep() -> viz.Picture:
    """More layers than a page holds."""
    return viz.draw(graphs.perceptron((8, 6, 6, 6, 6, 1)), fit="slide")


@picture
def rnn_through_time() -> viz.Picture:
    """Backpropagation through time: shared weights, δ_t, a cut, what each step adds to the weight."""
    flow = graphs.unrolled_cell()
    cut = flow.cut(after=["h_2", r"\ell_1", r"\ell_2"])
    return viz.draw(flow, fit="slide", cut=cut, wrt="h_2")


@picture
def rnn_through_long_time() -> viz.Picture:
    """Twelve steps, dots for the middle ones."""
    return viz.draw(graphs.unrolled_cell(12), fit="slide")


@picture
def gru_through_time() -> viz.Picture:
    """A GRU over four steps."""
    return viz.draw(graphs.gru(4), fit="slide")


@picture
def lstm_through_time() -> viz.Picture:
    """The memory of an LSTM as a conveyor, and how much of the gradient is left along it."""
    return viz.draw(graphs.lstm(5), fit="slide")


@picture
def autoencoder_volumes() -> viz.Picture:
    """A convolutional autoencoder: feature maps as volumes, layers with their sizes."""
    return viz.draw(graphs.ring_autoencoder(), fit="slide")


@picture
def autoencoder_volumes_pooled() -> viz.Picture:
    """The same with pooling and upsampling."""
    return viz.draw(graphs.ring_autoencoder(pooling=True), fit="slide")


@picture
def convolution_window() -> viz.Picture:
    """One neuron of a 2-d convolution: its window, the kernel, equation (30) with its numbers."""
    z, E = graphs.convolved_image()
    return viz.scalars(z, of=E)


@picture
def boltzmann_machine() -> viz.Picture:
    """Two layers of units, and the gradient as positive minus negative phase, over all states."""
    logarithm = graphs.boltzmann().log_probability([[1, 0, 1, 1]]).sum()
    return viz.draw(logarithm.named(r"\log p"), fit="slide")


@picture
def boltzmann_machine_sampled() -> viz.Picture:
    """The same of contrastive divergence."""
    loss = graphs.boltzmann().contrastive_divergence([[1, 0, 1, 1]])
    return viz.draw(loss.named("L"), fit="slide")


@picture
def written_example_slide() -> viz.Picture:
    """Third lecture: a graph that is no model, on a slide."""
    flow = FlowGraph(equations(example("written_example"))["z"])
    return viz.draw(flow, fit="slide", cut=flow.cut(after=["u", "v"]), wrt=["u", "v"])


@picture
def fir_filter() -> viz.Picture:
    """A finite impulse response with a nonlinearity, which a CNN is made of; zeros beside it."""
    return viz.draw(graphs.filtered(nn.FIRFilter([0.6, 0.3, -0.4], nn.Tanh())), fit="slide")


@picture
def iir_filter() -> viz.Picture:
    """An infinite impulse response with a nonlinearity, which is a recurrent network; poles beside it."""
    return viz.draw(graphs.filtered(nn.IIRFilter([1.0], [0.9, -0.5], nn.Tanh())), fit="slide")


@picture
def iir_filter_linear() -> viz.Picture:
    """A linear filter with poles and zeros."""
    return viz.draw(graphs.filtered(nn.IIRFilter([1.0, 0.5], [0.5])), fit="slide")
