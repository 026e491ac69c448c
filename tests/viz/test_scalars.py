"""Neurons: weights and biases against the engine's Jacobians and plain loops, kernels' colours, bad input."""

from __future__ import annotations

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from autograd_lite.derivatives import jacobian
from autograd_lite.errors import PictureError
from tests.viz.reading import last_number
from viz import scalars
from viz.choose.neurons import layers
from viz.scene.check import faults

RNG = np.random.default_rng(0)


def leaf(*shape: int) -> Tensor:
    return Tensor(RNG.normal(size=shape), requires_grad=True)


def sources(picture: viz.Picture, part: str) -> list[str]:
    return [text.source for key, text in picture.scene.texts() if key.startswith(part)]


def matrix(tensor: Tensor, rows: int, columns: int) -> np.ndarray:
    found = np.zeros((rows, columns))
    for w in layers(tensor)[-1].weights:
        found[w.i, w.j] += w.value
    return found


def test_dense_weights_are_labelled_as_in_the_lecture_notes() -> None:
    x, W, b = leaf(1, 3), leaf(2, 3), leaf(2)
    (layer,) = layers(f.tanh(f.affine(x, W, b)))
    assert layer.activation == "tanh"
    assert {w.label: w.value for w in layer.weights} == {
        f"w_{{1,{i + 1},{j + 1}}}": W.numpy()[j, i] for i in range(3) for j in range(2)
    }
    assert [(bias.label, bias.value) for bias in layer.biases] == [
        ("b_{1,1}", b.numpy()[0]),
        ("b_{1,2}", b.numpy()[1]),
    ]


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("channels", [(1, 1), (2, 3)])
def test_a_convolutions_weights_are_its_jacobian(stride, padding, dilation, channels) -> None:
    c, o = channels
    x, w = leaf(1, c, 7), leaf(o, c, 3)
    y = f.conv1d(x, w, stride=stride, padding=padding, dilation=dilation)
    whole = jacobian(
        lambda x: f.conv1d(x, w.numpy(), stride=stride, padding=padding, dilation=dilation)
    )
    reference = np.reshape(whole(x.numpy()), (y.numpy().size, x.numpy().size)).T
    assert np.allclose(matrix(y, *reference.shape), reference, atol=1e-12)


def test_a_kernels_weight_sits_where_equation_46_puts_it() -> None:
    """w_{l,i,j} = ω_{l,i'} for i = (j - 1)S + i', counted from 1."""
    S = 2
    x, w = leaf(1, 1, 8), leaf(1, 1, 3)
    found = {(v.i + 1, v.j + 1): v.label for v in layers(f.conv1d(x, w, stride=S))[0].weights}
    assert found == {
        ((j - 1) * S + k, j): f"\\omega_{{1,{k}}}" for j in range(1, 4) for k in range(1, 4)
    }


def test_each_kernel_weight_has_one_colour_and_different_ones_differ() -> None:
    x, w = leaf(1, 1, 6), leaf(1, 1, 3)
    picture = scalars(f.relu(f.conv1d(x, w)))
    assert faults(picture.scene) == []
    colours: dict[str, set[str]] = {}
    for label in picture.scene.labels:
        arrow = next(a for a in picture.scene.arrows if a.key == label.key.replace("label", "edge"))
        assert arrow.color == label.texts[0].color
        colours.setdefault(label.texts[0].source, set()).add(arrow.color)
    assert sorted(colours) == [f"\\omega_{{1,{k}}}" for k in (1, 2, 3)]
    assert len({colour for found in colours.values() for colour in found}) == 3
    assert len(picture.scene.arrows) == 12


def test_two_layers_with_totals() -> None:
    x, W1, b1 = leaf(4, 3), leaf(2, 3), leaf(2)
    W2, b2 = leaf(2, 2), leaf(2)
    z = f.sigmoid(f.affine(x, W1, b1))
    y = f.sigmoid(f.affine(z, W2, b2))
    E = (0.5 * f.sum(f.square(y - 1.0))).named("E")
    picture = scalars(y, example=2, of=E, digits=3)
    assert faults(picture.scene) == []
    assert len(picture.scene.bubbles) == 7
    assert len(picture.scene.arrows) == 10
    reference = [v for node in (x, z, y) for v in FlowGraph(E, [x, z]).total(node)[2]]
    shown = [last_number(tag)[0] for tag in sources(picture, "tag")]
    assert shown == pytest.approx(reference, abs=5e-4)
    # the lecture's equation (12): dE/dy_j = y_j - t_j
    assert shown[-2:] == pytest.approx(y.numpy()[2] - 1.0, abs=5e-4)
    assert "b_2,2" in picture.text()


def test_a_bias_stands_in_the_neuron_that_it_is_added_to() -> None:
    W, V = leaf(2, 2), leaf(3, 2)
    z = f.tanh(f.affine(np.ones((1, 2)), W, [0.5, -0.25]))
    bubbles = scalars(f.affine(z, V, [0.125, 0.75, 2.0])).scene.bubbles
    last = [bubble.texts[-1].source for bubble in bubbles[2:]]
    assert last == [
        "b_{1,1}=0.5", "b_{1,2}=-0.25", "b_{2,1}=0.125", "b_{2,2}=0.75", "b_{2,3}=2",
    ]  # fmt: skip
    assert [len(bubble.texts) for bubble in bubbles] == [2, 2, 3, 3, 3, 3, 3]
    assert [bubble.role for bubble in bubbles] == ["input"] * 2 + ["inner"] * 2 + ["output"] * 3


def test_a_channels_bias_is_added_at_all_of_its_positions() -> None:
    kernel, b = leaf(2, 1, 2), Tensor([[10.0], [20.0]], requires_grad=True)
    (layer,) = layers(f.conv1d(leaf(1, 1, 4), kernel) + b)
    assert [(bias.j, bias.label, bias.value) for bias in layer.biases] == [
        (j, f"b_{{1,{1 + j // 3}}}", 10.0 * (1 + j // 3)) for j in range(6)
    ]


def test_neurons_stand_in_order() -> None:
    picture = scalars(f.affine(leaf(1, 5), leaf(4, 5), leaf(4)))
    heights = [b.box.center.y for b in picture.scene.bubbles]
    assert heights[:5] == sorted(heights[:5], reverse=True)
    assert heights[5:] == sorted(heights[5:], reverse=True)


def test_matmul_with_and_without_bias_and_inputs_that_are_no_nodes() -> None:
    W, b = leaf(3, 2), leaf(2)
    x = RNG.normal(size=(1, 3))
    for y, biases in (
        (f.matmul(x, W), 0),
        (f.matmul(x, W) + b, 2),
        (f.tanh(f.matmul(x, W) + b), 2),
    ):
        (layer,) = layers(y)
        assert len(layer.biases) == biases
        assert np.allclose(matrix(y, 3, 2), W.numpy())
        assert faults(scalars(y).scene) == []


def test_what_is_no_small_layer_is_refused_with_a_reason() -> None:
    with pytest.raises(PictureError, match="no layer"):
        scalars(leaf(2) * 2.0)
    with pytest.raises(PictureError, match="no layer"):
        scalars(3.0)  # type: ignore[arg-type]
    with pytest.raises(PictureError, match=r"400 weights.*level="):
        scalars(f.affine(leaf(1, 20), leaf(20, 20), leaf(20)))
    with pytest.raises(PictureError, match="the batch has 1 examples"):
        scalars(f.affine(leaf(1, 2), leaf(2, 2), leaf(2)), example=1)
