"""Unrolled loops: found by their shared weights, sums over time against the engine and closed forms."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from examples import graphs
from tests.viz.forms.pages import scenes, shades, words
from tests.viz.latex import compiled, pages
from viz.forms.form import Asked
from viz.forms.loop import loops


def by_hand(steps: int = 4) -> FlowGraph:
    """h_t = tanh(W x_t + U h_{t-1}), E = ½‖h_T‖², written with operators."""
    rng = np.random.default_rng(1)
    W, U = (
        Tensor(rng.normal(size=s), requires_grad=True, name=n)
        for s, n in (((3, 2), "W"), ((3, 3), "U"))
    )
    h = Tensor(np.zeros(3), requires_grad=True, name="h_0")
    for t in range(1, steps + 1):
        h = f.tanh(W @ Tensor(rng.normal(size=2), name=f"x_{t}") + U @ h).named(f"h_{t}")
    return FlowGraph((0.5 * f.sum(f.square(h))).named("E"))


def sequence(kind: type, steps: int, hidden: int = 3, **options: Any) -> FlowGraph:
    rng = np.random.default_rng(2)
    model = kind(2, hidden, generator=rng, **options)
    y, _ = model(Tensor(rng.normal(size=(steps, 1, 2)), name="x"))
    return FlowGraph((0.5 * f.sum(f.square(y))).named("L"))


MODELS = {
    "cell and head": graphs.unrolled_cell,
    "module": graphs.rnn_module,
    "by hand": by_hand,
    "2 steps": lambda: by_hand(2),
    "12 steps": lambda: graphs.unrolled_cell(12),
    "GRU": lambda: sequence(nn.GRU, 4),
    "GRU, 16 hidden": lambda: sequence(nn.GRU, 3, 16),
    "LSTM": lambda: sequence(nn.LSTM, 5),
    "LSTM, 1 hidden": lambda: sequence(nn.LSTM, 2, 1),
    "LSTM, 30 steps": lambda: sequence(nn.LSTM, 30),
    "two layers": lambda: sequence(nn.LSTM, 3, num_layers=2),
}


@pytest.mark.parametrize("name", MODELS)
def test_the_picture_is_free_of_faults(name: str) -> None:
    assert len(scenes(viz.draw(MODELS[name](), form="unrolled"))) == (
        2 if name == "two layers" else 1
    )


def names(xs: Any) -> list[str]:
    return [x.name for x in xs]


def test_steps_states_inputs_and_weights_are_found_by_structure() -> None:
    (loop,) = loops(Asked(by_hand(3)))
    assert names(loop.states) == ["h_0", "h_1", "h_2", "h_3"]
    assert names(loop.inputs) == ["x_1", "x_2", "x_3"]
    assert (names(loop.recurrent), names(loop.entering), loop.memory) == (["U"], ["W"], ())
    (loop,) = loops(Asked(sequence(nn.LSTM, 3)))
    assert names(loop.memory) == ["c_0", "c_1", "c_2", "c_3"]
    assert names(loop.recurrent) == ["U_i", "U_f", "U_c", "U_o"]
    (loop,) = loops(Asked(graphs.unrolled_cell(3)))
    assert [names(tower) for tower in loop.towers] == [
        [rf"\hat{{y}}_{t}", rf"\ell_{t}"] for t in (1, 2, 3)
    ]
    assert names(loop.leaving) == ["W_hy"]


def test_deltas_and_slopes_are_those_of_backpropagation_through_time() -> None:
    """δ_T = h_T, δ_t = Uᵀ diag(1 - h_{t+1}²) δ_{t+1}, ∂h_{t+1}/∂h_t = diag(1 - h_{t+1}²) U."""
    flow = by_hand()
    (scene,) = scenes(viz.draw(flow, form="unrolled"))
    U, h = flow.variable("U").value, [flow.variable(f"h_{t}").value for t in range(5)]
    deltas = {4: h[4]}
    for t in (3, 2, 1):
        deltas[t] = U.T @ ((1 - h[t + 1] ** 2) * deltas[t + 1])
    scale = max(np.abs(d).max() for d in deltas.values())
    first = U.T @ ((1 - h[1] ** 2) * deltas[1])
    scale = max(scale, np.abs(first).max())
    tags = [heat.key for heat in scene.heats]
    for t, key in enumerate(tags, 1):
        assert shades(scene, key).ravel() * scale == pytest.approx(deltas[t], rel=1e-9)
    slopes = [np.linalg.norm((1 - h[t] ** 2)[:, None] * U) for t in range(1, 5)]
    shown = [float(w) for w in words(scene) if re.fullmatch(r"\d+\.\d+", w)]
    for slope in slopes:
        assert any(number == pytest.approx(slope, rel=5e-3) for number in shown)


def test_what_each_step_adds_to_the_weight_is_its_outer_product() -> None:
    """dE/dU = Σ_t (1 - h_t²) ⊙ δ_t h_{t-1}ᵀ: the norm of each term, and of the sum."""
    flow = by_hand()
    (scene,) = scenes(viz.draw(flow, form="unrolled"))
    h = [flow.variable(f"h_{t}").value for t in range(5)]
    terms = [np.outer((1 - h[t] ** 2) * flow.total(f"h_{t}"), h[t - 1]) for t in range(1, 5)]
    assert sum(terms) == pytest.approx(flow.total("U"), rel=1e-9)
    (said,) = [w for w in words(scene) if "their" in w]
    shown = [
        float(n) for n in re.findall(r"(?<![_{^])\b\d+(?:\.\d+)?\b", said.partition("Vert=")[2])
    ]
    norms = [np.linalg.norm(term) for term in terms]
    assert shown[:4] == pytest.approx(norms, rel=6e-3, abs=1e-3)
    assert shown[-1] == pytest.approx(np.linalg.norm(flow.total("U")), rel=6e-3)


def test_of_a_cut_only_what_carries_something_of_the_sum_is_coloured() -> None:
    """Behind h_2 its own loss ℓ_2 and h_3 carry its gradient; ℓ_1 crosses in grey."""
    flow = graphs.unrolled_cell()
    cut = flow.cut(after=["h_2", r"\ell_1", r"\ell_2"])
    (scene,) = scenes(viz.draw(flow, form="unrolled", cut=cut, wrt="h_2"))
    (line,) = scene.cuts
    coloured = [arrow for arrow in scene.arrows if arrow.color == line.color]
    assert len(coloured) == len(line.crossings) == 2
    (said,) = [w for w in words(scene) if w.startswith(r"\dfrac{dL}{dh_{2}}=")]
    total = flow.total("h_2")
    assert "[" + r",\,".join(f"{x:.2f}".replace("-0.00", "0.00") for x in total) + "]" in said


def test_the_memorys_bars_are_shares_of_the_last_gradient() -> None:
    flow = sequence(nn.LSTM, 4)
    (scene,) = scenes(viz.draw(flow, form="unrolled"))
    norms = [np.linalg.norm(flow.total(f"c_{t}")) for t in range(1, 5)]
    for norm in norms:
        assert f"{norm / norms[-1]:.2f}" in words(scene)


@pytest.mark.parametrize(
    "graph",
    [
        lambda: graphs.dense()[1],
        graphs.blocks,
        lambda: (f.tanh(Tensor([1.0], requires_grad=True, name="x")) * 2.0).named("y"),
        lambda: by_hand(1).output,
    ],
)
def test_what_does_not_repeat_is_refused(graph: Any) -> None:
    with pytest.raises(PictureError, match="has not the form 'unrolled'"):
        viz.draw(graph(), form="unrolled")


@pytest.mark.parametrize("name", ["cell and head", "LSTM"])
def test_latex_makes_a_page_of_it(pdflatex: str, tmp_path: Path, name: str) -> None:
    log = compiled(
        pdflatex, viz.draw(MODELS[name](), form="unrolled").tex(standalone=True), tmp_path
    )
    assert pages(log) == 1
