"""Latent variables: found by structure, drawn without faults, their numbers those of closed forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value
from autograd_lite import functions as f
from examples import graphs
from tests.viz.forms.pages import scenes, words
from tests.viz.latex import compiled, pages
from viz.forms.form import Asked
from viz.forms.latent import Latent, find
from viz.forms.words import decimal, listed
from viz.formulas.escaping import upright
from viz.scene.scene import Scene

OTHERS = ["rnn_module", "unrolled_cell", "convolved", "blocks", "conv_autoencoder", "lstm", "gru"]
SIZES = [(2, 6, 1), (1, 3, 1), (3, 20, 4), (8, 784, 2), (6, 9, 1), (40, 50, 3)]


def model(latent: int = 2, width: int = 6, batch: int = 1, full: bool = False) -> FlowGraph:
    rng = np.random.default_rng(11)
    vae = nn.VAE.dense((width, 5, latent), full=full, generator=rng)
    x = Tensor(rng.uniform(size=(batch, width)), name="x")
    return FlowGraph(nn.negative_elbo(vae(x).named("ELBO")).named("L"))


def by_hand(full: bool = False) -> FlowGraph:
    """log p(x|z) - KL with functions alone, for a Gaussian likelihood and names of the author's own."""
    rng = np.random.default_rng(12)

    def leaf(*shape: int) -> Tensor:
        return Tensor(rng.normal(size=shape), requires_grad=True)

    x, noise = Tensor(rng.normal(size=4), name="v"), Tensor(rng.normal(size=2), name="e")
    hidden = f.tanh(f.affine(x, leaf(3, 4), leaf(3)))
    m = f.affine(hidden, leaf(2, 3), leaf(2)).named("m")
    s = f.affine(hidden, leaf(2, 3), leaf(2)).named("s")
    if full:
        A = (f.exp(s)[:, None] * np.eye(2) + np.array([[0.0, 0.0], [0.5, 0.0]])).named("A")
        z = (m + A @ noise).named("z")
        kl = 0.5 * (f.sum(A * A) + f.sum(m * m) - 2 * f.sum(s) - 2)
    else:
        z = (m + f.exp(s) * noise).named("z")
        kl = 0.5 * f.sum(f.exp(2 * s) + m * m - 1 - 2 * s)
    y = f.affine(f.tanh(f.affine(z, leaf(3, 2), leaf(3))), leaf(4, 3), leaf(4)).named("y")
    fit = (-0.5 * f.sum(f.square(x - y))).named("fit")
    return FlowGraph((fit - kl.named("D")).named("J"))


def found(flow: FlowGraph) -> Latent:
    latent = find(Asked(flow))
    assert latent is not None
    return latent


def drawn(flow: FlowGraph) -> Scene:
    (scene,) = scenes(viz.draw(flow, form="latent"))
    return scene


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(("latent", "width", "batch"), SIZES)
def test_a_model_of_any_size_is_drawn_without_faults(
    latent: int, width: int, batch: int, full: bool
) -> None:
    drawn(model(latent, width, batch, full))


@pytest.mark.parametrize("full", [False, True])
def test_the_same_by_hand_is_found_with_the_same_parts(full: bool) -> None:
    latent = found(by_hand(full))
    parts = (latent.mu, latent.spread, latent.z, latent.decoded, latent.likelihood)
    assert [v.name for v in parts] == ["m", "A" if full else "s", "z", "y", "fit"]
    assert (latent.divergence.name, latent.bound.name) == ("D", "J")
    assert latent.noise.name == "e"
    assert latent.data is not None
    assert latent.data.name == "v"
    assert (latent.full, latent.signs, latent.seen_again) == (full, (1, -1), True)
    assert (latent.encoder[0], latent.decoder) == (4, (2, 3, 4))
    drawn(by_hand(full))


