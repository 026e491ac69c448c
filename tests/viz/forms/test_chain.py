"""The layers of a perceptron as a picture: found by structure, its numbers those of closed forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from tests.viz.forms.pages import scenes, shades, words
from tests.viz.latex import compiled, pages
from viz.scene.scene import Bubble

ACTIVATIONS = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU}


def network(
    sizes: tuple[int, ...], activation: Any = nn.Tanh, batch: int | None = None
) -> FlowGraph:
    layers: list[nn.Module] = []
    for k in range(len(sizes) - 1):
        layers += [nn.Linear(sizes[k], sizes[k + 1], generator=k), activation()]
    x = np.random.default_rng(1).normal(size=(sizes[0],) if batch is None else (batch, sizes[0]))
    y = nn.Sequential(*layers[:-1])(Tensor(x, name="x"))
    return FlowGraph(nn.half_squared_error(y, np.zeros(y.shape)).named("E"))


def heat_of(bubble: Bubble) -> str:
    return f"{bubble.key.replace('node', 'heat')}-0"


def by_hand() -> FlowGraph:
    """The same two layers written with functions, and names of the author's own."""
    rng = np.random.default_rng(2)
    A, B = (
        Tensor(rng.normal(size=s), requires_grad=True, name=n)
        for s, n in (((4, 3), "A"), ((2, 4), "B"))
    )
    a = f.affine([0.3, -1.0, 0.5], A, np.zeros(4)).named("a")
    u = f.tanh(a).named("u")
    y = f.affine(u, B, np.zeros(2)).named("y")
    return FlowGraph((0.5 * f.sum(f.square(y - [1.0, 0.0]))).named("E"))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("batch", [None, 1, 5])
@pytest.mark.parametrize(
    "sizes",
    [
        (3, 4, 2),
        (1, 1, 1),
        (2, 3, 3, 1),
        (3, 5, 5, 3, 2),
        (16, 6, 16),
        (20, 200, 2),
        (2, 4, 4, 4, 4, 4, 4, 1),
    ],
)
def test_the_picture_is_free_of_faults_at_every_size(
    sizes: Any, batch: Any, activation: str
) -> None:
    flow = network(sizes, ACTIVATIONS[activation], batch)
    assert len(scenes(viz.draw(flow, form="chain"))) == -(-(len(sizes) - 1) // 3)


def test_columns_hold_the_engines_values_and_the_deltas_of_the_closed_form() -> None:
    """δ_2 = ŷ - t and δ_1 = tanh'(ξ_1) ⊙ W_2ᵀ δ_2, equations (13) to (16)."""
    flow = by_hand()
    (scene,) = scenes(viz.draw(flow, form="chain"))
    B, a, u, y = (flow.variable(n).value for n in "Bauy")
    columns = [np.array([0.3, -1.0, 0.5]), a, u, y]
    largest = max(np.abs(c).max() for c in columns)
    forward = [
        heat_of(b) for b in scene.bubbles if b.role in ("input", "inner", "output") and not b.round
    ]
    for key, numbers in zip(forward, columns, strict=True):
        assert shades(scene, key).ravel() * largest == pytest.approx(numbers, rel=1e-12)
    delta2 = y - [1.0, 0.0]
    delta1 = (1 - np.tanh(a) ** 2) * (B.T @ delta2)
    scale = max(np.abs(delta1).max(), np.abs(delta2).max())
    backward = [heat_of(b) for b in scene.bubbles if b.role == "total"]
    for key, numbers in zip(backward, (delta1, delta2), strict=True):
        assert shades(scene, key).ravel() * scale == pytest.approx(numbers, rel=1e-9)
    norms = [np.linalg.norm(np.outer(delta1, columns[0])), np.linalg.norm(np.outer(delta2, u))]
    assert [w for w in words(scene) if "Vert dE/d" in w] == [
        rf"\Vert dE/dA\Vert={norms[0]:.3f}", rf"\Vert dE/dB\Vert={norms[1]:.3f}",
    ]  # fmt: skip


def test_the_names_are_the_authors_or_those_of_the_layers() -> None:
    (mine,) = scenes(viz.draw(by_hand(), form="chain"))
    assert {"a", "u", "y", "A", "B"} <= set(words(mine))
    (theirs,) = scenes(viz.draw(network((3, 4, 2)), form="chain"))
    assert {"x", r"\xi_{1}", "h_{1}", "W_{1}", "W_{2}", r"\delta_{1}", r"\delta_{2}"} <= set(
        words(theirs)
    )


def test_a_cut_has_its_line_and_the_sum_for_one_neuron() -> None:
    """δ_{1,1} = Σ_k δ_{2,k} ∂ξ_{2,k}/∂ξ_{1,1}, each factor the engine's number to two decimals."""
    flow = network((3, 4, 4, 2))
    (scene,) = scenes(viz.draw(flow, form="chain", cut=flow.cut(after=["h_1"])))
    (cut,) = scene.cuts
    assert len(cut.crossings) == 2
    (said,) = [w for w in words(scene) if w.startswith(r"\delta_{1,\,1}=")]
    slopes = flow.total("xi_1", of="xi_2")[:, 0]
    terms = [(flow.total("xi_2")[k], slopes[k]) for k in range(4)]
    assert sum(a * b for a, b in terms) == pytest.approx(flow.total("xi_1")[0])
    for a, b in terms:
        shown = [f"{x:.2f}".replace("-0.00", "0.00") for x in (a, b)]
        bracketed = [f"({x})" if x.startswith("-") else x for x in shown]
        assert r"\cdot".join(bracketed) in said.replace(r"\cdot ", r"\cdot")


def test_more_than_three_layers_go_on_on_a_page_that_begins_with_the_last_state() -> None:
    first, second = scenes(viz.draw(network((2, 3, 3, 3, 3, 1)), form="chain"))
    assert "h_{3}" in words(first)
    assert words(second)[0] == "h_{3}"
    assert "E=" in " ".join(words(second))
    assert "E=" not in " ".join(words(first))


def test_of_a_batch_the_first_example_is_shown_and_a_note_says_so() -> None:
    (scene,) = scenes(viz.draw(network((3, 4, 2), batch=5), form="chain"))
    assert "numbers of example 1 of 5; gradients of weights are of all" in words(scene)


@pytest.mark.parametrize(
    "graph",
    [
        lambda: nn.half_squared_error(nn.Linear(3, 2, generator=0)(np.ones(3)), [0.0, 1.0]).named(
            "E"
        ),
        lambda: (f.tanh(Tensor([1.0], requires_grad=True, name="x")) * 2.0).named("y"),
    ],
)
def test_what_is_no_chain_of_two_layers_is_refused_by_name(graph: Any) -> None:
    with pytest.raises(PictureError, match="has not the form 'chain'"):
        viz.draw(graph(), form="chain")


def test_a_residual_connection_is_no_chain() -> None:
    W, V = (Tensor(np.eye(2), requires_grad=True, name=n) for n in "WV")
    h = f.tanh(f.affine([1.0, 2.0], W, np.zeros(2)).named("a")).named("h")
    y = (f.affine(h, V, np.zeros(2)) + h).named("y")
    with pytest.raises(PictureError, match="has not the form 'chain'"):
        viz.draw((0.5 * f.sum(f.square(y))).named("E"), form="chain")


def test_latex_makes_a_page_of_it(pdflatex: str, tmp_path: Path) -> None:
    picture = viz.draw(network((3, 4, 2)), form="chain")
    log = compiled(pdflatex, picture.tex(standalone=True), tmp_path)
    assert pages(log) == 1
    assert "Overfull" not in log
