"""A restricted Boltzmann machine as two layers: conditionals and phases against sums over all states."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from tests.viz.forms.pages import scenes, words
from tests.viz.latex import compiled, pages


def machine(visible: int, hidden: int) -> nn.RBM:
    rng = np.random.default_rng(9)
    made = nn.RBM(visible, hidden, generator=1)
    for x in (made.W, made.a, made.b):
        x.data[...] = rng.normal(size=x.shape)
    return made


def states(units: int) -> Any:
    return np.array(list(itertools.product((0.0, 1.0), repeat=units)))


def phases(scene: Any) -> tuple[float, float, float]:
    """The numbers in the result's tag."""
    (said,) = [w for w in words(scene) if w.startswith(r"\partial\log p(v)/\partial w_")]
    sign = r"\approx " if r"\approx" in said else "="
    numbers = said.partition(sign)[2]
    left, _, total = numbers.rpartition("=")
    positive, negative = left.split("-", 1)
    return float(positive), float(negative), float(total)


def test_phases_are_those_of_a_sum_over_all_states() -> None:
    """∂log p(v)/∂w_ij = v_i p(h_j|v) - Σ_v' p(v') v'_i p(h_j|v'), by enumeration in NumPy."""
    rbm, v = machine(4, 3), np.array([1.0, 0.0, 1.0, 1.0])
    (scene,) = scenes(viz.draw(rbm.log_probability(v[None]).sum().named("L"), form="bipartite"))
    W, a, b = (x.numpy() for x in (rbm.W, rbm.a, rbm.b))
    vs, hs = states(4), states(3)
    joint = np.exp(vs @ a[:, None] + hs @ b + vs @ W @ hs.T)
    joint /= joint.sum()
    positive = np.outer(v, 1 / (1 + np.exp(-(b + v @ W))))
    negative = vs.T @ joint @ hs
    i, j = np.unravel_index(np.argmax(np.abs(positive)), W.shape)
    assert phases(scene) == pytest.approx(
        (positive[i, j], negative[i, j], positive[i, j] - negative[i, j]), abs=6e-4
    )
    for k in range(3):
        assert f"p={positive.max(axis=0)[k]:.3f}" in words(scene)


def test_of_contrastive_divergence_the_negative_phase_is_the_samples() -> None:
    rbm = machine(4, 3)
    rbm.generator = np.random.default_rng(0)
    loss = rbm.contrastive_divergence([[1.0, 0.0, 1.0, 1.0]])
    (scene,) = scenes(viz.draw(loss.named("L"), form="bipartite"))
    loss.backward()
    positive, negative, _ = phases(scene)
    assert r"\approx" in " ".join(words(scene))
    assert np.isclose(np.abs(rbm.W.grad), abs(positive - negative), atol=1.1e-3).any()


def by_hand() -> Any:
    rng = np.random.default_rng(10)
    U, a, c = (
        Tensor(rng.normal(size=s), requires_grad=True, name=n)
        for s, n in (((5, 2), "U"), (5, "a"), (2, "c"))
    )
    v = Tensor(np.array([[1.0, 1, 0, 0, 1]]), name="v")
    return (-f.matmul(v, a) - f.sum(f.softplus(f.affine(v, U.T, c)), axis=-1)).sum().named("F")


@pytest.mark.parametrize(
    "graph",
    [
        lambda: machine(4, 3).free_energy([[1, 0, 1, 1]]).sum().named("F"),
        lambda: machine(1, 1).log_probability([[1]]).sum().named("L"),
        lambda: machine(2, 7).log_probability([[1, 0]]).sum().named("L"),
        lambda: machine(30, 12).contrastive_divergence(np.ones((5, 30))).named("L"),
        by_hand,
    ],
)
def test_the_picture_is_free_of_faults(graph: Any) -> None:
    assert len(scenes(viz.draw(graph(), form="bipartite"))) == 1


def test_weights_are_lines_whose_stroke_and_colour_tell_size_and_sign() -> None:
    rbm = machine(3, 2)
    (scene,) = scenes(viz.draw(rbm.free_energy([[1, 1, 1]]).sum().named("F"), form="bipartite"))
    lines = [w for w in scene.wires if w.width < 11 and w.curve[0].p0.y > 100]
    assert len(lines) == 6
    strokes = np.array([w.width for w in lines]).reshape(3, 2)
    sizes = np.abs(rbm.W.numpy())
    assert strokes == pytest.approx(0.6 + 4.0 * sizes / sizes.max())
    signs = np.array([w.color == "#195eb5" for w in lines]).reshape(3, 2)
    assert (signs == (rbm.W.numpy() > 0)).all()


def test_a_softplus_of_another_kind_is_no_machine() -> None:
    x = Tensor(np.ones(3), requires_grad=True, name="x")
    with pytest.raises(PictureError, match="has not the form 'bipartite'"):
        viz.draw(f.sum(f.softplus(x)).named("y"), form="bipartite")


def test_latex_makes_a_page_of_it(pdflatex: str, tmp_path: Path) -> None:
    picture = viz.draw(
        machine(4, 3).log_probability([[1, 0, 1, 1]]).sum().named("L"), form="bipartite"
    )
    log = compiled(pdflatex, picture.tex(standalone=True), tmp_path)
    assert pages(log) == 1