@pytest.mark.parametrize("full", [False, True])
def test_a_module_has_its_parts(full: bool) -> None:
    latent = found(model(full=full))
    assert latent.full == full
    assert latent.spread.name == ("L_z" if full else r"\log \sigma^2")
    names = [
        v.name for v in (latent.mu, latent.z, latent.likelihood, latent.divergence, latent.bound)
    ]
    assert names == [r"\mu", "z", r"\log p(x|z)", "KL", "ELBO"]


@pytest.mark.parametrize("name", OTHERS)
def test_other_models_have_no_latent_variable(name: str) -> None:
    made = getattr(graphs, name)()
    assert find(Asked(made if isinstance(made, FlowGraph) else FlowGraph(made))) is None


def test_scalars_and_a_single_node_have_none() -> None:
    x = Value(2.0, name="x")
    assert find(Asked(FlowGraph(x))) is None
    assert find(Asked(FlowGraph(f.exp(x) * 3.0 + x))) is None


def random_graph(seed: int) -> FlowGraph:
    """Sums and products of arrays, some of them held, in any order."""
    rng = np.random.default_rng(seed)
    nodes: list[Any] = [Tensor(rng.normal(size=3), requires_grad=True) for _ in range(3)]
    held = Tensor(rng.normal(size=3))
    for _ in range(rng.integers(1, 15)):
        a, b = (nodes[k] for k in rng.integers(len(nodes), size=2))
        nodes.append([a + b, a * b, a - b, a * held, f.exp(-a * a), a + b * held][rng.integers(6)])
    return FlowGraph(f.sum(nodes[-1]))


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_any_graph_is_looked_at_without_an_error_and_drawn_if_found(start: int) -> None:
    for seed in range(start, start + 50):
        flow = random_graph(seed)
        if find(Asked(flow)) is not None:
            viz.draw(flow, form="latent")


def test_the_numbers_are_those_of_the_equations() -> None:
    flow = model()
    latent, said = found(flow), words(drawn(flow))
    mu, s = latent.mu.value[0], latent.spread.value[0]
    noise = np.asarray(latent.noise.value)[0]
    assert listed(mu + np.exp(s / 2) * noise) in said
    kl = 0.5 * np.sum(np.exp(s) + mu**2 - 1 - s)
    fit, bound = (float(v.value[0]) for v in (latent.likelihood, latent.bound))
    assert f"{decimal(fit, 3)}-{decimal(kl, 3)}={decimal(bound, 3)}" in said
    assert bound == pytest.approx(fit - kl)
    slopes = [line for line in said if line.startswith(r"\partial") and "KL" in line]
    assert [line.partition("=")[2] for line in slopes] == [
        listed(mu),
        listed(0.5 * (np.exp(s) - 1)),
    ]
    diagonal = str(listed(0.5 * np.exp(s / 2) * noise)).strip("[]")
    assert rf"\mathrm{{diag}}({diagonal})" in said


def test_totals_are_those_of_difference_quotients() -> None:
    flow = by_hand()
    latent, said = found(flow), " ".join(words(drawn(flow)))
    for v in (latent.mu, latent.spread, latent.z):
        quotient = np.ravel(flow.limit(flow.output, v, hold=[]))
        assert str(listed(quotient)) in said


def test_what_is_zero_by_making_is_grey() -> None:
    scene = drawn(model(full=True))
    zeros = [text for _, text in scene.texts() if text.source in {"0", r"\cdot"}]
    assert len(zeros) == 2
    assert {text.color for text in zeros} == {"#5b6770"}


def test_one_example_of_a_batch_is_said() -> None:
    assert upright("numbers: example 1 of 4") in words(drawn(model(3, 20, 4)))


@pytest.mark.parametrize("full", [False, True])
def test_tex_compiles(full: bool, pdflatex: str, tmp_path: Path) -> None:
    picture = viz.draw(model(full=full), form="latent")
    assert pages(compiled(pdflatex, picture.tex(standalone=True), tmp_path)) == 1
